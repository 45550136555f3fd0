"""Subsets of a suite: named sequences, those that some rules need, and the smoke profile."""

from collections.abc import Collection, Iterable

import attrs

from properties.conformance.suite.vectors import OWN, GoalKind, Suite, Vector
from properties.walks.runs import oracle


def only_vectors(suite: Suite, names: tuple[str, ...]) -> Suite:
    """The suite with these sequences only; all of them, if none is named."""
    return _with(suite, [one for one in suite.vectors if one.name in names]) if names else suite


def _with(suite: Suite, vectors: Iterable[Vector]) -> Suite:
    """The suite with these of its sequences."""
    kept = tuple(vectors)
    own = suite.own and sum(one.name.startswith(OWN) for one in kept)
    return attrs.evolve(suite, vectors=kept, own=own)


def needed_for(suite: Suite, rules: Collection[str], properties: Collection[str]) -> Suite:
    """The suite with the sequences that show something of these rules and properties, or are decided by such a rule.

    Parameters
    ----------
    rules: their ids.
    properties: their names.
    """
    wanted, names, decide = set(rules), set(properties), oracle(suite.system)

    def shows(key: str) -> bool:
        goal = suite.goals.get(key)
        if goal is None:
            return False
        return not wanted.isdisjoint(goal.rules) or (goal.kind is GoalKind.PROPERTY and goal.label in names)

    def needed(vector: Vector) -> bool:
        return any(shows(key) for _, key in vector.reached) or any(
            not wanted.isdisjoint(step.verdict.rules) for step in suite.trace(vector, decide).steps
        )

    return _with(suite, filter(needed, suite.vectors))


def smoke_of(suite: Suite) -> Suite:
    """The suite with as few requests as show something of each kind of every rule.

    A greedy choice: each time the sequence that shows most of what is left, for each of its requests.

    >>> from examples.parcel_locker import claims
    >>> from properties.conformance.suite.store import suite_of
    >>> suite = suite_of(claims)
    >>> 0 < smoke_of(suite).requests < suite.requests
    True
    """
    left = {
        vector: {
            (rule, suite.goals[key].kind)
            for _, key in vector.reached
            if key in suite.goals
            for rule in suite.goals[key].rules
        }
        for vector in suite.vectors
    }
    wanted = set().union(*left.values())
    taken: list[Vector] = []
    while wanted:
        best = max(left, key=lambda vector: len(left[vector] & wanted) / len(vector.scenario.requests))
        taken.append(best)
        wanted -= left.pop(best)
    return _with(suite, (vector for vector in suite.vectors if vector in taken))
