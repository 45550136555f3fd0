"""Observations: what a target shows of one verdict, and where it differs from the reference's."""

from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from functools import lru_cache
from itertools import chain

import attrs

from statemachines.language.gates import Answer, Check, Verdict
from statemachines.language.system import State, System
from statemachines.language.terms import ASPECTS
from statemachines.semantics.comparison import inadmissible
from statemachines.semantics.regulated import PossibleStates
from statemachines.semantics.trace import Step

NOTHING = "nothing"
"""The word for the response of a verdict that carries none."""


@attrs.frozen
class Observation:
    """What a target shows of one verdict. An aspect in neither mapping is not shown, and never compared.

    Parameters
    ----------
    shown: the value of each aspect that the target shows; ``None`` where there is no response.
    among: for an aspect of which the target's code leaves several values open, those values.
    own_words: what the target answered, where that was translated.
    after: the value that each variable has afterwards, of those that the target shows.

    >>> from examples.parcel_locker import Say
    >>> print(Observation({"outcome": Say.NO}))
    outcome no
    """

    shown: Mapping[str, Enum | None]
    among: Mapping[str, frozenset[Enum | None]] = attrs.field(factory=dict)
    own_words: str = ""
    after: Mapping[str, Enum] = attrs.field(factory=dict)

    def admits(self, aspect: str, value: Enum | None) -> bool:
        """Whether the verdict that was observed may have this value of an aspect."""
        if aspect in self.shown:
            return self.shown[aspect] is value
        return aspect not in self.among or value in self.among[aspect]

    @property
    def aspects(self) -> frozenset[str]:
        """What can be compared: the aspects of the verdict, and `in_state` of each variable that is shown."""
        return frozenset((*self.shown, *map(in_state, self.after)))

    def as_dict(self) -> dict[str, object]:
        """For machines: each aspect's value in words, or a list of them where several are left open."""
        words: dict[str, object] = {}
        for aspect in ASPECTS:
            if aspect in self.shown:
                value = self.shown[aspect]
                words[aspect] = None if value is None else str(value.value)
            elif aspect in self.among:
                words[aspect] = sorted(_word(value) for value in self.among[aspect])
        return words

    def __str__(self) -> str:
        parts = [
            f"{aspect} {' or '.join(value) if isinstance(value, list) else NOTHING if value is None else value}"
            for aspect, value in self.as_dict().items()
        ]
        own = f" (in its own words: {self.own_words})" if self.own_words else ""
        return (", ".join(parts) or "nothing is shown") + own


def _word(value: Enum | None) -> str:
    return NOTHING if value is None else str(value.value)


def in_state(name: str) -> str:
    """How a variable is called among aspects, of which it may have the name."""
    return f"state:{name}"


def differs(expected: Verdict, seen: Observation) -> tuple[str, ...]:
    """The aspects in which the target differs: never one that the sources leave open, or that it does not show."""
    return inadmissible(expected, seen.admits)


def otherwise(expected: State, seen: Observation) -> tuple[str, ...]:
    """The names of the variables that the target shows to have another value afterwards than the reference has."""
    values = expected.as_dict()
    return tuple(name for name, value in seen.after.items() if value is not values[name])


def deviates(step: Step, seen: Observation, *, states: bool = True) -> tuple[str, ...]:
    """The aspects and variables in which the target differs after a step.

    Parameters
    ----------
    states: whether its state counts, where it shows it; on the rules alone it does not, for they do not fix it.
    """
    return (*differs(step.verdict, seen), *(otherwise(step.after, seen) if states else ()))


def admitted(possible: PossibleStates, seen: Observation) -> bool:
    """Whether the state that the target shows is one of those that are possible."""
    return possible.more or any(not otherwise(state, seen) for state in possible.states)


def contradicts(suspected: Verdict, seen: Observation) -> bool:
    """Whether what was seen contradicts a suspected verdict.

    A verdict whose outcome the sources leave open agrees with whatever is seen, and so it explains nothing.
    """
    return "outcome" in suspected.unspecified or bool(differs(suspected, seen))


@lru_cache(maxsize=8)
def words_of(system: System) -> Mapping[str, Mapping[str, Enum]]:
    """For each aspect of a verdict, the words that a target of this system may use, and what each stands for.

    They are all of the vocabulary, and not only those that the system ever uses: a target may err. Where a value that
    is used has the words of one that is not, they stand for the former.
    """
    used: dict[str, dict[int, Enum]] = {aspect: {} for aspect in ASPECTS}
    for aspect, value in _words_of_declarations(system):
        used[aspect][id(value)] = value
    return {aspect: _by_words(values.values()) for aspect, values in used.items()}


def _by_words(values: Collection[Enum]) -> dict[str, Enum]:
    """The members of the enums of some values by their words, these values last."""
    kinds: dict[type[Enum], None] = dict.fromkeys(map(type, values))
    return {str(member.value): member for member in (*chain.from_iterable(kinds), *values)}


def _words_of_declarations(system: System) -> Iterator[tuple[str, Enum]]:
    declared: list[Check | Answer] = [check for gate in system.gates for check in gate.checks]
    declared += system.answers
    yield from (("at", gate.party) for gate in system.gates)
    for each in declared:
        yield "outcome", each.outcome
        yield "reason", each.reason
        if isinstance(each, Answer):
            yield from ((aspect, value) for aspect, value in (("at", each.at), ("response", each.response)) if value)
