"""Exploration on sets of states: one decision diagram of all reachable states.

Requests that change the same variables are one relation, a set of pairs of states over those variables alone. The set
of reachable states grows by one relation after the other until none adds any (chaining), in whatever order; the fewest
requests that lead to a state take sets of states breadth first, layer by layer.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from math import prod

import attrs

from statemachines.checker.effects import Effect, distinct, effects_on
from statemachines.checker.slices import SliceSize
from statemachines.checker.symbolic_encoding import OF_STATES, Diagram, Encoding, Renaming
from statemachines.errors import TooLargeError
from statemachines.extras import optional_imports
from statemachines.language.expression import Expr
from statemachines.language.requests import Request
from statemachines.language.system import State, System
from statemachines.language.terms import Variable
from statemachines.memory import SHARE, available, in_words
from statemachines.semantics.overlaps import refuse_overlaps
from statemachines.semantics.preconditions import Change, Preconditions

with optional_imports():
    from oxidd.util import BooleanOperator, DDMemoryError

A_NODE = 32
"""The bytes that a node takes, with its share of the tables that find it: measured."""
USUAL_NODES = 1 << 24
"""The most nodes where nobody says how much memory there is: what needs more is seldom decided by more."""
BETWEEN_REPORTS = 0.5
"""The seconds between two reports of progress."""
MOST_NODES = 1 << 30
"""The most nodes at all: the index of each is an integer of 32 bits."""


def nodes_within(memory: int | None) -> int:
    """How many nodes diagrams may have within so many bytes; by default within what is available, up to a limit."""
    if memory is None:
        return min(USUAL_NODES, round(SHARE * available()) // A_NODE)
    return max(1, min(MOST_NODES, memory // A_NODE))


@contextmanager
def bounded(system: System, nodes: int) -> Iterator[None]:
    """Say in one message that there are too many nodes."""
    try:
        yield
    except DDMemoryError:
        raise TooLargeError(
            f"system {system.name!r} has decision diagrams of more than {nodes:,} nodes, which is what "
            f"{in_words(nodes * A_NODE)} of memory are enough for"
        ) from None


@attrs.frozen(eq=False)
class StateRelation:
    """The steps on requests that change the same variables: pairs of states, over these variables alone.

    Parameters
    ----------
    steps: the pairs; the state after is in the frame that follows the one of the state before.
    """

    steps: Diagram
    _before: Diagram
    _after: Diagram
    _back: Renaming
    _forth: Renaming

    @classmethod
    def of(cls, encoding: Encoding, names: Mapping[int, Iterable[str]], steps: Diagram) -> "StateRelation":
        """The relation of steps that change, in each of some frames, the variables with these names."""
        changed = [(name, frame) for frame, group in names.items() for name in sorted(group)]
        after = [(name, frame + 1) for name, frame in changed]
        return cls(
            steps,
            encoding.cube(changed),
            encoding.cube(after),
            encoding.renaming(after, -1),
            encoding.renaming(changed, 1),
        )

    def image(self, states: Diagram) -> Diagram:
        """The states that the steps lead to from some states."""
        return states.apply_exists(BooleanOperator.AND, self.steps, self._before).substitute(self._back)

    def preimage(self, states: Diagram) -> Diagram:
        """The states from which the steps lead to some states."""
        return states.substitute(self._forth).apply_exists(BooleanOperator.AND, self.steps, self._after)


def relations_of(
    encoding: Encoding, steps: Iterable[tuple[Mapping[int, frozenset[str]], Diagram]]
) -> list[StateRelation]:
    """A relation for each set of variables that some steps change, in each of some frames; in order."""
    groups: dict[tuple[tuple[int, frozenset[str]], ...], list[Diagram]] = {}
    for names, some in steps:
        groups.setdefault(tuple(names.items()), []).append(some)
    return [StateRelation.of(encoding, dict(names), encoding.any_of(some)) for names, some in groups.items()]


def steps_of(encoding: Encoding, changes: Iterable[Change], names: Iterable[str], frame: int = 0) -> Diagram:
    """The steps over variables with these names that make changes of them: of those that do not change, it stays."""
    after = {name: encoding.same(name, frame, frame + 1) for name in sorted(names)}
    for change in changes:
        name, position = change.variable.name, change.variable.position(change.target)
        if name in after:
            target = encoding.among(change.variable, (position,), frame + 1)
            after[name] = encoding.where(change.when, frame).ite(target, after[name])
    return encoding.all_of(after.values())


def closure(states: Diagram, functions: Sequence[Callable[[Diagram], Diagram]]) -> Diagram:
    """The least set that has these states and all that the functions lead to; each is applied until it adds none."""
    asked: list[Diagram | None] = [None] * len(functions)
    while any(known != states for known in asked):
        for at, function in enumerate(functions):
            while asked[at] != states:
                asked[at], states = states, states | function(states)
    return states


class SymbolicSpace:
    """Every reachable state of a system, or of a slice of it, as a set.

    Parameters
    ----------
    system: what is explored.
    requests: its requests.
    variables: those to keep, for a slice; by default all. What changes one of them may read no others.
    memory: how many bytes diagrams may take.
    steps: whether sets may be of pairs of a request's number and a state.
    remembered: how many results of operations are remembered at most; `layers` and `way` want many.

    If there is a `progress`, it is called now and then with the depth, where there are layers, and the number of states
    so far.

    Raises
    ------
    DeclarationError: for two transitions of a lifecycle that can fire at once.
    TooLargeError: here and in every method, when the diagrams would need more nodes than they may.
    """

    def __init__(
        self,
        system: System,
        requests: Iterable[Preconditions],
        variables: Iterable[Variable] | None = None,
        memory: int | None = None,
        *,
        steps: bool = False,
        remembered: int = OF_STATES,
    ) -> None:
        refuse_overlaps(system)
        requests = tuple(requests)
        self.system = system
        self.variables = tuple(system.variables if variables is None else variables)
        self.effects = tuple(effects_on(requests, [variable.name for variable in self.variables]))
        self.nodes = nodes_within(memory)
        self.bounded = partial(bounded, system, self.nodes)
        self.progress: Callable[[int | None, int], None] | None = None
        self._reported = 0.0
        with self.bounded():
            numbers = len(requests) if steps else 0
            self.encoding = Encoding(self.variables, self.nodes, requests=numbers, remembered=remembered)

    @property
    def combinations(self) -> int:
        """How many combinations of values the variables have."""
        return prod(len(variable.domain) for variable in self.variables)

    def size(self) -> SliceSize:
        """The whole system, or the slice, as what was looked at."""
        return SliceSize(tuple(variable.name for variable in self.variables), self.combinations, self.count())

    def needs(self) -> str:
        """What it takes, in words."""
        return (
            f"{self.combinations:,} combinations of values; decision diagrams may have {self.nodes:,} nodes, "
            f"which take {in_words(self.nodes * A_NODE)}"
        )

    @cached_property
    def _moving(self) -> dict[Effect, Diagram]:
        """The steps on the requests that do different things, the frame of what they do not change apart."""
        return {effect: steps_of(self.encoding, effect.changes, effect.changed) for effect in distinct(self.effects)}

    @cached_property
    def relations(self) -> tuple[StateRelation, ...]:
        """A relation for each set of variables that some requests change, in order of declaration."""
        each = (({0: effect.changed}, steps) for effect, steps in self._moving.items())
        return tuple(relations_of(self.encoding, each))

    @cached_property
    def states(self) -> Diagram:
        """The reachable states."""
        with self.bounded():
            if "layers" in vars(self):
                return self.encoding.any_of(self.layers)
            images = [partial(self._image, relation) for relation in self.relations]
            return closure(self.encoding.initial(self.system), images)

    def _image(self, relation: StateRelation, states: Diagram) -> Diagram:
        self._report(None, states)
        return relation.image(states)

    def _report(self, depth: int | None, states: Diagram) -> None:
        """Report progress, seldom enough that counting takes no time."""
        if self.progress and time.monotonic() - self._reported > BETWEEN_REPORTS:
            self.progress(depth, self.encoding.count(states))
            self._reported = time.monotonic()

    @cached_property
    def layers(self) -> tuple[Diagram, ...]:
        """The states by the fewest requests that lead to them."""
        with self.bounded():
            layers: list[Diagram] = []
            for layer, left in self._layers(self.encoding.initial(self.system), self.encoding.true):
                self._report(len(layers), ~left)
                layers.append(layer)
            return tuple(layers)

    def _layers(self, starts: Diagram, within: Diagram) -> Iterator[tuple[Diagram, Diagram]]:
        """States of a set by the fewest requests that lead to them within it, and those of it that need more."""
        layer, left = starts & within, within
        while layer.satisfiable():
            left &= ~layer
            yield layer, left
            layer = self.encoding.any_of(relation.image(layer) for relation in self.relations) & left

    def count(self, condition: Expr | None = None) -> int:
        """How many states there are, or how many of them satisfy a condition."""
        with self.bounded():
            states = self.states if condition is None else self.states & self.encoding.where(condition)
            return self.encoding.count(states)

    def changing(self) -> int:
        """How many pairs of a state and a request there are in which the request changes the state."""
        alike = Counter(effect.key for effect in self.effects)
        with self.bounded():
            moved = {effect: self.encoding.count(self.states & self._changed(effect)) for effect in self._moving}
            return sum(states * alike[effect.key] for effect, states in moved.items())

    def _changed(self, effect: Effect) -> Diagram:
        """Where a request changes the state."""
        encoding = self.encoding
        return encoding.any_of(
            encoding.where(change.when) & ~encoding.among(change.variable, (change.variable.position(change.target),))
            for change in effect.changes
        )

    def way(
        self, starts: Diagram, goal: Diagram, within: Diagram, going_on: Callable[[], None] = lambda: None
    ) -> tuple[Diagram, tuple[Request, ...], Diagram] | None:
        """A shortest way from one of some states to one of some others, within a set.

        Of several ends the least one is taken; then, backward, of several requests the one declared first, and of the
        states to send it in the least one.

        Parameters
        ----------
        starts, goal, within: sets of states.
        going_on: called before every step; what it raises ends the search.

        Returns
        -------
        tuple
            Where it starts, the requests, and where it ends, both as sets of one state; ``None`` if there is no way.
        """
        layers: list[Diagram] = []
        for layer, _ in self._layers(starts, within):
            layers.append(layer)
            if (layer & goal).satisfiable():
                break
            going_on()
        else:
            return None
        here = end = self.encoding.point(layers[-1] & goal)
        requests: list[Request] = []
        for layer in reversed(layers[:-1]):
            going_on()
            effect, here = self._before(here, layer)
            requests.append(effect.request)
        return here, tuple(reversed(requests)), end

    def _before(self, point: Diagram, layer: Diagram) -> tuple[Effect, Diagram]:
        for effect, relation in self._each.items():
            before = relation.preimage(point) & layer
            if before.satisfiable():
                return effect, self.encoding.point(before)
        raise AssertionError("a state of a layer has one before it")

    @cached_property
    def _each(self) -> dict[Effect, StateRelation]:
        """The steps on each request by itself."""
        return {
            effect: StateRelation.of(self.encoding, {0: effect.changed}, steps)
            for effect, steps in self._moving.items()
        }

    def state(self, point: Diagram) -> State:
        """The least state of a set; variables that the slice forgets have their first initial value."""
        positions = self.encoding.least(point)
        values = {variable.name: variable.domain[positions[variable.name]] for variable in self.variables}
        return self.system.state(**values)
