"""Runs: a system under test beside the reference, every claim checked at every step, a failure told in words."""

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
from statemachines.semantics.trace import Scenario, Step


class Seen(Protocol):
    """What is seen of one request. A `Verdict` is one, and so is anything with these attributes."""

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


class Target(Protocol):
    """A system under test: put into a state, then sent requests."""

    def reset(self, state: State) -> None:
        """Be in this state, whatever was before."""

    def send(self, request: Request) -> Seen:
        """Process the request and say what is seen of it."""


@attrs.define(eq=False)
class OracleTarget:
    """The reference: the oracle of a system, as a target."""

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
    """A run broke a claim, or differed from the reference.

    Its message tells what, under which rules, and the shortest run found that shows it; that is looked for when the
    message is first asked for, since Hypothesis meets many failures and shows one.
    """

    def __init__(self, setup: "Setup", what: "Breach", run: Scenario) -> None:
        super().__init__(what.name)
        self.setup = setup
        self.what = what
        self.run = run

    @cached_property
    def shortest(self) -> Scenario:
        """The shortest run found that fails for the same reason."""
        return shortened(self.setup.claims.system, self.run, self._fails)

    def _fails(self, sequence: Scenario) -> int:
        run = Run(attrs.evolve(self.setup, coverage=None))
        try:
            run.reset(sequence.start)
            for request in sequence.requests:
                run.send(request)
        except Broken as other:
            return len(run.requests) if other.what.name == self.what.name else -1
        return -1

    @cached_property
    def _message(self) -> str:
        system = self.setup.claims.system
        cited = (system.register[each] for each in self.what.rules)
        trace = self.shortest.replay(system, oracle(system))
        lines = [self.what.name, *(f"  {each.id}: {each.statement} ({each.source})" for each in cited), trace.text()]
        return "\n".join(lines + ([self.what.detail] if self.what.detail else []))

    def __str__(self) -> str:
        return self._message


@attrs.frozen
class Breach:
    """What a run breaks: told apart by name; and the rules that say so."""

    name: str
    rules: tuple[str, ...]
    detail: str = ""


@lru_cache(maxsize=8)
def oracle(system: System) -> Oracle:
    """The oracle of a system, which every run in this process shares."""
    return Oracle(system)


@attrs.frozen(eq=False)
class Setup:
    """What all runs of one machine share.

    Parameters
    ----------
    claims: the system and what is claimed of it.
    checked: the claims that are checked after every step.
    target: what is tested beside the reference, if anything.
    compared: whether the target's verdicts have to be the reference's.
    coverage: where to count what was reached, if anywhere.
    """

    claims: Claims
    checked: tuple[Always, ...]
    target: Target | None
    compared: bool
    coverage: Coverage | None
    _folded: dict[tuple[Always, Request | None], Expr] = attrs.field(init=False, factory=dict, repr=False)

    def broken(self, moment: Moment) -> Always | None:
        """The first claim that the moment breaks."""
        for claim in self.checked:
            if claim.of_steps == (moment.request is not None):
                breach = self._breach(claim, moment.request)
                if breach is not FALSE and breach.holds(moment):
                    return claim
        return None

    def _breach(self, claim: Always, request: Request | None) -> Expr:
        """When the claim is broken, as far as the request's fields do not settle it."""
        key = (claim, request)
        if key not in self._folded:
            breach = claim.when & ~claim.then
            self._folded[key] = breach.given(request.bindings(), request.type) if request else breach
        return self._folded[key]


class Run:
    """One run: the reference and the target side by side, and what is checked of them."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.system = setup.claims.system
        self.start = self.state = self.system.state()
        self.requests: list[Request] = []

    def reset(self, state: State) -> None:
        """Start here."""
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
        seen: Seen = self.setup.target.send(request) if self.setup.target else verdict
        if self.setup.coverage:
            self.setup.coverage.add(request, verdict)
        if self.setup.compared:
            self._compare(verdict, seen)
        step = Step(before, request, verdict, self.state)
        self._check(step.moment if seen is verdict else attrs.evolve(step.moment, verdict=seen))
        self._check(Moment(self.state.as_dict()))
        return step

    def _compare(self, verdict: Verdict, seen: Seen) -> None:
        __tracebackhide__ = True
        for aspect in inadmissible(verdict, lambda aspect, value: getattr(seen, aspect) is value):
            name = f"the {aspect} is not the reference's"
            raise self._broken(name, verdict.rules, f"     the system under test: {_said(getattr(seen, aspect))}")

    def _check(self, moment: Moment) -> None:
        __tracebackhide__ = True
        claim = self.setup.broken(moment)
        if claim:
            raise self._broken(f"this does not hold: {claim.name}", claim.rules)

    def _broken(self, name: str, rules: tuple[str, ...], detail: str = "") -> Broken:
        return Broken(self.setup, Breach(name, rules, detail), Scenario(self.start, tuple(self.requests)))


def _said(value: Enum | None) -> str:
    return "nothing" if value is None else str(value.value)
