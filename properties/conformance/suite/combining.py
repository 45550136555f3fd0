"""Which combinations of values requests show, and in which states of a pool."""

from collections.abc import Collection, Iterator, Sequence
from itertools import product
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from properties.conformance.diagnosis.decision_list import DecisionList
from properties.conformance.suite.boundaries import MOST_VALUES
from properties.conformance.suite.combinations import Decider, deciders
from properties.conformance.suite.corpus import Bits, Pool, unpacked
from properties.conformance.suite.request_catalogue import Catalogue
from properties.conformance.suite.requirements import InPool, Requirements
from properties.conformance.suite.vectors import Goal
from statemachines.language.expression import FALSE
from statemachines.language.gates import Answer
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import System
from statemachines.language.terms import Term, Variable
from statemachines.semantics.preconditions import variables_of

GOAL = 10_000
"""What a goal counts for; of a field and a variable that nobody compares, two values count one."""

CAN_BE = 2
"""What counts for a goal if it can be reached at all."""

Integers = npt.NDArray[Any]


class _Values:
    """The values of a type's fields and of the variables, numbered: the fields' first, in order."""

    def __init__(self, fields: Sequence[Any], variables: Sequence[Variable]) -> None:
        self.terms = (*fields, *variables)
        self.offsets: list[int] = []
        self.named: list[tuple[Any, Any]] = []
        for term in self.terms:
            self.offsets.append(len(self.named))
            self.named += [(term, value) for value in term.domain]
        self.fields = len(fields)
        self.variables = self.offsets[len(fields)] if variables else len(self.named)

    def of(self, term: Term) -> slice:
        """The numbers of a term's values; none, if it has one value alone."""
        at = next((at for at, one in enumerate(self.terms) if one is term), -1)
        return slice(self.offsets[at], self.offsets[at] + len(term.domain)) if at >= 0 else slice(0)


def _read(system: System, kind: RequestType) -> frozenset[str]:
    """The variables that decide requests of a type, and what they change."""
    conditions = [one.condition for one in deciders(system) if one.kind is kind]
    moves = (move for lifecycle in system.lifecycles for move in lifecycle.transitions if move.on is kind)
    return frozenset(name for one in (*conditions, *(move.when for move in moves)) for name in variables_of(one))


@attrs.define(eq=False)
class _Row:
    """What is left to be shown of one decider.

    Parameters
    ----------
    number: of the row.
    weights: for a value of a field and a later value what the two count for.
    single: the values of variables that are goals by themselves.
    of_two: how many goals are left of two values.
    """

    number: int
    decider: Decider
    values: _Values
    weights: Integers
    single: npt.NDArray[np.bool_]
    of_two: int = 0
    _pairs: dict[int, tuple[Integers, Integers]] = attrs.field(factory=dict)

    def pairs(self, fields: Integers) -> Integers:
        """For each of these requests, what its pairs of values of two fields count for."""
        if id(fields) not in self._pairs:
            pairs: Integers = self.weights[fields[:, :, None], fields[:, None, :]].sum(axis=(1, 2))
            self._pairs[id(fields)] = fields, pairs  # with its id what has it is kept
        return self._pairs[id(fields)][1]

    def take(self, fields: Integers, state: Integers) -> list[Goal]:
        """The goals of these values, which are not left afterwards."""
        every, named = np.concatenate([fields, state]), self.values.named
        met = state[self.single[state - self.values.variables]].tolist()
        self.single[state - self.values.variables] = False
        these = np.ix_(fields, every)
        two = np.argwhere(self.weights[these] >= GOAL).tolist()
        self.weights[these] = 0
        self.of_two -= len(two)
        if any(other < len(fields) for _, other in two):
            self._pairs.clear()
        return [
            *(self.decider.goal(named[one]) for one in met),
            *(self.decider.goal(named[every[one]], named[every[other]]) for one, other in two),
        ]

    @property
    def most_of_two(self) -> int:
        """How many goals of two values one request shows at the most, of those that are left."""
        fields = self.values.fields
        return min(self.of_two, fields * (fields - 1) // 2 + fields * (len(self.values.terms) - fields))


@attrs.frozen(eq=False)
class Alike:
    """Requests that are decided alike and move the same; `values` has the numbers of the values of their fields."""

    lists: tuple[DecisionList, ...]
    values: Integers


@attrs.frozen
class Chosen:
    """A request: of which that are alike, by number, and which of these."""

    number: int
    which: int


class Combining:
    """What is left to be shown in a pool of states.

    Parameters
    ----------
    pool: the states.
    catalogue: the system's requests.
    """

    def __init__(self, pool: Pool, catalogue: Catalogue) -> None:
        pool.freeze()
        self.pool, self.catalogue, system = pool, catalogue, pool.system
        self.variables = [one for one in system.variables if 1 < len(one.domain) <= MOST_VALUES]
        kinds = {
            kind: _Values([one for one in kind.fields if 1 < len(one.domain) <= MOST_VALUES], self.variables)
            for kind in system.requests
        }
        read = {kind: _read(system, kind) for kind in system.requests}
        every = list(deciders(system))
        self._singles = np.zeros((len(every), sum(len(variable.domain) for variable in self.variables)), dtype=bool)
        self.rows: list[_Row] = []
        self._row_of: dict[tuple[int, int], int] = {}
        for one in every:
            values = kinds[one.kind]
            self._row_of[id(one.declaration), id(one.kind)] = len(self.rows)
            weights = np.triu(np.ones((values.variables, len(values.named)), dtype=np.int32), 1)
            compared = read[one.kind] if isinstance(one.declaration, Answer) else ()
            for field, variable in product(one.kind.fields, self.variables):
                if variable.kind is field.kind or variable.name in compared:
                    weights[values.of(field), values.of(variable)] = CAN_BE
            self.rows.append(_Row(len(self.rows), one, values, weights, self._singles[len(self.rows)]))
        self.states = np.array(
            [
                [variable.domain.index(state[state.positions[variable.name]]) for variable in self.variables]
                for state in pool.states
            ],
            dtype=np.int32,
        ).reshape(len(pool), len(self.variables))
        self.alike = list(self._alike(kinds))
        self.alike_of = {one.request: number for number, each in enumerate(self.alike) for one in each.lists}
        self.deciding = np.full((len(self.alike), len(pool)), -1, dtype=np.int16)
        self._offsets = np.cumsum([0, *(len(variable.domain) for variable in self.variables)])[:-1]
        self._deciding_in: dict[int, dict[int, tuple[int, ...]]] = {}
        self._together: dict[tuple[int, ...], tuple[Integers, Integers, Integers]] = {}
        self._find()

    def _alike(self, kinds: Any) -> Iterator[Alike]:
        by_key: dict[Any, list[DecisionList]] = {}
        for one in self.catalogue.decision_lists:
            by_key.setdefault(one.key, []).append(one)
        for lists in by_key.values():
            values = kinds[lists[0].request.type]
            fields = list(zip(values.terms[: values.fields], values.offsets, strict=False))
            numbers = [[at + field.domain.index(one.asked.bindings[field]) for field, at in fields] for one in lists]
            yield Alike(tuple(lists), np.array(numbers, dtype=np.int32).reshape(len(lists), values.fields))

    def _find(self) -> None:
        """Which decider is seen to decide which requests in which states, and so what can be shown at all."""
        requirements = Requirements(InPool(self.pool), self.catalogue.distinct)
        looked_at = {
            variable.name: [self.pool.having(variable.name, variable.domain, [value]) for value in variable.domain]
            for variable in self.variables
        }
        for number, each in enumerate(self.alike):
            one = each.lists[0]
            for index, entry in enumerate(one.entries):
                if entry.when is FALSE:
                    continue
                where = requirements.comes(one, index) & self.pool.where(entry.when)
                where = where and where & requirements.otherwise(one, index, expected=True)
                if where:
                    at = self._row_of[id(entry.declaration), id(one.request.type)]
                    self.deciding[number, unpacked(where, len(self.pool)).astype(bool)] = at
                    read = {term.name for term in entry.when.terms()}
                    self._wanted(self.rows[at], each.values, where, looked_at, read)
        for row in self.rows:
            row.of_two = int((row.weights >= GOAL).sum())
        self._decides = np.zeros((len(self.pool), len(self.rows)), dtype=np.int32)
        for numbers in self.deciding:
            self._decides[np.flatnonzero(numbers >= 0), numbers[numbers >= 0]] = 1

    def _wanted(self, row: _Row, fields: Integers, where: Bits, looked_at: Any, read: set[str]) -> None:
        weights, values = row.weights, row.values
        for one in range(values.fields):
            for other in range(one + 1, values.fields):
                weights[fields[:, one], fields[:, other]] = GOAL
        for variable, at in zip(values.terms[values.fields :], values.offsets[values.fields :], strict=True):
            met = [at + number for number, having in enumerate(looked_at[variable.name]) if having & where]
            row.single[np.array(met, dtype=np.int32) - values.variables] = True
            for here in fields.T:
                for number in met:
                    if variable.name in read or weights[here[0], number] >= CAN_BE:
                        weights[here, number] = GOAL

    # ---------------------------------------------------------------- what is shown

    def single_values(self, index: int) -> Integers:
        """For each decider the values of variables that it could be shown with in a state, and is not yet."""
        left: Integers = self._singles[:, self._offsets + self.states[index]].sum(axis=1) * self._decides[index]
        return left

    def numbers(self, row: _Row, index: int) -> Integers:
        """The numbers of the values of the variables in a state."""
        numbers: Integers = self.states[index] + (self._offsets + row.values.variables)
        return numbers

    def request(self, chosen: Chosen) -> Request:
        """The request."""
        return self.alike[chosen.number].lists[chosen.which].request

    def shown_by(self, chosen: Chosen, index: int) -> list[Goal]:
        """The goals that a request shows in a state; they are not left afterwards."""
        row = self.row(chosen.number, index)
        return self.shown(row, self.alike[chosen.number].values[chosen.which], index) if row else []

    def shown(self, row: _Row, fields: Integers, index: int) -> list[Goal]:
        """The goals that a request shows that its decider decides in a state; they are not left afterwards."""
        return row.take(fields, self.numbers(row, index))

    def gains(self, row: _Row, fields: Integers, index: int, *, whole: bool) -> Integers:
        """What each of these requests would show in a state, of all that is left or of what their fields tell apart."""
        state = self.numbers(row, index)
        with_state = row.weights[: row.values.variables, state].sum(axis=1)
        gains: Integers = with_state[fields].sum(axis=1) + row.pairs(fields)
        if whole:
            gains += GOAL * row.single[state - row.values.variables].sum()
        return gains

    def row(self, number: int, index: int) -> _Row | None:
        """Who decides such requests in a state, if that is seen."""
        at = self.deciding[number, index]
        return self.rows[at] if at >= 0 else None

    def deciding_in(self, index: int) -> dict[int, tuple[int, ...]]:
        """In a state, for each decider by number the requests that it is seen to decide."""
        if index not in self._deciding_in:
            column = self.deciding[:, index]
            found: dict[int, list[int]] = {}
            for number in np.flatnonzero(column >= 0).tolist():
                found.setdefault(int(column[number]), []).append(number)
            self._deciding_in[index] = {at: tuple(numbers) for at, numbers in found.items()}
        return self._deciding_in[index]

    def best(self, index: int, at: int, without: Collection[int] = ()) -> tuple[int, Chosen | None]:
        """Of the requests that a decider decides in a state the one that shows most, and what that counts for.

        Parameters
        ----------
        without: the numbers of those that are not sent there.
        """
        numbers = self.deciding_in(index)[at]
        if without:
            numbers = tuple(number for number in numbers if number not in without)
        if not numbers:
            return 0, None
        if numbers not in self._together:
            of = np.concatenate([np.full(len(self.alike[number].lists), number) for number in numbers])
            which = np.concatenate([np.arange(len(self.alike[number].lists)) for number in numbers])
            self._together[numbers] = of, which, np.concatenate([self.alike[number].values for number in numbers])
        of, which, fields = self._together[numbers]
        gains = self.gains(self.rows[at], fields, index, whole=True)
        best = int(gains.argmax())
        return int(gains[best]), Chosen(int(of[best]), int(which[best]))
