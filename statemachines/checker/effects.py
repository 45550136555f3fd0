"""Effects of requests on the variables of a slice."""

from collections.abc import Hashable, Iterable, Iterator, Sequence

import attrs

from statemachines.language.requests import Request
from statemachines.semantics.preconditions import Change, Preconditions


@attrs.frozen(eq=False)
class Effect:
    """What a request may do to the variables of a slice. Effects of one structural key are alike."""

    request: Request
    changes: tuple[Change, ...]
    key: Hashable = attrs.field(init=False, repr=False)

    @key.default
    def _structural_key(self) -> Hashable:
        return tuple(change.key for change in self.changes)

    @property
    def changed(self) -> frozenset[str]:
        """The names of the variables that it may change."""
        return frozenset(change.variable.name for change in self.changes)


def effects_on(requests: Iterable[Preconditions], names: Sequence[str]) -> Iterator[Effect]:
    """The effects of requests on some variables; of a request that has none, nothing."""
    kept = frozenset(names)
    for asked in requests:
        changes = tuple(change for change in asked.changes if change.variable.name in kept)
        if changes:
            yield Effect(asked.request, changes)


def distinct(effects: Iterable[Effect]) -> dict[Effect, int]:
    """The first effect of each structural key, and its index: requests that do the same lead nowhere else."""
    firsts: dict[Hashable, tuple[Effect, int]] = {}
    for at, effect in enumerate(effects):
        firsts.setdefault(effect.key, (effect, at))
    return dict(firsts.values())
