"""Twins: one request in two systems with the same variables, and how its effects and verdicts differ."""

from collections.abc import Collection, Hashable, Iterable
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.checker.encoding import Columns, Mask
from statemachines.checker.slices import Slices
from statemachines.language.expression import TRUE, All, Among, Expr, conjunction
from statemachines.language.gates import Answer, Check, Verdict
from statemachines.language.lifecycle import Transition
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import System
from statemachines.language.terms import ASPECTS, Term
from statemachines.semantics.comparison import differences
from statemachines.semantics.decision import checks_of, handles
from statemachines.semantics.grounding import GroundedRequest, given, ground, ground_again
from statemachines.semantics.preconditions import Change, Preconditions, fields_of, structural_key, variables_of


@attrs.frozen(eq=False, slots=False)
class Twin:
    """One request in both systems. Where it comes to the same, it stands for all that come to the same.

    Parameters
    ----------
    first, second: the preconditions of its step in the one system and in the other.
    names: the variables that decide its verdict.
    differs: whether it comes to other verdicts in the one system than in the other.
    parting: the variables that it may change in the one system otherwise than in the other.
    """

    first: Preconditions
    second: Preconditions
    names: frozenset[str] = attrs.field(init=False)
    differs: bool = attrs.field(init=False)
    parting: frozenset[str] = attrs.field(init=False)

    @names.default
    def _names_in_rulings(self) -> frozenset[str]:
        rulings = (*self.first.grounded.rulings, *self.second.grounded.rulings)
        return frozenset(name for ruling in rulings for name in variables_of(ruling.when))

    @differs.default
    def _verdicts_differ(self) -> bool:
        return _rulings(self.first.grounded) != _rulings(self.second.grounded)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What it may change in either system."""
        return (*self.first.changes, *self.second.changes)

    @parting.default
    def _changed_otherwise(self) -> frozenset[str]:
        one, other = ({change.key: change for change in each.changes} for each in (self.first, self.second))
        return frozenset({**one, **other}[key].variable.name for key in one.keys() ^ other.keys())

    @property
    def request(self) -> Request:
        """The request."""
        return self.first.request

    @cached_property
    def unlike(self) -> Mask:
        """For each two rulings of the one system and of the other, whether their verdicts differ; or none decides."""
        one, other = (
            [*(ruling.verdict for ruling in asked.grounded.rulings), None] for asked in (self.first, self.second)
        )
        return np.array([[bool(differences(expected, observed)) for observed in other] for expected in one])

    @cached_property
    def watched(self) -> Hashable:
        """A key that it shares with requests whose verdicts differ in the same pairs of states."""
        conditions = (
            tuple(structural_key(ruling.when) for ruling in each.grounded.rulings) for each in (self.first, self.second)
        )
        return *conditions, self.unlike.tobytes()

    def verdicts_differ(self, columns: Columns, others: Columns) -> Mask:
        """For pairs of states, where its verdicts differ."""
        return self.unlike[_deciding(self.first, columns), _deciding(self.second, others)]


class Twins:
    """Each request of a system beside itself in others; those of which the same is asked share a twin.

    Parameters
    ----------
    slices: of the system.
    """

    def __init__(self, slices: Slices) -> None:
        self.system = slices.system
        self._asked: dict[RequestType, list[_Asked]] = {kind: [] for kind in self.system.requests}
        for asked, number in zip(slices.requests, slices.kinds, strict=True):
            self._asked[asked.request.type].append(_Asked(asked, number))
        self._orders: dict[RequestType, _Order] = {}
        self._folded: dict[_Asked, int] = {}
        self._numbers: dict[Hashable, int] = {}
        self._keys: dict[Preconditions, Hashable] = {}

    def of(self, mutant: System, kind: RequestType) -> dict[Request, Twin]:
        """Each request of a type with its twin, in order of declaration.

        One request is grounded of those that are decided alike in the first system and for which new declarations come
        to the same. Where more may come to be asked than is, all other conditions have to come to the same, too.
        """
        order = self._orders.setdefault(kind, _Order.of(self.system, kind))
        other = _Order.of(mutant, kind)
        new = [when for declaration, when in other.conditions.items() if declaration not in order.conditions]
        new += [when for _, when in other.gates if other.gates != order.gates]
        fields = fields_of(*new)
        stays = {last: order.stays(last, other) for last in {asked.last for asked in self._asked[kind]}}
        moves_alone = mutant.gates is self.system.gates and mutant.answers is self.system.answers
        come_to: dict[Hashable, int] = {}
        twins: dict[Hashable, Twin] = {}
        alike: dict[Hashable, Twin] = {}
        result = {}
        for asked in self._asked[kind]:
            values = (*(asked.values[field] for field in fields),)
            if values not in come_to:
                come_to[values] = self._number(new, asked)
            group = asked.number, come_to[values], None if stays[asked.last] else self._all_folded(asked)
            if group not in twins:
                grounded = (
                    ground_again(mutant, asked.one.grounded) if moves_alone else ground(mutant, asked.one.request)
                )
                key = before, now = self._key(asked.one), grounded_key(grounded)
                if key not in alike:
                    alike[key] = Twin(asked.one, asked.one if before == now else Preconditions(grounded))
                twins[group] = alike[key]
            result[asked.one.request] = twins[group]
        return result

    def _number(self, conditions: Iterable[Expr], asked: "_Asked") -> int:
        """A number that a request shares with those for which these conditions come to the same."""
        folded = (given(condition, asked.one.request.type, asked.one.bindings) for condition in conditions)
        return self._numbers.setdefault(tuple(map(structural_key, folded)), len(self._numbers))

    def _all_folded(self, asked: "_Asked") -> int:
        if asked not in self._folded:
            order = self._orders[asked.one.request.type]
            self._folded[asked] = self._number((*(when for _, when in order.gates), *order.conditions.values()), asked)
        return self._folded[asked]

    def _key(self, asked: Preconditions) -> Hashable:
        if asked not in self._keys:
            self._keys[asked] = grounded_key(asked.grounded)
        return self._keys[asked]


@attrs.frozen(eq=False)
class _Asked:
    """A request.

    Parameters
    ----------
    one: the request.
    number: what it shares with those that are decided alike.
    values: by field, what it shares with those that have the same value.
    last: the check or answer that decides it in any case, if there is one.
    """

    one: Preconditions
    number: int
    values: dict[Term, int] = attrs.field(init=False)
    last: Check | Answer | None = attrs.field(init=False)

    @values.default
    def _identities(self) -> dict[Term, int]:
        return {term: id(value) for term, value in self.one.bindings.items()}

    @last.default
    def _deciding_in_any_case(self) -> Check | Answer | None:
        return self.one.grounded.rulings[-1].declaration if self.one.grounded.total else None


@attrs.frozen(eq=False)
class _Order:
    """What a system asks of requests of a type.

    Parameters
    ----------
    gates: the parties on the way, and when a request comes to each.
    conditions: of its checks and answers, in their order, and of its transitions.
    deciding: how many checks and answers come before each of them.
    """

    gates: tuple[tuple[Enum, Expr], ...]
    conditions: dict[Check | Answer | Transition[Any], Expr]
    deciding: dict[Check | Answer | Transition[Any] | None, int]

    @staticmethod
    def of(system: System, kind: RequestType) -> "_Order":
        gates = [gate for gate in system.gates if handles(gate, kind)]
        conditions: dict[Check | Answer | Transition[Any], Expr] = {
            check: check.fails_when for gate in gates for check in checks_of(gate, kind)
        }
        conditions |= {answer: answer.when for answer in system.answers if handles(answer, kind)}
        deciding = {declaration: at for at, declaration in enumerate((*conditions, None))}
        moves = (move for lifecycle in system.lifecycles for move in lifecycle.transitions if move.on is kind)
        conditions |= {move: move.when for move in moves}
        return _Order(tuple((gate.party, gate.when) for gate in gates), conditions, deciding)

    def stays(self, last: Check | Answer | None, other: "_Order") -> bool:
        """Whether nothing that came after the declaration that decides in any case comes before it in the other."""
        if self.gates != other.gates or last not in other.deciding:
            return False
        at, of_other = self.deciding[last], other.deciding[last]
        return all(self.deciding.get(one, 0) <= at for one, place in other.deciding.items() if place < of_other)


def _deciding(asked: Preconditions, columns: Columns) -> npt.NDArray[np.intp]:
    """For each state the index of the ruling that decides; after the last where none does."""
    rulings = asked.grounded.rulings
    result = np.full(len(columns), len(rulings))
    for at in reversed(range(len(rulings))):
        result[columns.where(rulings[at].when)] = at
    return result


@attrs.frozen(eq=False)
class _Moves:
    """Changes of one variable that share the condition on all the others.

    Parameters
    ----------
    name: the variable's.
    when: that condition.
    after: for each index in the domain, that of the value after them.
    """

    name: str
    when: Expr
    after: npt.NDArray[np.uint8]

    def fire(self, columns: Columns, before: npt.NDArray[np.uint8], now: npt.NDArray[np.uint8]) -> None:
        """Set the values of those states that they change."""
        moved_to = self.after[before]
        moved = moved_to != before
        if self.when is not TRUE:
            moved &= columns.where(self.when)
        np.copyto(now, moved_to, where=moved)


@lru_cache(maxsize=256)
def _moves(asked: Preconditions) -> tuple[_Moves, ...]:
    """The changes that a request makes: a counter's from each of its values are one."""
    shared: dict[Hashable, _Moves] = {}
    for change in asked.changes:
        variable, parts = change.variable, change.when.parts if isinstance(change.when, All) else (change.when,)
        own = [part for part in parts if isinstance(part, Among) and part.term is variable]
        rest = conjunction(*(part for part in parts if part not in own))
        if variable.name in variables_of(rest):
            own, rest = [], change.when
        key = variable.name, structural_key(rest)
        if key not in shared:
            shared[key] = _Moves(variable.name, rest, np.arange(len(variable.domain), dtype=np.uint8))
        values = frozenset(variable.domain).intersection(*(part.values for part in own))
        shared[key].after[[variable.position(value) for value in values]] = variable.position(change.target)
    return tuple(shared.values())


def stepped(asked: Preconditions, columns: Columns, names: Collection[str]) -> Columns:
    """The states after the request, as far as these variables go; the others are as before."""
    before = dict(zip(columns.names, columns.arrays, strict=True))
    after = dict(before)
    for moves in _moves(asked):
        name = moves.name
        if name in names:
            if after[name] is before[name]:
                after[name] = before[name].copy()
            moves.fire(columns, before[name], after[name])
    return Columns(columns.names, tuple(after.values()))


def different(left: Columns, right: Columns) -> Mask:
    """Where two states are not the same."""
    result = np.zeros(len(left), dtype=bool)
    for one, other in zip(left.arrays, right.arrays, strict=True):
        if one is not other:
            result |= one != other
    return result


def grounded_key(grounded: GroundedRequest) -> Hashable:
    """A key that two requests of systems with the same variables share if all that counts of them is alike."""
    return (
        _rulings(grounded),
        tuple(
            (move.lifecycle.name, structural_key(move.when), move.transition.target, move.transition.even_if_refused)
            for move in grounded.moves
        ),
    )


def _rulings(grounded: GroundedRequest) -> Hashable:
    return tuple((structural_key(ruling.when), _shown(ruling.verdict)) for ruling in grounded.rulings)


def _shown(verdict: Verdict) -> Hashable:
    shown = (getattr(verdict, aspect) for aspect in ASPECTS)
    return (*((type(value), value) for value in shown), verdict.unspecified, verdict.passed)
