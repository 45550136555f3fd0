"""Who takes part: every peer that is installed, and our own readings; all have to see the same."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import attrs

from benchmarks.chart import Seen, chart, message
from benchmarks.peers import ours
from benchmarks.timing import Runner
from statemachines import Request, State
from statemachines.language.system import System

ORACLE = "our oracle"
LIVE = "our live machines (made of transitions)"


class Disagreement(Exception):  # noqa: N818  # it is what was found
    """Two contestants do not see the same."""


@attrs.frozen
class Peer:
    """A library that machines can be made with.

    Parameters
    ----------
    package: its name where packages are had.
    imported: the name it is imported by.
    module: our module that makes its machines.
    """

    package: str
    imported: str
    module: str

    @property
    def installed(self) -> bool:
        """Whether it can be imported."""
        return find_spec(self.imported) is not None

    @property
    def label(self) -> str:
        """Its name and version."""
        return f"{self.package} {version(self.package)}"


PEERS = (
    Peer("transitions", "transitions", "benchmarks.peers.transitions_peer"),
    Peer("python-statemachine", "statemachine", "benchmarks.peers.python_statemachine_peer"),
    Peer("Automat", "automat", "benchmarks.peers.automat_peer"),
    Peer("sismic", "sismic", "benchmarks.peers.sismic_peer"),
)


@attrs.frozen(eq=False)
class Race:
    """The same requests for everybody.

    Parameters
    ----------
    system: lifecycles, and facts that never change while it runs.
    start: the state that it starts in.
    requests: in order.
    """

    system: System
    start: State
    requests: Sequence[Request]

    def runners(self, *, peers: bool = True, live: bool = True) -> dict[str, Callable[[], Runner]]:
        """For each contestant what makes a run from the start, ready to be timed."""
        made: dict[str, Callable[[], Runner]] = {}

        def fresh(runner: Callable[..., Callable[..., Any]], given: Any, *arguments: Any) -> Callable[[], Runner]:
            def make() -> Runner:
                run = runner(*arguments)
                return lambda: run(given)

            return make

        oracle = ours.oracle(self.system, self.start, self.requests)  # it holds no state, so that one is enough
        made[ORACLE] = lambda: lambda: oracle(self.requests)
        if peers:
            charts = [chart(self.system, one, self.start) for one in self.system.lifecycles if one.transitions]
            messages = [message(request) for request in self.requests]
            for peer in PEERS:
                if peer.installed:
                    made[peer.label] = fresh(import_module(peer.module).runner, messages, charts)
        if live:
            made[LIVE] = fresh(ours.live_machines, self.requests, self.system, self.start)
        return made

    def seen(self, name: str, answers: Sequence[Any]) -> list[Seen]:
        """What a contestant has seen, in the words of all."""
        return ours.as_seen(self.system, self.requests, answers) if name in {ORACLE, LIVE} else list(answers)

    def agreed(self, answers: Mapping[str, Sequence[Any]]) -> list[Seen]:
        """What all of them have seen; `Disagreement` if they have not seen the same."""
        expected = self.seen(ORACLE, answers[ORACLE])
        if LIVE in answers and answers[LIVE] != answers[ORACLE]:
            raise Disagreement(f"{self.system.name}: {LIVE} give other verdicts than {ORACLE}")
        for name, given in answers.items():
            seen = self.seen(name, given)
            if seen != expected:
                at = next((at for at, two in enumerate(zip(seen, expected, strict=False)) if two[0] != two[1]), None)
                what = "another number of answers" if at is None else f"{seen[at]} as number {at}, not {expected[at]}"
                raise Disagreement(f"{self.system.name}: {name} sees {what}")
        return expected


def missing() -> list[str]:
    """The peers that are not installed."""
    return [peer.package for peer in PEERS if not peer.installed]
