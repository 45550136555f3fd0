"""The deterministic layer by the rules alone: verdicts that an assumption alone decides are not compared."""

import attrs

from properties.conformance.suite.vectors import Suite, UnreachableGoal, Vector
from properties.walks.runs import regulated_oracle
from statemachines.language.rules import Basis
from statemachines.language.terms import ASPECTS
from statemachines.semantics.regulated import regulated

ALONE = "an assumption alone decides it"


def regulated_suite(suite: Suite) -> Suite:
    """The suite where every expected verdict leaves open what an assumption alone decides.

    A goal that rests on assumptions alone, or that is shown only where nothing of the verdict is left to compare, is
    unreachable for that reason. Sequences that then show nothing are left out.
    """
    register, rules = suite.system.register, regulated_oracle(suite.system)
    assumed = {key for key, goal in suite.goals.items() if register.basis(goal.rules) is Basis.ASSUMED}
    vectors = []
    for vector in suite.vectors:
        steps = regulated(vector.scenario.replay(suite.system, rules.oracle), rules).steps
        reached = tuple(
            (index, key)
            for index, key in vector.reached
            if key not in assumed and not set(ASPECTS) <= set(steps[index].verdict.unspecified)
        )
        if reached:
            vectors.append(Vector(vector.name, vector.scenario, reached))
    shown = {key for vector in vectors for _, key in vector.reached}
    apart = tuple(UnreachableGoal(goal, ALONE) for key, goal in suite.goals.items() if key not in shown)
    return attrs.evolve(
        suite,
        goals={key: goal for key, goal in suite.goals.items() if key in shown},
        vectors=tuple(vectors),
        unreachable=(*suite.unreachable, *apart),
        only_regulated=True,
    )
