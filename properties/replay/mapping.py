"""The mapping of a log: what its columns and words mean."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from enum import Enum
from functools import cached_property
from itertools import chain, product
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from properties.conformance.observation import NOTHING, words_of
from properties.replay.events import SeenRequest
from statemachines.files.nearest import expected_words
from statemachines.files.toml import TomlTable, read_toml
from statemachines.language.requests import Field, Request, RequestType
from statemachines.language.system import System
from statemachines.language.terms import ASPECTS

Words = tuple[str | None, ...]
"""What an entry has in the mapped columns of its event; ``None`` where it has nothing."""
Values = tuple[Enum | None, ...]
"""What a word stands for: one value, or several that it leaves open; ``None`` is no response."""


@attrs.frozen(eq=False)
class LogMapping:
    """Which column of a log is what.

    Parameters
    ----------
    system: the declarations.
    case: the column that says whose entry it is.
    request: the column with the request's type.
    time: the column with the time; without one, the order of the file counts.
    time_format: how times are written, if neither in ISO 8601 nor as seconds since 1970.
    time_zone: whose clocks show times that name no offset.
    identity: the column with what only a repeated entry has again.
    by: the columns by which deviations are counted.
    event: the columns of the event, in order: the request, fields, aspects of the verdict, variables.
    unknown_start: whether cases may begin in any state.
    hidden: the requests that may happen without an entry.
    tolerance: within how many microseconds two entries of a case may have come in either order.
    """

    system: System
    case: str
    request: str
    time: str | None
    time_format: str | None
    time_zone: tzinfo
    identity: str | None
    by: tuple[str, ...]
    unknown_start: bool
    hidden: tuple[Request, ...]
    tolerance: int
    _types: Mapping[str, RequestType]
    _fields: Mapping[str, str]
    _aspects: Mapping[str, str]
    _variables: Mapping[str, str]
    _values: Mapping[str, Mapping[str, Values]]

    @property
    def event(self) -> tuple[str, ...]:
        """The columns of the event."""
        return (self.request, *self._fields.values(), *self._aspects.values(), *self._variables.values())

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read, each once."""
        others = [column for column in (self.case, self.time, self.identity) if column is not None]
        return tuple(dict.fromkeys([*others, *self.by, *self.event]))

    def record(self, case: str, request: Mapping[str, str], verdict: Mapping[str, str | None]) -> Words:
        """What a log with these columns would have in an entry.

        Parameters
        ----------
        request: its ``type``, and its fields; one that is left out is open.
        verdict: the aspects that are shown; ``None`` is no response.
        """
        given = {self.case: case, self.request: request.get("type")}
        given |= {self._fields[name]: word for name, word in request.items() if name in self._fields}
        given |= {
            self._aspects[name]: NOTHING if word is None else word
            for name, word in verdict.items()
            if name in self._aspects
        }
        return tuple(given.get(column) for column in self.columns)

    def with_words(self, more: Mapping[str, Mapping[str, Values]]) -> "LogMapping":
        """The same mapping, with further words for values of fields, aspects or variables."""
        values = {name: {**words, **more.get(name, {})} for name, words in self._values.items()}
        return attrs.evolve(self, values=values)

    def seen(self, words: Words) -> tuple[SeenRequest, tuple[str, ...]]:
        """What an entry with these words has, and in words what of it is not known.

        What is not known is left open: the request may be any that fits, the verdict and the state are not compared.
        """
        unknown: list[str] = []
        given = dict(zip(self.event, words, strict=True))
        requests = tuple(self._requests(given, unknown))
        aspects = list(self._known(given, self._aspects, self._of_aspects, unknown))
        variables = self._known(given, self._variables, self._of_variables, unknown)
        after = [(name, values) for name, values in variables if len(values) == 1]
        return SeenRequest(
            requests,
            tuple((name, values[0]) for name, values in aspects if len(values) == 1),
            tuple((name, value) for name, (value,) in after if value is not None),
            tuple((name, frozenset(values)) for name, values in aspects if len(values) > 1),
        ), tuple(unknown)

    def start(self, words: Mapping[str, str | None]) -> tuple[dict[str, tuple[Enum, ...]], tuple[str, ...]]:
        """The values that a row of an inventory gives, by variable, and what of it is not known."""
        unknown: list[str] = []
        values: dict[str, tuple[Enum, ...]] = {}
        for variable in self.system.variables:
            word = words.get(variable.name)
            if word is not None:
                known = tuple(value for value in self._values[variable.name].get(word, ()) if variable.admits(value))
                if known:
                    values[variable.name] = known
                else:
                    unknown.append(f"{variable.name} is {word!r}")
        return values, tuple(unknown)

    def _requests(self, given: Mapping[str, str | None], unknown: list[str]) -> Iterator[Request]:
        word = given[self.request]
        kind = None if word is None else self._types.get(word)
        if kind is None:
            unknown.append("no request" if word is None else f"the request is {word!r}")
            yield from self.system.all_requests()
            return
        known: dict[Field, tuple[Enum, ...]] = {}
        for field in kind.fields:
            there = given.get(self._fields[field.name])
            values = (field.default,) if there is None else self._values[field.name].get(there, ())
            known[field] = tuple(value for value in values if field.admits(value))
            if not known[field]:
                unknown.append(f"{field.name} is " + ("missing" if there is None else repr(there)))
                known[field] = tuple(field.values)
        for values in product(*known.values()):
            yield kind(**{field.name: value for field, value in zip(known, values, strict=True)})

    @cached_property
    def _of_aspects(self) -> Mapping[str, Values]:
        """The values that each aspect of a verdict can have."""
        return {aspect: (*words.values(), None) for aspect, words in words_of(self.system).items()}

    @cached_property
    def _of_variables(self) -> Mapping[str, Values]:
        return {variable.name: variable.domain for variable in self.system.variables}

    def _known(
        self,
        given: Mapping[str, str | None],
        columns: Mapping[str, str],
        domains: Mapping[str, Values],
        unknown: list[str],
    ) -> Iterator[tuple[str, Values]]:
        """What words stand for, of the values that each name has here: a field may have the name of a variable."""
        for name, column in columns.items():
            word = given[column]
            if word is None:
                continue
            values = self._values[name].get(word, ())
            if own := tuple(value for value in values if any(value is one for one in domains[name])):
                yield name, own
            else:
                unknown.append(f"{name} is {word!r}")


def read_mapping(path: Path, system: System) -> LogMapping:
    """The mapping that a TOML file declares.

    Raises
    ------
    TomlFileError: naming the key, the value and what is expected.
    """
    root = read_toml(path)
    return _mapping(root, system)


def default_mapping(system: System) -> LogMapping:
    """The mapping of a log whose columns are called as the declarations call them."""
    return _mapping(TomlTable("the mapping", "", {}), system)


def _mapping(root: TomlTable, system: System) -> LogMapping:
    kinds = {kind.name: kind for kind in system.requests}
    types = {**{kind.label: kind for kind in system.requests}, **kinds}
    types |= _renamed(root, "requests", types)
    fields = {field.name: field for kind in system.requests for field in kind.fields}
    domains: dict[str, dict[str, Values]] = {}
    for term in (*(field for kind in system.requests for field in kind.fields), *system.variables):
        _add(domains.setdefault(term.name, {}), _words(term.domain))
    for aspect, words in words_of(system).items():
        own: dict[str, Values] = {}
        for value in words.values():
            _add(own, {value.name: (value,)})
        _add(domains.setdefault(aspect, {}), {**own, **{word: (value,) for word, value in words.items()}})
    _add(domains.setdefault("response", {}), {NOTHING: (None,)})
    if (tables := root.optional_table("words")) is not None:
        for name in tables.names():
            if name not in domains:
                raise tables.error(name, name, f"a field, a variable or one of {', '.join(ASPECTS)}")
            inner = tables.table(name)
            known = dict(domains[name])
            for word in inner.names():
                values = chain.from_iterable(inner.one_or_several(word, known))
                domains[name][word] = _each_once(values)
    hidden_kinds = root.several("hidden", types) if "hidden" in root else ()
    tolerance = root.optional_seconds("tolerance_seconds")
    mapping = LogMapping(
        system=system,
        case=root.optional_value("case", str) or "case",
        request=root.optional_value("request", str) or "request",
        time=root.optional_value("time", str),
        time_format=root.optional_value("time_format", str),
        time_zone=_time_zone(root),
        identity=root.optional_value("id", str),
        by=root.strings("by"),
        unknown_start=root.choice("start", {"initial": False, "unknown": True}, default="initial"),
        hidden=tuple(request for kind in hidden_kinds for request in kind.requests()),
        tolerance=round((tolerance or 0) * 1_000_000),
        types=types,
        fields=_columns(root, "fields", fields, {name: name for name in fields}),
        aspects=_columns(root, "verdict", ASPECTS, {aspect: aspect for aspect in ASPECTS}),
        variables=_columns(root, "state", [variable.name for variable in system.variables], {}),
        values=domains,
    )
    root.finish()
    return mapping


def _time_zone(root: TomlTable) -> tzinfo:
    name = root.optional_value("time_zone", str)
    if name is None:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise root.error("time_zone", name, "the name of a time zone, such as Europe/London") from None


def _words(domain: Sequence[Enum]) -> dict[str, Values]:
    """Each value by its name and by its words."""
    return {**{value.name: (value,) for value in domain}, **{str(value.value): (value,) for value in domain}}


def _add(words: dict[str, Values], more: Mapping[str, Values]) -> None:
    """Add words, each with all that it stands for: fields, variables and aspects may share a name, and words."""
    for word, values in more.items():
        words[word] = _each_once((*words.get(word, ()), *values))


def _each_once(values: Iterable[Enum | None]) -> Values:
    """The values, each once; those of two enums may compare equal."""
    return tuple({id(value): value for value in values}.values())


def _renamed(root: TomlTable, key: str, options: Mapping[str, RequestType]) -> dict[str, RequestType]:
    table = root.optional_table(key)
    return {} if table is None else {word: table.choice(word, options) for word in table.names()}


def _columns(
    root: TomlTable, key: str, known: Mapping[str, object] | Sequence[str], usual: dict[str, str]
) -> dict[str, str]:
    table = root.optional_table(key)
    if table is None:
        return usual
    for name in table.names():
        if name not in known:
            raise table.error(name, name, f"one of: {expected_words(name, known)}")
    return {**(usual if key == "fields" else {}), **{name: table.value(name, str) for name in table.names()}}
