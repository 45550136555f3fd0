"""Lifecycles: explicit state machines over one variable each."""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from itertools import combinations
from typing import Generic

import attrs

from statemachines.errors import DeclarationError, all_expected, expected
from statemachines.language.display import NotebookDisplay
from statemachines.language.expression import FALSE, TRUE, Expr, expect_condition
from statemachines.language.identity import Identified
from statemachines.language.numbers import Number
from statemachines.language.requests import RequestType
from statemachines.language.rules import split_ids
from statemachines.language.terms import E, Variable, members


@attrs.frozen(eq=False)
class Transition(Identified, Generic[E]):
    """One arrow of a lifecycle.

    Parameters
    ----------
    source: the state, or the states, that it leaves.
    on: the type of request or event that fires it.
    target: the state that it enters.
    when: the further condition.
    rules: the ids of the rules that it follows, as ``"KEY-3"`` or ``"KEY-3 KEY-4"``.
    even_if_refused: whether a request fires it that a gate refuses, as a wrong code is counted; by default a request
        fires nothing unless every gate lets it pass.
    """

    source: tuple[E, ...] = attrs.field(converter=members)
    on: RequestType
    target: E
    when: Expr = attrs.field(default=TRUE, kw_only=True)
    rules: tuple[str, ...] = attrs.field(converter=split_ids, kw_only=True)
    even_if_refused: bool = attrs.field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        expected(self.on, RequestType, "what a transition fires on")
        expected(self.target, Enum, "a transition's target")
        expect_condition(self.when, f"the condition of a transition on {self.on.name}")

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
class Lifecycle(NotebookDisplay, Identified, Generic[E]):
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
        targets: dict[Enum, list[Enum]] = {}
        for move in self.transitions:
            for state in move.source:
                targets.setdefault(state, []).append(move.target)
        waiting: list[Enum] = list(self.initial)
        reached = set(waiting)
        while waiting:
            new = set(targets.get(waiting.pop(), ())) - reached
            reached |= new
            waiting += new
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


def meeting(transitions: Sequence[Transition]) -> Iterator[tuple[Transition, Transition]]:
    """Every two transitions on the same request from a state that both start in, in order of declaration."""
    starting: dict[tuple[RequestType, Enum], list[int]] = {}
    for at, move in enumerate(transitions):
        for value in dict.fromkeys(move.source):
            starting.setdefault((move.on, value), []).append(at)
    for one, other in sorted({pair for indices in starting.values() for pair in combinations(indices, 2)}):
        yield transitions[one], transitions[other]


def adding(
    variable: Variable[Number],
    by: int,
    on: RequestType,
    *,
    when: Expr = TRUE,
    rules: str | Iterable[str],
    even_if_refused: bool = False,
) -> tuple[Transition[Number], ...]:
    """A transition from each value of a `Count` to so many more, where there is such a value.

    Where there is none, the request changes nothing; a check says so, if it should be refused.

    Parameters
    ----------
    variable: the count.
    by: how many more, or fewer.
    on: the type of request or event that fires them.
    when: the further condition; a transition from a value that rules it out is left out.
    rules: the ids of the rules that they follow.
    even_if_refused: whether they fire even if a gate refuses the request.

    Raises
    ------
    DeclarationError: where the variable is no count.

    Examples
    --------
    >>> from statemachines import Count
    >>> level, Fill = Variable("level", Count(0, 3)), RequestType("Fill")
    >>> for transition in adding(level, 1, Fill, when=level >= 1, rules="TANK-1"):
    ...     print(transition)
    1 --Fill--> 2
    2 --Fill--> 3
    """
    expected(variable, Variable, "what is added to")
    sums = variable + by
    values = dict(zip(map(int, variable.domain), variable.domain, strict=True))
    return tuple(
        Transition(value, on, target, when=rest, rules=rules, even_if_refused=even_if_refused)
        for value in variable.domain
        if (target := values.get(value + sums.by)) is not None
        and (rest := when.given({variable: value}, on)) is not FALSE
    )


def fixed(variable: Variable[E]) -> Lifecycle[E]:
    """The lifecycle of a variable that never changes: it may start with any value of its domain, and keeps it."""
    return Lifecycle(variable, variable.domain)
