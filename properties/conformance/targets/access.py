"""Access to an HTTP target: headers, credentials, certificates, time limits, and answers that come later.

Whatever is secret comes from the environment or a file, and is struck out of all that the target says.
"""

import base64
import html
import os
import re
import ssl
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from pathlib import Path

import attrs

from statemachines.files.content import FileError, read_bytes
from statemachines.files.toml import TomlTable, read_toml

STRUCK_OUT = b"***"

WITHIN_SECONDS, POLL_SECONDS = 10.0, 0.1

_SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie")
_OF_EACH_MESSAGE = ("content-length", "content-type", "transfer-encoding")

_MOST_SECRET = 64 * 1024
_SHORTEST_STRUCK = 4
"""A secret of fewer letters is in every other word."""


class AnswerSource(Enum):
    """Where the answer comes from, once a message was acknowledged."""

    POLL = "poll"
    CALLBACK = "callback"


@attrs.frozen
class Asynchronous:
    """A target that acknowledges a message with status 202, and answers later.

    Parameters
    ----------
    by: `POLL`: its ``Location`` header says where to ask for the answer. `CALLBACK`: it sends the answer to an address
        on loopback.
    within: seconds from the acknowledgement, after which the answer has to be there.
    every: seconds between two polls.
    port: of the address on loopback; 0 for one that is free.
    header: in which each message names the address for its answer.
    """

    by: AnswerSource
    within: float = WITHIN_SECONDS
    every: float = POLL_SECONDS
    port: int = 0
    header: str = "X-Callback"


@attrs.frozen
class Phases:
    """Seconds for each phase of an exchange; ``None`` where only the time for the whole counts.

    Parameters
    ----------
    connect: to connect, with TLS.
    send: to take the request.
    wait: from then to the first line of the answer.
    receive: from then to its end.
    """

    connect: float | None = None
    send: float | None = None
    wait: float | None = None
    receive: float | None = None


@attrs.frozen
class Access:
    """What a connection file says.

    Parameters
    ----------
    headers: that every message has; what is secret among them is not shown.
    secrets: what is struck out of whatever the target says.
    tls: for ``https``; ``None`` for what the system trusts.
    phases: how long each phase may take.
    asynchronous: how answers come that come later; ``None`` if none do.
    """

    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    secrets: tuple[bytes, ...] = attrs.field(default=(), repr=False)
    tls: ssl.SSLContext | None = attrs.field(default=None, repr=False)
    phases: Phases = attrs.field(factory=Phases)
    asynchronous: Asynchronous | None = None

    def struck_out(self, content: bytes) -> bytes:
        """The content without secrets.

        >>> Access(secrets=(b"hunter2",)).struck_out(b"no such password: hunter2")
        b'no such password: ***'
        """
        return _secrets_in(self.secrets).sub(STRUCK_OUT, content) if self.secrets else content


@lru_cache(maxsize=8)
def _secrets_in(secrets: tuple[bytes, ...]) -> re.Pattern[bytes]:
    written = (form for secret in secrets for form in (re.escape(secret), b"".join(map(_escaped, secret))))
    return re.compile(b"|".join(written))


@lru_cache(maxsize=128)
def _escaped(letter: int) -> bytes:
    """A pattern of a letter as JSON, XML and addresses have it: writers differ in what they escape, but for letters."""
    plain = re.escape(chr(letter))
    if chr(letter).isalnum():
        return plain.encode()
    codes = rf"\\u00{letter:02x}|%{letter:02x}|&#0*{letter};|&#x0*{letter:x};|{re.escape(html.escape(chr(letter)))}"
    # Once a group has matched it tries nothing else, or a line of backslashes would take endless time.
    return rf"(?>\\{plain}|(?i:{codes})|{'[ +]' if plain == chr(92) + ' ' else plain})".encode()


def read_access(path: Path) -> Access:
    """What a TOML file says.

    Raises
    ------
    statemachines.files.toml.TomlFileError: if it, or what it names, cannot be read or understood.
    """
    table, folder = read_toml(path), path.parent
    secrets: list[str] = []
    headers = _headers(table.optional_table("headers"), folder, secrets)
    headers |= _credentials(table.optional_table("credentials"), folder, secrets)
    made = Access(
        headers,
        tuple(sorted({one.encode() for one in secrets if len(one) >= _SHORTEST_STRUCK}, key=len, reverse=True)),
        _tls(table.optional_table("tls"), folder),
        _phases(table.optional_table("timeouts")),
        _asynchronous(table.optional_table("asynchronous")),
    )
    table.finish()
    return made


def _headers(table: TomlTable | None, folder: Path, secrets: list[str]) -> dict[str, str]:
    headers = {}
    for name in table.names() if table else ():
        assert table
        try:
            _header_name(name)
        except ValueError as error:
            raise table.error(name, name, str(error)) from None
        headers[name] = _secret(table, name, folder, secrets, may_be_open=name.lower() not in _SECRET_HEADERS)
    return headers


def _header_name(text: str) -> str:
    if not text.isascii() or not text.replace("-", "").replace("_", "").isalnum():
        raise ValueError("expected the name of an HTTP header: letters, digits and hyphens")
    if text.lower() in _OF_EACH_MESSAGE:
        raise ValueError("expected no header that each message has anyway")
    return text


def _credentials(table: TomlTable | None, folder: Path, secrets: list[str]) -> dict[str, str]:
    if table is None:
        return {}
    if "bearer" in table:
        table.refuse("user", "only one of bearer and user")
        return {"Authorization": f"Bearer {_secret(table, 'bearer', folder, secrets)}"}
    user, password = table.value("user", _user), _secret(table, "password", folder, secrets)
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    secrets.append(pair)
    return {"Authorization": f"Basic {pair}"}


def _user(text: str) -> str:
    if ":" in text or not text.isprintable():
        raise ValueError("expected a name without a colon")
    return text


def _secret(table: TomlTable, key: str, folder: Path, secrets: list[str], *, may_be_open: bool = False) -> str:
    """The text under a key: of ``{env = "NAME"}`` or ``{file = "PATH"}``, or, where it need not be secret, itself."""
    if table.is_text(key):
        if may_be_open:
            return table.value(key, _one_line)
        raise table.error(
            key, STRUCK_OUT.decode(), 'what does not stand here itself: {env = "NAME"} or {file = "PATH"}'
        )
    inner = table.table(key)
    text = _environment(inner) if "env" in inner else _content(inner, folder)
    try:
        text = _one_line(text)
    except ValueError as error:
        raise table.error(key, STRUCK_OUT.decode(), f"something else in what it names: {error}") from None
    secrets.append(text)
    return text


def _environment(table: TomlTable) -> str:
    table.refuse("file", "only one of env and file")
    name = table.value("env", str)
    text = os.environ.get(name, "")
    if not text:
        raise table.error("env", name, "the name of an environment variable that is set")
    return text


def _one_line(text: str) -> str:
    if not text or not text.isprintable() or not text.isascii():
        raise ValueError("expected one line of ASCII")
    return text


def _content(table: TomlTable, folder: Path) -> str:
    path = _path(table, "file", folder)
    try:
        return read_bytes(path, _MOST_SECRET).decode().strip()
    except FileError as error:
        raise table.error("file", str(path), f"a file that can be read: {error}") from None
    except UnicodeDecodeError:
        raise table.error("file", str(path), "a file of text in UTF-8") from None


def _path(table: TomlTable, key: str, folder: Path) -> Path:
    return folder / Path(table.value(key, str)).expanduser()


def _tls(table: TomlTable | None, folder: Path) -> ssl.SSLContext | None:
    if table is None:
        return None
    context = ssl.create_default_context()
    if "ca" in table:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody else
        ca = _path(table, "ca", folder)
        try:
            context.load_verify_locations(ca)
        except (OSError, ValueError) as error:
            raise table.error("ca", str(ca), f"a file of certificates in PEM ({_why(error)})") from None
    if "certificate" in table:
        _show_certificate(context, table, folder)
    else:
        table.refuse("key", "none without a certificate")
    return context


def _show_certificate(context: ssl.SSLContext, table: TomlTable, folder: Path) -> None:
    own = _path(table, "certificate", folder)
    key = _path(table, "key", folder) if "key" in table else None
    password = _secret(table, "key_password", folder, []) if "key_password" in table else ""
    asked = []

    def answer() -> str:
        asked.append(password)
        return password

    try:
        context.load_cert_chain(own, key, answer)
    except (OSError, ValueError) as error:
        if asked:
            expected = f"the password of the key in {key or own}"
            wrong = table.error("key_password", STRUCK_OUT.decode(), expected)
            raise (wrong if password else table.missing("key_password", expected)) from None
        raise table.error("certificate", str(own), f"a certificate in PEM with its key ({_why(error)})") from None


def _why(error: Exception) -> str:
    return getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)


def _phases(table: TomlTable | None) -> Phases:
    if table is None:
        return Phases()
    return Phases(*(table.optional_seconds(field.name) for field in attrs.fields(Phases)))


def _asynchronous(table: TomlTable | None) -> Asynchronous | None:
    if table is None:
        return None
    by = table.choice("by", {each.value: each for each in AnswerSource})
    made = Asynchronous(
        by,
        table.optional_seconds("within") or WITHIN_SECONDS,
        table.optional_seconds("every") or POLL_SECONDS,
    )
    if by is AnswerSource.POLL:
        return made
    port = table.optional_count("port") or 0
    if port > 65535:
        raise table.error("port", port, "a port, 0 to 65535")
    return attrs.evolve(made, port=port, header=table.optional_value("header", _header_name) or made.header)
