"""One process of a test run: its target, the results of its tests, and what its reports say of it."""

import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import attrs
import pytest

from properties.conformance.diagnosis.examination import Examination, Subject, examine
from properties.conformance.diagnosis.journal import Journal
from properties.conformance.diagnosis.standing import TESTED, Account, Standing
from properties.conformance.options import RESULTS, usual_reference
from properties.conformance.outcomes import results_of
from properties.conformance.scope import Scope, shares_of
from properties.conformance.selection import Selection
from properties.conformance.skips import PROPERTY_TEST, RULE_TEST
from properties.conformance.suite.digest import digest
from properties.conformance.suite.store import suite_of
from properties.conformance.suite.subsets import smoke_of
from properties.conformance.targets.misbehaviour import Misbehaved, OutOfTime, TargetError
from properties.conformance.targets.opening import is_address
from properties.conformance.targets.target import Limits, Target
from properties.conformance.transfer import Message, SentResults, WalkCounts
from properties.console.terminal import progress_bar
from statemachines.language.claims import Claims
from statemachines.language.system import State

SLOW_SECONDS = 0.005
"""An answer that takes longer makes a run long enough for an estimate."""


class Session:
    """What is tested, and the results.

    Parameters
    ----------
    scope: what is tested.
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

    def __init__(self, scope: Scope, sent: Mapping[str, Any] | None = None) -> None:
        self.scope, self.subject, self.selection = scope, scope.subject, scope.selection
        self._sent = sent
        self._began = datetime.now(UTC)
        self.walked = WalkCounts()
        self.examined: Examination | None = None
        self.unwritten: list[str] = []
        self.one_at_a_time = True
        self.interrupted = False
        self.gone = ""
        self._accounts: dict[tuple[str, str, int], Account] = {}
        self.answer_seconds = 0.0
        self.described = ""
        self.untested_reported = False
        self._walked_target: Target | None = None
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
        return cls(Scope(subject, Selection.of(config)), getattr(config, "workerinput", {}).get(RESULTS))

    @property
    def claims(self) -> Claims:
        """The reference, and what is claimed of it."""
        return self.scope.claims

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

    def walked_target(self) -> Target:
        """The target of the random layer, started, or as the last walks left it: what only wears out shows there."""
        kept, self._walked_target = self._walked_target, None
        return kept or self.opened(self.walk_limits)

    def keep(self, target: Target) -> None:
        """Keep a target that was as expected for the next walks."""
        self._walked_target = target

    def close(self) -> None:
        """End what is kept."""
        if self._walked_target is not None:
            self._walked_target.close()

    @cached_property
    def limits(self) -> Limits:
        """How long the target may take in the deterministic layer, which begins now."""
        return self.subject.limits.begun()

    @cached_property
    def walk_limits(self) -> Limits:
        """How long it may take in the random layer, which begins now."""
        return self.subject.limits.begun()

    def _meet(self) -> None:
        """Start the target once and reset it to an initial state: what is no target is refused before any test."""
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
            raise TargetError(f"{self.subject.sut}: it cannot be reset to an initial state: {error}") from None
        finally:
            target.close()

    @property
    def shares(self) -> tuple[int, ...]:
        """How many walks each test of the random layer makes."""
        return shares_of(self.selection.walks(self.results.goals))

    @property
    def estimate(self) -> str:
        """How long the deterministic layer will take with a slow target; nothing of one that is quick, or of a part."""
        if self.answer_seconds < SLOW_SECONDS or self.scope.vectors or self.scope.partial:
            return ""
        suite = suite_of(self.claims)
        whole, few = (self.answer_seconds * one.requests for one in (suite, smoke_of(suite)))
        limit = self.subject.limits.run_seconds or 0
        cut = f", of which --time-limit allows {limit:g} s" if whole > limit else ""
        return (
            f"an answer takes {self.answer_seconds * 1000:.0f} ms: the {suite.requests:,} requests of the "
            f"deterministic layer will take about {in_minutes(whole)}{cut}; those of the smoke profile, "
            f"about {in_minutes(few)}"
        )

    @cached_property
    def journal(self) -> Journal | None:
        """What of this run is kept for another, if this one is cut short.

        Raises
        ------
        TargetError: for a file that cannot be used.
        """
        if self.selection.resume is None:
            return None
        subject = self.subject
        about = {
            "digest": digest(self.claims),
            "target": self.subject.sut or self.subject.system,
            "only": "regulated" if self.selection.only_regulated else "",
            "statement": self.described,
            **{name: _digest_of(path) for name, path in (("file", subject.statement), ("mapping", subject.mapping))},
        }
        return Journal(self.selection.resume, about)

    @cached_property
    def results(self) -> SentResults:
        """The results of the deterministic layer: examined now, or sent by the process that did."""
        if self._sent is not None:
            return SentResults.from_dict(self._sent)
        try:
            with progress_bar("the deterministic layer") as progress:
                self.examined = examine(
                    self.claims,
                    self.subject.opener(self.limits),
                    only=self.selection.vectors,
                    rules=self.scope.rules if self.scope.partial else (),
                    properties=self.scope.properties if self.scope.partial else (),
                    smoke=self.selection.smoke and not self.scope.vectors,
                    sequences=self.scope.sequences,
                    limits=self.limits,
                    progress=progress,
                    only_regulated=self.selection.only_regulated,
                    journal=self.journal,
                )
        except TargetError as error:
            pytest.exit(f"it started once and does not start again: {error}", pytest.ExitCode.USAGE_ERROR)
        if self.examined.campaign.interrupted:
            raise KeyboardInterrupt
        return results_of(self.scope, self.examined)

    def check(self) -> None:
        """Refuse what cannot be run, in one message, and start the target once."""
        self.scope.check()
        self._meet()
        if self.journal is not None and len(self.journal):
            sys.stderr.write(f"resumed: {len(self.journal):,} parts of sequences were as expected in an earlier run\n")

    @property
    def broken_assumptions(self) -> tuple[str, ...]:
        """The ids of the assumptions that the target does not keep."""
        accounts = (self.account_of_rule(rule) for rule in self.scope.rules) if self.examined is not None else ()
        return tuple(one.subject for one in accounts if one.standing is Standing.WARNED)

    def account_of_rule(self, rule: str) -> Account:
        """What is reported of a rule; it fails where a walk of the random layer says so, too."""
        return self._kept(RULE_TEST, rule, self._account_of_rule)

    def _account_of_rule(self, rule: str) -> Account:
        assert self.examined is not None
        account = self.examined.findings.rule(rule)
        if account.cause is None and any(failure["rule"] == rule for failure in self.walked.failures):
            account = attrs.evolve(account, standing=Standing.FAILED, reason="on a walk of the random layer")
        return self._as_listed(account, RULE_TEST)

    def account_of_property(self, name: str) -> Account:
        """What is reported of a property; it fails where an observation breaks it."""
        return self._kept(PROPERTY_TEST, name, self._account_of_property)

    def _account_of_property(self, name: str) -> Account:
        assert self.examined is not None
        account = self.examined.findings.property(self.claims.named(name))
        if name in self.examined.broken:
            account = attrs.evolve(account, standing=Standing.FAILED, reason="")
        return self._as_listed(account, PROPERTY_TEST)

    def _kept(self, test: str, subject: str, made: Callable[[str], Account]) -> Account:
        """An account is asked for by each format of the report; a failing walk more may make it another."""
        key = test, subject, len(self.walked.failures)
        if key not in self._accounts:
            self._accounts[key] = made(subject)
        return self._accounts[key]

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
    def tested_anything(self) -> bool:
        """Whether a rule, or a property where no rules are selected, passed, failed or was skipped by the user.

        Of sequences asked for by name something has to be compared.
        """
        if self.scope.vectors:
            return self.examined is not None and any(self.examined.findings.visibility.compared.values())
        accounts = [self.account_of_rule(rule) for rule in self.scope.rules]
        accounts = accounts or [self.account_of_property(name) for name in self.scope.properties]
        return any(one.standing in (*TESTED, Standing.SKIPPED) for one in accounts)

    @property
    def tests_too_little(self) -> bool:
        """Whether so little was shown of the selected rules that the run is no success."""
        accounts = [self.account_of_rule(rule) for rule in self.scope.rules]
        asked = [one for one in accounts if one.standing is not Standing.SKIPPED]
        goals, shown = sum(one.goals for one in asked), sum(one.shown for one in asked)
        return not self.tested_anything or 100 * shown < self.selection.fail_under * goals

    @cached_property
    def about(self) -> dict[str, str | int]:
        """What a report has to say of the run, so that it can be repeated: when, with which suite, of what."""
        facts: dict[str, str | int] = {
            "date": self._began.isoformat(timespec="seconds"),
            "suite": version("smets1-lifecycles"),
            "digest": digest(self.claims),
            "seed": self.scope.seed,
        }
        off = {"without": " ".join(self.subject.without)} if self.subject.without else {}
        return facts | off | ({"only": "regulated"} if self.selection.only_regulated else {})


def _digest_of(path: Path | None) -> str:
    """The SHA-256 hash of a file that was read; empty for none."""
    return "" if path is None else sha256(path.read_bytes()).hexdigest()


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
