"""Every goal that a system's suite may have, reachable or not."""

from collections.abc import Iterable

from properties.conformance.suite.behaviour_goals import ruled_out
from properties.conformance.suite.cases import cases
from properties.conformance.suite.combinations import Combinations, is_combined
from properties.conformance.suite.every_aim import aims
from properties.conformance.suite.transition_pairs import followable
from properties.conformance.suite.vectors import Goal, GoalKind
from properties.walks.coverage import Arrow
from statemachines.language.claims import Claims
from statemachines.language.lifecycle import Lifecycle, Transition


def goals_of(claims: Claims, reached: Iterable[str] = ()) -> dict[str, Goal]:
    """The goals by key, in order; the same in every process.

    Parameters
    ----------
    reached: the keys of goals that are reached. Combinations of values are too many: of them only these are there.
    """
    goals = [aim.goal for aim in aims(claims.system)]
    goals += [pair_goal(lifecycle, *pair) for lifecycle in claims.system.lifecycles for pair in followable(lifecycle)]
    goals += [case.goal for case in cases(claims)]
    goals += [goal for goal, _ in ruled_out(claims.system)]
    combinations = Combinations(claims.system)
    goals += map(combinations.goal, sorted(filter(is_combined, reached)))
    return {goal.key: goal for goal in goals}


def pair_goal(lifecycle: Lifecycle, one: Transition, other: Transition) -> Goal:
    """That one transition of a lifecycle is followed by another."""
    first, second = Arrow(lifecycle, one), Arrow(lifecycle, other)
    rules = tuple(dict.fromkeys((*other.rules, *one.rules)))
    return Goal(f"pair:{first.key}/{second.key.partition('/')[2]}", GoalKind.PAIR, f"{first}, then {other}", rules)
