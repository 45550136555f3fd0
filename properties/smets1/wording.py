"""How pictures of SMETS1 call types of request, conditions and checks."""

from properties.smets1.profile import PROFILE
from statemachines.drawing.picture import Wording
from statemachines.smets1.mprn import MATCHES
from statemachines.smets1.supply import NO_GAS

WORDING = Wording(
    request=PROFILE.in_words,
    conditions={
        "the MPRNs match": MATCHES,
        "the MPRNs do not match": ~MATCHES,
        "there is no Gas Supplier": NO_GAS,
        "there is a Gas Supplier": ~NO_GAS,
    },
    badges={
        **dict.fromkeys(("PPMID-1", "PPMID-3", "PPMID-10"), "who may"),
        **dict.fromkeys(("PPMID-7", "DES-3"), "FOC"),
        "KEY-5": "keys",
        "MOD-6": "release",
    },
)
"""Badges are those of firmware: who may upgrade it, keys, FOC, and the release in force."""
