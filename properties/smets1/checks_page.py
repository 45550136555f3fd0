"""The page of the checks of the SMETS1 installation, and of the roles that each Service Request Variant is open to.

``python -m properties.smets1.checks_page > docs/checks.md`` writes it.
"""

import sys
from collections.abc import Iterator

from properties.smets1.profile import PROFILE
from properties.tracing.checks_page import page
from statemachines.drawing.page import Block, Heading, Paragraph, Table, markdown
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS, Role, ServiceRequestVariant
from statemachines.smets1.vocabulary import SRV_OF

ROLES = {
    Role.IMPORT_SUPPLIER: "Import Supplier",
    Role.EXPORT_SUPPLIER: "Export Supplier",
    Role.GAS_SUPPLIER: "Gas Supplier",
    Role.ELECTRICITY_DISTRIBUTOR: "Electricity Distributor",
    Role.GAS_TRANSPORTER: "Gas Transporter",
    Role.REGISTERED_SUPPLIER_AGENT: "Registered Supplier Agent",
    Role.OTHER_USER: "Other User",
}


def _blocks() -> Iterator[Block]:
    yield Heading(2, "The roles of every SRV", "roles")
    names = ", ".join(f"{role.value} is the {name}" for role, name in ROLES.items())
    yield Paragraph(
        (
            f"To whom DCC's matrix opens each Service Request Variant (SYS-6, SRM-1): {names}. Where it names no role, "
            "the sources do not say what becomes of the request, whoever sends it. The last column has the request of "
            "this page that it is; all others are Other Service Request.",
        )
    )
    kind_of = {srv: kind.label for kind, srv in SRV_OF.items()}
    yield Table(
        ("SRV", "Service Request", *(role.value for role in Role), "critical", "how it is sent", "here"),
        tuple(
            (
                (srv,),
                (request.name,),
                *(("yes" if role in request.roles else "",) for role in Role),
                ("yes" if request.critical else "",),
                (", ".join(_how(request)),),
                (kind_of.get(srv, ""),),
            )
            for srv, request in SERVICE_REQUESTS.items()
        ),
    )


def _how(request: ServiceRequestVariant) -> Iterator[str]:
    if request.on_demand:
        yield "on demand"
    yield from sorted(f"future-dated by the {holder.value}" for holder in request.future_dated)
    if request.dcc_scheduled:
        yield "scheduled by the DCC"
    if request.non_device:
        yield "without a command to a device"


PAGE = page(INSTALLATION, PROFILE, "python -m properties.smets1.checks_page", _blocks())

if __name__ == "__main__":
    sys.stdout.write(markdown(PAGE))
