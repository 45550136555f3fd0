"""Profiles: what a domain lends the machinery, in one value for the command line and the pytest plugin.

The machinery imports no domain. A domain's profile names what has to be imported as ``module:attribute``, and it is
imported when it is used, so that ``--help`` stays fast. For the same reason these are named tuples: attrs takes
30 ms to load.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from enum import Enum
    from pathlib import Path

    from properties.replay.judging import Reader
    from properties.replay.mapping import LogMapping
    from statemachines.drawing.draw import Illustration
    from statemachines.drawing.picture import Wording
    from statemachines.language.requests import RequestType
    from statemachines.language.system import State, System
    from statemachines.semantics.trace import Trace

ENTRY_POINTS = "statemachines.profiles"
"""The group of entry points under which a distribution registers its profiles, each by its command's name."""


def named(name: str) -> Any:
    """The object that ``module:attribute`` names.

    >>> named("properties.domain:NEUTRAL").command
    'statemachines'
    """
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


class Command(NamedTuple):
    """A command that only one domain has: ``module:attribute`` of a `click.Command`, and its line in ``--help``."""

    implementation: str
    help: str


class Exporter(NamedTuple):
    """A wire format of a domain's own, in which runs can be written.

    Parameters
    ----------
    label: what the files hold, in words: ``"orders as XML"``.
    suffix: how the name of a file ends that holds one request in this format.
    fits: whether a system has this format.
    files: the files of a run of such a system: their names, and what is in them.
    """

    label: str
    suffix: str
    fits: "Callable[[System], bool]"
    files: "Callable[[Trace], Iterator[tuple[str, bytes]]]"


class LogFormat(NamedTuple):
    """A format of a domain's own, in which logs are written.

    Parameters
    ----------
    suffix: how the names of its files end.
    opened: from the mapping, the inventory (``None`` if none is given) and a dictionary in which it enters what is
        known of cases before their first entry, the mapping of what is read, and what reads it.
    """

    suffix: str
    opened: "Callable[[LogMapping, Path | None, dict[str, Mapping[str, tuple[Enum, ...]]]], tuple[LogMapping, Reader]]"


class Profile(NamedTuple):
    """What a domain lends the machinery; what is left out is neutral.

    Parameters
    ----------
    command: the name of its command.
    title: what the command is for, in one sentence.
    claims: the SPEC of the `Claims` that commands take where none is given; ``""`` if one must be given.
    traced: the SPECs of the claims that are traced together, and the directory with the pictures of each.
    packages: the packages whose SPECs belong to this domain.
    suites: for the SPEC of claims, the file with the suite that was computed of them beforehand: ``"package:file"``.
    schemes: for the scheme of an address (``"http"``), the ``module:function`` that opens a target there; it is given
        the address, `Limits`, the function that makes the `VerdictReader` of its statement, and its `Access`.
    exporters: for the name of a wire format, the ``module:attribute`` of its `Exporter`.
    logs: for the name of a format of logs, the ``module:attribute`` of its `LogFormat`.
    requests: ``module:attribute`` of the request types that someone sends; all others are events, which happen.
        ``""`` if none is an event.
    sender: the name of the field that says who sends a request.
    standings: the names of the variables that say who is what: a sender is described by those that it is the value of.
    subjects: the names of the fields that say whom a request or event concerns.
    subject: what such a one is called, in the singular.
    classes: ``module:attribute`` of a function from a state to the class of systems that the state is one of, in words,
        by which sequences are sorted; ``""`` if there are no such classes.
    conformance: by name, the classes of conformance: the rules that an implementation of a part of the domain has to
        keep, each a family of rules or the id of one.
    codes: ``module:attribute`` of a mapping from request types to the codes that the domain knows them by.
    code: what such a code is called.
    wording: ``module:attribute`` of the `Wording` of pictures; ``""`` for the words of the declarations.
    illustrations: for the SPEC of claims, ``module:attribute`` of a function that makes further `Illustration`s.
    situations: ``module:attribute`` of a function from a system of the domain to the states that people know by a name;
        ``""`` if there are none.
    changes: ``module:attribute`` of a function from a system of the domain to what people ask about as if it were one
        thing (another release, another cohort): by what they call it, the values of the variables; ``""`` if there
        is nothing of the kind.
    course: ``module:attribute`` of a function from a system of the domain and a verdict to what becomes of the request:
        the values of the variables that this begins with, and the events that then happen; `None` of a verdict on what
        has no course. ``""`` if no lifecycle tells it.
    service: ``module:attribute`` of a function that makes what the service answers besides, of its claims and of the
        file of ``--behaviour`` or ``None``; it makes ``None`` of claims that it knows nothing of. ``""`` for nothing.
    explorer: ``module:attribute`` of a function that gives a script for the explorer's page, by which it reads more;
        ``""`` if there is none.
    commands: the commands that no other domain has.
    examples: for the name of a command (or ``""`` for the whole), the examples that its ``--help`` shows in place of
        the neutral ones.
    """

    command: str
    title: str
    claims: str = ""
    traced: Mapping[str, str] = MappingProxyType({})
    packages: tuple[str, ...] = ()
    suites: Mapping[str, str] = MappingProxyType({})
    schemes: Mapping[str, str] = MappingProxyType(
        dict.fromkeys(("http", "https"), "properties.conformance.targets.http:HttpTarget")
    )
    exporters: Mapping[str, str] = MappingProxyType({})
    logs: Mapping[str, str] = MappingProxyType({})
    requests: str = ""
    sender: str = "sender"
    standings: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    subject: str = "subject"
    classes: str = ""
    conformance: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    codes: str = ""
    code: str = "code"
    wording: str = ""
    illustrations: Mapping[str, str] = MappingProxyType({})
    situations: str = ""
    changes: str = ""
    course: str = ""
    service: str = ""
    explorer: str = ""
    commands: Mapping[str, Command] = MappingProxyType({})
    examples: Mapping[str, str] = MappingProxyType({})

    def is_event(self, kind: "RequestType") -> bool:
        """Whether requests of this type happen, and nobody sends them."""
        return bool(self.requests) and kind not in named(self.requests)

    def code_of(self, kind: "RequestType") -> str:
        """The code that the domain knows this type by; ``""`` if it has none."""
        return str(named(self.codes).get(kind, "")) if self.codes else ""

    def class_of(self, state: "State") -> str:
        """The class of systems that a state is one of; ``""`` if there is none."""
        return str(named(self.classes)(state)) if self.classes else ""

    def rules_of(self, conformance: str, rules: "Iterable[str]") -> tuple[str, ...]:
        """Those of the rules that a class of conformance has; `KeyError` if there is no such class."""
        parts = self.conformance[conformance]
        return tuple(rule for rule in rules if rule in parts or rule.rpartition("-")[0] in parts)

    def in_words(self, kind: "RequestType") -> str:
        """A type of request for people: its label, and its code where the label lacks it."""
        code = self.code_of(kind)
        return f"{kind.label} ({self.code} {code})" if code and code not in kind.label else kind.label

    def exporter(self, name: str) -> Exporter:
        """The exporter of that name, one of `exporters`."""
        exporter = named(self.exporters[name])
        assert isinstance(exporter, Exporter)
        return exporter

    def log_format(self, name: str) -> LogFormat:
        """The format of logs of that name, one of `logs`."""
        made = named(self.logs[name])
        assert isinstance(made, LogFormat)
        return made

    def wording_of(self, spec: str) -> "Wording":
        """What pictures of a SPEC call things: the domain's words where it is the domain's own."""
        return named(self.wording if self.owns(spec) and self.wording else "statemachines.drawing.picture:PLAIN")  # type: ignore[no-any-return]

    def illustrations_of(self, spec: str) -> "tuple[Illustration, ...]":
        """The illustrations of the claims that a SPEC names; none for most."""
        return named(self.illustrations[spec])() if spec in self.illustrations else ()

    def situations_of(self, spec: str, system: "System") -> "Mapping[str, State]":
        """The states of a system, named by a SPEC, that people know by a name; none of a system of others."""
        return named(self.situations)(system) if self.situations and self.owns(spec) else {}

    def changes_of(self, spec: str, system: "System") -> "Mapping[str, Mapping[str, Enum]]":
        """What people ask about as one thing of a system, named by a SPEC; nothing of a system of others."""
        return named(self.changes)(system) if self.changes and self.owns(spec) else {}

    def owns(self, spec: str) -> bool:
        """Whether a SPEC names something in the domain's own packages."""
        module = spec.partition(":")[0]
        return any(module == package or module.startswith(f"{package}.") for package in self.packages)


NEUTRAL = Profile("statemachines", "Declarative state machines: prove claims, draw lifecycles, test implementations.")
"""The profile of any declared system."""


@cache
def installed() -> Mapping[str, Profile]:
    """The neutral profile, and those that installed distributions register, by the names of their commands."""
    from importlib.metadata import entry_points  # noqa: PLC0415  # as slow to load as all the rest of --help

    profiles = {entry.name: entry.load() for entry in entry_points(group=ENTRY_POINTS)}
    return MappingProxyType({NEUTRAL.command: NEUTRAL, **profiles})


def profile_for(spec: str = "", name: str = "") -> Profile:
    """The profile for a run in which none is given by a command.

    Parameters
    ----------
    spec: what the user names as the declared system; ``""`` if nothing.
    name: the profile's name, if the user gives it.

    Raises
    ------
    LookupError: if no profile has that name; or if neither is given, and several profiles have claims of their own.

    >>> profile_for("parcel_locker:claims").command
    'statemachines'
    """
    profiles = installed()
    if name:
        if name not in profiles:
            raise LookupError(f"there is no profile {name!r}; expected one of: {', '.join(profiles)}")
        return profiles[name]
    if spec:
        return next((profile for profile in profiles.values() if profile.owns(spec)), NEUTRAL)
    usual = [profile for profile in profiles.values() if profile.claims]
    if len(usual) > 1:
        names = ", ".join(profile.command for profile in usual)
        raise LookupError(f"several profiles have claims of their own ({names}): expected a profile or a system")
    return usual[0] if usual else NEUTRAL
