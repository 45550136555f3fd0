"""The suite's layers as scenarios: its vectors, and the walks of its random layer, drawn once.

They are those that the suite draws at default settings for a system under test that supports everything, as far as
that system does what is expected: what steers a walk is the reference's state. Its first difference ends a walk, and
Hypothesis then draws otherwise; but a mutant is killed by then.
"""

from typing import ClassVar

from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from properties.conformance.options import WALKS
from properties.conformance.scope import shares_of
from properties.conformance.suite.store import suite_of
from properties.conformance.walk_strategy import showing
from properties.conformance.walks import STEPS
from properties.mutation.strength import Layers
from properties.walks.runs import Run, Setup, oracle
from properties.walks.stateful import Machine, state_machine, walking
from statemachines.language.claims import Claims
from statemachines.language.requests import Request
from statemachines.language.system import State
from statemachines.semantics.trace import Scenario, Step


class RecordedRun(Run):
    """A run of the reference alone, which checks nothing."""

    def __init__(self, setup: Setup, runs: list["RecordedRun"]) -> None:
        super().__init__(setup)
        self.runs = runs

    def reset(self, state: State) -> None:
        """Start here."""
        self.start = self.state = state
        self.runs.append(self)

    def send(self, request: Request) -> Step:
        """Send a request."""
        before = self.state
        self.state, verdict = oracle(self.system).decide(before, request)
        self.requests.append(request)
        return Step(before, request, verdict, self.state)


class Recording(Machine):
    """A machine whose runs are kept."""

    runs: ClassVar[list[RecordedRun]]

    def new_run(self) -> Run:
        """A run that is kept once it begins."""
        return RecordedRun(self.setup, self.runs)


def suite_layers(walks: int = WALKS) -> Layers:
    """The layers of this suite, whose random one has so many walks."""
    return Layers(
        vectors=lambda claims: tuple(vector.scenario for vector in suite_of(claims).vectors),
        walks=lambda claims, steered: random_walks(claims, steered=steered, walks=walks),
    )


def random_walks(claims: Claims, *, steered: bool, walks: int = WALKS, steps: int = STEPS) -> tuple[Scenario, ...]:
    """The walks, in the order in which they are drawn; Hypothesis may draw a few more than it is asked for.

    Parameters
    ----------
    claims: the system, and what is claimed of it.
    steered: whether they are steered as those of the suite are.
    walks, steps: how many, and of how many requests at the most.
    """
    runs: list[RecordedRun] = []
    base = type("Drawing", (Recording,), {"runs": runs})
    steers = showing(claims) if steered and walks else None  # which takes seconds
    for chunk, share in enumerate(shares_of(walks)):
        machine = seed(chunk)(state_machine(claims, steered=steered, steered_by=steers, base=base))
        limits = settings(max_examples=share, stateful_step_count=steps, derandomize=False, database=None)
        run_state_machine_as_test(machine, settings=walking(limits))
    return tuple(Scenario(run.start, tuple(run.requests)) for run in runs)
