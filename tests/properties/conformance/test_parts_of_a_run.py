"""Parts of a run: what one rule needs, what failed before, one walk alone, as much as an interrupt or the time left."""

import json
import re
import shlex

import attrs
import pytest
from click.testing import CliRunner

from examples.locker import Locker
from examples.parcel_locker import claims
from properties.conformance.diagnosis import examination
from properties.conformance.diagnosis.examination import NotComputedError, Subject, examine
from properties.conformance.diagnosis.standing import Standing
from properties.conformance.report.as_json import as_dict, as_json
from properties.conformance.report.caveats import caveats
from properties.conformance.report.page import page
from properties.conformance.rerun import read_rerun
from properties.conformance.scope import Scope
from properties.conformance.selection import Selection
from properties.conformance.session import Session
from properties.conformance.suite.store import suite_of
from properties.conformance.suite.subsets import needed_for
from properties.conformance.targets.declared import DeclaredTarget
from properties.conformance.targets.misbehaviour import OutOfTime, TargetError
from properties.conformance.targets.opening import open_target
from properties.conformance.walks import walk
from properties.smets1.command import main

SYSTEM = "examples.parcel_locker:claims"
TRUSTING = "examples.locker:TrustingLocker"


def session(sut="examples.locker:Locker", **selection):
    return Session(Scope(Subject(sut, SYSTEM), Selection(**selection)))


def test_one_rule_is_tested_with_what_it_needs_alone(safe):
    suite = suite_of(safe.claims)
    needed = {rule: set(needed_for(suite, [rule], []).vectors) for rule in suite.system.register}
    for rule, vectors in needed.items():
        goals = {key for key, goal in suite.goals.items() if rule in goal.rules}
        assert {vector for vector in suite.vectors if any(key in goals for _, key in vector.reached)} <= vectors
    rule = min(needed, key=lambda rule: len(needed[rule]))
    assert 0 < len(needed[rule]) < len(suite.vectors)
    tested = DeclaredTarget(safe.claims.system, safe.claims.system)
    ran = examine(safe.claims, lambda: tested, rules=(rule,)).campaign
    assert set(ran.suite.vectors) == needed[rule]


@pytest.mark.slow
def test_a_rule_that_fails_fails_by_itself():
    whole = session(TRUSTING)
    failed = tuple(rule for rule, one in whole.results.rules.items() if one.standing is Standing.FAILED)
    part = session(TRUSTING, rules=failed)
    assert {rule: one.standing for rule, one in part.results.rules.items()} == dict.fromkeys(failed, Standing.FAILED)
    assert failed


@pytest.fixture
def report(tmp_path):
    """The report of a run in which something failed."""

    def written(sut, change=lambda _: None):
        ran = session(sut)
        assert ran.results
        content = as_dict(ran)
        change(content)
        path = tmp_path / "report.json"
        path.write_text(json.dumps(content))
        return path

    return written


@pytest.mark.slow
def test_what_failed_is_run_again(report):
    path = report(TRUSTING)
    again = session(TRUSTING, rerun=path)
    whole = session(TRUSTING)
    wanted = (Standing.FAILED, Standing.BLOCKED, Standing.NOT_TESTED)
    assert set(again.scope.rules) == {rule for rule, one in whole.results.rules.items() if one.standing in wanted}
    assert set(again.scope.properties) == {
        name for name, one in whole.results.properties.items() if one.standing in wanted
    }
    assert 0 < len(again.scope.rules) < len(claims.system.register)
    assert again.scope.chunks == 0
    assert {again.results.rules[rule].standing for rule in again.scope.rules} == {Standing.FAILED}
    assert session(rerun=path).results.failed is False


def test_walks_that_failed_are_made_again_with_their_seed(report):
    failure = {"rule": "BOX-2", "rules": ["BOX-2"], "text": "", "steps": 1, "known": False}

    def change(content):
        content["random"]["failures"], content["run"]["seed"] = [failure], 7

    again = session(rerun=report("examples.locker:Locker", change))
    assert (again.scope.rules, again.scope.chunks > 0, again.scope.seed, again.about["seed"]) == (
        ("BOX-2",),
        True,
        7,
        7,
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _: None, "nothing failed in the run of"),
        (lambda content: content.pop("rules"), "is not a report that"),
        (lambda content: content.update(reference="another"), "is of 'another', and not of 'parcel locker'"),
        (lambda content: content.update(random=[]), "is not a report that"),
    ],
)
def test_a_report_of_which_nothing_can_be_run_again_is_refused(report, change, words):
    with pytest.raises(TargetError, match=re.escape(words)):
        read_rerun(report("examples.locker:Locker", change), claims)


@pytest.mark.slow
def test_walks_reuse_what_the_deterministic_layer_found():
    """They go round what is known to be broken; what fails of it all the same is no failure of its own."""
    ran = session(TRUSTING, max_examples=8)
    assert ran.results.rules["BOX-1"].standing is Standing.FAILED
    assert walk(ran, 0) is None
    assert not [hit for hit in ran.walked.hits if hit.endswith("/CODE")]
    ran = session(TRUSTING, max_examples=8)
    ran.results = attrs.evolve(ran.results, broken=frozenset())
    failure = walk(ran, 0)
    assert (failure["rule"], failure["known"]) == ("BOX-1", True)
    assert [hit for hit in ran.walked.hits if hit.endswith("/CODE")]
    ran = session(TRUSTING, max_examples=8)
    ran.results = attrs.evolve(ran.results, broken=frozenset(), rules={})
    assert walk(ran, 0)["known"] is False


@pytest.mark.slow
def test_a_walk_is_run_again_alone():
    ran = session(TRUSTING, max_examples=25)
    ran.results = attrs.evolve(ran.results, broken=frozenset(), rules={})  # walks go round what is known to be broken
    failure = walk(ran, 0)
    command = next(line for line in failure["text"].splitlines() if line.startswith("again: "))
    words = shlex.split(command)
    given = words[words.index("--sequence") + 1]
    again = session(TRUSTING, sequences=(given,))
    (message,) = again.results.vectors.values()
    assert (message.standing, again.examined.campaign.suite.requests) == (Standing.FAILED, failure["steps"])
    assert f"--sequence {shlex.quote(given)}" in message.text
    (passes,) = session(sequences=(given,)).results.vectors.values()
    assert passes.standing is Standing.PASSED


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "--sequence is not valid JSON"), ('{"requests": []}', "the sequence given: expected a list of requests")],
)
def test_a_text_that_is_no_sequence_is_refused(text, words):
    with pytest.raises(TargetError, match=re.escape(words)):
        assert session(sequences=(text,)).scope.sequences


class Interrupted(Locker):
    """Its user ends the run at the fifth request."""

    sent = 0

    def send(self, request):
        type(self).sent += 1
        if type(self).sent == 5:
            raise KeyboardInterrupt
        return super().send(request)


def test_a_run_that_is_interrupted_reports_what_it_has(monkeypatch):
    monkeypatch.setattr(Interrupted, "sent", 0)
    monkeypatch.setattr(
        Subject, "opener", lambda _, limits: lambda: open_target(Interrupted, claims.system, limits=limits)
    )
    ran = session()
    with pytest.raises(KeyboardInterrupt):
        assert ran.results
    ran.interrupted = True
    assert ran.examined.campaign.interrupted
    accounts = [ran.account_of_rule(rule) for rule in ran.scope.rules]
    assert {one.standing for one in accounts} >= {Standing.NOT_TESTED}
    assert "the run was interrupted: most is not tested, and there were no random walks" in caveats(ran, accounts)
    assert as_dict(ran)["interrupted"] is True
    assert b"the run was interrupted" in page(ran)


def test_sequences_that_are_not_computed_in_time_end_with_a_report(monkeypatch):
    def late(*_):
        raise NotComputedError("the sequences are not computed after 3 s")

    monkeypatch.setattr(examination, "_computed", late)
    ran = session()
    assert {message.standing for message in ran.results.rules.values()} == {Standing.NOT_TESTED}
    assert Standing.NOT_TESTED in {message.standing for message in ran.results.properties.values()}
    assert ran.tests_too_little
    assert b'"the sequences are not computed after 3 s"' in as_json(ran)
    with pytest.raises(OutOfTime, match="not computed after 3 s"):
        walk(ran, 0)


def conform(*words):
    return CliRunner().invoke(
        main, ["conform", "--system", SYSTEM, "--sut", "examples.locker:Locker", *map(str, words)]
    )


@pytest.mark.slow
def test_an_expected_failure_that_passes_is_reported_and_with_strict_xfails_fails(tmp_path):
    name = next(claim.name for claim in claims.claims)
    (tmp_path / "hopeless").write_text(f"BOX-2\n{name}\n")
    words = ("--max-examples", 1, "--xfails-file", tmp_path / "hopeless")
    done, strictly = conform(*words), conform(*words, "--strict-xfails")
    assert (done.exit_code, strictly.exit_code) == (0, 1)
    assert "ATTENTION: BOX-2 was expected to fail (hopeless, line 1), and passed" in done.stdout
    assert f"ATTENTION: {name} was expected to fail (hopeless, line 2), and passed" in done.stdout
    assert "[XPASS(strict)] hopeless, line 1" in strictly.stdout


@pytest.mark.slow
def test_what_cannot_be_run_again_is_refused_before_any_test(tmp_path):
    assert conform("--rule", "BOX-2", "--json", tmp_path / "report.json").exit_code == 0
    for words, message in (
        ((), "nothing failed in the run of"),
        (("--rule", "BOX-2"), "leave out --rule"),
    ):
        done = conform("--rerun-failed", tmp_path / "report.json", *words)
        assert (done.exit_code, message in done.output) == (2, True)
        assert "collecting" not in done.output
