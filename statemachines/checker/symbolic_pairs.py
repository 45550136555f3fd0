"""Non-interference on sets of pairs of states: two copies of the system in lockstep."""

from collections.abc import Hashable
from enum import Enum

from statemachines.checker.effects import effects_on
from statemachines.checker.noninterference import Observer, PairMove, apart
from statemachines.checker.symbolic import closure, relations_of, steps_of
from statemachines.checker.symbolic_encoding import FIRST, SECOND, Diagram, Encoding
from statemachines.language.expression import FALSE, among
from statemachines.semantics.preconditions import Preconditions


class SymbolicPairs:
    """Every pair of states that two runs reach in lockstep which start alike but for a secret.

    Parameters
    ----------
    pair: the two values of the secret.
    encoding: with four frames.
    """

    def __init__(self, observer: Observer, pair: tuple[Enum, Enum], encoding: Encoding) -> None:
        self.observer, self.pair, self.encoding = observer, pair, encoding
        self.system = observer.slices.system
        effects = effects_on(observer.slices.requests, self.system.state_type.names)
        relations = relations_of(self.encoding, map(self._steps, observer.moves(pair, effects)))
        self.pairs = closure(self._starts(), [relation.image for relation in relations])

    def _starts(self) -> Diagram:
        """Initial states with one value of the secret, and their twins with the other."""
        encoding, claim, (one, other) = self.encoding, self.observer.claim, self.pair
        secret = claim.secret
        initial = encoding.initial(self.system, FIRST) & encoding.initial(self.system, SECOND)
        values = [encoding.among(secret, (secret.position(one),), FIRST)]
        values.append(encoding.among(secret, (secret.position(other),), SECOND))
        alike = [encoding.same(v.name, FIRST, SECOND) for v in encoding.variables if v is not secret]
        elsewhere = [encoding.where(among(v, frozenset(apart(v.domain, self.pair))), FIRST) for v in claim.apart_from]
        return encoding.all_of([initial, *values, *alike, *elsewhere])

    def _steps(self, move: PairMove) -> tuple[dict[int, frozenset[str]], Diagram]:
        """What a request of the first run and what the second is asked do at once, over what they change."""
        left, right = move.first.changed, move.first.changed | move.second.changed
        second = steps_of(self.encoding, move.second.changes, right, SECOND)
        if move.sees is not FALSE:
            both = self.encoding.where(move.sees, FIRST) & self.encoding.where(move.sees, SECOND)
            second = both.ite(steps_of(self.encoding, move.first.changes, right, SECOND), second)
        return {FIRST: left, SECOND: right}, steps_of(self.encoding, move.first.changes, left, FIRST) & second

    def count(self) -> int:
        """How many pairs there are."""
        size: int = self.pairs.sat_count(2 * self.encoding.bits)
        return size

    def decide(self) -> tuple[Diagram, Diagram]:
        """The pairs in which the observer can tell two runs apart, and those in which it sees a step in both."""
        seen = differs = self.encoding.false
        where = self.encoding.where
        for asked in self.observer.seen:
            sees = self.observer.sees[asked.request]
            both = self.pairs & where(sees, FIRST) & where(sees, SECOND)
            looks, others = self._looks(asked, FIRST), self._looks(asked, SECOND)
            seen |= both
            # joined to the pairs first, of which there are few: the looks alone are far larger sets
            differs |= both & ~self.encoding.any_of(both & one & others[look] for look, one in looks.items())
        return differs, seen

    def _looks(self, asked: Preconditions, frame: int) -> dict[Hashable, Diagram]:
        """When a request shows what: a set of states of a frame for each thing; values of two enums may be equal."""
        looks: dict[Hashable, Diagram] = {}
        rulings = asked.grounded.rulings
        first = self.encoding.first_that_holds((ruling.when for ruling in rulings), frame)
        for ruling, when in zip(rulings, first, strict=False):
            look = tuple(id(getattr(ruling.verdict, term.name)) for term in self.observer.claim.observes)
            looks[look] = looks.get(look, self.encoding.false) | when
        return looks
