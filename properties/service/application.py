"""The service: decisions on given states, named instances, and the messages of the conformance suite."""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

from litestar import Litestar, Request, Response, Router, delete, get, post, put, route
from litestar.concurrency import sync_to_thread as in_thread
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.exceptions import ClientException, HTTPException
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.params import FromPath, HeaderParameter, JSONBody, PathParameter, QueryParameter
from litestar.plugins.prometheus import PrometheusConfig, PrometheusController
from litestar.types import ASGIApp, Receive, Scope, Send
from sqlalchemy.exc import DatabaseError

from properties.conformance.suite.wire_format import read_request, read_state
from properties.service import bodies
from properties.service.delivery import delivering
from properties.service.store import (
    Instance,
    InstanceChanged,
    KeyReused,
    Store,
    StoredStep,
    StoreFull,
    UnknownInstance,
    reason,
)
from properties.service.words import RequestWords, StateWords, VerdictWords, Vocabulary, verdict_in_words, words_of
from statemachines.checker.engine import Engine
from statemachines.checker.reachability import Reachability, TooLongError
from statemachines.errors import NoVerdictError, TooLargeError
from statemachines.files.shown import printable
from statemachines.language.requests import Request as Declared
from statemachines.language.system import State, System
from statemachines.language.terms import ASPECTS
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import changes

_LOG = logging.getLogger("service")
MOST_BYTES = 64 * 1024
"""The largest body that is read."""
MOST_BATCH_BYTES = 1024 * 1024
"""The largest batch."""
MOST_DIAGRAMS = 256 * 1024 * 1024
"""The bytes that answering a question on all states may take."""
KNOWN = 4096
"""How many states and requests, in words, are remembered with what they are: a batch has few of either."""
ASK_SECONDS = 30.0
"""How long answering one may take, unless the user says otherwise."""
MOST_STEPS = 1000
"""The most steps of a history in one answer."""

INSTANCE = "/instances/{name:str}"
Name = Annotated[str, PathParameter(pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$", description="The instance's name.")]
IfMatch = Annotated[str, HeaderParameter(name="If-Match", description="Only if the instance has this ETag; * is any.")]
IfNoneMatch = Annotated[
    str, HeaderParameter(name="If-None-Match", description="Only if the instance has another ETag; * is any.")
]
After = Annotated[int, QueryParameter(ge=0, le=2**53, description="The number of a step; those after it are shown.")]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST_STEPS, description="How many steps are shown at most.")]

_REASONS: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "What was sent cannot be understood.",
    HTTPStatus.NOT_FOUND: "There is no such instance.",
    HTTPStatus.CONFLICT: "Another request of the instance has this key.",
    HTTPStatus.PRECONDITION_FAILED: "The instance is not as If-Match or If-None-Match say.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "What was sent is too large.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The declarations give no verdict on the request in this state.",
    HTTPStatus.SERVICE_UNAVAILABLE: "It takes longer than it may.",
    HTTPStatus.INSUFFICIENT_STORAGE: "There are as many instances as there may be.",
}

_REFUSALS: Mapping[type[Exception], HTTPStatus] = {
    UnknownInstance: HTTPStatus.NOT_FOUND,
    InstanceChanged: HTTPStatus.PRECONDITION_FAILED,
    KeyReused: HTTPStatus.CONFLICT,
    StoreFull: HTTPStatus.INSUFFICIENT_STORAGE,
}


def _refused(*statuses: HTTPStatus) -> dict[int, ResponseSpec]:
    return {
        status.value: ResponseSpec(bodies.Problem, generate_examples=False, description=_REASONS[status])
        for status in (HTTPStatus.BAD_REQUEST, *statuses)
    }


_BODY = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class More(NamedTuple):
    """What a domain's service answers besides.

    Parameters
    ----------
    handlers: Litestar's, of its routes.
    sent: the bodies that these take; what is unknown in one is refused.
    delivers: whether later answers are sent to where they are to go.
    """

    handlers: Sequence[Any]
    sent: Sequence[type] = ()
    delivers: bool = False


def application(
    system: System,
    store: Store,
    *,
    most: int,
    hosts: tuple[str, ...] = (),
    more: More | None = None,
    explorer: Callable[[], str] | None = None,
    ask_seconds: float = ASK_SECONDS,
) -> Litestar:
    """The service of a system, as an ASGI application.

    Parameters
    ----------
    system: the declarations.
    store: keeps the instances; it is closed with the application.
    most: how many instances it may keep, to be shown.
    hosts: the names and ports by which clients may call it; any if there are none.
    more: what it answers besides.
    explorer: makes the page of the explorer, when it is first asked for.
    ask_seconds: how long answering a question on all states may take.
    """
    vocabulary, oracle = Vocabulary(system), Oracle(system)
    reachability = Reachability(system, MOST_DIAGRAMS)

    @lru_cache(maxsize=KNOWN)
    def state_of(words: tuple[tuple[str, str], ...]) -> State:
        return read_state(system, dict(words))

    @lru_cache(maxsize=KNOWN)
    def request_of(words: tuple[tuple[str, str], ...]) -> Declared:
        return read_request(system, dict(words))

    def decide(state: dict[str, Any], request: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        before = state_of(tuple(state.items()))
        after, verdict = oracle.decide(before, request_of(tuple(request.items())))
        moved = {name: str(to.value) for name, (_, to) in changes(before, after).items()}
        return moved, verdict_in_words(verdict)

    def start_of(data: bodies.Question | bodies.Asking | bodies.Start) -> State:
        return oracle.initial if data.state is None else data.state.state

    @get("/health", summary="Whether the service works")
    async def health() -> bodies.Health:
        return bodies.Health(system.name, await in_thread(store.count), most)

    @get("/initial", sync_to_thread=False, summary="The usual initial state")
    def initial() -> bodies.Initial:
        return bodies.Initial(words_of(oracle.initial))

    @post(
        "/decide",
        status_code=200,
        sync_to_thread=False,
        summary="Decide a request in a state",
        description="Nothing is kept.",
        responses=_refused(_BODY, HTTPStatus.UNPROCESSABLE_ENTITY),
    )
    def decide_once(data: JSONBody[bodies.Question]) -> bodies.Decision:
        state, verdict = oracle.decide(start_of(data), data.request.request)
        return bodies.Decision(words_of(state), verdict_in_words(verdict))

    @post(
        "/ask",
        status_code=200,
        sync_to_thread=True,
        summary="Ask whether a run from a state comes to something",
        description="Decided on sets of states of the whole system; one question at a time.",
        responses=_refused(_BODY, HTTPStatus.SERVICE_UNAVAILABLE)
        | {422: ResponseSpec(bodies.Problem, generate_examples=False, description="It takes more memory than it may.")},
    )
    def ask(data: JSONBody[bodies.Asking]) -> bodies.Answer:
        answer = reachability.shortest(start_of(data), data.condition.condition, ask_seconds)
        run = [RequestWords(step.request.as_dict()) for step in answer.run.steps] if answer.run else None
        return bodies.Answer(run, answer.states, Engine.SYMBOLIC.value)

    @put(
        summary="Start an instance",
        description="One of this name is replaced, and what it was sent is forgotten. Status 201 where there was none.",
        responses=_refused(_BODY, HTTPStatus.PRECONDITION_FAILED, HTTPStatus.INSUFFICIENT_STORAGE)
        | {201: ResponseSpec(bodies.InstanceView, generate_examples=False, description="It is new.")},
    )
    async def start(
        name: Name, data: JSONBody[bodies.Start], if_match: IfMatch = "", if_none_match: IfNoneMatch = ""
    ) -> Response[bodies.InstanceView]:
        replaced = False

        def expected(tag: str | None) -> bool:
            nonlocal replaced
            replaced = tag is not None
            return _expected(if_match, if_none_match)(tag)

        instance = await in_thread(store.put, name, words_of(start_of(data)), expected)
        return _shown(instance, 200 if replaced else 201)

    @get(
        summary="Where an instance stands",
        responses=_refused(HTTPStatus.NOT_FOUND)
        | {304: ResponseSpec(None, description="It has the ETag that If-None-Match says.")},
    )
    async def show(name: Name, if_none_match: IfNoneMatch = "") -> Response[bodies.InstanceView | None]:
        instance = await in_thread(store.get, name)
        if not _expected("", if_none_match)(instance.etag):
            return Response(None, status_code=304, headers={"ETag": instance.etag})
        return _shown(instance, 200)

    @delete(
        summary="Forget an instance",
        responses=_refused(HTTPStatus.NOT_FOUND, HTTPStatus.PRECONDITION_FAILED),
    )
    async def forget(name: Name, if_match: IfMatch = "") -> None:
        await in_thread(store.delete, name, _expected(if_match, ""))

    @post(
        INSTANCE + "/requests",
        summary="Send an instance a request",
        description="Status 201 where it is decided now, 200 where it was decided before, under this key.",
        responses=_refused(
            _BODY,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.CONFLICT,
            HTTPStatus.PRECONDITION_FAILED,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )
        | {200: ResponseSpec(bodies.StepView, generate_examples=False, description="It was decided before.")},
    )
    async def send(name: Name, data: JSONBody[bodies.Sending], if_match: IfMatch = "") -> Response[bodies.StepView]:
        instance, step, again = await in_thread(
            store.send, name, data.request.request.as_dict(), decide, data.key, _expected(if_match, "")
        )
        return Response(step_view(step), status_code=200 if again else 201, headers={"ETag": instance.etag})

    @post(
        INSTANCE + "/batch",
        status_code=200,
        summary="Send an instance requests",
        description="They are decided in order and kept together, or none is: one message in place of a thousand.",
        request_max_body_size=MOST_BATCH_BYTES,
        responses=_refused(
            _BODY,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.CONFLICT,
            HTTPStatus.PRECONDITION_FAILED,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
    )
    async def send_all(
        name: Name, data: JSONBody[bodies.Batch], if_match: IfMatch = ""
    ) -> Response[list[bodies.StepView]]:
        sent = [(each.request.request.as_dict(), each.key) for each in data.requests]
        instance, steps = await in_thread(store.send_all, name, sent, decide, _expected(if_match, ""))
        return Response([step_view(step) for step, _ in steps], headers={"ETag": instance.etag})

    @get(
        INSTANCE + "/history",
        summary="What an instance was sent",
        responses=_refused(HTTPStatus.NOT_FOUND),
    )
    async def history(name: Name, after: After = 0, limit: Limit = 100) -> list[bodies.StepView]:
        return [step_view(step) for step in await in_thread(store.history, name, after, limit)]

    @post(
        INSTANCE + "/messages",
        status_code=200,
        summary="A message of the conformance suite",
        description="With this address as --sut, the suite tests the service itself. A reset starts the instance.",
        responses=_refused(
            _BODY, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.INSUFFICIENT_STORAGE
        ),
    )
    async def message(
        name: Name, data: JSONBody[bodies.Describe | bodies.Reset | bodies.Send | bodies.Settled]
    ) -> bodies.StatementBody | bodies.OkBody | bodies.VerdictBody | bodies.AtRestBody:
        match data:
            case bodies.Reset():
                await in_thread(store.put, name, words_of(data.state.state))
                return bodies.OkBody(ok=True)
            case bodies.Send():
                _, step, _ = await in_thread(store.send, name, data.request.request.as_dict(), decide)
                return bodies.VerdictBody({aspect: step.verdict[aspect] for aspect in ASPECTS})
            case bodies.Settled():
                return bodies.AtRestBody(settled=True)
        return bodies.StatementBody({"name": f"the oracle of: {system.name}"})

    page = cache(explorer) if explorer else None

    @get("/explorer", include_in_schema=False, sync_to_thread=True)
    def explore() -> Response[str]:
        assert page
        return Response(page(), media_type="text/html", headers={"X-Content-Type-Options": "nosniff"})

    app = Litestar(
        [
            health,
            initial,
            decide_once,
            ask,
            routed(INSTANCE, start, show, forget),
            send,
            send_all,
            history,
            message,
            _Metrics,
            *([explore] if page else ()),
            *(more.handlers if more else ()),
        ],
        lifespan=[delivering(store)] if more and more.delivers else [],
        plugins=[vocabulary],
        type_decoders=vocabulary.decoders(),
        exception_handlers={HTTPException: _http, Exception: _other},
        middleware=[_with_address, PrometheusConfig(app_name="oracle", prefix="oracle", group_path=True).middleware],
        request_max_body_size=MOST_BYTES,
        allowed_hosts=AllowedHostsConfig(allowed_hosts=list(hosts)) if hosts else None,
        on_shutdown=[store.close],
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title=f"The oracle of: {system.name}",
            version="1",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
            path="/schema",
        ),
    )
    vocabulary.complete(app.openapi_schema)
    for name in (kind.__name__ for kind in (*bodies.SENT, *(more.sent if more else ()))):
        app.openapi_schema.components.schemas[name].additional_properties = False
    return app


def routed(path: str, *handlers: Any) -> Router:
    """What can be done to an instance at a path: Litestar's own answer names the method that was registered first."""
    allowed = ", ".join(sorted({"OPTIONS"}.union(*(handler.http_methods for handler in handlers))))

    @route(http_method="OPTIONS", status_code=204, include_in_schema=False)
    async def methods(name: FromPath[str]) -> Response[None]:  # noqa: ARG001  # it is in the path
        return Response(None, headers={"Allow": allowed})

    return Router(path, route_handlers=[methods, *handlers])


def _with_address(app: ASGIApp) -> ASGIApp:
    """Refuse a request whose header Host makes no address, before the metrics ask for its path."""

    async def expecting_address(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            _ = Request[Any, Any, Any](scope).url
        except ValueError:
            raise ClientException("the header Host is not the name of a host and its port") from None
        await app(scope, receive, send)

    return expecting_address


class _Metrics(PrometheusController):
    include_in_schema = False


def _expected(if_match: str, if_none_match: str) -> Callable[[str | None], bool]:
    """Whether a tag is one that a client's headers ask for; ``None`` is that of no instance, ``""`` is no header."""

    def among(tag: str | None, header: str) -> bool:
        return tag is not None and (header.strip() == "*" or tag in [one.strip() for one in header.split(",")])

    def expected(tag: str | None) -> bool:
        return (not if_match or among(tag, if_match)) and not (if_none_match and among(tag, if_none_match))

    return expected


def _shown(instance: Instance, status: int) -> Response[Any]:
    view = bodies.InstanceView(instance.name, instance.number, StateWords(instance.state))
    return Response(view, status_code=status, headers={"ETag": instance.etag})


def step_view(step: StoredStep) -> bodies.StepView:
    """A step for JSON."""
    return bodies.StepView(step.number, step.key, RequestWords(step.request), VerdictWords(step.verdict), step.changes)


def _problem(status: int, error: str, headers: Mapping[str, str] | None = None) -> Response[bodies.Problem]:
    return Response(
        bodies.Problem(printable(error)), status_code=status, headers=headers, media_type="application/json"
    )


def _http(_: Request[Any, Any, Any], error: HTTPException) -> Response[bodies.Problem]:
    parts = error.extra if isinstance(error.extra, list) else []
    where = [_located(part.get("key"), part["message"]) for part in parts if "message" in part]
    return _problem(error.status_code, "; ".join(where) or error.detail, error.headers)


def _located(key: str | None, message: str) -> str:
    if key in (None, "data"):
        return "the body is missing" if message == "'data'" else f"the body: {message}"
    return f"{key}: {message}"


def _other(_: Request[Any, Any, Any], error: Exception) -> Response[bodies.Problem]:
    if isinstance(error, NoVerdictError | TooLargeError):
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
    if isinstance(error, TooLongError):
        return _problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
    if isinstance(error, RecursionError):
        return _problem(HTTPStatus.BAD_REQUEST, "the body is nested too deeply")
    if isinstance(error, DatabaseError):  # full, locked or damaged since it was opened
        problem = f"the database cannot be used: {printable(reason(error))}"
        _LOG.error(problem)
        return _problem(HTTPStatus.SERVICE_UNAVAILABLE, problem)
    status = _REFUSALS.get(type(error))
    if status is None:
        raise error
    return _problem(status, _REASONS[status])
