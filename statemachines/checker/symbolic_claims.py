"""Claims decided on the set of all reachable states of the whole system."""

from collections.abc import Callable, Collection, Iterator
from enum import Enum
from functools import cached_property
from itertools import combinations

import attrs

from statemachines.checker.lasso import Lasso
from statemachines.checker.noninterference import Observer
from statemachines.checker.search import split
from statemachines.checker.slices import Slices
from statemachines.checker.symbolic import SymbolicSpace
from statemachines.checker.symbolic_encoding import OF_CLAIMS, Diagram, Encoding
from statemachines.checker.symbolic_fairness import FairRuns
from statemachines.checker.symbolic_pairs import SymbolicPairs
from statemachines.checker.symbolic_steps import SymbolicSteps
from statemachines.language.claims import Always, AlwaysPossible, Claim, Indistinguishable, LeadsTo, Sometimes
from statemachines.language.expression import TRUE, Expr
from statemachines.language.system import State
from statemachines.language.terms import Variable
from statemachines.semantics.preconditions import structural_key, variables_of


@attrs.frozen
class ClaimDecision:
    """The decision on a claim.

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


@attrs.frozen
class Evidence:
    """What shows whether a claim holds.

    Parameters
    ----------
    encoding: of the sets.
    breaks: what breaks the claim: states, pairs of a request's number and a state, or pairs of states.
    occurs: its case, likewise.
    states, transitions: as a `ClaimDecision` has them.
    """

    encoding: Encoding
    breaks: Diagram
    occurs: Diagram
    states: int
    transitions: int


class SymbolicClaims:
    """What decides claims of one system, or those of a slice of it that has all that they read.

    Parameters
    ----------
    slices: those of the system; of these, what is known of its requests.
    names: the variables of the slice; by default all.

    Raises
    ------
    TooLargeError: here and in every method, when the diagrams would need more nodes than they may.
    """

    def __init__(self, slices: Slices, names: Collection[str] | None = None) -> None:
        self.slices = slices
        kept = [one for one in slices.system.variables if names is None or one.name in names]
        self.space = SymbolicSpace(
            slices.system, slices.requests, kept, slices.memory, steps=True, remembered=OF_CLAIMS
        )
        self.whole = self.space.size()
        self.states = self.whole.states
        self._known: dict[object, Diagram] = {}

    def occurs(self, condition: Expr) -> bool:
        """Whether some reachable state satisfies a condition on variables."""
        return self._reached(condition).satisfiable()

    def one(self, condition: Expr) -> State:
        """The least reachable state that satisfies a condition on variables, which some do."""
        return self.space.state(self._reached(condition))

    def _reached(self, condition: Expr) -> Diagram:
        key = structural_key(condition)
        if key not in self._known:
            self._known[key] = self.space.states & self.space.encoding.where(condition)
        return self._known[key]

    def decide(self, claim: Claim) -> ClaimDecision:
        """Whether a claim holds."""
        with self.space.bounded():
            evidence = list(self._evidence(claim))
            return ClaimDecision(
                any(one.breaks.satisfiable() for one in evidence),
                any(one.occurs.satisfiable() for one in evidence),
                sum(one.states for one in evidence),
                sum(one.transitions for one in evidence),
            )

    def deciding(self, claim: Claim) -> Callable[[Variable, Expr], dict[Enum, bool]]:
        """What says for each value of a variable whether a claim holds of the states with it that satisfy a condition.

        Neither the variable nor what the condition reads may ever change.
        """
        with self.space.bounded():
            evidence = list(self._evidence(claim))

        def each(variable: Variable, where: Expr) -> dict[Enum, bool]:
            with self.space.bounded():
                some = [
                    [one.encoding.with_values(variable, of, where) for of in (one.occurs, one.breaks)]
                    for one in evidence
                ]
                return {
                    value: any(occurs[at] for occurs, _ in some) and not any(breaks[at] for _, breaks in some)
                    for at, value in enumerate(variable.domain)
                }

        return each

    def _evidence(self, claim: Claim) -> Iterator[Evidence]:
        encoding, states = self.space.encoding, self.states
        match claim:
            case Always(when=when, breaches=breaches) if claim.of_steps:
                yield self._of_steps(when, breaches)
            case Always(when=when, breaches=breaches):
                case = self._reached(when)
                yield Evidence(encoding, case & encoding.any_of(map(encoding.where, breaches)), case, states, 0)
            case Sometimes(of=of) if claim.of_steps:
                yield self._of_steps(of, ())
            case Sometimes(of=of):
                yield Evidence(encoding, encoding.false, self._reached(of), states, 0)
            case AlwaysPossible():
                case, without = stuck(self.space, claim)
                yield Evidence(encoding, without, case, states, states * len(self.space.effects))
            case LeadsTo(when=when):
                runs = FairRuns(claim, self.space, self.slices.requests)
                transitions = states * len(self.slices.requests)
                yield Evidence(encoding, runs.broken, self._reached(when), states, transitions)
            case Indistinguishable():
                yield from self._of_pairs(claim)
            case _:
                raise NotImplementedError(claim)

    @cached_property
    def _steps(self) -> SymbolicSteps:
        return SymbolicSteps(self.space.encoding, self.slices)

    def _of_steps(self, case: Expr, breaches: tuple[Expr, ...]) -> Evidence:
        of_request, rest = split(case)
        steps, encoding = self._steps, self.space.encoding
        asked = steps.where(of_request)
        here = asked & steps.answered & steps.where(rest) & self.space.states
        breaks = encoding.any_of(here & steps.where(breach) for breach in breaches)
        requests = encoding.count_numbers(asked & steps.answered)
        return Evidence(encoding, breaks, here, self.states, self.states * requests)

    def lasso(self, claim: LeadsTo) -> Lasso:
        """How a claim fails: a run that goes on for ever; it is found soonest on the claim's slice."""
        with self.space.bounded():
            return FairRuns(claim, self.space, self.slices.requests).lasso()

    @cached_property
    def _of_two_runs(self) -> Encoding:
        return Encoding(self.slices.system.variables, self.space.nodes, frames=4, remembered=OF_CLAIMS)

    def _of_pairs(self, claim: Indistinguishable) -> Iterator[Evidence]:
        observer = Observer(claim, self.slices)
        for pair in combinations(claim.between, 2):
            pairs = SymbolicPairs(observer, pair, self._of_two_runs)
            differs, seen = pairs.decide()
            size = pairs.count()
            yield Evidence(pairs.encoding, differs, seen, size, size * len(self.slices.requests))


def on_its_slice(claim: LeadsTo, slices: Slices) -> SymbolicClaims:
    """What decides a claim on the slice of all that it reads."""
    # TRUE: whether a request has a verdict at all is part of which steps keep being taken.
    kept = (asked.of(one) for asked in slices.requests for one in (*claim.given, TRUE))
    read = [*kept, claim.when, claim.then]
    return SymbolicClaims(slices, slices.cone({name for condition in read for name in variables_of(condition)}))


def stuck(space: SymbolicSpace, claim: AlwaysPossible) -> tuple[Diagram, Diagram]:
    """The states of a claim's case, and those of them from which no way leads to its goal."""
    case = space.states & space.encoding.where(claim.when)
    # What follows a reachable state is reachable, so the way back need not be kept to them: those sets are far larger.
    can, before = space.encoding.where(claim.goal), None
    while can != before and (case & ~can).satisfiable():
        before = can
        for relation in space.relations:
            can |= relation.preimage(can)
    return case, case & ~can
