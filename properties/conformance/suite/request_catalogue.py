"""The catalogue of requests: every request of a system, and a representative of those that are decided alike."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, TypeVar

from properties.conformance.diagnosis.decision_list import CheckOrAnswer, DecisionList, Folding, decision_list
from statemachines.checker.slices import Slices
from statemachines.language.expression import TRUE, Expr
from statemachines.language.requests import Field, Request, RequestType
from statemachines.semantics.preconditions import fields_of

U = TypeVar("U")


class Catalogue:
    """What is known of a system's requests.

    Parameters
    ----------
    slices: its slices.
    allows: whether a request can be sent; every request can, if not given.
    """

    def __init__(self, slices: Slices, allows: Callable[[Request], bool] = lambda _: True) -> None:
        self.slices = slices
        self.system = slices.system
        self.folding = Folding()
        self.decision_lists = tuple(
            decision_list(self.system, asked, self.folding) for asked in slices.requests if allows(asked.request)
        )
        self.by_kind = {
            kind: tuple(one for one in self.decision_lists if one.request.type is kind) for kind in self.system.requests
        }
        first = {one.key: one for one in reversed(self.decision_lists)}
        self.distinct = tuple(one for one in self.decision_lists if first[one.key] is one)
        moving: dict[Hashable, DecisionList] = {}
        for one in self.decision_lists:
            if one.passing is not None and one.moves:
                moving.setdefault(one.passing, one)
        self.movers = tuple(moving.values())
        self.of_request = {one.request: one for one in self.decision_lists}
        self._known: dict[tuple[int, ...], tuple[tuple[object, ...], tuple[Any, ...]]] = {}
        self._columns: dict[tuple[RequestType, Field], tuple[int, ...]] = {}
        self._numbers: dict[Hashable, int] = {}
        self._to: dict[tuple[int, RequestType], tuple[tuple[int, int, tuple[DecisionList, int]], ...]] = {}

    def coming(
        self, declaration: CheckOrAnswer, kinds: Iterable[RequestType], condition: Expr
    ) -> tuple[tuple[DecisionList, int], ...]:
        """Requests of these types that may come to a declaration, and its index in their decision lists.

        There is one of each that are alike from there on, also in what a condition reads of their fields.
        """
        return self._kept(("coming", declaration, *kinds, condition), self._coming(declaration, kinds, condition))

    def asking(self, kinds: Iterable[RequestType], condition: Expr) -> tuple[DecisionList, ...]:
        """Requests of these types, one of each that are decided alike and that a condition reads alike."""
        return self._kept(("asking", *kinds, condition), self._asking(kinds, condition))

    def passing(self, kinds: Iterable[RequestType], condition: Expr) -> tuple[DecisionList, ...]:
        """Requests of these types that may pass every gate, one of each that pass alike and move the same."""
        return self._kept(("passing", *kinds, condition), self._passing(kinds, condition))

    def _kept(self, key: tuple[object, ...], candidates: Iterator[tuple[Hashable, U]]) -> tuple[U, ...]:
        numbers = tuple(id(part) for part in key)
        if numbers not in self._known:
            distinct: dict[Hashable, U] = {}
            for alike, one in candidates:
                distinct.setdefault(alike, one)
            self._known[numbers] = (key, tuple(distinct.values()))
        return self._known[numbers][1]

    def _values(self, kind: RequestType, condition: Expr) -> list[tuple[int, ...]]:
        """For each request of a type, what it shares with those that have the same values of what a condition reads."""
        fields = fields_of(condition)
        if not fields:
            return [()] * len(self.by_kind[kind])
        return list(zip(*(self._column(kind, field) for field in fields), strict=True))

    def _column(self, kind: RequestType, field: Field) -> tuple[int, ...]:
        """For each request of a type, what it shares with those that have the same value of a field."""
        if (kind, field) not in self._columns:
            self._columns[kind, field] = tuple(id(one.asked.bindings.get(field)) for one in self.by_kind[kind])
        return self._columns[kind, field]

    def _coming(
        self, declaration: CheckOrAnswer, kinds: Iterable[RequestType], condition: Expr
    ) -> Iterator[tuple[Hashable, tuple[DecisionList, int]]]:
        for kind in kinds:
            values = self._values(kind, condition)
            for at, alike, one in self._coming_to(declaration, kind):
                yield (values[at], alike), one

    def _coming_to(
        self, declaration: CheckOrAnswer, kind: RequestType
    ) -> tuple[tuple[int, int, tuple[DecisionList, int]], ...]:
        """Requests of a type that may come to a declaration.

        For each its number among those of the type, a number that it shares with those that are decided alike from
        there on, and the index of the declaration.
        """
        key = id(declaration), kind
        if key not in self._to:  # the declaration is the system's, so that its id is its own
            self._to[key] = tuple(
                (at, self._numbers.setdefault(one.from_entry(index), len(self._numbers)), (one, index))
                for at, one in enumerate(self.by_kind[kind])
                for index in (one.at(declaration),)
                if index >= 0 and all(entry.when is not TRUE for entry in one.entries[:index])
            )
        return self._to[key]

    def _asking(self, kinds: Iterable[RequestType], condition: Expr) -> Iterator[tuple[Hashable, DecisionList]]:
        for kind in kinds:
            for one, values in zip(self.by_kind[kind], self._values(kind, condition), strict=True):
                yield (values, one.key), one

    def _passing(self, kinds: Iterable[RequestType], condition: Expr) -> Iterator[tuple[Hashable, DecisionList]]:
        for kind in kinds:
            for one, values in zip(self.by_kind[kind], self._values(kind, condition), strict=True):
                if one.passing is not None:
                    yield (values, one.passing), one
