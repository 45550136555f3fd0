"""Expressions over finite domains: one declaration, read by every engine.

A `Term` has one of finitely many values at any moment; an `Expr` is true or false of a moment. There are seven kinds
of expression and no others, so that each engine (words, interpretation, Python, NumPy) is seven short cases.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

import attrs

from statemachines.errors import DeclarationError
from statemachines.language.operators import ARITHMETIC, INSTEAD_OF_A_TRUTH_VALUE, ORDER, UNARY, both_ways, refuse

if TYPE_CHECKING:
    from statemachines.language.requests import Request, RequestType
    from statemachines.language.terms import Term


class VerdictLike(Protocol):
    """What an expression may ask of a verdict."""

    @property
    def via(self) -> tuple[Enum, ...]: ...  # the parties that looked at the request


@attrs.frozen
class Moment:
    """One step, or one state, at which an expression is true or false.

    Parameters
    ----------
    before: the value of each variable before the step, by name.
    request: what was asked; ``None`` where only a state is looked at.
    after: the value of each variable after the step, by name.
    verdict: what was answered.
    """

    before: Mapping[str, Enum]
    request: "Request | None" = None
    after: Mapping[str, Enum] | None = None
    verdict: VerdictLike | None = None


_NEGATIVE = re.compile(r"(not|no|none|nobody|nothing|any other)\b")
"""What is not denied again in words: "is not not commissioned", "is not nobody", "is not any other"."""

_NO_TRUTH_VALUE = f"a condition has no truth value of its own: {INSTEAD_OF_A_TRUTH_VALUE}"


class Expr:
    """A condition. Combine with ``&``, ``|``, ``~`` and `implies`; it has no truth value of its own."""

    __slots__ = ()

    def __and__(self, other: "Expr") -> "Expr":
        return conjunction(self, expect_condition(other, "what is combined with a condition"))

    def __or__(self, other: "Expr") -> "Expr":
        return ~conjunction(~self, ~expect_condition(other, "what is combined with a condition"))

    __rand__ = __and__  # `False & condition` is refused in the same words
    __ror__ = __or__

    def __invert__(self) -> "Expr":
        return negation(self)

    def implies(self, other: "Expr") -> "Expr":
        """True unless this holds and the other does not."""
        return ~self | other

    def __bool__(self) -> NoReturn:
        raise DeclarationError(_NO_TRUTH_VALUE)

    def __repr__(self) -> str:
        return f"<condition: {self.words()}>"

    def holds(self, moment: Moment) -> bool:
        """Whether the condition is true of the moment: the plain interpreter."""
        raise NotImplementedError

    def given(self, values: Mapping["Term", Enum], request_type: "RequestType | None" = None) -> "Expr":
        """The same condition with the values of terms known: what can be folded is."""
        raise NotImplementedError

    def terms(self) -> Iterator["Term"]:
        """Every term that the condition reads, in order of appearance."""
        raise NotImplementedError

    def words(self) -> str:
        """The condition as an analyst would say it."""
        raise NotImplementedError


refuse(
    Expr,
    [*both_ways([*ARITHMETIC, "xor"]), *UNARY, *ORDER, "contains", "getitem"],
    lambda self: f"{self!r} is combined with other conditions by & | ~ and implies() only",
)


@attrs.frozen(eq=False, repr=False)
class Constant(Expr):
    """Always true, or always false."""

    value: bool

    def __reduce__(self) -> tuple[Any, ...]:
        return _constant, (self.value,)

    def holds(self, moment: Moment) -> bool:  # noqa: ARG002
        return self.value

    def given(self, values: Mapping["Term", Enum], request_type: "RequestType | None" = None) -> Expr:  # noqa: ARG002
        return self

    def terms(self) -> Iterator["Term"]:
        return iter(())

    def words(self) -> str:
        return "always" if self.value else "never"


TRUE = Constant(True)
FALSE = Constant(False)


def _constant(value: bool) -> Constant:
    """One of the two constants, which are compared by identity."""
    return TRUE if value else FALSE


@attrs.frozen(eq=False, repr=False)
class Among(Expr):
    """A term has one of certain values; false of a request that has no such field."""

    term: "Term"
    values: frozenset[Enum]

    @cached_property
    def positions(self) -> tuple[int, ...]:
        """The positions of the values in the term's domain."""
        return tuple(at for at, value in enumerate(self.term.domain) if value in self.values)

    def contains(self, value: Enum | None) -> bool:
        """Whether a value is one of these; a member of another enum that compares equal is none."""
        return self.term.admits(value) and value in self.values

    def holds(self, moment: Moment) -> bool:
        return self.contains(self.term.read(moment))

    def given(self, values: Mapping["Term", Enum], request_type: "RequestType | None" = None) -> Expr:
        known = values.get(self.term)
        if known is None:
            return FALSE if self.term.lacking(request_type) else self
        return _constant(self.contains(known))

    def terms(self) -> Iterator["Term"]:
        yield self.term

    def words(self) -> str:
        domain, label = self.term.domain, self.term.label
        inside = [value for value in domain if value in self.values]
        outside = [value for value in domain if value not in self.values]
        if len(inside) == 1:
            return f"{label} is {inside[0].value}"
        if self.term.ordered and tuple(inside) == domain[-len(inside) :]:
            return f"{label} is {inside[0].value} or {'more' if self.term.counts else 'later'}"
        if self.term.counts:
            return f"{label} is {ranges(inside)}"
        if self.term.ordered and outside and tuple(inside) == domain[: len(inside)]:
            return f"{label} is before {outside[0].value}"
        negative = any(_NEGATIVE.match(str(value.value)) for value in outside)
        if len(outside) <= len(inside) and not negative:
            return f"{label} is not " + " or ".join(str(value.value) for value in outside)
        return f"{label} is " + " or ".join(str(value.value) for value in inside)


class Relation(Enum):
    """How two values compare; the other comparisons are these with the sides exchanged."""

    EQUAL = "is"
    LESS = "is before"
    AT_MOST = "is not after"

    def holds(self, left: int, right: int) -> bool:
        """Whether two ranks compare so."""
        if self is Relation.EQUAL:
            return left == right
        return left < right if self is Relation.LESS else left <= right


@attrs.frozen(eq=False, repr=False)
class Compared(Expr):
    """Two terms' values compare so, the right one's counted from so many further; false where one has none.

    Parameters
    ----------
    left, right: the terms, of one domain or both of numbers.
    relation: how the left one's rank compares with the right one's; anything but equality takes an order.
    by: what is added to the right one's rank: ``after(n) == n + 1`` has 1.
    """

    left: "Term"
    relation: Relation
    right: "Term"
    by: int = 0

    def related(self, left: Enum, right: Enum) -> bool:
        """Whether these values of the terms compare so; members of other enums never do."""
        if not (isinstance(left, self.left.kind) and isinstance(right, self.right.kind)):
            return False
        return self.relation.holds(self.left.rank(left), self.right.rank(right) + self.by)

    def with_left(self, left: Enum) -> Expr:
        """What has to be so of the right term where the left one has this value."""
        return among(self.right, frozenset(right for right in self.right.domain if self.related(left, right)))

    def with_right(self, right: Enum) -> Expr:
        """What has to be so of the left term where the right one has this value."""
        return among(self.left, frozenset(left for left in self.left.domain if self.related(left, right)))

    def holds(self, moment: Moment) -> bool:
        left, right = self.left.read(moment), self.right.read(moment)
        return left is not None and right is not None and self.related(left, right)

    def given(self, values: Mapping["Term", Enum], request_type: "RequestType | None" = None) -> Expr:
        if self.left.lacking(request_type) or self.right.lacking(request_type):
            return FALSE
        left, right = values.get(self.left), values.get(self.right)
        if left is not None and right is not None:
            return _constant(self.related(left, right))
        if left is not None:
            return self.with_left(left)
        return self if right is None else self.with_right(right)

    def terms(self) -> Iterator["Term"]:
        yield self.left
        yield self.right

    def words(self) -> str:
        return self.in_words()

    def in_words(self, *, negated: bool = False) -> str:
        """The comparison in words, or that it does not hold."""
        negation = " not" if negated else ""
        if self.relation is Relation.EQUAL:
            relation = f"is{negation}"
        elif self.left.counts:
            relation = f"is{negation} {'less than' if self.relation is Relation.LESS else 'at most'}"
        else:
            relation = f"is{negation} before" if self.relation is Relation.LESS else f"is{negation} at or before"
        by = f" {'+' if self.by > 0 else '-'} {abs(self.by)}" if self.by else ""
        return f"{self.left.label} {relation} the {self.right.label}{by}"


@attrs.frozen(eq=False, repr=False)
class IsA(Expr):
    """The request is of one of these types."""

    types: tuple["RequestType", ...]

    def holds(self, moment: Moment) -> bool:
        return moment.request is not None and any(moment.request.type is kind for kind in self.types)

    def given(self, values: Mapping["Term", Enum], request_type: "RequestType | None" = None) -> Expr:  # noqa: ARG002
        return self if request_type is None else _constant(any(request_type is kind for kind in self.types))

    def terms(self) -> Iterator["Term"]:
        return iter(())

    def words(self) -> str:
        return "the request is " + " or ".join(kind.label for kind in self.types)


@attrs.frozen(eq=False, repr=False)
class Reached(Expr):
    """The request came as far as a party: that party's gate was asked, whatever it decided. Only claims can ask it.

    Parameters
    ----------
    party: the party of one of the system's gates.
    """

    party: Enum

    def among(self, via: Iterable[Enum]) -> bool:
        """Whether the party is one of these."""
        return any(self.party is party for party in via)

    def holds(self, moment: Moment) -> bool:
        return moment.verdict is not None and self.among(moment.verdict.via)

    def given(self, values: Mapping["Term", Enum], request_type: "RequestType | None" = None) -> Expr:  # noqa: ARG002
        return self

    def terms(self) -> Iterator["Term"]:
        return iter(())

    def words(self) -> str:
        return f"the request reaches the {self.party.value}"


@attrs.frozen(eq=False, repr=False)
class All(Expr):
    """Every part holds."""

    parts: tuple[Expr, ...]

    def holds(self, moment: Moment) -> bool:
        return all(part.holds(moment) for part in self.parts)

    def given(self, values: Mapping["Term", Enum], request_type: "RequestType | None" = None) -> Expr:
        return conjunction(*(part.given(values, request_type) for part in self.parts))

    def terms(self) -> Iterator["Term"]:
        for part in self.parts:
            yield from part.terms()

    def words(self) -> str:
        return " and ".join(part.words() for part in self.parts)


@attrs.frozen(eq=False, repr=False)
class Not(Expr):
    """The part does not hold."""

    part: Expr

    def holds(self, moment: Moment) -> bool:
        return not self.part.holds(moment)

    def given(self, values: Mapping["Term", Enum], request_type: "RequestType | None" = None) -> Expr:
        return negation(self.part.given(values, request_type))

    def terms(self) -> Iterator["Term"]:
        return self.part.terms()

    def words(self) -> str:
        if isinstance(self.part, All):
            return "(" + " or ".join(negation(part).words() for part in self.part.parts) + ")"
        if isinstance(self.part, Compared):
            return self.part.in_words(negated=True)
        if isinstance(self.part, Among):
            return Among(self.part.term, self.part.term.values - self.part.values).words()
        if isinstance(self.part, IsA | Reached):
            return "not: " + self.part.words()
        return f"not ({self.part.words()})"


def ranges(values: Sequence[Enum]) -> str:
    """Numbers in words, neighbours as a range: ``0 to 3 or 7``."""
    runs: list[list[Enum]] = []
    for value in values:
        if runs and value.value == runs[-1][-1].value + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return " or ".join(f"{run[0].value} to {run[-1].value}" if run[1:] else str(run[0].value) for run in runs)


def expect_condition(value: object, where: str) -> Expr:
    """The value, if it is a condition; `DeclarationError` naming where it stands otherwise.

    ``lamp in {Lamp.ON}`` is ``False`` before anything of ours is asked, for a set looks at hashes first, and ``~`` of
    that is -1: so booleans and integers get a hint.
    """
    if not isinstance(value, Expr):
        hint = f": {_NO_TRUTH_VALUE}" if type(value) in {bool, int} else getattr(value, "no_condition", "")
        raise DeclarationError(f"{where} is {value!r}, expected a condition{hint}")
    return value


def within(expr: Expr) -> Iterator[Expr]:
    """The condition and every condition in it."""
    yield expr
    for part in expr.parts if isinstance(expr, All) else (expr.part,) if isinstance(expr, Not) else ():
        yield from within(part)


def conjunction(*parts: Expr) -> Expr:
    """All of the parts, flattened and folded; memberships of one term become one."""
    if len(parts) == 2 and TRUE in parts:
        return parts[1] if parts[0] is TRUE else parts[0]
    flat: dict[int, Expr] = {}
    for part in parts:
        for one in part.parts if isinstance(part, All) else (part,):
            if one is FALSE:
                return FALSE
            if isinstance(one, Among):
                known = flat.get(id(one.term))
                both = among(one.term, one.values & known.values) if isinstance(known, Among) else one
                if both is FALSE:
                    return FALSE
                flat[id(one.term)] = both
            elif one is not TRUE:
                flat[id(one)] = one
    if not flat:
        return TRUE
    return next(iter(flat.values())) if len(flat) == 1 else All(tuple(flat.values()))


def disjunction(*parts: Expr) -> Expr:
    """Any of the parts, flattened and folded."""
    parts = tuple(part for part in parts if part is not FALSE)
    if len(parts) == 1:
        return parts[0]
    return negation(conjunction(*(negation(part) for part in parts)))


def negation(part: Expr) -> Expr:
    """Not the part, folded: a negated membership is membership in the rest of the domain.

    It is not where the term may have no value: what is not "the door is the left" holds of a request without a door.
    """
    if isinstance(part, Constant):
        return FALSE if part.value else TRUE
    if isinstance(part, Not):
        return part.part
    if isinstance(part, Among) and not part.term.may_lack:
        return among(part.term, part.term.values - part.values)
    if isinstance(part, Compared) and part.relation is not Relation.EQUAL:
        left, right = part.left, part.right
        if not left.may_lack and not right.may_lack:
            return Compared(right, _OPPOSITES[part.relation], left, -part.by)
    return Not(part)


_OPPOSITES = {Relation.LESS: Relation.AT_MOST, Relation.AT_MOST: Relation.LESS}


def compared(left: "Term", relation: Relation, right: "Term", by: int = 0) -> Expr:
    """A comparison, folded where it is one of a term with itself."""
    if left is right and not left.may_lack:
        return _constant(relation.holds(0, by))
    return Compared(left, relation, right, by)


def among(term: "Term", values: frozenset[Enum]) -> Expr:
    """Membership, folded against the term's domain."""
    inside = values & term.values
    if not inside:
        return FALSE
    return TRUE if len(inside) == len(term.domain) and not term.may_lack else Among(term, inside)


def all_of(*conditions: Expr) -> Expr:
    """True where every condition is; of none it is always true.

    >>> all_of().words(), any_of().words()
    ('always', 'never')
    """
    return conjunction(*(expect_condition(one, "a condition of all_of") for one in conditions))


def any_of(*conditions: Expr) -> Expr:
    """True where at least one condition is; of none it is never true. See `all_of`."""
    return disjunction(*(expect_condition(one, "a condition of any_of") for one in conditions)) if conditions else FALSE
