"""What SMETS1 adds to the explorer: its page reads DUIS XML."""

import json
from importlib.resources import files

from statemachines.smets1.service_request_variants import SERVICE_REQUESTS
from statemachines.smets1.vocabulary import ROLES_OF, SRV_OF, OtherServiceRequest


def script() -> str:
    """The script that recognises a Service Request, with the SRVs that it may have."""
    kinds = {srv: kind.name for kind, srv in SRV_OF.items()}
    open_to = {roles: member.value for member, roles in ROLES_OF.items()}
    known = {
        srv: [kinds.get(srv, OtherServiceRequest.name), open_to[variant.roles], variant.name]
        for srv, variant in SERVICE_REQUESTS.items()
        if variant.roles in open_to
    }
    reader = (files("properties.smets1") / "explorer.js").read_text(encoding="utf-8")
    return f"{{\nconst SRVS = {json.dumps(known)};\n{reader}}}\n"
