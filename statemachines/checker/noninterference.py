"""Non-interference by self-composition: what an observer sees of two runs in lockstep, whatever explores them."""

from collections.abc import Collection, Hashable, Iterable
from enum import Enum
from functools import cached_property
from itertools import combinations

import attrs

from statemachines.checker.effects import Effect
from statemachines.checker.slices import Slices
from statemachines.language.claims import Indistinguishable
from statemachines.language.expression import FALSE, Expr
from statemachines.language.requests import Request
from statemachines.language.system import State, System
from statemachines.language.terms import exchanged
from statemachines.semantics.preconditions import Preconditions, structural_key, variables_of


@attrs.frozen(eq=False)
class Difference:
    """Two runs of equal length whose last step the observer can tell apart."""

    starts: tuple[State, State]
    first: tuple[Request, ...]
    second: tuple[Request, ...]


@attrs.frozen(eq=False)
class PairMove:
    """A request of the first run, and its twin, which the second is asked unless the observer sees it in both.

    Parameters
    ----------
    first, second: what the request and its twin do.
    sees: when the observer sees the request; `FALSE` also where it does not matter which of them is asked.
    """

    request: Request
    twin: Request
    first: Effect
    second: Effect
    sees: Expr


@attrs.frozen(eq=False)
class Observation:
    """A request that may be seen in both runs.

    Parameters
    ----------
    sees: when the observer sees it.
    looks: for each thing that it may then see, when it sees that.
    """

    request: Request
    sees: Expr
    looks: tuple[Expr, ...]

    def names(self) -> set[str]:
        """The variables that decide what is seen."""
        return {name for condition in (self.sees, *self.looks) for name in variables_of(condition)}

    def key(self) -> Hashable:
        """A structural key that it shares with what is seen alike."""
        return structural_key(self.sees), tuple(structural_key(look) for look in self.looks)


def never_seen(claim: Indistinguishable, system: System) -> str:
    """Why the observer of a claim sees no step of two runs that start alike but for the secret."""
    initial = system.lifecycle(claim.secret.name).initial
    pairs = [pair for pair in combinations(claim.between, 2) if set(pair) <= set(initial)]
    if not pairs:
        starts = ", ".join(str(value.value) for value in initial)
        return f"no two runs start alike but for {claim.secret.label}, which starts as {starts}"
    kept = [system.lifecycle(variable.name) for variable in claim.apart_from]
    if all(any(not apart(lifecycle.initial, pair) for lifecycle in kept) for pair in pairs):
        labels = " and ".join(variable.label for variable in claim.apart_from)
        return f"no run starts with {labels} apart from two values of {claim.secret.label}"
    return "the observer never sees a step of two such runs"


def apart(values: Iterable[Enum], pair: tuple[Enum, Enum]) -> list[Enum]:
    """The values that are neither of two; members of another enum that compare equal are apart."""
    return [value for value in values if not any(value is one for one in pair)]


def exchanged_request(request: Request, one: Enum, other: Enum) -> Request:
    """The request with the secret's two values exchanged wherever a field has them."""
    if len(apart(request.values, (one, other))) == len(request.values):
        return request
    fields = zip(request.type.fields, request.values, strict=True)
    return request.type(**{field.name: exchanged(value, one, other) for field, value in fields})


class Observer:
    """What the observer of a claim may see, and what it and the holder of the secret are asked in two runs.

    Parameters
    ----------
    slices: of the system.

    Attributes
    ----------
    sees: by request, when the observer sees it.
    seen: the requests that it may see, one of all that are decided alike.
    """

    def __init__(self, claim: Indistinguishable, slices: Slices) -> None:
        self.claim, self.slices = claim, slices
        self.sees = {asked.request: asked.of(claim.sees) for asked in slices.requests}
        seen: dict[Hashable, Preconditions] = {}
        for asked, kind in zip(slices.requests, slices.kinds, strict=True):
            if self.sees[asked.request] is not FALSE:
                seen.setdefault((kind, structural_key(self.sees[asked.request])), asked)
        self.seen = tuple(seen.values())

    @cached_property
    def observations(self) -> tuple[Observation, ...]:
        """What it may see, one of all that are alike."""
        alike: dict[Hashable, Observation] = {}
        for one in map(self._observation, self.seen):
            alike.setdefault(one.key(), one)
        return tuple(alike.values())

    def _observation(self, asked: Preconditions) -> Observation:
        observes = self.claim.observes
        shown = (tuple(getattr(ruling.verdict, term.name) for term in observes) for ruling in asked.grounded.rulings)
        results = {tuple(map(id, one)): one for one in shown}  # values of two enums may be equal, and look different
        looks = (asked.shows(observes, values) for values in results.values())
        return Observation(asked.request, self.sees[asked.request], tuple(look for look in looks if look is not FALSE))

    def moves(self, pair: tuple[Enum, Enum], effects: Iterable[Effect]) -> Collection[PairMove]:
        """What moves one run or both, for two values of the secret; of what moves both alike, the first.

        Parameters
        ----------
        effects: those of every request, on the variables that count.
        """
        by_request = {effect.request: effect for effect in effects}
        moves: dict[Hashable, PairMove] = {}
        for request, sees in self.sees.items():
            twin = exchanged_request(request, *pair)
            first, second = (by_request.get(one) or Effect(one, ()) for one in (request, twin))
            if first.changes or second.changes:
                matters = FALSE if first.key == second.key else sees
                key = first.key, second.key, structural_key(matters)
                moves.setdefault(key, PairMove(request, twin, first, second, matters))
        return moves.values()
