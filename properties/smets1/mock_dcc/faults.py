"""Faults on the way between the mock DCC and its client, as the user sets them: lost, late, doubled, an HTTP error."""

from collections.abc import Sequence
from enum import Enum
from itertools import count

import attrs

from statemachines.files.toml import TomlTable
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS


class FaultKind(Enum):
    """What goes wrong. What the request does at the installation is as without it, but for `HTTP_ERROR`."""

    HTTP_ERROR = "http-error"
    """The request is not taken, and has no effect; its RequestID stays free."""
    ACKNOWLEDGEMENT_LOST = "acknowledgement-lost"
    """The request is taken, and an HTTP error is sent in place of what is sent back at once."""
    RESPONSE_LOST = "response-lost"
    """The response never comes."""
    RESPONSE_LATE = "response-late"
    """The response comes later than it would."""
    RESPONSE_TWICE = "response-twice"
    """The response is sent to its call-back twice."""


_STATUS = {FaultKind.HTTP_ERROR: 503, FaultKind.ACKNOWLEDGEMENT_LOST: 504}
"""The status by default of those that are HTTP errors."""


@attrs.frozen
class DccFault:
    """A fault, and which requests have it.

    Parameters
    ----------
    kind: what goes wrong.
    srv: of requests of this SRV; ``None`` for any.
    every: n, where only every n-th of these has it.
    status: of the HTTP error, if it is one.
    seconds: by how much the response is late, if it is.
    """

    kind: FaultKind
    srv: str | None = None
    every: int = 1
    status: int | None = None
    seconds: float = 0.0


class DccFaults:
    """Which request has which fault; each fault counts the requests that may have it, from when this is made."""

    def __init__(self, faults: Sequence[DccFault]) -> None:
        self._faults = [(fault, count(1)) for fault in faults]

    def of(self, srv: str) -> DccFault | None:
        """The fault of the next request, which has this SRV; of several the first."""
        due = [fault for fault, seen in self._faults if fault.srv in (None, srv) and next(seen) % fault.every == 0]
        return due[0] if due else None


def read_faults(tables: Sequence[TomlTable]) -> tuple[DccFault, ...]:
    """The faults that the tables ``[[faults]]`` of a file set.

    Raises
    ------
    statemachines.files.toml.TomlFileError: naming the key, the value and what was expected.
    """
    return tuple(map(_fault, tables))


def _fault(table: TomlTable) -> DccFault:
    kind = table.choice("fault", {each.value: each for each in FaultKind})
    every, status = table.optional_count("every"), _STATUS.get(kind)
    if every == 0:
        raise table.error("every", every, "a whole number, 1 or more")
    if status is not None and (given := table.optional_count("status")) is not None:
        if not 400 <= given <= 599:
            raise table.error("status", given, "the status of an HTTP error, 400 to 599")
        status = given
    seconds = table.optional_seconds("seconds") if kind is FaultKind.RESPONSE_LATE else 0.0
    if seconds is None:
        raise table.missing("seconds", "by how much the response is late")
    return DccFault(kind, table.optional_value("srv", _srv), every or 1, status, seconds)


def _srv(text: str) -> str:
    if text not in SERVICE_REQUESTS:
        raise ValueError(f"{text[:80]!r}, expected an SRV, such as '11.1'")
    return text
