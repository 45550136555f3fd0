"""Whether a run from a state comes to something, decided on sets of states of the whole system; and a shortest one."""

import math
from collections.abc import Callable
from functools import cached_property, partial
from threading import TIMEOUT_MAX, RLock
from time import monotonic

import attrs

from statemachines.checker.slices import slices
from statemachines.checker.symbolic import StateRelation, SymbolicSpace, closure
from statemachines.checker.symbolic_encoding import OF_LAYERS, Diagram
from statemachines.checker.symbolic_steps import SymbolicSteps
from statemachines.errors import EnginesDisagreeError, StatemachinesError
from statemachines.language.claims import speaks_of_step
from statemachines.language.expression import Expr, Moment
from statemachines.language.system import State, System
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Trace, replay


class TooLongError(StatemachinesError, TimeoutError):
    """A question is not answered within its time."""


@attrs.frozen(eq=False)
class ReachabilityResult:
    """The answer to whether a run from a state comes to something.

    Parameters
    ----------
    run: a shortest one; ``None`` if none does.
    states: how many states runs from there lead to.
    """

    run: Trace | None
    states: int


class Reachability:
    """Answers to questions about one system; what is known of its requests is computed once.

    Parameters
    ----------
    system: the declarations.
    memory: how many bytes diagrams may take; by default as much as is available, up to a limit.
    """

    def __init__(self, system: System, memory: int | None = None) -> None:
        self.system = system
        self.memory = memory
        self._one_at_a_time = RLock()  # a manager of diagrams is for one thread

    def shortest(self, start: State, condition: Expr, seconds: float = math.inf) -> ReachabilityResult:
        """A shortest run from a state that ends with a step, or in a state, of which a condition holds.

        Of several shortest runs it is the same each time.

        Parameters
        ----------
        start: where the run starts, whether or not the system may start there.
        condition: on states, or on steps: then it is the last step of the run.
        seconds: how long it may take, waiting for other questions included; what is computed once for all questions is
            not counted, and a step that has begun is ended.

        Raises
        ------
        DeclarationError: for two transitions of a lifecycle that can fire at once.
        TooLargeError: when the diagrams would need more nodes than they may.
        TooLongError: when it takes longer than it may.
        """
        late = TooLongError(f"the question is not answered within {seconds:g} s, which is what it may take")
        asked = monotonic()
        if not self._one_at_a_time.acquire(timeout=min(seconds, TIMEOUT_MAX)):
            raise late
        seconds -= monotonic() - asked
        try:
            with self._space.bounded():
                _ = self._space.relations
                end = monotonic() + seconds

                def going_on() -> None:
                    if monotonic() > end:
                        raise late

                return self._shortest(start, condition, going_on)
        finally:
            self._one_at_a_time.release()

    def _shortest(self, start: State, condition: Expr, going_on: Callable[[], None]) -> ReachabilityResult:
        encoding, of_step = self._space.encoding, speaks_of_step(condition)
        steps = self._steps.where(condition) & self._steps.answered if of_step else encoding.true
        goal = encoding.without_numbers(steps) if of_step else encoding.where(condition)
        here = encoding.state({one.name: one.position(getattr(start, one.name)) for one in self.system.variables})

        def image(relation: StateRelation, states: Diagram) -> Diagram:
            going_on()
            return relation.image(states)

        states = closure(here, [partial(image, relation) for relation in self._space.relations])
        number = encoding.count(states)
        if not (states & goal).satisfiable():
            return ReachabilityResult(None, number)
        way = self._space.way(here, goal, states, going_on)
        assert way is not None  # a state of the goal is among those that can be reached
        _, requests, end = way
        last = [slices(self.system).requests[encoding.least_number(steps & end)].request] if of_step else []
        run = replay(self.system, start, [*requests, *last], self._oracle)
        moment = run.steps[-1].moment if last else Moment(run.end.as_dict())
        if not condition.holds(moment):
            raise EnginesDisagreeError(f"the oracle does not confirm that {condition.words()}:\n{run.text()}")
        return ReachabilityResult(run, number)

    @cached_property
    def _oracle(self) -> Oracle:
        return Oracle(self.system)

    @cached_property
    def _space(self) -> SymbolicSpace:
        return SymbolicSpace(
            self.system, slices(self.system).requests, memory=self.memory, steps=True, remembered=OF_LAYERS
        )

    @cached_property
    def _steps(self) -> SymbolicSteps:
        return SymbolicSteps(self._space.encoding, slices(self.system))
