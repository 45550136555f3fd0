"""Goals against faults that are in no single declaration: a transition that fires once only, an extra change.

A mutant stands for each (`properties.mutation.behaviour_mutants`). A sequence shows the goal if it kills the mutant.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from properties.conformance.suite.vectors import Goal, GoalKind
from properties.mutation.behaviour_mutants import behaviours, stray_count
from properties.mutation.mutants import Mutant
from properties.mutation.operators import Operator
from properties.mutation.proving import compared, proved_once_or_late
from properties.mutation.replaying import Layer
from statemachines.checker.equivalence import Proof, comparer
from statemachines.language.system import System
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Scenario

MOST_STRAYS = 1_000
"""Of a system with more changes that could be made besides, those are not ruled out one by one: they are too many.

Of a larger system the sequences show many of them all the same; `docs/strength.md` has how many.
"""


def ruled_out(system: System) -> Iterator[tuple[Goal, Mutant]]:
    """The goals, each with the mutant that a sequence kills which shows it."""
    kinds = [Operator.ONCE, Operator.LATE]
    if stray_count(system) <= MOST_STRAYS:
        kinds += [Operator.APPLIED, Operator.IN_PART, Operator.STRAY]
    for kind in kinds:
        for mutant in behaviours(system, kind):
            label = f"ruled out: {mutant.where}: {mutant.what}"
            yield Goal(f"behaviour:{mutant.name}", GoalKind.BEHAVIOUR, label, mutant.rules), mutant


def told_apart(system: System, mutant: Mutant) -> Scenario | Proof:
    """A shortest sequence that tells a mutant from the system, or why there is none."""
    proof = proved_once_or_late(system, mutant.operator, mutant.after) if mutant.after else None
    if proof:
        return proof
    compare = comparer(mutant.original).compare if mutant.after else partial(compared, mutant.original)
    comparison = compare(mutant.system, mutant.kinds, exclusive=mutant.exclusive)
    if comparison.walk is None:
        assert comparison.proof
        return comparison.proof
    start = system.state_type(comparison.walk.start[: len(system.variables)])
    return Scenario(start, comparison.walk.requests)


def killing(
    oracle: Oracle,
    known: Iterable[Scenario],
    mutants: Iterable[Mutant],
    told: Callable[[Mutant], Scenario | Proof] | None = None,
) -> Iterator[tuple[Scenario | str, int]]:
    """For each mutant a sequence that kills it and the step at which it does; or why none can.

    Parameters
    ----------
    oracle: of the reference.
    known: sequences that are tried first, in this order; then those that were made for another mutant.
    told: what tells a mutant apart, where it is looked for elsewhere.
    """
    layer = Layer(oracle, known)
    told = told or partial(told_apart, oracle.system)
    for mutant in mutants:
        kill = layer.kills(mutant)
        if kill:
            yield layer.scenarios[kill.sequence], kill.step
            continue
        walk = told(mutant)
        if isinstance(walk, Proof):
            yield walk.value, -1
        else:
            layer.add([walk])
            yield walk, len(walk.requests) - 1
