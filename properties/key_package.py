"""Claims about the DCO's key package: no activation on a PPMID without its keys, and always a way to them.

Sources: KEY-1 to KEY-6.
"""

from properties.firmware import ACTIVATE
from properties.requests import ACCEPTED, NOTHING_CHANGES
from statemachines import Reached, after, always, always_possible, is_a
from statemachines.commissioning import Commissioning, ppmid_status
from statemachines.key_package import KeyPackage, key_package
from statemachines.releases import Release, release
from statemachines.vocabulary import (
    CommissionDevice,
    Device,
    Outcome,
    Party,
    UpdateKeyPackage,
    decided_at,
    device,
    outcome,
    target,
)

ACTIVATE_WITHOUT_KEYS = ACTIVATE & (target == Device.PPMID) & (key_package != KeyPackage.WITH_PPMID)
JOIN_PPMID = is_a(CommissionDevice) & (device == Device.PPMID) & (outcome == Outcome.HAPPENED)

CLAIMS = (
    always(
        "from Uplift 1.2 on the Join commands bring the PPMID's keys into the package",
        when=JOIN_PPMID & (release >= Release.UPLIFT_1_2),
        then=after(key_package) == KeyPackage.WITH_PPMID,
        rules="KEY-3",
    ),
    always(
        "before Uplift 1.2 the Join commands bring no PPMID keys into the package",
        when=JOIN_PPMID & (release < Release.UPLIFT_1_2),
        then=after(key_package) == KeyPackage.WITHOUT_PPMID,
        rules="KEY-2 KEY-3",
    ),
    always(
        "the DCC can update the key package of every PPMID that was commissioned before",
        when=is_a(UpdateKeyPackage)
        & (ppmid_status == Commissioning.COMMISSIONED)
        & (key_package == KeyPackage.WITHOUT_PPMID)
        & (release >= Release.UPLIFT_1_2),
        then=(outcome == Outcome.HAPPENED) & (after(key_package) == KeyPackage.WITH_PPMID),
        rules="KEY-4",
    ),
    always_possible(
        "a commissioned PPMID's keys can always come into the package",
        when=ppmid_status == Commissioning.COMMISSIONED,
        goal=key_package == KeyPackage.WITH_PPMID,
        rules="KEY-4",
    ),
    always(
        "no activation on a PPMID without its keys",
        when=ACTIVATE_WITHOUT_KEYS,
        then=~ACCEPTED & NOTHING_CHANGES,
        rules="KEY-5",
    ),
    always(
        "the DCO rejects an activation that comes to it without the PPMID's keys",
        when=ACTIVATE_WITHOUT_KEYS & Reached(Party.DCO),
        then=(outcome == Outcome.REJECTED) & (decided_at == Party.DCO),
        rules="KEY-5",
    ),
    always(
        "no Critical Command reaches a PPMID whose keys the DCO does not hold",
        when=ACTIVATE_WITHOUT_KEYS,
        then=~Reached(Party.DEVICE),
        rules="KEY-6",
    ),
)
