"""What the service answers besides where it serves the SMETS1 installation: DUIS XML, and what is around it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

from litestar import Request, Response, get, post, put
from litestar.concurrency import sync_to_thread as in_thread
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import JSONBody, PathParameter

from properties.service import bodies
from properties.service.application import INSTANCE, More, Name, routed, step_view
from properties.service.store import Store
from properties.smets1.mock_dcc.behaviour import Behaviour, read_behaviour
from properties.smets1.mock_dcc.dcc import XML, MockDcc
from properties.smets1.mock_dcc.messages import Happened, InstallationView, Quarantined, ResetPremises, Screen
from statemachines.files.toml import MAX_BYTES as MOST_TOML
from statemachines.language.claims import Claims
from statemachines.smets1.duis.document import MAX_BYTES
from statemachines.smets1.installation import INSTALLATION

DUIS = INSTANCE + "/duis"
Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1, description="Of the step that the request made.")]


def _takes(media_type: str) -> type[Operation]:
    body = RequestBody({media_type: OpenAPIMediaType(Schema(type=OpenAPIType.STRING))}, required=True)

    @dataclass
    class Taking(Operation):
        request_body: RequestBody | None = field(default_factory=lambda: body)

    return Taking


def _refused(**why: str) -> dict[int, ResponseSpec]:
    return {
        HTTPStatus[name].value: ResponseSpec(bodies.Problem, generate_examples=False, description=text)
        for name, text in why.items()
    }


NOT_KNOWN = _refused(NOT_FOUND="There is no such instance.", BAD_REQUEST="It cannot be understood.")
NOT_TAKEN = NOT_KNOWN | _refused(
    UNPROCESSABLE_ENTITY="The installation does not know who or what it names.",
    NOT_IMPLEMENTED="No source says what is sent back, nor does the user.",
    REQUEST_ENTITY_TOO_LARGE="It is too large.",
)


def mock_dcc(claims: Claims, behaviour: Path | None) -> Callable[[Store], More] | None:
    """What to answer besides; nothing, for a system that is not the installation.

    Parameters
    ----------
    claims: what is served.
    behaviour: the file with what the user has set, if there is one.

    Raises
    ------
    statemachines.files.toml.TomlFileError: where that file is not as it should be.
    """
    if claims.system is not INSTALLATION:
        return None
    made = Behaviour() if behaviour is None else read_behaviour(behaviour)
    return lambda store: routes(store, made)


def routes(store: Store, behaviour: Behaviour) -> More:
    """The routes, for the instances of a store."""
    dcc = MockDcc(store, behaviour)

    @put(
        summary="Start an installation",
        description="Its body is an installation file, as `smets1 judge` reads it.",
        operation_class=_takes("application/toml"),
        request_max_body_size=MOST_TOML,
        responses=_refused(BAD_REQUEST="It is no installation file.", REQUEST_ENTITY_TOO_LARGE="It is too large.",
                           INSUFFICIENT_STORAGE="There are as many instances as there may be."),
    )  # fmt: skip
    async def start(request: Request[Any, Any, Any], name: Name) -> InstallationView:
        return await in_thread(dcc.start, name, await request.body())

    @get(summary="Who is who at an installation, and how things stand", responses=NOT_KNOWN)
    async def show(name: Name) -> InstallationView:
        return await in_thread(dcc.show, name)

    @post(
        status_code=200,
        summary="A Service Request",
        description="Status 202 acknowledges it: its response is at the address that Location names, once it is due. "
        "Status 200 is the last that is said of it.",
        operation_class=_takes(XML),
        request_max_body_size=MAX_BYTES,
        media_type=XML,
        responses=NOT_TAKEN
        | {202: ResponseSpec(str, media_type=XML, generate_examples=False, description="It is acknowledged.")},
    )
    async def send(request: Request[Any, Any, Any], name: Name) -> Response[str]:
        header = behaviour.callback_header
        named = None if header is None else request.headers.get(header)
        return await in_thread(dcc.send, name, await request.body(), named)

    @get(
        DUIS + "/responses/{number:int}",
        summary="The response to a Service Request that was acknowledged",
        description="Status 204 says that it has not come yet.",
        media_type=XML,
        responses=NOT_KNOWN | {204: ResponseSpec(None, description="It has not come yet.")},
    )
    async def response(name: Name, number: Number) -> Response[str]:
        return await in_thread(dcc.response, name, number)

    @post(
        DUIS + "/control",
        status_code=200,
        summary="A message of the conformance suite",
        description="With the address above this one as --sut, the suite tests the service.",
        responses=NOT_TAKEN,
    )
    async def control(
        name: Name, data: JSONBody[bodies.Describe | ResetPremises | Happened | Screen | bodies.Settled]
    ) -> bodies.StatementBody | bodies.OkBody | bodies.AtRestBody | bodies.VerdictBody:
        match data:
            case ResetPremises():
                await in_thread(dcc.reset, name, data)
            case Happened():
                return bodies.VerdictBody(await in_thread(dcc.happen, name, data))
            case Screen():
                await in_thread(dcc.screen, name, data)
            case bodies.Settled():
                return bodies.AtRestBody(settled=True)
            case _:
                return bodies.StatementBody({"name": "the mock DCC"})
        return bodies.OkBody(ok=True)

    @post(
        DUIS + "/quarantine",
        status_code=200,
        summary="Have a request caught by Anomaly Detection, or say what becomes of one that was",
        description="One that is processed is answered as its acknowledgement said; this shows its step.",
        responses=NOT_TAKEN | _refused(CONFLICT="No such request is in quarantine."),
    )
    async def quarantine(name: Name, data: JSONBody[Quarantined]) -> bodies.StepView | bodies.OkBody:
        step = await in_thread(dcc.quarantine, name, data)
        return bodies.OkBody(ok=True) if step is None else step_view(step)

    handlers = (routed(DUIS, start, show, send), response, quarantine, control)
    return More(handlers, (ResetPremises, Happened, Screen, Quarantined), delivers=True)
