"""What is claimed of steps, told of the states before them: for engines that look at states alone.

A request decides its step together with the state before it. So a claim on steps is broken exactly if, for some
request, some reachable state satisfies a condition on variables; and so it is for the case that it speaks of.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence

import attrs

from statemachines.checker.slices import Slices
from statemachines.language.claims import Always, Claim, Sometimes
from statemachines.language.expression import FALSE, Expr, conjunction
from statemachines.language.requests import Request
from statemachines.semantics.preconditions import Preconditions, fields_of, shape, variables_of


@attrs.frozen(eq=False)
class Shown:
    """A condition on a state, and the requests whose step from there shows something; none for the state itself."""

    condition: Expr
    requests: tuple[Request, ...]

    def within(self, names: Iterable[str]) -> bool:
        """Whether the condition reads no other variables than these."""
        return variables_of(self.condition).keys() <= set(names)


@attrs.frozen(eq=False)
class OnStates:
    """A claim as conditions on states, each written once.

    Parameters
    ----------
    claim: which.
    case: the states, any of which is a case of it.
    broken: the states, any of which breaks it; none can break a `sometimes`.
    """

    claim: Always | Sometimes
    case: tuple[Shown, ...]
    broken: tuple[Shown, ...]

    @property
    def shown(self) -> tuple[Shown, ...]:
        """Every condition."""
        return (*self.case, *self.broken)

    @property
    def variables(self) -> frozenset[str]:
        """The names of the variables that the conditions read."""
        return frozenset(name for one in self.shown for name in variables_of(one.condition))


def on_states(claims: Iterable[Claim], slices: Slices) -> Iterator[OnStates]:
    """The claims of the kinds `always` and `sometimes`, as conditions on states of the system that is sliced."""
    for claim in claims:
        match claim:
            case Always():
                yield _of(claim, claim.when, claim.breaches, slices)
            case Sometimes():
                yield _of(claim, claim.of, (), slices)


def _of(claim: Always | Sometimes, case: Expr, breaches: Sequence[Expr], slices: Slices) -> OnStates:
    if not claim.of_steps:
        broken = [conjunction(case, breach) for breach in breaches]
        return OnStates(claim, _shown((each, []) for each in [case]), _shown((each, []) for each in broken))
    cases: list[_Told] = []
    broken_by: list[_Told] = []
    for asked, alike in _distinct(slices, case, *breaches):
        when = asked.of(case)
        cases.append((when, alike))
        if when is not FALSE:
            broken_by.extend((conjunction(when, asked.of(breach)), alike) for breach in breaches)
    return OnStates(claim, _shown(cases), _shown(broken_by))


_Told = tuple[Expr, list[Request]]


def _shown(told: Iterable[_Told]) -> tuple[Shown, ...]:
    """The conditions that some state can satisfy, each once, with every request that it is told of."""
    found: dict[Hashable, _Told] = {}
    for condition, requests in told:
        if condition is not FALSE:
            found.setdefault(shape(condition), (condition, []))[1].extend(requests)
    return tuple(Shown(condition, tuple(dict.fromkeys(requests))) for condition, requests in found.values())


def _distinct(slices: Slices, case: Expr, *breaches: Expr) -> Iterator[tuple[Preconditions, list[Request]]]:
    """The requests that may be a case, by what they come to: the first that comes to it, and all that do."""
    fields = fields_of(case, *breaches)
    kinds = {kind for kind in slices.system.requests if case.given({}, kind) is not FALSE}
    found: dict[Hashable, tuple[Preconditions, list[Request]]] = {}
    for asked, number in zip(slices.requests, slices.kinds, strict=True):
        if asked.request.type in kinds:
            key = (number, *(asked.bindings.get(field) for field in fields))
            found.setdefault(key, (asked, []))[1].append(asked.request)
    yield from found.values()
