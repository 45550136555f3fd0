"""The oracle: the system compiled to straight-line Python, one function per request."""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from itertools import chain
from typing import Any

import attrs

from statemachines.errors import DeclarationError, NoVerdictError, expected
from statemachines.language.expression import FALSE, All, Among, Compared, Constant, Expr, Not, Relation
from statemachines.language.gates import Verdict
from statemachines.language.lifecycle import Lifecycle
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State, System
from statemachines.language.terms import Term
from statemachines.semantics.grounding import GroundedRequest, Move, ground

Decision = Callable[[State], tuple[State, Verdict]]


@attrs.frozen(eq=False)
class Oracle:
    """Says what must happen to a request, and why. States are values: asking changes nothing.

    Parameters
    ----------
    system: the declarations.

    Examples
    --------
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

    def __reduce__(self) -> tuple[Any, ...]:
        return Oracle, (self.system,)  # what is compiled cannot be pickled

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

    def enabled(self, state: State, *kinds: RequestType) -> dict[Request, Verdict]:
        """What can be sent now: each request that passes every gate or fires a transition, with its verdict.

        Parameters
        ----------
        state: made by `System.state` of this system.
        kinds: the request types to look at; by default all that the system has.

        Raises
        ------
        DeclarationError: for a request type that the system does not know, or a state of another system.

        Examples
        --------
        ``oracle.enabled(state, Press)`` of the lamp above has one request, whose verdict fires ``OFF --Press--> ON``.
        """
        verdicts = (
            (request, decided(self, state, request)[1])
            for kind in kinds or self.system.requests
            for request in kind.requests()
        )
        return {request: verdict for request, verdict in verdicts if verdict and (verdict.passed or verdict.fired)}

    def _compile(self, request: Request) -> Decision:
        expected(request, Request, "what the oracle is asked")
        if not any(request.type is kind for kind in self.system.requests):
            known = ", ".join(kind.name for kind in self.system.requests)
            raise DeclarationError(f"system {self.system.name!r} knows no request {request.type.name}; it has {known}")
        decision = _Compiler(self.system).decision(ground(self.system, request))
        self._decisions[request] = decision
        return decision


LONGEST_CHAIN = 8
"""The most values of a variable that are asked for one by one."""
LONGEST_LIST = 4
"""The most values that are kept one by one; where more stay as they are, the state is copied at a stroke."""


def decided(oracle: Oracle, state: State, request: Request) -> tuple[State, Verdict | None]:
    """The state after a request, and the verdict; ``None`` where the declarations give none."""
    try:
        return oracle.decide(state, request)
    except NoVerdictError:
        return state, None


class _Compiler:
    """Writes one request's decision as Python source; the values it names stand beside it.

    It does no more than the request needs: a variable is read where it is first asked for, a state that nothing
    changes is returned as it is, and one of which little changes is copied at a stroke.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.positions = system.state_type.positions
        self.values: dict[str, object] = {"State": system.state_type, "new": tuple.__new__, "foreign": self._foreign}

    def decision(self, grounded: GroundedRequest) -> Decision:
        lines = ["if state.__class__ is not State:", "    raise foreign(state)"]
        read: set[str] = set()
        for ruling in grounded.rulings:
            lines += self._reading(ruling.when.terms(), read)
            lines.append(f"if {self._source(ruling.when)}:")
            moves = tuple(move for move in grounded.moves if ruling.verdict.lets(move.transition))
            if moves:
                lines += _indented(self._moving(ruling.verdict, moves, set(read)))
            else:
                lines.append(f"    return state, {self._named(ruling.verdict)}")
        if not grounded.total:
            self.values["silent"] = self._silent(grounded.request)
            lines.append("raise silent(state)")
        exec("\n".join(["def decide(state):", *_indented(lines)]), self.values)  # of declared names only
        return self.values["decide"]  # type: ignore[return-value]  # exec put it there

    def _reading(self, terms: Iterable[Term], read: set[str]) -> list[str]:
        """Read what is not read yet."""
        names = [term.name for term in dict.fromkeys(terms) if term.name not in read]
        read.update(names)
        return [f"s_{name} = state[{self.positions[name]}]" for name in names]

    def _moving(self, verdict: Verdict, moves: tuple[Move, ...], read: set[str]) -> list[str]:
        """Fire at most one transition of each lifecycle."""
        by_lifecycle: dict[Lifecycle, dict[int, Move]] = {}
        for at, move in enumerate(moves):
            by_lifecycle.setdefault(move.lifecycle, {})[at] = move
        lines = self._reading(chain.from_iterable(move.when.terms() for move in moves), read)
        lines += self._reading((lifecycle.variable for lifecycle in by_lifecycle), read)
        if len(by_lifecycle) == 1:
            ((lifecycle, own),) = by_lifecycle.items()
            lines += self._firing(lifecycle, own, lambda at: self._alone(verdict, moves[at], read))
            return [*lines, f"return state, {self._named(verdict.firing([]))}"]
        lines.append("fired = 0")
        for lifecycle, own in by_lifecycle.items():
            lines.append(f"to_{lifecycle.name} = s_{lifecycle.name}")
            lines += self._firing(lifecycle, own, lambda at: self._with_others(at, moves[at]))
        made: dict[int, Verdict] = {}

        def firing(fired: int) -> Verdict:
            """The verdict, by the bits of the transitions that have fired."""
            transitions = (move.transition for at, move in enumerate(moves) if fired >> at & 1)
            return made.setdefault(fired, verdict.firing(transitions))

        return [
            *lines,
            "if not fired:",
            f"    return state, {self._named(verdict.firing([]))}",
            f"verdict = {self._named(made)}.get(fired) or {self._named(firing)}(fired)",
            *self._leaving({lifecycle.name: f"to_{lifecycle.name}" for lifecycle in by_lifecycle}, read, "verdict"),
        ]

    def _alone(self, verdict: Verdict, move: Move, read: set[str]) -> list[str]:
        """Fire a transition where no other lifecycle moves."""
        fired = self._named(verdict.firing([move.transition]))
        if move.transition.source == (move.transition.target,):
            return [f"return state, {fired}"]
        return self._leaving({move.lifecycle.name: self._target(move)}, read, fired)

    def _leaving(self, changed: Mapping[str, str], read: set[str], verdict: str) -> list[str]:
        """Return the state with these changes, and the verdict."""
        names = self.system.state_type.names
        if len(names) - len(changed) <= LONGEST_LIST:
            kept = {name: f"s_{name}" if name in read else f"state[{at}]" for name, at in self.positions.items()}
            return [f"return new(State, ({', '.join(({**kept, **changed}).values())},)), {verdict}"]
        puts = [f"after[{self.positions[name]}] = {value}" for name, value in changed.items()]
        return ["after = [*state]", *puts, f"return new(State, after), {verdict}"]

    def _with_others(self, at: int, move: Move) -> list[str]:
        """Fire a transition where other lifecycles may move too."""
        return [f"to_{move.lifecycle.name} = {self._target(move)}", f"fired |= {1 << at}"]

    def _firing(self, lifecycle: Lifecycle, moves: Mapping[int, Move], leave: Callable[[int], list[str]]) -> list[str]:
        """Leave by the transition that fires, if any; many states are halved until those left have the same."""
        leaves: dict[Enum, list[tuple[int, Move]]] = {}
        for at, move in moves.items():
            for value in move.transition.source:
                leaves.setdefault(value, []).append((at, move))
        if len(leaves) <= LONGEST_CHAIN:
            return self._chain([(at, self._source(move.when)) for at, move in moves.items()], leave)
        domain = lifecycle.variable.domain
        indices = self._named({id(value): index for index, value in enumerate(domain)})
        leaving = []
        for value in domain:
            rest = [(at, move.when.given({lifecycle.variable: value})) for at, move in leaves.get(value, ())]
            leaving.append(tuple((at, self._source(when)) for at, when in rest if when is not FALSE))
        return [f"index = {indices}[id(s_{lifecycle.name})]", *self._halved(leaving, 0, leave)]

    def _halved(
        self, leaving: list[tuple[tuple[int, str], ...]], first: int, leave: Callable[[int], list[str]]
    ) -> list[str]:
        if len(set(leaving)) == 1:
            return self._chain(leaving[0], leave) or ["pass"]
        half = len(leaving) // 2
        return [
            f"if index < {first + half}:",
            *_indented(self._halved(leaving[:half], first, leave)),
            "else:",
            *_indented(self._halved(leaving[half:], first + half, leave)),
        ]

    def _chain(self, arrows: Iterable[tuple[int, str]], leave: Callable[[int], list[str]]) -> list[str]:
        lines: list[str] = []
        for at, condition in arrows:
            lines += [f"{'elif' if lines else 'if'} {condition}:", *_indented(leave(at))]
        return lines

    def _target(self, move: Move) -> str:
        return self._named(move.transition.target)

    def _source(self, expr: Expr) -> str:
        match expr:
            case Constant():
                return str(expr.value)
            case Among():
                return self._membership(expr)
            case Compared():
                return self._comparison(expr)
            case Not():
                return f"not ({self._source(expr.part)})"
            case All():
                return " and ".join(f"({self._source(part)})" for part in expr.parts)
            case _:
                raise DeclarationError(f"a declaration cannot ask whether {expr.words()}; only a claim can")

    def _comparison(self, expr: Compared) -> str:
        left, right = expr.left, expr.right
        if expr.relation is Relation.EQUAL and not expr.by and left.kind is right.kind:
            return f"s_{left.name} is s_{right.name}"
        sign = {Relation.EQUAL: "==", Relation.LESS: "<", Relation.AT_MOST: "<="}[expr.relation]
        return f"{self._rank(left)} {sign} {self._rank(right)} + {expr.by}"

    def _rank(self, term: Term) -> str:
        if term.counts:
            return f"s_{term.name}"
        return f"{self._named({id(value): term.rank(value) for value in term.domain})}[id(s_{term.name})]"

    def _membership(self, expr: Among) -> str:
        inside = [value for value in expr.term.domain if value in expr.values]
        outside = [value for value in expr.term.domain if value not in expr.values]
        name = f"s_{expr.term.name}"
        if len(inside) <= min(len(outside), LONGEST_CHAIN):
            return " or ".join(f"{name} is {self._named(value)}" for value in inside) or "False"
        if len(outside) <= LONGEST_CHAIN:
            return " and ".join(f"{name} is not {self._named(value)}" for value in outside) or "True"
        return f"id({name}) in {self._named(frozenset(map(id, inside)))}"  # an enum's own hash is slow

    def _named(self, value: object) -> str:
        label = f"_{value.__class__.__name__}_{value.name}" if isinstance(value, Enum) else "_v"
        name = f"{label if label.isidentifier() else '_v'}_{id(value)}"
        self.values[name] = value
        return name

    def _foreign(self, state: object) -> DeclarationError:
        return DeclarationError(f"system {self.system.name!r}: {state!r} is not a state that its `state` made")

    def _silent(self, request: Request) -> Callable[[State], NoVerdictError]:
        name = self.system.name
        return lambda state: NoVerdictError(f"system {name!r}: {request!r} has no verdict in {state!r}")


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]
