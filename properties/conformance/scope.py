"""The scope of a run: the rules, properties, sequences and walks of the suite that are tested on a target."""

import re
import shlex
import sys
from functools import cached_property

import pytest

from properties.conformance.diagnosis.examination import Subject
from properties.conformance.options import CHUNKS, usual_reference
from properties.conformance.rerun import Rerun, read_rerun
from properties.conformance.selection import Selection
from properties.conformance.suite.sequence_file import read_sequences
from properties.conformance.suite.store import suite_of
from properties.conformance.suite.vectors import OWN, Vector
from statemachines.language.claims import Claims

FEWEST = 8
"""How many walks a test has if there are enough: after ten, Hypothesis repeats parts of earlier ones."""


def shares_of(walks: int) -> tuple[int, ...]:
    """How many of the walks each test makes.

    >>> shares_of(20), shares_of(200) == (8,) * CHUNKS, shares_of(0)
    ((8, 8, 4), True, ())
    """
    each = max(FEWEST, -(-walks // CHUNKS))
    return tuple(min(each, walks - begun) for begun in range(0, walks, each))


class Scope:
    """What is tested of a target.

    Parameters
    ----------
    subject: the target, and the reference beside it.
    selection: what of the suite the options select.
    """

    def __init__(self, subject: Subject, selection: Selection) -> None:
        self.subject, self.selection = subject, selection

    @cached_property
    def claims(self) -> Claims:
        """The reference, and what is claimed of it."""
        return self.subject.reference()

    def check(self) -> None:
        """Refuse a selection that cannot be run, in one message."""
        for rule in self.selection.rules:
            if rule not in self.claims.system.register:
                raise pytest.UsageError(f"--rule: no rule has the id {rule!r}; `trace` lists those that there are")
        known = self.subject.domain.conformance if self.selection.conformance else {}
        for name in self.selection.conformance:
            if name not in known:
                expected = f"expected one of: {', '.join(known)}" if known else "the domain has none"
                raise pytest.UsageError(f"--class: there is no class of conformance {name!r}; {expected}")
        names = [vector.name for vector in suite_of(self.claims).vectors] if self.selection.vectors else []
        for name in self.selection.vectors:
            if name not in names and not re.fullmatch(OWN + r"\d{4}", name):
                raise pytest.UsageError(f"--vector: no sequence is named {name!r}; there are {names[0]} to {names[-1]}")
        if self.selection.rerun and (self._some_rules or self.selection.vectors or self.selection.sequences):
            raise pytest.UsageError(
                "--rerun-failed selects what is run: leave out --rule, --class, --vector and --sequence"
            )
        _ = self.rerun  # which refuses a report that cannot be used
        if self.selection.sequences and self.selection.vectors:
            raise pytest.UsageError("--sequence: the suite's own sequences (--vector) cannot be run in the same run")
        if len(set(self.vectors)) < len(self.vectors):
            raise pytest.UsageError("--sequence: two sequences have the same name")
        try:
            self.selection.lists.check(
                self.claims.system.register, [claim.name for claim in self.claims.claims], CHUNKS
            )
        except ValueError as error:
            raise pytest.UsageError(str(error)) from None

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules to test."""
        if self.vectors:
            return ()
        if self.rerun is not None:
            return self.rerun.rules
        register = self.claims.system.register
        of_classes = dict.fromkeys(
            rule for name in self.selection.conformance for rule in self.subject.domain.rules_of(name, register)
        )
        return tuple(dict.fromkeys((*self.selection.rules, *of_classes))) or tuple(register)

    @property
    def _some_rules(self) -> bool:
        return bool(self.selection.rules or self.selection.conformance)

    @property
    def properties(self) -> tuple[str, ...]:
        """The names of the properties to test."""
        if self.vectors:
            return ()
        if self.rerun is not None:
            return self.rerun.properties
        return () if self._some_rules else tuple(claim.name for claim in self.claims.claims)

    @property
    def vectors(self) -> tuple[str, ...]:
        """The names of the selected sequences."""
        return tuple(one.name for one in self.sequences) or self.selection.vectors

    @cached_property
    def sequences(self) -> tuple[Vector, ...]:
        """The user's own sequences.

        Raises
        ------
        TargetError: for a file that has none.
        """
        return tuple(one for source in self.selection.sequences for one in read_sequences(source, self.claims.system))

    @property
    def chunks(self) -> int:
        """The largest number of tests of the random layer; none where rules or sequences are selected."""
        without = self.vectors or self._some_rules if self.rerun is None else not self.rerun.walks
        return 0 if without else len(shares_of(self.selection.walks(sys.maxsize)))

    @property
    def partial(self) -> bool:
        """Whether only some rules and properties are tested, so that not every sequence is needed."""
        return not self.vectors and bool(self._some_rules or (self.rerun is not None and not self.rerun.walks))

    @cached_property
    def rerun(self) -> Rerun | None:
        """The part of an earlier run that is run again.

        Raises
        ------
        TargetError: for a report that has none.
        """
        return read_rerun(self.selection.rerun, self.claims) if self.selection.rerun else None

    @property
    def seed(self) -> int:
        """The seed of the random layer; by default that of the run that is partly run again."""
        return self.selection.seed or (self.rerun.seed if self.rerun is not None else 0)

    def again(self, option: str, value: str) -> str:
        """The command that runs one thing again.

        Parameters
        ----------
        option, value: what it is: ``--rule`` and an id, ``--vector`` and a name, ``--sequence`` and one as text.
        """
        subject = self.subject
        if self.sequences:
            named = zip(self.sequences, self.selection.sequences, strict=True)
            option, value = "--sequence", next((source for one, source in named if one.name == value), value)
        what = {
            "--sut": subject.sut,
            "--system": subject.system if subject.system != usual_reference() else "",
            "--statement": subject.statement,
            "--mapping": subject.mapping,
            "--connection": subject.connection,
            option: value,
        }
        words = (word for name, each in what.items() if each for word in (name, str(each)))
        more = [word for rule in subject.without for word in ("--without", rule)]
        more += ["--only", "regulated"] if self.selection.only_regulated else []
        return shlex.join([*self.selection.command, *words, *more])
