"""The implementation conformance statement: what a target supports, from the target itself or a file."""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from itertools import chain
from pathlib import Path
from typing import Any

import attrs

from properties.domain import NEUTRAL, Profile
from statemachines.files.shown import printable
from statemachines.files.toml import TomlTable, read_toml
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State, System
from statemachines.language.terms import ASPECTS, Term

NOT_LISTED = "its statement does not list it"


class Starts(Enum):
    """In which states a target can be started."""

    ANY = "any"
    INITIAL = "initial"


class Settles(Enum):
    """How a target is waited for that answers first and acts later, where that is no time."""

    POLL = "poll"
    EVENT = "event"


@attrs.frozen(eq=False)
class Statement:
    """What a target supports; everything, if it does not say.

    Parameters
    ----------
    system: the reference.
    profile: knows which requests are events, their codes, and which fields name a subject.
    name, version: of the target, for reports.
    requests: the types of requests and events that it can be sent.
    subjects: the values that a field which names a subject may have.
    lifecycles: the names of the variables whose lifecycle it has. The variable of one that it lacks stays as it starts.
    only: for a variable or field by name, the values that it knows of, where those are not all.
    observes: the aspects of a verdict that it shows: ``outcome``, ``at``, ``reason``, ``response``.
    exactly: whether every verdict shows all of these, and not only as many as it likes.
    answers_events: whether it answers events at all.
    starts: whether `reset` can put it into any state, or only into one in which the system may start.
    parallel: whether several of it can run at once.
    settle: how it comes to rest after a request: in so many seconds, or as it says itself; ``None`` if it has when it
        answers.
    reasons: for whatever it does not support, by name, why.
    protocol_lacks: why the protocol that the target speaks cannot carry a request; ``None`` if it can.
    """

    system: System
    profile: Profile = NEUTRAL
    name: str = ""
    version: str = ""
    requests: frozenset[RequestType] = attrs.field()
    subjects: frozenset[Enum] = attrs.field()
    lifecycles: frozenset[str] = attrs.field()
    only: Mapping[str, frozenset[Enum]] = attrs.field(factory=dict)
    observes: tuple[str, ...] = ASPECTS
    exactly: bool = False
    answers_events: bool = True
    starts: Starts = Starts.ANY
    parallel: bool = False
    settle: Settles | float | None = None
    reasons: Mapping[str, str] = attrs.field(factory=dict)
    protocol_lacks: Callable[[Request], str | None] = lambda _: None

    @requests.default
    def _every_request(self) -> frozenset[RequestType]:
        return frozenset(self.system.requests)

    @subjects.default
    def _every_subject(self) -> frozenset[Enum]:
        return frozenset(chain.from_iterable(_subjects(self.system, self.profile).values()))

    @lifecycles.default
    def _every_lifecycle(self) -> frozenset[str]:
        return frozenset(self.system.state_type.names)

    def why_not(self, request: Request) -> str | None:
        """Why the target cannot be sent this request or event; ``None`` if it can."""
        if request.type not in self.requests:
            return self._lacking(self.profile.in_words(request.type), request.type.name)
        for field, value in zip(request.type.fields, request.values, strict=True):
            if field.name in self.profile.subjects and value not in self.subjects:
                return self._lacking(f"the {self.profile.subject} {value.value}", str(value.value))
            if value not in self.only.get(field.name, (value,)):
                return self._lacking(f"{field.label} {value.value}", str(value.value))
        return self.protocol_lacks(request)

    def values(self, name: str) -> frozenset[Enum]:
        """The values that a variable can be changed to."""
        domain = self.system.lifecycle(name).variable.domain
        return frozenset(value for value in domain if self._why_not_value(name, value) is None)

    def why_not_start(self, state: State) -> str | None:
        """Why the target cannot be put into this state; ``None`` if it can."""
        for name, value in state.as_dict().items():
            lifecycle = self.system.lifecycle(name)
            label = lifecycle.variable.label
            if value not in lifecycle.initial and self.starts is Starts.INITIAL:
                return f"it can only be reset to an initial state, and {label} does not start as {value.value}"
            why = self._why_not_value(name, value)
            if why:
                return why
        return None

    def why_not_changes(self, changed: Mapping[str, tuple[Enum, Enum]]) -> str | None:
        """Why the target cannot follow a step that changes these variables, each from what to what."""
        for name, (_, value) in changed.items():
            why = self._why_not_value(name, value)
            if why:
                return why
        return None

    def _why_not_value(self, name: str, value: Enum) -> str | None:
        lifecycle = self.system.lifecycle(name)
        label = lifecycle.variable.label
        if name not in self.lifecycles and value not in lifecycle.initial:
            return self._lacking(f"the lifecycle of {label}", name)
        if value not in self.only.get(name, (value,)):
            return self._lacking(f"{label} {value.value}", str(value.value))
        return None

    def _lacking(self, what: str, name: str) -> str:
        return f"the target does not support {what}: {self.reasons.get(name, NOT_LISTED)}"


def read_statement(path: Path, system: System, profile: Profile = NEUTRAL) -> Statement:
    """The statement in a TOML file.

    Raises
    ------
    TomlFileError: if it cannot be read, or says something that cannot be understood.
    """
    return _statement(read_toml(path), system, profile)


def parse_statement(described: Mapping[str, Any], system: System, profile: Profile = NEUTRAL) -> Statement:
    """The statement that a target makes of itself: the same keys and values as in a file.

    Raises
    ------
    TomlFileError: if it says something that cannot be understood.

    >>> from examples.parcel_locker import system
    >>> statement = parse_statement({"name": "Ours", "not_supported": {"Wait": "comes next year"}}, system)
    >>> [kind.name for kind in system.requests if kind not in statement.requests]
    ['Wait']
    """
    return _statement(TomlTable("the target's statement", "", described), system, profile)


def _statement(table: TomlTable, system: System, profile: Profile) -> Statement:
    requests, subjects = _requests(system, profile), _subjects(system, profile)
    listed = f"{profile.subject}s"
    lifecycles = {name: name for name in system.state_type.names}
    reasons = _reasons(table, requests, {**subjects, **lifecycles})
    named = chain.from_iterable(_listed(table, listed, subjects) if subjects else ())
    observes = table.several("observes", {aspect: aspect for aspect in ASPECTS}) if "observes" in table else ()
    statement = Statement(
        system,
        profile,
        name=printable(table.optional_value("name", str) or ""),
        version=printable(table.optional_value("version", str) or ""),
        requests=_but(_listed(table, "requests", requests), reasons, lambda kind: kind.name),
        subjects=_but(named, reasons, lambda subject: str(subject.value)),
        lifecycles=_but(_listed(table, "lifecycles", lifecycles), reasons, str),
        only=_only(table, system),
        observes=tuple(aspect for aspect in ASPECTS if aspect in observes) or ASPECTS,
        exactly=bool(observes),
        answers_events=table.boolean("answers_events") if "answers_events" in table else True,
        starts=table.choice("starts", {start.value: start for start in Starts}, default=Starts.ANY.value),
        parallel=table.boolean("parallel") if "parallel" in table else False,
        settle=_settle(table),
        reasons=reasons,
    )
    table.finish()
    return statement


def _settle(table: TomlTable) -> Settles | float | None:
    if "settle" in table and table.is_text("settle"):
        return table.choice("settle", {how.value: how for how in Settles})
    return table.optional_seconds("settle")


def _requests(system: System, profile: Profile) -> dict[str, RequestType]:
    """Each type of request by its name, and by its code where the profile has one."""
    by_code = {code: kind for kind in system.requests if (code := profile.code_of(kind))}
    return by_code | {kind.name: kind for kind in system.requests}


def _subjects(system: System, profile: Profile) -> dict[str, tuple[Enum, ...]]:
    """What the fields that name a subject may say, by its words."""
    return _by_words(field for kind in system.requests for field in kind.fields if field.name in profile.subjects)


def _by_words(terms: Iterable[Term]) -> dict[str, tuple[Enum, ...]]:
    """The values of some terms by their words, which values of several enums may have."""
    values: dict[str, dict[int, Enum]] = {}
    for value in (value for term in terms for value in term.domain):
        values.setdefault(str(value.value), {})[id(value)] = value
    return {words: tuple(each.values()) for words, each in values.items()}


def _reasons(table: TomlTable, requests: Mapping[str, RequestType], others: Mapping[str, object]) -> dict[str, str]:
    """Why what is not supported is not, by the name of a request type, subject or lifecycle."""
    inner = table.optional_table("not_supported")
    reasons = {}
    for key in {**requests, **others}:
        if inner and key in inner:  # whatever else is there, finish() refuses by name
            reasons[requests[key].name if key in requests else key] = printable(inner.value(key, str))
    return reasons


def _listed(table: TomlTable, key: str, options: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a list names; all there is where there is no list."""
    return table.several(key, options) if key in table else tuple(options.values())


def _but(listed: Iterable[Any], reasons: Mapping[str, str], name: Callable[[Any], str]) -> frozenset[Any]:
    return frozenset(each for each in listed if name(each) not in reasons)


def _only(table: TomlTable, system: System) -> dict[str, frozenset[Enum]]:
    inner = table.optional_table("only")
    terms = [*(field for kind in system.requests for field in kind.fields), *system.variables]
    return {
        key: frozenset(chain.from_iterable(inner.several(key, _by_words(one for one in terms if one.name == key))))
        for key in dict.fromkeys(term.name for term in terms)
        if inner and key in inner
    }
