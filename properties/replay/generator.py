"""A log generator: logs of systems that follow the declarations, and of some that do not.

A case that is faulty has one wrong answer, or runs on a mutant of the system, of which one declaration is changed; that
need not show. Every case has a generator of random numbers of its own, made of the seed and its number, so that a part
of a log is the same whatever the rest is.
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import accumulate
from operator import itemgetter
from random import Random

import attrs

from properties.conformance.observation import NOTHING
from properties.conformance.targets.target import Target
from properties.mutation.mutants import Mutant, mutants_of
from properties.replay.sampling import Sampler
from statemachines.errors import DeclarationError, NoVerdictError
from statemachines.language.gates import Verdict
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State, System
from statemachines.language.terms import ASPECTS
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Scenario

ACCEPTED = 0.75
"""The part of the requests that are drawn from those that pass or change something."""
TOWARD_GOALS = 0.75
"""The part of the cases that go through a run to a goal."""
BEGIN = datetime(2020, 1, 6, tzinfo=UTC)
"""When logs begin."""
BEGINNINGS = 1_000
"""In how many states cases begin, where something has happened before."""
YEAR = 365 * 24 * 3600.0
"""How long they last, in seconds."""
BURSTS = 3
"""By which power of its exponential draw a time between requests of a case is longer: many in a day, then months."""


@attrs.frozen
class LogFault:
    """What is wrong with a case.

    Parameters
    ----------
    mutant: the mutant of the system on which it runs; ``None`` where one answer is another one.
    """

    mutant: Mutant | None = None

    def __str__(self) -> str:
        return str(self.mutant) if self.mutant else "one answer is another one"


@attrs.frozen
class LogOptions:
    """What a log is like.

    Parameters
    ----------
    cases: how many.
    length: the mean number of requests of a case that goes through no run.
    seed: of the random numbers.
    faults: the part of the cases that are faulty, 0 to 1.
    hidden: the request types that happen without an entry.
    skew: by how many seconds the clock of an entry is early or late, at most.
    repeated: the part of the entries that are written twice, 0 to 1.
    before: how many requests have happened when the log begins.
    accepted: the part of the requests that are drawn from those that pass or change something, 0 to 1; the others are
        any.
    toward_goals: the part of the cases that go through a run to a goal, 0 to 1.
    """

    cases: int
    length: int = 20
    seed: int = 0
    faults: float = 0.0
    hidden: tuple[RequestType, ...] = ()
    skew: float = 0.0
    repeated: float = 0.0
    before: int = 0
    accepted: float = ACCEPTED
    toward_goals: float = TOWARD_GOALS


Entry = Mapping[str, str]
"""One line of a log: ``case``, ``time``, ``id``, ``request``, the fields, the aspects of the verdict."""


class LogGenerator:
    """Makes logs of a system.

    Parameters
    ----------
    system: the declarations.
    options: what the log is like.
    target: whose answers the log has; by default, those of the rules.
    runs: runs to goals, such as the sequences that `conform` sends; without them, every request is drawn at random.
    """

    def __init__(
        self, system: System, options: LogOptions, target: Target | None = None, runs: Sequence[Scenario] = ()
    ) -> None:
        self.system, self.options, self.target, self.runs = system, options, target, runs
        self.oracle = Oracle(system)
        self.mutants = mutants_of(system).mutants if options.faults else ()
        self._oracles: dict[str, Oracle] = {}
        self._sampler = Sampler(self.oracle, options.accepted)
        self._outcomes = system.values_of("outcome")
        self._begun: dict[int, State] = {}
        self._fields: dict[Request, dict[str, str]] = {}
        self._shown: dict[int, tuple[Verdict, dict[str, str]]] = {}

    def entries(self) -> Iterator[Entry]:
        """The entries, case after case."""
        for number in range(self.options.cases):
            yield from self.case(number)

    def faulty(self, number: int) -> LogFault | None:
        """What is wrong with a case, or ``None``."""
        if not self.mutants:
            return None
        random = Random(f"{self.options.seed}:{number}:fault")
        if random.random() >= self.options.faults:
            return None
        return LogFault(random.choice(self.mutants) if random.random() < 0.5 else None)

    def start(self, number: int) -> State:
        """The state in which a case begins."""
        return self._begin(number)[1]

    def _begin(self, number: int) -> tuple[Random, State, deque[Request]]:
        """The random numbers of a case, the state in which it begins, and what is left then of a run to a goal."""
        options = self.options
        random = Random(f"{options.seed}:{number}")
        if self.runs and random.random() < options.toward_goals:
            run = random.choice(self.runs)
            state, ahead = run.start, deque(run.requests)
            for _ in range(random.randint(0, min(options.before, len(ahead) - 1))):
                state, _ = self.oracle.decide(state, ahead.popleft())
            return random, state, ahead
        state = self._middle(number % BEGINNINGS) if options.before else self._initial(random)
        return random, state, deque()

    def _initial(self, random: Random) -> State:
        return self.system.state_type(random.choice(lifecycle.initial) for lifecycle in self.system.lifecycles)

    def _middle(self, number: int) -> State:
        """One of the states that requests have led to when logs begin."""
        if number not in self._begun:
            random = Random(f"{self.options.seed}:{number}:before")
            state, sent = self._initial(random), Counter[int]()
            for _ in range(self.options.before):
                state, _ = self.oracle.decide(state, self._sampler.drawn(state, sent, random))
            self._begun[number] = state
        return self._begun[number]

    def case(self, number: int) -> Iterator[Entry]:
        """The entries of one case, in the order in which its clocks have them.

        Raises
        ------
        Misbehaved: where the target gives no answer.
        """
        random, state, ahead = self._begin(number)
        case, hidden, skew = f"{number:08}", self.options.hidden, self.options.skew
        happened = list(self._happened(number, state, ahead, random))
        written: list[Entry] = []
        for index, ((request, shown), seconds) in enumerate(zip(happened, _times(len(happened), random), strict=True)):
            if request.type in hidden:
                continue
            time = (BEGIN + timedelta(seconds=seconds + random.uniform(-1, 1) * skew)).isoformat(
                timespec="milliseconds"
            )
            entry = {"case": case, "time": time, "id": f"{number}-{index}", **self._request(request), **shown}
            written += [entry] * (2 if random.random() < self.options.repeated else 1)
        yield from sorted(written, key=itemgetter("time"))

    def _happened(
        self, number: int, state: State, ahead: deque[Request], random: Random
    ) -> Iterator[tuple[Request, Mapping[str, str]]]:
        """The requests of one case, each with the aspects of its verdict in words."""
        if self.target:
            self.target.reset(state)
        fault, sampler, sent = self.faulty(number), self._sampler, Counter[int]()
        oracle = self._oracle(fault.mutant) if fault and fault.mutant else self.oracle
        toward_goal = bool(ahead)
        count = len(ahead) or max(1, round(random.expovariate(1 / self.options.length)))
        wrong = random.randrange(count) if fault and not fault.mutant else None
        index = 0
        while ahead if toward_goal else index < count:
            request = sampler.toward(state, ahead, random) if toward_goal else sampler.drawn(state, sent, random)
            try:
                state, verdict = oracle.decide(state, request)
            except (NoVerdictError, DeclarationError):
                return  # the mutant has nothing to say
            shown = _words(self.target.send(request).shown) if self.target else self._words(verdict)
            if index == wrong:
                others = [one for one in self._outcomes if one is not verdict.outcome]
                shown = {**shown, **_words({"outcome": random.choice(others or [verdict.outcome])})}
            yield request, shown
            index += 1

    def _oracle(self, mutant: Mutant) -> Oracle:
        if mutant.name not in self._oracles:
            self._oracles[mutant.name] = Oracle(mutant.system)
        return self._oracles[mutant.name]

    def _request(self, request: Request) -> dict[str, str]:
        if request not in self._fields:
            fields = request.as_dict()
            self._fields[request] = {"request": fields.pop("type"), **fields}
        return self._fields[request]

    def _words(self, verdict: Verdict) -> dict[str, str]:
        known = self._shown.get(id(verdict))
        if known is None:  # the verdict is kept, so that its id stays its own
            shown = _words({aspect: getattr(verdict, aspect) for aspect in ASPECTS})
            known = self._shown[id(verdict)] = verdict, shown
        return known[1]


def _words(shown: Mapping[str, Enum | None]) -> dict[str, str]:
    return {aspect: NOTHING if value is None else str(value.value) for aspect, value in shown.items()}


def _times(count: int, random: Random) -> Iterator[float]:
    """When the requests of a case happen within the year: often one soon after another, at times much later."""
    *times, last = accumulate(random.expovariate(1) ** BURSTS for _ in range(count + 1))
    yield from (YEAR * time / last for time in times)
