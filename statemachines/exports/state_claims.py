"""Claims as conditions on states alone, for engines that know no steps.

A request decides its step together with the state before it. So a claim on steps is broken exactly if, for a
request, a reachable state satisfies a condition on variables; and so it is for the case that it speaks of.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence

import attrs

from statemachines.checker.slices import Slices
from statemachines.language.claims import Always, Claim, Sometimes
from statemachines.language.expression import FALSE, Expr, conjunction
from statemachines.language.requests import Request
from statemachines.semantics.preconditions import Preconditions, fields_of, structural_key, variables_of


@attrs.frozen(eq=False)
class StateCondition:
    """A condition on a state, and the requests whose step from there shows something; none for the state itself."""

    condition: Expr
    requests: tuple[Request, ...]

    def within(self, names: Iterable[str]) -> bool:
        """Whether the condition reads no other variables than these."""
        return variables_of(self.condition).keys() <= set(names)


@attrs.frozen(eq=False)
class StateClaim:
    """A claim as conditions on states, no two alike.

    Parameters
    ----------
    claim: which.
    case: the states, any of which is a case of it.
    broken: the states, any of which breaks it; none can break a `sometimes`.
    """

    claim: Always | Sometimes
    case: tuple[StateCondition, ...]
    broken: tuple[StateCondition, ...]

    @property
    def conditions(self) -> tuple[StateCondition, ...]:
        """Every condition."""
        return (*self.case, *self.broken)

    @property
    def variables(self) -> frozenset[str]:
        """The names of the variables that the conditions read."""
        return frozenset(name for one in self.conditions for name in variables_of(one.condition))


def on_states(claims: Iterable[Claim], slices: Slices) -> Iterator[StateClaim]:
    """The claims of the kinds `always` and `sometimes`, as conditions on states of the system that is sliced."""
    for claim in claims:
        match claim:
            case Always():
                yield _of(claim, claim.when, claim.breaches, slices)
            case Sometimes():
                yield _of(claim, claim.of, (), slices)


def _of(claim: Always | Sometimes, case: Expr, breaches: Sequence[Expr], slices: Slices) -> StateClaim:
    if not claim.of_steps:
        broken = [conjunction(case, breach) for breach in breaches]
        return StateClaim(
            claim,
            _distinct_conditions((each, []) for each in [case]),
            _distinct_conditions((each, []) for each in broken),
        )
    cases: list[_Derived] = []
    broken_by: list[_Derived] = []
    for asked, alike in _distinct(slices, case, *breaches):
        when = asked.of(case)
        cases.append((when, alike))
        if when is not FALSE:
            broken_by.extend((conjunction(when, asked.of(breach)), alike) for breach in breaches)
    return StateClaim(claim, _distinct_conditions(cases), _distinct_conditions(broken_by))


_Derived = tuple[Expr, list[Request]]


def _distinct_conditions(derived: Iterable[_Derived]) -> tuple[StateCondition, ...]:
    """The conditions that some state can satisfy, each once, with every request that it is derived from."""
    alike: dict[Hashable, _Derived] = {}
    for condition, requests in derived:
        if condition is not FALSE:
            alike.setdefault(structural_key(condition), (condition, []))[1].extend(requests)
    return tuple(StateCondition(condition, tuple(dict.fromkeys(requests))) for condition, requests in alike.values())


def _distinct(slices: Slices, case: Expr, *breaches: Expr) -> Iterator[tuple[Preconditions, list[Request]]]:
    """The requests that may be a case, by what they come to: the first that comes to it, and all that do."""
    fields = fields_of(case, *breaches)
    kinds = {kind for kind in slices.system.requests if case.given({}, kind) is not FALSE}
    classes: dict[Hashable, tuple[Preconditions, list[Request]]] = {}
    for asked, number in zip(slices.requests, slices.kinds, strict=True):
        if asked.request.type in kinds:
            key = (number, *(asked.bindings.get(field) for field in fields))
            classes.setdefault(key, (asked, []))[1].append(asked.request)
    yield from classes.values()
