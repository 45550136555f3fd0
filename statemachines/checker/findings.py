"""The results of a check: a finding for each claim, and a report on the system."""

from collections.abc import Callable, Mapping
from functools import cached_property

import attrs

from statemachines.checker.engine import Engine
from statemachines.checker.slices import SliceSize
from statemachines.checker.wellformed import WellFormedness
from statemachines.language.claims import Claim, LeadsTo
from statemachines.language.display import NotebookDisplay
from statemachines.language.expression import FALSE, Expr
from statemachines.language.system import System
from statemachines.semantics.trace import Trace


def never_happens(case: Expr) -> str:
    """Why a claim is vacuous, in words: its case is reached nowhere, or contradicts itself."""
    return "its condition contradicts itself" if case is FALSE else f"it never happens that {case.words()}"


def last_requests(number: int) -> str:
    """How a message names the last requests of a run."""
    return "the last request" if number == 1 else f"the last {number} requests"


def never_follows(claim: LeadsTo, loop: int) -> str:
    """What breaks a claim that something comes of something, in words: so many last requests repeat without it."""
    return f"{last_requests(loop)} can repeat for ever, and this never holds: {claim.then.words()}"


@attrs.frozen(eq=False, repr=False)
class Finding:
    """The result of checking one claim.

    Parameters
    ----------
    claim: which.
    holds: whether it does.
    states, transitions: how many states, and how many (state, request) pairs, were looked at, over all its slices.
    seconds: how long it took, without what others before it had explored.
    slices: the parts of the system that decided it, those with the fewest states first.
    counterexample: a shortest run that breaks it; for a claim on pairs of runs, the run with the first value.
    other_run: for a claim on pairs of runs, the run with the second value.
    witness: a shortest run to a case of it; where sets of states decided, it is looked for when it is asked for.
    vacuous: why its case never happens, in words; empty where it does.
    broken: what holds at the end of the counterexample and should not, in words.
    engine: what decided it.
    loop: for a claim that something comes of something, how many of the counterexample's last requests go on for ever.
    """

    claim: Claim
    holds: bool
    states: int = 0
    transitions: int = 0
    seconds: float = 0.0
    slices: tuple[SliceSize, ...] = ()
    counterexample: Trace | None = None
    other_run: Trace | None = None
    _witness: Trace | Callable[[], Trace | None] | None = attrs.field(default=None, alias="witness")
    vacuous: str = ""
    broken: str = ""
    engine: Engine = Engine.EXPLICIT
    loop: int = 0

    def __repr__(self) -> str:
        return f"<finding: {self.claim.name!r} {'holds' if self.holds else 'fails'}>"

    @cached_property
    def witness(self) -> Trace | None:
        """A shortest run to a case of it."""
        return self._witness() if callable(self._witness) else self._witness

    @property
    def condition(self) -> str:
        """What is claimed, in words."""
        return self.claim.words()


@attrs.frozen(eq=False, repr=False)
class Report(NotebookDisplay):
    """The results of checking a system and the claims made of it.

    Parameters
    ----------
    system: what they are made of.
    requests: how many requests it has.
    combinations: how many combinations of values its variables have.
    wellformedness: of the system; ``None`` where only some claims were asked for and it can be explored.
    findings: the result of each claim; none of them holds where two transitions can fire at once.
    slices: every part of the system that was explored for it, those with the fewest states first.
    without_sets: why not all was decided on sets of states, where that was tried.
    nodes: how many nodes the diagrams of the sets of states had in the end; 0 where there were none.
    phases: how many seconds each part of the work took: grounding the requests, exploring the whole on sets of states,
        deciding the claims, and looking whether the system is well-formed.
    """

    system: System
    requests: int
    combinations: int
    wellformedness: WellFormedness | None
    findings: tuple[Finding, ...]
    slices: tuple[SliceSize, ...]
    without_sets: str = ""
    nodes: int = 0
    phases: Mapping[str, float] = attrs.field(factory=dict, eq=False)

    def __repr__(self) -> str:
        return f"<report of {len(self.findings)} claims: {sum(finding.holds for finding in self.findings)} hold>"

    @property
    def holds(self) -> bool:
        """Whether every claim holds, and the system is sound as far as it was looked at."""
        sound = self.wellformedness is None or not self.wellformedness.problems
        return sound and all(finding.holds for finding in self.findings)
