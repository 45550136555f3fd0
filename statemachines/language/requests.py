"""Requests: typed messages with finite-domain fields."""

from collections.abc import Collection, Iterable, Iterator
from enum import Enum
from itertools import product
from typing import Any, ClassVar

import attrs

from statemachines.errors import DeclarationError, all_expected, expected_name
from statemachines.language.expression import Expr, IsA, Moment
from statemachines.language.identity import Identified
from statemachines.language.terms import E, Term, members


@attrs.frozen(eq=False)
class Field(Term[E]):
    """A field of requests: who sends, what it is about. Several request types may share one.

    Parameters
    ----------
    name, kind, among, ordered, label: as of any `Term`.
    default: the value of a request that does not name the field; by default each has to name it.
    """

    among: tuple[E, ...] = attrs.field(default=(), converter=members, kw_only=True)  # again, for mypy
    default: E | None = attrs.field(default=None, kw_only=True)
    may_lack: ClassVar[bool] = True

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.default is not None:
            self.checked(self.default)

    def read(self, moment: Moment) -> Enum | None:
        if moment.request is None:
            raise DeclarationError(f"the request's {self.name} is asked of a state; only a step has a request")
        return None if self.lacking(moment.request.type) else moment.request[self.name]

    def lacking(self, request_type: "RequestType | None") -> bool:
        return request_type is not None and not any(self is field for field in request_type.fields)


def _fields(fields: Iterable[Field]) -> tuple[Field, ...]:
    return all_expected(fields, Field, "a request type's fields")


def _label_from_trigger(kind: "RequestType") -> str:
    return kind.trigger.replace("_", " ").title()


@attrs.frozen(eq=False)
class RequestType(Identified):
    """A kind of request, or of event around the system: called with its fields, it makes a `Request`.

    Parameters
    ----------
    name: a Python identifier in CamelCase; the trigger of a live machine is the same in snake_case.
    fields: the fields that such a request has.
    label: its wording; the name with spaces if not given.

    >>> class Floor(Enum):
    ...     GROUND = "ground floor"
    ...     FIRST = "first floor"
    >>> to = Field("to", Floor)
    >>> CallLift = RequestType("CallLift", [to])
    >>> print(CallLift(to=Floor.FIRST))
    Call Lift (to first floor)
    >>> CallLift(to=Floor.FIRST) is CallLift(to=Floor.FIRST)
    True
    """

    name: str
    fields: tuple[Field, ...] = attrs.field(default=(), converter=_fields)
    label: str = attrs.field(default=attrs.Factory(_label_from_trigger, takes_self=True), kw_only=True)
    _made: "dict[tuple[Enum, ...], Request]" = attrs.field(init=False, factory=dict, repr=False)

    def __attrs_post_init__(self) -> None:
        expected_name(self.name, "the request type's name")
        expected_name(self.trigger, f"the trigger of {self.name},")
        names = [field.name for field in self.fields]
        if len(set(names)) != len(names):
            raise DeclarationError(f"request type {self.name} has two fields of the same name: {', '.join(names)}")
        if "type" in names:
            raise DeclarationError(f"request type {self.name} has a field 'type', which is its type's name in JSON")

    @property
    def trigger(self) -> str:
        """The name in snake_case."""
        letters = [
            f"_{letter.lower()}"
            if letter.isupper() and index and not self.name[index - 1].isupper()
            else letter.lower()
            for index, letter in enumerate(self.name)
        ]
        return "".join(letters)

    def __call__(self, /, **values: Enum) -> "Request":
        """The request with these fields; `DeclarationError` for a missing, unknown or ill-valued one."""
        known = {field.name for field in self.fields}
        for name in values:
            if name not in known:
                raise DeclarationError(
                    f"{self.name} has no field {name!r}; it has {', '.join(sorted(known)) or 'no fields'}"
                )
        filled = []
        for field in self.fields:
            value = values.get(field.name, field.default)
            if value is None:
                raise DeclarationError(f"{self.name} needs its field {field.name!r}")
            filled.append(field.checked(value))
        return self._interned(tuple(filled))

    def requests(self, varying: Collection[str] | None = None) -> "Iterator[Request]":
        """Every request of this type, fields varying in order of declaration.

        Parameters
        ----------
        varying: the names of the fields that vary, where the others may stay at their first values.
        """
        domains = [
            field.domain if varying is None or field.name in varying else field.domain[:1] for field in self.fields
        ]
        for values in product(*domains):
            yield self._interned(values)

    def _pickled(self) -> dict[str, Any]:
        values = super()._pickled()
        del values["_made"]  # they hold their type, and are made again when asked for
        return values

    def _restore(self, values: dict[str, Any]) -> None:
        super()._restore({**values, "_made": {}})

    def _interned(self, values: tuple[Enum, ...]) -> "Request":
        made = self._made.get(values)
        if made is None:
            made = self._made[values] = Request(self, values)
        return made


@attrs.frozen(eq=False, repr=False)
class Request:
    """One request: a type and the values of its fields. Two equal requests are one object. Call the type to make one.

    Parameters
    ----------
    type: the request type.
    values: the value of each field, in the order of the type's fields.
    """

    type: RequestType
    values: tuple[Enum, ...]

    def __reduce__(self) -> tuple[Any, ...]:
        return RequestType._interned, (self.type, self.values)

    def __getitem__(self, name: str) -> Enum:
        for field, value in zip(self.type.fields, self.values, strict=True):
            if field.name == name:
                return value
        raise KeyError(name)

    def bindings(self) -> dict[Term, Enum]:
        """The value of each field."""
        return dict(zip(self.type.fields, self.values, strict=True))

    def as_dict(self) -> dict[str, str]:
        """The request for machines: its type's name, and each field's value in words."""
        fields = {field.name: str(value.value) for field, value in zip(self.type.fields, self.values, strict=True)}
        return {"type": self.type.name, **fields}

    def replace(self, /, **values: Enum) -> "Request":
        """The same request with these fields different."""
        return self.type(**{field.name: self[field.name] for field in self.type.fields} | values)

    def __str__(self) -> str:
        fields = ", ".join(
            f"{field.label} {value.value}"
            for field, value in zip(self.type.fields, self.values, strict=True)
            if value is not field.default
        )
        return f"{self.type.label} ({fields})" if fields else self.type.label

    def __repr__(self) -> str:
        fields = ", ".join(f"{field.name}={value}" for field, value in zip(self.type.fields, self.values, strict=True))
        return f"{self.type.name}({fields})"


def is_a(*kinds: RequestType) -> Expr:
    """Whether the request is of one of the types: a condition for claims and checks.

    >>> is_a(RequestType("Knock"), RequestType("Ring")).words()
    'the request is Knock or Ring'
    """
    return IsA(request_types(kinds))


def request_types(kinds: Iterable[RequestType]) -> tuple[RequestType, ...]:
    """The types as a tuple."""
    return all_expected(kinds, RequestType, "the request types")
