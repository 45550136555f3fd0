"""The suite inside a user's own test suite: a class of tests for claims and a system under test.

It needs neither the suite's pytest plugin nor an option: each test is an ordinary test of a class in the user's module.
"""

import fcntl
import hashlib
import os
import shlex
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

import attrs
import pytest

from properties.conformance.diagnosis.examination import Subject, examine
from properties.conformance.diagnosis.standing import TESTED, Standing
from properties.conformance.options import ANSWER_SECONDS, RUN_SECONDS, START_SECONDS, WALKS
from properties.conformance.outcomes import results_of
from properties.conformance.scope import Scope, shares_of
from properties.conformance.selection import Selection
from properties.conformance.session import Session, conclude
from properties.conformance.targets.misbehaviour import OutOfTime, TargetError
from properties.conformance.targets.opening import open_target
from properties.conformance.targets.target import Limits, Target
from properties.conformance.transfer import Message, SentResults
from properties.conformance.walks import walk
from properties.domain import NEUTRAL, profile_for
from statemachines.files.nearest import expected_words
from statemachines.language.claims import Claims
from statemachines.language.system import System

Marks = Mapping[str, pytest.MarkDecorator | Collection[pytest.MarkDecorator]]


def conformance_tests(
    claims: Claims | System,
    target: Callable[[], object] | str | None = None,
    *,
    fixture: str = "",
    marks: Marks | None = None,
    walks: int = WALKS,
    seed: int = 0,
    answer_seconds: float = ANSWER_SECONDS,
    start_seconds: float = START_SECONDS,
    run_seconds: float = RUN_SECONDS,
    statement: Path | None = None,
    mapping: Path | None = None,
    connection: Path | None = None,
    profile: str = "",
    only_regulated: bool = False,
) -> type[Any]:
    """A class of pytest tests of an implementation: one for each rule, each claim, and each share of random walks.

    Assign it to a name that begins with ``Test``: ``TestLocker = conformance_tests(claims, Locker)``.

    Parameters
    ----------
    claims: the declared system that the implementation is compared with, and what is claimed of it.
    target: the implementation: what makes an object with `reset` and `send`; or as text, what ``--sut`` takes: a
        command, an address, ``package.module:factory``.
    fixture: the name of a fixture whose value is the target, instead of `target`. It has the scope of a class or a
        wider one, for all tests of the class are about one target.
    marks: for the id of a rule or the name of a claim, pytest's marks for its test, such as ``pytest.mark.xfail``.
    walks: how many random walks there are in all; 0 for none.
    seed: of the random walks.
    answer_seconds: within which the target has to answer.
    start_seconds: within which it has to give its first answer after a start.
    run_seconds: within which the computed sequences have to end, and again the walks.
    statement: a TOML file that says what the target supports.
    mapping: a TOML file that says what its words mean.
    connection: a TOML file that says how an address is spoken to.
    profile: the name of the profile that opens addresses; the neutral one, if not given.
    only_regulated: whether what an assumption alone decides is compared with nothing. Otherwise the test of an
        assumption that is not kept is expected to fail, and no other fails for it.

    Raises
    ------
    ValueError: if there is not one of `target` and `fixture`, `marks` names what is neither a rule nor a claim, or
        `walks` is less than 0.

    >>> from examples.parcel_locker import claims
    >>> locker = conformance_tests(claims, lambda: None, marks={"BOX-2": pytest.mark.skip(reason="next year")})
    >>> [name for name in dir(locker) if name.startswith("test")]
    ['test_property', 'test_rule', 'test_walks']
    >>> conformance_tests(claims, lambda: None, marks={"BOX-3": pytest.mark.skip})
    Traceback (most recent call last):
    ValueError: marks has 'BOX-3', expected one of: "BOX-1", "BOX-2", "a wrong code opens nothing", "a box can ...
    """
    judged = Claims(claims, ()) if isinstance(claims, System) else claims
    if (target is None) is not bool(fixture):
        raise ValueError("expected either a target or the name of a fixture whose value is one")
    rules, names = list(judged.system.register), [claim.name for claim in judged.claims]
    for name in marks or ():
        if name not in (*rules, *names):
            raise ValueError(f"marks has {name!r}, expected one of: {expected_words(name, (*rules, *names))}")
    if walks < 0:
        raise ValueError(f"walks is {walks}, expected 0 or more")
    limits = Limits(answer_seconds, start_seconds, run_seconds)
    selection = Selection(max_examples=walks, seed=seed, only_regulated=only_regulated)
    shares = range(len(shares_of(walks)))

    def parameters(values: Iterable[str]) -> list[Any]:
        return [pytest.param(value, marks=(marks or {}).get(value, ()), id=value) for value in values]

    class Conformance:
        """Whether the target does what is declared."""

        @pytest.fixture(scope="class")
        @classmethod
        def conformance_run(cls, request: pytest.FixtureRequest) -> Iterator["EmbeddedRun"]:
            """What the tests of this class know together; the target ends with it."""
            made: Any = request.getfixturevalue(fixture) if fixture else target
            subject = GivenSubject(
                sut=made if isinstance(made, str) else "",
                statement=statement,
                mapping=mapping,
                connection=connection,
                limits=limits,
                profile=profile,
                claims=judged,
                made=made,
            )
            shared = request.getfixturevalue("tmp_path_factory").getbasetemp().parent
            scope = ScopeOfClass(subject, selection, request.node, request.session.items)
            with closing(EmbeddedRun(scope, request.node, shared)) as run:
                yield run

        @pytest.mark.parametrize("rule", parameters(rules))
        def test_rule(self, rule: str, conformance_run: "EmbeddedRun", request: pytest.FixtureRequest) -> None:
            """Everything that is declared under the rule is what the target does."""
            conformance_run.conclude(conformance_run.results.rules[rule], request)

        @pytest.mark.parametrize("claim", parameters(names))
        def test_property(self, claim: str, conformance_run: "EmbeddedRun", request: pytest.FixtureRequest) -> None:
            """Where the claim's case happens, the target does what the claim says."""
            conformance_run.conclude(conformance_run.results.properties[claim], request)

        @pytest.mark.parametrize("share", shares)
        def test_walks(self, share: int, conformance_run: "EmbeddedRun", request: pytest.FixtureRequest) -> None:
            """On random walks the target does at every step what is declared."""
            conformance_run.walk(share, request)

    for test, parameters_of in (("test_property", names), ("test_walks", shares)):
        if not parameters_of:
            delattr(Conformance, test)  # pytest would show one that is skipped
    return Conformance


@attrs.frozen(kw_only=True)
class GivenSubject(Subject):
    """A subject given as values instead of names.

    Parameters
    ----------
    claims: the reference, and what is claimed of it.
    made: the target's factory, or its SPEC.
    """

    claims: Claims
    made: Callable[[], object] | str

    def reference(self) -> Claims:
        """The reference."""
        return self.claims

    @property
    def is_reference(self) -> bool:
        """It is compared with a target."""
        return False

    def opener(self, limits: Limits) -> Callable[[], Target]:
        """What starts the target, which then has so much time."""
        profile = profile_for(name=self.profile) if self.profile else NEUTRAL
        return lambda: open_target(
            self.made,
            self.claims.system,
            statement=self.statement,
            mapping=self.mapping,
            connection=self.connection,
            limits=limits,
            profile=profile,
        )


class ScopeOfClass(Scope):
    """The rules and claims whose tests in one class are run.

    Parameters
    ----------
    subject: what is tested.
    selection: what of the suite is run.
    tests: pytest's node of the class.
    items: the tests that are run, in this class and elsewhere.
    """

    def __init__(
        self, subject: GivenSubject, selection: Selection, tests: pytest.Collector, items: Iterable[pytest.Item]
    ) -> None:
        super().__init__(subject, selection)
        self._tests = tests
        mine = [item for item in items if item.parent is tests and isinstance(item, pytest.Function)]
        parameters: list[dict[str, Any]] = [item.callspec.params for item in mine if hasattr(item, "callspec")]
        self._rules = tuple(each["rule"] for each in parameters if "rule" in each)
        self._properties = tuple(each["claim"] for each in parameters if "claim" in each)

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules whose tests are run."""
        return self._rules

    @property
    def properties(self) -> tuple[str, ...]:
        """The names of the claims whose tests are run."""
        return self._properties

    def again(self, option: str, value: str) -> str:
        """The command that runs one test again."""
        test = {"--rule": f"::test_rule[{value}]", "--sequence": "::test_walks"}.get(option, "")
        return shlex.join(["pytest", f"{self._tests.nodeid}{test}"])


class EmbeddedRun(Session):
    """What the tests of one class know together, in one process.

    Parameters
    ----------
    scope: what is tested.
    tests: pytest's node of the class.
    shared: a directory that all processes of pytest-xdist have in common.
    """

    def __init__(self, scope: Scope, tests: pytest.Collector, shared: Path) -> None:
        super().__init__(scope)
        self._tests, self._shared = tests, shared
        self._parallel = False
        self._lock: TextIO | None = None

    @cached_property
    def results(self) -> SentResults:
        """The results of the deterministic layer."""
        self._wait_for_turn()
        try:
            self.examined = examine(
                self.claims,
                lambda: self.opened(self.limits),
                limits=self.limits,
                only_regulated=self.selection.only_regulated,
            )
        except TargetError as error:  # which every test says
            self.gone = str(error)
            pytest.fail(f"not tested: {error}", pytrace=False)
        finally:
            if self._parallel:
                self._end_turn()
        if self.examined.campaign.interrupted:
            raise KeyboardInterrupt
        if late := self.examined.campaign.late:
            warnings.warn(f"the target acts late, first in {late.vector}, step {late.step + 1}", stacklevel=2)
        return results_of(self.scope, self.examined)

    def opened(self, limits: Limits) -> Target:
        """The target, started."""
        target = super().opened(limits)
        self._parallel = target.statement.parallel
        return target

    def close(self) -> None:
        """End the target, for which another process may wait."""
        super().close()
        self._end_turn()

    def conclude(self, message: Message, request: pytest.FixtureRequest) -> None:
        """End a test with its message; where none of the rules and claims could be tested, that is a failure."""
        request.node.user_properties.extend(message.properties)
        messages = [*self.results.rules.values(), *self.results.properties.values()]
        if message.standing in (Standing.NOT_APPLICABLE, Standing.UNSEEN) and not any(
            one.standing in TESTED for one in messages
        ):
            pytest.fail(f"no rule was tested; this one is {message.text}", pytrace=False)
        conclude(self, message)
        self.untested_reported = False  # a mark on one test must not silence the others

    def walk(self, share: int, request: pytest.FixtureRequest) -> None:
        """Make one share of the walks."""
        assert self.results  # which opens the target first
        try:
            failure = walk(self, share)
        except TargetError as error:
            pytest.fail(f"not tested: {error}", pytrace=False)
        except OutOfTime as error:
            pytest.skip(f"not tested: {error}")
        if failure is not None:
            request.node.user_properties.append(("rule", failure["rule"]))
            if failure["known"]:
                pytest.skip(f"blocked by {failure['rule']}: the walk met what had failed before")
            pytest.fail(failure["text"], pytrace=False)

    def _wait_for_turn(self) -> None:
        """Keep other processes of pytest-xdist from the target until this one has tested it, or it may run twice."""
        if "PYTEST_XDIST_WORKER" not in os.environ or self._lock is not None:
            return
        key = hashlib.sha256((self.subject.sut or self._tests.nodeid).encode()).hexdigest()[:16]
        self._lock = (self._shared / f"conformance-{key}.lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def _end_turn(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None
