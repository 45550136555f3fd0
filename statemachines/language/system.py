"""Systems: lifecycles, gates and answers composed into one deterministic step."""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from itertools import product
from typing import Any

import attrs

from statemachines.errors import DeclarationError, UnknownNameError, all_expected
from statemachines.language import component
from statemachines.language.component import Component, Constraint
from statemachines.language.display import NotebookDisplay
from statemachines.language.expression import Moment
from statemachines.language.gates import Answer, Gate
from statemachines.language.identity import Identified, Path, identity, resolved
from statemachines.language.lifecycle import Lifecycle
from statemachines.language.requests import Request, RequestType, request_types
from statemachines.language.rules import Register
from statemachines.language.terms import Variable
from statemachines.language.validation import validate


class State(tuple[Enum, ...]):
    """The value of every variable: immutable, hashable, read by attribute.

    Each system has its own subclass; make one with `System.state`.
    """

    __slots__ = ()
    names: tuple[str, ...] = ()
    positions: Mapping[str, int] = {}
    _token: str | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return _state, (*_pickled_type(type(self)), tuple(self))

    def __getattr__(self, name: str) -> Enum:
        try:
            return self[self.positions[name]]
        except KeyError:
            raise AttributeError(f"the state has no variable {name!r}; it has {', '.join(self.names)}") from None

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.names})

    def as_dict(self) -> dict[str, Enum]:
        """The values by name."""
        return dict(zip(self.names, self, strict=True))

    def __repr__(self) -> str:
        return f"State({', '.join(f'{name}={value.name}' for name, value in self.as_dict().items())})"


def _state_type(names: tuple[str, ...]) -> type[State]:
    positions = {name: at for at, name in enumerate(names)}
    return type("State", (State,), {"__slots__": (), "names": names, "positions": positions})


def _pickled_type(kind: type[State]) -> tuple[str, Path, tuple[str, ...]]:
    return *identity(kind), kind.names


def _restored_type(token: str, path: Path, names: tuple[str, ...]) -> type[State]:
    """The type of a system's states: the same for the same token, so that unpickled states are of their system's."""
    kind: type[State] = resolved(
        token, path, lambda declared: getattr(declared, "names", ()) == names, lambda: _state_type(names)
    )
    return kind


def _state(token: str, path: Path, names: tuple[str, ...], values: tuple[Enum, ...]) -> State:
    return _restored_type(token, path, names)(values)


def _gates(parts: Iterable[Gate]) -> tuple[Gate, ...]:
    return all_expected(parts, Gate, "a list of gates")


@attrs.frozen(eq=False, repr=False)
class System(NotebookDisplay, Identified):
    """Lifecycles, gates and answers as one step: any request in any state has exactly one verdict.

    Parameters
    ----------
    name: what it is a system of.
    register: the rules that the declarations may cite.
    lifecycles: every variable of the system is in exactly one of them, fixed facts included.
    requests: every type of request and event.
    gates: in the order in which a request meets them.
    answers: to requests that pass every gate.
    constraints: what every described state must satisfy; the checker proves that reachable states do.

    Raises
    ------
    DeclarationError: naming the culprit, for whatever is structurally wrong in the declaration.
    """

    name: str
    register: Register
    lifecycles: tuple[Lifecycle, ...] = attrs.field(converter=component.lifecycles, kw_only=True)
    requests: tuple[RequestType, ...] = attrs.field(converter=request_types, kw_only=True)
    gates: tuple[Gate, ...] = attrs.field(default=(), converter=_gates, kw_only=True)
    answers: tuple[Answer, ...] = attrs.field(converter=component.answers, kw_only=True)
    constraints: tuple[Constraint, ...] = attrs.field(default=(), converter=component.constraints, kw_only=True)
    state_type: type[State] = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        names = tuple(lifecycle.name for lifecycle in self.lifecycles)
        if len(set(names)) != len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise DeclarationError(f"system {self.name!r} has two lifecycles of the variable {twice!r}")
        object.__setattr__(self, "state_type", _state_type(names))
        answers = tuple(one if one.on else attrs.evolve(one, on=self.requests) for one in self.answers)
        object.__setattr__(self, "answers", answers)
        validate(self)

    @classmethod
    def of(
        cls,
        name: str,
        register: Register,
        components: Iterable[Component],
        *,
        requests: Iterable[RequestType],
        gates: Iterable[Gate] = (),
    ) -> "System":
        """The system that components make: lifecycles, checks, answers and constraints in the order of the list.

        Parameters
        ----------
        name, register, requests: as of any system.
        components: what each matter brings. Of several answers to a request the first that applies is given, so an
            answer of a component stands before those of later ones.
        gates: the parties in the order in which a request comes to them. A gate's own checks come first, then those
            that the components have at its party.

        Raises
        ------
        DeclarationError: for checks at a party that has no gate, or several; and as for any system.
        """
        parts = all_expected(components, Component, "a list of components")
        ways = _gates(gates)
        parties = [gate.party for gate in ways]
        for part in parts:
            for party in part.checks:
                if parties.count(party) != 1:
                    raise DeclarationError(
                        f"system {name!r}: {part.name!r} has checks at {party}, expected one gate at that party; "
                        f"there are {parties.count(party)}"
                    )
        return cls(
            name,
            register,
            lifecycles=[lifecycle for part in parts for lifecycle in part.lifecycles],
            requests=requests,
            gates=[
                attrs.evolve(
                    gate, checks=[*gate.checks, *(check for part in parts for check in part.checks.get(gate.party, ()))]
                )
                for gate in ways
            ],
            answers=[answer for part in parts for answer in part.answers],
            constraints=[constraint for part in parts for constraint in part.constraints],
        )

    def varied(
        self,
        *,
        lifecycles: Iterable[Lifecycle] | None = None,
        gates: Iterable[Gate] | None = None,
        answers: Iterable[Answer] | None = None,
        checked: bool = True,
    ) -> "System":
        """The same system with other parts, as a mutant is; states of the one are states of the other.

        Only the parts that this system does not have are checked, which is what makes many of them cheap.

        Parameters
        ----------
        lifecycles: of the same variables, in the same order.
        checked: whether they are; what is put together so that it cannot be wrong need not be, for that may take long.

        Raises
        ------
        DeclarationError: as for any system.
        """
        made = object.__new__(type(self))
        super(System, made)._restore(super()._pickled())
        for name, parts in (
            ("lifecycles", None if lifecycles is None else component.lifecycles(lifecycles)),
            ("gates", None if gates is None else _gates(gates)),
            ("answers", None if answers is None else component.answers(answers)),
        ):
            if parts is not None:
                object.__setattr__(made, name, parts)
        if [one.variable.name for one in made.lifecycles] != list(self.state_type.names):
            raise DeclarationError(f"system {self.name!r} cannot be varied to have other variables")
        if checked:
            validate(made, self)
        return made

    def _pickled(self) -> dict[str, Any]:
        return {**super()._pickled(), "state_type": _pickled_type(self.state_type)}

    def _restore(self, values: dict[str, Any]) -> None:
        super()._restore({**values, "state_type": _restored_type(*values["state_type"])})

    def __repr__(self) -> str:
        return f"<system {self.name!r}: {len(self.lifecycles)} lifecycles, {len(self.requests)} request types>"

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables, in order of declaration."""
        return tuple(lifecycle.variable for lifecycle in self.lifecycles)

    def lifecycle(self, name: str) -> Lifecycle:
        """The lifecycle of the variable with that name."""
        names = self.state_type.names
        if name not in names:
            raise UnknownNameError(f"system {self.name!r} has no lifecycle {name!r}; it has {', '.join(names)}")
        return self.lifecycles[names.index(name)]

    def state(self, /, **values: Enum) -> State:
        """The state with these values; variables not given have their first initial value."""
        for name in values:
            if name not in self.state_type.names:
                self.lifecycle(name)
        return self.state_type(
            lifecycle.variable.checked(values.get(lifecycle.name, lifecycle.initial[0]))
            for lifecycle in self.lifecycles
        )

    def replace(self, state: State, /, **values: Enum) -> State:
        """The state with these values different."""
        return self.state(**{**state.as_dict(), **values})

    def initial_states(self) -> Iterator[State]:
        """Every state that the system may start in."""
        for values in product(*(lifecycle.initial for lifecycle in self.lifecycles)):
            yield self.state_type(values)

    def all_requests(self) -> Iterator[Request]:
        """Every request and event, in order of declaration."""
        for kind in self.requests:
            yield from kind.requests()

    def values_of(self, aspect: str) -> tuple[Enum, ...]:
        """Every value that an aspect of a verdict may have, by the aspect's name; in order of declaration."""
        deciding = [*(check for gate in self.gates for check in gate.checks), *self.answers]
        values = [getattr(one, aspect, None) for one in deciding]
        if aspect == "at":
            values = [*(gate.party for gate in self.gates), *values]
        return tuple({id(value): value for value in values if value is not None}.values())

    def broken_constraints(self, state: State) -> tuple[Constraint, ...]:
        """The constraints that the state breaks."""
        moment = Moment(state.as_dict())
        return tuple(
            constraint for constraint in self.constraints if not constraint.when.implies(constraint.then).holds(moment)
        )
