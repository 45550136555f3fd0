"""Shortest runs from sets of states, where a slice has too many states for explicit search."""

from collections.abc import Collection, Hashable

import attrs

from statemachines.checker.slices import AlikeRequests, Slices, SliceSize
from statemachines.checker.symbolic import SymbolicSpace
from statemachines.checker.symbolic_claims import stuck
from statemachines.checker.symbolic_encoding import OF_LAYERS, Diagram
from statemachines.language.claims import AlwaysPossible
from statemachines.language.expression import FALSE, Expr
from statemachines.language.requests import Field, Request
from statemachines.language.system import State
from statemachines.semantics.preconditions import structural_key, variables_of


@attrs.frozen(eq=False)
class SymbolicState:
    """A state of a slice, and a shortest run to it: the one that exploring states one by one would show.

    Parameters
    ----------
    state: where the run starts.
    requests: those of the run.
    """

    state: State
    requests: tuple[Request, ...]

    @property
    def depth(self) -> int:
        """The fewest requests that lead to it."""
        return len(self.requests)

    def path(self) -> tuple[State, tuple[Request, ...]]:
        """Where the run starts, and its requests."""
        return self.state, self.requests


class SymbolicRuns:
    """The first states as `Slices` gives them, from sets of states of the same slices.

    Parameters
    ----------
    slices: those of the system.
    whole: what is said to have been looked at.

    Raises
    ------
    TooLargeError: in every method, when the diagrams would need more nodes than they may.
    """

    def __init__(self, slices: Slices, whole: SliceSize) -> None:
        self.slices, self.whole = slices, whole
        self._spaces: dict[frozenset[str], SymbolicSpace] = {}
        self._firsts: dict[Hashable, SymbolicState | None] = {}

    def alike(self, fields: tuple[Field, ...]) -> tuple[tuple[AlikeRequests, ...], ...]:
        """Requests that are alike: see `Slices.alike`."""
        return self.slices.alike(fields)

    def size(self, condition: Expr) -> SliceSize:  # noqa: ARG002
        """What was looked at for a condition."""
        return self.whole

    def first(self, condition: Expr) -> SymbolicState | None:
        """The first reachable state that satisfies a condition on variables; ``None`` if none does."""
        if condition is FALSE:
            return None
        key = structural_key(condition)
        if key not in self._firsts:
            space = self._space(variables_of(condition))
            with space.bounded():
                self._firsts[key] = _nearest(space, space.encoding.where(condition))
        return self._firsts[key]

    def first_stuck(self, claim: AlwaysPossible) -> tuple[SymbolicState | None, SymbolicState | None]:
        """The first state of a claim's case from which no way leads to its goal, and the first of all."""
        space = self._space(variables_of(claim.when) | variables_of(claim.goal))
        with space.bounded():
            case, without = stuck(space, claim)
            return _nearest(space, without), _nearest(space, case)

    def _space(self, names: Collection[str]) -> SymbolicSpace:
        kept = self.slices.cone(names)
        if kept not in self._spaces:
            system = self.slices.system
            variables = [variable for variable in system.variables if variable.name in kept]
            self._spaces[kept] = SymbolicSpace(
                system, self.slices.requests, variables, self.slices.memory, remembered=OF_LAYERS
            )
        return self._spaces[kept]


def _nearest(space: SymbolicSpace, states: Diagram) -> SymbolicState | None:
    way = space.way(space.encoding.initial(space.system), states, space.states)
    return None if way is None else SymbolicState(space.state(way[0]), way[1])
