"""From a request of the model to a DUIS Service Request: what `statemachines.smets1.edge.duis_to_model` reads it from.

At the premises that come with it, the document is read as the same request again. A fact of the premises is not in it:
that a RequestID was used before, and that Anomaly Detection catches it.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

import attrs
from lxml import etree

from statemachines.language.requests import Request, RequestType
from statemachines.smets1.duis import bodies
from statemachines.smets1.duis.bodies import element
from statemachines.smets1.duis.errors import UnwritableError
from statemachines.smets1.duis.reader import CANCELLATION, RequestId
from statemachines.smets1.duis.tariff_body import electricity_tariff, gas_tariff
from statemachines.smets1.duis.writer import DCC_ID, write_request
from statemachines.smets1.edge.premises import DeviceFacts, Premises
from statemachines.smets1.edge.specimen import IMAGES, MOMENT, FirmwareImage
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS, Role
from statemachines.smets1.vocabulary import (
    ROLES_OF,
    SRV_OF,
    ActivateFirmware,
    CommissionDevice,
    DataValues,
    DecommissionDevice,
    Device,
    Image,
    JoinPpmid,
    LogChange,
    OpenTo,
    OtherServiceRequest,
    PreNotifyDevice,
    ReadFirmwareVersion,
    RequestIdUse,
    Screening,
    Tariff,
    Timing,
    UpdateFirmware,
    UpdateHanDeviceLog,
    UpdatePpmidFirmware,
    UpdateTariff,
    data_values,
    device,
    han_device,
    image,
    log_change,
    meter,
    open_to,
    request_id,
    screening,
    sender,
    target,
    tariff,
    timing,
)

_LATER = timedelta(days=30)
_DAY = timedelta(days=1)
_PRICE, _CHEAPER = 16400, 8300
_ANOTHER_HASH = hashlib.sha256(b"an image that no device is sent").hexdigest().upper()


@attrs.frozen
class OutgoingRequest:
    """A request as it is sent.

    Parameters
    ----------
    document: the XML document, in UTF-8.
    request_id: its RequestID.
    premises: those at which it is the request that was to be written: its RequestID is used, or caught, as that says.
    """

    document: bytes
    request_id: RequestId
    premises: Premises


@attrs.frozen
class _Outgoing:
    """What a body is made from: the request, the premises, the moment it is sent, and the images that there are."""

    request: Request
    premises: Premises
    at: datetime
    images: Mapping[Device, FirmwareImage]

    def the(self, which: Device) -> DeviceFacts:
        """What is known of a device; `UnwritableError` where the premises do not know it."""
        facts = self.premises.the(which)
        if facts is None:
            raise UnwritableError(f"{self.request}: no EUI-64 of a {which.value} is known at the premises")
        return facts

    def named(self, field: str) -> DeviceFacts:
        """What is known of the device that a field of the request names."""
        return self.the(Device(self.request[field].value))

    def image(self, which: Device) -> FirmwareImage:
        """The image for a device; `UnwritableError` where there is none."""
        if which not in self.images:
            raise UnwritableError(f"{self.request}: there is no image for the {which.value}")
        return self.images[which]


@attrs.frozen
class _Form:
    """How a request is written: its SRV, which device it is sent to (or else to the DCC), and its body."""

    srv: str
    to: Callable[[_Outgoing], str]
    body: Callable[[_Outgoing], etree._Element]


def write(
    premises: Premises,
    request: Request,
    *,
    counter: int,
    at: datetime = MOMENT,
    images: Mapping[Device, FirmwareImage] = IMAGES,
) -> OutgoingRequest:
    """A Service Request of the model as a DUIS XML document.

    Parameters
    ----------
    premises: who is who; their state does not matter.
    request: of one of `statemachines.smets1.vocabulary.SERVICE_REQUEST_TYPES`.
    counter: the count in its RequestID, from 0 to 2^64-1.
    at: the moment it is sent; one for a later moment asks for 30 days after.
    images: the images that an update sends, by device.

    Raises
    ------
    UnwritableError: for what is no Service Request, for a sender or a device that the premises do not know, for the
        activation of the delivered image where they know of none, for a two-rate tariff of a gas meter (there is none,
        as the auxiliary load switch sees it), and for a new request whose RequestID was used.
    DuisError: where the counter, or an identity of the premises, is none.

    >>> from statemachines.smets1.installation import INSTALLATION
    >>> from statemachines.smets1.edge.specimen import specimen
    >>> from statemachines.smets1.vocabulary import User
    >>> request = DecommissionDevice(sender=User.SUPPLIER_A, device=Device.PPMID)
    >>> str(write(specimen(INSTALLATION.state()), request, counter=7).request_id)
    '02-00-00-00-00-00-00-0A:90-B3-D5-1F-30-00-00-02:7'
    """
    form = _form(request)
    outgoing = _Outgoing(request, premises, at, images)
    identity = RequestId(_sender(premises, request), form.to(outgoing), counter)
    identifier = str(identity)
    if request[request_id.name] is RequestIdUse.REPEATED:
        premises = attrs.evolve(premises, used=premises.used | {identifier})
    elif identifier in premises.used:
        raise UnwritableError(f"{request}: the RequestID {identifier} was used before, expected another counter")
    premises = _screened(premises, request, identifier)
    return OutgoingRequest(write_request(identity, SERVICE_REQUESTS[form.srv], form.body(outgoing)), identity, premises)


def _form(request: Request) -> _Form:
    if request.type is OtherServiceRequest:
        return _OTHERS[ROLES_OF[OpenTo(request[open_to.name].value)]]
    if request.type not in _FORMS:
        raise UnwritableError(f"{request}: an event, and no Service Request")
    to, body = _FORMS[request.type]
    return _Form(SRV_OF[request.type], to, body)


def _sender(premises: Premises, request: Request) -> str:
    acting = request[sender.name]
    known = [identity for identity, acts_as in premises.users.items() if acts_as[:1] == (acting,)]
    if not known:
        raise UnwritableError(f"{request}: no EUI-64 of {acting.value} is known at the premises")
    return known[0]


def _screened(premises: Premises, request: Request, identifier: str) -> Premises:
    """The premises at which Anomaly Detection makes of the request what it says, if it says it."""
    if not any(field is screening for field in request.type.fields):
        return premises
    if request.type is UpdateTariff:
        others, beyond = premises.beyond_limits - {identifier}, request[data_values.name] is DataValues.BEYOND
        premises = attrs.evolve(premises, beyond_limits=others | {identifier} if beyond else others)
    if request[screening.name] is Screening.PASSED:
        return attrs.evolve(premises, held=premises.held - {identifier}, dropped=premises.dropped - {identifier})
    return premises if identifier in premises.dropped else attrs.evolve(premises, held=premises.held | {identifier})


def _to(field: str) -> Callable[[_Outgoing], str]:
    return lambda outgoing: outgoing.named(field).id


def _to_the(which: Device) -> Callable[[_Outgoing], str]:
    return lambda outgoing: outgoing.the(which).id


def _to_the_dcc(_outgoing: _Outgoing) -> str:
    return DCC_ID


def _update(outgoing: _Outgoing) -> etree._Element:
    facts = outgoing.named(target.name)
    sent = outgoing.image(facts.device)
    return bodies.update_firmware(sent.content, sent.version, [facts.id])


def _update_ppmid(outgoing: _Outgoing) -> etree._Element:
    sent = outgoing.image(Device.PPMID)
    return bodies.update_ppmid_firmware(sent.content, sent.version, [outgoing.the(Device.PPMID).id])


def _activation(outgoing: _Outgoing) -> etree._Element:
    facts = outgoing.named(target.name)
    named = facts.delivered_hash if outgoing.request[image.name] is Image.DELIVERED else _ANOTHER_HASH
    if named is None:
        raise UnwritableError(f"{outgoing.request}: no image is known to be delivered to the {facts.device.value}")
    when = {Timing.IMMEDIATE: None, Timing.FUTURE_DATED: outgoing.at + _LATER, Timing.CANCELLATION: CANCELLATION}
    return bodies.activate_firmware(named, when[Timing(outgoing.request[timing.name].value)])


def _tariff(outgoing: _Outgoing) -> etree._Element:
    asked = outgoing.request[tariff.name]
    if outgoing.request[meter.name] is Device.GSME:
        if asked is not Tariff.OTHER:
            raise UnwritableError(f"{outgoing.request}: a gas tariff has no two rates as the load switch sees it")
        return gas_tariff(_PRICE)
    prices = {
        Tariff.IDENTICAL_PRICES: (_PRICE, _PRICE),
        Tariff.DIFFERENT_PRICES: (_PRICE, _CHEAPER),
        Tariff.OTHER: (_PRICE,),
    }
    return electricity_tariff(prices[Tariff(asked.value)])


def _pre_notification(outgoing: _Outgoing) -> etree._Element:
    facts = outgoing.named(han_device.name)
    return bodies.pre_notify_device(facts.id, facts.device.value, facts.version or "00000000")


def _han_device_log(outgoing: _Outgoing) -> etree._Element:
    adds = outgoing.request[log_change.name] is LogChange.ADD
    return bodies.update_han_device_log(outgoing.named(han_device.name).id, adds=adds)


_FORMS: Mapping[RequestType, tuple[Callable[[_Outgoing], str], Callable[[_Outgoing], etree._Element]]] = (
    MappingProxyType(
        {
            UpdateFirmware: (_to_the_dcc, _update),
            ReadFirmwareVersion: (_to(target.name), lambda _: element("ReadFirmwareVersion")),
            ActivateFirmware: (_to(target.name), _activation),
            UpdatePpmidFirmware: (_to_the_dcc, _update_ppmid),
            UpdateTariff: (_to(meter.name), _tariff),
            PreNotifyDevice: (_to_the_dcc, _pre_notification),
            UpdateHanDeviceLog: (_to_the(Device.CHF), _han_device_log),
            CommissionDevice: (_to(meter.name), lambda outgoing: bodies.commission_device(outgoing.at)),
            JoinPpmid: (_to_the(Device.PPMID), lambda outgoing: bodies.join_device(outgoing.the(Device.ESME).id)),
            DecommissionDevice: (
                _to_the_dcc,
                lambda outgoing: bodies.decommission_device(outgoing.named(device.name).id),
            ),
        }
    )
)
"""How each request that the lifecycles look into is written; its SRV is in `statemachines.smets1.vocabulary.SRV_OF`."""


def _empty(srv: str, which: Device, name: str) -> _Form:
    return _Form(srv, _to_the(which), lambda _: element(name))


def _reads_log(srv: str, which: Device, name: str, *more: tuple[str, str]) -> _Form:
    """A request for a day of a log."""
    return _Form(
        srv,
        _to_the(which),
        lambda outgoing: element(
            name,
            bodies.log_period(outgoing.at - _DAY, outgoing.at),
            *(element(name, text) for name, text in more),
        ),
    )


def _opt_in(outgoing: _Outgoing) -> etree._Element:
    facts = outgoing.the(Device.ESME)
    return bodies.opt_in(facts.id, facts.device.value, outgoing.at.date())


def _schedule(_outgoing: _Outgoing) -> etree._Element:
    return element("ReadSchedule", element("DSPScheduleID", "1"))


_OTHERS: Mapping[frozenset[Role], _Form] = MappingProxyType(
    {
        SERVICE_REQUESTS[form.srv].roles: form
        for form in (
            _empty("3.5", Device.ESME, "DisablePrivacyPIN"),
            _empty("7.1", Device.ESME, "EnableSupply"),
            _empty("4.1.1", Device.ESME, "ReadInstantaneousImportRegisters"),
            _empty("4.16", Device.ESME, "ReadActivePowerImport"),
            _empty("4.1.4", Device.GPF, "ReadInstantaneousImportBlockCounters"),
            _empty("4.2", Device.ESME, "ReadInstantaneousExportRegisters"),
            _reads_log("4.6.2", Device.ESME, "RetrieveExportDailyReadLog"),
            _reads_log("4.17", Device.ESME, "RetrieveDailyConsumptionLog"),
            _empty("7.7", Device.ESME, "ReadALCSData"),
            _reads_log("4.8.3", Device.ESME, "ReadExportProfileData"),
            _empty("4.11.1", Device.ESME, "ReadTariffPrimaryElement"),
            _empty("4.11.2", Device.ESME, "ReadTariffSecondaryElement"),
            _Form("5.2", _to_the_dcc, _schedule),
            _empty("6.2.1", Device.ESME, "ReadDeviceConfigurationVoltage"),
            _empty("6.2.9", Device.ESME, "ReadDeviceConfigurationPaymentMode"),
            _empty("6.2.7", Device.ESME, "ReadDeviceConfigurationMPxN"),
            _empty("6.2.5", Device.ESME, "ReadDeviceConfigurationInstantaneousPowerThresholds"),
            _empty("6.2.8", Device.GSME, "ReadDeviceConfigurationGas"),
            _empty("6.2.10", Device.ESME, "ReadDeviceConfigurationEventAndAlertBehaviours"),
            _empty("6.27", Device.ESME, "UpdateDeviceConfigurationRMSVoltageCounterReset"),
            _reads_log("6.13", Device.ESME, "ReadEventOrSecurityLog", ("LogToRead", "Event")),
            _empty("7.4", Device.ESME, "ReadSupplyStatus"),
            _Form("8.6", _to_the_dcc, _opt_in),
            _empty("9.1", Device.ESME, "RequestCustomerIdentificationNumber"),
            _empty("14.1", Device.GSME, "RecordNetworkDataGAS"),
        )
    }
)
"""For each set of roles, an SRV that is open to them and that the lifecycles do not look into."""
