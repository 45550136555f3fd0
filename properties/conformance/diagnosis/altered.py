"""Systems that differ in one declaration, run beside the reference: at which step a sequence shows the difference."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import TypeVar
from weakref import WeakKeyDictionary

import attrs

from properties.conformance.diagnosis.decision_list import CheckOrAnswer, DecisionList, Entry, Folding
from properties.mutation.field_values import parted
from properties.walks.coverage import Arrow
from statemachines.language.expression import FALSE, Expr, Moment, among, conjunction, disjunction, negation
from statemachines.language.gates import Answer, Check, Gate, Verdict
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import Field, Request, RequestType
from statemachines.language.system import State, System
from statemachines.language.terms import Term
from statemachines.semantics.comparison import differences
from statemachines.semantics.decision import refusals
from statemachines.semantics.grounding import Move
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Trace

T = TypeVar("T")


@attrs.frozen(eq=False)
class Refusal:
    """That what one check refuses leaves a lifecycle as it is."""

    gate: Gate
    check: Check
    lifecycle: Lifecycle


@attrs.frozen(eq=False)
class Alteration:
    """One declaration, and what replaces it in a system that differs in nothing else.

    Parameters
    ----------
    declaration: a check, an answer or an arrow; or a refusal, which then moves the lifecycle all the same.
    condition: its condition, which is the same or another; of a transition, without the source.
    kinds: the request types that it is altered for.
    values: where a term has another value than here, nothing is altered.
    source: of a transition or a refusal, the states that are left.
    target: of a transition or a refusal, the state that is entered.
    kept: of a transition, the states from which it does what it did.
    """

    declaration: CheckOrAnswer | Arrow | Refusal
    condition: Expr
    kinds: tuple[RequestType, ...]
    values: Mapping[Term, Enum] = attrs.field(factory=dict)
    source: tuple[Enum, ...] = ()
    target: Enum | None = None
    kept: tuple[Enum, ...] = ()

    @property
    def variable(self) -> str:
        """Of a transition or a refusal, the name of the variable; otherwise nothing."""
        return self.declaration.lifecycle.name if isinstance(self.declaration, Arrow | Refusal) else ""

    @property
    def left(self) -> frozenset[Enum]:
        """Of a transition or a refusal, the states from which anything may be altered."""
        kept = self.declaration.transition.source if isinstance(self.declaration, Arrow) else ()
        return frozenset((*self.source, *kept))

    def touches(self, state: State) -> bool:
        """Whether anything is altered in a state, as far as the variable that the declaration moves tells."""
        return not self.variable or state[state.positions[self.variable]] in self.left

    def concerns(self, decision_list: DecisionList) -> bool:
        """Whether anything is altered for a request, as far as its type and fields tell."""
        if decision_list.request.type not in self.kinds:
            return False
        bindings = decision_list.asked.bindings
        return all(bindings.get(field) is value for field, value in self._fields)

    @cached_property
    def _fields(self) -> tuple[tuple[Field, Enum], ...]:
        """The values of fields with which it is altered."""
        return tuple((term, value) for term, value in self.values.items() if isinstance(term, Field))


@attrs.frozen(eq=False)
class AlteredRuns:
    """Runs altered systems beside the reference.

    Parameters
    ----------
    decision_lists: of every request of the system.
    folding: what their conditions come to.
    oracle: the reference's, which decides where nothing is altered.
    """

    decision_lists: Mapping[Request, DecisionList]
    folding: Folding
    oracle: Oracle
    _moves: dict[DecisionList, dict[str, dict[Enum, list[Move]]]] = attrs.field(init=False, factory=dict)
    _touched: WeakKeyDictionary[Trace, dict[str, dict[tuple[RequestType, Enum], int]]] = attrs.field(
        init=False, factory=WeakKeyDictionary
    )

    def shows(self, altered: Alteration, trace: Trace, aspects: Sequence[frozenset[str]] = ()) -> int:
        """The step at which the altered system gives an unexpected verdict; -1 if at none.

        Parameters
        ----------
        aspects: for each step, the aspects of the verdict that count; all of them, if not given.
        """
        begin = self._first_touched(altered, trace)
        if begin < 0:
            return -1
        other = trace.steps[begin].before
        for at, step in enumerate(trace.steps[begin:], begin):
            decision_list = self.decision_lists[step.request]
            touched = altered.touches(other) and altered.concerns(decision_list)
            if touched or other is not step.before:
                after, verdict = (
                    self.step(altered, other, decision_list) if touched else self.oracle.decide(other, step.request)
                )
                apart = differences(step.verdict, verdict)
                if apart and (not aspects or not aspects[at].isdisjoint(apart)):
                    return at
                other = step.after if after == step.after else after
            else:
                other = step.after
        return -1

    def _first_touched(self, altered: Alteration, trace: Trace) -> int:
        """The first step at which something may be altered; -1 if there is none."""
        if not altered.variable:
            return 0 if trace.steps else -1
        by_variable = self._touched.setdefault(trace, {})
        if altered.variable not in by_variable:
            position = trace.start.positions[altered.variable]
            steps = reversed(list(enumerate(trace.steps)))
            by_variable[altered.variable] = {(step.request.type, step.before[position]): at for at, step in steps}
        first = by_variable[altered.variable]
        met = (first.get((kind, value), -1) for kind in altered.kinds for value in altered.left)
        return min((at for at in met if at >= 0), default=-1)

    def parts(self, altered: Alteration, trace: Trace) -> int:
        """The step after which the altered system is in another state; -1 if it never is."""
        for at, step in enumerate(trace.steps):
            decision_list = self.decision_lists[step.request]
            if altered.concerns(decision_list) and self.step(altered, step.before, decision_list)[0] != step.after:
                return at
        return -1

    def step(self, altered: Alteration, state: State, decision_list: DecisionList) -> tuple[State, Verdict | None]:
        """What the altered system does in a state, and its verdict, if it has one."""
        moment = Moment(state.as_dict())
        for entry in decision_list.entries:
            when = entry.when
            if entry.declaration is altered.declaration and altered.concerns(decision_list):
                when = self.folding(altered.condition, decision_list.asked)
            if when.holds(moment):
                return self._after(altered, state, decision_list, moment, entry), entry.verdict
        return state, None

    def _moves_from(self, decision_list: DecisionList, state: State) -> Iterator[Move]:
        """The moves of a request whose source is as it is in a state."""
        by_source = self._moves.get(decision_list)
        if by_source is None:
            by_source = self._moves[decision_list] = {}
            for move in decision_list.moves:
                for value in move.transition.source:
                    by_source.setdefault(move.lifecycle.name, {}).setdefault(value, []).append(move)
        for name, of_value in by_source.items():
            yield from of_value.get(state[state.positions[name]], ())

    def _after(
        self, altered: Alteration, state: State, decision_list: DecisionList, moment: Moment, decided: Entry
    ) -> State:
        verdict = decided.verdict
        arrow = altered.declaration if isinstance(altered.declaration, Arrow) else None
        values, moved = state.as_dict(), set()
        for move in self._moves_from(decision_list, state):
            was = moment.before[move.lifecycle.name]
            other = arrow is None or move.transition is not arrow.transition or was in altered.kept
            if other and verdict.lets(move.transition) and move.when.holds(moment):
                values[move.lifecycle.name] = move.transition.target
                moved.add(move.lifecycle.name)
        stray = _stray(altered, decision_list, decided)
        if stray is not None and altered.target is not None:
            here = moment.before[stray.name] in altered.source and stray.name not in moved
            if here and self.folding(altered.condition, decision_list.asked).holds(moment):
                values[stray.name] = altered.target
        return type(state)(values.values())


def _stray(altered: Alteration, decision_list: DecisionList, decided: Entry) -> Lifecycle | None:
    """The lifecycle that the altered declaration moves on such a verdict, if any."""
    match altered.declaration:
        case Arrow() as arrow if arrow.transition.on is decision_list.request.type and decided.verdict.lets(
            arrow.transition
        ):
            return arrow.lifecycle
        case Refusal() as refusal if decided.declaration is refusal.check:
            return refusal.lifecycle if altered.concerns(decision_list) else None
    return None


def altered_system(system: System, altered: Alteration) -> System:
    """The whole system that differs in the one declaration.

    An arrow fires where no other of its lifecycle does; a state that nothing else leads to stays in the picture.
    """
    old = altered.declaration
    match old:
        case Check():
            (gate,) = (one for one in system.gates if any(check is old for check in one.checks))
            checks = _put(
                gate.checks, old, *parted(old, old.on or gate.on, altered.kinds, fails_when=altered.condition)
            )
            return system.varied(gates=_put(system.gates, gate, attrs.evolve(gate, checks=checks)))
        case Answer():
            answers = _put(system.answers, old, *parted(old, old.on, altered.kinds, when=altered.condition))
            return system.varied(answers=answers)
        case Arrow():
            lifecycle, move = old.lifecycle, old.transition
            moves = [*_moved(system, old, altered), attrs.evolve(move, when=FALSE)]
            if altered.kept:
                moves.append(attrs.evolve(move, source=altered.kept))
            changed = attrs.evolve(lifecycle, transitions=moves)
            return system.varied(lifecycles=_put(system.lifecycles, lifecycle, changed))
        case Refusal():
            return _refusing_in_vain(system, old, altered)


def _moved(system: System, arrow: Arrow, altered: Alteration) -> list[Transition]:
    """The transitions of the lifecycle but for the arrow, and the arrow as it is altered.

    What fires even if refused is two transitions, for fewer others fire on what is refused; that these do not is made
    part of their condition, so that it can be seen that no two fire at once.
    """
    old = arrow.transition
    besides = [move for move in arrow.lifecycle.transitions if move is not old]
    if not altered.source or altered.target is None:
        return besides
    variable = arrow.lifecycle.variable
    others = [move for move in besides if move.on is old.on]

    def alone(among_these: Iterable[Transition], *also: Expr) -> Expr:
        fires = (conjunction(among(variable, frozenset(move.source)), move.when) for move in among_these)
        return conjunction(altered.condition, *also, *map(negation, fires))

    moved = attrs.evolve(old, source=altered.source, target=altered.target, when=alone(others))
    if not old.even_if_refused:
        return [*besides, moved]
    refused = disjunction(*(when for _, when in refusals(system, old.on)))
    passed = negation(refused)
    return [
        *(
            move if move.on is not old.on or move.even_if_refused else attrs.evolve(move, when=move.when & passed)
            for move in besides
        ),
        attrs.evolve(moved, when=alone(others, passed)),
        attrs.evolve(moved, when=alone([move for move in others if move.even_if_refused], refused)),
    ]


def _put(parts: Iterable[T], old: T, *new: T) -> list[T]:
    return [one for part in parts for one in (new if part is old else (part,))]


def _refusing_in_vain(system: System, refusal: Refusal, altered: Alteration) -> System:
    """The system in which a lifecycle moves though a check refuses a request of a type."""
    (kind,) = altered.kinds
    refused = disjunction(*(when for check, when in refusals(system, kind) if check is refusal.check))
    assert altered.target is not None
    lifecycle = refusal.lifecycle
    others = (
        conjunction(among(lifecycle.variable, frozenset(move.source)), move.when)
        for move in lifecycle.transitions
        if move.on is kind and move.even_if_refused
    )
    when = conjunction(refused, altered.condition, *(negation(fires) for fires in others))
    rules = lifecycle.transitions[0].rules
    stray = Transition(altered.source, kind, altered.target, when=when, rules=rules, even_if_refused=True)
    changed = attrs.evolve(lifecycle, transitions=[*lifecycle.transitions, stray])
    return system.varied(lifecycles=_put(system.lifecycles, lifecycle, changed), checked=False)
