"""The part of the suite that the options of a run select."""

from pathlib import Path
from zlib import crc32

import attrs
import pytest
from hypothesis import settings

from properties.conformance.options import (
    FAIL_UNDER,
    FEWEST_WALKS,
    GOALS_OF_A_WALK,
    SMOKE,
    SMOKE_WALKS,
    WALKS,
    command_of,
)
from properties.conformance.skips import Lists


@attrs.frozen
class Selection:
    """What of the suite is run.

    Parameters
    ----------
    rules: the ids of the only rules to test; all, if there are none.
    conformance: the classes of conformance whose rules are tested; all rules, if there are none.
    smoke: whether only as few sequences are run as show something of each kind of every rule, and no walks.
    vectors: the names of the only sequences to run; all, if there are none.
    sequences: the user's own sequences, each a file or JSON text, which are run instead.
    rerun: the report of a run of which what failed is run again.
    resume: the file of a run that was cut short, which goes on; it is made, and left where this one is.
    strict: whether a test that is expected to fail, and passes, is a failure.
    max_examples: how many walks the random layer makes at most; the usual number, if not given.
    seed: of the random layer.
    profiled: whether a Hypothesis profile says how long a walk is.
    lists: the tests that the user's files name.
    command: what the user began this with.
    only_regulated: whether what an assumption alone decides is compared with nothing.
    fail_under: of what there is to show of the selected rules, the share in percent that has to be shown.
    """

    rules: tuple[str, ...] = ()
    conformance: tuple[str, ...] = ()
    smoke: bool = False
    vectors: tuple[str, ...] = ()
    sequences: tuple[str, ...] = ()
    rerun: Path | None = None
    resume: Path | None = None
    strict: bool = False
    max_examples: int | None = None
    seed: int = 0
    profiled: bool = False
    lists: Lists = attrs.field(factory=Lists)
    command: tuple[str, ...] = command_of("pytest")
    only_regulated: bool = False
    fail_under: float = FAIL_UNDER

    @classmethod
    def of(cls, config: pytest.Config) -> "Selection":
        """What the options say; `TargetError` for a file that cannot be read."""
        option = config.getoption
        hypothesis_seed = option("--hypothesis-seed", None)
        return cls(
            rules=tuple(option("--rule")),
            conformance=tuple(option("--class")),
            smoke=option("--suite-profile") == SMOKE,
            vectors=tuple(dict.fromkeys(option("--vector"))),
            sequences=tuple(dict.fromkeys(option("--sequence"))),
            rerun=option("--rerun-failed"),
            resume=option("--resume"),
            strict=option("--strict-xfails"),
            max_examples=option("--max-examples"),
            seed=option("--seed") or (crc32(str(hypothesis_seed).encode()) if hypothesis_seed else 0),
            profiled=option("--hypothesis-profile", None) is not None,
            lists=Lists.read(option("--skips-file"), option("--xfails-file")),
            command=command_of(option("--asked-by")),
            only_regulated=option("--only") is not None,
            fail_under=option("--fail-under"),
        )

    def walks(self, goals: int) -> int:
        """How many walks the random layer makes at most, of a suite that has so many goals."""
        if self.max_examples is not None:
            return self.max_examples
        if self.smoke:
            return SMOKE_WALKS
        if self.profiled:
            return settings().max_examples
        return min(WALKS, max(FEWEST_WALKS, goals // GOALS_OF_A_WALK))
