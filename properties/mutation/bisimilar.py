"""Equivalence of mutants, proved on sets of states: of most no run needs to be looked for.

A mutant that decides and changes the same in every reachable state is equivalent. Where it leaves other values in some
variables, it is all the same if these never show: two states that differ in these variables alone are alike if every
request comes to the same verdict and again to two such states, or to one. Being alike is transitive. So a mutant that
gives the right verdict wherever it may be, which is in a state alike to a reachable one, and comes to a state alike to
that of the original from there, is equivalent. Sets of pairs of states decide that, once for the variables and not for
each mutant. What they do not prove may still be so: `statemachines.checker.equivalence` looks for a run.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from functools import cached_property

import attrs

from properties.mutation.parting import Fires, Parted, Steps
from statemachines.checker.equivalence import Proof
from statemachines.checker.slices import slices
from statemachines.checker.symbolic import StateRelation, bounded, closure, nodes_within
from statemachines.checker.symbolic_encoding import FIRST, SECOND, Diagram, Encoding, Renaming
from statemachines.errors import TooLargeError
from statemachines.language.expression import FALSE, Expr
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.language.terms import Term
from statemachines.semantics.grounding import given


@attrs.frozen(eq=False, slots=False)
class _Sets:
    """Sets of steps on requests of one type: of values of its fields, and states."""

    encoding: Encoding
    kind: RequestType

    @cached_property
    def every(self) -> Diagram:
        domains = ((field, range(len(field.domain))) for field in self.kind.fields)
        return self.encoding.all_of(self.encoding.among(field, tuple(domain)) for field, domain in domains)

    @property
    def none(self) -> Diagram:
        return self.encoding.false

    def where(self, condition: Expr) -> Diagram:
        return self.encoding.where(given(condition, self.kind, {}))

    def some(self, steps: Diagram) -> bool:
        return steps.satisfiable()


class Bisimilar:
    """What is alike in a system, for any number of its mutants.

    Parameters
    ----------
    system: the original.

    Raises
    ------
    TooLargeError: here and in every method, when the diagrams would need more nodes than they may; also if a field has
        the name of a variable or of another field.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        fields = tuple(dict.fromkeys(field for kind in system.requests for field in kind.fields))
        terms: tuple[Term, ...] = (*fields, *system.variables)
        if len({term.name for term in terms}) < len(terms):
            raise TooLargeError(f"system {system.name!r} has two terms of one name: sets of steps need one for each")
        self._nodes = nodes_within(None)
        with bounded(system, self._nodes):
            self.encoding = Encoding(terms, self._nodes, frames=4)
            self._steps = {kind: Steps(system, kind, _Sets(self.encoding, kind)) for kind in system.requests}
            self._after = {
                kind: self._moved(system, steps, steps.passing, steps.answered) for kind, steps in self._steps.items()
            }
            self._alone = {kind: self._relation(kind, after) for kind, after in self._after.items() if after}
            starts = ((one.variable, map(one.variable.position, one.initial)) for one in system.lifecycles)
            initial = self.encoding.all_of(self.encoding.among(variable, (*at,)) for variable, at in starts)
            self._reachable = closure(initial, [relation.image for relation in self._alone.values()])
        self._known: dict[frozenset[str], tuple[Diagram, Diagram]] = {}
        self._known_first: dict[frozenset[str], Diagram] = {}

    def proof(self, mutant: System, kinds: Collection[RequestType]) -> Proof | None:
        """Why nothing tells a mutant from the original, if that can be said.

        Parameters
        ----------
        kinds: the types of request that may be declared otherwise.
        """
        with bounded(self.system, self._nodes):
            parted = {kind: self._steps[kind].parted(mutant) for kind in kinds}
            seen, apart = self._somewhere(parted, self.encoding.true)
            if not seen and not apart:
                return Proof.SAME
            seen, apart = self._somewhere(parted, self._reachable)
            if seen:
                return None
            if not apart:
                return Proof.NO_STATE
            if all(one.changed.keys() <= apart for one in parted.values()) and not self._never_shows(
                mutant, parted, apart, self._reachable
            ):
                return None  # in more states it shows more
            if self._never_shows(mutant, parted, apart, self._alike(apart)[1]):
                return Proof.NO_PAIR
            moved = ((kind, self._steps[kind], one) for kind, one in parted.items())
            after = {kind: self._moved(mutant, steps, one.passing, one.answered) for kind, steps, one in moved}
            states = self._reached({kind: self._relation(kind, of_kind) for kind, of_kind in after.items()})
            apart |= self._somewhere(parted, states)[1]
            return Proof.NO_PAIR if self._never_shows(mutant, parted, apart, states) else None

    def proof_once(self, move: Transition) -> Proof | None:
        """Why nothing shows that a transition fires once and never again, if that can be said.

        Wherever it fires again, or in a state alike to one of these, it must be alike whether it does.
        """
        with bounded(self.system, self._nodes):
            lifecycle, fires = self._firing(move)
            if not (fires & self._reachable).satisfiable():
                return Proof.NO_STATE
            kept = slices(self.system).cone([lifecycle.name])  # whether it fires again does not depend on the others
            others = [name for name in self.system.state_type.names if name not in kept]
            after = {kind: _of(kept, of_kind) for kind, of_kind in self._after.items() if of_kind.keys() & kept}
            fired = self._relation(move.on, after[move.on], steps=fires).image(self._reachable)
            relations = (self._relation(kind, of_kind) for kind, of_kind in after.items())
            later = closure(fired.exists(_cube(self.encoding, others, FIRST)), [one.image for one in relations])
            if not (later & fires).satisfiable():
                return Proof.NO_PAIR
            apart = frozenset([lifecycle.name])
            lost, parted = self._lost(lifecycle, move)
            return Proof.NO_PAIR if self._never_shows(lost, {move.on: parted}, apart, self._alike(apart)[1]) else None

    def proof_late(self, move: Transition) -> Proof | None:
        """Why nothing shows that what a transition changes is changed after the next request, if that can be said.

        The next request must come to the same verdict, and to a state that is alike to the one with the value that is
        due, whatever it changes itself.
        """
        with bounded(self.system, self._nodes):
            lifecycle, fires = self._firing(move)
            if not (fires & self._reachable).satisfiable():
                return Proof.NO_STATE
            apart = frozenset([lifecycle.name])
            told_apart, states = self._alike(apart)
            lost, parted = self._lost(lifecycle, move)
            pairs = self._pairs(lost, parted, move.on, apart, states)
            if (pairs & self._shown_first(apart)).satisfiable():
                return None
            fired = self._relation(move.on, self._after[move.on], steps=fires).image(states)
            then = self.encoding.any_of((fired, *(relation.image(fired) for relation in self._alone.values())))
            due = self.encoding.among(lifecycle.variable, (lifecycle.variable.position(move.target),), SECOND)
            other = (told_apart & due).exists(_cube(self.encoding, apart, SECOND))
            return None if (then & other).satisfiable() else Proof.NO_PAIR

    def _firing(self, move: Transition) -> tuple[Lifecycle, Diagram]:
        """The lifecycle of a transition, and the steps on which it fires."""
        lifecycle = next(one for one in self.system.lifecycles if any(own is move for own in one.transitions))
        steps = self._steps[move.on]
        fires = steps.fires(lifecycle, steps.passing, steps.answered)
        return lifecycle, next(here for one, here in fires if one is move)

    def _lost(self, lifecycle: Lifecycle, move: Transition) -> tuple[System, Parted[Diagram]]:
        """The system in which a transition never fires, and where that parts from the original."""
        moves = [attrs.evolve(one, when=FALSE) if one is move else one for one in lifecycle.transitions]
        other = attrs.evolve(lifecycle, transitions=moves)
        lifecycles = [other if one is lifecycle else one for one in self.system.lifecycles]
        lost = self.system.varied(lifecycles=lifecycles, checked=False)
        return lost, self._steps[move.on].parted(lost)

    def _never_shows(
        self, mutant: System, parted: Mapping[RequestType, Parted[Diagram]], apart: frozenset[str], states: Diagram
    ) -> bool:
        """Whether a mutant gives the right verdict in these states, and comes to states that are alike from there."""
        seen, changed = self._somewhere(parted, states)
        if seen or not changed <= apart:
            return False
        told_apart, _ = self._alike(apart)
        pairs = (self._pairs(mutant, one, kind, apart, states) for kind, one in parted.items())
        return not any((some & told_apart).satisfiable() for some in pairs)

    def _reached(self, moved: Mapping[RequestType, StateRelation]) -> Diagram:
        """The reachable states, and those that they lead to where requests of some types move them otherwise.

        That may be more than the mutant can reach; but only what is new needs to be asked, and it is little.
        """
        states, relations = self._reachable, {**self._alone, **moved}.values()
        new = self.encoding.any_of(relation.image(states) for relation in moved.values()) & ~states
        while new.satisfiable():
            states |= new
            for relation in relations:
                new |= relation.image(new)
            new &= ~states
        return states

    def _somewhere(self, parted: Mapping[RequestType, Parted[Diagram]], states: Diagram) -> tuple[bool, frozenset[str]]:
        """Whether another verdict shows in one of some states; and the variables that are otherwise after one."""
        seen = any((one.seen & states).satisfiable() for one in parted.values())
        changed = (item for one in parted.values() for item in one.changed.items())
        return seen, frozenset(name for name, steps in changed if (steps & states).satisfiable())

    def _alike(self, apart: frozenset[str]) -> tuple[Diagram, Diagram]:
        """The pairs that differ in some variables alone and are not alike; and the states alike to a reachable one."""
        if apart not in self._known:
            encoding = self.encoding
            told_apart = closure(
                self._shown_first(apart),
                [self._relation(kind, after, apart).preimage for kind, after in self._after.items() if after],
            )
            valid = (
                encoding.among(one, tuple(range(len(one.domain))), SECOND)
                for one in self.system.variables
                if one.name in apart
            )
            around = encoding.all_of((*valid, self._reachable, ~told_apart)).exists(_cube(encoding, apart, FIRST))
            again = encoding.renaming(((name, SECOND) for name in apart), FIRST - SECOND)
            self._known[apart] = told_apart, around.substitute(again)
        return self._known[apart]

    def _shown_first(self, apart: frozenset[str]) -> Diagram:
        """The pairs that differ in some variables alone, and in which one request shows that or parts others."""
        if apart not in self._known_first:
            self._known_first[apart] = self.encoding.any_of(self._shown(kind, apart) for kind in self.system.requests)
        return self._known_first[apart]

    def _shown(self, kind: RequestType, apart: frozenset[str]) -> Diagram:
        """The pairs in which a request comes to other verdicts, or parts the two in other variables."""
        encoding, steps, second = self.encoding, self._steps[kind], self._second(apart)
        verdicts: dict[Hashable, Diagram] = {}
        for case, here in steps.decided():
            key = (*map(id, case.shown), case.declaration and case.declaration.unspecified)
            verdicts[key] = verdicts.get(key, encoding.false) | here
        same = [encoding.any_of(here & here.substitute(second) for here in verdicts.values())]
        for name, after in self._after[kind].items():
            if name not in apart:
                same.append((after & after.substitute(second)).exists(_cube(encoding, [name], FIRST + 1)))
        return self._of_any(kind, steps.sets.every & ~encoding.all_of(same))

    def _second(self, apart: Iterable[str]) -> Renaming:
        """What makes sets and steps of the first state those of the second, where only these variables differ."""
        return self.encoding.renaming(((name, frame) for name in apart for frame in (FIRST, FIRST + 1)), SECOND)

    def _of_any(self, kind: RequestType, steps: Diagram) -> Diagram:
        """Without the fields: with any of their values."""
        return (
            steps.exists(_cube(self.encoding, [field.name for field in kind.fields], FIRST)) if kind.fields else steps
        )

    def _relation(
        self,
        kind: RequestType,
        after: Mapping[str, Diagram],
        apart: frozenset[str] = frozenset(),
        steps: Diagram | None = None,
    ) -> StateRelation:
        """What requests of a type, or some steps on them, do to the first state, and to a second apart from it."""
        second, both = self._second(apart), apart & after.keys()
        others = (after[name].substitute(second) for name in both)
        some = self._steps[kind].sets.every if steps is None else steps
        every = self.encoding.all_of((some, *after.values(), *others))
        return StateRelation.of(self.encoding, {FIRST: after.keys(), SECOND: both}, self._of_any(kind, every))

    def _moved(self, system: System, steps: Steps[Diagram], passing: Diagram, answered: Diagram) -> dict[str, Diagram]:
        """For each variable that requests of a type move, its value after each step."""
        fired = {one: steps.fires(one, passing, answered) for one in system.lifecycles}
        return {one.name: self._value(one, fires, FIRST + 1) for one, fires in fired.items() if fires}

    def _value(self, lifecycle: Lifecycle, fires: Fires[Diagram], frame: int) -> Diagram:
        """The value afterwards, in a frame."""
        variable = lifecycle.variable
        after = self.encoding.same(variable.name, FIRST, frame)
        for move, here in fires:
            after = here.ite(self.encoding.among(variable, (variable.position(move.target),), frame), after)
        return after

    def _pairs(
        self, mutant: System, parted: Parted[Diagram], kind: RequestType, apart: Collection[str], states: Diagram
    ) -> Diagram:
        """The pairs that the two come to from one of some states."""
        encoding, first = self.encoding, self._after[kind]
        steps = encoding.any_of(parted.changed.values()) & states
        if not steps.satisfiable():
            return steps
        second = [
            self._value(one, self._steps[kind].fires(one, parted.passing, parted.answered), SECOND + 1)
            for one in mutant.lifecycles
            if one.name in apart
        ]
        pairs = encoding.all_of((*first.values(), *second, steps))
        after = [*((name, FIRST + 1) for name in first), *((name, SECOND + 1) for name in apart)]
        return self._of_any(kind, pairs).exists(_cube(encoding, first, FIRST)).substitute(encoding.renaming(after, -1))


def _of(names: Collection[str], values: Mapping[str, Diagram]) -> dict[str, Diagram]:
    return {name: value for name, value in values.items() if name in names}


def _cube(encoding: Encoding, names: Iterable[str], frame: int) -> Diagram:
    return encoding.cube((name, frame) for name in names)
