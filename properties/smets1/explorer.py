"""What SMETS1 adds to the explorer: its page reads DUIS XML, and tells the course of a Service Request."""

import json
from enum import Enum
from importlib.resources import files

from statemachines.language.gates import Verdict
from statemachines.language.requests import Request
from statemachines.language.system import System
from statemachines.smets1 import request_course
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS
from statemachines.smets1.vocabulary import ROLES_OF, SRV_OF, OtherServiceRequest, Party


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


def course(system: System, verdict: Verdict) -> tuple[dict[str, Enum], tuple[Request, ...]] | None:
    """The course of a Service Request, from where it is not sent, step by step; none of what is not one."""
    if request_course.course.name not in system.state_type.names or verdict.via[:1] != (Party.DSP,):
        return None
    start: dict[str, Enum] = {
        request_course.course.name: request_course.Course.NOT_SENT,
        request_course.effect.name: request_course.Effect.NONE,
    }
    if Party.DCO in verdict.via:
        start[request_course.command.name] = request_course.Command.CRITICAL
    elif Party.DEVICE in verdict.via:
        start[request_course.command.name] = request_course.Command.OTHER
    return start, request_course.course_of(verdict)
