"""A log generator: logs of systems that follow the declarations, and of some that do not.

A case that is faulty has one wrong answer, or runs on a mutant of the system, of which one declaration is changed; that
need not show. Every case has a generator of random numbers of its own, made of the seed and its number, so that a part
of a log is the same whatever the rest is.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random

import attrs

from properties.conformance.observation import NOTHING
from properties.conformance.targets.target import Target
from properties.mutation.mutants import Mutant, mutants_of
from statemachines.errors import DeclarationError, NoVerdictError
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State, System
from statemachines.language.terms import ASPECTS
from statemachines.semantics.oracle import Oracle

ACCEPTED = 0.75
"""The part of the requests that are drawn from those that pass or change something."""
NEAR = 0.5
"""The part of the others that are such a request with one field drawn anew."""
MOST_ENABLED = 1 << 16
"""For how many pairs of a state and a request type it is remembered what passes or changes something."""
BEGIN = datetime(2020, 1, 6, tzinfo=UTC)
"""When logs begin."""
BEGINNINGS = 1_000
"""In how many states cases begin, where something has happened before."""
YEAR = 365 * 24 * 3600.0
"""How long they last, in seconds."""


@attrs.frozen
class Fault:
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
    length: the mean number of requests of a case.
    seed: of the random numbers.
    faults: the part of the cases that are faulty, 0 to 1.
    hidden: the request types that happen without an entry.
    skew: by how many seconds the clock of an entry is early or late, at most.
    repeated: the part of the entries that are written twice, 0 to 1.
    before: how many requests have happened when the log begins.
    accepted: the part of the requests that are drawn from those that pass or change something, 0 to 1; the others are
        any.
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


Entry = Mapping[str, str]
"""One line of a log: ``case``, ``time``, ``id``, ``request``, the fields, the aspects of the verdict."""


class LogGenerator:
    """Makes logs of a system.

    Parameters
    ----------
    system: the declarations.
    options: what the log is like.
    target: whose answers the log has; by default, those of the rules.
    """

    def __init__(self, system: System, options: LogOptions, target: Target | None = None) -> None:
        self.system, self.options, self.target = system, options, target
        self.oracle = Oracle(system)
        self.mutants = mutants_of(system).mutants if options.faults else ()
        self._oracles: dict[str, Oracle] = {}
        self._kinds = [list(kind.requests()) for kind in system.requests]
        self._outcomes = system.values_of("outcome")
        self._begun: dict[int, State] = {}
        self._enabled = lru_cache(MOST_ENABLED)(self._find_enabled)

    def entries(self) -> Iterator[Entry]:
        """The entries, case after case."""
        for number in range(self.options.cases):
            yield from self.case(number)

    def faulty(self, number: int) -> Fault | None:
        """What is wrong with a case, or ``None``."""
        random = Random(f"{self.options.seed}:{number}:fault")
        if not self.mutants or random.random() >= self.options.faults:
            return None
        return Fault(random.choice(self.mutants) if random.random() < 0.5 else None)

    def start(self, number: int) -> State:
        """The state in which a case begins."""
        if self.options.before:
            return self._middle(number % BEGINNINGS)
        return self._initial(Random(f"{self.options.seed}:{number}"))

    def _initial(self, random: Random) -> State:
        return self.system.state_type(random.choice(lifecycle.initial) for lifecycle in self.system.lifecycles)

    def _middle(self, number: int) -> State:
        """One of the states that requests have led to when logs begin."""
        if number not in self._begun:
            random = Random(f"{self.options.seed}:{number}:before")
            state, sent = self._initial(random), Counter[int]()
            for _ in range(self.options.before):
                state, _ = self.oracle.decide(state, self._drawn(state, random, sent))
            self._begun[number] = state
        return self._begun[number]

    def case(self, number: int) -> Iterator[Entry]:
        """The entries of one case, in the order in which its clocks have them.

        Raises
        ------
        Misbehaved: where the target gives no answer.
        """
        random = Random(f"{self.options.seed}:{number}")
        state = self._initial(random)
        if self.options.before:
            state = self.start(number)
        if self.target:
            self.target.reset(state)
        fault = self.faulty(number)
        oracle = self._oracle(fault.mutant) if fault and fault.mutant else self.oracle
        count = max(1, round(random.expovariate(1 / self.options.length)))
        wrong = random.randrange(count) if fault and not fault.mutant else None
        clock = sorted(random.uniform(0, YEAR) for _ in range(count))
        written: list[dict[str, str]] = []
        sent = Counter[int]()
        for index, seconds in enumerate(clock):
            request = self._drawn(state, random, sent)
            try:
                state, verdict = oracle.decide(state, request)
            except (NoVerdictError, DeclarationError):
                break  # the mutant has nothing to say
            aspects = {aspect: getattr(verdict, aspect) for aspect in ASPECTS}
            if self.target:
                aspects = dict(self.target.send(request).shown)
            if index == wrong:
                others = [one for one in self._outcomes if one is not verdict.outcome]
                aspects["outcome"] = random.choice(others or [verdict.outcome])
            if request.type in self.options.hidden:
                continue
            time = BEGIN + timedelta(seconds=seconds + random.uniform(-1, 1) * self.options.skew)
            fields = request.as_dict()
            entry = {
                "case": f"{number:08}",
                "time": time.isoformat(timespec="milliseconds"),
                "id": f"{number}-{index}",
                "request": fields.pop("type"),
                **fields,
                **{aspect: NOTHING if value is None else str(value.value) for aspect, value in aspects.items()},
            }
            written += [entry] * (2 if random.random() < self.options.repeated else 1)
        yield from sorted(written, key=lambda entry: entry["time"])

    def _oracle(self, mutant: Mutant) -> Oracle:
        if mutant.name not in self._oracles:
            self._oracles[mutant.name] = Oracle(mutant.system)
        return self._oracles[mutant.name]

    def _find_enabled(self, state: State, number: int) -> tuple[Request, ...]:
        """The requests of the type with this number that pass or change something."""
        return tuple(self.oracle.enabled(state, self.system.requests[number]))

    def _drawn(self, state: State, random: Random, sent: Counter[int]) -> Request:
        """A request that passes or changes something, or any; of the former rather of a type that was drawn rarely.

        Half of the others have one field otherwise than one that passes.

        Parameters
        ----------
        sent: how often a request of each type was drawn for the case; is counted here.
        """
        accepted, near = random.random() < self.options.accepted, random.random() < NEAR
        if accepted or near:
            order = sorted(range(len(self._kinds)), key=lambda number: random.random() ** (1 + sent[number]) ** 2)
            for number in reversed(order):  # a type that was drawn n times has the weight 1 / (1 + n)²
                if enabled := self._enabled(state, number):
                    sent[number] += 1
                    request = random.choice(enabled)
                    return request if accepted else _altered(request, random)
        return random.choice(random.choice(self._kinds))


def _altered(request: Request, random: Random) -> Request:
    """The request with one field drawn anew."""
    if not request.type.fields:
        return request
    field = random.choice(request.type.fields)
    return request.replace(**{field.name: random.choice(field.domain)})
