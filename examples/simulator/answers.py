"""Answers to requests, and refusals, which end a request's way."""

from dataclasses import dataclass

from .words import At, Outcome


@dataclass(frozen=True)
class Answer:
    """The answer to the sender of a request, or to whoever reports an event."""

    outcome: str
    at: str
    reason: str
    response: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """The answer for the protocols."""
        return {
            "outcome": str(self.outcome),
            "at": str(self.at),
            "reason": self.reason,
            "response": None if self.response is None else str(self.response),
        }


class Refusal(Exception):  # noqa: N818  # an answer, and no error of anyone
    """A request goes no further: whoever looks at it raises this."""

    def __init__(self, at: At, reason: str, outcome: Outcome = Outcome.REJECTED) -> None:
        super().__init__(reason)
        self.answer = Answer(outcome, at, reason)


class CannotHappen(Refusal):
    """An event cannot happen as things stand."""

    def __init__(self, reason: str) -> None:
        super().__init__(At.PREMISES, reason, Outcome.CANNOT_HAPPEN)


class MessageError(ValueError):
    """A message that says nothing the simulator understands."""
