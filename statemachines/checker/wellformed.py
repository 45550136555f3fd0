"""A survey of a whole system, slice by slice: is it total and deterministic, and is everything in it alive?"""

from collections.abc import Callable, Iterator
from enum import Enum
from itertools import combinations

import attrs

from statemachines.checker.explicit import Space, explore
from statemachines.checker.slices import Found, Part, Slices, parts
from statemachines.errors import DeclarationError
from statemachines.language.expression import TRUE, Expr, among, conjunction, negation
from statemachines.language.gates import Verdict
from statemachines.language.lifecycle import Transition
from statemachines.language.system import System

LARGEST_WHOLE = 1 << 22
"""The most combinations of values of a system that is explored as a whole, only to count its states."""


@attrs.frozen
class Whole:
    """How large a system is.

    Parameters
    ----------
    states: how many states can be reached.
    transitions: how many pairs of a state and a request change the state.
    depth: the most requests that a shortest way to a state has.
    """

    states: int
    transitions: int
    depth: int


@attrs.frozen(eq=False)
class Survey:
    """What was found of every request in every reachable state.

    Parameters
    ----------
    system: what was looked at.
    requests: how many requests it has.
    combinations: how many combinations of values its variables have.
    whole: how large it is; ``None`` where it has too many combinations of values to count.
    slices: the parts that decided it.
    not_total: for each request without a verdict somewhere: which, and where.
    not_deterministic: for each two transitions that can fire at once: which, where, and on what.
    dead: states that nothing reaches, transitions that never fire, checks that never decide.
    """

    system: System
    requests: int
    combinations: int
    whole: Whole | None
    slices: tuple[Part, ...]
    not_total: tuple[str, ...]
    not_deterministic: tuple[str, ...]
    dead: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that is wrong."""
        return (*self.not_total, *self.not_deterministic, *self.dead)

    def raise_first(self) -> None:
        """Raise `DeclarationError` for the first problem, if there is one."""
        for problem in self.problems:
            raise DeclarationError(f"system {self.system.name!r}: {problem}")


def survey(system: System, slices: Slices | None = None) -> Survey:
    """Look at every request in every reachable state.

    Parameters
    ----------
    slices: those of the system, where there are some already.
    """
    looked = _Looked(slices or Slices(system))
    return Survey(
        system,
        len(looked.slices.requests),
        looked.slices.combinations,
        _whole(looked.slices),
        not_total=tuple(looked.silent()),
        not_deterministic=tuple(looked.clashing()),
        dead=(*looked.unreached(), *looked.unfired(), *looked.undecided()),
        slices=parts(looked.spaces),
    )


def _whole(slices: Slices) -> Whole | None:
    if slices.combinations > LARGEST_WHOLE:
        return None
    space = explore(slices.system, requests=slices.requests)
    return Whole(len(space), space.changing(), int(space.depth.max()))


class _Looked:
    """What is asked of the system, and on which slices it was decided."""

    def __init__(self, slices: Slices) -> None:
        self.slices = slices
        self.system = slices.system
        self.spaces: list[Space] = []

    def first(self, condition: Expr) -> Found | None:
        self.spaces.append(self.slices.of(condition))
        return self.slices.first(condition)

    def silent(self) -> Iterator[str]:
        for asked in self.slices.requests:
            if asked.answered is not TRUE:
                found = self.first(negation(asked.answered))
                if found:
                    yield f"{asked.request!r} has no verdict in {found.state!r}"

    def clashing(self) -> Iterator[str]:
        for asked in self.slices.requests:
            for one, other in combinations(asked.grounded.moves, 2):
                if one.lifecycle is other.lifecycle:
                    found = self.slices.first(conjunction(asked.fires(one), asked.fires(other)))
                    if found:
                        yield (
                            f"lifecycle {one.lifecycle.name!r}: two transitions can fire at once, {one.transition} and "
                            f"{other.transition}: in {found.state!r}, on {asked.request!r}"
                        )

    def unreached(self) -> Iterator[str]:
        for variable in self.system.variables:
            for value in variable.domain:
                if not self.first(among(variable, frozenset([value]))):
                    yield f"lifecycle {variable.name!r}: nothing reaches the state {value.name}"

    def unfired(self) -> Iterator[str]:
        fired: set[Transition] = set()
        for asked in self.slices.distinct:
            for move in asked.grounded.moves:
                if move.transition not in fired and self.first(asked.fires(move)):
                    fired.add(move.transition)
        for lifecycle in self.system.lifecycles:
            for transition in lifecycle.transitions:
                if transition not in fired:
                    yield f"lifecycle {lifecycle.name!r}: the transition {transition} can never fire"

    def undecided(self) -> Iterator[str]:
        decided: set[tuple[Enum, str]] = set()
        for asked in self.slices.distinct:
            for ruling in asked.grounded.rulings:
                said = ruling.verdict
                if said.label and (said.at, said.label) not in decided and self.first(asked.verdict(_alike(said))):
                    decided.add((said.at, said.label))
        for gate in self.system.gates:
            for check in gate.checks:
                if (gate.party, check.label) not in decided:
                    yield f"the check {check.label!r} at {gate.party.name} never decides anything"


def _alike(one: Verdict) -> Callable[[Verdict], bool]:
    """Whether a verdict is that of the same check."""
    return lambda verdict: (verdict.at, verdict.label) == (one.at, one.label)
