"""A mutant: the declarations with one thing wrong, and how it was made."""

from enum import Enum

import attrs

from statemachines.language.requests import RequestType
from statemachines.language.system import System


class Operator(Enum):
    """What is made wrong. A member's value is its wording."""

    DROPPED = "a condition, or a part of one, dropped"
    NEGATED = "a condition, or a part of one, negated"
    EITHER = "any part of a condition instead of all, or all instead of any"
    SHIFTED = "an order's bound shifted by one"
    EXCHANGED = "a value exchanged for another of its domain"
    GAINED = "a membership gains a value"
    LOST = "a membership loses a value"
    ANOTHER_TERM = "a variable or field exchanged for another with such values"
    UPDATE_LOST = "a transition never fires"
    TARGET = "a transition leads to another state"
    SOURCE_LOST = "a transition no longer leaves a state"
    SOURCE_GAINED = "a transition leaves another state too"
    CHECK_LOST = "a check is not made"
    CHECKS_SWAPPED = "two checks swapped"
    CHECK_MOVED = "a check made by another party"
    TYPE_LOST = "a check or an answer forgets a type of request"
    ANSWER_LOST = "an answer is not given"
    ANSWERS_SWAPPED = "two answers swapped"
    OUTCOME = "an outcome exchanged"
    REASON = "a reason exchanged"
    RESPONSE = "a response exchanged"
    PARTY = "a party exchanged"
    BYPASSED = "a type of request goes around a party"
    GATES_SWAPPED = "two parties swapped"


@attrs.frozen(eq=False)
class Mutant:
    """One first-order mutant.

    Parameters
    ----------
    name: ``"M0001"``; names are in the order of making, which is that of the declarations.
    operator: what was made wrong.
    where: the declaration, in words.
    what: the change, in words.
    system: the mutant; its states are the original's.
    kinds: the types of request whose declarations are different; all others are processed as before.
    """

    name: str
    operator: Operator
    where: str
    what: str
    system: System
    kinds: tuple[RequestType, ...]

    def __str__(self) -> str:
        return f"{self.name} {self.where}: {self.what}"
