"""What the mock DCC does where no source says it: response codes, what is unspecified, delays, call-backs, faults."""

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from types import MappingProxyType

import attrs

from properties.service.delivery import checked_address
from properties.smets1.mock_dcc.faults import DccFault, read_faults
from statemachines.files.shown import shown
from statemachines.files.toml import TomlTable, read_toml
from statemachines.smets1.duis.reader import DuisRequest
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS, FutureDating
from statemachines.smets1.vocabulary import Outcome

NEEDS_CODE = {each.value: each for each in (Outcome.REJECTED, Outcome.ALERT, Outcome.NOT_PROCESSED, Outcome.DELETED)}
"""The outcomes for which the sources name no ResponseCode."""

_LONGEST_CODE = 16


class Unspecified(Enum):
    """What becomes of a request of which no source says what becomes of it. It changes nothing, whatever this is."""

    REFUSE = "refuse"
    """It is not taken, with a message that says what is not known (HTTP status 501)."""
    ACCEPTED = "accepted"
    """It is acknowledged and answered as one that is carried out."""
    REJECTED = "rejected"
    """It is rejected at once, with the code of rejections."""
    NO_RESPONSE = "no-response"
    """It is acknowledged, and nothing comes after that."""


@attrs.frozen
class Behaviour:
    """What the user has set.

    Parameters
    ----------
    codes: ResponseCodes by outcome, for those of `NEEDS_CODE`.
    codes_of_reasons: ResponseCodes by reason, in its words; they come before those of outcomes.
    unspecified: what becomes of requests where that is unspecified.
    unspecified_of_srvs: the same for single SRVs.
    delay: seconds from an acknowledgement to the response.
    delays_of_srvs: the same for single SRVs.
    awaits_execution: whether the response to a request that the DSP holds for a later moment waits for that moment.
    acknowledges_at_dsp: whether a request that ends at the DSP is acknowledged before it is answered, too (MOD-37).
    callback: the address to which responses are sent, if there is one.
    callback_header: the header in which a request may name its own, if it may.
    anywhere: whether such an address may be on another machine.
    faults: what goes wrong on the way to and from the client.
    """

    codes: Mapping[Outcome, str] = MappingProxyType({})
    codes_of_reasons: Mapping[str, str] = MappingProxyType({})
    unspecified: Unspecified = Unspecified.REFUSE
    unspecified_of_srvs: Mapping[str, Unspecified] = MappingProxyType({})
    delay: float = 0.0
    delays_of_srvs: Mapping[str, float] = MappingProxyType({})
    awaits_execution: bool = False
    acknowledges_at_dsp: bool = False
    callback: str | None = None
    callback_header: str | None = None
    anywhere: bool = False
    faults: tuple[DccFault, ...] = ()

    def code(self, outcome: Enum, reason: str) -> str | None:
        """The ResponseCode of an outcome for a reason, if one is set."""
        return self.codes_of_reasons.get(reason) or self.codes.get(Outcome(outcome.value))

    def where_unspecified(self, srv: str) -> Unspecified:
        """What becomes of a request of this SRV, where that is unspecified."""
        return self.unspecified_of_srvs.get(srv, self.unspecified)

    def due(self, duis: DuisRequest, now: float) -> float:
        """When the response to a request comes that is acknowledged now, both in seconds since 1970."""
        due = now + self.delays_of_srvs.get(duis.variant.srv, self.delay)
        if not self.awaits_execution or duis.execution is None or duis.cancels:
            return due
        return max(due, duis.execution.timestamp()) if FutureDating.DSP in duis.variant.future_dated else due


def read_behaviour(path: Path) -> Behaviour:
    """What a TOML file sets, as ``examples/mock-dcc.toml`` documents it; every key may be left out.

    Raises
    ------
    statemachines.files.toml.TomlFileError: naming the key, the value and what was expected.
    """
    root = read_toml(path)
    codes, unspecified = root.optional_table("codes"), root.optional_table("unspecified")
    delays, callback = root.optional_table("delays"), root.optional_table("callback")
    made = Behaviour(faults=read_faults(root.tables("faults")))
    if codes is not None:
        reasons = codes.optional_table("reasons")
        made = attrs.evolve(
            made,
            codes={known: code for name, known in NEEDS_CODE.items() if (code := codes.optional_value(name, _code))},
            codes_of_reasons=_by_reason(reasons),
        )
    if unspecified is not None:
        options = {each.value: each for each in Unspecified}
        srvs = unspecified.optional_table("srv")
        made = attrs.evolve(
            made,
            unspecified=unspecified.choice("outcome", options, default=Unspecified.REFUSE.value),
            unspecified_of_srvs={srv: srvs.choice(srv, options) for srv in _srvs(srvs)} if srvs else {},
            acknowledges_at_dsp="acknowledges_at_dsp" in unspecified and unspecified.boolean("acknowledges_at_dsp"),
        )
    if delays is not None:
        srvs = delays.optional_table("srv")
        made = attrs.evolve(
            made,
            delay=delays.optional_seconds("response") or 0.0,
            awaits_execution="awaits_execution" in delays and delays.boolean("awaits_execution"),
            delays_of_srvs={srv: srvs.optional_seconds(srv) or 0.0 for srv in _srvs(srvs)} if srvs else {},
        )
    if callback is not None:
        anywhere = "anywhere" in callback and callback.boolean("anywhere")
        made = attrs.evolve(
            made,
            callback=callback.optional_value("address", lambda text: checked_address(text, anywhere=anywhere)),
            callback_header=callback.optional_value("header", _header),
            anywhere=anywhere,
        )
    root.finish()
    return made


def _by_reason(table: TomlTable | None) -> dict[str, str]:
    """Codes by reason; a reason that no verdict has is refused."""
    if table is None:
        return {}
    from statemachines.smets1.reasons import REASONS  # noqa: PLC0415

    known = {str(reason.value): str(reason.value) for reason in REASONS}
    for reason in table.names():
        if reason not in known:
            raise table.error(reason, table.value(reason, str), "no such key: no verdict has this reason")
    return {reason: table.value(reason, _code) for reason in table.names()}


def _srvs(table: TomlTable) -> tuple[str, ...]:
    for srv in table.names():
        if srv not in SERVICE_REQUESTS:
            raise table.error(srv, "...", "no such key: there is no such SRV")
    return table.names()


def _code(text: str) -> str:
    if not text.isascii() or not text.isalnum() or len(text) > _LONGEST_CODE:
        raise ValueError(f"'{shown(text)}', expected a code of at most {_LONGEST_CODE} letters and digits")
    return text


def _header(text: str) -> str:
    if not text.isascii() or not text.replace("-", "").isalnum():
        raise ValueError(f"'{shown(text)}', expected the name of a header")
    return text
