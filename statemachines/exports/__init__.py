"""Systems as input of other engines. A new export is one file, one line of `EXPORTS`, and its words in the help of
`properties/cli/export.py`. Runs have formats of their own: `itf`, and those of `properties/cli/counterexamples.py`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

Progress = Callable[[int, int], None]
"""Is called with how much is done, and of how much."""


class Exported(NamedTuple):
    """A system in another engine's language.

    Parameters
    ----------
    text: the whole file, as bytes where the format is no text; of several files the one that matters.
    summary: what is in it, and what has no form in that language, in one line.
    files: the files by name, where there are several: they are written into a directory.
    """

    text: str | bytes
    summary: str
    files: Mapping[str, str] = MappingProxyType({})


EXPORTS: Mapping[str, str] = MappingProxyType(
    {
        "aiger": "statemachines.exports.aiger:exported",
        "javascript": "statemachines.exports.javascript:exported",
        "machine": "statemachines.exports.machine:exported",
        "promela": "statemachines.exports.promela:exported",
        "scxml": "statemachines.exports.scxml:exported",
        "xstate": "statemachines.exports.xstate:exported",
    }
)
"""For each format the ``module:function`` that makes an `Exported` of claims, the names of the only ones wanted, and a
progress function or ``None``."""
