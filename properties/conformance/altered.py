"""Systems that differ in one declaration, run beside the reference: at which step a sequence shows the difference."""

from collections.abc import Mapping, Sequence
from enum import Enum

import attrs

from properties.conformance.ladder import Folding, Ladder, Said, differ
from properties.coverage import Arrow
from statemachines.core.expression import Expr, Moment
from statemachines.core.gates import Verdict
from statemachines.core.requests import Field, Request, RequestType
from statemachines.core.system import State
from statemachines.core.terms import Term
from statemachines.core.trace import Step


@attrs.frozen(eq=False)
class Altered:
    """One declaration, and what is in its place in a system that differs in nothing else.

    Parameters
    ----------
    declaration: a check, an answer or an arrow.
    condition: its condition, which is the same or another; of a transition, without the source.
    kinds: the request types that it is altered for.
    values: where a term has another value than here, nothing is altered.
    source: of a transition, the states that it leaves.
    target: of a transition, the state that it enters.
    """

    declaration: Said | Arrow
    condition: Expr
    kinds: tuple[RequestType, ...]
    values: Mapping[Term, Enum] = attrs.field(factory=dict)
    source: tuple[Enum, ...] = ()
    target: Enum | None = None

    def concerns(self, ladder: Ladder) -> bool:
        """Whether anything is altered for a request, as far as its type and fields tell."""
        return any(ladder.request.type is kind for kind in self.kinds) and all(
            ladder.asked.bindings.get(term) is value for term, value in self.values.items() if isinstance(term, Field)
        )


@attrs.frozen(eq=False)
class Beside:
    """Runs altered systems beside the reference.

    Parameters
    ----------
    ladders: every request of the system.
    folding: what their conditions come to.
    """

    ladders: Mapping[Request, Ladder]
    folding: Folding

    def shows(self, altered: Altered, start: State, steps: Sequence[Step]) -> int:
        """The step at which the altered system says what nobody expects; -1 if it says nothing of the kind."""
        before = other = start
        for at, step in enumerate(steps):
            ladder = self.ladders[step.request]
            if other is not before or altered.concerns(ladder):
                after, verdict = self.step(altered, other, ladder)
                if verdict is None or differ(step.verdict, verdict):
                    return at
                other = step.state if after == step.state else after
            else:
                other = step.state
            before = step.state
        return -1

    def step(self, altered: Altered, state: State, ladder: Ladder) -> tuple[State, Verdict | None]:
        """What the altered system does in a state, and what it says, if anything."""
        moment = Moment(state.as_dict())
        for rung in ladder.rungs:
            when = rung.when
            if rung.said is altered.declaration and altered.concerns(ladder):
                when = self.folding(altered.condition, ladder.asked)
            if when.holds(moment):
                return (self._after(altered, state, ladder, moment) if rung.verdict.passed else state), rung.verdict
        return state, None

    def _after(self, altered: Altered, state: State, ladder: Ladder, moment: Moment) -> State:
        arrow = altered.declaration if isinstance(altered.declaration, Arrow) else None
        values = state.as_dict()
        for move in ladder.moves:
            if (arrow is None or move.transition is not arrow.transition) and move.when.holds(moment):
                values[move.lifecycle.name] = move.transition.target
        if arrow is not None and arrow.transition.on is ladder.request.type and altered.target is not None:
            here = moment.before[arrow.lifecycle.name] in altered.source
            if here and self.folding(altered.condition, ladder.asked).holds(moment):
                values[arrow.lifecycle.name] = altered.target
        return type(state)(values.values())
