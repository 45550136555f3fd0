"""Variants of a condition, each wrong in one part for one value.

A part is a membership, a comparison of two terms, or a question what the request is; it is wrong of one value of what
it reads (or of one pair of values). Where a variant decides otherwise than the condition, that part matters: with that
value, the whole turns on it. A part that is dropped, negated, or reads another value is wrong of a value, and so is
observed wherever a variant is. A part that reads another term is not, and has variants of its own.
"""

from collections.abc import Iterator, Mapping
from enum import Enum

import attrs

from properties.conformance.suite.boundaries import boundary_values
from properties.mutation.operators import Others, of_another_term
from statemachines.language.expression import All, Among, Compared, Expr, IsA, Not
from statemachines.language.terms import Term


@attrs.frozen(eq=False)
class Variant:
    """A condition with one part wrong of one value.

    Parameters
    ----------
    key: which part and which value; no other variant of the condition has it.
    label: the same in words.
    condition: what replaces it.
    values: what it is wrong of: where one of these terms has another value, the variant is the condition; nothing, if
        it reads another term.
    """

    key: str
    label: str
    condition: Expr
    values: Mapping[Term, Enum]


def variants(condition: Expr, others: Others = lambda _: ()) -> Iterator[Variant]:
    """Every variant, in order of the parts.

    Parameters
    ----------
    others: the terms that could be read in place of one.

    >>> from enum import Enum
    >>> from statemachines.language.terms import Variable
    >>> Lamp = Enum("Lamp", {"OFF": "off", "ON": "on"})
    >>> [variant.label for variant in variants(Variable("lamp", Lamp) == Lamp.ON)]
    ['lamp is off', 'lamp is on']
    """
    for number, (part, context) in enumerate(_parts(condition)):
        for key, label, wrong, values in _wrong(part):
            yield Variant(f"{number}/{key}", label, _placed(context, wrong), values)
        for other in of_another_term(part, others):
            label = f"the question is whether {part.words()}, and not whether {other.words()}"
            yield Variant(f"{number}/{_read(other)}", label, _placed(context, other), {})


def _read(part: Among | Compared) -> str:
    return f"reads/{part.term.name if isinstance(part, Among) else f'{part.left.name}/{part.right.name}'}"


Context = tuple[tuple[Expr, int], ...]
"""The way from a part to the whole: each condition around it, and where in it the part stands."""


def _parts(condition: Expr, context: Context = ()) -> Iterator[tuple[Expr, Context]]:
    match condition:
        case All():
            for at, part in enumerate(condition.parts):
                yield from _parts(part, ((condition, at), *context))
        case Not():
            yield from _parts(condition.part, ((condition, 0), *context))
        case Among() | Compared() | IsA():
            yield condition, context


def _wrong(part: Expr) -> Iterator[tuple[str, str, Expr, Mapping[Term, Enum]]]:
    """The part, wrong of one value."""
    match part:
        case Among():
            for value in boundary_values(part.term.domain, part.values):
                wrong: Expr = Among(part.term, part.values ^ {value})
                yield value.name, f"{part.term.label} is {value.value}", wrong, {part.term: value}
        case Compared():
            for left in boundary_values(part.left.domain):
                edge = [right for right in part.right.domain if part.related(left, right)]
                for right in boundary_values(part.right.domain, edge):
                    both = All((Among(part.left, frozenset([left])), Among(part.right, frozenset([right]))))
                    wrong = All((part, Not(both))) if part.related(left, right) else Not(All((Not(part), Not(both))))
                    label = f"{part.left.label} is {left.value} and the {part.right.label} is {right.value}"
                    yield f"{left.name}={right.name}", label, wrong, {part.left: left, part.right: right}
        case IsA():
            for kind in part.types:
                others = tuple(other for other in part.types if other is not kind)
                yield kind.name, f"the request is {kind.label}", IsA(others), {}


def _placed(context: Context, part: Expr) -> Expr:
    for whole, at in context:
        part = Not(part) if isinstance(whole, Not) else _with(whole, at, part)
    return part


def _with(whole: Expr, at: int, part: Expr) -> Expr:
    assert isinstance(whole, All)
    return All((*whole.parts[:at], part, *whole.parts[at + 1 :]))
