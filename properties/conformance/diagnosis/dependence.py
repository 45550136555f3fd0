"""Dependence: on what it depends that a target goes wrong.

The steps that go wrong are asked again in states, and with fields, that differ in one value. Where the target then
answers otherwise and the reference does not, or the reference does and the target does not, that value's variable or
field is what the target takes account of wrongly. It tells apart what one step cannot: whose check is too strict, or
which part of a condition is left out.
"""

import time
from collections.abc import Callable, Iterator, Sequence

import attrs

from properties.conformance.diagnosis.failing import FailingRun, taken
from properties.conformance.observation import Observation, differs
from properties.conformance.targets.misbehaviour import Misbehaved, OutOfTime
from properties.conformance.targets.target import Target
from statemachines.language.gates import Verdict
from statemachines.language.requests import Request
from statemachines.language.system import State, System
from statemachines.language.terms import ASPECTS
from statemachines.semantics.trace import Step

PROBE_SECONDS = 5.0
"""How long a target is asked about one run; one that is slower is asked in part."""


@attrs.frozen
class Dependence:
    """The names of variables and fields that a target takes account of wrongly.

    Parameters
    ----------
    extra: those on which it depends that the target goes wrong, and on which nothing should.
    ignored: those on which the answer should depend, and the target's does not.
    """

    extra: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()


NOT_KNOWN = Dependence()

Depends = Callable[[FailingRun], Dependence]


def dependence(target: Target, system: System, run: FailingRun, seconds: float = PROBE_SECONDS) -> Dependence:
    """What the target takes account of wrongly in a run, as far as one value tells.

    It is asked of a target that can be put into any state, and of a run of which it is known which step is wrong.
    """
    if run.wrong is None:
        return NOT_KNOWN
    ends = time.monotonic() + seconds
    steps = run.run[run.wrong :]
    extra, ignored = set[str](), set[str]()
    try:
        expected, seen = _expected(steps), _answers(target, steps)
        for name, start, requests in _neighbours(system, steps):
            if time.monotonic() > ends:
                break
            if not _can_be_asked(target, start, requests):
                continue
            here = taken(system, start, requests)
            answers = _answers(target, here)
            same = _expected(here) == expected
            if same != (_words(answers) == _words(seen)):
                (extra if same else ignored).add(name)
            elif steps[-1].verdict.passed and here[-1].verdict.passed and _conforms(here, answers):
                extra.add(name)
    except (Misbehaved, OutOfTime):
        pass
    return Dependence(frozenset(extra), frozenset(ignored))


def alike_nearby(target: Target, system: System, run: FailingRun, ends: float) -> Iterator[FailingRun]:
    """The step that is wrong, and what follows, with one value changed on which neither verdict depends.

    Parameters
    ----------
    ends: when to stop, by `time.monotonic`.
    """
    if run.wrong is None or run.seen is None:
        return
    steps = run.run[run.wrong :]
    expected, seen = _expected(steps), run.seen.as_dict()
    try:
        for _, start, requests in _neighbours(system, steps):
            if time.monotonic() > ends:
                return
            here = taken(system, start, requests)
            if _expected(here) == expected and _can_be_asked(target, start, requests):
                *before, last = _answers(target, here)
                if last.as_dict() == seen and _conforms(here[:-1], before):
                    yield attrs.evolve(run, run=here, seen=last, wrong=0)
    except (Misbehaved, OutOfTime):
        return


def _neighbours(system: System, steps: Sequence[Step]) -> Iterator[tuple[str, State, tuple[Request, ...]]]:
    """The steps again, with another value of one field of the first or last request, or of one variable at first."""
    start, requests = steps[0].before, tuple(step.request for step in steps)
    for at in sorted({0, len(requests) - 1}):
        kind, values = requests[at].type, {field.name: value for field, value in requests[at].bindings().items()}
        for field in kind.fields:
            for value in field.domain:
                if value is not values[field.name]:
                    asked = kind(**{**values, field.name: value})
                    yield field.name, start, (*requests[:at], asked, *requests[at + 1 :])
    for lifecycle in system.lifecycles:
        for value in lifecycle.variable.domain:
            other = system.state(**{**start.as_dict(), lifecycle.name: value})
            if other != start and not system.broken_constraints(other):
                yield lifecycle.name, other, requests


def _can_be_asked(target: Target, start: State, requests: Sequence[Request]) -> bool:
    statement = target.statement
    return statement.why_not_start(start) is None and all(statement.why_not(one) is None for one in requests)


def _expected(steps: Sequence[Step]) -> list[dict[str, object]]:
    return [_specified(step.verdict) for step in steps]


def _specified(verdict: Verdict) -> dict[str, object]:
    return {aspect: getattr(verdict, aspect) for aspect in ASPECTS if aspect not in verdict.unspecified}


def _answers(target: Target, steps: Sequence[Step]) -> list[Observation]:
    target.reset(steps[0].before)
    return [target.send(step.request) for step in steps]


def _words(answers: Sequence[Observation]) -> list[dict[str, object]]:
    return [answer.as_dict() for answer in answers]


def _conforms(steps: Sequence[Step], answers: Sequence[Observation]) -> bool:
    return not any(differs(step.verdict, answer) for step, answer in zip(steps, answers, strict=True))
