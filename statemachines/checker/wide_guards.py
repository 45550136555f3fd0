"""Effects that too many variables decide for a table: tried on all states at once, 64 changes in a word."""

from collections.abc import Iterable, Iterator, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.checker.effects import Effect, shifted
from statemachines.checker.encoding import Blocks, Indices, Integers, Radices, where
from statemachines.checker.state_set import ascending
from statemachines.language.expression import TRUE, All, Among, Expr, conjunction
from statemachines.semantics.preconditions import Change, variables_of

WORD = 64
"""How many changes are tried on a state at once."""

Words = npt.NDArray[np.uint64]


@attrs.frozen(eq=False)
class _Wide:
    """An effect that has no table.

    Parameters
    ----------
    bits: all those of its changes in the word.
    shifts: for each change its bit, the block of its variable, and by how much it shifts states with each value of the
        block's digit; ``None`` where the word tells only where changes may happen.
    """

    effect: Effect
    bits: np.uint64
    shifts: tuple[tuple[np.uint64, int, Integers], ...] | None


@attrs.frozen(eq=False)
class Word:
    """Which of up to 64 changes happen, block by block: never fewer than do.

    Parameters
    ----------
    allowed: for some blocks, the changes that each value of the block's digit allows, a bit for each.
    effects: whose changes they are.
    """

    allowed: tuple[tuple[int, Words], ...]
    effects: tuple[_Wide, ...]

    @classmethod
    def made(cls, blocks: Blocks, effects: Sequence[Effect]) -> "Word":
        """The word of some effects. Of more changes than it has bits, the last bit stands for several."""
        wide: list[_Wide] = []
        changes: list[tuple[Change, np.uint64]] = []
        for effect in effects:
            bits = [np.uint64(1 << min(len(changes) + at, WORD - 1)) for at in range(len(effect.changes))]
            changes += zip(effect.changes, bits, strict=True)
            exact = len(changes) <= WORD and all(blocks.has(names) for names in together(effect))
            own = zip(effect.changes, bits, strict=True)
            shifts = tuple((bit, *_shift_of(change, blocks)) for change, bit in own) if exact else None
            wide.append(_Wide(effect, np.bitwise_or.reduce(bits), shifts))
        allowed = []
        for at, part in enumerate(blocks.parts):
            words = np.zeros(part.product, dtype=np.uint64)
            columns = part.columns(np.arange(part.product))
            for change, bit in changes:
                here = (one for one in parts_of(change.when) if variables_of(one).keys() <= set(part.names))
                words[columns.where(conjunction(*here))] |= bit
            allowed.append((at, words))
        return cls(tuple(allowed), tuple(wide))

    @property
    def bytes(self) -> int:
        return sum(words.nbytes for _, words in self.allowed) + sum(
            shift.nbytes for wide in self.effects for _, _, shift in wide.shifts or ()
        )

    def steps(
        self, states: Integers, digits: Sequence[Integers], radices: Radices
    ) -> Iterator[tuple[Indices, Integers]]:
        """Which of the states move, and where to."""
        (at, words), *others = self.allowed
        possible = words.take(digits[at])
        for at, words in others:
            possible &= words.take(digits[at])
        left = where(possible != 0)
        possible = possible.take(left)
        for wide in self.effects if len(left) else ():
            may = where(possible & wide.bits != 0)
            if not len(may):
                continue
            here = left.take(may)
            if wide.shifts is None:
                before = states.take(here)
                moved, shift = shifted(wide.effect, radices.columns(before), radices)
                yield here.take(moved), before.take(moved) + shift
            else:
                bits, after = possible.take(may), states.take(here)
                for bit, block, shifts in wide.shifts:
                    shift = shifts.take(digits[block].take(here))
                    after += shift if len(wide.shifts) == 1 else np.where(bits & bit != 0, shift, 0)
                yield here, after


def together(effect: Effect) -> Iterator[frozenset[str]]:
    """The variables that each part of a condition of an effect reads."""
    for change in effect.changes:
        for part in parts_of(change.when):
            yield frozenset(variables_of(part))


def _shift_of(change: Change, blocks: Blocks) -> tuple[int, Integers]:
    """The block of a change's variable, and by how much it shifts states with each value of the block's digit."""
    ((at, part),) = blocks.holding(frozenset([change.variable.name]))
    before = part.digit(np.arange(part.product), part.names.index(change.variable.name))
    return at, (change.variable.position(change.target) - before) * blocks.radices.weight(change.variable)


def by_word(effects: Sequence[Effect], wide: Iterable[int]) -> Iterator[list[int]]:
    """The effects that have no table, as many together as have a bit for each of their changes."""
    word: list[int] = []
    bits = 0
    for at in wide:
        needed = min(len(effects[at].changes), WORD)
        if word and bits + needed > WORD:
            yield word
            word, bits = [], 0
        word.append(at)
        bits += needed
    if word:
        yield word


def possible_shifts(radices: Radices, effect: Effect) -> Integers:
    """Every shift that an effect may make, and perhaps others."""
    by_variable: dict[str, set[int]] = {}
    for change in effect.changes:
        variable = change.variable
        target = variable.position(change.target)
        sources: Sequence[int] = range(len(variable.domain))
        for part in parts_of(change.when):
            if isinstance(part, Among) and part.term is variable:
                sources = part.positions
        shifts = by_variable.setdefault(variable.name, {0})
        shifts.update((target - at) * radices.weight(variable) for at in sources)
    total = np.zeros(1, dtype=np.int64)
    for shifts in by_variable.values():
        total = ascending(np.add.outer(total, np.array(sorted(shifts))).ravel())
    return total


def parts_of(when: Expr) -> Sequence[Expr]:
    """The conditions that all have to hold; a membership of each variable at most once."""
    if when is TRUE:
        return ()
    return when.parts if isinstance(when, All) else (when,)
