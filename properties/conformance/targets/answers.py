"""From a target's answer in its own words to an observation."""

import json
from collections.abc import Mapping
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from properties.conformance.mapping import Meaning, Translation
from properties.conformance.observation import NOTHING, Observation, words_of
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour
from statemachines.files.nearest import expected_words
from statemachines.files.shown import shown
from statemachines.language.requests import Request
from statemachines.language.terms import ASPECTS

if TYPE_CHECKING:
    from properties.conformance.statement import Statement


_MOST_READ = 10_000
"""How many verdicts are remembered with what they show: a target gives few answers many times."""


def garbage(detail: str) -> Misbehaved:
    """The misbehaviour of an answer that makes no sense."""
    return Misbehaved(Misbehaviour.GARBAGE, detail)


def refusal(what: str, error: object) -> Misbehaved:
    """The misbehaviour of an answer that is an error."""
    text = shown(error if isinstance(error, str) else json.dumps(error), 200)
    return Misbehaved(Misbehaviour.REFUSES, f"it answered {what} with the error '{text}'")


def quoted(answer: object) -> str:
    """An answer in a message."""
    return shown(json.dumps(answer), 160)


@attrs.frozen(eq=False)
class VerdictReader:
    """How the verdicts of one target are read.

    Parameters
    ----------
    statement: what the target shows.
    translation: what its words stand for.
    """

    statement: "Statement"
    translation: Translation
    _known: dict[tuple[str, str], Meaning] = attrs.field(init=False, factory=dict, repr=False)
    _read: dict[object, Observation] = attrs.field(init=False, factory=dict, repr=False)

    def observation(
        self,
        request: Request,
        verdict: object,
        beside: Mapping[str, Meaning] = MappingProxyType({}),
        state: object = None,
    ) -> Observation:
        """What a verdict, an object with words by aspect, shows.

        Parameters
        ----------
        request: that it is the verdict on.
        verdict: as the target answered it, a dictionary. An aspect that is left out is not shown; a response
            that is ``None`` says that there was nothing.
        beside: what the answer shows in another way than by such words.
        state: what the target shows of its state afterwards, an object with a word for each variable that it shows;
            ``None`` if nothing.

        Raises
        ------
        Misbehaved: GARBAGE, if it is not such an object, or has words that nobody knows.
        """
        if not isinstance(verdict, dict):
            raise garbage(f"the verdict is {_kind(verdict)}, expected an object with any of {', '.join(ASPECTS)}")
        if state is not None:
            return attrs.evolve(self.observation(request, verdict, beside), after=self._state(state))
        key = (request.type, tuple(verdict.items()), tuple(beside.items()))
        try:
            known = self._read.get(key)
        except TypeError:  # a value is a list or the like, and will be refused
            return self._observation(request, verdict, beside)
        if known is None:
            known = self._observation(request, verdict, beside)
            if len(self._read) < _MOST_READ:
                self._read[key] = known
        return known

    def _observation(
        self, request: Request, verdict: Mapping[str, object], beside: Mapping[str, Meaning]
    ) -> Observation:
        for key in verdict:
            if key not in ASPECTS:
                raise garbage(f"the verdict has {shown(repr(key))}, expected only {', '.join(ASPECTS)}")
        single: dict[str, Enum | None] = {}
        several: dict[str, Meaning] = {}
        meanings = {aspect: meaning for aspect, meaning in beside.items() if aspect in self.statement.observes}
        own = []
        observed = {aspect: word for aspect, word in verdict.items() if aspect in self.statement.observes}
        self._expect_known(observed)
        for aspect, word in observed.items():
            meanings[aspect] = self._meaning(aspect, word)
            if isinstance(word, str) and self.translation.translates(aspect, word):
                own.append(f"{aspect} {shown(word)}")
        self._expect_enough(request, {**verdict, **beside})
        for aspect, meaning in meanings.items():
            if len(meaning) == 1:
                (single[aspect],) = meaning
            elif meaning:
                several[aspect] = meaning
        return Observation(single, several, ", ".join(own))

    def _state(self, state: object) -> Mapping[str, Enum]:
        if not isinstance(state, dict):
            raise garbage(f"the state is {_kind(state)}, expected an object with a word for each variable")
        values: dict[str, Enum] = {}
        for name, word in state.items():
            value = self._values.get((name, word)) if isinstance(word, str) else None
            if value is None:
                known = sorted({known for known, _ in self._values})
                raise garbage(
                    f"the state has {shown(repr(word))} as {shown(repr(name))}, expected a word of it"
                    if name in known
                    else f"the state has {shown(repr(name))}, expected {expected_words(str(name), known)}"
                )
            values[name] = value
        return values

    @cached_property
    def _values(self) -> Mapping[tuple[str, str], Enum]:
        """The value of a variable that a word stands for."""
        variables = self.translation.system.variables
        return {(one.name, str(value.value)): value for one in variables for value in one.domain}

    def _meaning(self, aspect: str, word: object) -> Meaning:
        if word is None and aspect == "response":
            return frozenset([None])
        if not isinstance(word, str):
            raise garbage(f"the verdict's {aspect} is {_kind(word)}, expected a text")
        known = self._known.get((aspect, word))
        if known is None:
            known = self.translation.meaning(aspect, word)
            assert known is not None
            self._known[aspect, word] = known
        return known

    def _expect_known(self, words: Mapping[str, object]) -> None:
        """Refuse words that nobody knows, all of a verdict's at once."""
        unknown = tuple(
            (aspect, word)
            for aspect, word in words.items()
            if isinstance(word, str) and self.translation.meaning(aspect, word) is None
        )
        if unknown:
            aspect, word = unknown[0]
            detail = f"the target answered {aspect} '{shown(word)}'; {_expected(self.translation, aspect, word)}"
            raise Misbehaved(Misbehaviour.GARBAGE, detail, unknown)

    def _expect_enough(self, request: Request, aspects: Mapping[str, object]) -> None:
        """A verdict that shows nothing agrees with everything: that has to be stated, and not to happen."""
        if not self.statement.answers_events and self.statement.profile.is_event(request.type):
            return
        needed = self.statement.observes if self.statement.exactly else ("outcome",)
        lacking = [aspect for aspect in needed if aspect not in aspects]
        if lacking:
            why = "as its statement says" if self.statement.exactly else "which every verdict has to show"
            raise garbage(f"the verdict has no {' and no '.join(lacking)}, {why}")


def _expected(translation: Translation, aspect: str, word: str) -> str:
    nothing = f", null for {NOTHING}" if aspect == "response" else ""
    words = expected_words(word, words_of(translation.system)[aspect], mark="'")
    return f"expected one of: {words}{nothing}, or a line for it in the mapping file"


def _kind(value: object) -> str:
    """What a value is, to a person who may not think in Python."""
    if value is None:
        return "null"
    names = {
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
    }
    return names.get(type(value), f"a {type(value).__name__}")
