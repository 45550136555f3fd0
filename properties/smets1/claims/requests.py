"""Claims about every Service Request: its way through the parties, roles, registration and RequestIDs.

They are written from the rules and share no condition with the gates that they judge.
Sources: SYS-1, SYS-4, SYS-6, SYS-7, SRP-2, SRP-3, MIG-6, COM-2 and the assumptions MOD-8, MOD-13, MOD-15, MOD-37,
MOD-40.
"""

from statemachines import Reached, Variable, after, always, is_a
from statemachines.language.expression import Expr, conjunction, disjunction
from statemachines.smets1.admission import AdmissionReason
from statemachines.smets1.auxiliary_load import TariffReason, load_switch
from statemachines.smets1.commissioning import (
    CommissioningReason,
    SmiStatus,
    chf_status,
    esme_status,
    gsme_status,
    ppmid_status,
)
from statemachines.smets1.firmware import FirmwareReason, chf_firmware, esme_firmware, gsme_firmware, ppmid_firmware
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.key_package import KeyReason
from statemachines.smets1.migration import Migration, migration
from statemachines.smets1.reasons import reason
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS, Role
from statemachines.smets1.supply import electricity_supplier, gas_supplier
from statemachines.smets1.vocabulary import (
    DEVICE_REQUESTS,
    FIRMWARE_REQUESTS,
    INVENTORY_REQUESTS,
    ROLES_OF,
    SERVICE_REQUEST_TYPES,
    SRV_OF,
    SUPPLIERS,
    UPGRADE_REQUESTS,
    USER_IN_ROLE,
    ActivateFirmware,
    CommissionDevice,
    DecommissionDevice,
    Device,
    JoinPpmid,
    OtherServiceRequest,
    Outcome,
    Party,
    PreNotifyDevice,
    ReadFirmwareVersion,
    RequestIdUse,
    UpdateFirmware,
    UpdateHanDeviceLog,
    UpdateTariff,
    User,
    decided_at,
    device,
    han_device,
    meter,
    open_to,
    outcome,
    request_id,
    sender,
    target,
)

SERVICE_REQUEST = is_a(*SERVICE_REQUEST_TYPES)
FIRMWARE_REQUEST = is_a(*FIRMWARE_REQUESTS)
UPGRADE = is_a(*UPGRADE_REQUESTS)
ACCEPTED = outcome == Outcome.ACCEPTED
NOTHING_CHANGES = conjunction(*(after(variable) == variable for variable in INSTALLATION.variables))
FIRMWARE = (ppmid_firmware, esme_firmware, gsme_firmware, chf_firmware)
CRITICAL_COMMANDS = (ActivateFirmware, UpdateTariff, CommissionDevice)
AT_DEVICES: tuple[Variable, ...] = (*FIRMWARE, esme_status, gsme_status, load_switch)
SOMETHING_CHANGES_THERE = disjunction(*(after(variable) != variable for variable in AT_DEVICES))
COMMISSIONED = disjunction(
    (target == Device.PPMID) & (ppmid_status == SmiStatus.COMMISSIONED),
    (target == Device.ESME) & (esme_status == SmiStatus.COMMISSIONED),
    (target == Device.GSME) & (gsme_status == SmiStatus.COMMISSIONED),
    target.is_in(Device.CHF, Device.GPF) & (chf_status == SmiStatus.COMMISSIONED),
)


def entitled(roles: frozenset[Role]) -> Expr:
    """The sender has one of these roles at the premises: a Supplier by registration, another User by what it is."""
    ways = [sender == user for role, user in USER_IN_ROLE.items() if role in roles]
    if Role.IMPORT_SUPPLIER in roles:
        ways.append(sender == electricity_supplier)
    if Role.GAS_SUPPLIER in roles:
        ways.append(sender == gas_supplier)
    return disjunction(*ways)


def of_a_role(roles: frozenset[Role]) -> Expr:
    """Whether the sender is of one of the roles, or a Supplier that might be registered in one."""
    users = [user for role, user in USER_IN_ROLE.items() if role in roles]
    return sender.is_in(*users, *(SUPPLIERS if roles & {Role.IMPORT_SUPPLIER, Role.GAS_SUPPLIER} else ()))


OPEN_TO_EVERY_ROLE = tuple(kind for kind, srv in SRV_OF.items() if SERVICE_REQUESTS[srv].roles == frozenset(Role))
OF_THE_ROLE = {
    **{kind: of_a_role(SERVICE_REQUESTS[srv].roles) for kind, srv in SRV_OF.items()},
    OtherServiceRequest: disjunction(*((open_to == member) & of_a_role(roles) for member, roles in ROLES_OF.items())),
}
ENTITLED = {
    **{kind: entitled(SERVICE_REQUESTS[srv].roles) for kind, srv in SRV_OF.items()},
    OtherServiceRequest: disjunction(*((open_to == member) & entitled(roles) for member, roles in ROLES_OF.items())),
}

REJECTED_BY_THE_DSP = (outcome == Outcome.REJECTED) & (decided_at == Party.DSP)
KNOWN = SERVICE_REQUEST & (request_id == RequestIdUse.NEW) & (migration == Migration.MIGRATED)
"""A Service Request with which neither its RequestID nor the migration is at fault."""
FIRMWARE_ENTITLED = disjunction(*(is_a(kind) & ENTITLED[kind] for kind in FIRMWARE_REQUESTS))
REACHED_BY_THE_HUB = chf_status != SmiStatus.DECOMMISSIONED
UPGRADE_IN_PLACE = KNOWN & UPGRADE & FIRMWARE_ENTITLED & COMMISSIONED & REACHED_BY_THE_HUB
"""A firmware upgrade with which nothing is at fault, but perhaps whose firmware it is and what comes after that."""
OPEN_TO_NO_SUPPLIER = is_a(OtherServiceRequest) & open_to.is_in(
    *(member for member, roles in ROLES_OF.items() if not roles & {Role.IMPORT_SUPPLIER, Role.GAS_SUPPLIER})
)
ACCEPTED_FOR = {
    UpdateFirmware: (FirmwareReason.DELIVERED,),
    ReadFirmwareVersion: (FirmwareReason.VERSION_READ,),
    ActivateFirmware: (FirmwareReason.ACTIVATED, FirmwareReason.ACTIVATION_HELD, FirmwareReason.CANCELLED),
    UpdateTariff: (TariffReason.TARIFF_APPLIED,),
    PreNotifyDevice: (CommissioningReason.PRE_NOTIFIED,),
    UpdateHanDeviceLog: (CommissioningReason.LOG_UPDATED,),
    CommissionDevice: (CommissioningReason.COMMISSIONED,),
    JoinPpmid: (CommissioningReason.JOINED,),
    DecommissionDevice: (CommissioningReason.DECOMMISSIONED,),
}
"""What each Service Request comes to that is accepted."""

IN_ORDER = (
    always(
        "the DSP asks first whether the RequestID is new",
        when=SERVICE_REQUEST & (request_id == RequestIdUse.REPEATED),
        then=REJECTED_BY_THE_DSP & (reason == AdmissionReason.REPEATED),
        rules="MOD-8 MOD-48",
    ),
    always(
        "the DSP asks next whether the installation is migrated",
        when=SERVICE_REQUEST & (request_id == RequestIdUse.NEW) & (migration != Migration.MIGRATED),
        then=REJECTED_BY_THE_DSP & (reason == AdmissionReason.NOT_MIGRATED),
        rules="MIG-6 MOD-8",
    ),
    *(
        always(
            f"{kind.label} from a role that it is not open to is rejected",
            when=KNOWN & is_a(kind) & ~of_the_role,
            then=outcome == Outcome.REJECTED,
            rules="SYS-6 SYS-7",
        )
        for kind, of_the_role in OF_THE_ROLE.items()
        if kind not in OPEN_TO_EVERY_ROLE
    ),
    *(
        always(
            f"the DSP asks next whether role and registration let the sender send {kind.label}",
            when=KNOWN & is_a(kind) & ~may_send,
            then=REJECTED_BY_THE_DSP & reason.is_in(AdmissionReason.ROLE, AdmissionReason.NOT_REGISTERED),
            rules="MOD-8 MOD-46 MOD-51",
        )
        for kind, may_send in ENTITLED.items()
    ),
    always(
        "the DSP asks next whether the device of a firmware request is commissioned",
        when=KNOWN & FIRMWARE_ENTITLED & ~COMMISSIONED,
        then=REJECTED_BY_THE_DSP & (reason == CommissioningReason.NOT_COMMISSIONED),
        rules="COM-2 MOD-8",
    ),
    always(
        "a firmware request for a PPMID that is absent is one for a device that is not commissioned",
        when=KNOWN & FIRMWARE_ENTITLED & (target == Device.PPMID) & (ppmid_status == SmiStatus.ABSENT),
        then=REJECTED_BY_THE_DSP & (reason == CommissioningReason.NOT_COMMISSIONED),
        rules="MOD-13 MOD-45",
    ),
    always(
        "a firmware request for a gas meter is one for a device that is not commissioned where there is no gas",
        when=KNOWN & FIRMWARE_ENTITLED & (target == Device.GSME) & (gas_supplier == User.NOBODY),
        then=REJECTED_BY_THE_DSP & (reason == CommissioningReason.NOT_COMMISSIONED),
        rules="MOD-13 MOD-45",
    ),
    always(
        "commissioning, decommissioning or pre-notifying a gas meter where there is no gas is refused for that",
        when=KNOWN
        & (gas_supplier == User.NOBODY)
        & disjunction(
            *(
                is_a(kind) & ENTITLED[kind] & (named == Device.GSME)
                for kind, named in (
                    (CommissionDevice, meter),
                    (DecommissionDevice, device),
                    (PreNotifyDevice, han_device),
                )
            )
        ),
        then=REJECTED_BY_THE_DSP & (reason == CommissioningReason.NO_GAS),
        rules="MOD-40 MOD-45",
    ),
    always(
        "nothing is refused for its device that is commissioned",
        when=FIRMWARE_REQUEST & COMMISSIONED,
        then=reason.is_in(*reason.values - {CommissioningReason.NOT_COMMISSIONED}),
        rules="COM-2",
    ),
    always(
        "a Supplier is refused for its role only where the SRV is open to no Supplier",
        when=KNOWN & sender.is_in(*SUPPLIERS) & (reason == AdmissionReason.ROLE),
        then=OPEN_TO_NO_SUPPLIER,
        rules="SYS-6 SYS-7",
    ),
    always(
        "a Supplier is refused for its registration only where the SRV is open to Suppliers",
        when=KNOWN & (reason == AdmissionReason.NOT_REGISTERED),
        then=sender.is_in(*SUPPLIERS) & ~OPEN_TO_NO_SUPPLIER,
        rules="MOD-46",
    ),
    always(
        "a User that is no Supplier is never refused for a registration",
        when=SERVICE_REQUEST & ~sender.is_in(*SUPPLIERS),
        then=reason.is_in(*reason.values - {AdmissionReason.NOT_REGISTERED}),
        rules="MOD-46",
    ),
)

ON_THE_WAY = (
    always(
        "what comes to the DCO or to the device has come to the S1SP",
        when=SERVICE_REQUEST & (Reached(Party.DCO) | Reached(Party.DEVICE)),
        then=Reached(Party.S1SP),
        rules="MOD-44",
    ),
    always(
        "what the S1SP has the last word on goes no further",
        when=SERVICE_REQUEST & (decided_at == Party.S1SP),
        then=~Reached(Party.DCO) & ~Reached(Party.DEVICE),
        rules="MOD-44",
    ),
    always(
        "what the DCO refuses goes no further",
        when=SERVICE_REQUEST & (decided_at == Party.DCO),
        then=~Reached(Party.DEVICE) & (outcome == Outcome.REJECTED),
        rules="MOD-37 MOD-44",
    ),
    *(
        always(
            f"what the {party.value} rejects, it rejects because {' or '.join(why.value for why in reasons)}",
            when=SERVICE_REQUEST & (outcome == Outcome.REJECTED) & (decided_at == party),
            then=reason.is_in(*reasons),
            rules=f"{rules} MOD-37",
        )
        for party, reasons, rules in (
            (Party.S1SP, (FirmwareReason.GPF_FIRMWARE,), "MOD-7"),
            (Party.DCO, (KeyReason.NO_KEYS,), "MOD-14"),
            (
                Party.DEVICE,
                (FirmwareReason.NOTHING_PENDING, FirmwareReason.NO_IMAGE, FirmwareReason.ANOTHER_IMAGE),
                "MOD-4 MOD-12 MOD-50",
            ),
        )
    ),
    always(
        "a Service Request is accepted, rejected, held, deleted, left unprocessed or answered with an alert",
        when=SERVICE_REQUEST,
        then=outcome.is_in(
            Outcome.ACCEPTED,
            Outcome.REJECTED,
            Outcome.HELD,
            Outcome.DELETED,
            Outcome.NOT_PROCESSED,
            Outcome.ALERT,
        ),
        rules="SRP-2 SRP-1 PPMID-8 READ-2",
    ),
    always(
        "only Critical Commands come to the DCO",
        when=SERVICE_REQUEST & Reached(Party.DCO),
        then=is_a(*CRITICAL_COMMANDS),
        rules="SYS-1",
    ),
    always(
        "what is accepted and goes to a device is answered by the device",
        when=is_a(*DEVICE_REQUESTS) & ACCEPTED,
        then=decided_at == Party.DEVICE,
        rules="SRP-2 SYS-1",
    ),
    *(
        always(
            f"{kind.label} is accepted for what it comes to: {' or '.join(why.value for why in reasons)}",
            when=is_a(kind) & ACCEPTED,
            then=reason.is_in(*reasons),
            rules="SRP-2",
        )
        for kind, reasons in ACCEPTED_FOR.items()
    ),
    always(
        "an update of firmware is answered when the image is with the device",
        when=is_a(UpdateFirmware) & ACCEPTED,
        then=Reached(Party.DEVICE) & (decided_at == Party.DEVICE),
        rules="MOD-15",
    ),
    always(
        "what the DSP carries out itself it answers itself",
        when=SERVICE_REQUEST & ~is_a(*DEVICE_REQUESTS),
        then=(decided_at == Party.DSP) & outcome.is_in(Outcome.ACCEPTED, Outcome.REJECTED),
        rules="MOD-37",
    ),
    always(
        "a Service Request that is not modelled yet is accepted from whoever may send it, and changes nothing",
        when=KNOWN & is_a(OtherServiceRequest) & ENTITLED[OtherServiceRequest],
        then=ACCEPTED & (reason == AdmissionReason.NOT_MODELLED) & NOTHING_CHANGES,
        rules="SYS-6",
    ),
)

CLAIMS = (
    always(
        "a repeated RequestID is rejected and changes nothing",
        when=SERVICE_REQUEST & (request_id == RequestIdUse.REPEATED),
        then=(outcome == Outcome.REJECTED) & NOTHING_CHANGES,
        rules="MOD-48",
    ),
    always(
        "only a repeated RequestID is rejected as a repeat",
        when=reason == AdmissionReason.REPEATED,
        then=request_id == RequestIdUse.REPEATED,
        rules="MOD-48",
    ),
    always(
        "before migration every Service Request is rejected and changes nothing",
        when=SERVICE_REQUEST & (migration != Migration.MIGRATED),
        then=(outcome == Outcome.REJECTED) & NOTHING_CHANGES,
        rules="MIG-6",
    ),
    *(
        always(
            f"{kind.label} is accepted only from a role that it is open to",
            when=is_a(kind) & ACCEPTED,
            then=of_the_role,
            rules="SYS-6 SYS-7",
        )
        for kind, of_the_role in OF_THE_ROLE.items()
    ),
    *(
        always(
            f"{kind.label} is accepted from a Supplier only where it is registered",
            when=is_a(kind) & ACCEPTED & sender.is_in(*SUPPLIERS),
            then=may_send,
            rules="MOD-46",
        )
        for kind, may_send in ENTITLED.items()
    ),
    *(
        always(
            f"{kind.label} from a role that it is open to is not refused for the role",
            when=is_a(kind) & of_the_role,
            then=reason != AdmissionReason.ROLE,
            rules="SYS-6 SYS-7",
        )
        for kind, of_the_role in OF_THE_ROLE.items()
    ),
    *(
        always(
            f"{kind.label} from whoever may send it is not refused for the registration",
            when=is_a(kind) & may_send,
            then=reason != AdmissionReason.NOT_REGISTERED,
            rules="MOD-46",
        )
        for kind, may_send in ENTITLED.items()
    ),
    always(
        "a Service Request that is not accepted changes nothing",
        when=SERVICE_REQUEST & ~ACCEPTED,
        then=NOTHING_CHANGES,
        rules="SYS-7 KEY-5 MOD-48",
    ),
    always(
        "firmware requests reach commissioned devices only",
        when=FIRMWARE_REQUEST & ~COMMISSIONED,
        then=~Reached(Party.DEVICE) & NOTHING_CHANGES,
        rules="COM-2",
    ),
    always(
        "no firmware request reaches a GPF whose CHF is not commissioned",
        when=FIRMWARE_REQUEST & (target == Device.GPF) & (chf_status != SmiStatus.COMMISSIONED),
        then=~Reached(Party.DEVICE),
        rules="COM-2 COM-3",
    ),
    always(
        "every Service Request comes to the DSP",
        when=SERVICE_REQUEST,
        then=Reached(Party.DSP),
        rules="SYS-1",
    ),
    always(
        "what the DSP rejects goes no further",
        when=SERVICE_REQUEST & (outcome == Outcome.REJECTED) & (decided_at == Party.DSP),
        then=~Reached(Party.S1SP) & ~Reached(Party.DCO) & ~Reached(Party.DEVICE),
        rules="MOD-44",
    ),
    always(
        "a firmware request that is accepted has come through the S1SP to the device",
        when=FIRMWARE_REQUEST & ACCEPTED,
        then=Reached(Party.S1SP) & Reached(Party.DEVICE),
        rules="SYS-1",
    ),
    always(
        "nothing comes to the S1SP but by way of the DSP, and with a new RequestID",
        when=is_a(*DEVICE_REQUESTS) & Reached(Party.S1SP),
        then=Reached(Party.DSP) & (request_id == RequestIdUse.NEW),
        rules="MOD-44 MOD-48",
    ),
    always(
        "what the matrix has as no request to a device comes to none",
        when=is_a(*INVENTORY_REQUESTS),
        then=~Reached(Party.DEVICE),
        rules="SYS-6",
    ),
    always(
        "what the inventory alone is asked goes no further than the DSP",
        when=is_a(*INVENTORY_REQUESTS),
        then=~Reached(Party.S1SP),
        rules="MOD-37",
    ),
    always(
        "no Critical Command has an effect without the DCO's part in it",
        when=is_a(*CRITICAL_COMMANDS) & (ACCEPTED | SOMETHING_CHANGES_THERE),
        then=Reached(Party.DCO),
        rules="SRP-3 SYS-1",
    ),
    *IN_ORDER,
    *ON_THE_WAY,
)
