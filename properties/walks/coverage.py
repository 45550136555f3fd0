"""Coverage: which of the reachable transitions fired, and which of the reachable kinds of verdict were given."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache

import attrs

from statemachines.checker.slices import slices
from statemachines.language.expression import Expr
from statemachines.language.gates import Verdict
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import System
from statemachines.semantics.grounding import GroundedRequest
from statemachines.semantics.preconditions import Preconditions

MOST_NAMED = 12
"""How many of the transitions, and of the kinds of verdict, that were not reached a report names."""


@attrs.frozen
class Arrow:
    """A transition and the lifecycle that it belongs to."""

    lifecycle: Lifecycle
    transition: Transition

    def __str__(self) -> str:
        return f"{self.lifecycle.name}: {self.transition}"

    @property
    def key(self) -> str:
        """A name that no other transition of the system has, and that is the same in every process."""
        return f"{self.lifecycle.name}/{self.lifecycle.transitions.index(self.transition)}"


@attrs.frozen
class VerdictKind:
    """A kind of verdict on a type of request: its outcome, where it was decided, and why."""

    type: RequestType
    outcome: Enum
    at: Enum
    reason: Enum

    def __str__(self) -> str:
        return f"{self.type.label}: {self.outcome.value} at the {self.at.value}: {self.reason.value}"

    @property
    def key(self) -> str:
        """A name that no other kind has, and that is the same in every process."""
        return f"{self.type.name}/{self.outcome.name}/{self.at.name}/{self.reason.name}"


def kind_of(request: Request, verdict: Verdict) -> VerdictKind:
    """The kind of a verdict on a request."""
    return VerdictKind(request.type, verdict.outcome, verdict.at, verdict.reason)


def arrows(system: System) -> Iterator[Arrow]:
    """Every transition of the system, in order of declaration."""
    for lifecycle in system.lifecycles:
        for transition in lifecycle.transitions:
            yield Arrow(lifecycle, transition)


@attrs.frozen(eq=False)
class ReachableParts:
    """What can be reached at all, in order of declaration.

    Parameters
    ----------
    arrows: the transitions that fire in some reachable state.
    kinds: the kinds of verdict that some reachable state gives.
    """

    arrows: tuple[Arrow, ...]
    kinds: tuple[VerdictKind, ...]


@lru_cache(maxsize=8)
def reachable(system: System) -> ReachableParts:
    """What of the system can be reached: every request in every reachable state, slice by slice."""
    explored = slices(system)
    fired: set[Transition] = set()
    kinds: dict[VerdictKind, None] = {}
    for asked in explored.distinct:
        for move in asked.grounded.moves:
            if move.transition not in fired and explored.first(asked.fires(move)):
                fired.add(move.transition)
        for kind in kinds_of(asked.grounded):
            if kind not in kinds and explored.first(gives_verdict(asked, kind)):
                kinds[kind] = None
    return ReachableParts(tuple(arrow for arrow in arrows(system) if arrow.transition in fired), tuple(kinds))


def kinds_of(grounded: GroundedRequest) -> tuple[VerdictKind, ...]:
    """The kinds of verdict that a request may get, in order of declaration; not each of them need be reachable."""
    return tuple(dict.fromkeys(kind_of(grounded.request, ruling.verdict) for ruling in grounded.rulings))


def gives_verdict(asked: Preconditions, kind: VerdictKind) -> Expr:
    """When the request gets a verdict of the kind."""
    return asked.verdict(lambda verdict: kind_of(asked.request, verdict) == kind)


@attrs.define(eq=False)
class Coverage:
    """What runs reached, counted; `merge` adds the counts of another process.

    Parameters
    ----------
    system: what is run.
    steps: how many requests were sent.
    hits: by key, how often each transition fired and each kind of verdict was seen.
    """

    system: System
    steps: int = 0
    hits: Counter[str] = attrs.field(factory=Counter)
    _keys: dict[Transition, str] = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._keys = {arrow.transition: arrow.key for arrow in arrows(self.system)}

    def add(self, request: Request, verdict: Verdict) -> None:
        """Count one step."""
        self.steps += 1
        self.hits[kind_of(request, verdict).key] += 1
        for transition in verdict.fired:
            self.hits[self._keys[transition]] += 1

    def merge(self, counted: Mapping[str, int], steps: int) -> None:
        """Add the counts of another process."""
        self.steps += steps
        self.hits.update(counted)

    @property
    def reached(self) -> tuple[int, int]:
        """How many transitions fired, and how many kinds of verdict were seen."""
        fired = self.hits.keys() & set(self._keys.values())
        return len(fired), len(self.hits) - len(fired)

    def _missing(self, wanted: Sequence[Arrow | VerdictKind]) -> list[Arrow | VerdictKind]:
        return [each for each in wanted if not self.hits[each.key]]

    def as_dict(self) -> dict[str, object]:
        """The coverage for machines."""
        can = reachable(self.system)
        return {
            "system": self.system.name,
            "steps": self.steps,
            "transitions": self._counted(can.arrows),
            "verdicts": self._counted(can.kinds),
        }

    def _counted(self, wanted: Sequence[Arrow | VerdictKind]) -> dict[str, object]:
        missing = self._missing(wanted)
        return {
            "reachable": len(wanted),
            "reached": len(wanted) - len(missing),
            "times": {str(each): self.hits[each.key] for each in wanted if self.hits[each.key]},
            "missed": [str(each) for each in missing],
        }

    def text(self) -> str:
        """The coverage for people: two shares, and the first few of what was missed."""
        can = reachable(self.system)
        lines = [f"{self.steps:,} requests sent"]
        for name, wanted in (("transitions", can.arrows), ("kinds of verdict", can.kinds)):
            missing = self._missing(wanted)
            lines.append(share(name, len(wanted) - len(missing), len(wanted)))
            lines += [f"  not reached: {each}" for each in missing[:MOST_NAMED]]
            if len(missing) > MOST_NAMED:
                lines.append(f"  and {len(missing) - MOST_NAMED} more")
        return "\n".join(lines)


def share(name: str, reached: int, total: int) -> str:
    """A share, in words.

    >>> share("transitions", 3, 4)
    'transitions: 3 of the 4 that can be reached (75 %)'
    """
    percent = f" ({100 * reached / total:.0f} %)" if total else ""
    return f"{name}: {reached} of the {total} that can be reached{percent}"
