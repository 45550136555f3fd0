"""What the service answers besides where it serves the SMETS1 installation: DUIS XML, and what is around it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

import attrs
import msgspec
from litestar import Request, Response, get, post, put
from litestar.concurrency import sync_to_thread as in_thread
from litestar.exceptions import HTTPException
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import JSONBody, PathParameter

from properties.conformance.suite.wire_format import state_in_words
from properties.service import bodies
from properties.service.application import INSTANCE, More, Name, routed
from properties.service.delivery import checked_address
from properties.service.store import Later, Store, Turn
from properties.service.words import SentRequest, SentState, verdict_in_words
from properties.smets1.mock_dcc.answering import Answer, Unanswerable, answer, deciding
from properties.smets1.mock_dcc.behaviour import Behaviour, read_behaviour
from properties.smets1.mock_dcc.facts import device_facts, facts_of, premises_of
from statemachines.errors import NoVerdictError
from statemachines.files.toml import MAX_BYTES as MOST_TOML
from statemachines.files.toml import TomlFileError
from statemachines.language.claims import Claims
from statemachines.language.terms import ASPECTS
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import changes
from statemachines.smets1.duis.document import MAX_BYTES
from statemachines.smets1.duis.errors import DuisError
from statemachines.smets1.duis.reader import DuisRequest, parse_request, request_id
from statemachines.smets1.duis.writer import write_response
from statemachines.smets1.edge.installation_file import parse_premises
from statemachines.smets1.edge.judging import Judgement, judge
from statemachines.smets1.edge.premises import Premises
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import DataValues, Device, Outcome, Screening, User

XML = "application/xml"
DUIS = INSTANCE + "/duis"
Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1, description="Of the step that the request made.")]


RequestIdText = Annotated[
    str, msgspec.Meta(pattern="^[0-9A-Fa-f]{2}(-[0-9A-Fa-f]{2}){7}:[0-9A-Fa-f]{2}(-[0-9A-Fa-f]{2}){7}:[0-9]{1,19}$")
]


class Premise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of a device."""

    device: Device
    version: str | None = None
    delivered_version: str | None = None
    delivered_hash: str | None = None


class WhoIsWho(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The users and the devices, by EUI-64."""

    users: dict[str, list[User]]
    devices: dict[str, Premise]


class ResetPremises(bodies.Message, frozen=True, tag="reset"):
    """Be in this state, at these premises, whatever was before."""

    state: SentState
    premises: WhoIsWho | None = None
    used: tuple[RequestIdText, ...] = ()


class Happened(bodies.Message, frozen=True, tag="event"):
    """This happens."""

    event: SentRequest


class Screen(bodies.Message, frozen=True, tag="screen"):
    """Anomaly Detection is to make this of a request that comes."""

    request_id: RequestIdText
    screening: Screening = Screening.PASSED
    data_values: DataValues = DataValues.WITHIN


class InstallationView(msgspec.Struct, frozen=True):
    """An installation: who is who, and how things stand."""

    name: str
    number: int
    state: dict[str, str]
    premises: dict[str, Any]


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
    ) -> bodies.Described | bodies.Done | bodies.AtRest | bodies.Decided:
        match data:
            case ResetPremises():
                await in_thread(dcc.reset, name, data)
            case Happened():
                return bodies.Decided(await in_thread(dcc.happen, name, data))
            case Screen():
                await in_thread(dcc.screen, name, data)
            case bodies.Settled():
                return bodies.AtRest(settled=True)
            case _:
                return bodies.Described({"name": "the mock DCC"})
        return bodies.Done(ok=True)

    return More((routed(DUIS, start, show, send), response, control), (ResetPremises, Happened, Screen), delivers=True)


class MockDcc:
    """The mock DCC, for the instances of a store."""

    def __init__(self, store: Store, behaviour: Behaviour) -> None:
        self._store, self._behaviour = store, behaviour
        self._oracle = Oracle(INSTALLATION)

    def start(self, name: str, document: bytes) -> InstallationView:
        """Start an installation as its file says."""
        try:
            premises = parse_premises(document, "installation")
        except TomlFileError as error:
            raise _problem(HTTPStatus.BAD_REQUEST, error) from None
        self._store.put(name, dict(state_in_words(premises.state)), facts=facts_of(premises))
        return self.show(name)

    def show(self, name: str) -> InstallationView:
        """Who is who, and how things stand."""
        instance = self._store.get(name)
        return InstallationView(name, instance.number, instance.state, facts_of(premises_of(instance)))

    def send(self, name: str, document: bytes, callback: str | None) -> Response[str]:
        """What is said to a Service Request at once."""
        try:
            duis = parse_request(document)
        except DuisError as error:
            raise _problem(HTTPStatus.BAD_REQUEST, error) from None
        address = self._behaviour.callback
        if callback is not None:
            try:
                address = checked_address(callback, anywhere=self._behaviour.anywhere)
            except ValueError as error:
                raise _problem(HTTPStatus.BAD_REQUEST, error) from None
        with self._store.turn(name) as turn:
            return self._judged(turn, duis, address)

    def _judged(self, turn: Turn, duis: DuisRequest, address: str | None) -> Response[str]:
        before = premises_of(turn.instance)
        identity = str(duis.request_id)
        repeated = identity in before.used or bool(turn.known([identity]))
        known = attrs.evolve(before, used=before.used | {identity}) if repeated else before
        try:
            after, judgements = judge(known, duis)
            judgement = deciding(judgements)
            said = answer(judgement, self._behaviour)
        except DuisError as error:
            raise _problem(HTTPStatus.UNPROCESSABLE_ENTITY, error) from None
        except Unanswerable as error:
            raise _problem(HTTPStatus.NOT_IMPLEMENTED, error) from None
        for number, each in enumerate(judgements):
            turn.add(
                each.request.as_dict(),
                verdict_in_words(each.verdict),
                {name: str(to.value) for name, (_, to) in each.changes.items()},
                None if repeated or number else identity,
            )
        self._keep(turn, before, attrs.evolve(after, used=before.used))
        return self._answered(turn, judgement, said, address)

    def _answered(self, turn: Turn, judgement: Judgement, said: Answer, address: str | None) -> Response[str]:
        duis, instance = judgement.duis, turn.instance
        due = time.time() + self._behaviour.delay_of(duis.variant.srv)
        first = _document(duis, said.first_code, time.time())
        if not said.acknowledged or said.code is None:
            return Response(first, headers=_headers(judgement), media_type=XML)
        kind = "DCCAlertMessage" if judgement.verdict.outcome is Outcome.ALERT else "ResponseMessage"
        headers = {"Content-Type": XML, **_headers(judgement)}
        body = _document(duis, said.code, due, kind)
        turn.answer(Later(instance.name, instance.number, due, headers, body, address))
        location = f"/instances/{instance.name}/duis/responses/{instance.number}"
        return Response(first, status_code=202, headers={"Location": location}, media_type=XML)

    def _keep(self, turn: Turn, before: Premises, after: Premises) -> None:
        facts = facts_of(after)
        if facts != facts_of(before):
            turn.keep(facts)

    def response(self, name: str, number: int) -> Response[str]:
        """The response to the request that made a step, if it is due."""
        later = self._store.later(name, number)
        if later is None:
            raise _problem(HTTPStatus.NOT_FOUND, "no response is to come")
        if time.time() < later.due:
            return Response("", status_code=204, media_type=XML)
        headers = {key: value for key, value in later.headers.items() if key != "Content-Type"}
        return Response(later.body, headers=headers, media_type=XML)

    def reset(self, name: str, message: ResetPremises) -> None:
        """Start an installation as the conformance suite has it."""
        state, facts = message.state.state, None
        try:
            if message.premises is not None:
                used = frozenset(str(request_id(text)) for text in message.used)
                premises = Premises(
                    state,
                    {one: tuple(users) for one, users in message.premises.users.items()},
                    {
                        one: device_facts(one, msgspec.to_builtins(words))
                        for one, words in message.premises.devices.items()
                    },
                    used=used,
                )
                facts = facts_of(premises)
        except DuisError as error:
            raise _problem(HTTPStatus.BAD_REQUEST, error) from None
        self._store.put(name, dict(state_in_words(state)), facts=facts)

    def happen(self, name: str, message: Happened) -> dict[str, str | None]:
        """What comes of an event."""
        with self._store.turn(name) as turn:
            before = premises_of(turn.instance).state
            try:
                after, verdict = self._oracle.decide(before, message.event.request)
            except NoVerdictError as error:
                raise _problem(HTTPStatus.UNPROCESSABLE_ENTITY, error) from None
            moved = {key: str(to.value) for key, (_, to) in changes(before, after).items()}
            words = verdict_in_words(verdict)
            turn.add(message.event.request.as_dict(), words, moved)
            return {aspect: words[aspect] for aspect in ASPECTS}

    def screen(self, name: str, message: Screen) -> None:
        """Have Anomaly Detection make of a request what the message says."""
        try:
            identity = str(request_id(message.request_id))
        except DuisError as error:
            raise _problem(HTTPStatus.BAD_REQUEST, error) from None
        caught, beyond = message.screening is not Screening.PASSED, message.data_values is not DataValues.WITHIN
        with self._store.turn(name) as turn:
            before = premises_of(turn.instance)
            held = before.held | {identity} if caught else before.held - {identity}
            limits = before.beyond_limits | {identity} if beyond else before.beyond_limits - {identity}
            self._keep(turn, before, attrs.evolve(before, held=held, beyond_limits=limits))


def _problem(status: HTTPStatus, why: object) -> HTTPException:
    return HTTPException(detail=str(why), status_code=status.value)


def _document(duis: DuisRequest, code: str, moment: float, message: str = "ResponseMessage") -> str:
    return write_response(duis.request_id, duis.variant, code, datetime.fromtimestamp(moment, UTC), message).decode()


def _headers(judgement: Judgement) -> Mapping[str, str]:
    """The verdict as headers, as far as it is specified."""
    verdict = judgement.verdict
    aspects = {aspect: getattr(verdict, aspect) for aspect in ASPECTS if aspect not in verdict.unspecified}
    shown = {
        f"X-SMETS1-{name.capitalize()}": "nothing" if value is None else str(value.value)
        for name, value in aspects.items()
    }
    rules = {"X-SMETS1-Rules": " ".join(verdict.rules)} if verdict.rules else {}
    return {**shown, **rules} | ({"X-SMETS1-Unspecified": " ".join(verdict.unspecified)} if verdict.unspecified else {})
