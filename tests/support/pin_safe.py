"""A small system that tests of the walks share: a safe that locks itself for good after two wrong codes."""

from enum import Enum

import attrs

from statemachines import (
    Answer,
    Check,
    Claims,
    Field,
    Gate,
    Lifecycle,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
    always,
)
from statemachines.language.expression import IsA
from statemachines.language.terms import Observed, after


class Door(Enum):
    SHUT = "shut"
    OPEN = "open"


class Wrong(Enum):
    NONE = "none"
    ONE = "one"
    TWO = "two"


class Owner(Enum):
    ANN = "Ann"
    BEN = "Ben"


class Say(Enum):
    SAFE = "safe"
    YES = "yes"
    NO = "no"
    DONE = "done"
    LOCKED = "it is locked for good"
    BAD_CODE = "the code is wrong"
    IS_OPEN = "it is open"


class Code(Enum):
    RIGHT = "right"
    WRONG = "wrong"


@attrs.frozen(eq=False)
class Safe:
    claims: Claims
    door: Variable
    wrong: Variable
    Enter: RequestType
    Shut: RequestType
    Sing: RequestType


def make_safe(*, forgets: bool = False) -> Safe:
    """The safe; one that forgets still opens after two wrong codes, if the third is right."""
    door, wrong, owner = Variable("door", Door), Variable("wrong", Wrong), Variable("owner", Owner)
    code, by, outcome = Field("code", Code), Field("by", Owner), Observed("outcome", Say)
    enter, shut, sing = RequestType("Enter", [code, by]), RequestType("Shut"), RequestType("Sing")
    bad = (code == Code.WRONG) | (by != owner)
    locked = Check("not locked", fails_when=wrong == Wrong.TWO, outcome=Say.NO, reason=Say.LOCKED, rules="S-1")
    right = [
        Check("shut", fails_when=door == Door.OPEN, outcome=Say.NO, reason=Say.IS_OPEN, rules="S-2"),
    ]
    system = System(
        "a safe",
        Register([Rule("S-1", "Two wrong codes lock it.", "manual, 1"), Rule("S-2", "A code opens.", "manual, 2")]),
        lifecycles=[
            Lifecycle(owner, Owner),
            Lifecycle(
                door,
                Door.SHUT,
                [
                    Transition(Door.SHUT, enter, Door.OPEN, when=~bad, rules="S-2"),
                    Transition(Door.OPEN, shut, Door.SHUT, rules="S-2"),
                ],
            ),
            Lifecycle(
                wrong,
                Wrong.NONE,
                [
                    Transition(Wrong.NONE, enter, Wrong.ONE, when=bad, rules="S-1"),
                    Transition(Wrong.ONE, enter, Wrong.TWO, when=bad, rules="S-1"),
                ],
            ),
        ],
        requests=[enter, shut, sing],
        gates=[Gate(Say.SAFE, right if forgets else [locked, *right], on=[enter])],
        answers=[
            Answer([enter], outcome=Say.NO, reason=Say.BAD_CODE, when=bad, rules="S-2"),
            Answer([enter], outcome=Say.YES, reason=Say.DONE, rules="S-2"),
            Answer([shut, sing], outcome=Say.YES, reason=Say.DONE, at=Say.SAFE, rules="S-2"),
        ],
    )
    claims = [
        always(
            "a locked safe stays shut",
            when=IsA((enter,)) & (wrong == Wrong.TWO),
            then=outcome != Say.YES,
            rules="S-1",
        ),
        always(
            "only a code opens it",
            when=(door == Door.SHUT) & ~IsA((enter,)),
            then=after(door) == Door.SHUT,
            rules="S-2",
        ),
    ]
    return Safe(Claims(system, claims), door, wrong, enter, shut, sing)
