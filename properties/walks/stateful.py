"""A Hypothesis state machine for a system and its claims, steered toward goals.

>>> from examples.parcel_locker import claims
>>> from hypothesis import settings
>>> machine = state_machine(claims)
>>> machine.TestCase.settings = settings(machine.TestCase.settings, max_examples=5, database=None)
>>> machine.TestCase().runTest()
"""

from collections.abc import Callable, Sequence
from enum import Enum
from functools import cache
from typing import Any, ClassVar, TypeVar

from properties.walks.coverage import Coverage
from properties.walks.runs import OracleTarget, Run, Setup, SystemUnderTest
from properties.walks.steering import Goal, Plan, Planner, planner
from statemachines.errors import DeclarationError
from statemachines.extras import optional_imports
from statemachines.language.claims import Always, Claims
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State, System
from statemachines.semantics.trace import Step

with optional_imports():
    import hypothesis.strategies as st
    from hypothesis import HealthCheck, Phase, Verbosity, reject, settings
    from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
    from hypothesis.strategies import DrawFn, SearchStrategy

T = TypeVar("T")

TRIES = 4
"""How often another goal is drawn where the last one cannot be reached from here."""

PATIENCE = 8
"""How many steps more than a goal's distance a run may take before it draws another."""

MOST_EVEN = 128
"""The largest range from which Hypothesis draws integers evenly; in larger ones it may prefer small integers."""


class Noise(Enum):
    """How the request that is sent differs from the planned one."""

    NONE = "what is planned"
    NEAR = "what is planned, with one field different"
    ANY = "any request"


@cache
def _below(count: int) -> SearchStrategy[int]:
    return st.integers(0, count - 1)


def one_of(draw: DrawFn, things: Sequence[T]) -> T:
    """One of several things, each as likely as the others.

    `sampled_from` would draw the first of many much more often, and would hash each of them.
    """
    if len(things) > MOST_EVEN:
        size = -(-len(things) // MOST_EVEN)
        first = draw(_below(-(-len(things) // size))) * size
        return one_of(draw, things[first : first + size])
    return things[draw(_below(len(things)))] if len(things) > 1 else things[0]


class Steering:
    """Proposes the next request of a run, from nothing but the reference's state and what Hypothesis draws."""

    noise: ClassVar[Sequence[Noise]]
    """One is drawn before each step; the simplest comes first, since Hypothesis shrinks toward it."""

    def propose(self, draw: DrawFn, state: State) -> Request | None:
        """The next request; ``None`` where any is as good as another."""
        raise NotImplementedError

    def observe(self, step: Step) -> None:
        """Take the step into account that a request led to."""
        raise NotImplementedError


class TowardGoals(Steering):
    """Draws one goal after another, and follows a shortest path to it."""

    noise = (*[Noise.NONE] * 6, Noise.NEAR, Noise.ANY)

    def __init__(self, goals: Sequence[Sequence[Goal]], plans: Planner) -> None:
        self.goals = [family for family in goals if family]
        self.plans = plans
        self.plan: Plan | None = None
        self.patience = 0

    def propose(self, draw: DrawFn, state: State) -> Request | None:
        """A next request on a shortest path to the goal; another goal is drawn where it is reached or out of reach."""
        for attempt in range(TRIES + 1):
            requests = self.plan.next(state) if self.plan else ()
            if requests:
                return one_of(draw, requests)
            if attempt < TRIES:
                self._aim(draw, state)
        return None

    def _aim(self, draw: DrawFn, state: State) -> None:
        goal = one_of(draw, one_of(draw, self.goals))
        endings = self.plans.endings(goal)
        self.plan = self.plans.plan(goal, one_of(draw, one_of(draw, endings))) if endings else None
        self.patience = self.plan.distance(state) + PATIENCE if self.plan else 0

    def observe(self, step: Step) -> None:
        """Drop a goal that is reached, or was not reached in time."""
        self.patience -= 1
        if self.plan and (not self.patience or self.plan.goal.reached(step)):
            self.plan = None


class Machine(RuleBasedStateMachine):
    """The base of what `state_machine` makes, which adds the rules."""

    setup: ClassVar[Setup]
    strategies: ClassVar[dict[RequestType, SearchStrategy[Request]]]
    steered_by: ClassVar[Callable[["Machine"], Steering] | None]

    def __init__(self) -> None:
        super().__init__()
        self.run = self.new_run()
        steers = type(self).steered_by
        self.steering = steers(self) if steers else None

    def new_run(self) -> Run:
        """A run that has not begun yet."""
        return Run(self.setup)

    def allows(self, request: Request) -> bool:  # noqa: ARG002  # for a subclass to restrict
        """Whether the request may be sent in the current state; if not, another is drawn, a few times."""
        return True

    def step(self, request: Request) -> None:
        """Send the request and check every claim."""
        __tracebackhide__ = True
        step = self.run.send(request)
        if self.steering:
            self.steering.observe(step)


@st.composite
def steered_requests(draw: DrawFn) -> Request:
    """What the steering of the running machine sends next; the machine is Hypothesis's `runner`."""
    machine: Machine = draw(st.runner())
    for _ in range(TRIES):
        request = _next_request(draw, machine)
        if machine.allows(request):
            break
    return request


def _next_request(draw: DrawFn, machine: Machine) -> Request:
    assert machine.steering
    planned = machine.steering.propose(draw, machine.run.state)
    noise = one_of(draw, machine.steering.noise) if planned else Noise.ANY
    if planned is None or noise is Noise.ANY:
        return draw(machine.strategies[one_of(draw, machine.run.system.requests)])
    if noise is Noise.NONE or not planned.type.fields:
        return planned
    field = one_of(draw, planned.type.fields)
    return planned.replace(**{field.name: one_of(draw, field.domain)})


def state_machine(
    claims: Claims,
    *,
    target: SystemUnderTest | None = None,
    steered: bool = True,
    steered_by: Callable[[Machine], Steering] | None = None,
    coverage: Coverage | None = None,
    only: Sequence[str] = (),
    starts: Sequence[State] = (),
    base: type[Machine] = Machine,
) -> type[RuleBasedStateMachine]:
    """A Hypothesis state machine that sends requests to a system and checks its claims after every step.

    Steered, it has one rule, ``send``, whose request depends on the state of the run. Unsteered, it has a rule for
    each type of request, named by the type's trigger. A subclass may add rules, invariants and a teardown, as to any
    `RuleBasedStateMachine`: Hypothesis takes each rule as often as any other, so that ``send`` has the same share as
    every rule that is added. In a rule, ``self.step(request)`` sends a request, and ``self.run`` is the run so far.

    Parameters
    ----------
    claims: the system, and what is checked of it after every step: its claims of the kind `always`.
    target: the system under test; by default the reference, which is the oracle of the system.
    steered: whether runs are steered; otherwise each request is as likely as any other of its type.
    steered_by: makes the steering of a run; by default toward transitions, kinds of verdict and cases of claims.
    coverage: counts what the runs reach.
    only: the names of the claims to check; by default all of them, and that the target's verdicts are the reference's.
    starts: the states that runs begin in; by default every initial state.
    base: the class to subclass.

    Raises
    ------
    DeclarationError: for a name in ``only`` that no `always` claim has.
    """
    system = claims.system
    reference = target is None or (isinstance(target, OracleTarget) and target.system is system)
    checked = _selected(claims, only)
    strategies = {kind: _requests(kind) for kind in system.requests}
    body: dict[str, Any] = {
        "setup": Setup(claims, checked, None if reference else target, not only and not reference, coverage),
        "strategies": strategies,
        "steered_by": staticmethod(steered_by or _toward(system, checked, only)) if steered else None,
        "begin": _initialize(starts or tuple(system.initial_states())),
        "__module__": __name__,
        "__doc__": f"Walks through: {system.name}.",
    }
    if steered:
        body["send"] = _rule("send", "Send what the steering draws.", steered_requests())
    else:
        taken = {*dir(base), *body, "run", "steering"}
        for kind in system.requests:
            name = f"{kind.trigger}_" if kind.trigger in taken else kind.trigger
            body[name] = _rule(name, f"{kind.label}.", strategies[kind])
    made: type[Machine] = type("Walks", (base,), body)
    made.TestCase.settings = walking(settings())
    return made


def walking(base: settings) -> settings:
    """The settings of walks: no deadline, and no shrinking by Hypothesis, since `Broken` shrinks faster."""
    return settings(
        base,
        deadline=None,
        print_blob=False,
        verbosity=Verbosity.quiet,
        phases=[phase for phase in base.phases if phase is not Phase.shrink and phase is not Phase.explain],
        suppress_health_check=list(HealthCheck),
    )


def claims_to_check(claims: Claims) -> tuple[Always, ...]:
    """The claims that runs are checked for: those of the kind `always`, the system's constraints among them."""
    return tuple(claim for claim in claims.claims if isinstance(claim, Always))


def _selected(claims: Claims, only: Sequence[str]) -> tuple[Always, ...]:
    every = claims_to_check(claims)
    for name in only:
        if not any(claim.name == name for claim in every):
            raise DeclarationError(f"no claim of the kind 'always' is named {name!r}")
    return tuple(claim for claim in every if not only or claim.name in only)


def _toward(system: System, checked: Sequence[Always], only: Sequence[str]) -> Callable[[Machine], Steering]:
    """Families of goals, each as likely as the others; where only some claims are checked, half of them are cases."""
    plans = planner(system)
    cases = plans.cases(checked)
    goals = (*([cases] if only else []), cases, plans.transitions(), plans.verdicts())
    return lambda machine: TowardGoals(goals, plans)  # noqa: ARG005  # another steering may look at it


def _requests(kind: RequestType) -> SearchStrategy[Request]:
    names = [field.name for field in kind.fields]
    values = st.tuples(*(st.sampled_from(field.domain) for field in kind.fields))
    return values.map(lambda drawn: kind(**dict(zip(names, drawn, strict=True))))


def _rule(name: str, docstring: str, requests: SearchStrategy[Request]) -> Callable[..., None]:
    def step(self: Machine, request: Request) -> None:
        __tracebackhide__ = True
        self.step(request)

    step.__name__ = step.__qualname__ = name
    step.__doc__ = docstring
    made: Callable[..., None] = rule(request=requests)(step)
    return made


def _initialize(starts: Sequence[State]) -> Callable[..., None]:
    def begin(self: Machine, state: State) -> None:
        __tracebackhide__ = True
        self.run.reset(state)

    made: Callable[..., None] = initialize(state=_start(starts))(begin)
    return made


@st.composite
def _start(draw: DrawFn, starts: Sequence[State]) -> State:
    """One of the starts; the simplest draw gives none, or every Hypothesis test would begin with the same walk."""
    if not draw(_below(MOST_EVEN)):
        reject()
    return one_of(draw, starts)
