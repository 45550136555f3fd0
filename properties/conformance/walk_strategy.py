"""The strategy of the random layer's walks: they show one aim after another, in an order that Hypothesis draws.

An aim is drawn and walked to by a shortest way, and after it those that are declared next to it, since they are shown
in similar states. Wherever a walk comes through, it sends a request that shows something in passing. After a transition
it sends one whose verdict would be another if the transition were wrong. What was shown once in a walk is no aim of
it any more.

A transition that is wrong leads to another state. Each such state is followed beside the walk, until a verdict
distinguishes the two.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from itertools import islice
from typing import TypeVar

from hypothesis.strategies import DrawFn

from properties.conformance.walk_chart import Chart, Leg, chart
from properties.walks.runs import oracle
from properties.walks.stateful import Machine, Noise, Steering, one_of
from properties.walks.steering import Restriction
from statemachines.errors import DeclarationError
from statemachines.language.claims import Claims
from statemachines.language.expression import Moment
from statemachines.language.gates import Verdict
from statemachines.language.requests import Request
from statemachines.language.system import State
from statemachines.semantics.comparison import differences
from statemachines.semantics.trace import Step

T = TypeVar("T")

NEIGHBOURS = 20
"""How many aims a walk goes to in order of declaration before it draws one anew."""
MOST_TRIED = 12
"""How many aims are tried for one that can be reached from here."""
MOST_PASSED = 150
"""How many aims are tried for one that can be shown in passing."""
MOST_PROBES = 40
"""How many requests are tried for the one that distinguishes most."""
MOST_BESIDE = 40
"""How many states are followed beside a walk."""


class Showing(Steering):
    """Shows aims of a chart.

    Parameters
    ----------
    chart: what can be shown.
    allows: whether a request may be sent where the walk stands.
    """

    noise = (*[Noise.NONE] * 62, Noise.NEAR, Noise.ANY)

    def __init__(self, chart: Chart, allows: Callable[[Request], bool]) -> None:
        self.chart, self.allows = chart, allows
        self.oracle = oracle(chart.system)
        self.shown: set[int] = set()
        self.beside: dict[State, set[int]] = {}
        self.leg: Leg | None = None
        self.family: Sequence[int] = ()
        self.position = self.neighbours = 0
        self.arrived = True
        self.probing = False

    def propose(self, draw: DrawFn, state: State) -> Request | None:
        """A request that distinguishes the last transition, or shows something here, or leads on to the next aim."""
        if self.probing:
            self.probing = False
            probe = self._probe(draw, state)
            if probe:
                return probe
        if self.arrived and self.chart.mixed:
            self.arrived = False
            passing = self._passing(one_of(draw, range(len(self.chart.mixed))), state)
            if passing:
                return passing
        return self._on(draw, state)

    def observe(self, step: Step) -> None:
        """Take notice of what a step showed, and of the states that it would have led to if it were wrong."""
        after = step.after
        known = len(self.shown)
        beside = dict(self._followed(step.request, after, step.verdict))
        for chance in self.chart.taken(step.request, step.before):
            if chance.aim in self.shown:
                continue
            if chance.distinction is None:
                self.shown.add(chance.aim)
            else:
                other = _with(after, chance.distinction.variable.name, chance.distinction.other)
                beside.setdefault(other, set()).add(chance.aim)
                self.probing = True
            if self.leg and self.leg.chance.aim == chance.aim:
                self.leg = None
        if after != step.before:
            self.arrived = self.probing = True
        latest = islice(beside.items(), max(0, len(beside) - MOST_BESIDE), None)
        if len(self.shown) == known:
            self.beside = dict(latest)
        else:
            self.beside = {state: left for state, aims in latest if (left := aims - self.shown)}

    def _followed(self, request: Request, after: State, verdict: Verdict) -> Iterator[tuple[State, set[int]]]:
        """The states beside the walk after a request; where the verdict is another, that was what they were for."""
        met: dict[State, set[int]] = {}
        for state, aims in self.beside.items():
            other, other_verdict = self._decided(state, request)
            if differences(verdict, other_verdict):
                self.shown |= aims
            elif other != after:
                met.setdefault(other, set()).update(aims)
        yield from met.items()

    def _decided(self, state: State, request: Request) -> tuple[State, Verdict | None]:
        """What comes of a request; a state that cannot be may have no verdict on it."""
        try:
            return self.oracle.decide(state, request)
        except DeclarationError:
            return state, None

    def _probe(self, draw: DrawFn, state: State) -> Request | None:
        """A request whose verdict is another in the states beside the walk: the one that distinguishes most."""
        beside = [
            (
                len(aims),
                other,
                {name for name, one, old in zip(state.names, other, state, strict=True) if one is not old},
            )
            for other, aims in self.beside.items()
        ]
        beside.sort(key=lambda one: -one[0])
        every = sum(count for count, *_ in beside)
        apart = set().union(*(names for *_, names in beside))
        requests = self.chart.readers([name for name in state.names if name in apart])
        first = one_of(draw, range(len(requests))) if requests else 0
        best, most = None, 0
        for looked, request in enumerate(_from(requests, first)):
            if best and looked >= MOST_PROBES:
                break
            count = self._distinguished(request, state, beside, every, most)
            if count > most and self.allows(request):
                best, most = request, count
        return best

    def _distinguished(
        self, request: Request, state: State, beside: Sequence[tuple[int, State, set[str]]], left: int, most: int
    ) -> int:
        """How many aims a request distinguishes here; 0 as soon as it cannot be more than so many.

        Parameters
        ----------
        beside: how many aims a state beside the walk is followed for, the most first; the state; what differs in it.
        left: how many aims that is in all.
        """
        _, verdict = self.oracle.decide(state, request)
        reads = self.chart.reads(request)
        count = 0
        for aims, other, names in beside:
            if count + left <= most:
                return 0
            left -= aims
            if not reads.isdisjoint(names) and differences(verdict, self._decided(other, request)[1]):
                count += aims
        return count

    def _passing(self, first: int, state: State) -> Request | None:
        """A request that shows an aim here and leaves the way to the next one open."""
        moment = Moment(state.as_dict())
        left = (aim for aim in _from(self.chart.mixed, first) if aim not in self.shown)
        for chance in (chance for aim in islice(left, MOST_PASSED) for chance in self.chart.chances[aim]):
            if chance.when.holds(moment):
                request = chance.requests[first % len(chance.requests)]
                after, _ = self.oracle.decide(state, request)
                if after == state and self.allows(request):
                    return request
        return None

    def _on(self, draw: DrawFn, state: State) -> Request | None:
        """The next request on the way to an aim; another aim follows where there is none to go on to."""
        for _ in range(MOST_TRIED):
            requests = self.leg.next(state) if self.leg else ()
            request = one_of(draw, requests) if requests else None
            if request and not self.allows(request):
                allowed = [other for other in requests if self.allows(other)]
                request = one_of(draw, allowed) if allowed else None
            if request:
                return request
            self.leg = self._neighbour(draw, state)
        return None

    def _neighbour(self, draw: DrawFn, state: State) -> Leg | None:
        """The way to the next aim of a family that is not shown yet and can be reached from here."""
        if not self.chart.families:
            return None
        if not self.neighbours:
            self.family, self.neighbours = one_of(draw, self.chart.families), NEIGHBOURS
            # From where it is, so that the simplest draws lead on, too.
            self.position = (self.position + one_of(draw, range(len(self.family)))) % len(self.family)
        left = (aim for aim in _from(self.family, self.position) if aim not in self.shown)
        for aim in islice(left, MOST_TRIED):
            self.position = bisect_left(self.family, aim)
            chances = self.chart.chances[aim]
            leg = self.chart.leg(chances[len(self.shown) % len(chances)], state) if chances else None
            if leg:
                self.neighbours -= 1
                return leg
        self.neighbours = 0
        return None


def _from(things: Sequence[T], first: int) -> Iterator[T]:
    """All of a sequence, from one of its elements on."""
    yield from things[first:]
    yield from things[:first]


def _with(state: State, name: str, value: Enum) -> State:
    return type(state)(value if one == name else old for one, old in zip(state.names, state, strict=True))


def showing(claims: Claims, within: Restriction | None = None) -> Callable[[Machine], Steering]:
    """What steers the walks of a system, within what may be used."""
    going_by = chart(claims, within)
    return lambda machine: Showing(going_by, machine.allows)
