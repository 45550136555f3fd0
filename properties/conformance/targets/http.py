"""Targets at an HTTP address: one POST for each message, with the messages of JSON lines."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from properties.conformance.targets.access import Access, Asynchronous
from properties.conformance.targets.answers import VerdictReader, garbage, refusal
from properties.conformance.targets.callbacks import Callbacks
from properties.conformance.targets.connection import (
    AnswerTooSlow,
    CertificateUntrusted,
    Connection,
    ConnectionEnded,
    HostUnreachable,
    NoHttp,
    Reply,
    SurplusBytes,
)
from properties.conformance.targets.messages import MessageTarget
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour
from properties.conformance.targets.target import PATIENCE, Limits
from statemachines.files.shown import shown
from statemachines.language.system import State

JSON = "application/json"

ACKNOWLEDGED = 202
NOT_YET = (202, 204, 404)
"""The status of an acknowledgement, and those with which a poll is answered before the answer is there."""

_PAUSE_SECONDS = 0.1


class Address:
    """An address that is sent messages, where every way not to answer is a misbehaviour.

    Parameters
    ----------
    address: ``http://host[:port][/path]``, or ``https``.
    limits: how long it may take. It cannot be started from here: `start_seconds` is how long it may be away.
    access: how it is spoken to.

    Raises
    ------
    OSError: if the port for its call-backs cannot be had.
    """

    def __init__(self, address: str, limits: Limits, access: Access) -> None:
        self.path = urlsplit(address).path or "/"
        self._address, self._limits, self._access = address, limits, access
        self._connection = Connection(address, access)
        self._callbacks = Callbacks.of(access.asynchronous)
        self._lost = 0
        self._why: Misbehaved | None = None

    def reset(self) -> None:
        """Begin anew after a crash or a hang, unless it is gone."""
        if self._why is not None and self._why.kind is not Misbehaviour.GONE:
            self._why = None

    def ask(self, message: Mapping[str, object], path: str) -> Mapping[str, Any]:
        """The answer to a message, a JSON object each.

        Raises
        ------
        Misbehaved: where there is none; REFUSES, where it is an error.
        """
        what = f"the {message['op']}"
        reply = self.post(path, JSON, json.dumps(message, ensure_ascii=False).encode(), what)
        try:
            answer = json.loads(reply.body.decode("utf-8"))
        except (ValueError, RecursionError):
            raise garbage(f"the answer to {what} is not JSON in UTF-8: '{_beginning(reply.body)}'") from None
        if not isinstance(answer, dict):
            raise garbage(f"the answer to {what} is not a JSON object: '{_beginning(reply.body)}'")
        if "error" in answer:
            raise refusal(what, answer["error"])
        return answer

    def post(
        self,
        path: str,
        content_type: str,
        body: bytes,
        what: str,
        acknowledges: Callable[[Reply], bool] = lambda _: False,
    ) -> Reply:
        """The answer, with a status that says that it is one.

        Parameters
        ----------
        what: is sent, in words.
        acknowledges: whether an answer may be followed by another, as status 202 is by the answer itself. Where none
            follows, it is the answer.
        """
        headers = {"Content-Type": content_type}
        if self._callbacks:
            headers |= self._callbacks.expected()
        reply = self._exchange("POST", path, headers, body, what)
        later = self._access.asynchronous
        if later and (reply.status == ACKNOWLEDGED or acknowledges(reply)):
            return self._answer_after(reply, later, what, alone=acknowledges(reply))
        return reply

    def _exchange(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None, what: str, *waiting: int
    ) -> Reply:
        """One exchange, and what is wrong with it; statuses of `waiting` are right, too."""
        try:
            self._connect()
            started = time.monotonic()
            limit = self._limits.answer_seconds
            deadline = started + self._limits.within(limit * PATIENCE)
            reply = self._connection.exchange(method, path, headers, body, deadline)
        except ConnectionEnded as error:
            raise self._lose(
                Misbehaviour.CRASHED, f"it closed the connection before it answered {what} ({error})"
            ) from None
        except AnswerTooSlow as error:
            self._limits.expect_time()
            if phase := str(error):
                before, _, after = phase.partition(" after ")
                raise self._lose(Misbehaviour.HANGS, f"{before} {what} after {after}") from None
            raise self._lose(Misbehaviour.HANGS, f"it had not answered {what} after {limit * PATIENCE:g} s") from None
        except NoHttp as error:
            raise garbage(f"in answer to {what}, no HTTP: {shown(str(error), 160)}") from None
        except SurplusBytes:
            raise Misbehaved(Misbehaviour.ANSWERS_TWICE, f"more came than one answer, by the time of {what}") from None
        taken = time.monotonic() - started
        if taken > limit:
            raise Misbehaved(Misbehaviour.LATE, f"it answered {what} after {taken:.3g} s, expected within {limit:g} s")
        if 300 <= reply.status < 400:
            raise garbage(f"the answer to {what} is a redirection ({reply.status}), and none is followed")
        if not 200 <= reply.status < 300 and reply.status not in waiting:
            raise Misbehaved(Misbehaviour.REFUSES, f"HTTP status {reply.status} to {what}: '{_beginning(reply.body)}'")
        return reply

    def _answer_after(self, acknowledgement: Reply, later: Asynchronous, what: str, *, alone: bool) -> Reply:
        """The answer that comes after an acknowledgement.

        Parameters
        ----------
        alone: whether the acknowledgement is the answer where no other comes.
        """
        deadline = time.monotonic() + self._limits.within(later.within)
        if self._callbacks:
            reply = self._callbacks.received(deadline)
            if self._callbacks.surplus:
                raise Misbehaved(Misbehaviour.ANSWERS_TWICE, f"more than one answer was called back for {what}")
            reply = reply and reply.without(self._access)
        else:
            location = acknowledgement.headers.get("location", "")
            if alone and not location:
                return acknowledgement
            reply = self._polled(self._path_of(location, what), deadline, later, what)
        if reply or alone:
            return reply or acknowledgement
        self._limits.expect_time()
        detail = f"it acknowledged {what}, and had not answered {later.within:g} s later"
        raise self._lose(Misbehaviour.HANGS, detail)

    def _polled(self, path: str, deadline: float, later: Asynchronous, what: str) -> Reply | None:
        while True:
            reply = self._exchange("GET", path, {}, None, f"a poll for the answer to {what}", *NOT_YET)
            if reply.status not in NOT_YET:
                return reply
            if time.monotonic() + later.every >= deadline:
                return None
            time.sleep(later.every)

    def _path_of(self, location: str, what: str) -> str:
        """The path of an address on the same server, which is the only one that credentials are for."""
        whole, ours = urlsplit(urljoin(self._address, location)), urlsplit(self._address)
        if not location or (whole.scheme, whole.netloc) != (ours.scheme, ours.netloc):
            says = f"names '{shown(location)}'" if location else "has no header Location"
            raise garbage(f"the acknowledgement of {what} {says}, expected an address on the same server to poll")
        return (whole.path or "/") + (f"?{whole.query}" if whole.query else "")

    def close(self) -> None:
        """End the connection; the target runs on."""
        self._connection.close()
        if self._callbacks:
            self._callbacks.close()

    def _connect(self) -> None:
        """Connect, if need be; one that is away has a while to come back."""
        if self._why is not None:
            raise Misbehaved(self._why.kind, self._why.detail)
        if self._connection.connected:
            return
        deadline = time.monotonic() + self._limits.within(self._limits.start_seconds)
        while True:
            try:
                self._connection.connect(deadline)
            except CertificateUntrusted as error:
                raise self._end(Misbehaviour.GONE, f"{self._address}: {error}") from None
            except HostUnreachable as error:
                if time.monotonic() + _PAUSE_SECONDS >= deadline:
                    self._limits.expect_time()
                    detail = f"nobody answers at {self._address}: {error}"
                    raise self._end(Misbehaviour.GONE, detail) from None
                time.sleep(_PAUSE_SECONDS)
            else:
                return

    def _lose(self, kind: Misbehaviour, detail: str) -> Misbehaved:
        """What to raise, now and until it is reset; too often, and it is gone."""
        self._lost += 1
        if self._lost > self._limits.restarts:
            self._end(Misbehaviour.GONE, f"it crashed or hung {self._lost} times; last, {detail}")
            return Misbehaved(kind, detail)
        return self._end(kind, detail)

    def _end(self, kind: Misbehaviour, detail: str) -> Misbehaved:
        self._why = Misbehaved(kind, detail)
        return Misbehaved(kind, detail)


class HttpTarget(MessageTarget):
    """A target at an address that takes the messages of JSON lines, each as a POST.

    Parameters
    ----------
    address: to which each message is sent.
    limits: how long it may take. It cannot be started from here: `start_seconds` is how long it may be away.
    reader_for: makes the reader of its verdicts from a statement.
    access: how it is spoken to.

    Raises
    ------
    Misbehaved: if it cannot be reached, or does not come as far as to say what it supports.
    """

    BELOW: ClassVar[str] = ""
    """The path below the address to which the messages are sent."""

    def __init__(
        self, address: str, limits: Limits, reader_for: Callable[[Any], VerdictReader], access: Access
    ) -> None:
        self._address = Address(address, limits, access)
        path = self._address.path
        self._messages = path.rstrip("/") + self.BELOW if self.BELOW else path
        super().__init__(reader_for)

    def reset(self, state: State) -> None:
        """Be in this state, after a crash or a hang, too."""
        self._address.reset()
        super().reset(state)

    def close(self) -> None:
        """End the connection; the target runs on."""
        self._address.close()

    def _ask(self, message: Mapping[str, object]) -> Mapping[str, Any]:
        return self._address.ask(message, self._messages)


def _beginning(body: bytes) -> str:
    return shown(body[:200].decode("utf-8", "backslashreplace"), 120)
