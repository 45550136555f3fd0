"""One move of the process of a Promela model: the changes that requests make to a slice's variables."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from itertools import combinations

import attrs

from statemachines.checker.slices import Slices
from statemachines.language.expression import FALSE, Expr, conjunction, disjunction
from statemachines.language.requests import Request
from statemachines.semantics.preconditions import Change, structural_key


@attrs.frozen(eq=False)
class MoveGroup:
    """Changes that happen together: when they do, when they also change something, and what."""

    when: Expr
    moving: Expr
    changes: tuple[Change, ...]

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(change.variable.name for change in self.changes)


@attrs.frozen(eq=False)
class Option:
    """What requests that are alike do: groups of changes, of which several may happen at once."""

    groups: tuple[MoveGroup, ...]
    requests: tuple[Request, ...]

    @property
    def exclusive(self) -> bool:
        """Whether at most one group happens; so it is where any two change one variable, in which arrows exclude
        each other."""
        return all(one.variables & other.variables for one, other in combinations(self.groups, 2))


def options_of(slices: Slices, names: Collection[str]) -> Iterator[Option]:
    """The moves of a slice, requests that make the same taken together; what leaves a value as it is, is none."""
    classes: dict[Hashable, tuple[tuple[Change, ...], list[Request]]] = {}
    for asked in slices.requests:
        changes = tuple(change for change in asked.changes if change.variable.name in names)
        if changes:
            key = tuple(change.key for change in changes)
            classes.setdefault(key, (changes, []))[1].append(asked.request)
    for changes, requests in classes.values():
        groups = [_group(together) for together in _together(changes)]
        moving = tuple(group for group in groups if group.moving is not FALSE)
        if moving:
            yield Option(moving, tuple(requests))


def _together(changes: Iterable[Change]) -> Iterable[list[Change]]:
    """The changes by when they happen."""
    alike: dict[Hashable, list[Change]] = {}
    for change in changes:
        alike.setdefault(structural_key(change.when), []).append(change)
    return alike.values()


def _group(changes: Sequence[Change]) -> MoveGroup:
    when = changes[0].when
    moving = conjunction(when, disjunction(*(change.variable != change.target for change in changes)))
    return MoveGroup(when, moving, tuple(changes))
