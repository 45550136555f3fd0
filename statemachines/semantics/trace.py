"""Scenarios and traces: requests sent from a state, and the oracle's run of them."""

from collections.abc import Iterable, Mapping
from enum import Enum

import attrs

from statemachines.language.display import NotebookDisplay
from statemachines.language.expression import Moment
from statemachines.language.gates import Verdict
from statemachines.language.identity import Identified
from statemachines.language.requests import Request
from statemachines.language.system import State, System
from statemachines.semantics.oracle import Oracle


@attrs.frozen
class Scenario:
    """A state, and the requests that are sent from it in order: what a test sends, before anything answers.

    Parameters
    ----------
    start: the state before the first request.
    requests: in the order of sending.
    """

    start: State
    requests: tuple[Request, ...]

    def replay(self, system: System, oracle: Oracle | None = None) -> "Trace":
        """The run that the oracle of a system makes of it; see `replay`."""
        return replay(system, self.start, self.requests, oracle)


@attrs.frozen(eq=False)
class Step(Identified):
    """One step of a run: a request, the verdict on it, and the states before and after."""

    before: State
    request: Request
    verdict: Verdict
    after: State

    @property
    def changes(self) -> dict[str, tuple[Enum, Enum]]:
        """For each variable that it changed, the value before and after."""
        return changes(self.before, self.after)

    @property
    def moment(self) -> Moment:
        """The step as conditions and claims are evaluated of it."""
        return Moment(self.before.as_dict(), self.request, self.after.as_dict(), self.verdict)


@attrs.frozen(eq=False, repr=False)
class Trace(NotebookDisplay, Identified):
    """A run of a system from a state; make one with `replay`.

    Parameters
    ----------
    start: the state before the first step.
    steps: each from the state that the one before it leads to.
    """

    system: System
    start: State
    steps: tuple[Step, ...]

    def __repr__(self) -> str:
        return f"<trace of {self.system.name!r}: {len(self.steps)} steps>"

    @property
    def end(self) -> State:
        """The state after the last step."""
        return self.steps[-1].after if self.steps else self.start

    @property
    def scenario(self) -> Scenario:
        """The state that it starts in, and its requests."""
        return Scenario(self.start, tuple(step.request for step in self.steps))

    @property
    def start_in_words(self) -> str:
        """The values that set the initial state apart from the usual one, in words."""
        return _in_words(self.system, self.start, self.system.state())

    def text(self) -> str:
        """The run in words, a line or two for each step."""
        lines = [f"start: {self.start_in_words}"]
        for number, step in enumerate(self.steps, 1):
            lines.append(f"{number:>3}. {step.request}")
            lines.append(f"     {step.verdict}")
            lines += [f"     {change}" for change in self.changes_in_words(step)]
        return "\n".join(lines)

    def changes_in_words(self, step: Step) -> list[str]:
        """What a step changed, a line for each variable."""
        return [
            f"{self.system.lifecycle(name).variable.label}: {old.value} -> {new.value}"
            for name, (old, new) in step.changes.items()
        ]

    def as_dict(self) -> dict[str, object]:
        """The run for machines."""
        return {
            "start": {name: str(value.value) for name, value in self.start.as_dict().items()},
            "steps": [
                {
                    "request": step.request.as_dict(),
                    "verdict": verdict_as_dict(step.verdict),
                    "changes": changes_as_dict(step.changes),
                }
                for step in self.steps
            ],
        }


def _in_words(system: System, state: State, usual: State) -> str:
    """The values of a state that are not the usual ones, and those that a start can choose."""
    values = [
        f"{system.lifecycle(name).variable.label} {value.value}"
        for name, value in state.as_dict().items()
        if value is not usual.as_dict()[name] or len(system.lifecycle(name).initial) > 1
    ]
    return ", ".join(values) or "the initial state"


def replay(system: System, start: State, requests: Iterable[Request], oracle: Oracle | None = None) -> Trace:
    """The run that the oracle makes of these requests.

    Parameters
    ----------
    start: a state of the system, an initial one or any other.
    oracle: of this system, where one is at hand: compiling one takes longer than a few steps.

    Raises
    ------
    NoVerdictError: for a request to which the system gives no verdict.
    """
    oracle = oracle or Oracle(system)
    steps, state = [], start
    for request in requests:
        after, verdict = oracle.decide(state, request)
        steps.append(Step(state, request, verdict, after))
        state = after
    return Trace(system, start, tuple(steps))


def changes(before: State, after: State) -> dict[str, tuple[Enum, Enum]]:
    """For each variable that differs, its value before and after."""
    return {name: (old, new) for name, old, new in zip(before.names, before, after, strict=True) if old is not new}


def changes_as_dict(changed: Mapping[str, tuple[Enum, Enum]]) -> dict[str, dict[str, str]]:
    """The changes for machines."""
    return {name: {"from": str(old.value), "to": str(new.value)} for name, (old, new) in changed.items()}


def verdict_as_dict(verdict: Verdict) -> dict[str, object]:
    """The verdict for machines."""
    return {
        "outcome": str(verdict.outcome.value),
        "at": str(verdict.at.value),
        "reason": str(verdict.reason.value),
        "response": str(verdict.response.value) if verdict.response is not None else None,
        "rules": list(verdict.rules),
        "basis": verdict.basis.value,
        "assumptions": list(verdict.assumptions),
        "unspecified": list(verdict.unspecified),
    }
