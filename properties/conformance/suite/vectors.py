"""The deterministic layer as data: request sequences, and what each of them shows at which step.

What is expected at a step is not kept: it is what the oracle says when the sequence is replayed
(`statemachines.semantics.trace.Scenario.replay`), so that it cannot differ from the declarations.
"""

from collections.abc import Iterator, Mapping
from enum import Enum

import attrs

from properties.walks.runs import oracle as known_oracle
from properties.walks.runs import regulated_oracle
from statemachines.language.system import System
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.regulated import regulated
from statemachines.semantics.trace import Scenario, Trace

OWN = "P"
"""What the names of sequences begin with that were computed for a target that supports a part."""


class GoalKind(Enum):
    """What kind of thing a step shows. A member's value is its wording."""

    TRANSITION = "a transition fires"
    VERDICT = "a check decides, or an answer is given"
    CONDITION = "a part of a condition matters"
    PAIR = "a transition is followed by another of the same lifecycle"
    STATE = "the state that was entered is distinguished from another"
    REFUSAL = "what is refused moves nothing"
    PROPERTY = "a property's case happens"
    ORDER = "one check is asked before another"
    VALUE = "a check, an answer or a transition is right for one value of a field"
    VARIABLE = "a check or an answer is right for one value of a variable"
    COMBINATION = "a check or an answer is right for two values at once"
    BEHAVIOUR = "a fault that no declaration has is ruled out"


@attrs.frozen
class Goal:
    """Something that one step of a sequence shows.

    Parameters
    ----------
    key: a name that no other goal of the suite has, the same in every process (``"transition:pin/0"``).
    kind: what kind of thing it is.
    label: it, in words.
    rules: the ids of the rules that it is about, the primary one first.
    """

    key: str
    kind: GoalKind
    label: str
    rules: tuple[str, ...]


@attrs.frozen
class UnreachableGoal:
    """A goal that no sequence reaches.

    Parameters
    ----------
    goal: which.
    reason: why not, in words.
    """

    goal: Goal
    reason: str


@attrs.frozen(eq=False)
class Vector:
    """One sequence of requests.

    Parameters
    ----------
    name: ``"V0001"``; names are in the order of running, shortest sequences first. Sequences for a target that
        supports a part are called ``"P0001"``.
    scenario: the requests, from an initial state of the system; those for such a target may begin in another state.
    reached: what is shown: the step's index from 0, and the goal's key.
    """

    name: str
    scenario: Scenario
    reached: tuple[tuple[int, str], ...]


@attrs.frozen(eq=False)
class Suite:
    """The sequences that together reach every goal that can be reached.

    Parameters
    ----------
    system: the reference.
    goals: every goal that a sequence reaches, by key.
    vectors: the sequences, in the order of running.
    unreachable: the goals that no sequence reaches.
    only_regulated: whether what an assumption alone decides is unspecified.
    without: the ids of the assumptions that do not apply in the reference.
    own: how many of the sequences were computed for a target that supports a part; ``None`` if not in time.
    """

    system: System
    goals: Mapping[str, Goal]
    vectors: tuple[Vector, ...]
    unreachable: tuple[UnreachableGoal, ...] = ()
    only_regulated: bool = False
    without: tuple[str, ...] = ()
    own: int | None = 0

    @property
    def reference(self) -> str:
        """What the sequences are of, in words: the system, and what of it does not count."""
        off = f", without {' '.join(self.without)}" if self.without else ""
        return f"{self.system.name}{off}{', rules only' if self.only_regulated else ''}"

    def trace(self, vector: Vector, oracle: Oracle | None = None) -> Trace:
        """The run of a sequence, with the verdicts that are expected."""
        if not self.only_regulated:
            return vector.scenario.replay(self.system, oracle or known_oracle(self.system))
        rules = regulated_oracle(self.system)
        return regulated(vector.scenario.replay(self.system, rules.oracle), rules)

    @property
    def requests(self) -> int:
        """How many requests its sequences have, all together."""
        return sum(len(vector.scenario.requests) for vector in self.vectors)

    def named(self, name: str) -> Vector:
        """The vector with that name; `KeyError` if there is none."""
        for vector in self.vectors:
            if vector.name == name:
                return vector
        raise KeyError(name)

    def of_kind(self, *kinds: GoalKind) -> Iterator[Goal]:
        """The goals of these kinds, in order."""
        return (goal for goal in self.goals.values() if goal.kind in kinds)
