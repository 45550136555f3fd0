"""Reading machine files: the system and the claims that one declares, or one message of what is wrong in it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from statemachines.errors import DeclarationError, StatemachinesError
from statemachines.exports.machine import FORMAT, RELATIONS, VERSION
from statemachines.files.content import FileError
from statemachines.files.json_file import read_json
from statemachines.files.json_part import JsonPartError, Part
from statemachines.files.shown import printable
from statemachines.language.claims import Always, AlwaysPossible, Claim, Claims, Indistinguishable, LeadsTo, Sometimes
from statemachines.language.component import Constraint
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
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.named_values import enum_of
from statemachines.language.numbers import Count
from statemachines.language.requests import Field, RequestType
from statemachines.language.rules import Passage, Register, Rule, Section
from statemachines.language.system import System
from statemachines.language.terms import Observed, Term, Variable, after

T = TypeVar("T")

CLAIMS = {
    "always": ("then", "when"),
    "sometimes": ("of", ""),
    "always possible": ("goal", "when"),
    "leads to": ("when then", "given"),
    "indistinguishable": ("secret between sees observes", "apart_from"),
}
"""For each kind of claim the keys that it has, and those that it may have."""


class MachineFileError(StatemachinesError, ValueError):
    """A machine file that declares no system: one line that names the file, the key, and what was expected."""


def read_machine(path: Path) -> Claims:
    """The system and the claims that a machine file declares.

    Its enums are made anew; two files with the same enums share them.

    Parameters
    ----------
    path: of a file that `export_machine` wrote, or somebody.

    Raises
    ------
    MachineFileError: if it cannot be read, is no machine file, or declares what no system can be.
    """
    try:
        document = read_json(path)
    except FileError as error:
        raise MachineFileError(str(error)) from None
    return parse_machine(document, printable(str(path)))


def parse_machine(document: object, name: str = "the machine file") -> Claims:
    """The system and the claims of a document.

    Parameters
    ----------
    document: what the JSON says, as `json.loads` gives it.
    name: what errors call the file.

    Raises
    ------
    MachineFileError: as above.

    Examples
    --------
    >>> parse_machine({"format": "statemachines-machine", "version": 2}, "later.json")
    Traceback (most recent call last):
        ...
    statemachines.exports.machine_reader.MachineFileError: later.json: version is 2, expected 1
    """
    try:
        return _Reader(Part(document, name)).claims()
    except JsonPartError as error:
        raise MachineFileError(str(error)) from None
    except RecursionError:
        raise MachineFileError(f"{name}: a condition is nested too deep") from None


@contextmanager
def _declaring(part: Part) -> Iterator[None]:
    """Say where in the file a declaration stands that is refused."""
    try:
        yield
    except DeclarationError as error:
        raise JsonPartError(f"{part.file}: {part.path}{': ' if part.path else ''}{error}") from None


class _Reader:
    """One document being read; each step adds what later ones name."""

    def __init__(self, document: Part) -> None:
        document.key("format").one_of({FORMAT: None})
        version = document.key("version")
        if version.integer() != VERSION:
            raise version.error(str(VERSION))
        self.document = document
        self.parts = document.keys(
            "format version name rules enums variables requests lifecycles answers",
            "$schema families sources sections fields aspects gates constraints claims",
        )
        self.values: dict[str, Enum] = {}
        self.enums = self._distinct("enums", "name", self._enum)
        self.variables = self._distinct("variables", "name", self._variable)
        self.fields = self._distinct("fields", "id", self._field)
        self.aspects = self._distinct("aspects", "id", self._aspect)
        self.kinds = self._distinct("requests", "name", self._request)
        afters = {name: after(variable) for name, variable in self.variables.items()}
        self.terms: dict[str, Mapping[str, Term]] = {
            "variable": self.variables,
            "after": afters,
            "field": self.fields,
            "aspect": self.aspects,
        }

    def claims(self) -> Claims:
        """All that is declared."""
        with _declaring(self.document):
            system = System(
                self.parts["name"].text(),
                self._register(),
                lifecycles=self._each("lifecycles", self._lifecycle),
                requests=self.kinds.values(),
                gates=self._each("gates", self._gate),
                answers=self._each("answers", self._answer),
                constraints=self._each("constraints", self._constraint),
            )
            return Claims(system, self._each("claims", self._claim))

    def _each(self, key: str, read: Callable[[Part], T]) -> list[T]:
        """What is read of the parts of a list, which need not be there; an error in it says in which part."""
        made = []
        for part in self.parts[key].parts() if key in self.parts else ():
            with _declaring(part):
                made.append(read(part))
        return made

    def _distinct(self, key: str, name: str, read: Callable[[Part], T]) -> dict[str, T]:
        """The same by name, of which no two may be."""
        made: dict[str, T] = {}
        for part in self.parts[key].parts() if key in self.parts else ():
            with _declaring(part):
                known = part.key(name).text()
                if known in made:
                    raise part.key(name).error("another name, for there is one of this name before it")
                made[known] = read(part)
        return made

    def _register(self) -> Register:
        words = {name: self.parts[name].words() for name in ("families", "sources") if name in self.parts}
        return Register(self._each("rules", _rule), sections=self._each("sections", _section), **words)

    def _enum(self, part: Part) -> type[Enum]:
        keys = part.keys("name from to" if "from" in part.content else "name values")
        name = keys["name"].text()
        if "from" in keys:
            kind: type[Enum] = Count(keys["from"].integer(), keys["to"].integer())
        else:
            members = [one.keys("name words") for one in keys["values"].parts()]
            kind = enum_of(name, tuple((one["name"].text(), one["words"].text()) for one in members))
        for value in kind:
            known = f"{name}.{value.name}"
            if known in self.values:
                raise part.error(f"values that are named otherwise than those before it, and {known!r} is one of them")
            self.values[known] = value
        return kind

    def _variable(self, part: Part) -> Variable:
        return Variable(**self._term(part.keys("name values", "label enum ordered")))

    def _field(self, part: Part) -> Field:
        keys = part.keys("id name values", "label enum ordered default")
        return Field(**self._term(keys), default=self._one(keys, "default"))

    def _aspect(self, part: Part) -> Observed:
        return Observed(**self._term(part.keys("id name values", "label enum ordered")))

    def _term(self, keys: dict[str, Part]) -> dict[str, Any]:
        return {
            "name": keys["name"].text(),
            "kind": keys["enum"].one_of(self.enums) if "enum" in keys else Enum,
            "among": keys["values"].some_of(self.values),
            "ordered": "ordered" in keys and keys["ordered"].flag(),
            **({"label": keys["label"].text()} if "label" in keys else {}),
        }

    def _request(self, part: Part) -> RequestType:
        keys = part.keys("name", "label fields")
        label = {"label": keys["label"].text()} if "label" in keys else {}
        return RequestType(keys["name"].text(), _some(keys, "fields", self.fields), **label)

    def _lifecycle(self, part: Part) -> Lifecycle:
        keys = part.keys("variable initial", "title final transitions")
        more: dict[str, Any] = {"title": keys["title"].text()} if "title" in keys else {}
        if "final" in keys:
            more["final"] = keys["final"].some_of(self.values)
        moves = [self._transition(one) for one in keys["transitions"].parts()] if "transitions" in keys else []
        initial = keys["initial"].some_of(self.values)
        return Lifecycle(keys["variable"].one_of(self.variables), initial, moves, **more)

    def _transition(self, part: Part) -> Transition:
        keys = part.keys("from on to rules", "when even_if_refused")
        return Transition(
            keys["from"].some_of(self.values),
            keys["on"].one_of(self.kinds),
            keys["to"].one_of(self.values),
            when=self._when(keys),
            rules=keys["rules"].texts(),
            even_if_refused="even_if_refused" in keys and keys["even_if_refused"].flag(),
        )

    def _gate(self, part: Part) -> Gate:
        keys = part.keys("party on checks", "when order party_order")
        return Gate(
            keys["party"].one_of(self.values),
            [self._check(one) for one in keys["checks"].parts()],
            on=keys["on"].some_of(self.kinds),
            when=self._when(keys),
            order=_texts(keys, "order"),
            party_order=_texts(keys, "party_order"),
        )

    def _check(self, part: Part) -> Check:
        keys = part.keys("label fails_when outcome reason rules", "on unspecified")
        return Check(
            keys["label"].text(),
            fails_when=self._condition(keys["fails_when"]),
            outcome=keys["outcome"].one_of(self.values),
            reason=keys["reason"].one_of(self.values),
            rules=keys["rules"].texts(),
            on=_some(keys, "on", self.kinds),
            unspecified=_texts(keys, "unspecified"),
        )

    def _answer(self, part: Part) -> Answer:
        keys = part.keys("outcome reason rules", "on when response at unspecified")
        return Answer(
            _some(keys, "on", self.kinds),
            outcome=keys["outcome"].one_of(self.values),
            reason=keys["reason"].one_of(self.values),
            response=self._one(keys, "response"),
            at=self._one(keys, "at"),
            when=self._when(keys),
            rules=keys["rules"].texts(),
            unspecified=_texts(keys, "unspecified"),
        )

    def _constraint(self, part: Part) -> Constraint:
        keys = part.keys("label when then rules")
        when, then = self._condition(keys["when"]), self._condition(keys["then"])
        return Constraint(keys["label"].text(), when=when, then=then, rules=keys["rules"].texts())

    def _claim(self, part: Part) -> Claim:
        kind = part.key("kind").text()
        needed, optional = part.key("kind").one_of(CLAIMS)
        keys = part.keys(f"name kind rules {needed}", optional)
        name, rules = keys["name"].text(), keys["rules"].texts()
        conditions = {key: self._condition(keys[key]) for key in ("when", "then", "of", "goal", "sees") if key in keys}
        match kind:
            case "always":
                return Always(name, **conditions, rules=rules)
            case "sometimes":
                return Sometimes(name, **conditions, rules=rules)
            case "always possible":
                return AlwaysPossible(name, **conditions, rules=rules)
            case "leads to":
                given = [self._condition(one) for one in keys["given"].parts()] if "given" in keys else []
                return LeadsTo(name, **conditions, given=given, rules=rules)
        return Indistinguishable(
            name,
            secret=keys["secret"].one_of(self.variables),
            between=keys["between"].some_of(self.values),
            observes=keys["observes"].some_of(self.aspects),
            apart_from=_some(keys, "apart_from", self.variables),
            rules=rules,
            **conditions,
        )

    def _when(self, keys: dict[str, Part]) -> Expr:
        return self._condition(keys["when"]) if "when" in keys else TRUE

    def _one(self, keys: dict[str, Part], key: str) -> Enum | None:
        return keys[key].one_of(self.values) if key in keys else None

    def _condition(self, part: Part) -> Expr:  # noqa: PLR0911  # one return for each kind of expression
        """The condition as it stands, so that a file read and written again is the same; the trivial is folded."""
        if isinstance(part.content, bool):
            return TRUE if part.content else FALSE
        match part.content:
            case {"term": _}:
                keys = part.keys("term in")
                term = self._read(keys["term"])
                with _declaring(part):
                    return among(term, frozenset(map(term.checked, keys["in"].some_of(self.values))))
            case {"compare": _}:
                return self._comparison(part)
            case {"request": _}:
                return IsA(part.keys("request")["request"].some_of(self.kinds))
            case {"reached": _}:
                return Reached(part.keys("reached")["reached"].one_of(self.values))
            case {"not": _}:
                return negation(self._condition(part.keys("not")["not"]))
            case {"all": _}:
                return _all([self._condition(one) for one in part.keys("all")["all"].parts()])
        raise part.error(
            'a condition: true, false, or an object with "term", "compare", "request", "reached", "all" or "not"'
        )

    def _comparison(self, part: Part) -> Expr:
        keys = part.keys("compare relation", "plus")
        relations = {words: relation for relation, words in RELATIONS.items()}
        relation, by = keys["relation"].one_of(relations), keys["plus"].integer() if "plus" in keys else 0
        terms = [self._read(one) for one in keys["compare"].parts()]
        if len(terms) != 2:
            raise keys["compare"].error("two terms")
        left, right = terms
        if left.kind is not right.kind and not (left.counts and right.counts):
            raise part.error(f"two terms of one enum, and {left.label!r} and {right.label!r} are of two")
        if relation is not Relation.EQUAL and not (left.ordered and right.ordered):
            raise part.error(f"terms with an order, which {left.label!r} and {right.label!r} do not both have")
        if by and not left.counts:
            raise part.error(f"a number where something is added, and {left.label!r} is none")
        return compared(left, relation, right, by)

    def _read(self, part: Part) -> Term:
        for kind, known in self.terms.items():
            if isinstance(part.content, dict) and kind in part.content:
                return part.keys(kind)[kind].one_of(known)
        raise part.error('a term: an object with "variable", "after", "field" or "aspect"')


def _rule(part: Part) -> Rule:
    keys = part.keys("id statement source", "assumption not_modelled")
    return Rule(**{name: one.text() for name, one in keys.items()})


def _section(part: Part) -> Section:
    keys = part.keys("source number title passages")
    return Section(
        keys["source"].text(), keys["number"].text(), keys["title"].text(), map(_passage, keys["passages"].parts())
    )


def _passage(part: Part) -> Passage:
    keys = part.keys("says", "rules not_modelled")
    reason = keys["not_modelled"].text() if "not_modelled" in keys else ""
    return Passage(keys["says"].text(), _texts(keys, "rules"), not_modelled=reason)


def _all(parts: list[Expr]) -> Expr:
    """All of the parts: flattened and without constants, and otherwise as they stand."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, All) else (part,)) if one is not TRUE]
    if any(one is FALSE for one in flat):
        return FALSE
    return All(tuple(flat)) if len(flat) > 1 else flat[0] if flat else TRUE


def _some(keys: dict[str, Part], key: str, known: Mapping[str, T]) -> tuple[T, ...]:
    return keys[key].some_of(known) if key in keys else ()


def _texts(keys: dict[str, Part], key: str) -> tuple[str, ...]:
    return keys[key].texts() if key in keys else ()
