"""Where one step of a mutant parts from the original's: on sets of steps, and of a few declarations only.

A step is a request of one type in a state. What sets of steps are is the caller's: the steps of some scenarios, or all
that there can be. Conditions are those of the declarations, over the fields and the variables; no request is grounded.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache, reduce
from itertools import product
from operator import or_
from typing import Generic, Protocol, Self, TypeVar

import attrs

from statemachines.language.expression import FALSE, TRUE, Expr, among, conjunction, negation
from statemachines.language.gates import Answer, Check
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.language.terms import ASPECTS, Variable
from statemachines.semantics.decision import checks_of, handles
from statemachines.semantics.grounding import given


class StepSet(Protocol):
    """A set of steps."""

    def __and__(self, other: Self, /) -> Self: ...

    def __or__(self, other: Self, /) -> Self: ...

    def __invert__(self, /) -> Self: ...


S = TypeVar("S", bound=StepSet)


class Sets(Protocol[S]):
    """Sets of steps on requests of one type."""

    @property
    def every(self) -> S:
        """All of the steps."""

    @property
    def none(self) -> S:
        """None of them."""

    def where(self, condition: Expr) -> S:
        """Those of which a condition on fields and variables holds."""

    def some(self, steps: S) -> bool:
        """Whether there is any."""


@attrs.frozen(eq=False)
class Case:
    """A check or an answer on the way of requests of a type: of several the first whose conditions hold decides.

    Parameters
    ----------
    declaration: which; ``None`` at the end, where there is no verdict.
    conditions: when it decides, if nothing before it does.
    at: the party whose verdict it is.
    """

    declaration: Check | Answer | None
    conditions: tuple[Expr, ...] = ()
    at: Enum | None = None

    @property
    def key(self) -> Hashable:
        """Equal for two that are alike; of systems that are both alive."""
        return id(self.declaration), *map(id, self.conditions), id(self.at)

    @property
    def passed(self) -> bool:
        """Whether every gate was passed."""
        return isinstance(self.declaration, Answer)

    @property
    def shown(self) -> tuple[Enum | None, ...]:
        """What an observer sees, in the order of `ASPECTS`; nothing, if there is no verdict."""
        if self.declaration is None:
            return ()
        response = self.declaration.response if isinstance(self.declaration, Answer) else None
        return self.declaration.outcome, self.at, self.declaration.reason, response

    def unlike(self, other: "Case") -> tuple[str, ...]:
        """The aspects in which the other's verdict differs from this one, which is expected."""
        if self.declaration is None or other.declaration is None:
            return () if self.declaration is other.declaration else ASPECTS
        shown, left_open = zip(ASPECTS, self.shown, other.shown, strict=True), self.declaration.unspecified
        return tuple(aspect for aspect, one, two in shown if one is not two and aspect not in left_open)


def cases_of(system: System, kind: RequestType) -> tuple[Case, ...]:
    """The checks and answers for requests of a type, in order; at last, that there is no verdict."""
    gates = [gate for gate in system.gates if handles(gate, kind) and given(gate.when, kind, {}) is not FALSE]
    cases = [
        Case(check, (gate.when, check.fails_when), gate.party) for gate in gates for check in checks_of(gate, kind)
    ]
    last = _last(tuple((gate.party, gate.when) for gate in gates))
    for answer in (answer for answer in system.answers if handles(answer, kind)):
        parties = ((answer.at, TRUE),) if answer.at is not None else last
        cases += (Case(answer, (when, answer.when), party) for party, when in parties)
    return (*cases, Case(None))


@lru_cache(1 << 10)
def _last(gates: tuple[tuple[Enum, Expr], ...]) -> tuple[tuple[Enum, Expr], ...]:
    """The parties to which a request may come last, and when."""
    found: list[tuple[Enum, Expr]] = []
    later: Expr = TRUE
    for party, when in reversed(gates):
        found.append((party, conjunction(when, later)))
        if when is TRUE:
            break
        later = conjunction(later, negation(when))
    return tuple(found)


@lru_cache(1 << 16)
def _starts(transition: Transition, variable: Variable) -> Expr:
    return among(variable, frozenset(transition.source))


@attrs.frozen(eq=False)
class Parted(Generic[S]):
    """The steps at which a mutant parts from the original.

    Parameters
    ----------
    seen: where the verdicts differ.
    showing: for the aspects in which they do, where.
    changed: by the names of variables, where it has another value afterwards; those of which it never has are left out.
    passing, answered: where the mutant lets the request pass, and where it gives a verdict.
    """

    seen: S
    showing: Mapping[tuple[str, ...], S]
    changed: Mapping[str, S]
    passing: S
    answered: S


Fires = Sequence[tuple[Transition, S]]


class Steps(Generic[S]):
    """The steps of a system on requests of one type.

    Parameters
    ----------
    system, kind: whose steps.
    sets: the sets that they are compared on.
    """

    def __init__(self, system: System, kind: RequestType, sets: Sets[S]) -> None:
        self.system, self.kind, self.sets = system, kind, sets
        self.cases = cases_of(system, kind)
        self._keys = [case.key for case in self.cases]
        self._left = [sets.every]
        decided = [(case, here) for case, here in self.decided()]
        self.passing = self._any(here for case, here in decided if case.passed)
        self.answered = self._any(here for case, here in decided if case.declaration)

    def _any(self, sets: Iterable[S]) -> S:
        return reduce(or_, sets, self.sets.none)

    def where(self, *conditions: Expr) -> S:
        """Where conditions hold."""
        result = self.sets.every
        for condition in conditions:
            if condition is not TRUE:
                result &= self.sets.where(condition)
        return result

    def decided(self) -> Iterator[tuple[Case, S]]:
        """Where each check and answer decides."""
        for at, case in enumerate(self.cases):
            yield case, self._before(at) & self.where(*case.conditions)

    def _before(self, at: int) -> S:
        """What comes to a check or an answer."""
        while at >= len(self._left):
            case = self.cases[len(self._left) - 1]
            self._left.append(self._left[-1] & ~self.where(*case.conditions))
        return self._left[at]

    def fires(self, lifecycle: Lifecycle, passing: S, answered: S) -> Fires[S]:
        """Where each transition of a lifecycle fires."""
        return [
            (move, (answered if move.even_if_refused else passing) & self._able(lifecycle, move))
            for move in lifecycle.transitions
            if move.on is self.kind
        ]

    def _able(self, lifecycle: Lifecycle, move: Transition) -> S:
        return self.where(_starts(move, lifecycle.variable), move.when)

    def parted(self, mutant: System) -> Parted[S]:
        """Where one step of a mutant comes to something else."""
        cases = cases_of(mutant, self.kind)
        keys = [case.key for case in cases]
        most = min(len(keys), len(self._keys))
        first = next((at for at in range(most) if keys[at] != self._keys[at]), most)
        last = next((at for at in range(most - first) if keys[-1 - at] != self._keys[-1 - at]), most - first)
        passing, answered = self.passing, self.answered
        showing: dict[tuple[str, ...], S] = {}
        if first + last < max(len(keys), len(self._keys)):
            before, rest = self._before(first), self.cases[len(self.cases) - last :]
            one, on = self._deciding(before, self.cases[first : len(self.cases) - last])
            other, of_other = self._deciding(before, cases[first : len(cases) - last])
            one += self._deciding(on & ~of_other, rest)[0]
            other += self._deciding(of_other & ~on, rest)[0]
            for (case, here), (new, there) in product(one, other):
                aspects = case.unlike(new)
                if aspects:
                    showing[aspects] = showing.get(aspects, self.sets.none) | (here & there)
            alike = ~(before & ~(on & of_other))
            passing = (passing & alike) | self._any(here for case, here in other if case.passed)
            answered = (answered & alike) | self._any(here for case, here in other if case.declaration)
        changed = dict(self._changed(mutant, passing, answered))
        return Parted(self._any(showing.values()), showing, changed, passing, answered)

    def _deciding(self, steps: S, cases: Iterable[Case]) -> tuple[list[tuple[Case, S]], S]:
        """Where each case decides of some steps; and those that none does."""
        found = []
        for case in cases:
            if not self.sets.some(steps):
                break
            here = steps & self.where(*case.conditions)
            found.append((case, here))
            steps &= ~here
        return found, steps

    def _changed(self, mutant: System, passing: S, answered: S) -> Iterator[tuple[str, S]]:
        lets = (self.passing & ~passing) | (passing & ~self.passing)
        speaks = (self.answered & ~answered) | (answered & ~self.answered)
        for old, new in zip(self.system.lifecycles, mutant.lifecycles, strict=True):
            if new is not old:
                one = self.fires(old, self.passing, self.answered)
                differing = unlike(self, old.variable, one, self.fires(new, passing, answered))
            elif self.sets.some(lets | speaks):
                differing = self._any(
                    here & ~self.where(among(old.variable, frozenset([move.target])))
                    for move, here in self.fires(old, lets, speaks)
                )
            else:
                continue
            if self.sets.some(differing):
                yield old.name, differing


def unlike(steps: Steps[S], variable: Variable, one: Fires[S], other: Fires[S]) -> S:
    """Where a variable that has one value before has two afterwards, by where transitions fire."""
    none, every = steps.sets.none, steps.sets.every
    same = every & ~reduce(or_, (here for _, here in (*one, *other)), none)
    stays, other_stays = (every & ~reduce(or_, (here for _, here in each), none) for each in (one, other))
    for target in {id(move.target): move.target for move, _ in (*one, *other)}.values():
        goes, other_goes = (
            reduce(or_, (here for move, here in each if move.target is target), none) for each in (one, other)
        )
        idle = (goes & other_stays) | (other_goes & stays)
        same |= goes & other_goes
        if steps.sets.some(idle):
            same |= idle & steps.where(among(variable, frozenset([target])))
    return every & ~same
