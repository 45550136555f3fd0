"""Claims about every Service Request: its way through the parties, roles, registration and RequestIDs.

They are written from the rules and share no condition with the gates that they judge.
Sources: SYS-1, SYS-6, SYS-7, SRP-2, SRP-3, MIG-6, COM-2.
"""

from statemachines import Reached, after, always, is_a
from statemachines.commissioning import Commissioning, chf_status, esme_status, gsme_status, ppmid_status
from statemachines.core.expression import Expr, conjunction, disjunction
from statemachines.firmware import chf_firmware, esme_firmware, gsme_firmware, ppmid_firmware
from statemachines.installation import INSTALLATION
from statemachines.migration import Migration, migration
from statemachines.service_requests import SERVICE_REQUESTS, Role
from statemachines.supply import electricity_supplier, gas_supplier
from statemachines.vocabulary import (
    FIRMWARE_REQUESTS,
    ROLES_OF,
    SERVICE_REQUEST_TYPES,
    SRV_OF,
    UPGRADE_REQUESTS,
    USER_IN_ROLE,
    ActivateFirmware,
    Device,
    OtherServiceRequest,
    Outcome,
    Party,
    Reason,
    RequestIdUse,
    decided_at,
    open_to,
    outcome,
    reason,
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
SOME_FIRMWARE_CHANGES = disjunction(*(after(variable) != variable for variable in FIRMWARE))
COMMISSIONED = disjunction(
    (target == Device.PPMID) & (ppmid_status == Commissioning.COMMISSIONED),
    (target == Device.ESME) & (esme_status == Commissioning.COMMISSIONED),
    (target == Device.GSME) & (gsme_status == Commissioning.COMMISSIONED),
    target.is_in(Device.CHF, Device.GPF) & (chf_status == Commissioning.COMMISSIONED),
)


def entitled(roles: frozenset[Role]) -> Expr:
    """The sender has one of these roles at the premises: a Supplier by registration, another User by what it is."""
    ways = [sender == user for role, user in USER_IN_ROLE.items() if role in roles]
    if Role.IMPORT_SUPPLIER in roles:
        ways.append(sender == electricity_supplier)
    if Role.GAS_SUPPLIER in roles:
        ways.append(sender == gas_supplier)
    return disjunction(*ways)


ENTITLED = {
    **{kind: entitled(SERVICE_REQUESTS[srv].roles) for kind, srv in SRV_OF.items()},
    OtherServiceRequest: disjunction(*((open_to == member) & entitled(roles) for member, roles in ROLES_OF.items())),
}

CLAIMS = (
    always(
        "a repeated RequestID is rejected and changes nothing",
        when=SERVICE_REQUEST & (request_id == RequestIdUse.REPEATED),
        then=(outcome == Outcome.REJECTED) & NOTHING_CHANGES,
        rules="SRP-2",
    ),
    always(
        "only a repeated RequestID is rejected as a repeat",
        when=reason == Reason.REPEATED,
        then=request_id == RequestIdUse.REPEATED,
        rules="SRP-2",
    ),
    always(
        "before migration every Service Request is rejected and changes nothing",
        when=SERVICE_REQUEST & (migration == Migration.WITH_SMSO),
        then=(outcome == Outcome.REJECTED) & NOTHING_CHANGES,
        rules="MIG-6",
    ),
    *(
        always(
            f"{kind.label} is accepted only from a role that it is open to, and a Supplier only where it is registered",
            when=is_a(kind) & ACCEPTED,
            then=may_send,
            rules="SYS-6 SYS-7",
        )
        for kind, may_send in ENTITLED.items()
    ),
    *(
        always(
            f"{kind.label} from a role that it is open to is not refused for the role or the registration",
            when=is_a(kind) & may_send,
            then=~reason.is_in(Reason.ROLE, Reason.NOT_REGISTERED),
            rules="SYS-6 SYS-7",
        )
        for kind, may_send in ENTITLED.items()
    ),
    always(
        "a Service Request that is not accepted changes nothing",
        when=SERVICE_REQUEST & ~ACCEPTED,
        then=NOTHING_CHANGES,
        rules="SYS-7 KEY-5 SRP-2",
    ),
    always(
        "firmware requests reach commissioned devices only",
        when=FIRMWARE_REQUEST & ~COMMISSIONED,
        then=~Reached(Party.DEVICE) & NOTHING_CHANGES,
        rules="COM-2",
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
        rules="SYS-1 SRP-2",
    ),
    always(
        "a firmware request that is accepted has come through the S1SP to the device",
        when=FIRMWARE_REQUEST & ACCEPTED,
        then=Reached(Party.S1SP) & Reached(Party.DEVICE),
        rules="SYS-1",
    ),
    always(
        "no Critical Command has an effect without the DCO's part in it",
        when=is_a(ActivateFirmware) & (ACCEPTED | SOME_FIRMWARE_CHANGES),
        then=Reached(Party.DCO),
        rules="SRP-3 SYS-1",
    ),
)
