"""What a sequence shows, and which changes of the sequence leave it shown."""

from collections.abc import Iterable

import attrs

from properties.conformance.diagnosis.altered import Alteration, AlteredRuns
from properties.conformance.suite.aims import Aim
from properties.conformance.suite.cases import Case
from properties.conformance.suite.vectors import Goal
from properties.mutation.mutants import Mutant
from statemachines.language.requests import Request
from statemachines.semantics.trace import Step, Trace


@attrs.define(eq=False)
class StillShown:
    """A goal that a sequence shows.

    Parameters
    ----------
    key: the goal's.
    begin: the step from which on a system that lacks it may be in another state.
    at: the step at which it is seen.
    """

    key: str
    begin: int
    at: int

    def same(self, at: int, one: Request, other: Request) -> bool:  # noqa: ARG002
        """Whether it is shown with the other request, which is decided alike, in place of one at a step up to it."""
        return True

    def apart(self, request: Request) -> bool:  # noqa: ARG002
        """Whether a system that lacks it does with a request, before it begins, what the reference does."""
        return True

    def come_before(self, at: int) -> None:
        """A request more is sent before a step."""
        self.begin += self.begin >= at
        self.at += self.at >= at


@attrs.define(eq=False)
class _AlteredShown(StillShown):
    """One that a system lacks which differs in a declaration."""

    altered: Alteration
    runs: AlteredRuns

    def same(self, at: int, one: Request, other: Request) -> bool:  # noqa: ARG002
        lists = [self.runs.decision_lists[request] for request in (one, other)]
        concerned, also = map(self.altered.concerns, lists)
        if concerned is not also:
            return False
        folded, other_folded = (self.runs.folding(self.altered.condition, each.asked) for each in lists)
        return not concerned or folded is other_folded

    def apart(self, request: Request) -> bool:
        return not self.altered.concerns(self.runs.decision_lists[request])


@attrs.define(eq=False)
class _CaseShown(StillShown):
    """The case of a property."""

    case: Case
    step: Step

    def same(self, at: int, one: Request, other: Request) -> bool:  # noqa: ARG002
        return at < self.at or not self.case.of_steps or self.case.met_by(other, self.step)


@attrs.define(eq=False)
class _MutantShown(StillShown):
    """One that a mutant lacks."""

    mutant: Mutant

    def same(self, at: int, one: Request, other: Request) -> bool:  # noqa: ARG002
        return all(one.type is not kind for kind in self.mutant.kinds)


class Shown:
    """What the goals of a suite are about.

    Parameters
    ----------
    runs: of altered systems.
    aims, cases, ruled_out: the goals, each with what it is about.
    """

    def __init__(
        self, runs: AlteredRuns, aims: Iterable[Aim], cases: Iterable[Case], ruled_out: Iterable[tuple[Goal, Mutant]]
    ) -> None:
        self.runs = runs
        self.altered = {aim.goal.key: aim.altered for aim in aims if aim.altered}
        self.cases = {case.goal.key: case for case in cases}
        self.mutants = {goal.key: mutant for goal, mutant in ruled_out}

    def of(self, trace: Trace, at: int, key: str) -> StillShown:
        """A goal that a sequence shows at a step."""
        if key in self.altered:
            begin = self.runs.parts(self.altered[key], trace)
            return _AlteredShown(key, begin if 0 <= begin < at else at, at, self.altered[key], self.runs)
        if key in self.cases:
            return _CaseShown(key, at, at, self.cases[key], trace.steps[at])
        if key in self.mutants:
            return _MutantShown(key, -1, at, self.mutants[key])
        return StillShown(key, at, at)
