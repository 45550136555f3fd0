"""Systems as input of other engines. A new export is one file and one entry of `EXPORTS`, which the command reads.

Runs have formats of their own: `itf`, and those of `properties/cli/counterexamples.py`.
"""

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


class Export(NamedTuple):
    """A format of systems, as the command line offers it before anything of it is loaded.

    Parameters
    ----------
    function: the ``module:function`` that makes an `Exported` of claims, the names of the only ones wanted, and a
        progress function or ``None``.
    what: what is written, and who reads it.
    ending: how the name of the file ends, in examples; ``/`` for a directory.
    sliced: whether only the smallest exact slice is written of the claims that are wanted.
    """

    function: str
    what: str
    ending: str
    sliced: bool = False


EXPORTS: Mapping[str, Export] = MappingProxyType(
    {
        "aiger": Export(
            "statemachines.exports.aiger:exported",
            "a circuit for hardware model checkers such as ABC, a binary file: an output for each `always` property, "
            "true where it is broken",
            ".aig",
            sliced=True,
        ),
        "javascript": Export(
            "statemachines.exports.javascript:exported",
            "an npm package without dependencies, with types and its own test; standard output gets its module alone",
            "/",
        ),
        "machine": Export(
            "statemachines.exports.machine:exported",
            "the whole declaration as JSON, for programs in any language; every --system takes such a file",
            ".json",
        ),
        "promela": Export(
            "statemachines.exports.promela:exported",
            "a model for SPIN, which begins with the commands that run SPIN on it",
            ".pml",
            sliced=True,
        ),
        "scxml": Export(
            "statemachines.exports.scxml:exported",
            "a statechart: a region for each lifecycle, and one that decides (docs/charts.md)",
            ".scxml",
        ),
        "xstate": Export(
            "statemachines.exports.xstate:exported",
            "the same statechart, for XState v5",
            ".mjs",
        ),
    }
)
"""Every format, by its name on the command line."""
