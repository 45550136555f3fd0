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
        (
            lambda content: content["rules"][0].update(name="OLD-1", standing="failed"),
            "has 'OLD-1', which 'parcel locker' does not have: it is of other declarations",
        ),
        (
            lambda content: content["properties"][0].update(name="as it was", standing="failed"),
            "has 'as it was', which 'parcel locker' does not have: it is of other declarations",
        ),
    ],
)
def test_a_report_of_which_nothing_can_be_run_again_is_refused(report, change, words):
    with pytest.raises(TargetError, match=re.escape(words)):
        read_rerun(report("examples.locker:Locker", change), claims)


def test_walks_that_an_interrupt_left_out_are_made_with_what_is_run_again(report):
    path = report("examples.locker:Locker", lambda content: content.update(interrupted=True))
    again = session(rerun=path)
    assert (again.scope.rules, again.scope.properties, again.scope.chunks > 0) == ((), (), True)


def test_a_property_that_failed_and_passes_when_run_again_is_a_success(report):
    """No rule is tested then, which is no success where rules are asked for."""
    path = report("examples.locker:Locker", lambda content: content["properties"][0].update(standing="failed"))
    again = session(rerun=path)
    assert [one.standing for one in again.results.properties.values()] == [Standing.PASSED]
    assert not again.tests_too_little
    assert list(caveats(again, [])) == []


SEQUENCE = json.dumps({"start": {"box": "empty"}, "requests": [{"type": "Put"}, {"type": "Take", "code": "right"}]})


@pytest.mark.parametrize(
    ("supported", "sent", "attention"),
    [
        ("Wait", 0, ["nothing was compared: that is no success", "2 of the 2 requests of {name} were not sent"]),
        ("Put", 1, ["1 of the 2 requests of {name} were not sent: the target does not support Take"]),
    ],
)
def test_what_is_not_sent_of_ones_own_sequence_is_said_and_nothing_at_all_is_no_success(
    tmp_path, supported, sent, attention
):
    """It ended with 0 where nothing was compared, and was said to have passed where half of it was sent."""
    statement = tmp_path / "statement.toml"
    statement.write_text(f'name = "part"\nversion = "1"\nrequests = ["{supported}"]\n')
    ran = Session(Scope(Subject("examples.locker:Locker", SYSTEM, statement), Selection(sequences=(SEQUENCE,))))
    (name,) = ran.scope.vectors
    assert ran.results.vectors[name].standing is (Standing.PASSED if sent else Standing.NOT_APPLICABLE)
    assert ran.tests_too_little is not bool(sent)
    said = list(caveats(ran, []))
    assert len(said) == len(attention)
    assert all(one.startswith(words.format(name=name)) for one, words in zip(said, attention, strict=True))
    assert ran.examined.findings.visibility.compared["outcome"] == sent


def test_what_is_left_open_is_not_said_to_be_compared():
    """With rules alone nothing that the assumption decides is compared; it was said to be all the same."""
    counts = []
    for only_regulated in (False, True):
        subject = Subject("", "tests.support.assumed_lock:CLAIMS")
        ran = Session(Scope(subject, Selection(only_regulated=only_regulated)))
        assert ran.results
        campaign = ran.examined.campaign
        left_open = sum("outcome" in one.aspects for one in ran.examined.findings.unspecified)
        counts.append((left_open, ran.examined.findings.visibility.compared["outcome"] + left_open))
        assert counts[-1][1] == sum(len(result.section.steps) for result in campaign.results)
    assert counts[0][0] == 0 < counts[1][0]


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


def test_no_more_processes_than_tests_of_walks_are_started():
    done = conform("-n", 26)
    assert (done.exit_code, "26 is not in the range 0<=x<=25" in done.stderr) == (2, True)


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
