"""Non-interference on sets of pairs of states: two copies of the system in lockstep."""

from collections.abc import Hashable, Mapping
from enum import Enum

from statemachines.checker.effects import Effect, effects_on
from statemachines.checker.noninterference import apart, exchanged_request
from statemachines.checker.slices import Slices
from statemachines.checker.symbolic import StateRelation, changed_by, closure, steps_of
from statemachines.checker.symbolic_encoding import Diagram, Encoding
from statemachines.language.claims import Indistinguishable
from statemachines.language.expression import FALSE, Expr, among
from statemachines.language.requests import Request
from statemachines.semantics.preconditions import Preconditions, structural_key

FIRST, SECOND = 0, 2
"""The frames of the two states; the frame after each is its state after the step."""


class SymbolicPairs:
    """Every pair of states that two runs reach in lockstep which start alike but for a secret.

    Parameters
    ----------
    sees: by request, when the observer sees it.
    pair: the two values of the secret.
    encoding: with four frames.
    """

    def __init__(
        self,
        claim: Indistinguishable,
        slices: Slices,
        sees: Mapping[Request, Expr],
        pair: tuple[Enum, Enum],
        encoding: Encoding,
    ) -> None:
        self.claim, self.slices, self.sees, self.pair, self.encoding = claim, slices, sees, pair, encoding
        self.twins = {asked.request: exchanged_request(asked.request, *pair) for asked in slices.requests}
        self.effects = {
            effect.request: effect for effect in effects_on(slices.requests, slices.system.state_type.names)
        }
        self.pairs = closure(self._starts(), [relation.image for relation in self._relations()])

    def _starts(self) -> Diagram:
        """Initial states with one value of the secret, and their twins with the other."""
        encoding, claim, (one, other) = self.encoding, self.claim, self.pair
        secret = claim.secret
        initial = encoding.initial(self.slices.system, FIRST) & encoding.initial(self.slices.system, SECOND)
        values = [encoding.among(secret, (secret.position(one),), FIRST)]
        values.append(encoding.among(secret, (secret.position(other),), SECOND))
        alike = [encoding.same(v.name, FIRST, SECOND) for v in encoding.variables if v is not secret]
        elsewhere = [encoding.where(among(v, frozenset(apart(v.domain, self.pair))), FIRST) for v in claim.apart_from]
        return encoding.all_of([initial, *values, *alike, *elsewhere])

    def _relations(self) -> list[StateRelation]:
        """What requests of the first run, and of the second, do at once: one relation for each set of variables."""
        groups: dict[tuple[frozenset[str], frozenset[str]], list[Diagram]] = {}
        met: set[Hashable] = set()
        for request, twin in self.twins.items():
            first, second = self.effects.get(request), self.effects.get(twin)
            keys = [None if effect is None else effect.key for effect in (first, second)]
            sees = FALSE if keys[0] == keys[1] else self.sees[request]
            key = (*keys, structural_key(sees))
            if keys == [None, None] or key in met:
                continue
            met.add(key)
            left, right = _changed(first), _changed(first) | _changed(second)
            steps = self._steps(first, left, FIRST) & self._second(first, second, sees, right)
            groups.setdefault((left, right), []).append(steps)
        return [self._relation(*names, self.encoding.any_of(steps)) for names, steps in groups.items()]

    def _second(self, first: Effect | None, second: Effect | None, sees: Expr, names: frozenset[str]) -> Diagram:
        """What the second run is asked: the twin, or the request itself where the observer sees it in both."""
        twin = self._steps(second, names, SECOND)
        if sees is FALSE:
            return twin
        both = self.encoding.where(sees, FIRST) & self.encoding.where(sees, SECOND)
        return both.ite(self._steps(first, names, SECOND), twin)

    def _steps(self, effect: Effect | None, names: frozenset[str], frame: int) -> Diagram:
        return steps_of(self.encoding, effect.changes if effect else (), names, frame)

    def _relation(self, left: frozenset[str], right: frozenset[str], steps: Diagram) -> StateRelation:
        return StateRelation.of(self.encoding, {FIRST: left, SECOND: right}, steps)

    def count(self) -> int:
        """How many pairs there are."""
        size: int = self.pairs.sat_count(2 * self.encoding.bits)
        return size

    def decide(self) -> tuple[Diagram, Diagram]:
        """The pairs in which the observer can tell two runs apart, and those in which it sees a step in both."""
        seen = differs = self.encoding.false
        met: set[Hashable] = set()
        where = self.encoding.where
        for asked, kind in zip(self.slices.requests, self.slices.kinds, strict=True):
            sees = self.sees[asked.request]
            key = kind, structural_key(sees)
            if sees is not FALSE and key not in met:
                met.add(key)
                both = self.pairs & where(sees, FIRST) & where(sees, SECOND)
                looks, others = self._looks(asked, FIRST), self._looks(asked, SECOND)
                seen |= both
                differs |= both & ~self.encoding.any_of(one & others[look] for look, one in looks.items())
        return differs, seen

    def _looks(self, asked: Preconditions, frame: int) -> dict[Hashable, Diagram]:
        """When a request shows what: a set of states of a frame for each thing; values of two enums may be equal."""
        looks: dict[Hashable, Diagram] = {}
        left = self.encoding.true
        for ruling in asked.grounded.rulings:
            look = tuple(id(getattr(ruling.verdict, term.name)) for term in self.claim.observes)
            when = self.encoding.where(ruling.when, frame)
            looks[look] = looks.get(look, self.encoding.false) | left & when
            left &= ~when
        return looks


def _changed(effect: Effect | None) -> frozenset[str]:
    """The variables that an effect changes."""
    return changed_by(effect) if effect else frozenset()
