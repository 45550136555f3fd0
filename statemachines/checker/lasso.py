"""Lassos, runs that go on for ever, confirmed by the oracle before they are shown."""

from collections.abc import Sequence

import attrs

from statemachines.errors import EnginesDisagreeError
from statemachines.language.claims import LeadsTo
from statemachines.language.expression import Expr, Moment
from statemachines.language.requests import Request
from statemachines.language.system import State, System
from statemachines.semantics.oracle import Oracle, decided
from statemachines.semantics.trace import Step, Trace, replay

MOST_ROUNDS = 1_000
"""How often what goes on for ever is replayed at most, until one begins in a state in which one has begun."""


@attrs.frozen(eq=False)
class Lasso:
    """A run that goes on for ever.

    Parameters
    ----------
    start: the state that it starts in.
    stem: the requests before what goes on for ever.
    loop: the requests that go on for ever.
    """

    start: State
    stem: tuple[Request, ...]
    loop: tuple[Request, ...]


def confirmed_lasso(claim: LeadsTo, lasso: Lasso, system: System, oracle: Oracle) -> Trace:
    """The run up to the end of the first round, if the oracle says that it goes on for ever, is fair and has no goal.

    A slice forgets variables, so that a round of it may end in another state of the whole; but there are finitely many.

    Raises
    ------
    EnginesDisagreeError: if it does not say so.
    """
    trace = replay(system, lasso.start, (*lasso.stem, *lasso.loop), oracle)
    rounds: list[Trace] = []
    state = trace.steps[len(lasso.stem)].before
    begun = [state]
    while len(rounds) < MOST_ROUNDS:
        rounds.append(replay(system, state, lasso.loop, oracle))
        state = rounds[-1].end
        if state in begun:
            break
        begun.append(state)
    steps = [step for one in rounds[begun.index(state) if state in begun else 0 :] for step in one.steps]
    states = [step.before for one in (replay(system, lasso.start, lasso.stem, oracle), *rounds) for step in one.steps]
    moments = [Moment(one.as_dict()) for one in states]
    last = max((at for at, moment in enumerate(moments) if claim.then.holds(moment)), default=-1)
    never = any(claim.when.holds(moment) for moment in moments[last + 1 :])
    if state not in begun or not never or not all(_fair(steps, one, system, oracle) for one in claim.given):
        raise EnginesDisagreeError(
            f"the oracle does not confirm that this goes on for ever without {claim.then.words()!r}:\n{trace.text()}"
        )
    return trace


def _fair(steps: Sequence[Step], given: Expr, system: System, oracle: Oracle) -> bool:
    """Whether such a step is made in a round, or no request would make one at some moment of it."""
    return any(given.holds(step.moment) for step in steps) or any(
        not _enabled(step.before, given, system, oracle) for step in steps
    )


def _enabled(state: State, given: Expr, system: System, oracle: Oracle) -> bool:
    for request in system.all_requests():
        after, verdict = decided(oracle, state, request)
        if verdict is not None and given.holds(Moment(state.as_dict(), request, after.as_dict(), verdict)):
            return True
    return False
