"""Claims of the kind *leads to* on sets of states: is there a fair run without end that never gets there?

A set of states is endless if from each of its states, for each fair condition, a way within the set leads to a state at
which no request would make such a step, or to such a step within the set. The largest such set without the goal is a
greatest fixpoint (Emerson and Lei, 1986); a claim fails exactly if its case is reachable there.
"""

from collections.abc import Hashable, Iterable, Sequence
from functools import partial

from statemachines.checker.effects import Effect
from statemachines.checker.lasso import Lasso
from statemachines.checker.symbolic import StateRelation, SymbolicSpace, closure, relations_of, steps_of
from statemachines.checker.symbolic_encoding import Diagram
from statemachines.language.claims import LeadsTo
from statemachines.language.expression import FALSE, TRUE, Expr
from statemachines.language.requests import Request
from statemachines.semantics.preconditions import Preconditions


class _Kept:
    """The steps that keep being made: those of one condition.

    Parameters
    ----------
    asked: what the requests that may make one do, each with where it makes one.
    enabled: where some request makes one.
    """

    def __init__(self, space: SymbolicSpace, requests: Iterable[Preconditions], condition: Expr) -> None:
        encoding = self._encoding = space.encoding
        effects = {effect.request: effect for effect in space.effects}
        asked = ((one.request, one.of(condition)) for one in requests)
        where = ((request, encoding.where(when)) for request, when in asked if when is not FALSE)
        self.asked = [(effects.get(request) or Effect(request, ()), when) for request, when in where]
        self.enabled = encoding.any_of(when for _, when in self.asked)
        when_of: dict[Hashable, tuple[Effect, Diagram]] = {}
        for effect, when in self.asked:
            first, known = when_of.get(effect.key, (effect, encoding.false))
            when_of[effect.key] = first, known | when
        steps = ((one, steps_of(encoding, one.changes, one.changed) & when) for one, when in when_of.values())
        self._relations = relations_of(encoding, (({0: one.changed}, some) for one, some in steps))

    def leading_to(self, states: Diagram) -> Diagram:
        """From where such a step leads to one of some states."""
        return self._encoding.any_of(relation.preimage(states) for relation in self._relations)

    def step(self, point: Diagram, within: Diagram) -> tuple[Request, Diagram]:
        """The first request that makes such a step from a state to one of some others, and where it leads."""
        for effect, when in self.asked:
            if (point & when).satisfiable():
                steps = steps_of(self._encoding, effect.changes, effect.changed)
                after = StateRelation.of(self._encoding, {0: effect.changed}, steps).image(point)
                if (after & within).satisfiable():
                    return effect.request, after
        raise AssertionError("a state that a step leads from has such a step")


class FairRuns:
    """The fair runs along which the goal of a claim never comes.

    Parameters
    ----------
    space: the states of the whole system, or of a slice that has all that the claim reads.
    requests: those of the system.
    """

    def __init__(self, claim: LeadsTo, space: SymbolicSpace, requests: Sequence[Preconditions]) -> None:
        self.space = space
        encoding = space.encoding
        self._without = space.states & ~encoding.where(claim.then)
        self._kept = [_Kept(space, requests, condition) for condition in (*claim.given, TRUE)]
        self._kept[-1].enabled = encoding.true  # some step is always to be made
        self.endless = self._endless()
        self.broken = self.endless & encoding.where(claim.when)

    def _endless(self) -> Diagram:
        """The states without the goal from which a fair run goes on for ever without it."""
        states, before = self._without, None
        while states != before:
            before = states
            for kept in self._kept:
                states = self._able(kept, states)
        return states

    def _able(self, kept: _Kept, states: Diagram) -> Diagram:
        """The states from which a way within them leads to where a condition is done justice to."""
        just = states & (~kept.enabled | kept.leading_to(states))
        if just == states:
            return states

        def back(relation: StateRelation, targets: Diagram) -> Diagram:
            return relation.preimage(targets) & states

        return closure(just, [partial(back, relation) for relation in self.space.relations])

    def lasso(self) -> Lasso:
        """A shortest run to a state from which the goal need not come, and how to go on for ever without it."""
        way = self.space.way(self.space.encoding.initial(self.space.system), self.broken, self.space.states)
        if way is None:
            raise AssertionError("what is reachable has a way to it")
        start, requests, head = way
        stem, loop, here = list(requests), list[Request](), head
        while True:
            for kept in self._kept[:-1]:
                here = self._justice(kept, here, loop)
            if not loop:  # some step has to be made
                here = self._justice(self._kept[-1], here, loop)
            back = self.space.way(here, head, self.endless)
            if back is not None:
                names = tuple(variable.name for variable in self.space.variables)
                return Lasso(self.space.state(start), tuple(stem), (*loop, *back[1]), names)
            stem, loop, head = [*stem, *loop], [], here

    def _justice(self, kept: _Kept, here: Diagram, requests: list[Request]) -> Diagram:
        """Go on to where a condition is done justice to; where that is."""
        disabled = self.endless & ~kept.enabled
        way = self.space.way(here, disabled | (self.endless & kept.leading_to(self.endless)), self.endless)
        if way is None:
            raise AssertionError("from each endless state there is such a way")
        _, further, here = way
        requests += further
        if not (here & disabled).satisfiable():
            request, here = kept.step(here, self.endless)
            requests.append(request)
        return here
