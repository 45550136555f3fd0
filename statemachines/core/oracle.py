"""The oracle: the system compiled to straight-line Python, one function per request."""

from collections.abc import Callable
from enum import Enum

import attrs

from statemachines.core.errors import DeclarationError, expected
from statemachines.core.expression import All, Among, Constant, Expr, Not, Same
from statemachines.core.gates import Verdict
from statemachines.core.ground import Grounded, Move, ground
from statemachines.core.requests import Request
from statemachines.core.system import State, System
from statemachines.core.terms import Term

Decision = Callable[[State], tuple[State, Verdict]]


@attrs.frozen(eq=False)
class Oracle:
    """Says what must happen to a request, and why. States are values: asking changes nothing.

    Parameters
    ----------
    system: the declarations.

    >>> from statemachines import Answer, Lifecycle, Register, RequestType, Rule, Transition, Variable
    >>> class Lamp(Enum):
    ...     OFF = "off"
    ...     ON = "on"
    >>> class Say(Enum):
    ...     CLICK = "it clicks"
    ...     LAMP = "lamp"
    >>> lamp, Press = Variable("lamp", Lamp), RequestType("Press")
    >>> there_and_back = [
    ...     Transition(Lamp.OFF, Press, Lamp.ON, rules="LAMP-1"),
    ...     Transition(Lamp.ON, Press, Lamp.OFF, rules="LAMP-1"),
    ... ]
    >>> system = System(
    ...     "a lamp",
    ...     Register([Rule("LAMP-1", "Pressing switches.", "the manual")]),
    ...     lifecycles=[Lifecycle(lamp, Lamp.OFF, there_and_back)],
    ...     requests=[Press],
    ...     answers=[Answer([Press], outcome=Say.CLICK, at=Say.LAMP, reason=Say.CLICK, rules="LAMP-1")],
    ... )
    >>> oracle = Oracle(system)
    >>> state, verdict = oracle.decide(oracle.initial, Press())
    >>> print(state, verdict.rules)
    State(lamp=ON) ('LAMP-1',)
    """

    system: System
    _decisions: dict[Request, Decision] = attrs.field(init=False, factory=dict, repr=False)

    @property
    def initial(self) -> State:
        """The first of the initial states."""
        return next(self.system.initial_states())

    def decide(self, state: State, request: Request) -> tuple[State, Verdict]:
        """The state after the request, and the verdict on it.

        Parameters
        ----------
        state: made by `System.state` of this system.
        request: of one of this system's request types.

        Raises
        ------
        DeclarationError: for a request that the system does not know, or a state of another system.
        """
        decision = self._decisions.get(request)
        if decision is None:
            decision = self._compile(request)
        return decision(state)

    def _compile(self, request: Request) -> Decision:
        expected(request, Request, "what the oracle is asked")
        if not any(request.type is kind for kind in self.system.requests):
            known = ", ".join(kind.name for kind in self.system.requests)
            raise DeclarationError(f"system {self.system.name!r} knows no request {request.type.name}; it has {known}")
        decision = _Compiler(self.system).decision(ground(self.system, request))
        self._decisions[request] = decision
        return decision


class _Compiler:
    """Writes one request's decision as Python source; the values it names stand beside it."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.values: dict[str, object] = {"State": system.state_type, "new": tuple.__new__, "foreign": self._foreign}

    def decision(self, grounded: Grounded) -> Decision:
        lines = ["def decide(state):", "    if state.__class__ is not State:", "        raise foreign(state)"]
        lines.append(f"    {', '.join(self._locals())}, = state")
        for ruling in grounded.rulings:
            lines.append(f"    if {self._source(ruling.when)}:")
            if ruling.verdict.passed and grounded.moves:
                lines += ["        " + line for line in self._moving(ruling.verdict, grounded.moves)]
            else:
                lines.append(f"        return state, {self._named(ruling.verdict)}")
        if not grounded.total:
            self.values["silent"] = self._silent(grounded.request)
            lines.append("    raise silent(state)")
        exec("\n".join(lines), self.values)  # the source is made here, of declared names only
        return self.values["decide"]  # type: ignore[return-value]  # exec put it there

    def _moving(self, verdict: Verdict, moves: tuple[Move, ...]) -> list[str]:
        """Fire at most one transition of each lifecycle; the verdict is looked up by which."""
        made: dict[tuple[int, ...], Verdict] = {}

        def firing(key: tuple[int, ...]) -> Verdict:
            found = made.get(key)
            if found is None:
                found = made[key] = verdict.firing(moves[at].transition for at in key if at >= 0)
            return found

        by_lifecycle: dict[str, list[int]] = {}
        for at, move in enumerate(moves):
            by_lifecycle.setdefault(move.lifecycle.name, []).append(at)
        lines = []
        for name, places in by_lifecycle.items():
            lines.append(f"to_{name} = s_{name}; by_{name} = -1")
            for order, at in enumerate(places):
                lines.append(f"{'el' if order else ''}if {self._source(moves[at].when)}:")
                target = self._named(moves[at].transition.target)
                lines.append(f"    to_{name} = {target}; by_{name} = {at}")
        names = self.system.state_type.names
        after = ", ".join(f"to_{name}" if name in by_lifecycle else f"s_{name}" for name in names)
        key = ", ".join(f"by_{name}" for name in by_lifecycle)
        return [*lines, f"return new(State, ({after},)), {self._named(firing)}(({key},))"]

    def _locals(self) -> tuple[str, ...]:
        return tuple(f"s_{name}" for name in self.system.state_type.names)

    def _source(self, expr: Expr) -> str:
        match expr:
            case Constant():
                return str(expr.value)
            case Among():
                return self._membership(expr)
            case Same():
                return f"{self._term(expr.left)} is {self._term(expr.right)}"
            case Not():
                return f"not ({self._source(expr.part)})"
            case All():
                return " and ".join(f"({self._source(part)})" for part in expr.parts)
            case _:
                raise DeclarationError(f"a declaration cannot ask whether {expr.words()}; only a claim can")

    def _membership(self, expr: Among) -> str:
        wanted = [value for value in expr.term.domain if value in expr.values]
        name = self._term(expr.term)
        return " or ".join(f"{name} is {self._named(value)}" for value in wanted)

    def _term(self, term: Term) -> str:
        return f"s_{term.name}"

    def _named(self, value: object) -> str:
        label = f"_{value.__class__.__name__}_{value.name}" if isinstance(value, Enum) else "_v"
        name = f"{label if label.isidentifier() else '_v'}_{id(value)}"
        self.values[name] = value
        return name

    def _foreign(self, state: object) -> DeclarationError:
        return DeclarationError(f"system {self.system.name!r}: {state!r} is not a state that its `state` made")

    def _silent(self, request: Request) -> Callable[[State], DeclarationError]:
        name = self.system.name
        return lambda state: DeclarationError(f"system {name!r}: {request!r} has no verdict in {state!r}")
