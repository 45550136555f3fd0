"""Masked checks: whether a request is refused for another reason for its check comes too late, or is not made at all.

Where two checks refuse a request, a target that gives the second reason may ask them in another order, or lack the
first. It lacks the first if it accepts the request in a state in which no other check refuses it. Where there is none,
a request of the same type tells that the first refused alone, as expected; but not where another party's check is the
second, for to that party no request comes before the first has let it pass.
"""

from collections.abc import Sequence

import attrs

from properties.conformance.diagnosis.declarations import Declarations
from properties.conformance.diagnosis.failing import FailingRun, taken
from properties.conformance.observation import contradicts
from properties.conformance.targets.misbehaviour import Misbehaved, OutOfTime
from properties.conformance.targets.target import Target
from statemachines.language.system import State
from statemachines.semantics.trace import Step


@attrs.frozen(eq=False)
class MaskedChecks:
    """Looks behind the second of two reasons.

    Parameters
    ----------
    known: the declarations of the reference.
    target: what is examined; it is asked if it can be put into any state.
    states: reachable ones, in which it is asked.
    passed: the steps that were as expected.
    """

    known: Declarations
    target: Target
    states: Sequence[State]
    passed: Sequence[Step] = ()
    _tried: dict[tuple[str, str, str], FailingRun | None] = attrs.field(init=False, factory=dict)

    def unmasked(self, run: FailingRun) -> FailingRun:
        """A run that shows that the check is not made; the same one, which may say that it is, where it does not."""
        step = run.run[-1]
        if run.misbehaviour is not None or run.seen is None or step.verdict.passed:
            return run
        values = step.before.as_dict()
        check = self.known.decided(values, step.request)
        second = check and self.known.decided(values, step.request, without=check.key)
        if check is None or second is None or second.verdict.passed or contradicts(second.verdict, run.seen):
            return run
        key = check.key, second.key, step.request.type.name
        if key not in self._tried:
            self._tried[key] = self._without_the_second(
                run, check.key, made_elsewhere=check.verdict.at is second.verdict.at
            )
        tried = self._tried[key]
        return attrs.evolve(run, check_made=True) if tried and tried.check_made else tried or run

    def _without_the_second(self, run: FailingRun, check: str, *, made_elsewhere: bool) -> FailingRun | None:
        """What the run shows of the check, and of no other; ``None`` if that is not known.

        Parameters
        ----------
        made_elsewhere: whether it is made if it refuses another request of this type.
        """
        request = run.run[-1].request
        for state in self.states:
            values = state.as_dict()
            decided = self.known.decided(values, request)
            if decided is None or decided.key != check or self.target.statement.why_not_start(state) is not None:
                continue
            following = self.known.decided(values, request, without=check)
            if following is None or not following.verdict.passed:
                continue
            try:
                self.target.reset(state)
                seen = self.target.send(request)
            except (Misbehaved, OutOfTime):
                return None
            if contradicts(following.verdict, seen):
                return None if contradicts(decided.verdict, seen) else attrs.evolve(run, check_made=True)
            return attrs.evolve(run, run=taken(self.known.system, state, (request,)), seen=seen, wrong=0)
        alike = (step for step in self.passed if made_elsewhere and step.request.type is request.type)
        made = any(self._refused_alone(step, check) for step in alike)
        return attrs.evolve(run, check_made=True) if made else None

    def _refused_alone(self, step: Step, check: str) -> bool:
        """Whether this check and no other refused a request."""
        if step.verdict.passed:
            return False
        values = step.before.as_dict()
        decided = self.known.decided(values, step.request)
        if decided is None or decided.key != check:
            return False
        following = self.known.decided(values, step.request, without=check)
        return following is not None and following.verdict.passed
