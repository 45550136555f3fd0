"""What the rules alone require: the verdicts that are the same whatever one assumes.

A check, an answer or a transition that cites assumptions alone may be as declared, or not be there at all; where the
order of a party's checks, or a party's place among the others, is an assumption, each check that fails may be the one
that decides. So a run has several possible states, and a verdict is unspecified in each aspect in which the possible
ones differ, or which it has by an assumption (`Rule.decides`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from enum import Enum
from itertools import product

import attrs

from statemachines.errors import UnknownNameError
from statemachines.language.expression import FALSE, TRUE, Expr, Moment
from statemachines.language.gates import Check, Gate, Verdict
from statemachines.language.lifecycle import Lifecycle, Transition, fixed
from statemachines.language.requests import Request
from statemachines.language.rules import Basis
from statemachines.language.system import State, System
from statemachines.language.terms import ASPECTS, Variable
from statemachines.semantics.decision import decision_order
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Trace

WITHOUT = "without "
"""How the side without an assumption is called."""

MOST = 64
"""The most possible states of a run that are kept; where there are more, nothing is specified from there on."""


@attrs.frozen
class PossibleStates:
    """The states that a run may be in.

    Parameters
    ----------
    states: those that are kept; first the one where every assumption applies.
    more: whether there are more than are kept, so that nothing is specified any more.
    """

    states: tuple[State, ...]
    more: bool = False


@attrs.frozen(eq=False)
class RegulatedOracle:
    """Decides requests of a system on the rules alone.

    Parameters
    ----------
    system: the declarations; their register says what is an assumption.

    Examples
    --------
    >>> from examples.parcel_locker import system
    >>> rules = RegulatedOracle(system)
    >>> possible, verdict = rules.decide(PossibleStates((system.state(),)), next(system.all_requests()))
    >>> len(possible.states), verdict.unspecified
    (1, ())
    """

    system: System
    oracle: Oracle = attrs.field(init=False, repr=False)
    in_any_order: frozenset[Gate] = attrs.field(init=False, repr=False)
    anywhere: frozenset[Gate] = attrs.field(init=False, repr=False)
    _undecided: frozenset[Enum] = attrs.field(init=False, repr=False)
    _known: dict[tuple[State, Request], tuple[tuple[State, Verdict], ...]] = attrs.field(
        init=False, factory=dict, repr=False
    )

    @oracle.default
    def _oracle_of_system(self) -> Oracle:
        return Oracle(self.system)

    @in_any_order.default
    def _gates_in_any_order(self) -> frozenset[Gate]:
        """The gates whose order of checks is an assumption."""
        return frozenset(gate for gate in self.system.gates if self._assumed(gate.order))

    @anywhere.default
    def _gates_anywhere(self) -> frozenset[Gate]:
        """The gates whose place after the others is an assumption."""
        return frozenset(gate for gate in self.system.gates if self._assumed(gate.party_order))

    @_undecided.default
    def _parties_whose_refusal_another_may_come_before(self) -> frozenset[Enum]:
        gates = self.system.gates
        before = (gate for at, gate in enumerate(gates) if self.anywhere & set(gates[at + 1 :]))
        return frozenset(gate.party for gate in (*self.in_any_order, *before))

    def _assumed(self, rules: tuple[str, ...]) -> bool:
        return bool(rules) and self.system.register.basis(rules) is Basis.ASSUMED

    def decide(self, before: PossibleStates, request: Request) -> tuple[PossibleStates, Verdict]:
        """The possible states after a request, and the verdict where every assumption applies.

        What an assumption alone decides is among the verdict's unspecified aspects.

        Parameters
        ----------
        before: the possible states before it.
        """
        possible = [one for state in before.states for one in self._possible(state, request)]
        states = tuple(dict.fromkeys(state for state, _ in possible))
        more = before.more or len(states) > MOST
        assumed = possible[0][1]
        left_open = [aspect for aspect in ASPECTS if more or not _agree([verdict for _, verdict in possible], aspect)]
        unspecified = tuple(dict.fromkeys((*assumed.unspecified, *left_open)))
        return PossibleStates(states[:MOST], more), attrs.evolve(assumed, unspecified=unspecified)

    def _possible(self, state: State, request: Request) -> tuple[tuple[State, Verdict], ...]:
        """Each state that the request may lead to and its verdict; the oracle's first."""
        after, verdict = self.oracle.decide(state, request)
        if not verdict.assumed_alone and (verdict.passed or verdict.at not in self._undecided):
            return ((after, self.known_of(verdict)),)
        known = self._known.get((state, request))
        if known is None:
            others = self._without_assumptions(state, request)
            known = self._known[state, request] = tuple(dict.fromkeys([(after, self.known_of(verdict)), *others]))
        return known

    def known_of(self, verdict: Verdict) -> Verdict:
        """The verdict without what an assumption alone says of it; of an answer, nothing else would be said instead."""
        alone = verdict.passed and self._assumed(verdict.deciding)
        aspects = ASPECTS if alone else self.system.register.assumed_aspects(verdict.deciding)
        if not aspects:
            return verdict
        return attrs.evolve(verdict, unspecified=tuple(dict.fromkeys((*verdict.unspecified, *aspects))))

    def _without_assumptions(self, state: State, request: Request) -> Iterator[tuple[State, Verdict]]:
        """What is possible where some assumptions do not apply."""
        moment = Moment(state.as_dict(), request)
        refused_at: Gate | None = None
        refusing: set[Gate | None] = set()  # of those whose order is known, whose later checks are not asked
        for decider in decision_order(self.system, request):
            if refused_at and (decider.gate is None or not self.may_come_before(decider.gate, refused_at)):
                continue
            if decider.gate in refusing:
                continue
            if decider.condition.holds(moment):
                verdict = self.known_of(decider.verdict)
                for fired in self._firing(moment, request, verdict):
                    yield self._after(state, fired), verdict.firing(fired)
                if not (isinstance(decider.declaration, Check) and self._assumed(verdict.deciding)):
                    if decider.gate is None:
                        return
                    refused_at = refused_at or decider.gate
                    if decider.gate not in self.in_any_order:
                        refusing.add(decider.gate)

    def may_come_before(self, gate: Gate, refused_at: Gate) -> bool:
        """Whether a check of a gate may be asked before the one that certainly refuses, as far as rules go."""
        return gate in (self.in_any_order if gate is refused_at else self.anywhere)

    def _firing(self, moment: Moment, request: Request, verdict: Verdict) -> Iterator[tuple[Transition, ...]]:
        """The sets of transitions that may fire: of those that an assumption alone has, any or none."""
        register = self.system.register
        choices: list[tuple[tuple[Transition, ...], ...]] = []
        for lifecycle in self.system.lifecycles:
            here = moment.before[lifecycle.name]
            for move in lifecycle.transitions:
                if move.on is request.type and verdict.lets(move) and here in move.source and move.when.holds(moment):
                    alone = register.basis(move.rules) is Basis.ASSUMED
                    choices.append(((move,), ()) if alone else ((move,),))
        for combination in product(*choices):
            yield tuple(move for moves in combination for move in moves)

    def _after(self, state: State, fired: Iterable[Transition]) -> State:
        values = state.as_dict()
        for lifecycle in self.system.lifecycles:
            for move in fired:
                if any(move is one for one in lifecycle.transitions):
                    values[lifecycle.name] = move.target
        return self.system.state_type(values.values())


def regulated(trace: Trace, rules: RegulatedOracle | None = None) -> Trace:
    """The same run, where each verdict says what an assumption alone decides of it: it is unspecified.

    Parameters
    ----------
    rules: of the run's system, where there are some already.
    """
    rules = rules or RegulatedOracle(trace.system)
    possible, steps = PossibleStates((trace.start,)), []
    for step in trace.steps:
        possible, verdict = rules.decide(possible, step.request)
        steps.append(attrs.evolve(step, verdict=verdict))
    return attrs.evolve(trace, steps=tuple(steps))


def _agree(verdicts: list[Verdict], aspect: str) -> bool:
    """Whether every verdict specifies the aspect, and alike."""
    return not any(
        aspect in verdict.unspecified or getattr(verdict, aspect) is not getattr(verdicts[0], aspect)
        for verdict in verdicts
    )


def without(system: System, assumptions: Iterable[str] = ()) -> System:
    """The system where checks and transitions that cite assumptions alone never apply.

    Answers stay: nothing else would be given in their place. What an assumption says of a verdict is left open.

    Parameters
    ----------
    assumptions: only those that cite one of these; by default all.
    """
    register, ids = system.register, set(assumptions)

    def applies(rules: tuple[str, ...]) -> Expr:
        alone = register.basis(rules) is Basis.ASSUMED and (not ids or ids & set(rules))
        return FALSE if alone else TRUE

    def left_open(rules: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(aspect for aspect, by in register.assumed_aspects(rules).items() if not ids or ids & set(by))

    return _changed(system, applies, left_open=left_open)


def switched_off(system: System, assumptions: Iterable[str]) -> System:
    """The system as `without` makes it, of ids that a user named: each has to be of an assumption that decides alone.

    Raises
    ------
    UnknownNameError: for an id that is of no such assumption, with those that come near.

    >>> from examples.parcel_locker import system
    >>> switched_off(system, ["BOX-1"])
    Traceback (most recent call last):
    statemachines.errors.UnknownNameError: the rule 'BOX-1' is not an assumption; the register has none
    """
    register, ids = system.register, tuple(assumptions)
    cited = [
        *(move.rules for lifecycle in system.lifecycles for move in lifecycle.transitions),
        *(check.rules for gate in system.gates for check in gate.checks),
    ]
    deciding = {rule for rules in cited if register.basis(rules) is Basis.ASSUMED for rule in rules}
    with_answers = (*cited, *(answer.rules for answer in system.answers))
    deciding.update(rule for rules in with_answers for by in register.assumed_aspects(rules).values() for rule in by)
    known = [rule.id for rule in register.values() if rule.assumed]
    for rule in ids:
        if any(rule in (*gate.order, *gate.party_order) for gate in system.gates):
            raise UnknownNameError(
                f"the assumption {rule!r} says in which order checks or parties come, and without it another order is "
                "assumed; where rules alone count, what the order decides is left open"
            )
        if rule in deciding:
            continue
        if rule in known:
            raise UnknownNameError(
                f"the assumption {rule!r} decides no check and no transition alone: without it all is as declared"
            )
        near = get_close_matches(rule.upper(), known, n=3) or known[:3]
        which = f"the rule {rule!r} is not an assumption" if rule in register else f"the register has no rule {rule!r}"
        hint = f"did you mean: {', '.join(near)}?" if near else "the register has none"
        raise UnknownNameError(f"{which}; {hint}")
    return without(system, ids) if ids else system


def switchable(system: System, assumptions: Sequence[str]) -> tuple[System, Variable]:
    """The system with one more variable, which never changes: without which assumption it is, or as declared.

    Where it is one, nothing applies that cites assumptions alone and this one among them, as in `without`; so all of
    them are decided at once.

    Parameters
    ----------
    assumptions: ids; each is a value of the variable, after the first, which is none of them.
    """
    left_out = Enum("LeftOut", {"NONE": "as declared", **{rule: f"{WITHOUT}{rule}" for rule in assumptions}})  # type: ignore[misc]
    variable = Variable("left_out", left_out, label="assumption left out")

    def applies(rules: tuple[str, ...]) -> Expr:
        named = [value for value in left_out if value.name in rules]
        alone = named and system.register.basis(rules) is Basis.ASSUMED
        return ~variable.is_in(*named) if alone else TRUE

    return _changed(system, applies, fixed(variable)), variable


def _changed(
    system: System,
    applies: Callable[[tuple[str, ...]], Expr],
    *more: Lifecycle,
    left_open: Callable[[tuple[str, ...]], tuple[str, ...]] = lambda _: (),
) -> System:
    """The system, with more lifecycles, where checks and transitions apply only where by their rules they do.

    Parameters
    ----------
    left_open: the aspects that verdicts of these rules do not specify.
    """

    def where(rules: tuple[str, ...], condition: Expr) -> Expr:
        here = applies(rules)
        return condition if here is TRUE else FALSE if here is FALSE else condition & here

    return attrs.evolve(
        system,
        lifecycles=[
            *more,
            *(
                attrs.evolve(
                    lifecycle,
                    transitions=[
                        attrs.evolve(move, when=where(move.rules, move.when)) for move in lifecycle.transitions
                    ],
                )
                for lifecycle in system.lifecycles
            ),
        ],
        gates=[
            attrs.evolve(
                gate,
                checks=[
                    attrs.evolve(
                        one,
                        fails_when=where(one.rules, one.fails_when),
                        unspecified=(*one.unspecified, *left_open(one.rules)),
                    )
                    for one in gate.checks
                ],
            )
            for gate in system.gates
        ],
        answers=[
            attrs.evolve(one, unspecified=(*one.unspecified, *left_open(one.rules))) if left_open(one.rules) else one
            for one in system.answers
        ],
    )
