"""How a request is processed: which checks the DSP, the S1SP, the DCO and the device ask, in which order.

What every request is asked is declared here: RequestID, migration, role, registration. What is asked of requests of one
kind is declared with the lifecycle that it protects, and takes its turn here.

A request meets the parties in the order of SYS-1; within one party the order is an assumption (MOD-8, MOD-33).
"""

from collections.abc import Callable, Iterator

from statemachines.language.expression import FALSE, Expr, disjunction
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.requests import RequestType
from statemachines.smets1 import auxiliary_load, commissioning, firmware, service_request
from statemachines.smets1.key_package import KEYS_AT_THE_DCO
from statemachines.smets1.migration import Migration, migration
from statemachines.smets1.service_requests import SERVICE_REQUESTS, Role
from statemachines.smets1.supply import electricity_supplier, gas_supplier
from statemachines.smets1.verdicts import rejects
from statemachines.smets1.vocabulary import (
    DEVICE_REQUESTS,
    ROLES_OF,
    SERVICE_REQUEST_TYPES,
    SRV_OF,
    SUPPLIERS,
    USER_IN_ROLE,
    OtherServiceRequest,
    Outcome,
    Party,
    Reason,
    RequestIdUse,
    UpdatePpmidFirmware,
    open_to,
    request_id,
    sender,
)

CRITICAL = tuple(kind for kind, srv in SRV_OF.items() if SERVICE_REQUESTS[srv].critical)


def _no_such_role(roles: frozenset[Role]) -> Expr:
    """No role of the sender's kind is open to the SRV (SYS-6)."""
    other_users = [user for role, user in USER_IN_ROLE.items() if role not in roles]
    open_to_suppliers = bool(roles & {Role.IMPORT_SUPPLIER, Role.GAS_SUPPLIER})
    excluded = other_users if open_to_suppliers else [*other_users, *SUPPLIERS]
    return sender.is_in(*excluded) if excluded else FALSE


def _not_registered(roles: frozenset[Role]) -> Expr:
    """The sender is a Supplier, and is not registered here in any role that the SRV is open to (SYS-7)."""
    registered = disjunction(
        *([sender == electricity_supplier] if Role.IMPORT_SUPPLIER in roles else []),
        *([sender == gas_supplier] if Role.GAS_SUPPLIER in roles else []),
    )
    return sender.is_in(*SUPPLIERS) & ~registered


def _by_srv(condition: Callable[[frozenset[Role]], Expr]) -> Iterator[tuple[RequestType, Expr]]:
    """The condition for each type of Service Request, from the roles that the matrix opens it to."""
    for kind, srv in SRV_OF.items():
        yield kind, condition(SERVICE_REQUESTS[srv].roles)
    yield (
        OtherServiceRequest,
        disjunction(*((open_to == member) & condition(roles) for member, roles in ROLES_OF.items())),
    )


def _role_checks() -> Iterator[Check]:
    for kind, shut in _by_srv(_no_such_role):
        if shut is not FALSE:
            yield rejects(
                f"{kind.label} is open to the sender's role",
                fails_when=shut,
                why=Reason.ROLE,
                rules="SYS-6 SYS-7",
                on=[kind],
            )
    for kind, unregistered in _by_srv(_not_registered):
        yield rejects(
            f"a Supplier that sends {kind.label} is registered at the premises",
            fails_when=unregistered,
            why=Reason.NOT_REGISTERED,
            rules="SYS-7",
            on=[kind],
        )


dsp = Gate(
    Party.DSP,
    [
        rejects(
            "the RequestID is new",
            fails_when=request_id == RequestIdUse.REPEATED,
            why=Reason.REPEATED,
            rules="SRP-2",
        ),
        rejects(
            "the installation is migrated",
            fails_when=migration != Migration.MIGRATED,
            why=Reason.NOT_MIGRATED,
            rules="MIG-6",
        ),
        *_role_checks(),
        *commissioning.AT_DSP,
        *firmware.AT_DSP,
    ],
    on=SERVICE_REQUEST_TYPES,
    order="MOD-8",
)

s1sp = Gate(
    Party.S1SP,
    [*firmware.AT_S1SP, service_request.ANOMALY_DETECTION],
    on=DEVICE_REQUESTS,
    order="MOD-33",
    place="SYS-1",
)

dco = Gate(Party.DCO, KEYS_AT_THE_DCO, on=CRITICAL, place="SYS-1")

at_device = Gate(Party.DEVICE, firmware.AT_DEVICE, on=DEVICE_REQUESTS, place="SYS-1")

GATES = (dsp, s1sp, dco, at_device)

ANSWERS = (
    *firmware.TO_SERVICE_REQUESTS,
    *auxiliary_load.TO_SERVICE_REQUESTS,
    *commissioning.TO_SERVICE_REQUESTS,
    Answer(
        [UpdatePpmidFirmware, OtherServiceRequest],
        outcome=Outcome.ACCEPTED,
        reason=Reason.NOT_MODELLED,
        rules="SYS-6 SYS-7",
        unspecified=["effect"],
    ),
)
