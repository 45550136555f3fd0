"""Lifecycles: explicit state machines over one variable each."""

from collections.abc import Iterable
from enum import Enum
from typing import Generic

import attrs

from statemachines.errors import DeclarationError, all_expected, expected
from statemachines.language.display import Displayed
from statemachines.language.expression import TRUE, Expr
from statemachines.language.identity import Identified
from statemachines.language.requests import RequestType
from statemachines.language.rules import split_ids
from statemachines.language.terms import E, Variable, members


@attrs.frozen(eq=False)
class Transition(Identified, Generic[E]):
    """One arrow of a lifecycle.

    Parameters
    ----------
    source: the state, or the states, that it leaves.
    on: the type of request or event that fires it; a request fires nothing unless every gate lets it pass.
    target: the state that it enters.
    when: the further condition.
    rules: the ids of the rules that it follows, as ``"KEY-3"`` or ``"KEY-3 KEY-4"``.
    """

    source: tuple[E, ...] = attrs.field(converter=members)
    on: RequestType
    target: E
    when: Expr = attrs.field(default=TRUE, kw_only=True)
    rules: tuple[str, ...] = attrs.field(converter=split_ids, kw_only=True)

    def __attrs_post_init__(self) -> None:
        expected(self.on, RequestType, "what a transition fires on")
        expected(self.target, Enum, "a transition's target")
        expected(self.when, Expr, f"the condition of a transition on {self.on.name}")

    def __str__(self) -> str:
        sources = " or ".join(state.name for state in self.source)
        return f"{sources} --{self.on.name}--> {self.target.name}"


def _transitions(moves: Iterable[Transition[E]]) -> tuple[Transition[E], ...]:
    return all_expected(moves, Transition, "the transitions")


def _states_that_nothing_leaves(lifecycle: "Lifecycle[E]") -> tuple[E, ...]:
    left = {source for move in lifecycle.transitions for source in move.source if source is not move.target}
    return tuple(state for state in lifecycle.variable.domain if state not in left) if lifecycle.transitions else ()


def _label(lifecycle: "Lifecycle") -> str:
    return lifecycle.variable.label


@attrs.frozen(eq=False, repr=False)
class Lifecycle(Displayed, Identified, Generic[E]):
    """An explicit state machine: a variable, where it starts, and every arrow.

    Parameters
    ----------
    variable: what is in these states; other declarations read it.
    initial: the state, or the states, that it may start in.
    transitions: the arrows. None at all makes the variable a fixed fact.
    final: the states that nothing need follow; by default those that no arrow leaves.
    title: the heading of its picture; the variable's label if not given.

    Raises
    ------
    DeclarationError: for a value that the variable cannot have, and a state that no arrows lead to from the start.
    """

    variable: Variable[E]
    initial: tuple[E, ...] = attrs.field(converter=members)
    transitions: tuple[Transition[E], ...] = attrs.field(default=(), converter=_transitions)
    final: tuple[E, ...] = attrs.field(
        default=attrs.Factory(_states_that_nothing_leaves, takes_self=True), converter=members, kw_only=True
    )
    title: str = attrs.field(default=attrs.Factory(_label, takes_self=True), kw_only=True)

    def __repr__(self) -> str:
        return f"<lifecycle {self.name!r}: {len(self.variable.domain)} states, {len(self.transitions)} transitions>"

    def __attrs_post_init__(self) -> None:
        expected(self.variable, Variable, "what is in the states of a lifecycle")
        if not self.initial:
            raise DeclarationError(f"lifecycle {self.name!r} has no initial state")
        for state in (*self.initial, *self.final):
            self.variable.checked(state)
        for move in self.transitions:
            if not move.source:
                raise DeclarationError(f"lifecycle {self.name!r}: a transition on {move.on.name} leaves no state")
            for state in (*move.source, move.target):
                self.variable.checked(state)
        reached = set(self.initial)
        while new := {
            move.target for move in self.transitions if reached & set(move.source) and move.target not in reached
        }:
            reached |= new
        for state in self.variable.domain:
            if state not in reached:
                raise DeclarationError(
                    f"lifecycle {self.name!r}: nothing reaches the state {state.name}; "
                    "give it a transition, make it initial, or leave it out"
                )

    @property
    def name(self) -> str:
        """The name of its variable."""
        return self.variable.name


def fixed(variable: Variable[E]) -> Lifecycle[E]:
    """A fact that never changes: any value at the start, and that value for good."""
    return Lifecycle(variable, variable.domain)
