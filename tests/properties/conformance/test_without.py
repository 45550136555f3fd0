"""`conform --without ID`: the reference is the system where one assumption does not apply."""

import json
from importlib.resources import files

import pytest
from click.testing import CliRunner
from jsonschema import validate

from properties.cli.main import main
from properties.conformance.diagnosis.examination import Subject
from properties.conformance.diagnosis.standing import Standing
from properties.conformance.report.as_json import as_dict
from properties.conformance.report.caveats import about
from properties.conformance.scope import Scope
from properties.conformance.selection import Selection
from properties.conformance.session import Session
from properties.conformance.targets.declared import DeclaredTarget
from statemachines.semantics.regulated import without
from tests.support.assumed_lock import CLAIMS, SPEC

LOCKED, OPENS = "a locked safe stays shut", "only a code opens it"
NEVER_LOCKS = without(CLAIMS.system)


@pytest.fixture
def examined(monkeypatch):
    """A session whose deterministic layer has run on a system, or on the reference itself."""

    def run(*off, tested=None, only_regulated=False):
        session = Session(Scope(Subject(system=SPEC, without=off), Selection(only_regulated=only_regulated)))
        if tested is not None:
            reference = session.claims.system
            monkeypatch.setattr(Subject, "opener", lambda _, __: lambda: DeclaredTarget(tested, reference))
        assert session.results
        return session

    return run


def standings(session):
    return {rule: session.account_of_rule(rule).standing for rule in session.scope.rules}


@pytest.mark.slow
def test_who_does_not_keep_it_conforms_and_who_keeps_it_fails(examined):
    lenient, strict = examined("S-1", tested=NEVER_LOCKS), examined("S-1", tested=CLAIMS.system)
    assert standings(lenient) == {
        "S-1": Standing.NOT_APPLICABLE,
        "S-2": Standing.PASSED,
        "S-3": Standing.NOT_APPLICABLE,
    }
    assert [cause.rule for cause in strict.examined.causes] == ["S-1"]
    assert standings(strict)["S-1"] is Standing.FAILED
    assert standings(examined(tested=NEVER_LOCKS))["S-1"] is Standing.WARNED
    assert standings(examined(tested=CLAIMS.system))["S-1"] is Standing.PASSED


def test_a_system_that_is_its_own_reference_is_tested_without_it_too(examined):
    session = examined("S-1")
    assert session.of_itself
    assert not session.examined.causes


def test_what_is_claimed_of_it_is_not_tested_and_reports_name_it(examined):
    session = examined("S-1", tested=NEVER_LOCKS, only_regulated=True)
    assert session.scope.properties == (OPENS,)
    assert LOCKED in examined(tested=NEVER_LOCKS).scope.properties
    report = as_dict(session)
    schema = files("properties.conformance.report") / "report.schema.json"
    validate(report, json.loads(schema.read_text(encoding="utf-8")))
    assert (report["run"]["without"], report["run"]["only"]) == ("S-1", "regulated")
    assert about(session).endswith(", without S-1, rules only")
    assert "--without S-1" in session.scope.again("--rule", "S-2")


def test_what_is_no_assumption_is_refused_in_one_message():
    done = CliRunner().invoke(main, ["conform", "--system", SPEC, "--max-examples", "1", "--without", "S-2"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "the rule 'S-2' is not an assumption; did you mean: S-3, S-1?" in done.stderr
