"""One value of a field, with which a declaration does not do what it does with all others."""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, TypeVar

import attrs

from statemachines.language.expression import FALSE, Expr, among, conjunction, negation
from statemachines.language.gates import Answer, Check
from statemachines.language.requests import Field, RequestType
from statemachines.language.terms import Term
from statemachines.semantics.grounding import given

P = TypeVar("P", Check, Answer)


@attrs.frozen(eq=False)
class Held:
    """A value of a field with which a condition can hold of a type of request.

    Parameters
    ----------
    kind, field, value: which.
    without: the condition, but that it never holds of such a request.
    """

    kind: RequestType
    field: Field
    value: Enum
    without: Expr

    @property
    def values(self) -> Mapping[Term, Enum]:
        """The field and its value."""
        return {self.field: self.value}

    @property
    def words(self) -> str:
        """The same in words."""
        return f"{self.field.label} {self.value.value}"


def held_with(condition: Expr, kind: RequestType) -> Iterator[Held]:
    """Each value of each field of a type of request with which a condition can hold, whether it reads the field or not.

    >>> from statemachines.language.expression import TRUE
    >>> from examples.parcel_locker import Take
    >>> [each.words for each in held_with(TRUE, Take)]
    ['code right', 'code wrong']
    """
    for field in kind.fields:
        for value in field.domain if len(field.domain) > 1 else ():
            if given(condition, kind, {field: value}) is not FALSE:
                without = conjunction(condition, negation(among(field, frozenset([value]))))
                yield Held(kind, field, value, without)


def parted(part: P, on: Sequence[RequestType], kinds: Sequence[RequestType], **changes: Any) -> tuple[P, ...]:
    """A check or an answer, changed for some types of request, and as it was for the rest of those that it is on."""
    changed = attrs.evolve(part, on=kinds, **changes)
    rest = [kind for kind in on if all(kind is not other for other in kinds)]
    return (attrs.evolve(part, on=rest), changed) if rest else (changed,)
