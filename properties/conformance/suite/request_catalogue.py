"""The stock: every request of a system, and which of them have to be looked at where one of many alike will do."""

from collections.abc import Hashable, Iterable, Iterator
from enum import Enum
from typing import Any, TypeVar

from properties.conformance.diagnosis.decision_list import Folding, Ladder, Said, ladder
from statemachines.checker.slices import Slices
from statemachines.language.expression import TRUE, Expr
from statemachines.language.requests import RequestType
from statemachines.semantics.preconditions import fields_of

U = TypeVar("U")


class Stock:
    """What is known of a system's requests.

    Parameters
    ----------
    slices: its slices.
    """

    def __init__(self, slices: Slices) -> None:
        self.slices = slices
        self.system = slices.system
        self.folding = Folding()
        self.ladders = tuple(ladder(self.system, asked, self.folding) for asked in slices.requests)
        self.by_kind = {
            kind: tuple(one for one in self.ladders if one.request.type is kind) for kind in self.system.requests
        }
        first = {one.key: one for one in reversed(self.ladders)}
        self.distinct = tuple(one for one in self.ladders if first[one.key] is one)
        moving: dict[Hashable, Ladder] = {}
        for one in self.ladders:
            if one.passing is not None and one.moves:
                moving.setdefault(one.passing, one)
        self.movers = tuple(moving.values())
        self.of_request = {one.request: one for one in self.ladders}
        self._some: dict[tuple[int, ...], tuple[tuple[object, ...], tuple[Any, ...]]] = {}

    def coming(self, said: Said, kinds: Iterable[RequestType], condition: Expr) -> tuple[tuple[Ladder, int], ...]:
        """Requests of some types that may come to a declaration, and its place on their ladders.

        There is one of each that are alike from there on, also in what a condition reads of their fields.
        """
        return self._kept(("coming", said, *kinds, condition), self._coming(said, kinds, condition))

    def asking(self, kinds: Iterable[RequestType], condition: Expr) -> tuple[Ladder, ...]:
        """Requests of some types, one of each that are decided alike and that a condition reads alike."""
        return self._kept(("asking", *kinds, condition), self._asking(kinds, condition))

    def passing(self, kinds: Iterable[RequestType], condition: Expr) -> tuple[Ladder, ...]:
        """Requests of some types that may pass every gate, one of each that pass alike and move the same."""
        return self._kept(("passing", *kinds, condition), self._passing(kinds, condition))

    def _kept(self, key: tuple[object, ...], found: Iterator[tuple[Hashable, U]]) -> tuple[U, ...]:
        numbers = tuple(id(part) for part in key)
        if numbers not in self._some:
            some: dict[Hashable, U] = {}
            for alike, one in found:
                some.setdefault(alike, one)
            self._some[numbers] = (key, tuple(some.values()))
        return self._some[numbers][1]

    def _of(self, kinds: Iterable[RequestType], condition: Expr) -> Iterator[tuple[Ladder, tuple[Enum | None, ...]]]:
        fields = fields_of(condition)
        for kind in kinds:
            for one in self.by_kind[kind]:
                yield one, tuple(one.asked.bindings.get(field) for field in fields)

    def _coming(
        self, said: Said, kinds: Iterable[RequestType], condition: Expr
    ) -> Iterator[tuple[Hashable, tuple[Ladder, int]]]:
        for one, values in self._of(kinds, condition):
            place = one.at(said)
            if place >= 0 and all(rung.when is not TRUE for rung in one.rungs[:place]):
                yield (values, one.from_rung(place)), (one, place)

    def _asking(self, kinds: Iterable[RequestType], condition: Expr) -> Iterator[tuple[Hashable, Ladder]]:
        for one, values in self._of(kinds, condition):
            yield (values, one.key), one

    def _passing(self, kinds: Iterable[RequestType], condition: Expr) -> Iterator[tuple[Hashable, Ladder]]:
        for one, values in self._of(kinds, condition):
            if one.passing is not None:
                yield (values, one.passing), one
