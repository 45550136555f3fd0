"""Sets of states as decision diagrams: a value is a few bits, and the bits before and after a step alternate."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from math import prod
from operator import and_, or_

from statemachines.errors import DeclarationError
from statemachines.extras import optional_imports
from statemachines.language.expression import All, Among, Compared, Constant, Expr, Not, Relation
from statemachines.language.system import System
from statemachines.language.terms import Term

with optional_imports():
    from oxidd.bcdd import BCDDFunction as Diagram
    from oxidd.bcdd import BCDDManager
    from oxidd.bcdd import BCDDSubstitution as Renaming

__all__ = ["Diagram", "Encoding", "Renaming"]

FIRST, SECOND = 0, 2
"""The frames of two states in lockstep; the frame after each is its state after the step."""

OF_FEW, OF_STATES, OF_CLAIMS, OF_LAYERS = 1 << 14, 1 << 16, 1 << 17, 1 << 20
"""How many results of operations are remembered: of few combinations of values; to reach all states, by chaining; to
decide claims on them; and to find states breadth first, which takes many more operations. Room takes time to make.
"""


class Encoding:
    """How states of a system are encoded in bits.

    The bits of a value are those of its position in the domain, the most significant one first. So the least state of a
    set, in the order of the bits, is the one whose values are declared first.

    Parameters
    ----------
    variables: in the order of their bits: neighbours should be what depends on each other.
    nodes: the most nodes that all diagrams together may have; operations raise oxidd's `DDMemoryError` beyond.
    frames: how many values of each variable there are: 2, before and after a step; 4 for two runs in lockstep.
    requests: how many requests there are, where sets are of pairs of a request's number and a state, too.
    shared: the variables of which two runs in lockstep have one value: frames 2 and 3 are 0 and 1.
    remembered: how many results of operations are remembered at most.
    """

    def __init__(
        self,
        variables: Sequence[Term],
        nodes: int,
        frames: int = 2,
        requests: int = 0,
        shared: Collection[str] = (),
        remembered: int = OF_STATES,
    ) -> None:
        self.variables = tuple(variables)
        self.frames = frames
        few = prod(len(variable.domain) for variable in variables) <= OF_FEW
        self.manager = BCDDManager(nodes, min(OF_FEW if few else remembered, nodes), 1)
        self.true, self.false = self.manager.true(), self.manager.false()
        self._numbers: dict[str, tuple[range, ...]] = {}
        self._bits: dict[str, tuple[tuple[Diagram, ...], ...]] = {}
        self._known: dict[tuple[int, int], tuple[Expr, Diagram]] = {}
        self._among: dict[tuple[str, int, tuple[int, ...]], Diagram] = {}
        ahead = self.manager.add_vars((requests - 1).bit_length() if requests else 0)
        self._number = tuple(map(self.manager.var, ahead))
        for variable in self.variables:
            own = min(frames, 2) if variable.name in shared else frames
            numbers = self.manager.add_vars(own * (len(variable.domain) - 1).bit_length())
            self._numbers[variable.name] = tuple(numbers[frame % own :: own] for frame in range(frames))
            self._bits[variable.name] = tuple(tuple(map(self.manager.var, of)) for of in self._numbers[variable.name])
        self.bits = self.bits_of((0,))

    def nodes_used(self) -> int:
        """How many nodes all diagrams have together, with those of diagrams that are no longer needed."""
        used: int = self.manager.num_inner_nodes()
        return used

    def bits_of(self, frames: Iterable[int]) -> int:
        """How many bits the values in some frames have together."""
        return len({number for numbers in self._numbers.values() for frame in frames for number in numbers[frame]})

    def any_of(self, sets: Iterable[Diagram]) -> Diagram:
        """What is in at least one of the sets."""
        return reduce(or_, reversed(tuple(sets)), self.false)

    def all_of(self, sets: Iterable[Diagram]) -> Diagram:
        """What is in each of the sets; the last are joined first: bits ahead are then joined to all others at once."""
        return reduce(and_, reversed(tuple(sets)), self.true)

    def cube(self, names: Iterable[tuple[str, int]]) -> Diagram:
        """The bits of some variables, each in a frame, to be quantified."""
        return self.all_of(bit for name, frame in names for bit in self._bits[name][frame])

    def renaming(self, names: Iterable[tuple[str, int]], by: int) -> Renaming:
        """What makes values of some variables, each in a frame, values in the frame so many further."""
        return Renaming(
            (number, bit)
            for name, frame in names
            for number, bit in zip(self._numbers[name][frame], self._bits[name][frame + by], strict=True)
        )

    def first_that_holds(self, conditions: Iterable[Expr], frame: int = 0) -> Iterator[Diagram]:
        """Where each of some conditions is the first that holds; at last, where none does."""
        left = self.true
        for condition in conditions:
            when = self.where(condition, frame)
            yield left & when
            left &= ~when
        yield left

    def same(self, name: str, frame: int, other: int) -> Diagram:
        """Where a variable has the same value in two frames."""
        bits = self._bits[name]
        return self.all_of(one.equiv(two) for one, two in zip(bits[frame], bits[other], strict=True))

    def among(self, variable: Term, positions: Sequence[int], frame: int = 0) -> Diagram:
        """Where a variable's value is at one of these positions of its domain."""
        key = variable.name, frame, tuple(positions)
        if key not in self._among:
            self._among[key] = self._positions(self._bits[variable.name][frame], positions)
        return self._among[key]

    def _positions(self, bits: Sequence[Diagram], positions: Sequence[int]) -> Diagram:
        if not positions:
            return self.false
        if len(positions) == 1 << len(bits):
            return self.true
        half = 1 << (len(bits) - 1)
        low = self._positions(bits[1:], [at for at in positions if at < half])
        high = self._positions(bits[1:], [at - half for at in positions if at >= half])
        return bits[0].ite(high, low)

    def numbered(self, sets: Mapping[int, Diagram]) -> Diagram:
        """Pairs of the number of a request and what is in the set given for it."""
        numbers = sorted(sets)
        ordered = [sets[number] for number in numbers]

        def among(least: int, bit: int, start: int, end: int) -> Diagram:
            """The pairs of the numbers from one index to another, which have the bits ahead of this one in common."""
            if start == end:
                return self.false
            if bit == len(self._number):
                return ordered[start]
            middle = least + (1 << (len(self._number) - 1 - bit))
            cut = bisect_left(numbers, middle, start, end)
            return self._number[bit].ite(among(middle, bit + 1, cut, end), among(least, bit + 1, start, cut))

        return among(0, 0, 0, len(numbers))

    def with_values(self, variable: Term, states: Diagram, condition: Expr) -> list[bool]:
        """For each value of a variable, whether some of the states, or pairs, with it satisfy a condition."""
        every = ((one.name, frame) for one in self.variables for frame in range(self.frames))
        others = self.cube(one for one in every if one != (variable.name, 0))
        values = (states & self.where(condition)).exists(others & self.all_of(self._number))
        return [(values & self.among(variable, (at,))).satisfiable() for at in range(len(variable.domain))]

    def count_numbers(self, pairs: Diagram) -> int:
        """How many requests have a pair."""
        every = self.all_of(bit for frames in self._bits.values() for bits in frames for bit in bits)
        size: int = pairs.exists(every).sat_count(len(self._number))
        return size

    def without_numbers(self, pairs: Diagram) -> Diagram:
        """What is in a pair with any request."""
        return pairs.exists(self.all_of(self._number)) if self._number else pairs

    def least_number(self, pairs: Diagram) -> int:
        """The least number of a request in some pairs."""
        number = 0
        for bit in self._number:
            low = pairs & ~bit
            number, pairs = (2 * number, low) if low.satisfiable() else (2 * number + 1, pairs)
        return number

    def where(self, condition: Expr, frame: int = 0) -> Diagram:
        """Where a condition on variables holds."""
        key = id(condition), frame
        if key not in self._known:
            self._known[key] = (
                condition,
                self._where(condition, frame),
            )  # the condition is kept, so that its id is its own
        return self._known[key][1]

    def _where(self, condition: Expr, frame: int) -> Diagram:
        match condition:
            case Constant():
                return self.true if condition.value else self.false
            case Among():
                return self.among(condition.term, condition.positions, frame)
            case Compared():
                one, other = (
                    ([term.rank(value) for value in term.domain], self._bits[term.name][frame])
                    for term in (condition.left, condition.right)
                )
                return self._compared(condition, *one, *other)
            case Not():
                return ~self.where(condition.part, frame)
            case All():
                return self.all_of(self.where(part, frame) for part in condition.parts)
        raise DeclarationError(f"cannot decide on sets of states whether {condition.words()}")

    def _compared(
        self,
        condition: Compared,
        left: Sequence[int],
        bits: Sequence[Diagram],
        right: Sequence[int],
        others: Sequence[Diagram],
    ) -> Diagram:
        """Where ranks compare so. They grow with positions, so that of most pairs of ranges the ends decide."""
        if not left or not right:
            return self.false
        least, most = left[0] - right[-1] - condition.by, left[-1] - right[0] - condition.by
        if condition.relation is Relation.EQUAL:
            always, never = least == most == 0, least > 0 or most < 0
        else:
            bound = 0 if condition.relation is Relation.AT_MOST else -1
            always, never = most <= bound, least > bound
        if always or never:
            return self.true if always else self.false
        if len(bits) >= len(others):
            half = 1 << (len(bits) - 1)
            low, high = (
                self._compared(condition, part, bits[1:], right, others) for part in (left[:half], left[half:])
            )
            return bits[0].ite(high, low)
        half = 1 << (len(others) - 1)
        low, high = (self._compared(condition, left, bits, part, others[1:]) for part in (right[:half], right[half:]))
        return others[0].ite(high, low)

    def count(self, states: Diagram) -> int:
        """How many states a set has, of values in one frame."""
        size: int = states.sat_count(self.bits)
        return size

    def initial(self, system: System, frame: int = 0) -> Diagram:
        """The states that the system may start in."""
        starts = ((one, system.lifecycle(one.name).initial) for one in self.variables)
        return self.all_of(self.among(one, [one.position(value) for value in values], frame) for one, values in starts)

    def least(self, states: Diagram) -> dict[str, int]:
        """The position of each variable's value in the least state of a set that has one."""
        every = [bit for variable in self.variables for bit in self._bits[variable.name][0]]
        cube = states.pick_cube_dd_set(self.all_of(~bit for bit in every)).pick_cube() or []
        return {
            name: sum(bool(cube[number]) << at for at, number in enumerate(reversed(numbers[0])))
            for name, numbers in self._numbers.items()
        }

    def point(self, states: Diagram) -> Diagram:
        """The least state of a set that has one, as a set."""
        return self.state(self.least(states))

    def state(self, positions: Mapping[str, int]) -> Diagram:
        """The state whose values have these positions, as a set."""
        return self.all_of(self.among(variable, (positions[variable.name],)) for variable in self.variables)
