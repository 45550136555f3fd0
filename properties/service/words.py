"""States, requests and verdicts of a declared system as JSON, and their schemas."""

from collections.abc import Mapping
from typing import Any

from litestar._openapi.schema_generation import SchemaCreator
from litestar.openapi.spec import Discriminator, OpenAPI, OpenAPIType, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from properties.conformance.suite.wire_format import read_request, read_state, state_in_words
from properties.service.conditions import condition_schemas
from properties.service.schemas import array, closed, enumeration, path, reference
from statemachines.exports.machine_conditions import parse_condition
from statemachines.language.expression import Expr
from statemachines.language.gates import Verdict
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State, System
from statemachines.language.terms import ASPECTS, Term


class StateWords(dict[str, str]):
    """The value of every variable."""


class RequestWords(dict[str, str]):
    """The type of a request, and the value of each of its fields."""


class VerdictWords(dict[str, Any]):
    """A verdict."""


class SentState:
    """A state, as it was sent in words; a variable that it left out has its usual initial value.

    (Those who decode JSON would take apart a `State`, which is a tuple.)
    """

    def __init__(self, state: State) -> None:
        self.state = state


class SentRequest:
    """A request, as it was sent in words; a field that it left out has its default."""

    def __init__(self, request: Request) -> None:
        self.request = request


class SentCondition:
    """A condition on states or steps, as a machine file writes one."""

    def __init__(self, condition: Expr) -> None:
        self.condition = condition


_NAMES = {
    SentCondition: "Condition",
    SentState: "SentState",
    StateWords: "State",
    SentRequest: "SentRequest",
    RequestWords: "Request",
    VerdictWords: "Verdict",
}


class Vocabulary(OpenAPISchemaPlugin):
    """The words of a system, from the declarations to JSON, and back, and to OpenAPI.

    Parameters
    ----------
    system: the declarations.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self._initial = words_of(system.state())
        self._defaults = {kind.name: _default_words(kind) for kind in system.requests}

    def decoders(self) -> list[Any]:
        """Of states and requests; what they refuse is named with what was expected."""
        return [
            (lambda kind: kind is SentState, lambda _, words: SentState(self._state(words))),
            (lambda kind: kind is SentRequest, lambda _, words: SentRequest(self._request(words))),
            (lambda kind: kind is SentCondition, lambda _, part: SentCondition(parse_condition(part, self.system))),
        ]

    def _state(self, words: object) -> State:
        return read_state(self.system, self._initial | words if isinstance(words, dict) else words)

    def _request(self, words: object) -> Request:
        if isinstance(words, dict) and isinstance(kind := words.get("type"), str):
            words = self._defaults.get(kind, {}) | words
        return read_request(self.system, words)

    def complete(self, openapi: OpenAPI) -> None:
        """Put the schemas of states, requests and verdicts where the others refer to them."""
        system = self.system
        variables = {variable.name: _enumerated(variable) for variable in system.variables}
        initial = {variable.name: _enumerated(variable, self._initial[variable.name]) for variable in system.variables}
        named = {
            "State": closed(variables),
            "SentState": closed(
                initial, required=(), description="A variable that is left out has its usual initial value."
            ),
            **_requests("Request", {kind.name: _request(kind, {}) for kind in system.requests}),
            **_requests(
                "SentRequest", {kind.name: _request(kind, self._defaults[kind.name]) for kind in system.requests}
            ),
            "Verdict": self._verdict(),
            **condition_schemas(system),
        }
        assert openapi.components.schemas is not None
        openapi.components.schemas |= named

    def _verdict(self) -> Schema:
        text, texts = Schema(type=OpenAPIType.STRING), array(enumeration(ASPECTS))
        spoken = {
            aspect: enumeration(str(value.value) for value in self.system.values_of(aspect)) for aspect in ASPECTS
        }
        response = spoken["response"]
        return closed(
            {
                **spoken,
                "response": Schema(one_of=[*([response] if response.enum else []), Schema(type=OpenAPIType.NULL)]),
                "rules": array(text),
                "unspecified": texts,
                "passed": Schema(type=OpenAPIType.BOOLEAN),
            }
        )

    @staticmethod
    def is_plugin_supported_type(value: Any) -> bool:
        return isinstance(value, type) and value in _NAMES

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: SchemaCreator) -> Any:  # noqa: ARG002
        return reference(_NAMES[field_definition.annotation])


def verdict_in_words(verdict: Verdict) -> VerdictWords:
    """A verdict for JSON: aspects, the ids of its rules, what is unspecified, and whether every gate let it pass."""
    aspects = {aspect: getattr(verdict, aspect) for aspect in ASPECTS}
    return VerdictWords(
        {aspect: value and str(value.value) for aspect, value in aspects.items()},
        rules=list(verdict.rules),
        unspecified=list(verdict.unspecified),
        passed=verdict.passed,
    )


def words_of(state: State) -> StateWords:
    """A state for JSON."""
    return StateWords(state_in_words(state))


def _words(term: Term) -> list[str]:
    return [str(value.value) for value in term.domain]


def _enumerated(term: Term, default: str | None = None) -> Schema:
    return Schema(type=OpenAPIType.STRING, enum=_words(term), title=term.label, default=default)


def _default_words(kind: RequestType) -> dict[str, str]:
    """The words of each field that has a default."""
    return {field.name: str(field.default.value) for field in kind.fields if field.default is not None}


def _request(kind: RequestType, defaults: Mapping[str, str]) -> Schema:
    fields = {field.name: _enumerated(field, defaults.get(field.name)) for field in kind.fields}
    required = ["type", *(name for name in fields if name not in defaults)]
    return closed({"type": Schema(type=OpenAPIType.STRING, const=kind.name), **fields}, required, title=kind.label)


def _requests(name: str, kinds: Mapping[str, Schema]) -> dict[str, Schema]:
    """The schema of a request, which is one of the schemas of its types."""
    every = Schema(
        one_of=[reference(f"{name}{kind}") for kind in kinds],
        discriminator=Discriminator("type", {kind: path(f"{name}{kind}") for kind in kinds}),
    )
    return {name: every, **{f"{name}{kind}": schema for kind, schema in kinds.items()}}
