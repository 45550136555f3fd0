"""The mock DCC itself: what is sent to an instance, and what becomes of it."""

import math
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

import attrs
import msgspec
from litestar import Response
from litestar.exceptions import HTTPException

from properties.conformance.suite.wire_format import state_in_words
from properties.service.delivery import checked_address
from properties.service.store import LaterAnswer, Store, StoredStep, Turn
from properties.service.words import verdict_in_words
from properties.smets1.mock_dcc.answering import DccAnswer, NoAnswerConfigured, answer, beyond_quarantine, deciding
from properties.smets1.mock_dcc.behaviour import Behaviour
from properties.smets1.mock_dcc.facts import device_facts, facts_of, premises_of
from properties.smets1.mock_dcc.faults import DccFault, DccFaults, FaultKind
from properties.smets1.mock_dcc.messages import (
    Happened,
    InstallationView,
    Quarantine,
    Quarantined,
    ResetPremises,
    Screen,
)
from statemachines.errors import NoVerdictError
from statemachines.files.toml import TomlFileError
from statemachines.language.terms import ASPECTS
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import changes
from statemachines.smets1.duis.errors import DuisError
from statemachines.smets1.duis.reader import DuisRequest, parse_request, request_id
from statemachines.smets1.duis.writer import write_response
from statemachines.smets1.edge.installation_file import parse_premises
from statemachines.smets1.edge.judging import Judgement, judge
from statemachines.smets1.edge.premises import Premises
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import DataValues, Outcome, Screening

XML = "application/xml"
NEVER = 1e18
"""When a response is due that is lost, in seconds since 1970; infinity is that of a request in quarantine."""
_FAULT = "a fault that the file of --behaviour sets"


class MockDcc:
    """The mock DCC, for the instances of a store."""

    def __init__(self, store: Store, behaviour: Behaviour) -> None:
        self._store, self._behaviour = store, behaviour
        self._oracle = Oracle(INSTALLATION)
        self._faults = DccFaults(behaviour.faults)

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
        """The immediate answer to a Service Request."""
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
            fault = self._faults.of(duis.variant.srv)
            if fault and fault.kind is FaultKind.HTTP_ERROR:
                raise HTTPException(detail=_FAULT, status_code=fault.status or 500)
            before, identity = premises_of(turn.instance), str(duis.request_id)
            repeated = identity in before.used or bool(turn.known([identity]))
            known = attrs.evolve(before, used=before.used | {identity}) if repeated else before
            judgement, said, step = self._judged(turn, known, duis, None if repeated else identity)
            verdict = judgement.verdict
            if verdict.outcome is Outcome.HELD and "outcome" not in verdict.unspecified and identity in before.held:
                turn.answer(LaterAnswer(name, step.number, math.inf, {}, document.decode(), address))
                first = _acknowledged(name, step.number, _document(duis, said.first_code, time.time()))
            else:
                first = self._answered(turn, judgement, said, address, fault)
        if fault and fault.kind is FaultKind.ACKNOWLEDGEMENT_LOST:
            raise HTTPException(detail=_FAULT, status_code=fault.status or 500)
        return first

    def quarantine(self, name: str, message: Quarantined) -> StoredStep | None:
        """Have a request caught, or do with one that was what its User says; the step of one that is processed.

        It goes on from where it was held: to the DCO and the device, at the premises as they are now.
        """
        identity = _identity(message.request_id)
        with self._store.turn(name) as turn:
            before = premises_of(turn.instance)
            step = turn.known([identity]).get(identity)
            if message.action is Quarantine.CATCH:
                if step is not None or identity in before.used:
                    raise _problem(HTTPStatus.CONFLICT, f"the RequestID {identity} was used before")
                self._keep(turn, before, attrs.evolve(before, held=before.held | {identity}))
                return None
            waits = turn.take_answer(step.number) if step else None
            if waits is None or waits.due < math.inf:
                raise _problem(HTTPStatus.CONFLICT, f"no request {identity} is in quarantine")
            free = attrs.evolve(before, held=before.held - {identity})
            if message.action is Quarantine.DELETE:
                self._keep(turn, before, attrs.evolve(free, dropped=before.dropped | {identity}))
                return None
            duis = parse_request(waits.body.encode())
            judgement, said, made = self._judged(turn, free, duis, None, released=True)
            if said.code is not None:
                self._answer_later(turn, judgement, said.code, waits.number, waits.address)
            return made

    def _judged(
        self, turn: Turn, known: Premises, duis: DuisRequest, key: str | None, *, released: bool = False
    ) -> tuple[Judgement, DccAnswer, StoredStep]:
        """The judgement by which a request is answered, the answer, and its step; what it does is done."""
        before = premises_of(turn.instance)
        try:
            after, judgements = judge(known, duis)
            if released:
                judgements = tuple(map(beyond_quarantine, judgements))
            judgement = deciding(judgements)
            said = answer(judgement, self._behaviour)
        except DuisError as error:
            raise _problem(HTTPStatus.UNPROCESSABLE_ENTITY, error) from None
        except NoAnswerConfigured as error:
            raise _problem(HTTPStatus.NOT_IMPLEMENTED, error) from None
        steps = [
            turn.add(
                each.request.as_dict(),
                verdict_in_words(each.verdict),
                {name: str(to.value) for name, (_, to) in each.changes.items()},
                None if number else key,
            )
            for number, each in enumerate(judgements)
        ]
        self._keep(turn, before, attrs.evolve(after, used=before.used))
        return judgement, said, steps[judgements.index(judgement)]

    def _answered(
        self, turn: Turn, judgement: Judgement, said: DccAnswer, address: str | None, fault: DccFault | None
    ) -> Response[str]:
        duis, instance = judgement.duis, turn.instance
        first = _document(duis, said.first_code, time.time())
        if not said.acknowledged or said.code is None:
            return Response(first, headers=_headers(judgement), media_type=XML)
        self._answer_later(turn, judgement, said.code, instance.number, address, fault)
        return _acknowledged(instance.name, instance.number, first)

    def _answer_later(
        self,
        turn: Turn,
        judgement: Judgement,
        code: str,
        number: int,
        address: str | None,
        fault: DccFault | None = None,
    ) -> None:
        due = self._behaviour.due(judgement.duis, time.time()) + (fault.seconds if fault else 0.0)
        kind = "DCCAlertMessage" if judgement.verdict.outcome is Outcome.ALERT else "ResponseMessage"
        headers = {"Content-Type": XML, **_headers(judgement)}
        body = _document(judgement.duis, code, due, kind)
        wrong = fault.kind if fault else None
        times = 2 if wrong is FaultKind.RESPONSE_TWICE else 1
        due = NEVER if wrong is FaultKind.RESPONSE_LOST else due
        turn.answer(LaterAnswer(turn.instance.name, number, due, headers, body, address, times=times))

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
        """Have Anomaly Detection make of a request what the message says: one that is caught is never released."""
        identity = _identity(message.request_id)
        caught, beyond = message.screening is not Screening.PASSED, message.data_values is not DataValues.WITHIN
        with self._store.turn(name) as turn:
            before = premises_of(turn.instance)
            dropped = before.dropped | {identity} if caught else before.dropped - {identity}
            limits = before.beyond_limits | {identity} if beyond else before.beyond_limits - {identity}
            held = before.held - {identity}
            self._keep(turn, before, attrs.evolve(before, held=held, dropped=dropped, beyond_limits=limits))


def _identity(text: str) -> str:
    """A RequestID in its one form."""
    try:
        return str(request_id(text))
    except DuisError as error:
        raise _problem(HTTPStatus.BAD_REQUEST, error) from None


def _acknowledged(name: str, number: int, document: str) -> Response[str]:
    location = f"/instances/{name}/duis/responses/{number}"
    return Response(document, status_code=202, headers={"Location": location}, media_type=XML)


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
