"""Why it is not known what becomes of a request: what the sources at hand leave open of DUIS itself.

The model would accept such a request, for nothing in it says otherwise; but that would be a guess. Each reason names
what is unknown, and the rule that it goes back to.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import attrs

from statemachines.smets1.commissioning import STATUS_OF, SmiStatus
from statemachines.smets1.duis.errors import DuisError
from statemachines.smets1.duis.reader import DuisRequest
from statemachines.smets1.duis.templates import KNOWN_SCHEMA_VERSIONS, TEMPLATES
from statemachines.smets1.edge.duis_to_model import RecognisedRequest
from statemachines.smets1.edge.premises import Premises
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS, Role, ServiceRequestVariant
from statemachines.smets1.vocabulary import SRV_OF, USER_IN_ROLE, Device, OtherServiceRequest, UpdatePpmidFirmware

SRV_11_4_SINCE = date(2021, 11, 4)
"""The day on which the modification that brought SRV 11.4 came into force (SRM-1)."""

_NON_CRITICAL, _LOCAL_ONLY, _TO_TRANSFORM, _SIGNED, _OF_THE_DCC = (1, 2, 3), 2, 4, (5, 6, 7), 8
"""The CommandVariants by what they are for, as DCC's own tools have them."""

_ELECTRICITY, _GAS = "electricity", "gas"
_FUEL_OF = {Device.ESME: _ELECTRICITY, Device.GSME: _GAS}
_FUELS_OF = {
    Role.IMPORT_SUPPLIER: (_ELECTRICITY,),
    Role.EXPORT_SUPPLIER: (_ELECTRICITY,),
    Role.GAS_SUPPLIER: (_GAS,),
    Role.ELECTRICITY_DISTRIBUTOR: (_ELECTRICITY,),
    Role.GAS_TRANSPORTER: (_GAS,),
    Role.REGISTERED_SUPPLIER_AGENT: (_ELECTRICITY, _GAS),
    Role.OTHER_USER: (_ELECTRICITY, _GAS),
}
"""The fuels that each role is about; an agent's and an Other User's may be either."""


@attrs.frozen
class UnknownOutcome:
    """Why the outcome of a request is not known, and the ids of the rules that this goes back to."""

    why: str
    rules: tuple[str, ...] = ("SRM-1",)


def day_of(premises: Premises) -> date:
    """The day on which requests are judged."""
    return premises.on or datetime.now(UTC).date()


def expect_in_force(premises: Premises, variant: ServiceRequestVariant) -> None:
    """Refuse SRV 11.4 before its day, unless a user's own table of SRVs has it; `DuisError`."""
    srv = SRV_OF[UpdatePpmidFirmware]
    if variant is SERVICE_REQUESTS[srv] and day_of(premises) < SRV_11_4_SINCE:
        raise DuisError(
            f"SRV {srv} is in force from 4 November 2021, and the day that is judged is {day_of(premises)}: "
            "before its day there is no such request (SRM-1)"
        )


def no_role_named(duis: DuisRequest) -> UnknownOutcome | None:
    """The matrix names no role for the SRV: it is silent, and does not say that the SRV is open to nobody."""
    if duis.variant.roles:
        return None
    return UnknownOutcome(
        f"the matrix names no role that SRV {duis.variant.srv} is open to: who may send it is not said", ("SYS-6",)
    )


def unknown_outcomes(premises: Premises, duis: DuisRequest, recognised: RecognisedRequest) -> Iterator[UnknownOutcome]:
    """Why it is not known whether a request is accepted that nothing in the model refuses.

    Parameters
    ----------
    premises: where it is sent.
    duis: the request as it was read.
    recognised: what it comes to at one of the devices that it names.
    """
    yield from map(UnknownOutcome, recognised.open_because)
    if duis.schema_version not in KNOWN_SCHEMA_VERSIONS:
        known = ", ".join(sorted(KNOWN_SCHEMA_VERSIONS))
        yield UnknownOutcome(f"its schemaVersion is '{duis.schema_version}', and the sources name {known} only")
    yield from _command_variant(duis)
    if duis.variant.non_device and duis.request_id.target in premises.devices:
        yield UnknownOutcome(
            f"SRV {duis.variant.srv} is answered by the DCC itself, and is sent to {duis.request_id.target}"
        )
    if duis.execution is not None and not duis.cancels and duis.execution.date() <= day_of(premises):
        yield UnknownOutcome(
            f"its ExecutionDateTime, {duis.execution:%Y-%m-%d %H:%M}, is not after the day that is judged, "
            f"{day_of(premises)}: whether it is carried out at once or refused is not said",
            ("SYS-6",),
        )
    if recognised.request.type is OtherServiceRequest and recognised.device is not None and not duis.variant.non_device:
        yield from _at_device(premises, duis, recognised.device.device)


def _command_variant(duis: DuisRequest) -> Iterator[UnknownOutcome]:
    """The CommandVariant is not one for such an SRV, or leaves it to the User to bring the command to the device."""
    variant, given = duis.variant, duis.command_variant
    fitting: tuple[int, ...] = _NON_CRITICAL
    if variant.non_device:
        fitting, sort = (_OF_THE_DCC,), "answered by the DCC itself"
    elif variant.critical:
        fitting, sort = (_TO_TRANSFORM,), "a Critical Command"
    else:
        sort = "no Critical Command"
    if given in _SIGNED:
        yield UnknownOutcome(
            f"its CommandVariant, {given}, is one of a Signed Pre-Command, and the document is a Request"
        )
    elif given not in fitting:
        expected = " or ".join(map(str, fitting))
        yield UnknownOutcome(
            f"its CommandVariant is {given}, and SRV {variant.srv} is {sort}: DCC's tools have {expected} for it; "
            "how DUIS varies that for SMETS1 devices, and what becomes of another, is not at hand"
        )
    elif given == _LOCAL_ONLY:
        yield UnknownOutcome(
            "its CommandVariant, 2, has the command returned to the User, who brings it to the device or not"
        )


def _fuels(premises: Premises, duis: DuisRequest) -> set[str]:
    """The fuels of the roles that the sender has at the premises and that the SRV is open to."""
    user_in = {
        Role.IMPORT_SUPPLIER: premises.state.electricity_supplier,
        Role.GAS_SUPPLIER: premises.state.gas_supplier,
        **USER_IN_ROLE,
    }
    acts_as = premises.users[duis.request_id.originator]
    return {fuel for role in duis.variant.roles if user_in[role] in acts_as for fuel in _FUELS_OF[role]}


def _at_device(premises: Premises, duis: DuisRequest, device: Device) -> Iterator[UnknownOutcome]:
    """The device may be none for the SRV or its sender, or not be reached: of SRVs that no lifecycle looks into."""
    template = TEMPLATES.get(duis.variant.srv)
    if template is not None and template.devices is not None and device.value not in template.devices:
        shown = " or ".join(sorted(template.devices))
        yield UnknownOutcome(
            f"SRV {duis.variant.srv} is sent to the {device.value}, and DCC's templates have it for {shown} only"
        )
    if (fuel := _FUEL_OF.get(device)) is not None and fuel not in _fuels(premises, duis):
        yield UnknownOutcome(
            f"the {device.value} measures {fuel}, and the sender's role is not one of {fuel}: whether SRV "
            f"{duis.variant.srv} is accepted then is not said",
            ("SYS-7",),
        )
    values = premises.state.as_dict()
    for which in dict.fromkeys((device, Device.CHF)):
        status = values[STATUS_OF[which].name]
        wanted = {SmiStatus.COMMISSIONED} if which is device else set(SmiStatus) - {SmiStatus.DECOMMISSIONED}
        if status not in wanted:
            yield UnknownOutcome(
                f"the {which.value} is {status.value}: whether SRV {duis.variant.srv} is accepted then is not said",
                ("COM-1",),
            )
