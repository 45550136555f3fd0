"""Runs: a system under test beside the reference, every claim checked at every step."""

from enum import Enum
from functools import cached_property, lru_cache
from typing import Protocol

import attrs

from properties.walks.coverage import Coverage
from properties.walks.shrinking import shortened
from statemachines.language.claims import Always, Claims
from statemachines.language.expression import FALSE, Expr, Moment
from statemachines.language.gates import Verdict
from statemachines.language.requests import Request
from statemachines.language.system import State, System
from statemachines.semantics.comparison import inadmissible
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.regulated import RegulatedOracle
from statemachines.semantics.trace import Scenario, Step


class ObservedVerdict(Protocol):
    """What an observer sees of one request: a `Verdict`, or anything else with these attributes."""

    @property
    def outcome(self) -> Enum: ...

    @property
    def at(self) -> Enum: ...

    @property
    def reason(self) -> Enum: ...

    @property
    def response(self) -> Enum | None: ...

    @property
    def via(self) -> tuple[Enum, ...]: ...


class SystemUnderTest(Protocol):
    """A system under test, which is put into a state and then sent requests."""

    def reset(self, state: State) -> None:
        """Be in this state, whatever was before."""

    def send(self, request: Request) -> ObservedVerdict:
        """Process the request; returns what an observer sees of it."""


@attrs.define(eq=False)
class OracleTarget:
    """The reference: the oracle of a system, as a system under test; what it shows is always right.

    Parameters
    ----------
    system: the declarations that it keeps to.
    """

    system: System
    _state: State = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._state = self.system.state()

    def reset(self, state: State) -> None:
        """Be in this state; it may be one of another system with the same variables."""
        self._state = self.system.state(**state.as_dict())

    def send(self, request: Request) -> Verdict:
        """The oracle's verdict."""
        self._state, verdict = oracle(self.system).decide(self._state, request)
        return verdict


class Broken(AssertionError):  # noqa: N818  # a finding, and no error of anyone who runs this
    """A run violated a claim, or differed from the reference.

    The message says what was violated, under which rules, and has a shortest run that shows it. The run is shortened
    when the message is first asked for, since Hypothesis comes by many failures and reports one.

    Parameters
    ----------
    setup: of the machine whose run failed.
    violation: what was violated.
    scenario: the run up to the failure.
    """

    def __init__(self, setup: "Setup", violation: "Violation", scenario: Scenario) -> None:
        super().__init__(violation.name)
        self.setup = setup
        self.violation = violation
        self.scenario = scenario

    @cached_property
    def shortest(self) -> Scenario:
        """A shortest run that fails for the same reason; see `properties.walks.shrinking`."""
        return shortened(self.setup.claims.system, self.scenario, self._fails)

    def _fails(self, sequence: Scenario) -> int:
        run = Run(attrs.evolve(self.setup, coverage=None))
        try:
            run.reset(sequence.start)
            for request in sequence.requests:
                run.send(request)
        except Broken as other:
            return len(run.requests) if other.violation.name == self.violation.name else -1
        return -1

    @cached_property
    def _message(self) -> str:
        system = self.setup.claims.system
        cited = (system.register[each] for each in self.violation.rules)
        trace = self.shortest.replay(system, oracle(system))
        lines = [
            self.violation.name,
            *(f"  {each.id}: {each.statement} ({each.source})" for each in cited),
            trace.text(),
        ]
        return "\n".join(lines + ([self.violation.detail] if self.violation.detail else []))

    def __str__(self) -> str:
        return self._message


@attrs.frozen
class Violation:
    """What a run violates, identified by its name, and the ids of the rules that require it."""

    name: str
    rules: tuple[str, ...]
    detail: str = ""


@lru_cache(maxsize=8)
def regulated_oracle(system: System) -> RegulatedOracle:
    """What decides requests of a system on its rules alone, shared by everything in this process."""
    return RegulatedOracle(system)


@lru_cache(maxsize=8)
def oracle(system: System) -> Oracle:
    """The oracle of a system, shared by everything in this process."""
    return Oracle(system)


@attrs.frozen(eq=False)
class Setup:
    """What the runs of one machine share.

    Parameters
    ----------
    claims: the system and what is claimed of it.
    checked: the claims that are checked after every step.
    target: the system under test, if it is not the reference itself.
    compared: whether its verdicts have to be the reference's.
    coverage: counts what is reached, if anything does.
    """

    claims: Claims
    checked: tuple[Always, ...]
    target: SystemUnderTest | None
    compared: bool
    coverage: Coverage | None
    _folded: dict[tuple[Always, Request | None], Expr] = attrs.field(init=False, factory=dict, repr=False)

    def broken(self, moment: Moment) -> Always | None:
        """The first claim that the moment violates."""
        for claim in self.checked:
            if claim.of_steps == (moment.request is not None):
                breach = self._breach(claim, moment.request)
                if breach is not FALSE and breach.holds(moment):
                    return claim
        return None

    def _breach(self, claim: Always, request: Request | None) -> Expr:
        """The condition under which the claim is violated, with the request's fields filled in."""
        key = (claim, request)
        if key not in self._folded:
            breach = claim.when & ~claim.then
            self._folded[key] = breach.given(request.bindings(), request.type) if request else breach
        return self._folded[key]


class Run:
    """One run: the reference and the system under test side by side, checked at every step."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.system = setup.claims.system
        self.start = self.state = self.system.state()
        self.requests: list[Request] = []

    def reset(self, state: State) -> None:
        """Start in a state."""
        self.start = self.state = state
        if self.setup.target:
            self.setup.target.reset(state)
        self._check(Moment(state.as_dict()))

    def send(self, request: Request) -> Step:
        """Send a request and check everything; returns the reference's step."""
        __tracebackhide__ = True
        before = self.state
        self.state, verdict = oracle(self.system).decide(before, request)
        self.requests.append(request)
        seen: ObservedVerdict = self.setup.target.send(request) if self.setup.target else verdict
        if self.setup.coverage:
            self.setup.coverage.add(request, verdict)
        if self.setup.compared:
            self._compare(verdict, seen)
        step = Step(before, request, verdict, self.state)
        self._check(step.moment if seen is verdict else attrs.evolve(step.moment, verdict=seen))
        self._check(Moment(self.state.as_dict()))
        return step

    def _compare(self, verdict: Verdict, seen: ObservedVerdict) -> None:
        __tracebackhide__ = True
        for aspect in inadmissible(verdict, lambda aspect, value: getattr(seen, aspect) is value):
            name = f"the {aspect} is not the reference's"
            raise self._broken(name, verdict.rules, f"     the system under test: {_word(getattr(seen, aspect))}")

    def _check(self, moment: Moment) -> None:
        __tracebackhide__ = True
        claim = self.setup.broken(moment)
        if claim:
            raise self._broken(f"this does not hold: {claim.name}", claim.rules)

    def _broken(self, name: str, rules: tuple[str, ...], detail: str = "") -> Broken:
        return Broken(self.setup, Violation(name, rules, detail), Scenario(self.start, tuple(self.requests)))


def _word(value: Enum | None) -> str:
    return "nothing" if value is None else str(value.value)
