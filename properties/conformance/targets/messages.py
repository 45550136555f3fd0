"""Targets that exchange the JSON messages, one answer for each, over any transport."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from properties.conformance.observation import Observation
from properties.conformance.statement import Statement
from properties.conformance.targets.answers import VerdictReader, garbage, quoted
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour
from statemachines.language.requests import Request
from statemachines.language.system import State


class MessageTarget(ABC):
    """A target that takes messages.

    Parameters
    ----------
    reader_for: makes the reader of its verdicts from a statement.

    Raises
    ------
    Misbehaved: if it does not come as far as to say what it supports; it is closed then.
    """

    def __init__(self, reader_for: Callable[[Any], VerdictReader]) -> None:
        try:
            self._reader = reader_for(self._described())
        except BaseException:
            self.close()
            raise

    @abstractmethod
    def _ask(self, message: Mapping[str, object]) -> Mapping[str, Any]:
        """The answer to a message; `Misbehaved` where there is none."""

    @abstractmethod
    def close(self) -> None:
        """End it, or the connection to it."""

    @property
    def statement(self) -> Statement:
        """What it supports."""
        return self._reader.statement

    def reset(self, state: State) -> None:
        """Be in this state."""
        words = {name: str(value.value) for name, value in state.as_dict().items()}
        self._done({"op": "reset", "state": words, **self._besides_state()})

    def send(self, request: Request) -> Observation:
        """Process the request."""
        return self._verdict(request, {"op": "send", "request": request.as_dict()})

    def settled(self) -> bool:
        """Whether it is at rest."""
        answer = self._ask({"op": "settled"})
        settled = answer.get("settled")
        if not isinstance(settled, bool):
            raise garbage(f'the answer to "settled" has no "settled" that is true or false: {quoted(answer)}')
        return settled

    def _described(self) -> object:
        """Its own statement; a target that knows no such message says nothing, and so supports everything."""
        try:
            return self._ask({"op": "describe"}).get("statement", {})
        except Misbehaved as error:
            if error.kind is Misbehaviour.REFUSES:
                return {}
            raise

    def _besides_state(self) -> Mapping[str, object]:
        """What else a reset says."""
        return {}

    def _done(self, message: Mapping[str, object]) -> None:
        """Refuse an answer that does not say that it is done."""
        answer = self._ask(message)
        if answer.get("ok") is not True:
            raise garbage(f'the answer to a {message["op"]} has no "ok": true: {quoted(answer)}')

    def _verdict(self, request: Request, message: Mapping[str, object]) -> Observation:
        answer = self._ask(message)
        if "verdict" not in answer:
            article = "an" if message["op"] == "event" else "a"
            raise garbage(f'the answer to {article} {message["op"]} has no "verdict": {quoted(answer)}')
        return self._reader.observation(request, answer["verdict"], state=answer.get("state"))
