"""Judging real requests: a DUIS Service Request against premises, and what must happen to it."""

from collections.abc import Iterator, Mapping
from enum import Enum

import attrs

from statemachines.core.gates import Verdict
from statemachines.core.oracle import Oracle
from statemachines.core.requests import Request
from statemachines.core.trace import changes
from statemachines.duis.errors import DuisError
from statemachines.duis.reader import DuisRequest
from statemachines.firmware import FIRMWARE_OF, Firmware
from statemachines.installation import INSTALLATION
from statemachines.premises import DeviceFacts, Premises
from statemachines.service_requests import Role, ServiceRequestVariant
from statemachines.vocabulary import (
    FIRMWARE_REQUESTS,
    ROLES_OF,
    SRV_OF,
    SUPPLIERS,
    USER_IN_ROLE,
    ActivateFirmware,
    Device,
    Image,
    OtherServiceRequest,
    Outcome,
    RequestIdUse,
    Response,
    Timing,
    UpdateFirmware,
    User,
)

ACKNOWLEDGED, COMPLETED = "I99", "I0"
"""The response codes that SRP-2 names; no other is known from the sources."""

SRVS_AT_DEVICES = tuple(SRV_OF[kind] for kind in FIRMWARE_REQUESTS)
"""The SRVs whose device the model looks at."""

_ORACLE = Oracle(INSTALLATION)
_OPEN_TO = {roles: member for member, roles in ROLES_OF.items()}


@attrs.frozen
class Judgement:
    """What must happen to one request at one device.

    Parameters
    ----------
    duis: the request as it was read.
    request: what it comes to in the finite world.
    target: the device that it names, where the model looks at it.
    standing: what the sender is at the premises, in words.
    verdict: the verdict, with the ids of the rules that decided it.
    changes: for each variable of the installation that it changes, from what to what.
    codes: the response codes that are sent, as far as the sources name them (SRP-2).
    unspecified: aspects that the sources, or the model so far, leave open.
    told: what the response carries, in real terms where they are known.
    """

    duis: DuisRequest
    request: Request
    target: DeviceFacts | None
    standing: str
    verdict: Verdict
    changes: Mapping[str, tuple[Enum, Enum]]
    codes: tuple[str, ...]
    unspecified: tuple[str, ...]
    told: str | None


def judge(premises: Premises, duis: DuisRequest) -> tuple[Premises, tuple[Judgement, ...]]:
    """The premises after a request, and the judgement on it, one for each device that it names.

    Parameters
    ----------
    premises: how things stand; they are a value, and stay as they are.
    duis: the request.

    Raises
    ------
    DuisError: where the request names a party or a device that the premises do not know, or a moment of execution
        that its SRV cannot have.
    """
    if duis.execution is not None and not duis.variant.future_dated:
        raise DuisError(f"an ExecutionDateTime, and SRV {duis.variant.srv} cannot be future-dated (SYS-6)")
    sender = _sender(premises, duis)
    use = RequestIdUse.REPEATED if str(duis.request_id) in premises.used else RequestIdUse.NEW
    judgements = []
    for target in _targets(premises, duis):
        request = _request(duis, sender, target, use)
        state, verdict = _ORACLE.decide(premises.state, request)
        changed = changes(premises.state, state)
        judgements.append(
            Judgement(
                duis,
                request,
                target,
                _standing(premises, sender),
                verdict,
                changed,
                _codes(verdict),
                (*verdict.unspecified, *_open_in_time(duis)),
                _told(verdict, premises, target),
            )
        )
        premises = attrs.evolve(premises, state=state, devices=_with_facts(premises, duis, target, verdict))
    return attrs.evolve(premises, used=premises.used | {str(duis.request_id)}), tuple(judgements)


def _sender(premises: Premises, duis: DuisRequest) -> User:
    """As whom the sender acts: as one to whom the SRV is open, if it can."""
    acts_as = premises.users.get(duis.request_id.originator)
    if acts_as is None:
        raise DuisError(
            f"the sender {duis.request_id.originator} is not among the {len(premises.users)} parties and users "
            "that the installation file names"
        )
    return next((user for user in acts_as if _open_to(duis.variant, user, premises)), acts_as[0])


def _open_to(variant: ServiceRequestVariant, user: User, premises: Premises) -> bool:
    """Whether the SRV is open to the user in some role that it has at the premises (SYS-6)."""
    registered = {
        Role.IMPORT_SUPPLIER: premises.state.electricity_supplier,
        Role.GAS_SUPPLIER: premises.state.gas_supplier,
        **USER_IN_ROLE,
    }
    return any(registered[role] is user for role in variant.roles)


def _standing(premises: Premises, sender: User) -> str:
    """What the sender is at the premises, in words."""
    supplies = {
        "Electricity Supplier": premises.state.electricity_supplier,
        "Gas Supplier": premises.state.gas_supplier,
    }
    roles = [role for role, supplier in supplies.items() if supplier is sender]
    if roles:
        return f"the {' and '.join(roles)}"
    return "a Supplier that is not registered here" if sender in SUPPLIERS else f"the {sender.value}"


def _targets(premises: Premises, duis: DuisRequest) -> Iterator[DeviceFacts | None]:
    """The devices that the request names, as far as the model looks at them."""
    looked_at = duis.variant.srv in SRVS_AT_DEVICES
    if duis.variant.non_device and not looked_at:
        yield None
        return
    known = {*premises.devices, *(() if looked_at else premises.other_devices)}
    for identity in duis.targets:
        if identity not in known:
            raise DuisError(
                f"the request names the device {identity}, which is not among the installation's {len(known)} devices "
                f"that SRV {duis.variant.srv} may name"
            )
    for identity in duis.targets:
        yield premises.devices.get(identity)


def _request(duis: DuisRequest, sender: User, target: DeviceFacts | None, use: RequestIdUse) -> Request:
    common = {"sender": sender, "request_id": use}
    kind = next((kind for kind, srv in SRV_OF.items() if srv == duis.variant.srv), OtherServiceRequest)
    if kind is OtherServiceRequest:
        return kind(**common, open_to=_OPEN_TO[duis.variant.roles])
    if kind is ActivateFirmware and target is not None:
        return kind(**common, target=target.device, timing=_timing(duis), image=_image(duis, target))
    return kind(**common, target=target.device) if target is not None else kind(**common)


def _timing(duis: DuisRequest) -> Timing:
    if duis.cancels:
        return Timing.CANCELLATION
    return Timing.IMMEDIATE if duis.execution is None else Timing.FUTURE_DATED


def _image(duis: DuisRequest, target: DeviceFacts) -> Image:
    return Image.DELIVERED if duis.firmware_hash == target.delivered_hash else Image.ANOTHER


def _codes(verdict: Verdict) -> tuple[str, ...]:
    """The codes of a request that runs its whole course; what is sent otherwise no source says."""
    return (ACKNOWLEDGED, COMPLETED) if verdict.outcome is Outcome.ACCEPTED and not verdict.unspecified else ()


def _open_in_time(duis: DuisRequest) -> tuple[str, ...]:
    """Future dating is modelled for activations only."""
    if duis.execution is None or duis.variant.srv == SRV_OF[ActivateFirmware]:
        return ()
    return ("when it is carried out",)


def _told(verdict: Verdict, premises: Premises, target: DeviceFacts | None) -> str | None:
    """What the response carries: the real version where it is known."""
    if verdict.response is None or target is None:
        return None
    owner = target
    if target.device is Device.GPF:
        owner = next((facts for facts in premises.devices.values() if facts.device is Device.CHF), target)
    version = owner.delivered_version if verdict.response is Response.DELIVERED_VERSION else owner.version
    return f"{verdict.response.value}{f' ({version})' if version else ''}"


def _with_facts(
    premises: Premises, duis: DuisRequest, target: DeviceFacts | None, verdict: Verdict
) -> Mapping[str, DeviceFacts]:
    """The devices after the request: an image that was delivered is remembered by its version and hash."""
    if target is None or duis.variant.srv != SRV_OF[UpdateFirmware] or verdict.outcome is not Outcome.ACCEPTED:
        return premises.devices
    runs = target.version
    if getattr(premises.state, FIRMWARE_OF[target.device].name) is Firmware.UPGRADED:
        runs = target.delivered_version
    facts = attrs.evolve(target, version=runs, delivered_version=duis.firmware_version, delivered_hash=duis.image_hash)
    return {**premises.devices, target.id: facts}
