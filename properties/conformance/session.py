"""What one process of a test run knows: what is tested, with what results, and what is to be reported."""

import re
import shlex
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from itertools import islice
from typing import Any

import attrs
import pytest

from properties.conformance.diagnosis.examination import Examination, Subject, examine
from properties.conformance.diagnosis.journal import Journal
from properties.conformance.diagnosis.standing import TESTED, Account, Standing
from properties.conformance.failure_text import failure, not_passed, rule_in_words
from properties.conformance.options import RESULTS, usual_reference
from properties.conformance.rerun import Rerun, read_rerun
from properties.conformance.selection import Selection
from properties.conformance.skips import PROPERTY_TEST, RULE_TEST
from properties.conformance.suite.digest import digest
from properties.conformance.suite.sequence_file import read_sequence
from properties.conformance.suite.store import suite_of
from properties.conformance.suite.subsets import smoke_of
from properties.conformance.suite.vectors import OWN, Vector
from properties.conformance.targets.misbehaviour import Misbehaved, OutOfTime, TargetError
from properties.conformance.targets.opening import is_address
from properties.conformance.targets.target import Limits, Target
from properties.conformance.transfer import Message, Results, Walked, named_values
from properties.console.terminal import progress_bar
from statemachines.language.claims import Claims
from statemachines.language.rules import Basis
from statemachines.language.system import State

SLOW_SECONDS = 0.005
"""An answer that takes longer makes a run long enough for an estimate."""

CHUNKS = 25
"""Into how many tests the random layer is divided."""


class Session:
    """What is tested, and the results.

    Parameters
    ----------
    subject: what is tested.
    selection: what of the suite is run.
    sent: the results of the deterministic layer, where another process ran it.

    Attributes
    ----------
    walked: what the random layer did.
    examined: what the deterministic layer did, once it has.
    unwritten: a message for each report file that could not be written.
    interrupted: whether the user ended it.
    untested_reported: whether a test has failed because it could not be made.
    gone: why the target cannot be started or reached any more, if it cannot.
    answer_seconds: how long the target took for one answer, when it was started first.
    described: the name and the version by which the target described itself.
    one_at_a_time: whether only one of the target can run at once, as far as is known.
    """

    def __init__(self, subject: Subject, selection: Selection, sent: Mapping[str, Any] | None = None) -> None:
        self.subject, self.selection = subject, selection
        self._sent = sent
        self._began = datetime.now(UTC)
        self.walked = Walked()
        self.examined: Examination | None = None
        self.unwritten: list[str] = []
        self.one_at_a_time = True
        self.interrupted = False
        self.gone = ""
        self.answer_seconds = 0.0
        self.described = ""
        self.untested_reported = False
        self.starts: tuple[State, ...] = ()  # where walks begin: the first of them finds it out for all

    @classmethod
    def of(cls, config: pytest.Config) -> "Session":
        """What the options of a run of pytest say."""
        option = config.getoption
        limits = Limits(
            answer_seconds=option("--answer-limit"),
            start_seconds=option("--start-limit"),
            run_seconds=option("--time-limit"),
        )
        subject = Subject(
            option("--sut") or "",
            option("--system"),
            option("--statement"),
            option("--mapping"),
            option("--connection"),
            limits,
            "" if option("--asked-by") == "pytest" else option("--asked-by"),
            tuple(dict.fromkeys(option("--without"))),
        )
        return cls(subject, Selection.of(config), getattr(config, "workerinput", {}).get(RESULTS))

    @cached_property
    def claims(self) -> Claims:
        """The reference, and what is claimed of it."""
        return self.subject.reference()

    @property
    def title(self) -> str:
        """What is tested, in words."""
        if self.examined is not None and self.examined.campaign.statement.name:
            return self.examined.campaign.statement.name
        return self.subject.sut or self.claims.system.name

    @property
    def of_itself(self) -> bool:
        """Whether a declared system of a vocabulary of its own is tested, which only its own claims can judge."""
        return not self.subject.sut and self.subject.system != usual_reference() and self.subject.is_reference

    def opened(self, limits: Limits) -> Target:
        """The target, started; one that is gone is not waited for again."""
        if self.gone:
            raise TargetError(self.gone)
        try:
            return self.subject.opener(limits)()
        except TargetError as error:
            self.gone = str(error)
            raise

    @cached_property
    def limits(self) -> Limits:
        """How long the target may take in the deterministic layer, which begins now."""
        return self.subject.limits.begun()

    @cached_property
    def walk_limits(self) -> Limits:
        """How long it may take in the random layer, which begins now."""
        return self.subject.limits.begun()

    def check(self) -> None:
        """Refuse what cannot be used, in one message."""
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
                raise pytest.UsageError(f"--vector: no sequence is called {name!r}; they are {names[0]} to {names[-1]}")
        if self.selection.rerun and (self._some_rules or self.selection.vectors or self.selection.sequences):
            raise pytest.UsageError(
                "--rerun-failed says what is run: it goes with no --rule, --class, --vector or --sequence"
            )
        if self.selection.sequences and self.selection.vectors:
            raise pytest.UsageError("--sequence: the suite's own sequences (--vector) cannot be run in the same run")
        if len(set(self.vectors)) < len(self.vectors):
            raise pytest.UsageError("--sequence: two have the same name, and so would their results")
        try:
            self.selection.lists.check(
                self.claims.system.register, [claim.name for claim in self.claims.claims], CHUNKS
            )
        except ValueError as error:
            raise pytest.UsageError(str(error)) from None
        self._meet()
        if self.journal is not None and len(self.journal):
            sys.stderr.write(f"resumed: {len(self.journal):,} parts of sequences were as expected in an earlier run\n")

    def _meet(self) -> None:
        """Start the target once, and put it where it may start: what is no target is refused before any test."""
        try:
            target = self.opened(self.limits)
        except OutOfTime as error:
            raise TargetError(f"{self.subject.sut}: {error} before it had started") from None
        try:
            statement = target.statement
            self.described = f"{statement.name} {statement.version}"
            # What is at an address is one, whoever else speaks to it.
            self.one_at_a_time = is_address(self.subject.sut) or not statement.parallel
            starts = (state for state in self.claims.system.initial_states() if statement.why_not_start(state) is None)
            for state in islice(starts, 1):
                target.reset(state)
                began = time.monotonic()
                target.reset(state)
                self.answer_seconds = time.monotonic() - began
        except (Misbehaved, OutOfTime) as error:
            raise TargetError(f"{self.subject.sut}: it cannot be put where the system starts: {error}") from None
        finally:
            target.close()

    @property
    def estimate(self) -> str:
        """How long the deterministic layer will take with a slow target; nothing of one that is quick, or of a part."""
        if self.answer_seconds < SLOW_SECONDS or self.vectors or self._partly:
            return ""
        suite = suite_of(self.claims)
        whole, few = (self.answer_seconds * one.requests for one in (suite, smoke_of(suite)))
        limit = self.subject.limits.run_seconds or 0
        cut = f", of which --time-limit allows {limit:g} s" if whole > limit else ""
        return (
            f"an answer takes {self.answer_seconds * 1000:.0f} ms: the {suite.requests:,} requests of the "
            f"deterministic layer will take some {in_minutes(whole)}{cut}; those of the smoke profile, "
            f"some {in_minutes(few)}"
        )

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
        """The names of the sequences that were asked for."""
        return tuple(one.name for one in self.sequences) or self.selection.vectors

    @cached_property
    def sequences(self) -> tuple[Vector, ...]:
        """The user's own sequences.

        Raises
        ------
        TargetError: for a file that has none.
        """
        return tuple(read_sequence(source, self.claims.system) for source in self.selection.sequences)

    @property
    def chunks(self) -> int:
        """Into how many tests the random layer is divided; none, where something was asked for by name."""
        if self.rerun is not None:
            return CHUNKS if self.rerun.walks else 0
        return 0 if self.vectors or self._some_rules else CHUNKS

    @property
    def _partly(self) -> bool:
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

    @cached_property
    def journal(self) -> Journal | None:
        """What of this run is kept for another, if this one is cut short.

        Raises
        ------
        TargetError: for a file that cannot be used.
        """
        if self.selection.resume is None:
            return None
        about = {
            "digest": digest(self.claims),
            "target": self.subject.sut or self.subject.system,
            "only": "regulated" if self.selection.only_regulated else "",
            "statement": self.described,
        }
        return Journal(self.selection.resume, about)

    @property
    def seed(self) -> int:
        """Of the random layer; that of the run of which a part is run again, if none is given."""
        return self.selection.seed or (self.rerun.seed if self.rerun is not None else 0)

    @cached_property
    def results(self) -> Results:
        """The results of the deterministic layer: examined now, or sent by the process that did."""
        if self._sent is not None:
            return Results.from_dict(self._sent)
        try:
            with progress_bar("the deterministic layer") as progress:
                self.examined = examine(
                    self.claims,
                    self.subject.opener(self.limits),
                    only=self.selection.vectors,
                    rules=self.rules if self._partly else (),
                    properties=self.properties if self._partly else (),
                    smoke=self.selection.smoke and not self.vectors,
                    sequences=self.sequences,
                    limits=self.limits,
                    progress=progress,
                    only_regulated=self.selection.only_regulated,
                    journal=self.journal,
                )
        except TargetError as error:
            pytest.exit(f"it started once and does not start again: {error}", pytest.ExitCode.USAGE_ERROR)
        if self.examined.campaign.interrupted:
            raise KeyboardInterrupt
        return self._results(self.examined)

    def _results(self, examined: Examination) -> Results:
        system, findings = self.claims.system, examined.findings
        rules = {rule: self._of_rule(examined, findings.rule(rule)) for rule in self.rules}
        properties = {}
        for name in self.properties:
            properties[name] = self._of_property(examined, findings.property(self.claims.named(name)))
        known = frozenset(cause.use.key for cause in examined.causes)
        starts: dict[tuple[str, ...], None] = {}
        if examined.campaign.left:
            starts = {named_values(one.section.start): None for one in examined.campaign.results}
        vectors = dict(self._of_vectors(examined))
        assert system is examined.campaign.suite.system
        pause = examined.campaign.late.pause if examined.campaign.late else 0.0
        untested = examined.campaign.untested
        return Results(rules, properties, vectors, examined.right, known, tuple(starts), pause, untested)

    def _of_rule(self, examined: Examination, account: Account) -> Message:
        register = self.claims.system.register
        rule = register[account.subject]
        recorded = (("rule", rule.id), ("source", rule.source or "assumption"))
        if account.cause is None:
            why = not_passed(register, account)
            if account.standing is Standing.BLOCKED and account.reason not in self.rules:
                why += ", which was not selected: whether the target keeps this rule is not known"
            return Message(account.standing, why, recorded)
        shortest = examined.shortest[rule.id]
        repeated = self.again("--rule", rule.id)
        text = failure(self.claims.system, account.cause, shortest, repeated)
        return Message(account.standing, text, (*recorded, ("vector", shortest.name)))

    def _of_property(self, examined: Examination, account: Account) -> Message:
        register = self.claims.system.register
        recorded = tuple(("rule", rule) for rule in account.rules)
        broken = examined.broken.get(account.subject)
        if broken is None:
            by_assumption = account.reason in set(register) and register[account.reason].basis is Basis.ASSUMED
            warned = account.standing is Standing.BLOCKED and by_assumption
            return Message(Standing.WARNED if warned else account.standing, not_passed(register, account), recorded)
        rules = "\n".join(f"  {rule_in_words(register[rule])}" for rule in account.rules)
        repeated = self.again("--vector", broken.run.name)
        steps = broken.text(self.claims.system)
        text = f"this does not hold: {account.subject}\n{rules}\n{steps}\nagain: {repeated}"
        return Message(Standing.FAILED, text, (*recorded, ("vector", broken.run.name)))

    def _of_vectors(self, examined: Examination) -> Iterator[tuple[str, Message]]:
        warned = {run.name: (cause, run) for cause in examined.warnings for run in cause.explains}
        by_name = {run.name: (cause, run) for cause in examined.causes for run in cause.explains}
        for name in self.vectors:
            if name in by_name:
                cause, run = by_name[name]
                text = failure(self.claims.system, cause, run, self.again("--vector", name))
                yield name, Message(Standing.FAILED, text, (("rule", cause.rule), ("vector", name)))
            elif name in warned:
                cause, run = warned[name]
                text = failure(self.claims.system, cause, run, self.again("--vector", name))
                yield name, Message(Standing.WARNED, text, (("rule", cause.rule), ("vector", name)))
            else:
                whole = [one.ending for one in examined.campaign.results if one.section.vector.name == name]
                problem = next((one.detail for one in whole if one.detail), "")
                left = examined.campaign.left.get(name, ())
                standing = Standing.NOT_TESTED if problem else Standing.PASSED
                if left and not whole:
                    standing, problem = Standing.NOT_APPLICABLE, left[0].reason
                elif not whole:
                    standing, problem = Standing.NOT_TESTED, "no sequence for what the target supports is called so"
                yield name, Message(standing, problem, (("vector", name),))

    @property
    def broken_assumptions(self) -> tuple[str, ...]:
        """The ids of the assumptions that the target does not keep."""
        accounts = (self.account_of_rule(rule) for rule in self.rules) if self.examined is not None else ()
        return tuple(one.subject for one in accounts if one.standing is Standing.WARNED)

    def account_of_rule(self, rule: str) -> Account:
        """What is reported of a rule; it fails where a walk of the random layer says so, too."""
        assert self.examined is not None
        account = self.examined.findings.rule(rule)
        if account.cause is None and any(failure["rule"] == rule for failure in self.walked.failures):
            account = attrs.evolve(account, standing=Standing.FAILED, reason="on a walk of the random layer")
        return self._as_listed(account, RULE_TEST)

    def account_of_property(self, name: str) -> Account:
        """What is reported of a property; it fails where an observation breaks it."""
        assert self.examined is not None
        account = self.examined.findings.property(self.claims.named(name))
        if name in self.examined.broken:
            account = attrs.evolve(account, standing=Standing.FAILED, reason="")
        return self._as_listed(account, PROPERTY_TEST)

    def _as_listed(self, account: Account, test: str) -> Account:
        """The same, unless the user's files say that it is skipped or expected to fail."""
        name = test.format(account.subject)
        if skipping := self.selection.lists.skipping(name):
            return attrs.evolve(account, standing=Standing.SKIPPED, reason=skipping.where)
        expecting = self.selection.lists.expecting(name)
        if expecting and account.standing is Standing.FAILED:
            return attrs.evolve(account, standing=Standing.EXPECTED, reason=expecting.where)
        return account

    @property
    def tested_any_rule(self) -> bool:
        """Whether a rule passed, failed or was skipped by the user; sequences asked for by name need none."""
        enough = (*TESTED, Standing.SKIPPED)
        return bool(self.vectors) or any(self.account_of_rule(rule).standing in enough for rule in self.rules)

    @property
    def tests_too_little(self) -> bool:
        """Whether so little was shown of the selected rules that the run is no success."""
        accounts = [self.account_of_rule(rule) for rule in self.rules]
        asked = [one for one in accounts if one.standing is not Standing.SKIPPED]
        goals, shown = sum(one.goals for one in asked), sum(one.shown for one in asked)
        return not self.tested_any_rule or 100 * shown < self.selection.fail_under * goals

    @cached_property
    def about(self) -> dict[str, str | int]:
        """What a report has to say of the run, so that it can be repeated: when, with which suite, of what."""
        facts: dict[str, str | int] = {
            "date": self._began.isoformat(timespec="seconds"),
            "suite": version("smets1-lifecycles"),
            "digest": digest(self.claims),
            "seed": self.seed,
        }
        return facts | ({"without": " ".join(self.subject.without)} if self.subject.without else {})

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


def in_minutes(seconds: float) -> str:
    """A time in words.

    >>> in_minutes(42.4), in_minutes(330)
    ('42 s', '6 min')
    """
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def conclude(session: Session, message: Message) -> None:
    """End a test with its message; what is not known is skipped where a failure says why, and otherwise fails."""
    match message.standing:
        case Standing.FAILED:
            pytest.fail(message.text, pytrace=False)
        case Standing.WARNED:
            pytest.xfail(f"an assumption is not kept, and no rule is broken\n{message.text}")
        case Standing.UNSPECIFIED | Standing.UNSEEN:
            pytest.skip(f"{message.standing.value}: {message.text}")
        case Standing.NOT_TESTED if session.untested_reported:
            pytest.skip(message.text)
        case Standing.NOT_TESTED | Standing.BLOCKED if not session.results.failed:
            session.untested_reported |= message.standing is Standing.NOT_TESTED
            pytest.fail(message.text or "not tested", pytrace=False)
        case Standing.NOT_TESTED | Standing.BLOCKED | Standing.NOT_APPLICABLE:
            pytest.skip(message.text)
