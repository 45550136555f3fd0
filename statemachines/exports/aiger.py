"""AIGER: a system as a circuit, with an output for each `always` claim, for model checkers of hardware.

The format is binary AIGER (A. Biere, "The AIGER And-Inverter Graph (AIG) Format", 2007). Latches are bits of variables;
the inputs choose where the system starts and, in every later step, what is asked. An output is true in a state from
which a request breaks its claim.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

import attrs

from statemachines.checker.effects import distinct, effects_on
from statemachines.checker.slices import Slices
from statemachines.errors import DeclarationError
from statemachines.exports import Exported, Progress
from statemachines.exports.state_claims import StateClaim, on_states
from statemachines.language.claims import Always, Claims
from statemachines.language.expression import All, Among, Compared, Constant, Expr, Not
from statemachines.language.terms import Term, Variable

FALSE, TRUE = 0, 1
Literal = int
"""Twice the number of a node, and one more where it is negated; inputs come first, then latches, then conjunctions."""


class Circuit:
    """Conjunctions over some inputs and latches, each once.

    Parameters
    ----------
    leaves: how many inputs and latches there are.
    """

    def __init__(self, leaves: int) -> None:
        self.leaves = leaves
        self.conjunctions: list[tuple[Literal, Literal]] = []
        self._known: dict[tuple[Literal, Literal], Literal] = {}

    def both(self, one: Literal, other: Literal) -> Literal:
        """The conjunction of two; negation is the last bit of a literal."""
        if one < other:
            one, other = other, one
        if other == FALSE or one == other ^ 1:
            return FALSE
        if other in (TRUE, one):
            return one
        key = one, other
        if key not in self._known:
            self.conjunctions.append(key)
            self._known[key] = 2 * (self.leaves + len(self.conjunctions))
        return self._known[key]

    def every(self, literals: Iterable[Literal]) -> Literal:
        """The conjunction of some."""
        return reduce(self.both, literals, TRUE)

    def some(self, literals: Iterable[Literal]) -> Literal:
        """The disjunction of some."""
        return self.every(literal ^ 1 for literal in literals) ^ 1

    def choice(self, condition: Literal, one: Literal, other: Literal) -> Literal:
        """The one where the condition holds, and the other where it does not."""
        return self.some([self.both(condition, one), self.both(condition ^ 1, other)])

    def number(self, bits: Sequence[Literal], value: int) -> Literal:
        """Where bits, the most significant one first, are a number."""
        return self.every(bit ^ 1 ^ (value >> at & 1) for at, bit in enumerate(reversed(bits)))


def _width(values: int) -> int:
    return (values - 1).bit_length()


@attrs.frozen(eq=False)
class _Bits:
    """The literals of inputs or of latches, and what each is called."""

    first: int
    names: list[str] = attrs.field(factory=list)

    def add(self, name: str, width: int) -> list[Literal]:
        start = self.first + len(self.names)
        self.names.extend(f"{name}[{at}]" for at in reversed(range(width)))
        return [2 * (start + at) for at in range(width)]


class _Model:
    def __init__(self, slices: Slices, variables: Sequence[Variable], claims: Sequence[StateClaim]) -> None:
        self.claims = claims
        system = slices.system
        self.effects = list(distinct(effects_on(slices.requests, [variable.name for variable in variables])))
        initial = {one.name: [one.position(value) for value in system.lifecycle(one.name).initial] for one in variables}
        self.inputs = _Bits(1)
        self.request = self.inputs.add("request", _width(len(self.effects)) if self.effects else 0)
        starts = {one.name: self.inputs.add(f"initial {one.name}", _width(len(initial[one.name]))) for one in variables}
        self.latches = _Bits(1 + len(self.inputs.names))
        (self.started,) = self.latches.add("started", 1)
        self.bits = {one.name: self.latches.add(one.name, _width(len(one.domain))) for one in variables}
        self.circuit = Circuit(len(self.inputs.names) + len(self.latches.names))
        self._known: dict[int, tuple[Expr, Literal]] = {}
        self.next = [TRUE, *(bit for one in variables for bit in self._next(one, initial[one.name], starts[one.name]))]
        self.bad = [self._bad(claim) for claim in claims]

    def where(self, condition: Expr) -> Literal:
        """Where a condition on variables holds."""
        if id(condition) not in self._known:
            self._known[id(condition)] = condition, self._where(condition)  # kept, so that its id is its own
        return self._known[id(condition)][1]

    def _where(self, condition: Expr) -> Literal:
        match condition:
            case Constant():
                return TRUE if condition.value else FALSE
            case Among():
                return self._among(condition.term, condition.positions)
            case Compared(left=left):
                values = ((at, condition.with_left(value)) for at, value in enumerate(left.domain))
                both = self.circuit.both
                return self.circuit.some(both(self._among(left, (at,)), self.where(right)) for at, right in values)
            case Not():
                return self.where(condition.part) ^ 1
            case All():
                return self.circuit.every(map(self.where, condition.parts))
        raise NotImplementedError(condition)

    def _among(self, variable: Term, positions: Iterable[int]) -> Literal:
        bits = self.bits[variable.name]
        return self.circuit.some(self.circuit.number(bits, position) for position in positions)

    def _next(self, variable: Variable, initial: Sequence[int], start: Sequence[Literal]) -> Iterator[Literal]:
        """The bits of a variable after a step: of the first step, a value that it may start with."""
        circuit, bits = self.circuit, self.bits[variable.name]
        fires = []
        for number, effect in enumerate(self.effects):
            for change in effect.changes:
                if change.variable.name == variable.name:
                    asked = circuit.number(self.request, number)
                    fires.append((circuit.both(asked, self.where(change.when)), variable.position(change.target)))
        stays = circuit.some(when for when, _ in fires) ^ 1
        first = {value: circuit.number(start, number) for number, value in enumerate(initial[1:], 1)}
        first[initial[0]] = circuit.some(first.values()) ^ 1
        for at, bit in zip(reversed(range(len(bits))), bits, strict=True):
            moved = circuit.some([circuit.both(stays, bit), *(when for when, value in fires if value >> at & 1)])
            chosen = circuit.some(when for value, when in first.items() if value >> at & 1)
            yield circuit.choice(self.started, moved, chosen)

    def _bad(self, claim: StateClaim) -> Literal:
        return self.circuit.both(self.started, self.circuit.some(self.where(one.condition) for one in claim.broken))

    def data(self, comment: str) -> bytes:
        """The file: latches start as 0, conjunctions are two differences each, names and a comment follow."""
        ands = self.circuit.conjunctions
        inputs, latches = self.inputs.names, self.latches.names
        lines = [f"aig {self.circuit.leaves + len(ands)} {len(inputs)} {len(latches)} {len(self.bad)} {len(ands)}"]
        lines += map(str, [*self.next, *self.bad])
        packed = bytearray()
        for at, (larger, smaller) in enumerate(ands, self.circuit.leaves + 1):
            packed += _packed(2 * at - larger) + _packed(larger - smaller)
        symbols = [("i", inputs), ("l", latches), ("o", [one.claim.name for one in self.claims])]
        names = [f"{kind}{at} {' '.join(name.split())}" for kind, some in symbols for at, name in enumerate(some)]
        return b"".join(["\n".join([*lines, ""]).encode(), packed, "\n".join([*names, "c", comment, ""]).encode()])


def _packed(number: int) -> bytes:
    """A number in groups of seven bits, the least significant first; all but the last have the eighth bit."""
    packed = bytearray()
    while number >= 0x80:
        packed.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*packed, number])


def exported(claims: Claims, only: Sequence[str] = (), progress: Progress | None = None) -> Exported:
    """The system and its `always` claims as a circuit.

    Parameters
    ----------
    only: the names of the claims wanted; the circuit is then the smallest exact slice that decides them.
    progress: is called once it is done.

    Raises
    ------
    DeclarationError: for a name that no claim has, or where no claim is an `always`.
    """
    wanted = [claims.named(name) for name in dict.fromkeys(only)] if only else list(claims.claims)
    always = [claim for claim in wanted if isinstance(claim, Always)]
    if not always:
        raise DeclarationError("a circuit has an output for each claim of the kind always, and there is none")
    slices = Slices(claims.system)
    derived = list(on_states(always, slices))
    kept = slices.cone(
        {name for claim in derived for name in claim.variables} if only else slices.system.state_type.names
    )
    model = _Model(slices, [one for one in slices.system.variables if one.name in kept], derived)
    others = len(wanted) - len(always)
    left = f"; {others} of other kinds are left out" if others else ""
    counts = (
        f"{len(model.inputs.names)} inputs, {len(model.latches.names)} latches, "
        f"{len(model.circuit.conjunctions):,} conjunctions, {len(always)} properties"
    )
    if progress:
        progress(1, 1)
    return Exported(
        model.data(f"{slices.system.name}: frame 0 chooses where the system starts"),
        f"{counts}{left}",
    )
