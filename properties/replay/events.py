"""Events: what a log shows of one request, and what the system may have done, on sets of values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum

import attrs
import numpy as np

from properties.conformance.observation import Observation, differs
from properties.replay.value_sets import EMPTY, Mask, Sets, ValueSets, admitted, bits, emptied
from statemachines.language.expression import FALSE, Expr, negation
from statemachines.language.gates import Answer, Check, Gate, Verdict
from statemachines.language.requests import Request
from statemachines.language.rules import Basis
from statemachines.language.system import State, System
from statemachines.semantics.grounding import ground, rulings_in_order
from statemachines.semantics.regulated import RegulatedOracle


@attrs.frozen
class SeenRequest:
    """One request as a log has it.

    Parameters
    ----------
    requests: which request it may be; one, unless the log leaves a field open.
    shown: the aspects of the verdict that the log has, each with its value; no response is ``None``.
    among: the aspects of which the log's word leaves several values open, each with those.
    after: the values of variables after the request that the log has.
    """

    requests: tuple[Request, ...]
    shown: tuple[tuple[str, Enum | None], ...] = ()
    after: tuple[tuple[str, Enum], ...] = ()
    among: tuple[tuple[str, frozenset[Enum | None]], ...] = ()

    @property
    def observation(self) -> Observation:
        """What the log shows of the verdict."""
        return Observation(dict(self.shown), dict(self.among))

    def __str__(self) -> str:
        if len(self.requests) == 1:
            return str(self.requests[0])
        kinds = {request.type.label: None for request in self.requests}
        if len(kinds) == 1:
            return f"{next(iter(kinds))} (not all is known)"
        return f"one of {len(self.requests):,} requests"


Event = tuple[SeenRequest, ...]
"""What is judged at once: one entry of a case, or several whose order is not known, each of which happened."""


@attrs.frozen(eq=False)
class PossibleRuling:
    """A ruling on a request: when it is given, if none before it is, and what it may change.

    Parameters
    ----------
    optional: whether it may not apply, so that where it does any verdict and effect is possible.
    gate: whose check it is; `None` for an answer.
    """

    when: Expr
    verdict: Verdict
    declaration: Check | Answer
    optional: bool
    moves: "tuple[_Move, ...]"
    gate: Gate | None


@attrs.frozen(eq=False)
class _Move:
    row: int
    sources: np.uint64
    target: np.uint64
    when: Expr
    optional: bool
    rules: tuple[str, ...]


@attrs.frozen(eq=False)
class LogStep:
    """What an event comes to, for each column of sets.

    Parameters
    ----------
    after: the sets after it; empty where what the log has cannot be.
    impossible: where it cannot be, whatever the values that are not known.
    certain: where every verdict that is possible is the one that the log has, if it has anything of it.
    """

    after: Sets
    impossible: Mask
    certain: Mask


class Stepping:
    """The system's step on sets of values.

    Parameters
    ----------
    system: the declarations.
    hidden: the requests that may happen, any number of times, without an entry in the log.
    only_regulated: whether what an assumption alone declares may as well not be there, and what it says of an order
        or of a verdict may be otherwise.
    """

    def __init__(self, system: System, hidden: Iterable[Request] = (), *, only_regulated: bool = False) -> None:
        self.system = system
        self.values = ValueSets(system)
        self.hidden = tuple(hidden)
        self._rules = RegulatedOracle(system) if only_regulated else None
        self._rulings: dict[Request, tuple[PossibleRuling, ...]] = {}
        self._scopes: dict[tuple[Request, ...], frozenset[int]] = {}
        self._unseen: dict[tuple[Request, ...], tuple[Request, ...]] = {}

    def rulings(self, request: Request) -> tuple[PossibleRuling, ...]:
        """The rulings on a request, in order; of those that apply the first decides."""
        if request not in self._rulings:
            self._rulings[request] = tuple(self._ruled(request))
        return self._rulings[request]

    @property
    def only_regulated(self) -> bool:
        """Whether what an assumption alone decides is left open."""
        return self._rules is not None

    def scope(self, event: Event) -> tuple[int, ...]:
        """The rows that a step of the event may read or change, of columns that hidden requests do not widen."""
        requests = tuple(dict.fromkeys(request for seen in event for request in seen.requests))
        rows = self._rows(requests)
        rows |= {self.values.rows[name] for seen in event for name, _ in seen.after}
        hidden = self._rows(self._moving(self.hidden))
        # Hidden requests have led wherever they may; only what the event narrows or changes lets them lead further.
        return tuple(sorted(rows | hidden if len(event) > 1 or rows & hidden else rows))

    def _rows(self, requests: tuple[Request, ...]) -> frozenset[int]:
        """The rows of what the rulings on requests read and change."""
        if requests not in self._scopes:
            rulings = [ruled for request in requests for ruled in self.rulings(request)]
            conditions = [ruled.when for ruled in rulings] + [move.when for ruled in rulings for move in ruled.moves]
            read = {self.values.row(term) for one in conditions for term in one.terms()}
            self._scopes[requests] = frozenset(read | {move.row for ruled in rulings for move in ruled.moves})
        return self._scopes[requests]

    def known_state(self, column: Sets) -> State | None:
        """The state that a column admits, if it is only one."""
        masks = [int(mask) for mask in column]
        if any(mask == 0 or mask & (mask - 1) for mask in masks):
            return None
        variables = self.system.variables
        return self.system.state_type(one.domain[masks[self.values.row(one)].bit_length() - 1] for one in variables)

    def start(self, values: Mapping[str, Iterable[Enum]] | None = None) -> Sets:
        """One column: the initial values, or those given for each variable, and all of a variable that is not given.

        The system's constraints narrow what is given.
        """
        if values is None:
            values = {lifecycle.name: lifecycle.initial for lifecycle in self.system.lifecycles}
        sets = self.values.all.copy()
        for variable in self.system.variables:
            if variable.name in values:
                sets[self.values.row(variable)] = bits(
                    [variable.domain.index(value) for value in values[variable.name]]
                )
        column = sets[:, None]
        for constraint in self.system.constraints:
            column = self.values.narrowed(constraint.when.implies(constraint.then), column)
        return self._with_hidden(column, self.hidden)

    def step(self, event: Event, sets: Sets) -> LogStep:
        """What the event comes to, in each column."""
        if len(event) > 1:
            return self._in_any_order(event, sets)
        (seen,) = event
        after = np.zeros_like(sets)
        others = np.full(sets.shape[1], not (seen.shown or seen.among or seen.after))
        for request in seen.requests:
            for ruled, at in self.possible(request, sets):
                if not ruled.optional and differs(ruled.verdict, seen.observation):
                    others |= admitted(at)
                else:
                    after |= self._moved(ruled, at)
        for name, value in seen.after:
            variable = self.system.lifecycle(name).variable
            row, bit = self.values.row(variable), bits([variable.domain.index(value)])
            others |= (after[row] & ~bit) != EMPTY
            after[row] &= bit
        after = emptied(after)
        impossible = ~admitted(after)
        return LogStep(self._with_hidden(after, self.hidden), impossible, ~impossible & ~others)

    def possible(self, request: Request, sets: Sets) -> Iterator[tuple[PossibleRuling, Sets]]:
        """The rulings that may decide, in order, each with the part of the columns in which it does."""
        rest = sets
        refused: list[tuple[Gate, Sets]] = []
        passed: dict[tuple[int, Gate], Sets] = {}
        for ruled in self.rulings(request):
            yield from self._before(ruled, refused, passed)
            at = self.values.narrowed(ruled.when, rest)
            if at.any():
                yield ruled, at
                if self._rules and ruled.gate and not ruled.optional:
                    refused.append((ruled.gate, at))
            rest = self.values.narrowed(negation(ruled.when), rest)
            if not (refused or rest.any()):
                return

    def _before(
        self, ruled: PossibleRuling, refused: Sequence[tuple[Gate, Sets]], passed: dict[tuple[int, Gate], Sets]
    ) -> Iterator[tuple[PossibleRuling, Sets]]:
        """Where a check may be asked before those that certainly refuse, as far as rules go.

        Parameters
        ----------
        refused: the gates of those checks, and where each refuses.
        passed: for the index of one of these, and a gate whose order is known: where its checks so far may let pass.
        """
        rules, gate = self._rules, ruled.gate
        for index, (refused_at, sets) in enumerate(refused):
            if rules is not None and gate is not None and rules.may_come_before(gate, refused_at):
                here = passed.get((index, gate), sets)
                also = self.values.narrowed(ruled.when, here)
                if also.any():
                    yield attrs.evolve(ruled, optional=False), also
                if not (ruled.optional or gate in rules.in_any_order):
                    passed[index, gate] = self.values.narrowed(negation(ruled.when), here)

    def _in_any_order(self, event: Event, sets: Sets) -> LogStep:
        """Each of the entries may come before or after any other: what each may find is what all of them may leave."""
        requests = tuple(dict.fromkeys(request for seen in event for request in seen.requests))
        wide = self._with_hidden(sets, tuple(dict.fromkeys([*self.hidden, *requests])))
        impossible, certain = np.zeros(sets.shape[1], dtype=bool), np.ones(sets.shape[1], dtype=bool)
        for seen in event:
            one = self.step((attrs.evolve(seen, after=()),), wide)
            impossible |= one.impossible
            certain &= one.certain
        return LogStep(np.where(impossible, EMPTY, wide), impossible, certain & ~impossible)

    def _with_hidden(self, sets: Sets, requests: tuple[Request, ...]) -> Sets:
        """The columns with whatever those requests, any number of times and in any order, may lead to."""
        moving = self._moving(requests)
        while moving:
            wider = sets.copy()
            for request in moving:
                for ruled, at in self.possible(request, wider):
                    wider |= self._moved(ruled, at)
            if (wider == sets).all():
                break
            sets = wider
        return sets

    def _moving(self, requests: tuple[Request, ...]) -> tuple[Request, ...]:
        """Those that may change anything, one of all that do the same."""
        if requests not in self._unseen:
            self._unseen[requests] = tuple(
                request for request in requests if any(ruled.moves for ruled in self.rulings(request))
            )
        return self._unseen[requests]

    def _moved(self, ruled: PossibleRuling, sets: Sets) -> Sets:
        """The columns after a ruling, with what it lets move; where a column is empty it stays so."""
        if not ruled.moves:
            return sets
        after, targets = sets.copy(), np.zeros_like(sets)
        for move in ruled.moves:
            can, must = self.values.can_and_must(move.when, sets)
            at = (sets[move.row] & move.sources) != EMPTY
            targets[move.row] |= np.where(at & can, move.target, EMPTY)
            if not move.optional:
                after[move.row] = np.where(must, after[move.row] & ~move.sources, after[move.row])
        return after | targets

    def _ruled(self, request: Request) -> Iterator[PossibleRuling]:
        kind, bindings = request.type, request.bindings()
        rules, system = self._rules, self.system
        for ruling in ground(system, request).rulings if rules is None else rulings_in_order(system, request):
            verdict = ruling.verdict if rules is None else rules.known_of(ruling.verdict)
            optional = self._optional(ruling.verdict.deciding)
            any_effect = optional or "outcome" in ruling.verdict.unspecified
            moves = tuple(
                _Move(
                    self.values.row(lifecycle.variable),
                    bits([lifecycle.variable.domain.index(value) for value in transition.source]),
                    bits([lifecycle.variable.domain.index(transition.target)]),
                    when,
                    any_effect or self._optional(transition.rules),
                    transition.rules,
                )
                for lifecycle in self.system.lifecycles
                for transition in lifecycle.transitions
                if transition.on is kind and (any_effect or ruling.verdict.lets(transition))
                if (when := transition.when.given(bindings, kind)) is not FALSE
            )
            yield PossibleRuling(ruling.when, verdict, ruling.declaration, optional, moves, ruling.gate)

    def _optional(self, rules: Sequence[str]) -> bool:
        return self._rules is not None and self.system.register.basis(rules) is Basis.ASSUMED
