"""Expressions over finite domains: one declaration, read by every engine.

A `Term` has one of finitely many values at any moment; an `Expr` is true or false of a moment. There are seven kinds
of expression and no others, so that each reading (words, interpretation, Python, NumPy) is seven short cases.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

import attrs

if TYPE_CHECKING:
    from statemachines.language.requests import Request, RequestType
    from statemachines.language.terms import Term


class Observation(Protocol):
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
    verdict: Observation | None = None


class Expr:
    """A condition. Combine with ``&``, ``|``, ``~`` and `implies`; it has no truth value of its own."""

    __slots__ = ()

    def __and__(self, other: "Expr") -> "Expr":
        return conjunction(self, other)

    def __or__(self, other: "Expr") -> "Expr":
        return ~conjunction(~self, ~other)

    def __invert__(self) -> "Expr":
        return negation(self)

    def implies(self, other: "Expr") -> "Expr":
        """True unless this holds and the other does not."""
        return ~self | other

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "a condition is true or false of a moment, not by itself: combine with & | ~ in place of and/or/not, "
            "and ask is_in(...) in place of in"
        )

    def __repr__(self) -> str:
        return f"<condition: {self.words()}>"

    def holds(self, moment: Moment) -> bool:
        """Whether the condition is true of the moment: the plain interpreter."""
        raise NotImplementedError

    def given(self, values: Mapping["Term", Enum], request_type: "RequestType | None" = None) -> "Expr":
        """The same condition with some terms' values known: what can be folded is."""
        raise NotImplementedError

    def terms(self) -> Iterator["Term"]:
        """Every term that the condition reads, in order of appearance."""
        raise NotImplementedError

    def words(self) -> str:
        """The condition as an analyst would say it."""
        raise NotImplementedError


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
    """One of the two constants, which may be told by identity."""
    return TRUE if value else FALSE


@attrs.frozen(eq=False, repr=False)
class Among(Expr):
    """A term has one of some values.

    A request satisfies no membership on a field that it does not have, neither this one nor the rest of the domain.
    """

    term: "Term"
    values: frozenset[Enum]

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The positions of the values in the term's domain."""
        return tuple(at for at, value in enumerate(self.term.domain) if value in self.values)

    def holds(self, moment: Moment) -> bool:
        return self.term.read(moment) in self.values

    def given(self, values: Mapping["Term", Enum], request_type: "RequestType | None" = None) -> Expr:
        known = values.get(self.term)
        if known is None:
            return FALSE if self.term.lacking(request_type) else self
        return _constant(known in self.values)

    def terms(self) -> Iterator["Term"]:
        yield self.term

    def words(self) -> str:
        domain, label = self.term.domain, self.term.label
        inside = [value for value in domain if value in self.values]
        outside = [value for value in domain if value not in self.values]
        if len(inside) == 1:
            return f"{label} is {inside[0].value}"
        if self.term.ordered and tuple(inside) == domain[-len(inside) :]:
            return f"{label} is {inside[0].value} or later"
        negative = any(str(value.value).startswith("not ") for value in outside)  # "is not not commissioned"
        if len(outside) <= len(inside) and not negative:
            return f"{label} is not " + " or ".join(str(value.value) for value in outside)
        return f"{label} is " + " or ".join(str(value.value) for value in inside)


@attrs.frozen(eq=False, repr=False)
class Same(Expr):
    """Two terms have the same value; false where one has none."""

    left: "Term"
    right: "Term"

    def holds(self, moment: Moment) -> bool:
        left = self.left.read(moment)
        return left is not None and left is self.right.read(moment)

    def given(self, values: Mapping["Term", Enum], request_type: "RequestType | None" = None) -> Expr:
        if self.left.lacking(request_type) or self.right.lacking(request_type):
            return FALSE
        left, right = values.get(self.left), values.get(self.right)
        if left is not None and right is not None:
            return _constant(left is right)
        if left is not None:
            return among(self.right, frozenset([left]))
        if right is not None:
            return among(self.left, frozenset([right]))
        return self

    def terms(self) -> Iterator["Term"]:
        yield self.left
        yield self.right

    def words(self) -> str:
        return f"{self.left.label} is the {self.right.label}"


@attrs.frozen(eq=False, repr=False)
class IsA(Expr):
    """The request is of one of some types."""

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
    """The request came as far as a party: that party looked at it."""

    party: Enum

    def holds(self, moment: Moment) -> bool:
        return moment.verdict is not None and self.party in moment.verdict.via

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
        if isinstance(self.part, Same):
            return f"{self.part.left.label} is not the {self.part.right.label}"
        if isinstance(self.part, Among):
            return Among(self.part.term, self.part.term.values - self.part.values).words()
        if isinstance(self.part, IsA | Reached):
            return "not: " + self.part.words()
        return f"not ({self.part.words()})"


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
    return Not(part)


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
    return conjunction(*conditions)


def any_of(*conditions: Expr) -> Expr:
    """True where at least one condition is; of none it is never true."""
    return disjunction(*conditions) if conditions else FALSE
