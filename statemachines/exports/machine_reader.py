"""Reading machine files: the declared system and claims, or one message that says what is wrong."""

from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from statemachines.errors import StatemachinesError
from statemachines.exports.machine import FORMAT, VERSION
from statemachines.exports.machine_conditions import ConditionReader, declaring
from statemachines.files.content import FileError
from statemachines.files.json_file import read_json
from statemachines.files.json_part import JsonPart, JsonPartError
from statemachines.files.shown import printable
from statemachines.language.claims import Always, AlwaysPossible, Claim, Claims, Indistinguishable, LeadsTo, Sometimes
from statemachines.language.component import Constraint
from statemachines.language.expression import (
    TRUE,
    Expr,
)
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.named_values import enum_of
from statemachines.language.numbers import Count
from statemachines.language.requests import Field, RequestType
from statemachines.language.rules import Passage, Register, Rule, Section
from statemachines.language.system import System
from statemachines.language.terms import Observed, Variable, after

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
        return _Reader(JsonPart(document, name)).claims()
    except JsonPartError as error:
        raise MachineFileError(str(error)) from None
    except RecursionError:
        raise MachineFileError(f"{name}: a condition is nested too deep") from None


class _Reader(ConditionReader):
    """One document being read; each step adds what later ones name."""

    def __init__(self, document: JsonPart) -> None:
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
        self.terms = {"variable": self.variables, "after": afters, "field": self.fields, "aspect": self.aspects}

    def claims(self) -> Claims:
        """All that is declared."""
        with declaring(self.document):
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

    def _each(self, key: str, read: Callable[[JsonPart], T]) -> list[T]:
        """What is read of the parts of a list, which need not be there; an error in it says in which part."""
        made = []
        for part in self.parts[key].parts() if key in self.parts else ():
            with declaring(part):
                made.append(read(part))
        return made

    def _distinct(self, key: str, name: str, read: Callable[[JsonPart], T]) -> dict[str, T]:
        """The same by name, of which no two may be."""
        made: dict[str, T] = {}
        for part in self.parts[key].parts() if key in self.parts else ():
            with declaring(part):
                known = part.key(name).text()
                if known in made:
                    raise part.key(name).error("another name, for there is one of this name before it")
                made[known] = read(part)
        return made

    def _register(self) -> Register:
        words = {name: self.parts[name].words() for name in ("families", "sources") if name in self.parts}
        return Register(self._each("rules", _rule), sections=self._each("sections", _section), **words)

    def _enum(self, part: JsonPart) -> type[Enum]:
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

    def _variable(self, part: JsonPart) -> Variable:
        return Variable(**self._term(part.keys("name values", "label enum ordered")))

    def _field(self, part: JsonPart) -> Field:
        keys = part.keys("id name values", "label enum ordered default")
        return Field(**self._term(keys), default=self._one(keys, "default"))

    def _aspect(self, part: JsonPart) -> Observed:
        return Observed(**self._term(part.keys("id name values", "label enum ordered")))

    def _term(self, keys: dict[str, JsonPart]) -> dict[str, Any]:
        return {
            "name": keys["name"].text(),
            "kind": keys["enum"].one_of(self.enums) if "enum" in keys else Enum,
            "among": keys["values"].some_of(self.values),
            "ordered": "ordered" in keys and keys["ordered"].flag(),
            **({"label": keys["label"].text()} if "label" in keys else {}),
        }

    def _request(self, part: JsonPart) -> RequestType:
        keys = part.keys("name", "label fields")
        label = {"label": keys["label"].text()} if "label" in keys else {}
        return RequestType(keys["name"].text(), _some(keys, "fields", self.fields), **label)

    def _lifecycle(self, part: JsonPart) -> Lifecycle:
        keys = part.keys("variable initial", "title final transitions")
        more: dict[str, Any] = {"title": keys["title"].text()} if "title" in keys else {}
        if "final" in keys:
            more["final"] = keys["final"].some_of(self.values)
        moves = [self._transition(one) for one in keys["transitions"].parts()] if "transitions" in keys else []
        initial = keys["initial"].some_of(self.values)
        return Lifecycle(keys["variable"].one_of(self.variables), initial, moves, **more)

    def _transition(self, part: JsonPart) -> Transition:
        keys = part.keys("from on to rules", "when even_if_refused")
        return Transition(
            keys["from"].some_of(self.values),
            keys["on"].one_of(self.kinds),
            keys["to"].one_of(self.values),
            when=self._when(keys),
            rules=keys["rules"].texts(),
            even_if_refused="even_if_refused" in keys and keys["even_if_refused"].flag(),
        )

    def _gate(self, part: JsonPart) -> Gate:
        keys = part.keys("party on checks", "when order party_order")
        return Gate(
            keys["party"].one_of(self.values),
            [self._check(one) for one in keys["checks"].parts()],
            on=keys["on"].some_of(self.kinds),
            when=self._when(keys),
            order=_texts(keys, "order"),
            party_order=_texts(keys, "party_order"),
        )

    def _check(self, part: JsonPart) -> Check:
        keys = part.keys("label fails_when outcome reason rules", "on unspecified")
        return Check(
            keys["label"].text(),
            fails_when=self.condition(keys["fails_when"]),
            outcome=keys["outcome"].one_of(self.values),
            reason=keys["reason"].one_of(self.values),
            rules=keys["rules"].texts(),
            on=_some(keys, "on", self.kinds),
            unspecified=_texts(keys, "unspecified"),
        )

    def _answer(self, part: JsonPart) -> Answer:
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

    def _constraint(self, part: JsonPart) -> Constraint:
        keys = part.keys("label when then rules")
        when, then = self.condition(keys["when"]), self.condition(keys["then"])
        return Constraint(keys["label"].text(), when=when, then=then, rules=keys["rules"].texts())

    def _claim(self, part: JsonPart) -> Claim:
        kind = part.key("kind").text()
        needed, optional = part.key("kind").one_of(CLAIMS)
        keys = part.keys(f"name kind rules {needed}", optional)
        name, rules = keys["name"].text(), keys["rules"].texts()
        conditions = {key: self.condition(keys[key]) for key in ("when", "then", "of", "goal", "sees") if key in keys}
        match kind:
            case "always":
                return Always(name, **conditions, rules=rules)
            case "sometimes":
                return Sometimes(name, **conditions, rules=rules)
            case "always possible":
                return AlwaysPossible(name, **conditions, rules=rules)
            case "leads to":
                given = [self.condition(one) for one in keys["given"].parts()] if "given" in keys else []
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

    def _when(self, keys: dict[str, JsonPart]) -> Expr:
        return self.condition(keys["when"]) if "when" in keys else TRUE

    def _one(self, keys: dict[str, JsonPart], key: str) -> Enum | None:
        return keys[key].one_of(self.values) if key in keys else None


def _rule(part: JsonPart) -> Rule:
    keys = part.keys("id statement source", "assumption not_modelled decides")
    decides = _texts(keys, "decides")
    return Rule(**{name: one.text() for name, one in keys.items() if name != "decides"}, decides=decides)


def _section(part: JsonPart) -> Section:
    keys = part.keys("source number title passages")
    return Section(
        keys["source"].text(), keys["number"].text(), keys["title"].text(), map(_passage, keys["passages"].parts())
    )


def _passage(part: JsonPart) -> Passage:
    keys = part.keys("says", "rules not_modelled")
    reason = keys["not_modelled"].text() if "not_modelled" in keys else ""
    return Passage(keys["says"].text(), _texts(keys, "rules"), not_modelled=reason)


def _some(keys: dict[str, JsonPart], key: str, known: Mapping[str, T]) -> tuple[T, ...]:
    return keys[key].some_of(known) if key in keys else ()


def _texts(keys: dict[str, JsonPart], key: str) -> tuple[str, ...]:
    return keys[key].texts() if key in keys else ()
