"""Non-interference by self-composition: what an observer sees of two runs in lockstep, whatever explores them."""

from collections.abc import Hashable, Iterable
from enum import Enum
from itertools import combinations

import attrs

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


def no_runs(claim: Indistinguishable, system: System) -> str:
    """Why no two runs start alike but for the secret; empty if some do."""
    initial = system.lifecycle(claim.secret.name).initial
    pairs = [pair for pair in combinations(claim.between, 2) if set(pair) <= set(initial)]
    if not pairs:
        starts = ", ".join(str(value.value) for value in initial)
        return f"no two runs start alike but for {claim.secret.label}, which starts as {starts}"
    kept = [system.lifecycle(variable.name) for variable in claim.apart_from]
    if all(any(not apart(lifecycle.initial, pair) for lifecycle in kept) for pair in pairs):
        labels = " and ".join(variable.label for variable in claim.apart_from)
        return f"no run starts with {labels} apart from two values of {claim.secret.label}"
    return ""


def apart(values: Iterable[Enum], pair: tuple[Enum, Enum]) -> list[Enum]:
    """The values that are neither of two; members of another enum that compare equal are apart."""
    return [value for value in values if not any(value is one for one in pair)]


def exchanged_request(request: Request, one: Enum, other: Enum) -> Request:
    """The request with the secret's two values exchanged wherever a field has them."""
    if len(apart(request.values, (one, other))) == len(request.values):
        return request
    fields = zip(request.type.fields, request.values, strict=True)
    return request.type(**{field.name: exchanged(value, one, other) for field, value in fields})


def observation(claim: Indistinguishable, asked: Preconditions, sees: Expr) -> Observation:
    """What the observer of a claim may see of a request, where it sees it."""
    shown = (tuple(getattr(ruling.verdict, term.name) for term in claim.observes) for ruling in asked.grounded.rulings)
    results = {
        tuple(map(id, values)): values for values in shown
    }  # values of two enums may be equal, and look different
    looks = (asked.shows(claim.observes, values) for values in results.values())
    return Observation(asked.request, sees, tuple(look for look in looks if look is not FALSE))
