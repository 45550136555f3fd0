"""Requests of a random case: those of a run to a goal, with others between; or what the rules let pass, or any."""

from collections import Counter, deque
from random import Random

from statemachines.checker.slices import slices
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State, System
from statemachines.semantics.oracle import Oracle, decided

NEAR = 0.5
"""The part of the requests that need not pass which are one that does with one field drawn anew."""
BETWEEN = 0.2
"""The part of the requests on the way to a goal that are not of the run and leave the state as it is."""
MOST_DRAWN = 32
"""How many requests are drawn until one passes or changes something; then types are looked through."""


class Sampler:
    """Draws the requests of cases.

    Parameters
    ----------
    oracle: of the system.
    accepted: the part of the requests that are drawn from those that pass or change something, 0 to 1.
    """

    def __init__(self, oracle: Oracle, accepted: float) -> None:
        self.oracle, self.accepted = oracle, accepted
        self._kinds = [tuple(own.values()) for own in _alike(oracle.system).values()]

    def toward(self, state: State, ahead: deque[Request], random: Random) -> Request:
        """The next request of a case that goes through a run.

        Parameters
        ----------
        ahead: what is left of the run; what is sent of it is taken out.
        """
        if random.random() < BETWEEN:
            request = _altered(ahead[0], random) if random.random() < NEAR else self._any(random)
            if decided(self.oracle, state, request)[0] is state:
                return request
        return ahead.popleft()

    def drawn(self, state: State, sent: Counter[int], random: Random) -> Request:
        """A request that passes or changes something, or any; half of these have one field otherwise than one does.

        Parameters
        ----------
        sent: how often a request of each type was drawn for the case; is counted here.
        """
        accepted = random.random() < self.accepted
        if accepted or random.random() < NEAR:
            request = self._enabled(state, sent, random)
            if request:
                return request if accepted else _altered(request, random)
        return self._any(random)

    def _any(self, random: Random) -> Request:
        return random.choice(random.choice(random.choice(self._kinds)))

    def _enabled(self, state: State, sent: Counter[int], random: Random) -> Request | None:
        """A request that passes or changes something, rather of a type that was drawn rarely."""
        draw, kinds = random.random, self._kinds
        for _ in range(MOST_DRAWN):
            one, other = int(draw() * len(kinds)), int(draw() * len(kinds))
            number = one if sent[one] <= sent[other] else other
            alike = kinds[number][int(draw() * len(kinds[number]))]
            if self._is_enabled(state, alike[0]):
                sent[number] += 1
                return random.choice(alike)
        for number in sorted(range(len(kinds)), key=lambda number: (sent[number], draw())):
            enabled = [alike for alike in kinds[number] if self._is_enabled(state, alike[0])]
            if enabled:
                sent[number] += 1
                return random.choice(random.choice(enabled))
        return None

    def _is_enabled(self, state: State, request: Request) -> bool:
        _, verdict = decided(self.oracle, state, request)
        return verdict is not None and (verdict.passed or bool(verdict.fired))


def _alike(system: System) -> dict[RequestType, dict[int, list[Request]]]:
    """The requests of each type, those together that are decided alike in every state."""
    alike: dict[RequestType, dict[int, list[Request]]] = {kind: {} for kind in system.requests}
    for asked, number in zip(slices(system).requests, slices(system).kinds, strict=True):
        alike[asked.request.type].setdefault(number, []).append(asked.request)
    return alike


def _altered(request: Request, random: Random) -> Request:
    """The request with one field drawn anew."""
    if not request.type.fields:
        return request
    field = random.choice(request.type.fields)
    return request.replace(**{field.name: random.choice(field.domain)})
