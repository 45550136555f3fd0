"""Bodies of HTTP requests and answers; unknown keys are refused."""

from typing import Annotated, Any

import msgspec

from properties.service.words import RequestWords, SentCondition, SentRequest, SentState, StateWords, VerdictWords


class SentBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A body that is sent."""


class Question(SentBody, frozen=True):
    """What must happen to a request in a state, or in the usual initial one?"""

    request: SentRequest
    state: SentState | None = None


class Asking(SentBody, frozen=True):
    """Does a run from a state, or from the usual initial one, come to where a condition holds?

    The condition is one of the machine file's, on the state or on the last step.
    """

    condition: SentCondition
    state: SentState | None = None


class Answer(msgspec.Struct, frozen=True):
    """The requests of a shortest run, or null where there is none; of how many states, and what decided it."""

    run: list[RequestWords] | None
    states: int
    engine: str


class Initial(msgspec.Struct, frozen=True):
    """The start state of an instance by default."""

    state: StateWords


class Decision(msgspec.Struct, frozen=True):
    """The verdict, and the state afterwards."""

    state: StateWords
    verdict: VerdictWords


class Start(SentBody, frozen=True):
    """In which state an instance starts; the usual one if none is given."""

    state: SentState | None = None


class Sending(SentBody, frozen=True):
    """A request to an instance.

    It is decided once for each key: sent again, it has the answer that it had. Without a key it is decided each time.
    """

    request: SentRequest
    key: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern="^[^\\u0000]*$")] | None = None


class Batch(SentBody, frozen=True):
    """Requests to an instance, in order."""

    requests: Annotated[list[Sending], msgspec.Meta(min_length=1, max_length=1000)]


class InstanceView(msgspec.Struct, frozen=True):
    """An instance: how many requests it has been sent, and where it stands."""

    name: str
    number: int
    state: StateWords


class StepView(msgspec.Struct, frozen=True):
    """A request that an instance was sent, the verdict, and the variables that it changed."""

    number: int
    key: str | None
    request: RequestWords
    verdict: VerdictWords
    changes: dict[str, str]


class Message(SentBody, frozen=True, tag_field="op"):
    """A message of the conformance suite."""


class Describe(Message, frozen=True, tag="describe"):
    """What does the target support?"""


class Reset(Message, frozen=True, tag="reset"):
    """Be in this state, whatever was before."""

    state: SentState


class Send(Message, frozen=True, tag="send"):
    """Process this request."""

    request: SentRequest


class Settled(Message, frozen=True, tag="settled"):
    """Has everything come that earlier messages bring about?"""


class StatementBody(msgspec.Struct, frozen=True):
    """What the target supports: everything, but for what this says."""

    statement: dict[str, Any]


class OkBody(msgspec.Struct, frozen=True):
    """It is."""

    ok: bool


class VerdictBody(msgspec.Struct, frozen=True):
    """What a verdict shows: its outcome, at, reason and response."""

    verdict: dict[str, str | None]


class AtRestBody(msgspec.Struct, frozen=True):
    """Whether it is at rest."""

    settled: bool


class Health(msgspec.Struct, frozen=True):
    """That the service works, of which system, and how many instances it keeps."""

    system: str
    instances: int
    most_instances: int


class Problem(msgspec.Struct, frozen=True):
    """What was wrong, where, and what was expected."""

    error: str


SENT = (Question, Asking, Start, Sending, Batch, Describe, Reset, Send, Settled)
"""All bodies that are sent."""
