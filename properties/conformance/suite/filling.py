"""Filling: sequences that there are, made to show combinations of values, too.

First at no cost: of the requests that are decided alike and move the same, a sequence sends the one that shows most
of what nothing has shown yet. Then requests that change nothing are sent in sequences that there are, and new ones are
made: what shows most for each request comes first, until there are so many more of both as `MORE` says.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush

import attrs
import numpy as np

from properties.conformance.suite.combining import GOAL, Chosen, Combining
from properties.conformance.suite.covering import LONGEST
from properties.conformance.suite.still_shown import StillShown
from properties.conformance.suite.vectors import Goal
from statemachines.language.requests import Request
from statemachines.language.system import State

MORE, SMALL = 0.2, 100
"""How many requests and sequences there may be more, for each that there is; and how many in any case."""
FEWEST_FIRST = 2
"""How many goals a request shows at the least in sequences that there are, before new ones are made."""
FULLEST = 30
"""How many requests a sequence has at the most that is filled."""

RICHEST, NEAR_ENOUGH = 600, 0.75
"""In how many states of the sequences more is sent, and which part of the most goals a request has to show."""


@attrs.define(eq=False)
class Draft:
    """A sequence that is being made.

    Parameters
    ----------
    start: the state that it begins in.
    requests: what is sent.
    states: for each request the index of the state before it, and the one after the last.
    shows: what it shows, from the step at which that begins to the one at which it is seen.
    reached: what it shows of combinations: the step and the goal.
    """

    start: State
    requests: list[Request]
    states: list[int]
    shows: Sequence[StillShown] = ()
    reached: list[tuple[int, Goal]] = attrs.field(factory=list)

    def may_be(self, at: int, other: Request) -> bool:
        """Whether another request, which is decided alike and moves the same, may be sent at a step."""
        one = self.requests[at]
        return all(shown.at < at or shown.same(at, one, other) for shown in self.shows)

    def may_come(self, at: int, request: Request) -> bool:
        """Whether a request that changes nothing may be sent before a step."""
        return all(shown.at < at or (at <= shown.begin and shown.apart(request)) for shown in self.shows)

    def insert(self, at: int, request: Request) -> None:
        """Send a request that changes nothing before a step."""
        self.requests.insert(at, request)
        self.states.insert(at, self.states[at])
        self.reached = [(step + (step >= at), goal) for step, goal in self.reached]
        for shown in self.shows:
            shown.come_before(at)


class Filler:
    """Fills sequences.

    Parameters
    ----------
    combining: what is left to be shown.
    drafts: the sequences that there are.
    """

    def __init__(self, combining: Combining, drafts: Sequence[Draft]) -> None:
        self.combining, self.pool = combining, combining.pool
        self.drafts = list(drafts)
        requests = sum(len(draft.requests) for draft in drafts)
        self.requests = max(SMALL, int(requests * MORE))
        self.sequences = max(SMALL, int(len(drafts) * MORE))

    def fill(self) -> list[Draft]:
        """The sequences, filled, and the new ones after them."""
        for draft in self.drafts:
            self._choose(draft)
        self._extend(FEWEST_FIRST)
        self._anew()
        self._extend(1)
        return self.drafts

    def _choose(self, draft: Draft) -> None:
        """Of the requests that are alike at each step, the one that shows most."""
        combining = self.combining
        for at, request in enumerate(draft.requests):
            index, number = draft.states[at], combining.alike_of[request]
            row, alike = combining.row(number, index), combining.alike[number]
            if row is None:
                continue
            known = next(which for which, one in enumerate(alike.lists) if one.request is request)
            gains = combining.gains(row, alike.values, index, whole=False)
            more = [which for which in np.argsort(-gains, kind="stable").tolist() if gains[which] > gains[known]]
            which = next((which for which in more if draft.may_be(at, alike.lists[which].request)), known)
            draft.requests[at] = alike.lists[which].request
            draft.reached += [(at, goal) for goal in combining.shown(row, alike.values[which], index)]

    def _extend(self, least: int) -> None:
        """More requests in the sequences that there are, each of which shows so many goals at the least."""
        room: dict[int, list[Draft]] = {}
        for draft in sorted(self.drafts, key=lambda draft: len(draft.requests)):
            for index in dict.fromkeys(draft.states if len(draft.requests) < FULLEST else ()):
                room.setdefault(index, []).append(draft)

        def place(index: int, request: Request) -> tuple[Draft, int] | None:
            stays = self._stays(index, request)
            places = (
                (draft, at)
                for draft in room[index]
                if len(draft.requests) < FULLEST
                for at in (reversed(range(len(draft.states))) if stays else (len(draft.requests),))
                if draft.states[at] == index and draft.may_come(at, request)
            )
            return next(places, None)

        richest = sorted(room, key=lambda index: (-self.combining.single_values(index).sum(), index))
        for _ in self._sent(richest[:RICHEST], least, place):
            pass

    def _sent(
        self, states: Iterable[int], least: int, place: Callable[[int, Request], tuple[Draft, int] | None]
    ) -> Iterator[Draft]:
        """Send in these states what shows most, then what shows most of the rest, while there may be more.

        Parameters
        ----------
        place: where to send a request in a state, if anywhere.
        """
        combining, heap = self.combining, list[tuple[int, int, int]]()
        nowhere: dict[int, set[int]] = {}
        for index in states:
            single = combining.single_values(index)
            for at in combining.deciding_in(index):
                row = combining.rows[at]  # no request shows more of it than this
                if single[at] + row.most_of_two >= least:
                    heap.append((-GOAL * int(single[at] + row.most_of_two + 1), index, at))
        heapify(heap)
        while heap and self.requests > 0:
            _, index, at = heappop(heap)
            gain, chosen = combining.best(index, at, nowhere.get(index, ()))
            if chosen is None or gain < least * GOAL:
                continue
            if not heap or gain >= -heap[0][0] * NEAR_ENOUGH:
                found = place(index, combining.request(chosen))
                if found is None:
                    nowhere.setdefault(index, set()).add(chosen.number)
                else:
                    yield self._send(*found, chosen)
            heappush(heap, (-gain, index, at))

    def _stays(self, index: int, request: Request) -> bool:
        """Whether a request leaves a state as it is, and fires nothing."""
        after, verdict = self.pool.oracle.decide(self.pool.states[index], request)
        return after == self.pool.states[index] and not verdict.fired

    def _send(self, draft: Draft, at: int, chosen: Chosen) -> Draft:
        index, request = draft.states[at], self.combining.request(chosen)
        draft.insert(at, request)
        if at == len(draft.requests) - 1:
            draft.states[-1] = self.pool.index_of(self.pool.oracle.decide(self.pool.states[index], request)[0])
        draft.reached += [(at, goal) for goal in self.combining.shown_by(chosen, index)]
        self.requests -= 1
        return draft

    def _anew(self) -> None:
        """New sequences, to where most is left for each request."""
        scores = [(-self._worth(index), index) for index in range(len(self.pool))]
        heapify(scores)
        while scores and self.sequences > 0 and self.requests > 0:
            _, index = heappop(scores)
            worth = self._worth(index)
            if worth < 1:
                continue
            if scores and worth < -scores[0][0]:
                heappush(scores, (-worth, index))
            else:
                self._new(index)

    def _new(self, index: int) -> None:
        """A new sequence to a state, and what can be shown there and on the way."""
        start, steps = self.pool.path(index)
        draft = Draft(self.pool.states[start], [request for request, _ in steps], [start, *(at for _, at in steps)])
        self.sequences -= 1
        self.requests -= len(steps)
        self._choose(draft)
        longest = max(LONGEST, len(steps) + 3)

        def place(where: int, request: Request) -> tuple[Draft, int] | None:
            return (draft, draft.states.index(where)) if self._stays(where, request) else None

        for made in self._sent(tuple(dict.fromkeys(reversed(draft.states))), 1, place):
            if len(made.requests) >= longest:
                break
        self.drafts.append(draft)

    def _worth(self, index: int) -> float:
        """How many goals a new sequence to a state shows at the most for each request, of single values."""
        gains = np.sort(self.combining.single_values(index))[::-1]
        depth = self.pool.depth[index]
        every = gains[: max(3, LONGEST - depth)].cumsum()
        return float((every / (depth + 1 + np.arange(len(every)))).max(initial=0))
