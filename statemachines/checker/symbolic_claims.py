"""Claims decided on the set of all reachable states of the whole system: no slice, no order, no run."""

from collections.abc import Iterator
from functools import cached_property
from itertools import combinations

import attrs

from statemachines.checker.lasso import Lasso
from statemachines.checker.search import split
from statemachines.checker.slices import Slices, SliceSize
from statemachines.checker.symbolic import SymbolicSpace
from statemachines.checker.symbolic_encoding import Diagram
from statemachines.checker.symbolic_fairness import FairRuns
from statemachines.checker.symbolic_pairs import SymbolicPairs
from statemachines.checker.symbolic_steps import SymbolicSteps
from statemachines.language.claims import Always, AlwaysPossible, Claim, Indistinguishable, LeadsTo, Sometimes
from statemachines.language.expression import Expr, conjunction
from statemachines.semantics.preconditions import structural_key, variables_of


@attrs.frozen
class Decision:
    """What is so of a claim.

    Parameters
    ----------
    breaks: whether something breaks it.
    occurs: whether its case happens at all; what breaks it is such a case.
    states, transitions: how many states, and (state, request) pairs, were decided on; pairs of states of runs in pairs.
    """

    breaks: bool
    occurs: bool
    states: int
    transitions: int

    @property
    def holds(self) -> bool:
        """Whether the claim holds."""
        return self.occurs and not self.breaks


class SymbolicClaims:
    """What decides claims of one system.

    Parameters
    ----------
    slices: those of the system; of these, what is known of its requests.

    Raises
    ------
    TooLargeError: here and in every method, when the diagrams would need more nodes than they may.
    """

    def __init__(self, slices: Slices) -> None:
        self.slices = slices
        self.space = SymbolicSpace(slices.system, slices.requests, memory=slices.memory, steps=True)
        self.states = self.space.count()
        self._known: dict[object, bool] = {}

    @property
    def whole(self) -> SliceSize:
        """The whole system, as what was looked at."""
        return SliceSize(self.slices.system.state_type.names, self.slices.combinations, self.states)

    def occurs(self, condition: Expr) -> bool:
        """Whether some reachable state satisfies a condition on variables."""
        key = structural_key(condition)
        if key not in self._known:
            self._known[key] = self._reached(condition).satisfiable()
        return self._known[key]

    def _reached(self, condition: Expr) -> Diagram:
        return self.space.states & self.space.encoding.where(condition)

    def decide(self, claim: Claim) -> Decision:  # noqa: PLR0911  # one return for each kind of claim
        """Whether a claim holds."""
        with self.space.bounded():
            match claim:
                case Always(when=when, breaches=breaches) if claim.of_steps:
                    return self._of_steps(when, breaches)
                case Always(when=when, breaches=breaches):
                    broken = any(self.occurs(conjunction(when, breach)) for breach in breaches)
                    return Decision(broken, self.occurs(when), self.states, 0)
                case Sometimes(of=of) if claim.of_steps:
                    return self._of_steps(of, ())
                case Sometimes(of=of):
                    return Decision(False, self.occurs(of), self.states, 0)
                case AlwaysPossible():
                    return self._possible(claim)
                case LeadsTo(when=when):
                    runs = FairRuns(claim, self.space, self.slices.requests)
                    transitions = self.states * len(self.slices.requests)
                    return Decision(runs.broken.satisfiable(), self.occurs(when), self.states, transitions)
                case Indistinguishable():
                    return self._indistinguishable(claim)
        raise NotImplementedError(claim)

    @cached_property
    def _steps(self) -> SymbolicSteps:
        return SymbolicSteps(self.space.encoding, self.slices.requests, self.slices.kinds)

    def _of_steps(self, case: Expr, breaches: tuple[Expr, ...]) -> Decision:
        of_request, rest = split(case)
        steps = self._steps
        asked = steps.where(of_request)
        here = asked & steps.answered & steps.where(rest) & self.space.states
        breaks = any((here & steps.where(breach)).satisfiable() for breach in breaches)
        requests = self.space.encoding.count_numbers(asked & steps.answered)
        return Decision(breaks, here.satisfiable(), self.states, self.states * requests)

    def _possible(self, claim: AlwaysPossible) -> Decision:
        case, without = stuck(self.space, claim)
        transitions = self.states * len(self.space.effects)
        return Decision(without.satisfiable(), case.satisfiable(), self.states, transitions)

    def lasso(self, claim: LeadsTo) -> Lasso:
        """How a claim fails, on the slice of all that it reads: a run that goes on for ever."""
        kept = (asked.of(one) for asked in self.slices.requests for one in claim.given)
        read = [*kept, claim.when, claim.then]
        cone = self.slices.cone({name for condition in read for name in variables_of(condition)})
        variables = [variable for variable in self.slices.system.variables if variable.name in cone]
        space = SymbolicSpace(self.slices.system, self.slices.requests, variables, self.slices.memory)
        with space.bounded():
            return FairRuns(claim, space, self.slices.requests).lasso()

    def _indistinguishable(self, claim: Indistinguishable) -> Decision:
        decisions = list(self._of_pairs(claim))
        return Decision(
            any(one.breaks for one in decisions),
            any(one.occurs for one in decisions),
            sum(one.states for one in decisions),
            sum(one.transitions for one in decisions),
        )

    def _of_pairs(self, claim: Indistinguishable) -> Iterator[Decision]:
        sees = {asked.request: asked.of(claim.sees) for asked in self.slices.requests}
        for one, other in combinations(claim.between, 2):
            pairs = SymbolicPairs(claim, self.slices, sees, (one, other), self.space.nodes)
            breaks, occurs = pairs.decide()
            size = pairs.count()
            yield Decision(breaks, occurs, size, size * len(self.slices.requests))


def stuck(space: SymbolicSpace, claim: AlwaysPossible) -> tuple[Diagram, Diagram]:
    """The states of a claim's case, and those of them from which no way leads to its goal."""
    case, can = (space.states & space.encoding.where(condition) for condition in (claim.when, claim.goal))
    before = None
    while can != before and (case & ~can).satisfiable():
        before = can
        for relation in space.relations:
            can |= relation.preimage(can) & space.states
    return case, case & ~can
