"""What every Service Request is asked, whatever it is about: RequestID, migration, role and registration.

What is asked of requests of one kind is declared with the lifecycle that it protects.
SRV 11.4 is in the matrix that is at hand, and came after the model's days: what becomes of it there is left open.
Sources: MIG-6, SRM-1, SYS-6, SYS-7 and the assumptions MOD-46, MOD-48 and MOD-51.
"""

from collections.abc import Callable, Mapping
from enum import Enum

from statemachines.language.component import Component
from statemachines.language.expression import FALSE, Expr, disjunction
from statemachines.language.gates import Answer, Check
from statemachines.language.requests import RequestType
from statemachines.smets1.migration import MIGRATED
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS, Role
from statemachines.smets1.supply import electricity_supplier, gas_supplier
from statemachines.smets1.verdicts import rejects
from statemachines.smets1.vocabulary import (
    ROLES_OF,
    SRV_OF,
    SUPPLIERS,
    USER_IN_ROLE,
    OtherServiceRequest,
    Outcome,
    Party,
    RequestIdUse,
    UpdatePpmidFirmware,
    User,
    open_to,
    request_id,
    sender,
)


class AdmissionReason(Enum):
    """Why a Service Request is not let in; or that it is, and no more is known of it."""

    REPEATED = "the RequestID was used before"
    NOT_MIGRATED = "the installation is not migrated to the DCC"
    ROLE = "the SRV is not open to the sender's role"
    NOT_REGISTERED = "the supplier is not registered at the premises in a role that the SRV is open to"
    NOT_MODELLED = "role and registration are in order; the effect of this SRV is not modelled yet"


REGISTERED_AS: Mapping[Role, Expr] = {
    Role.IMPORT_SUPPLIER: sender == electricity_supplier,
    Role.GAS_SUPPLIER: sender == gas_supplier,
}
"""The roles that a Supplier has by its registration at the premises, and where the sender has each."""


USERS_OF: Mapping[Role, tuple[User, ...]] = {
    **{role: (user,) for role, user in USER_IN_ROLE.items()},
    **dict.fromkeys(REGISTERED_AS, SUPPLIERS),
}
"""Who may have each role: any Supplier those that it has by registration, which is asked apart."""


def _of_another_role(roles: frozenset[Role]) -> Expr:
    """The sender is of a kind that none of the roles is for; what a Supplier is registered as is not asked."""
    users = {user for role in roles for user in USERS_OF[role]}
    return sender.is_in(*(user for user in sender.domain if user not in users))


def _not_registered(roles: frozenset[Role]) -> Expr:
    """The sender is a Supplier, and is not registered at the premises in any of the roles."""
    return sender.is_in(*SUPPLIERS) & ~disjunction(*(there for role, there in REGISTERED_AS.items() if role in roles))


def _by_srv(condition: Callable[[frozenset[Role]], Expr]) -> dict[RequestType, Expr]:
    """The condition for each type of Service Request, from the roles that the matrix opens it to."""
    other = disjunction(*((open_to == member) & condition(roles) for member, roles in ROLES_OF.items()))
    return {
        **{kind: condition(SERVICE_REQUESTS[srv].roles) for kind, srv in SRV_OF.items()},
        OtherServiceRequest: other,
    }


def _open_to_the_role(kind: RequestType, of_another_role: Expr) -> Check:
    return rejects(
        f"{kind.label} is open to the sender's role",
        fails_when=of_another_role,
        why=AdmissionReason.ROLE,
        rules="SYS-6 SYS-7 MOD-51",
        on=[kind],
    )


def _supplier_is_registered(kind: RequestType, not_registered: Expr) -> Check:
    return rejects(
        f"a Supplier that sends {kind.label} is registered at the premises",
        fails_when=not_registered,
        why=AdmissionReason.NOT_REGISTERED,
        rules="MOD-46",
        on=[kind],
    )


component = Component(
    "admission of Service Requests",
    checks={
        Party.DSP: [
            rejects(
                "the RequestID is new",
                fails_when=request_id == RequestIdUse.REPEATED,
                why=AdmissionReason.REPEATED,
                rules="MOD-48",
            ),
            rejects(
                "the installation is migrated",
                fails_when=~MIGRATED,
                why=AdmissionReason.NOT_MIGRATED,
                rules="MIG-6",
            ),
            *(
                _open_to_the_role(kind, of_another_role)
                for kind, of_another_role in _by_srv(_of_another_role).items()
                if of_another_role is not FALSE
            ),
            *(_supplier_is_registered(kind, unregistered) for kind, unregistered in _by_srv(_not_registered).items()),
        ]
    },
    answers=[
        Answer(
            [UpdatePpmidFirmware],
            outcome=Outcome.ACCEPTED,
            reason=AdmissionReason.NOT_MODELLED,
            rules="SRM-1 SYS-6 SYS-7",
            unspecified="outcome at reason response effect",
        ),
        Answer(
            [OtherServiceRequest],
            outcome=Outcome.ACCEPTED,
            reason=AdmissionReason.NOT_MODELLED,
            rules="SYS-6 SYS-7",
            unspecified=["effect"],
        ),
    ],
)
