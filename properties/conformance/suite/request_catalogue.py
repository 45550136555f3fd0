"""The catalogue of requests: every request of a system, and a representative of those that are decided alike."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from enum import Enum
from typing import Any, TypeVar

from properties.conformance.diagnosis.decision_list import CheckOrAnswer, DecisionList, Folding, decision_list
from statemachines.checker.slices import Slices
from statemachines.language.expression import TRUE, Expr
from statemachines.language.requests import Request, RequestType
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

    def _of(
        self, kinds: Iterable[RequestType], condition: Expr
    ) -> Iterator[tuple[DecisionList, tuple[Enum | None, ...]]]:
        fields = fields_of(condition)
        for kind in kinds:
            for one in self.by_kind[kind]:
                yield one, tuple(one.asked.bindings.get(field) for field in fields)

    def _coming(
        self, declaration: CheckOrAnswer, kinds: Iterable[RequestType], condition: Expr
    ) -> Iterator[tuple[Hashable, tuple[DecisionList, int]]]:
        for one, values in self._of(kinds, condition):
            index = one.at(declaration)
            if index >= 0 and all(entry.when is not TRUE for entry in one.entries[:index]):
                yield (values, one.from_entry(index)), (one, index)

    def _asking(self, kinds: Iterable[RequestType], condition: Expr) -> Iterator[tuple[Hashable, DecisionList]]:
        for one, values in self._of(kinds, condition):
            yield (values, one.key), one

    def _passing(self, kinds: Iterable[RequestType], condition: Expr) -> Iterator[tuple[Hashable, DecisionList]]:
        for one, values in self._of(kinds, condition):
            if one.passing is not None:
                yield (values, one.passing), one
