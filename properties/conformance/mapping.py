"""The mapping file: what a target's own words and codes mean."""

import json
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import MappingProxyType

import attrs

from properties.conformance.observation import NOTHING, words_of
from statemachines.files.nearest import expected_words
from statemachines.files.toml import read_toml
from statemachines.language.system import System
from statemachines.language.terms import ASPECTS

Meaning = frozenset[Enum | None]
"""The values that a word may stand for; empty where it says nothing of the aspect."""

ANY_OTHER = "*"
NOT_SHOWN = "not shown"
"""How a mapping file says that a word says nothing of an aspect."""


@attrs.frozen
class Translation:
    """What a target's words mean.

    Parameters
    ----------
    system: the reference.
    lines: for each aspect, what each word of its own stands for; ``"*"`` is any word that has no other meaning.

    >>> from examples.parcel_locker import system
    >>> Translation(system).meaning("outcome", "no")
    frozenset({<Say.NO: 'no'>})
    """

    system: System
    lines: Mapping[str, Mapping[str, Meaning]] = MappingProxyType({})

    def meaning(self, aspect: str, word: str) -> Meaning | None:
        """What a word stands for: as the mapping says, or else if it is ours; ``None`` if nobody knows."""
        lines = self.lines.get(aspect, {})
        if word in lines:
            return lines[word]
        ours = words_of(self.system)[aspect].get(word)
        return frozenset([ours]) if ours is not None else lines.get(ANY_OTHER)

    def translates(self, aspect: str, word: str) -> bool:
        """Whether the word is not simply ours."""
        return word in self.lines.get(aspect, {}) or word not in words_of(self.system)[aspect]


def read_mapping(path: Path, system: System) -> Translation:
    """The translation in a TOML file: a table for each aspect, in it a line for each word.

    Parameters
    ----------
    path: of the file.
    system: the reference, whose words stand on the right: one, or a list of those that the target does not tell apart.

    Raises
    ------
    TomlFileError: if it cannot be read, or a word on the right is none of the reference's.
    """
    root = read_toml(path)
    lines = {}
    for aspect in ASPECTS:
        table = root.optional_table(aspect)
        if table is not None:
            options = _options(aspect, system)
            lines[aspect] = {key: _joined(table.one_or_several(key, options)) for key in table.names()}
    root.finish()
    return Translation(system, lines)


def skeleton(unknown: Mapping[str, Iterable[str]], system: System) -> Iterator[str]:
    """The lines of a mapping file for words that nobody knows; what each of them stands for has to be filled in.

    >>> from examples.parcel_locker import system
    >>> print("\\n".join(skeleton({"at": ["front office"]}, system)))
    [at]  # "yes", "no", "locker", "done", "wrong code", "wrong box" or "not shown"
    "front office" = "?"
    """
    for aspect, words in unknown.items():
        yield f'[{aspect}]  # {expected_words("", words_of(system)[aspect])} or "{NOT_SHOWN}"'
        yield from (f'{json.dumps(word)} = "?"' for word in words)


def _options(aspect: str, system: System) -> dict[str, Meaning]:
    options: dict[str, Meaning] = {word: frozenset([value]) for word, value in words_of(system)[aspect].items()}
    if aspect == "response":
        options[NOTHING] = frozenset([None])
    return {**options, NOT_SHOWN: frozenset()}


def _joined(meanings: tuple[Meaning, ...]) -> Meaning:
    return frozenset().union(*meanings)
