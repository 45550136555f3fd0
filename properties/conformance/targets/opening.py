"""Opening a target by its SPEC."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from properties.conformance.mapping import Translation, read_mapping
from properties.conformance.statement import parse_statement, read_statement
from properties.conformance.targets.access import Access, read_access
from properties.conformance.targets.answers import VerdictReader
from properties.conformance.targets.misbehaviour import Misbehaved, TargetError
from properties.conformance.targets.settling import settling
from properties.conformance.targets.target import Limits, Target
from properties.console.spec import SpecError, load
from properties.domain import NEUTRAL, Profile, named
from statemachines.files.content import exists
from statemachines.files.shown import shown
from statemachines.files.toml import TomlFileError
from statemachines.language.system import System

INTERPRETERS = {".mjs": "node", ".cjs": "node", ".js": "node", ".py": "python", ".rb": "ruby", ".sh": "sh"}
"""What runs a program's text, by the end of its name."""

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def is_address(spec: str) -> bool:
    """Whether a SPEC is an HTTP address."""
    return _ADDRESS.match(spec) is not None


def open_target(
    spec: str | Callable[[], object],
    system: System,
    *,
    statement: Path | None = None,
    mapping: Path | None = None,
    connection: Path | None = None,
    limits: Limits | None = None,
    profile: Profile = NEUTRAL,
) -> Target:
    """The target that a SPEC names, started and asked what it supports.

    Parameters
    ----------
    spec: what makes the target, or ``package.module:factory``; or an address, of a scheme that the profile knows; or
        else a command.
    system: the reference, whose words the target speaks.
    statement: a TOML file that says what it supports, instead of its own statement.
    mapping: a TOML file that translates its words.
    connection: a TOML file that says how an address is spoken to.
    limits: how long it may take; the usual ones if not given.
    profile: says what opens an address, which requests are events, and what subjects there are.

    Raises
    ------
    TargetError: if it cannot be started, or it or a file says something that cannot be understood.
    """
    limits = limits or Limits()
    name = spec if isinstance(spec, str) else getattr(spec, "__qualname__", repr(spec))
    try:
        translation = read_mapping(mapping, system) if mapping else Translation(system)
        stated = read_statement(statement, system, profile) if statement else None
        if connection and not (isinstance(spec, str) and is_address(spec)):
            raise TargetError(f"{name} is not an address, expected one with {connection}, a connection file")
        access = read_access(connection) if connection else Access()
        if access.tls and urlsplit(name).scheme.lower() != "https":
            raise TargetError(f"{connection}: tls is for an address that begins with https://, expected it in --sut")

        def reader_for(described: Any) -> VerdictReader:
            if stated is None and not isinstance(described, dict):
                raise TargetError(f"{name}: the target's statement is {shown(repr(described))}, expected an object")
            return VerdictReader(stated or parse_statement(described, system, profile), translation)

        return settling(_opened(spec, limits, reader_for, profile, access), system, limits)
    except Misbehaved as error:
        raise TargetError(f"{name}: {error}") from None
    except (TomlFileError, SpecError) as error:
        raise TargetError(str(error)) from None
    except (OSError, ValueError) as error:
        if isinstance(error, TargetError):
            raise
        why = getattr(error, "strerror", None) or error
        raise TargetError(f"{name}: it cannot be started: {why}{_hint(name)}") from None


def _opened(
    spec: str | Callable[[], object],
    limits: Limits,
    reader_for: Callable[[Any], VerdictReader],
    profile: Profile,
    access: Access,
) -> Target:
    if not isinstance(spec, str):
        return _made(spec, limits, reader_for)
    for kind in TARGET_KINDS:
        if kind.form.fullmatch(spec):
            return kind.open(spec, limits, reader_for, profile, access)
    *others, last = (kind.words for kind in TARGET_KINDS)
    raise TargetError(f"no target given: expected {', '.join(others)} or {last}")


def _made(
    factory: Any, limits: Limits, reader_for: Callable[[Any], VerdictReader], subject: str = "the target is "
) -> Target:
    from properties.conformance.targets.python import PythonTarget  # noqa: PLC0415

    if not callable(factory):
        raise TargetError(f"{subject}{type(factory).__name__}, expected a function or class that makes the target")
    return PythonTarget(factory, limits, reader_for)


def _of_factory(spec: str, limits: Limits, reader_for: Callable[[Any], VerdictReader], *_: object) -> Target:
    return _made(load(spec), limits, reader_for, f"{spec} is ")


def _at_address(
    spec: str, limits: Limits, reader_for: Callable[[Any], VerdictReader], profile: Profile, access: Access
) -> Target:
    scheme, _, rest = spec.partition("://")
    if "@" in rest.partition("/")[0]:  # it is not shown: who wrote it so may have written a password
        raise TargetError("an address with a user in it is not used, expected credentials in a connection file")
    opener = profile.schemes.get(scheme.lower())
    if opener is None:
        known = " or ".join(f"{scheme}://" for scheme in profile.schemes)
        wanted = f"one that begins with {known}" if known else "package.module:factory or a command"
        raise TargetError(f"{shown(spec)} is not an address of a target, expected {wanted}")
    opened: Target = named(opener)(_checked(spec), limits, reader_for, access)
    return opened


def _of_command(spec: str, limits: Limits, reader_for: Callable[[Any], VerdictReader], *_: object) -> Target:
    from properties.conformance.targets.json_lines import JsonLinesTarget  # noqa: PLC0415

    return JsonLinesTarget(spec, limits, reader_for)


class TargetKind(NamedTuple):
    """How a target is named, and what opens it.

    Parameters
    ----------
    words: what the SPEC of one is.
    form: what the whole SPEC matches.
    open: makes the target, of the SPEC, `Limits`, what makes the `VerdictReader` of its statement, the profile and the
        `Access`.
    """

    words: str
    form: re.Pattern[str]
    open: Callable[[str, Limits, Callable[[Any], VerdictReader], Profile, Access], Target]


TARGET_KINDS = (
    TargetKind("package.module:factory", re.compile(r"[\w.]+:\w+"), _of_factory),
    TargetKind("an HTTP address", re.compile(r"[a-z][a-z0-9+.-]*://.*", re.IGNORECASE | re.DOTALL), _at_address),
    TargetKind("a command", re.compile(r".*\S.*", re.DOTALL), _of_command),
)
"""Every kind of target; the first that a SPEC matches opens it. Addresses are opened by the profile's `schemes`."""


def _hint(command: str) -> str:
    """How to start a program whose text was named as if it were a command."""
    name = command.split(" ", maxsplit=1)[0]
    interpreter = INTERPRETERS.get(Path(name).suffix)
    return f"; perhaps it is meant to be run as: {interpreter} {command}" if interpreter and exists(Path(name)) else ""


def _checked(address: str) -> str:
    parts = urlsplit(address)
    try:
        usable = bool(parts.hostname) and parts.port != 0 and not (parts.query or parts.fragment)
    except ValueError:
        usable = False
    if not usable or not address.isascii() or not address.isprintable() or " " in address:
        raise TargetError(f"{shown(address)} is not an address of a target, expected http://host[:port][/path]")
    return address
