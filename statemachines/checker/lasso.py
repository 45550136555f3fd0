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

MOST_STEPS = 10_000
"""How many steps of what goes on for ever are replayed at most, until a round ends where one has begun."""


@attrs.frozen(eq=False)
class Lasso:
    """A run that goes on for ever.

    Parameters
    ----------
    start: the state that it starts in.
    stem: the requests before what goes on for ever.
    loop: the requests that go on for ever.
    kept: the names of the variables of the slice on which it was found; a round leaves them as they were.
    """

    start: State
    stem: tuple[Request, ...]
    loop: tuple[Request, ...]
    kept: tuple[str, ...]


def confirmed_lasso(claim: LeadsTo, lasso: Lasso, system: System, oracle: Oracle) -> Trace:
    """The run up to the end of the first round, if the oracle says that it goes on for ever, is fair and has no goal.

    A slice forgets variables, so that a round of it may end in another state of the whole. There are finitely many, but
    perhaps too many to replay until one comes again; what is kept has to be the same after each round that is replayed.

    Raises
    ------
    EnginesDisagreeError: if it does not say so.
    """
    trace = replay(system, lasso.start, (*lasso.stem, *lasso.loop), oracle)
    rounds: list[Trace] = []
    here = trace.steps[len(lasso.stem)].before
    begun: dict[State, int] = {}
    while here not in begun and len(rounds) * len(lasso.loop) < MOST_STEPS:
        begun[here] = len(rounds)
        rounds.append(replay(system, here, lasso.loop, oracle))
        here = rounds[-1].end
    again = {tuple(getattr(state, name) for name in lasso.kept) for state in (*begun, here)}
    steps = [step for one in rounds[begun.get(here, -1) :] for step in one.steps]
    states = [step.before for one in (replay(system, lasso.start, lasso.stem, oracle), *rounds) for step in one.steps]
    moments = [Moment(one.as_dict()) for one in states]
    last = max((at for at, moment in enumerate(moments) if claim.then.holds(moment)), default=-1)
    never = any(claim.when.holds(moment) for moment in moments[last + 1 :])
    if len(again) > 1 or not never or not all(_fair(steps, one, system, oracle) for one in claim.given):
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
