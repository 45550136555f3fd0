"""Reading conditions as machine files write them, in the names of a document or of a system."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from functools import lru_cache

from statemachines.errors import DeclarationError
from statemachines.exports.machine import RELATIONS, names_of
from statemachines.files.json_part import JsonPart, JsonPartError
from statemachines.language.expression import (
    FALSE,
    TRUE,
    All,
    Expr,
    IsA,
    Reached,
    Relation,
    among,
    compared,
    negation,
)
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.language.terms import Term, after


@contextmanager
def declaring(part: JsonPart) -> Iterator[None]:
    """Say where in the file a declaration stands that is refused."""
    try:
        yield
    except DeclarationError as error:
        raise JsonPartError(f"{part.file}: {part.path}{': ' if part.path else ''}{error}") from None


class ConditionReader:
    """Reads conditions.

    Parameters
    ----------
    values, kinds, terms: what names stand for; terms by whether a condition says ``variable``, ``after``, ``field`` or
        ``aspect``.
    """

    values: Mapping[str, Enum]
    kinds: Mapping[str, RequestType]
    terms: Mapping[str, Mapping[str, Term]]

    def condition(self, part: JsonPart) -> Expr:  # noqa: PLR0911  # one return for each kind of expression
        """The condition as it stands, so that a file read and written again is the same; the trivial is folded."""
        if isinstance(part.content, bool):
            return TRUE if part.content else FALSE
        match part.content:
            case {"term": _}:
                keys = part.keys("term in")
                term = self._read(keys["term"])
                with declaring(part):
                    return among(term, frozenset(map(term.checked, keys["in"].some_of(self.values))))
            case {"compare": _}:
                return self._comparison(part)
            case {"request": _}:
                return IsA(part.keys("request")["request"].some_of(self.kinds))
            case {"reached": _}:
                return Reached(part.keys("reached")["reached"].one_of(self.values))
            case {"not": _}:
                return negation(self.condition(part.keys("not")["not"]))
            case {"all": _}:
                return _all([self.condition(one) for one in part.keys("all")["all"].parts()])
        raise part.error(
            'a condition: true, false, or an object with "term", "compare", "request", "reached", "all" or "not"'
        )

    def _comparison(self, part: JsonPart) -> Expr:
        keys = part.keys("compare relation", "plus")
        relations = {words: relation for relation, words in RELATIONS.items()}
        relation, by = keys["relation"].one_of(relations), keys["plus"].integer() if "plus" in keys else 0
        terms = [self._read(one) for one in keys["compare"].parts()]
        if len(terms) != 2:
            raise keys["compare"].error("two terms")
        left, right = terms
        if left.kind is not right.kind and not (left.counts and right.counts):
            raise part.error(f"two terms of one enum, and {left.label!r} and {right.label!r} are of two")
        if not left.ranks_as(right):
            raise part.error(f"two terms of the same values in one order, and {left.label!r} has others")
        if relation is not Relation.EQUAL and not (left.ordered and right.ordered):
            raise part.error(f"terms with an order, which {left.label!r} and {right.label!r} do not both have")
        if by and not left.counts:
            raise part.error(f"a number where something is added, and {left.label!r} is none")
        return compared(left, relation, right, by)

    def _read(self, part: JsonPart) -> Term:
        for kind, known in self.terms.items():
            if isinstance(part.content, dict) and kind in part.content:
                return part.keys(kind)[kind].one_of(known)
        raise part.error('a term: an object with "variable", "after", "field" or "aspect"')


class _OfSystem(ConditionReader):
    def __init__(self, system: System) -> None:
        names = names_of(system)
        self.values = names.values
        self.kinds = {kind.name: kind for kind in system.requests}
        self.terms = {
            "variable": {variable.name: variable for variable in system.variables},
            "after": {variable.name: after(variable) for variable in system.variables},
            "field": names.fields,
            "aspect": names.aspects,
        }


def _all(parts: list[Expr]) -> Expr:
    """All of the parts: flattened and without constants, and otherwise as they stand."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, All) else (part,)) if one is not TRUE]
    if any(one is FALSE for one in flat):
        return FALSE
    return All(tuple(flat)) if len(flat) > 1 else flat[0] if flat else TRUE


@lru_cache(maxsize=8)
def reader_of(system: System) -> ConditionReader:
    """Reads conditions in the names of a system's machine file."""
    return _OfSystem(system)


def parse_condition(document: object, system: System, name: str = "the condition") -> Expr:
    """A condition on steps of a system, in the names of its machine file.

    Parameters
    ----------
    document: what the JSON says, as `json.loads` gives it.
    name: what errors call it.

    Raises
    ------
    JsonPartError: for what is no condition, or names what the system does not have.

    Examples
    --------
    >>> from examples.parcel_locker import system
    >>> parse_condition({"term": {"after": "box"}, "in": ["Box.FULL"]}, system).words()
    'box afterwards is holds a parcel'
    >>> parse_condition({"term": {"after": "door"}, "in": []}, system)
    Traceback (most recent call last):
        ...
    statemachines.files.json_part.JsonPartError: the condition: term.after is "door", expected one of: "box"
    """
    try:
        return reader_of(system).condition(JsonPart(document, name))
    except RecursionError:
        raise JsonPartError(f"{name} is nested too deep") from None
