"""What the examining process sends to the test processes, and what they send back."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from properties.conformance.diagnosis.standing import Standing
from statemachines.language.system import State, System


@attrs.frozen
class Message:
    """The result of one test, in words.

    Parameters
    ----------
    standing: the result.
    text: a failure in words, or why it was not tested.
    properties: what the test's report records beside it.
    """

    standing: Standing
    text: str = ""
    properties: tuple[tuple[str, str], ...] = ()


@attrs.frozen
class SentResults:
    """The results of the deterministic layer, for tests and for the random layer.

    Parameters
    ----------
    rules, properties, vectors: by id or name.
    right: for each use of a declaration, how many runs show it to be right.
    broken: the uses of declarations that are known to be broken.
    pause: for how many seconds a target is waited for that acts late.
    untested: why nothing was tested, if nothing was.
    starts: states that walks may begin in besides the initial ones, each as the names of its values.
    goals: how many goals the suite has.
    """

    rules: Mapping[str, Message]
    properties: Mapping[str, Message]
    vectors: Mapping[str, Message]
    right: Mapping[str, int]
    broken: frozenset[str]
    starts: tuple[tuple[str, ...], ...] = ()
    pause: float = 0.0
    untested: str = ""
    goals: int = 0

    @property
    def failed(self) -> bool:
        """Whether a rule failed."""
        return any(message.standing is Standing.FAILED for message in self.rules.values())

    def as_dict(self) -> dict[str, Any]:
        """In what pytest-xdist can send."""
        messages = {"rules": self.rules, "properties": self.properties, "vectors": self.vectors}
        return {
            **{kind: {name: _sent(one) for name, one in each.items()} for kind, each in messages.items()},
            "right": dict(self.right),
            "broken": sorted(self.broken),
            "starts": [list(names) for names in self.starts],
            "pause": self.pause,
            "untested": self.untested,
            "goals": self.goals,
        }

    @classmethod
    def from_dict(cls, sent: Mapping[str, Any]) -> "SentResults":
        """What another process sent."""
        rules, properties, vectors = (
            {name: _received(one) for name, one in sent[kind].items()} for kind in ("rules", "properties", "vectors")
        )
        return cls(
            rules,
            properties,
            vectors,
            right=sent["right"],
            broken=frozenset(sent["broken"]),
            starts=tuple(tuple(names) for names in sent["starts"]),
            pause=sent["pause"],
            untested=sent["untested"],
            goals=sent["goals"],
        )


def _sent(one: Message) -> list[Any]:
    return [one.standing.name, one.text, [list(pair) for pair in one.properties]]


def _received(one: list[Any]) -> Message:
    standing, text, properties = one
    return Message(Standing[standing], text, tuple((name, value) for name, value in properties))


def named_values(state: State) -> tuple[str, ...]:
    """A state as the names of its values."""
    return tuple(value.name for value in state)


def state_named(system: System, names: Iterable[str]) -> State:
    """The state with the values of these names."""
    values = {}
    for lifecycle, name in zip(system.lifecycles, names, strict=True):
        values[lifecycle.name] = next(value for value in lifecycle.variable.domain if value.name == name)
    return system.state(**values)


@attrs.define
class WalkCounts:
    """What the random layer did, counted.

    Parameters
    ----------
    walks, requests: how many.
    blocked: how many steps were not taken because what they need is known to be broken.
    unsupported: how many because the target does not support them.
    assumed: how many were not as expected by an assumption alone.
    seconds: how long it took, all processes together.
    hits: by key, how often each transition fired and each kind of verdict occurred.
    failures: each failure in words, with the rule that is named first.
    unknown: the words of the target that nobody knows, each with its aspect.
    """

    walks: int = 0
    requests: int = 0
    blocked: int = 0
    unsupported: int = 0
    assumed: int = 0
    seconds: float = 0.0
    hits: Counter[str] = attrs.field(factory=Counter)
    failures: list[dict[str, Any]] = attrs.field(factory=list)
    unknown: list[tuple[str, str]] = attrs.field(factory=list)

    def as_dict(self) -> dict[str, Any]:
        """In what pytest-xdist can send."""
        return {**attrs.asdict(self), "hits": dict(self.hits)}

    def merge(self, sent: Mapping[str, Any]) -> None:
        """Add what another process counted."""
        for name in ("walks", "requests", "blocked", "unsupported", "assumed", "seconds"):
            setattr(self, name, getattr(self, name) + sent[name])
        self.hits.update(sent["hits"])
        self.failures += sent["failures"]
        self.unknown += [(aspect, word) for aspect, word in sent["unknown"]]
