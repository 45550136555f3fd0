"""Shortest runs from sets of states, where a slice has too many states for explicit search."""

from collections.abc import Collection, Hashable

from statemachines.checker.slices import ReachedState, Slices, SliceSize
from statemachines.checker.symbolic import SymbolicSpace
from statemachines.checker.symbolic_claims import stuck
from statemachines.checker.symbolic_encoding import OF_LAYERS, Diagram
from statemachines.language.claims import AlwaysPossible
from statemachines.language.expression import Expr
from statemachines.semantics.preconditions import structural_key, variables_of


class SymbolicRuns:
    """The first states as `Slices` gives them, and the same runs to them, from sets of states of the same slices.

    Parameters
    ----------
    slices: those of the system.

    Raises
    ------
    TooLargeError: in every method, when the diagrams would need more nodes than they may.
    """

    def __init__(self, slices: Slices) -> None:
        self.slices = slices
        self._spaces: dict[frozenset[str], SymbolicSpace] = {}
        self._firsts: dict[Hashable, ReachedState | None] = {}

    def size(self, *conditions: Expr) -> SliceSize:
        """The slice on which some conditions on variables are decided."""
        return self._space({name for condition in conditions for name in variables_of(condition)}).size()

    def first(self, condition: Expr) -> ReachedState | None:
        """The first reachable state that satisfies a condition on variables; ``None`` if none does."""
        key = structural_key(condition)
        if key not in self._firsts:
            space = self._space(variables_of(condition))
            with space.bounded():
                self._firsts[key] = _nearest(space, space.encoding.where(condition))
        return self._firsts[key]

    def first_stuck(self, claim: AlwaysPossible) -> tuple[ReachedState | None, ReachedState | None]:
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


def _nearest(space: SymbolicSpace, states: Diagram) -> ReachedState | None:
    way = space.way(space.encoding.initial(space.system), states, space.states)
    if way is None:
        return None
    start, requests = space.state(way[0]), way[1]
    return ReachedState(len(requests), lambda: (start, requests))
