"""Systems that differ in one declaration, run beside the reference: at which step a sequence shows the difference."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import TypeVar

import attrs

from properties.conformance.ladder import Folding, Ladder, Said, differ
from properties.coverage import Arrow
from statemachines.core.expression import FALSE, Expr, Moment, among, conjunction, negation
from statemachines.core.gates import Answer, Check, Verdict
from statemachines.core.lifecycle import Transition
from statemachines.core.requests import Field, Request, RequestType
from statemachines.core.system import State, System
from statemachines.core.terms import Term
from statemachines.core.trace import Step

T = TypeVar("T")


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

    @property
    def variable(self) -> str:
        """Of a transition, the name of its variable; otherwise nothing."""
        return self.declaration.lifecycle.name if isinstance(self.declaration, Arrow) else ""

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

    def parts(self, altered: Altered, start: State, steps: Sequence[Step]) -> int:
        """The step after which the altered system is in another state; -1 if it never is."""
        before = start
        for at, step in enumerate(steps):
            ladder = self.ladders[step.request]
            if altered.concerns(ladder) and self.step(altered, before, ladder)[0] != step.state:
                return at
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
        values, moved = state.as_dict(), set()
        for move in ladder.moves:
            if (arrow is None or move.transition is not arrow.transition) and move.when.holds(moment):
                values[move.lifecycle.name] = move.transition.target
                moved.add(move.lifecycle.name)
        if arrow is not None and arrow.transition.on is ladder.request.type and altered.target is not None:
            here = moment.before[arrow.lifecycle.name] in altered.source and arrow.lifecycle.name not in moved
            if here and self.folding(altered.condition, ladder.asked).holds(moment):
                values[arrow.lifecycle.name] = altered.target
        return type(state)(values.values())


def altered_system(system: System, altered: Altered) -> System:
    """The whole system that differs in the one declaration.

    An arrow fires where no other of its lifecycle does; a state that nothing else leads to stays in the picture.
    """
    old = altered.declaration
    match old:
        case Check():
            new_check = attrs.evolve(old, fails_when=altered.condition)
            gates = [attrs.evolve(gate, checks=_put(gate.checks, old, new_check)) for gate in system.gates]
            return system.varied(gates=gates)
        case Answer():
            return system.varied(answers=_put(system.answers, old, attrs.evolve(old, when=altered.condition)))
        case Arrow():
            lifecycle, move = old.lifecycle, old.transition
            moves = [*_put(lifecycle.transitions, move, _moved(old, altered)), attrs.evolve(move, when=FALSE)]
            changed = attrs.evolve(lifecycle, transitions=moves)
            return system.varied(lifecycles=_put(system.lifecycles, lifecycle, changed))


def _moved(arrow: Arrow, altered: Altered) -> Transition:
    old = arrow.transition
    if not altered.source or altered.target is None:
        return attrs.evolve(old, when=FALSE)
    variable = arrow.lifecycle.variable
    others = (
        conjunction(among(variable, frozenset(move.source)), move.when)
        for move in arrow.lifecycle.transitions
        if move is not old and move.on is old.on
    )
    alone = conjunction(altered.condition, *(negation(fires) for fires in others))
    return attrs.evolve(old, source=altered.source, target=altered.target, when=alone)


def _put(parts: Iterable[T], old: T, new: T) -> list[T]:
    return [new if part is old else part for part in parts]
