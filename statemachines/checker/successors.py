"""Successors: where many states at once lead by one request.

Nothing is asked of a state that one lookup can tell. Effects that few variables decide are tabulated: for each
combination of these variables, by how much the integer of a state may grow or shrink there, each distinct shift once.
The states' combinations are a sum over blocks of variables, and a gather for each shift finds who moves, and where to.
An effect that too many variables decide for a table is evaluated on all states, like any condition.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from math import prod

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.checker.effects import Effect, shifted
from statemachines.checker.encoding import BLOCK, Blocks, Indices, Integers, Radices, where
from statemachines.checker.state_set import StateSet, ascending, ordered, starts
from statemachines.language.expression import TRUE, All, Among, Expr, conjunction
from statemachines.semantics.preconditions import Change

LARGEST_TABLE = 1 << 16
"""The most combinations of values over which an effect is tabulated."""
CHUNK = 1 << 17
"""How many states are looked at together. `take` and `compress` let other threads work meanwhile; indexing does not."""
Numbers = npt.NDArray[np.int32]


class Successors:
    """Where states lead, by the effects of a slice's requests.

    Parameters
    ----------
    radices: how the states are numbered.
    effects: each of another structural key, in order of declaration.
    """

    def __init__(self, radices: Radices, effects: Sequence[Effect]) -> None:
        self.radices = radices
        self.effects = effects
        groups, large = _planned(radices, effects)
        self.blocks = Blocks(radices)
        self._tables = tuple(
            _Table.made(self.blocks, names, [(at, effects[at]) for at in group]) for names, group in groups
        )
        self._large = [(at, effects[at]) for at in large]
        every = [table.shifts for table in self._tables] + [
            _possible_shifts(radices, effect) for _, effect in self._large
        ]
        self._shifts = ascending(np.concatenate([np.empty(0, dtype=np.int64), *every]))

    @property
    def bytes(self) -> int:
        """How much memory the tables take."""
        return sum(table.bytes for table in self._tables)

    def fresh(self, states: Integers, known: StateSet, workers: Executor | None = None, at_once: int = 1) -> Integers:
        """The states that these lead to and that are not known; from then on they are. In ascending order.

        Parameters
        ----------
        workers, at_once: who works at chunks of the states side by side, and at how many; by default nobody does.
        """
        chunks = [states[start : start + CHUNK] for start in range(0, len(states), CHUNK)]
        ask: Callable[[Integers], Integers] = lambda chunk: self._unseen(chunk, known)  # noqa: E731
        added: list[Integers] = []
        for number, new in enumerate(_in_turn(ask, chunks, workers if len(chunks) > 1 else None, at_once)):
            fresh = new.compress(known.unseen(new)) if number else new  # others have been added meanwhile
            known.add(fresh)
            added.append(fresh)
        return ordered(np.concatenate(added)) if len(added) > 1 else added[0]

    def _unseen(self, states: Integers, known: StateSet) -> Integers:
        unseen = [states[:0]]
        for _, targets in self.steps(states):
            fresh = targets.compress(known.unseen(targets))
            if len(fresh):
                unseen.append(fresh)
        return ascending(np.concatenate(unseen))

    def steps(self, states: Integers) -> Iterator[tuple[Indices, Integers]]:
        """Which of the states move, and where to, by whatever effect: each comes in each of these at most once."""
        digits = self.blocks.digits(states)
        for table in self._tables:
            yield from table.steps(states, digits)
        if self._large:
            columns = self.radices.columns(states)
            for _, effect in self._large:
                moved, shift = shifted(effect, columns, self.radices)
                yield moved, states.take(moved) + shift

    def before(self, state: int, earlier: Integers) -> tuple[int, int]:
        """Which effect leads to a state from one of some others, and from which: the first that does, of the first.

        Parameters
        ----------
        state: the integer of one that some of the others lead to.
        earlier: the integers of the others, in ascending order.
        """
        candidates = (state - self._shifts)[::-1]
        at = np.minimum(np.searchsorted(earlier, candidates), len(earlier) - 1)
        states = candidates[earlier[at] == candidates]
        steps = []
        digits = self.blocks.digits(states)
        for table in self._tables:
            steps += table.leading(states, digits, state)
        columns = self.radices.columns(states)
        for number, effect in self._large:
            if not steps or number < min(steps)[0]:
                moved, shift = shifted(effect, columns, self.radices)
                steps += [(number, int(one)) for one in states[moved][states[moved] + shift == state]]
        return min(steps)


def _in_turn(
    ask: Callable[[Integers], Integers], chunks: Sequence[Integers], workers: Executor | None, at_once: int
) -> Iterator[Integers]:
    """The result of each chunk, in order, while workers go on with a few of the next."""
    coming: deque[Future[Integers]] = deque()
    for chunk in chunks:
        if workers is None:
            yield ask(chunk)
        else:
            coming.append(workers.submit(ask, chunk))
            if len(coming) > at_once:
                yield coming.popleft().result()
    for future in coming:
        yield future.result()


def _planned(radices: Radices, effects: Sequence[Effect]) -> tuple[list[tuple[frozenset[str], list[int]]], list[int]]:
    """Which effects share a table, over which variables, and which have none.

    Large tables cost time to make and small ones time to look up: an effect joins another where the common table is
    no larger than a block or, of larger ones, hardly larger than its own.
    """
    size = dict(zip(radices.names, radices.sizes, strict=True))
    concerns = [effect.concerns for effect in effects]
    own = [prod(size[name] for name in names) for names in concerns]
    tables: list[tuple[frozenset[str], int, list[int]]] = []
    for at in sorted(range(len(effects)), key=lambda at: -own[at]):
        if own[at] > LARGEST_TABLE:
            continue
        best, grown = None, 0.0
        for index, (names, cells, _) in enumerate(tables):
            both = prod(size[name] for name in names | concerns[at])
            fits = both <= BLOCK or (concerns[at] <= names and 8 * own[at] >= cells)
            if fits and (best is None or both / cells < grown):
                best, grown = index, both / cells
        if best is None:
            tables.append((concerns[at], own[at], [at]))
        else:
            names, cells, group = tables[best]
            tables[best] = (names | concerns[at], round(cells * grown), [*group, at])
    large = [at for at in range(len(effects)) if own[at] > LARGEST_TABLE]
    return [(names, sorted(group)) for names, _, group in tables], large


@attrs.frozen(eq=False)
class _Table:
    """What some effects do in each combination of the variables that decide them.

    Parameters
    ----------
    codes: for some blocks, what each value of the block's digit adds to a state's combination.
    shifts_at: one row after another, a shift for each combination; 0 where there is no further one.
    by: for each of them the number of the first effect that shifts by so much.
    """

    codes: tuple[tuple[int, Integers], ...]
    shifts_at: tuple[Integers, ...]
    by: tuple[Numbers, ...]

    @classmethod
    def made(cls, blocks: Blocks, names: frozenset[str], effects: Sequence[tuple[int, Effect]]) -> "_Table":
        own = Radices(tuple(variable for variable in blocks.radices.variables if variable.name in names))
        cells = [_shifts(effect, own, blocks.radices) for _, effect in effects]
        code = np.concatenate([codes for codes, _ in cells])
        shift = np.concatenate([shifts for _, shifts in cells])
        number = np.repeat(np.array([at for at, _ in effects]), [len(codes) for codes, _ in cells])
        order = np.lexsort((number, shift, code))
        code, shift, number = code[order], shift[order], number[order]
        again = (code[1:] == code[:-1]) & (shift[1:] == shift[:-1])
        once = where(np.concatenate([[True], ~again])) if len(code) else order
        code, shift, number = code[once], shift[once], number[once]
        first = starts(code)
        row = np.arange(len(code)) - np.repeat(first, np.diff(first, append=len(code)))
        rows = int(row.max(initial=-1)) + 1
        shifts_at, by = np.zeros((rows, own.product), dtype=np.int64), np.zeros((rows, own.product), dtype=np.int32)
        shifts_at[row, code], by[row, code] = shift, number
        codes = tuple((at, _sums(part, own)) for at, part in blocks.holding(names))
        return cls(codes, tuple(shifts_at), tuple(by))

    @property
    def shifts(self) -> Integers:
        """Every shift that there is."""
        return ascending(np.concatenate([np.zeros(1, dtype=np.int64), *self.shifts_at]))

    @property
    def bytes(self) -> int:
        sums = (sums for _, sums in self.codes)
        return sum(array.nbytes for array in (*self.shifts_at, *sums)) + sum(array.nbytes for array in self.by)

    def _code(self, digits: Sequence[Integers]) -> Integers:
        total: Integers | None = None
        for at, sums in self.codes:
            total = sums.take(digits[at]) if total is None else total + sums.take(digits[at])
        assert total is not None  # every effect changes some variable
        return total

    def steps(self, states: Integers, digits: Sequence[Integers]) -> Iterator[tuple[Indices, Integers]]:
        """Which of the states move, and where to."""
        code = self._code(digits)
        indices: Indices | None = None
        for shifts in self.shifts_at:
            shift = shifts.take(code)
            moved = where(shift != 0)
            if not len(moved):
                break
            code, states = code.take(moved), states.take(moved)
            indices = moved if indices is None else indices.take(moved)
            yield indices, states + shift.take(moved)

    def leading(self, states: Integers, digits: Sequence[Integers], to: int) -> list[tuple[int, int]]:
        """Which effects lead from the states to another, and from which: pairs of number and state."""
        code = self._code(digits)
        leading = []
        for shifts, by in zip(self.shifts_at, self.by, strict=True):
            hits = where((states + shifts[code] == to) & (shifts[code] != 0))
            leading += [(int(by[code[hit]]), int(states[hit])) for hit in hits]
        return leading


def _shifts(effect: Effect, own: Radices, radices: Radices) -> tuple[Integers, Integers]:
    """In which combinations of some variables an effect moves states, and by how much."""
    cells = [_cells(change, own, radices) for change in effect.changes]
    code, shift = (np.concatenate(each) for each in zip(*cells, strict=True))
    order = np.argsort(code, kind="stable")
    code, shift = code[order], shift[order]
    first = starts(code)
    return code[first], np.add.reduceat(shift, first) if len(first) else shift


def _cells(change: Change, own: Radices, radices: Radices) -> tuple[Integers, Integers]:
    """In which combinations a change happens and makes a difference, and by how much it then shifts.

    Memberships say which values to combine at all, so that of most combinations nothing need be asked.
    """
    allowed = {variable.name: np.arange(len(variable.domain)) for variable in own.variables}
    rest: list[Expr] = []
    for part in _parts_of(change.when):
        if isinstance(part, Among):
            allowed[part.term.name] = np.array(part.positions)
        else:
            rest.append(part)
    target = change.variable.position(change.target)
    sources = allowed[change.variable.name]
    allowed[change.variable.name] = sources[sources != target]
    code = np.zeros(1, dtype=np.int64)
    for variable in own.variables:
        code = np.add.outer(code, allowed[variable.name] * own.weight(variable)).ravel()
    if rest:
        code = code[own.columns(code).where(conjunction(*rest))]
    before = own.digit(code, own.names.index(change.variable.name))
    return code, (target - before) * radices.weight(change.variable)


def _sums(part: Radices, own: Radices) -> Integers:
    """What each value of a block's digit adds to the number of a combination of some variables."""
    total = np.zeros(1, dtype=np.int64)
    for variable in part.variables:
        weight = own.weight(variable) if variable.name in own.names else 0
        total = np.add.outer(total, np.arange(len(variable.domain)) * weight).ravel()
    return total


def _possible_shifts(radices: Radices, effect: Effect) -> Integers:
    """Every shift that an effect may make, and perhaps others."""
    by_variable: dict[str, set[int]] = {}
    for change in effect.changes:
        variable = change.variable
        target = variable.position(change.target)
        sources: Sequence[int] = range(len(variable.domain))
        for part in _parts_of(change.when):
            if isinstance(part, Among) and part.term is variable:
                sources = part.positions
        shifts = by_variable.setdefault(variable.name, {0})
        shifts.update((target - at) * radices.weight(variable) for at in sources)
    total = np.zeros(1, dtype=np.int64)
    for shifts in by_variable.values():
        total = ascending(np.add.outer(total, np.array(sorted(shifts))).ravel())
    return total


def _parts_of(when: Expr) -> Sequence[Expr]:
    """The conditions that all have to hold; a membership of each variable at most once."""
    if when is TRUE:
        return ()
    return when.parts if isinstance(when, All) else (when,)
