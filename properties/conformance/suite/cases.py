"""The case of each property: a step, or a state, that the property is about."""

from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property

import attrs

from properties.conformance.suite.vectors import Goal, GoalKind
from properties.walks.steering import case_of
from statemachines.checker.slices import Slices
from statemachines.language.claims import (
    Always,
    AlwaysPossible,
    Claim,
    Claims,
    Indistinguishable,
    LeadsTo,
    Sometimes,
    speaks_of_step,
)
from statemachines.language.expression import FALSE, Expr, Moment
from statemachines.language.requests import Field, Request
from statemachines.semantics.preconditions import fields_of
from statemachines.semantics.trace import Scenario, Step, Trace


@attrs.frozen(eq=False)
class Case:
    """A property, and when it applies.

    Parameters
    ----------
    goal: that the case is met.
    condition: the case.
    of_steps: whether it is one of steps, and not of states.
    """

    goal: Goal
    condition: Expr
    of_steps: bool
    _folded: dict[Request, Expr] = attrs.field(init=False, factory=dict, repr=False)
    _alike: dict[Hashable, Expr] = attrs.field(init=False, factory=dict, repr=False)

    def met(self, trace: Trace) -> int:
        """The first step of a run at which it is met, before, at or after which its state is; -1 if none."""
        for at, step in enumerate(trace.steps):
            if self.of_steps:
                if self.met_by(step.request, step):
                    return at
            elif (at == 0 and self.condition.holds(Moment(step.before.as_dict()))) or (
                step.after is not step.before and self.condition.holds(Moment(step.after.as_dict()))
            ):
                return at
        return -1

    def met_by(self, request: Request, step: Step) -> bool:
        """Whether a case of steps is met where a request is sent at a step and is decided as the step's own."""
        folded = self._folded.get(request)
        if folded is None:
            folded = self._folded[request] = self._given(request)
        return folded is not FALSE and folded.holds(step.moment)

    def _given(self, request: Request) -> Expr:
        """The case with a request's fields known: worked out once for requests that are alike in what it reads."""
        bindings = request.bindings()
        key = request.type, tuple(bindings.get(field) for field in self._fields)
        if key not in self._alike:
            self._alike[key] = self.condition.given(bindings, request.type)
        return self._alike[key]

    @cached_property
    def _fields(self) -> tuple[Field, ...]:
        return fields_of(self.condition)

    def nearest(self, slices: Slices) -> Scenario | None:
        """A shortest way to it; ``None`` if it never happens."""
        if not self.of_steps:
            nearest = slices.first(self.condition)
            if nearest is None:
                return None
            start, requests = nearest.path()
            return Scenario(start, requests or (slices.requests[0].request,))  # a state shows in a verdict
        near = None
        for asked in slices.requests:
            condition = asked.of(self.condition)
            first = slices.first(condition) if condition is not FALSE else None
            if first and (near is None or first.depth < near[0].depth):
                near = first, asked.request
        if near is None:
            return None
        start, requests = near[0].path()
        return Scenario(start, (*requests, near[1]))


def cases(claims: Claims) -> Iterator[Case]:
    """The case of every property, in order."""
    for claim in claims.claims:
        for condition in _conditions(claim):
            goal = Goal(f"property:{claim.name}", GoalKind.PROPERTY, claim.name, claim.rules)
            yield Case(goal, condition, _speaks_of_steps(claim, condition))


def _conditions(claim: Claim) -> Sequence[Expr]:
    match claim:
        case Always():
            return (case_of(claim),)
        case Sometimes():
            return (claim.of,)
        case AlwaysPossible() | LeadsTo():
            return (claim.when,)
        case Indistinguishable():
            return (claim.sees,)
    return ()


def _speaks_of_steps(claim: Claim, condition: Expr) -> bool:
    """Whether it is at a step that a claim's case is met: that is said by all of the claim, not by its case alone."""
    match claim:
        case Always() | Sometimes():
            return claim.of_steps
        case Indistinguishable():
            return True
    return speaks_of_step(condition)
