"""From a DUIS Service Request to a request of the model: which one it is at these premises, about which device.

Where the lifecycles look into an SRV, but not into a request like this one, it becomes an `OtherServiceRequest`: role
and registration are checked, what it does is unspecified, and a note says why. What ties a request to the premises has
to be known to them; a device that it names besides need not be.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum

import attrs

from statemachines.language.requests import Request, RequestType
from statemachines.smets1.admission import AdmissionReason
from statemachines.smets1.commissioning import STATUS_OF, SmiStatus
from statemachines.smets1.duis.errors import DuisError
from statemachines.smets1.duis.reader import DuisRequest, TariffKind
from statemachines.smets1.duis.tariff import DuisTariff
from statemachines.smets1.duis.templates import DEVICE_TYPES
from statemachines.smets1.edge.premises import DeviceFacts, Premises
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS, Role, ServiceRequestVariant
from statemachines.smets1.vocabulary import (
    DEVICE_REQUESTS,
    FIRMWARE_REQUESTS,
    INVENTORY_REQUESTS,
    ROLES_OF,
    SRV_OF,
    SUPPLIERS,
    USER_IN_ROLE,
    ActivateFirmware,
    CommissionDevice,
    DataValues,
    DecommissionDevice,
    Device,
    Image,
    JoinPpmid,
    LogChange,
    OtherServiceRequest,
    PreNotifyDevice,
    RequestIdUse,
    Screening,
    Tariff,
    Timing,
    UpdateHanDeviceLog,
    UpdatePpmidFirmware,
    UpdateTariff,
    User,
    device,
    han_device,
    meter,
    request_id,
    screening,
)

_KIND_OF = {srv: kind for kind, srv in SRV_OF.items()}
_OPEN_TO = {roles: member for member, roles in ROLES_OF.items()}
_TARIFFS = {
    TariffKind.TWO_RATES_IDENTICAL: Tariff.IDENTICAL_PRICES,
    TariffKind.TWO_RATES_DIFFERENT: Tariff.DIFFERENT_PRICES,
    TariffKind.OTHER: Tariff.OTHER,
}


@attrs.frozen
class RecognisedRequest:
    """What a Service Request comes to in the model, at one of the devices that it names.

    Parameters
    ----------
    request: the request there.
    device: what is really known of the device that it is about, where the lifecycles look at one.
    notes: what was recognised in the real request, or why the lifecycles do not look into it.
    open_because: why it is not known whether such a request is accepted; nothing, where it is.
    """

    request: Request
    device: DeviceFacts | None
    notes: tuple[str, ...] = ()
    open_because: tuple[str, ...] = ()


@attrs.frozen
class _About:
    """The fields of a modelled request beside those that every request has; the device; and what was recognised."""

    fields: Mapping[str, Enum]
    device: DeviceFacts | None
    notes: tuple[str, ...] = ()


class _DoesNotFit(str):
    """Why a request and the device that it is about do not fit: what becomes of it no source says."""

    __slots__ = ()


_DELETED = "it is given as one with a value beyond a set limit: if it comes so far, it is deleted (SRP-1)"

_Recognised = _About | str
"""What a request is about, or why the lifecycles do not look into it."""


def recognised_requests(premises: Premises, duis: DuisRequest, sender: User) -> Iterator[RecognisedRequest]:
    """What a Service Request comes to, once for each device that it is sent to.

    Parameters
    ----------
    premises: where it is sent.
    duis: the request.
    sender: as whom its sender acts there.

    Raises
    ------
    DuisError: where it names a device that ties it to the premises, and that they do not know.
    """
    kind = _KIND_OF.get(duis.variant.srv, OtherServiceRequest)
    named = _named(duis, kind)
    for identity in named:
        if identity not in premises.devices and identity not in premises.other_devices:
            known = len(premises.devices) + len(premises.other_devices)
            raise DuisError(
                f"the request names the device {identity}, which is not among the {known} devices of the installation"
            )
    for identity in named or ("",):
        yield _recognised(premises, duis, sender, kind, identity)


def _named(duis: DuisRequest, kind: RequestType) -> tuple[str, ...]:
    """The devices that tie the request to the premises; none where it is for the DCC itself."""
    if kind is DecommissionDevice and duis.about is not None:
        return (duis.about,)
    return duis.targets if kind in FIRMWARE_REQUESTS or not duis.variant.non_device else ()


def _recognised(
    premises: Premises, duis: DuisRequest, sender: User, kind: RequestType, identity: str
) -> RecognisedRequest:
    used = str(duis.request_id) in premises.used
    common: dict[str, Enum] = {"sender": sender, request_id.name: RequestIdUse.REPEATED if used else RequestIdUse.NEW}
    caught, beyond = premises.screening(str(duis.request_id)), premises.data_values(str(duis.request_id))
    deleted = (_DELETED,) if beyond is DataValues.BEYOND else ()
    about = _FINITE_OF[kind](premises, duis, identity) if kind in _FINITE_OF else _About({}, None)
    if kind is not ActivateFirmware and kind in _FINITE_OF and duis.cancels:
        about = "it cancels a future-dated request, and the model holds future-dated activations of firmware only"
    if refusal(duis.variant, sender, premises) is not refusal(SERVICE_REQUESTS.get(duis.variant.srv), sender, premises):
        about = "the lifecycles are declared with other roles than those of the table that was given"
    if kind is OtherServiceRequest or isinstance(about, str):
        unfit = isinstance(about, _DoesNotFit)
        why = (f"the effect is not modelled: {about}",) if isinstance(about, str) and not unfit else ()
        other = OtherServiceRequest(**common, open_to=_open_to(duis.variant, sender, premises))
        facts = premises.devices.get(identity)
        unlisted = kind is OtherServiceRequest and identity in premises.other_devices
        taken = (f"the file says nothing of {identity}: it is taken to be commissioned",) if unlisted else ()
        return RecognisedRequest(
            other, facts, (*why, *taken, *_unscreened(caught, kind)), (str(about),) if unfit else deleted
        )
    if kind in DEVICE_REQUESTS:
        common[screening.name] = caught
        if kind is UpdateTariff:
            return RecognisedRequest(kind(**common, **about.fields, data_values=beyond), about.device, about.notes)
        return RecognisedRequest(kind(**common, **about.fields), about.device, about.notes, deleted)
    return RecognisedRequest(
        kind(**common, **about.fields), about.device, (*about.notes, *_unscreened(caught, kind)), deleted
    )


def refusal(variant: ServiceRequestVariant | None, sender: User, premises: Premises) -> AdmissionReason | None:
    """Why the roles that an SRV is open to refuse the sender at the premises, if they do (SYS-6, SYS-7)."""
    roles = frozenset() if variant is None else variant.roles
    registered = {
        Role.IMPORT_SUPPLIER: premises.state.electricity_supplier,
        Role.GAS_SUPPLIER: premises.state.gas_supplier,
        **USER_IN_ROLE,
    }
    if any(registered[role] is sender for role in roles):
        return None
    supply = roles & {Role.IMPORT_SUPPLIER, Role.GAS_SUPPLIER}
    return AdmissionReason.NOT_REGISTERED if sender in SUPPLIERS and supply else AdmissionReason.ROLE


def _open_to(variant: ServiceRequestVariant, sender: User, premises: Premises) -> Enum:
    """The set of roles that the SRV is open to; of a set that DCC's matrix lacks, one that refuses the sender alike."""
    if variant.roles in _OPEN_TO:
        return _OPEN_TO[variant.roles]
    wanted = refusal(variant, sender, premises)
    return next(
        member
        for roles, member in _OPEN_TO.items()
        if refusal(attrs.evolve(variant, roles=roles), sender, premises) is wanted
    )


def _unscreened(caught: Screening, kind: RequestType) -> tuple[str, ...]:
    """The note on a request that the file lists as caught by Anomaly Detection, and whose screening is not modelled."""
    if caught is Screening.PASSED:
        return ()
    caught_by_file = "the installation file says that Anomaly Detection catches it"
    if kind in INVENTORY_REQUESTS:
        return (f"{caught_by_file}, but what the DSP carries out itself does not come so far (MOD-37)",)
    return (f"{caught_by_file}: if it comes so far, it has no effect until it is released (SRP-1)",)


def _firmware(premises: Premises, _duis: DuisRequest, identity: str) -> _Recognised:
    facts = premises.devices.get(identity)
    return _not_looked_at(identity) if facts is None else _About({"target": facts.device}, facts)


def _activation(premises: Premises, duis: DuisRequest, identity: str) -> _Recognised:
    facts = premises.devices.get(identity)
    if facts is None:
        return _not_looked_at(identity)
    timing = Timing.IMMEDIATE if duis.execution is None else Timing.FUTURE_DATED
    image = Image.DELIVERED if duis.firmware_hash == facts.delivered_hash else Image.ANOTHER
    return _About(
        {"target": facts.device, "timing": Timing.CANCELLATION if duis.cancels else timing, "image": image}, facts
    )


def _meter(premises: Premises, duis: DuisRequest, identity: str) -> _Recognised:
    facts = premises.devices.get(identity)
    if facts is None:
        return _not_looked_at(identity)
    if facts.device not in meter.domain:
        return _DoesNotFit(f"SRV {duis.variant.srv} is for a meter, and {identity} is the {facts.device.value}")
    return _About({meter.name: facts.device}, facts)


def _tariff(premises: Premises, duis: DuisRequest, identity: str) -> _Recognised:
    about, tariff = _meter(premises, duis, identity), duis.tariff
    if isinstance(about, str) or tariff is None:
        return about
    if tariff.gas is not (about.fields[meter.name] is Device.GSME):
        sort = "a gas" if tariff.gas else "an electricity"
        return _DoesNotFit(f"it is {sort} tariff, and {identity} is the {about.fields[meter.name].value}")
    return attrs.evolve(
        about, fields={**about.fields, "tariff": _TARIFFS[tariff.kind]}, notes=(f"recognised: {_in_words(tariff)}",)
    )


def _in_words(tariff: DuisTariff) -> str:
    """What was recognised in a tariff, with its prices as the request has them: in the unit of its PriceScale."""
    if tariff.gas:
        return "a gas tariff, on which no auxiliary load switch depends"
    if tariff.blocks:
        return "a tariff with block registers, and so not a two-rate tariff"
    if len(tariff.rates) != 2:
        return f"a tariff with {len(tariff.rates)} time-of-use registers, and so not a two-rate tariff"
    (one, price), (other, other_price) = tariff.rates
    alike = tariff.kind is TariffKind.TWO_RATES_IDENTICAL
    prices = f"identical prices, {price}" if alike else f"different prices, {price} and {other_price}"
    return f"a two-rate tariff, registers {one} and {other} with {prices} (times its PriceScale)"


def _join(premises: Premises, duis: DuisRequest, identity: str) -> _Recognised:
    ends = (identity, duis.about or "")
    known = [premises.devices.get(end) for end in ends]
    ppmid = premises.the(Device.PPMID)
    if ppmid is None or ppmid not in known:
        return "it does not join the installation's PPMID, and no other Join is modelled"
    other = ends[1 - known.index(ppmid)]
    if other == ppmid.id or other not in premises.devices:
        return f"it joins the PPMID with {other}, which is not another device that the lifecycles look at"
    return _About({}, ppmid)


def _han_device_log(premises: Premises, duis: DuisRequest, identity: str) -> _Recognised:
    hub, facts = premises.devices.get(identity), premises.devices.get(duis.about or "")
    if hub is None or hub.device is not Device.CHF:
        return _DoesNotFit(f"the HAN device log is the CHF's, and it is sent to {identity}")
    if facts is None:
        return f"it is about {duis.about}, which is not a device of the installation that the lifecycles look at"
    if facts.device not in han_device.domain:
        return f"it is about the {facts.device.value}, which comes into no HAN device log of the model"
    change = LogChange.ADD if duis.adds else LogChange.REMOVE
    return _About({han_device.name: facts.device, "log_change": change}, facts)


def _pre_notification(premises: Premises, duis: DuisRequest, _identity: str) -> _Recognised:
    identity, sort = duis.about or "", duis.device_type
    wanted = next((known for known in han_device.domain if known.value == sort), None)
    if sort not in DEVICE_TYPES:
        return _DoesNotFit(
            f"its DeviceType is '{sort}': the sources name {', '.join(sorted(DEVICE_TYPES))}, in capitals, and "
            "whether DUIS has any other they do not say"
        )
    if not isinstance(wanted, Device):
        return f"the lifecycles follow the pre-notification of an ESME, a GSME or a PPMID, and not of this type: {sort}"
    if identity in premises.other_devices:
        return _not_looked_at(identity)
    known, present = premises.devices.get(identity), premises.the(wanted)
    if known is not None and known.device is not wanted:
        return _DoesNotFit(f"it says {sort}, and in the installation file {identity} is the {known.device.value}")
    status = premises.state.as_dict()[STATUS_OF[wanted].name]
    if known is None and status not in {SmiStatus.ABSENT, SmiStatus.DECOMMISSIONED}:
        its = f"{present.id}, and {status.value}" if present else "not in the installation file"
        return f"the model has one {wanted.value} for each installation, and this installation's is {its}"
    notes = (f"{identity} takes the place of {present.id}",) if present and known is None else ()
    return _About({han_device.name: wanted}, known or DeviceFacts(wanted, identity), notes)


def _decommissioning(premises: Premises, _duis: DuisRequest, identity: str) -> _Recognised:
    facts = premises.devices.get(identity)
    if facts is None:
        return _not_looked_at(identity)
    if facts.device not in device.domain:
        return f"in the model a {facts.device.value} goes with its Communications Hub"
    return _About({device.name: facts.device}, facts)


def _not_looked_at(identity: str) -> str:
    return f"the lifecycles do not look at the device {identity}"


_FINITE_OF: Mapping[RequestType, Callable[[Premises, DuisRequest, str], _Recognised]] = {
    **dict.fromkeys(FIRMWARE_REQUESTS, _firmware),
    ActivateFirmware: _activation,
    UpdateTariff: _tariff,
    CommissionDevice: _meter,
    JoinPpmid: _join,
    UpdateHanDeviceLog: _han_device_log,
    PreNotifyDevice: _pre_notification,
    DecommissionDevice: _decommissioning,
    UpdatePpmidFirmware: lambda _premises, _duis, _identity: _About({}, None),
}
"""How each SRV that the lifecycles look into is read."""
