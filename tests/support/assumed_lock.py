"""The safe of `tests.support.pin_safe`, where it is an assumption that two wrong codes lock it."""

import attrs

from statemachines import Claims, Register, Rule
from tests.support.pin_safe import make_safe

SAFE = make_safe().claims
_REGISTER = Register(
    [
        Rule("S-1", "Two wrong codes lock it.", "none", "all"),
        SAFE.system.register["S-2"],
        Rule("S-3", "It is grey.", "none", "all"),
    ]
)
CLAIMS = Claims(attrs.evolve(SAFE.system, register=_REGISTER), SAFE.claims)
SPEC = "tests.support.assumed_lock:CLAIMS"
