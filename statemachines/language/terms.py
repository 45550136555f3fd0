"""Terms: variables, request fields and aspects of verdicts, each with one of finitely many values at any moment."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, TypeGuard, overload

import attrs

from statemachines.errors import DeclarationError, all_expected, expected, expected_name
from statemachines.language.expression import Expr, Moment, Relation, among, compared, negation, ranges
from statemachines.language.identity import Identified
from statemachines.language.named_values import expect_distinct, expect_no_equals
from statemachines.language.numbers import Number
from statemachines.language.operators import (
    ARITHMETIC,
    INSTEAD_OF_A_TRUTH_VALUE,
    LOGIC,
    UNARY,
    both_ways,
    refuse,
)

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    from statemachines.language.requests import RequestType

    E = TypeVar("E", bound=Enum, default=Any)
else:
    from typing import TypeVar

    E = TypeVar("E", bound=Enum)

ASPECTS = ("outcome", "at", "reason", "response")
"""The aspects of a verdict that are compared: everything that an observer sees. A declaration may leave some open."""


def members(values: E | Iterable[E]) -> tuple[E, ...]:
    """One member or several, as a tuple."""
    many = (values,) if isinstance(values, Enum) else values
    return all_expected(many, Enum, "a value")  # type: ignore[arg-type]  # E is an Enum


def exchanged(value: Enum, one: Enum, other: Enum) -> Enum:
    """The value with two values exchanged; a member of another enum that compares equal to one of them stays."""
    if value is one:
        return other
    return one if value is other else value


def _label_from_name(term: "Term") -> str:
    return term.name.replace("_", " ")


@attrs.frozen(eq=False)
class Term(Identified, Generic[E]):
    """Something with one of finitely many values.

    Comparisons and `is_in` are conditions. Of a request that does not have the field, ``==``, ``is_in`` and the
    comparisons by order are false, and whatever denies one of them is true: ``field != A`` is ``~(field == A)``.

    Parameters
    ----------
    name: a Python identifier, unique among terms of its kind.
    kind: the enum its values belong to; a member's value is its wording. It is `Enum` itself where they belong to
        several enums, as the reasons of a system's components do.
    among: the members it can have, where not all of them; needed where the kind is `Enum`.
    ordered: whether "or later" makes sense of its values.
    label: its wording; the name with spaces if not given.
    """

    name: str = attrs.field()
    kind: type[E]
    among: tuple[E, ...] = attrs.field(default=(), converter=members, kw_only=True)
    ordered: bool = attrs.field(default=False, kw_only=True)
    label: str = attrs.field(default=attrs.Factory(_label_from_name, takes_self=True), kw_only=True)
    domain: tuple[E, ...] = attrs.field(init=False, repr=False)
    values: frozenset[E] = attrs.field(init=False, repr=False)
    counts: bool = attrs.field(init=False, repr=False)
    _ranks: Mapping[Enum, int] = attrs.field(init=False, repr=False)
    may_lack: ClassVar[bool] = False
    """Whether it may have no value: a field that a request does not have, a response that a verdict does not carry."""

    @name.validator
    def _name_is_identifier(self, _: Any, name: str) -> None:
        expected_name(name, "the name")

    def __attrs_post_init__(self) -> None:
        if not (isinstance(self.kind, type) and issubclass(self.kind, Enum)):
            raise DeclarationError(f"the values of {self.name!r} are {self.kind!r}, expected an Enum class")
        for value in self.among:
            if not isinstance(value, self.kind):
                raise DeclarationError(f"{self.name!r} has values of {self.kind.__name__}, and {value!r} is none")
        known = tuple(self.kind) or self.among
        wanted = self.among or known
        kinds = dict.fromkeys(map(type, known))
        for kind in kinds:
            expect_distinct(self.name, kind)
        if len(kinds) > 1:
            expect_no_equals(self.name, self.kind, known)
        object.__setattr__(self, "domain", tuple(value for value in known if value in wanted))
        object.__setattr__(self, "values", frozenset(self.domain))
        object.__setattr__(self, "counts", issubclass(self.kind, Number))
        object.__setattr__(self, "ordered", self.ordered or self.counts)
        ranks = {value: int(value) if isinstance(value, Number) else rank for rank, value in enumerate(known)}
        object.__setattr__(self, "_ranks", ranks)
        if not self.domain:
            raise DeclarationError(f"{self.name!r} has no value at all: {self.kind.__name__} is empty")

    __hash__ = object.__hash__

    @overload  # type: ignore[override]
    def __eq__(self: "Term[Number]", other: "int | Term[Number] | Sum") -> Expr: ...
    @overload
    def __eq__(self, other: "E | Term[E]") -> Expr: ...
    def __eq__(self, other: "Operand") -> Expr:
        return self._same(other)

    @overload  # type: ignore[override]
    def __ne__(self: "Term[Number]", other: "int | Term[Number] | Sum") -> Expr: ...
    @overload
    def __ne__(self, other: "E | Term[E]") -> Expr: ...
    def __ne__(self, other: "Operand") -> Expr:
        return negation(self._same(other))

    @overload
    def __lt__(self: "Term[Number]", other: "int | Term[Number] | Sum") -> Expr: ...
    @overload
    def __lt__(self, other: "E | Term[E]") -> Expr: ...
    def __lt__(self, other: "Operand") -> Expr:
        return self._compared(other, Relation.LESS)

    @overload
    def __le__(self: "Term[Number]", other: "int | Term[Number] | Sum") -> Expr: ...
    @overload
    def __le__(self, other: "E | Term[E]") -> Expr: ...
    def __le__(self, other: "Operand") -> Expr:
        return self._compared(other, Relation.AT_MOST)

    @overload
    def __gt__(self: "Term[Number]", other: "int | Term[Number] | Sum") -> Expr: ...
    @overload
    def __gt__(self, other: "E | Term[E]") -> Expr: ...
    def __gt__(self, other: "Operand") -> Expr:
        return self._compared(other, Relation.LESS, exchanged=True)

    @overload
    def __ge__(self: "Term[Number]", other: "int | Term[Number] | Sum") -> Expr: ...
    @overload
    def __ge__(self, other: "E | Term[E]") -> Expr: ...
    def __ge__(self, other: "Operand") -> Expr:
        return self._compared(other, Relation.AT_MOST, exchanged=True)

    def __add__(self: "Term[Number]", by: int) -> "Sum":
        return Sum(self, by)

    __radd__ = __add__

    def __sub__(self: "Term[Number]", by: int) -> "Sum":
        return Sum(self, 0) - by

    def __bool__(self) -> NoReturn:
        raise DeclarationError(f"{self.name!r} has no truth value{self.no_condition}, and {INSTEAD_OF_A_TRUTH_VALUE}")

    @property
    def no_condition(self) -> str:
        """What to write where a condition is expected."""
        value = self.domain[0]
        return f": compare it, as in {self.name} == {value if self.counts else f'{type(value).__name__}.{value.name}'}"

    @overload
    def is_in(self: "Term[Number]", *values: int) -> Expr: ...
    @overload
    def is_in(self, *values: E) -> Expr: ...
    def is_in(self, *values: Enum | int) -> Expr:
        """Whether the term has one of the values."""
        if len(values) == 1 and isinstance(values[0], Iterable) and not isinstance(values[0], Enum | str):
            raise DeclarationError(f"{self.name!r}.is_in takes the values one by one: write is_in(*values)")
        return among(self, frozenset(self.checked(value) for value in values))

    def _same(self, other: object) -> Expr:
        if isinstance(other, Term | Sum):
            return self._related(other, Relation.EQUAL)
        return among(self, frozenset([self.checked(other)]))

    def _compared(self, other: "Operand", relation: Relation, *, exchanged: bool = False) -> Expr:
        """Whether the order puts the value before, at or after a member, or another term's value."""
        if not self.ordered:
            raise DeclarationError(f"{self.name!r} has no order: declare it with ordered=True, or use is_in()")
        if isinstance(other, Term | Sum):
            return self._related(other, relation, exchanged=exchanged)
        bound = self.rank(self.checked(other))
        ranks = {value: self.rank(value) for value in self.domain}
        holds = relation.holds
        return among(
            self,
            frozenset(
                value for value, rank in ranks.items() if (holds(bound, rank) if exchanged else holds(rank, bound))
            ),
        )

    def _related(self, other: "Term | Sum", relation: Relation, *, exchanged: bool = False) -> Expr:
        term, by = (other.term, other.by) if isinstance(other, Sum) else (other, 0)
        self._expect_same_kind(term)
        if relation is not Relation.EQUAL and not term.ordered:
            raise DeclarationError(f"{term.name!r} has no order: declare it with ordered=True")
        return compared(term, relation, self, -by) if exchanged else compared(self, relation, term, by)

    def _expect_same_kind(self, other: "Term") -> None:
        if other.kind is not self.kind and not (self.counts and other.counts):
            raise DeclarationError(
                f"{self.name!r} has values of {self.kind.__name__} and {other.name!r} of {other.kind.__name__}: "
                "they can never be the same"
            )
        if not self.ranks_as(other):
            raise DeclarationError(
                f"{self.name!r} and {other.name!r} have values of several enums, and not the same in the same order: "
                "they can be compared only if they do"
            )

    def ranks_as(self, other: "Term") -> bool:
        """Whether equal ranks of the two are one value: of values of several enums, only if all stand in one order."""
        return bool(len(self.kind)) or self.counts or list(map(id, self.domain)) == list(map(id, other.domain))

    def checked(self, value: object) -> E:
        """The value, if it is one that the term can have; `DeclarationError` otherwise.

        A member of another enum is none, even where it compares equal, as those of `IntEnum` and `StrEnum` do. A plain
        integer stands for the member of a `Count`.
        """
        if self.counts and type(value) is int:
            value = next((member for member in self.domain if member.value == value), value)
        if not self.admits(value):
            expected = ranges(self.domain) if self.counts else ", ".join(member.name for member in self.domain)
            raise DeclarationError(f"{self.name!r} cannot be {value!r}; expected {self.kind.__name__}: {expected}")
        return value

    def admits(self, value: object) -> TypeGuard[E]:
        """Whether the term can have the value; a member of another enum it cannot, even where that compares equal."""
        if not (isinstance(value, self.kind) and value in self.values):
            return False
        return type(value) is self.kind or any(value is one for one in self.domain)

    def position(self, value: object) -> int:
        """The value's index in the domain, from 0."""
        return self.domain.index(self.checked(value))

    def rank(self, value: Enum) -> int:
        """What comparisons compare: the number, or the value's index in its enum."""
        return self._ranks[value]

    def read(self, moment: Moment) -> Enum | None:
        """The value at the moment; ``None`` where there is none."""
        raise NotImplementedError

    def lacking(self, request_type: "RequestType | None") -> bool:  # noqa: ARG002
        """Whether this is a field that requests of the type do not have."""
        return False


refuse(Term, both_ways(LOGIC), lambda term: f"{term.name!r} is no condition{term.no_condition}")
refuse(Term, ["invert"], lambda term: f"{term.name!r} is no condition{term.no_condition}")
refuse(
    Term,
    ["contains", "getitem"],
    lambda term: f"{term.name!r} is no collection: ask for its value with == or is_in(...); it has one of its .domain",
)
_NO_SUM = "of numbers, conditions know + and - of an integer, and comparison, as in n + 1 < m"
refuse(Term, [*both_ways(ARITHMETIC), *UNARY], lambda term: f"no such operation on {term.name!r}: {_NO_SUM}")


@attrs.frozen(eq=False)
class Sum:
    """A number and so many more: ``n + 1``, in a comparison. There is no wrapping: seven and one is no value to seven.

    Parameters
    ----------
    term: the number.
    by: how many more, or fewer.
    """

    term: Term[Number]
    by: int

    def __attrs_post_init__(self) -> None:
        if not self.term.counts:
            raise DeclarationError(f"{self.term.name!r} is not a number: only one of a Count can be added to")
        self._integer(self.by)

    __hash__ = object.__hash__

    def __bool__(self) -> NoReturn:
        raise DeclarationError(f"{self.term.name!r} {self.by:+} has no truth value: {INSTEAD_OF_A_TRUTH_VALUE}")

    def __add__(self, by: int) -> "Sum":
        return Sum(self.term, self.by + self._integer(by))

    __radd__ = __add__

    def __sub__(self, by: int) -> "Sum":
        return Sum(self.term, self.by - self._integer(by))

    def __eq__(self, other: "int | Term[Number] | Sum") -> Expr:  # type: ignore[override]
        return self.term == self._less(other)

    def __ne__(self, other: "int | Term[Number] | Sum") -> Expr:  # type: ignore[override]
        return self.term != self._less(other)

    def __lt__(self, other: "int | Term[Number] | Sum") -> Expr:
        return self.term < self._less(other)

    def __le__(self, other: "int | Term[Number] | Sum") -> Expr:
        return self.term <= self._less(other)

    def __gt__(self, other: "int | Term[Number] | Sum") -> Expr:
        return self.term > self._less(other)

    def __ge__(self, other: "int | Term[Number] | Sum") -> Expr:
        return self.term >= self._less(other)

    def _integer(self, by: int) -> int:
        if type(by) is not int:
            raise DeclarationError(f"{by!r} is added to {self.term.name!r}, expected an integer: {_NO_SUM}")
        return by

    def _less(self, other: Any) -> "int | Term[Number] | Sum":
        """The other side, with so many fewer."""
        if isinstance(other, Term):
            return Sum(other, -self.by)
        if isinstance(other, Sum):
            return Sum(other.term, other.by - self.by)
        if type(other) is int or isinstance(other, Number):
            return int(other) - self.by
        return other  # type: ignore[no-any-return]  # the term refuses it


refuse(
    Sum,
    [*both_ways([*ARITHMETIC, *LOGIC]), *UNARY, "invert", "contains", "getitem"],
    lambda total: f"no such operation on {total.term.name!r} {total.by:+}: {_NO_SUM}",
)

Operand = Enum | int | Term | Sum
"""What a term is compared with."""


@attrs.frozen(eq=False, init=False)
class Variable(Term[E]):
    """A named fact about the system.

    Parameters
    ----------
    name, kind, among, ordered, label: as of any `Term`.

    >>> class Lamp(Enum):
    ...     OFF = "off"
    ...     ON = "on"
    >>> lamp = Variable("lamp", Lamp)
    >>> (lamp == Lamp.ON).words()
    'lamp is on'
    >>> lamp == "on"
    Traceback (most recent call last):
        ...
    statemachines.errors.DeclarationError: 'lamp' cannot be 'on'; expected Lamp: OFF, ON
    """

    def read(self, moment: Moment) -> Enum:
        return moment.before[self.name]


@attrs.frozen(eq=False)
class After(Term[E]):
    """A variable's value after the step; make it with `after`."""

    among: tuple[E, ...] = attrs.field(default=(), converter=members, kw_only=True)  # again, for mypy
    variable: Variable[E] = attrs.field(kw_only=True)

    def read(self, moment: Moment) -> Enum:
        if moment.after is None:
            raise DeclarationError(f"{self.label!r} is asked of a state; only a step has an after")
        return moment.after[self.variable.name]


def after(variable: Variable[E]) -> After[E]:
    """The variable's value after the step, for a condition of a claim.

    >>> class Lamp(Enum):
    ...     OFF = "off"
    ...     ON = "on"
    >>> (after(Variable("lamp", Lamp)) == Lamp.ON).words()
    'lamp afterwards is on'
    """
    expected(variable, Variable, "what is asked for afterwards")
    return After(
        variable.name,
        variable.kind,
        among=variable.domain,
        ordered=variable.ordered,
        label=f"{variable.label} afterwards",
        variable=variable,
    )


@attrs.frozen(eq=False, init=False)
class Observed(Term[E]):
    """One aspect of the verdict, for a condition of a claim.

    Parameters
    ----------
    name: ``outcome``, ``at``, ``reason`` or ``response``.
    kind, among, ordered, label: as of any `Term`.

    Raises
    ------
    DeclarationError: for another name.
    """

    may_lack: ClassVar[bool] = True

    def __attrs_post_init__(self) -> None:
        if self.name not in ASPECTS:
            raise DeclarationError(f"a verdict has no {self.name!r}; expected one of: {', '.join(ASPECTS)}")
        super().__attrs_post_init__()

    def read(self, moment: Moment) -> Enum | None:
        if moment.verdict is None:
            raise DeclarationError(f"the verdict's {self.name} is asked of a state; only a step has a verdict")
        value: Enum | None = getattr(moment.verdict, self.name)
        return value
