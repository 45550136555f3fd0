"""Twins: one request in two systems with the same variables, and how its effects and verdicts differ."""

from collections.abc import Hashable
from functools import cached_property

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.checker.encoding import Columns, Mask
from statemachines.checker.slices import Slices
from statemachines.language.gates import Verdict
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import System
from statemachines.language.terms import ASPECTS
from statemachines.semantics.comparison import differences
from statemachines.semantics.grounding import GroundedRequest, ground_all
from statemachines.semantics.preconditions import Preconditions, structural_key, variables_of


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
        self._asked: dict[RequestType, list[tuple[Preconditions, int]]] = {kind: [] for kind in slices.system.requests}
        for asked, number in zip(slices.requests, slices.kinds, strict=True):
            self._asked[asked.request.type].append((asked, number))
        self._keys: dict[int, Hashable] = {}

    def of(self, mutant: System, kind: RequestType) -> dict[Request, Twin]:
        """Each request of a type with its twin, in order of declaration."""
        now: dict[Request, tuple[GroundedRequest, Hashable]] = {}
        for alike in ground_all(mutant, kind.requests()):
            key = grounded_key(alike[0])
            now |= {one.request: (one, key) for one in alike}
        twins: dict[Hashable, Twin] = {}
        result = {}
        for asked, number in self._asked[kind]:
            if number not in self._keys:
                self._keys[number] = grounded_key(asked.grounded)
            grounded, key = now[asked.request]
            pair = self._keys[number], key
            if pair not in twins:
                twins[pair] = Twin(asked, asked if pair[0] == key else Preconditions(grounded))
            result[asked.request] = twins[pair]
        return result


def _deciding(asked: Preconditions, columns: Columns) -> npt.NDArray[np.intp]:
    """For each state the index of the ruling that decides; after the last where none does."""
    rulings = asked.grounded.rulings
    result = np.full(len(columns), len(rulings))
    for at in reversed(range(len(rulings))):
        result[columns.where(rulings[at].when)] = at
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
