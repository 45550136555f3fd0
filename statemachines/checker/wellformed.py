"""Well-formedness, decided slice by slice: is a system total and deterministic, and is every part of it alive?"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from operator import is_
from typing import TYPE_CHECKING

import attrs

from statemachines.checker.slices import ReachedState, Slices, SliceSize, sizes
from statemachines.errors import DeclarationError, TooLargeError
from statemachines.language.expression import TRUE, Expr, among, negation
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.lifecycle import Transition
from statemachines.language.system import State, System
from statemachines.semantics.overlaps import overlaps
from statemachines.semantics.trace import replay

if TYPE_CHECKING:
    from statemachines.checker.explicit import Space
    from statemachines.checker.symbolic_claims import SymbolicClaims

First = Callable[[Expr], ReachedState | None]

LARGEST_WHOLE = 1 << 22
"""The most combinations of values of a system that is explored as a whole, only to count its states."""


@attrs.frozen
class SystemSize:
    """How large a system is.

    Parameters
    ----------
    states: how many states can be reached.
    transitions: how many pairs of a state and a request change the state.
    depth: the most requests that a shortest way to a state has; ``None`` where it would take long.
    """

    states: int
    transitions: int
    depth: int | None


@attrs.frozen(eq=False)
class WellFormedness:
    """The results for every request in every reachable state.

    Parameters
    ----------
    system: what was looked at.
    requests: how many requests it has.
    combinations: how many combinations of values its variables have.
    whole: how large it is; ``None`` where it has too many combinations of values to count.
    slices: the parts that decided it.
    not_total: for each request without a verdict somewhere: which, and where.
    not_deterministic: each two transitions that can fire at once, in any state; where there are, nothing is explored.
    dead: states that nothing reaches, transitions that never fire, checks that never decide, answers
        that are never given.
    not_final: final states that a transition leaves, and states that nothing leaves and that are not final.
    """

    system: System
    requests: int
    combinations: int
    whole: SystemSize | None
    slices: tuple[SliceSize, ...]
    not_total: tuple[str, ...]
    not_deterministic: tuple[str, ...]
    dead: tuple[str, ...]
    not_final: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that is wrong."""
        return (*self.not_total, *self.not_deterministic, *self.dead, *self.not_final)

    def raise_first(self) -> None:
        """Raise `DeclarationError` for the first problem, if there is one."""
        for problem in self.problems:
            raise DeclarationError(f"system {self.system.name!r}: {problem}")


def wellformed(
    system: System, slices: Slices | None = None, symbolic: "SymbolicClaims | None" = None, first: First | None = None
) -> WellFormedness:
    """Explore a system: every request in every reachable state. `check` does so too, before it decides claims.

    Parameters
    ----------
    slices: those of the system, where there are some already.
    symbolic: what decides on sets of states of the whole system; by default states are explored one by one.
    first: finds the first state that satisfies a condition where a slice is too large to explore.

    Raises
    ------
    DeclarationError: for an answer that nobody gives, since its request comes to no gate.
    TooLargeError: when a slice has too many states to explore.

    Examples
    --------
    ``wellformed(system).raise_first()`` in a module of a small system refuses a wrong declaration on import.
    """
    slices = slices or Slices(system)
    clashes = tuple(problem for lifecycle in system.lifecycles for problem in overlaps(lifecycle))
    if clashes:  # no engine can explore it
        return WellFormedness(system, len(slices.requests), slices.combinations, None, (), (), clashes, (), ())
    looked = _Looked(slices, symbolic, first)
    return WellFormedness(
        system,
        len(looked.slices.requests),
        looked.slices.combinations,
        _whole(slices, symbolic),
        not_total=tuple(looked.silent()),
        not_deterministic=(),
        dead=(*looked.unreached(), *looked.unfired(), *looked.undecided()),
        not_final=tuple(looked.trapped()),
        slices=(symbolic.whole,) if symbolic else sizes(looked.spaces),
    )


def _whole(slices: Slices, symbolic: "SymbolicClaims | None") -> SystemSize | None:
    if symbolic:
        layers = symbolic.space.layers if slices.combinations <= LARGEST_WHOLE else ()
        return SystemSize(symbolic.states, symbolic.space.changing(), len(layers) - 1 if layers else None)
    if slices.combinations > LARGEST_WHOLE:
        return None
    from statemachines.checker.explicit import explore  # noqa: PLC0415  # sets decide without NumPy

    space = explore(slices.system, requests=slices.requests)
    return SystemSize(len(space), space.changing(), int(space.depth.max()))


class _Looked:
    """What is asked of the system, and on which slices it was decided."""

    def __init__(self, slices: Slices, symbolic: "SymbolicClaims | None", first: First | None) -> None:
        self.slices = slices
        self.symbolic, self.first = symbolic, first
        self.system = slices.system
        self.spaces: list[Space] = []

    def occurs(self, condition: Expr) -> bool:
        if self.symbolic:
            return self.symbolic.occurs(condition)
        try:
            self.spaces.append(self.slices.of(condition))
        except TooLargeError:
            if self.first is None:
                raise
            return self.first(condition) is not None
        return self.slices.first(condition) is not None

    def _one(self, condition: Expr) -> State:
        """The first state that satisfies a condition, which some do; the least one where a slice is too large."""
        try:
            space = self.slices.of(condition)
        except TooLargeError:
            if self.symbolic:
                return self.symbolic.one(condition)
            if self.first and (reached := self.first(condition)):
                return replay(self.system, *reached.path()).end
            raise
        return space.state(int(space.columns.where(condition).nonzero()[0][0]))

    def silent(self) -> Iterator[str]:
        for asked in self.slices.requests:
            if asked.answered is not TRUE and self.occurs(negation(asked.answered)):
                yield f"{asked.request!r} has no verdict in {self._one(negation(asked.answered))!r}"

    def unreached(self) -> Iterator[str]:
        for variable in self.system.variables:
            for value in variable.domain:
                if not self.occurs(among(variable, frozenset([value]))):
                    yield f"lifecycle {variable.name!r}: nothing reaches the state {value.name}"

    def unfired(self) -> Iterator[str]:
        fired: set[Transition] = set()
        for asked in self.slices.distinct:
            for move in asked.grounded.moves:
                if move.transition not in fired and self.occurs(asked.fires(move)):
                    fired.add(move.transition)
        for lifecycle in self.system.lifecycles:
            for transition in lifecycle.transitions:
                if transition not in fired:
                    yield f"lifecycle {lifecycle.name!r}: the transition {transition} can never fire"

    def undecided(self) -> Iterator[str]:
        decided: set[tuple[Gate | None, Check | Answer]] = set()
        for asked in self.slices.distinct:
            for ruling in asked.grounded.rulings:
                which = ruling.gate, ruling.declaration
                if which not in decided and self.occurs(asked.decided_by(partial(is_, ruling))):
                    decided.add(which)
        labels = Counter((gate.party, check.label) for gate in self.system.gates for check in gate.checks)
        for gate in self.system.gates:
            for check in gate.checks:
                if (gate, check) not in decided:
                    reason = f" ({check.reason.value})" if labels[gate.party, check.label] > 1 else ""
                    yield f"the check {check.label!r}{reason} at {gate.party.name} never decides anything"
        for answer in self.system.answers:
            if (None, answer) not in decided:
                kinds = ", ".join(kind.name for kind in answer.on)
                yield f"the answer {answer.reason.value!r} to {kinds} is never given"

    def trapped(self) -> Iterator[str]:
        """Where final states are not what the declaration says; a fact that never changes has none."""
        for lifecycle in self.system.lifecycles:
            left = {source for move in lifecycle.transitions for source in move.source if source is not move.target}
            for move in lifecycle.transitions:
                for state in move.source:
                    if state in lifecycle.final and state is not move.target:
                        yield f"lifecycle {lifecycle.name!r}: the transition {move} leaves the final state {state.name}"
            for state in lifecycle.variable.domain:
                if lifecycle.transitions and state not in left and state not in lifecycle.final:
                    yield f"lifecycle {lifecycle.name!r}: nothing leaves the state {state.name}, which is not final"
