"""The suite inside somebody's own test suite: one run of pytest over many classes, and what it says of each."""

import os
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from examples.parcel_locker import claims, system
from properties import conformance_tests
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

THEIRS = '''
import os
import time
from pathlib import Path

import attrs
import pytest

from examples.locker import Locker, TrustingLocker
from examples.parcel_locker import claims
from properties import conformance_tests
from statemachines import Claims, Register, Rule

HERE = Path(__file__).parent
xfail = pytest.mark.xfail(reason="ticket 12", strict=True)


class Deaf(Locker):
    def statement(self):
        return {"not_supported": {name: "it has no buttons" for name in ("Put", "Take", "Wait")}}


class OneOnly(Locker):
    """It notices when another process speaks to it: what two processes share may be in any state."""

    def reset(self, state):
        (HERE / "in use").write_text(str(os.getpid()))
        super().reset(state)

    def send(self, request):
        time.sleep(0.003)
        assert (HERE / "in use").read_text() == str(os.getpid()), "another process speaks to it"
        return super().send(request)


class Several(OneOnly):
    def statement(self):
        return {"parallel": True}


class WearsOut(Locker):
    """Its shares of walks send some 700 requests each; the deterministic layer sends fewer than 300."""

    def __init__(self):
        super().__init__()
        self.answered = 0

    def send(self, request):
        self.answered += 1
        assert self.answered < 1_200, "it is worn out"
        return super().send(request)


def broken():
    raise OSError("no power")


rules = Register([Rule("BOX-1", "A wrong code opens nothing.", "none", "all"), claims.system.register["BOX-2"]])
assumed = Claims(attrs.evolve(claims.system, register=rules), claims.claims)


@pytest.fixture(scope="session")
def locker():
    return Locker


@pytest.fixture
def narrow():
    return Locker


TestGood = conformance_tests(claims, Locker, walks=16)
TestTrusting = conformance_tests(claims, TrustingLocker, walks=8)
TestExpected = conformance_tests(claims, TrustingLocker, walks=8, marks={"BOX-1": xfail})
TestStrict = conformance_tests(claims, Locker, walks=0, marks={"BOX-1": xfail})
TestSkipped = conformance_tests(claims, Locker, walks=0, marks={"BOX-1": [pytest.mark.skip(reason="later"), xfail]})
TestFixture = conformance_tests(claims, fixture="locker", walks=0)
TestNarrow = conformance_tests(claims, fixture="narrow", walks=0)
TestDeaf = conformance_tests(claims, Deaf, walks=8)
TestBroken = conformance_tests(claims, broken, walks=8, marks={"BOX-1": pytest.mark.xfail})
TestCommand = conformance_tests(claims, "COMMAND", walks=8)
TestAssumed = conformance_tests(assumed, TrustingLocker, walks=8)
TestRulesOnly = conformance_tests(assumed, TrustingLocker, walks=8, only_regulated=True)
TestOneOnly = conformance_tests(claims, OneOnly, walks=16)
TestSeveral = conformance_tests(claims, Several, walks=16)
TestWearsOut = conformance_tests(claims, WearsOut, walks=24)
'''
RULES = ["test_rule[BOX-1]", "test_rule[BOX-2]"]
WRONG, FREE = "test_property[a wrong code opens nothing]", "test_property[a box can always come free]"


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """A test module of somebody who has a locker; called, what pytest says of each test that it runs there."""
    folder = tmp_path_factory.mktemp("theirs")
    command = (
        f"{shlex.quote(sys.executable)} -m properties.conformance.targets.json_lines_server examples.locker:Locker"
    )
    (folder / "test_theirs.py").write_text(THEIRS.replace("COMMAND", command))

    def run(*args):
        options = ("-q", "-p", "no:cacheprovider", "-p", "no:smets1-conformance", "--junitxml", "junit.xml")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *args],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            timeout=300,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        reported = {}
        for case in ET.parse(folder / "junit.xml").getroot().iter("testcase"):
            ended = next((child for child in case if child.tag in ("failure", "error", "skipped")), None)
            text = "" if ended is None else f"{ended.get('message')}\n{ended.text}"
            kind = "passed" if ended is None else ended.tag
            reported[case.get("classname").rpartition(".")[2], case.get("name")] = (kind, text)
        return done.returncode, reported, done.stdout + done.stderr

    return run


@pytest.fixture(scope="module")
def whole(theirs):
    """What is said of every class but those of several processes, in one run."""
    return theirs("-k", "not TestOneOnly and not TestSeveral and not TestWearsOut")


def kinds(reported, name):
    return {test: kind for (owner, test), (kind, _) in reported.items() if owner == name}


def test_each_rule_claim_and_share_of_walks_is_a_test(whole):
    code, reported, output = whole
    assert code == 1
    assert "warning" not in output
    passed = dict.fromkeys((*RULES, WRONG, "test_walks[0]", "test_walks[1]"), "passed")
    assert kinds(reported, "TestGood") == {**passed, FREE: "skipped"}


def test_a_fault_fails_its_rule_and_no_other(whole):
    _, reported, _ = whole
    assert kinds(reported, "TestTrusting")[RULES[0]] == "failure"
    assert kinds(reported, "TestTrusting")[RULES[1]] == "passed"
    text = reported["TestTrusting", RULES[0]][1]
    assert "suspect: the check at the locker: the code is right" in text
    assert "again: pytest 'test_theirs.py::TestTrusting::test_rule[BOX-1]'" in text


def test_what_says_again_fails_again(theirs):
    code, reported, _ = theirs("test_theirs.py::TestTrusting::test_rule[BOX-1]")
    assert (code, kinds(reported, "TestTrusting")) == (1, {RULES[0]: "failure"})


def test_marks_of_pytest_are_those_of_the_tests(whole):
    _, reported, _ = whole
    assert reported["TestExpected", RULES[0]][0] == "skipped"  # as JUnit has it
    assert reported["TestExpected", RULES[0]][1].startswith("ticket 12")
    assert reported["TestStrict", RULES[0]][0] == "failure"
    assert reported["TestSkipped", RULES[0]][1].startswith("later")
    assert kinds(reported, "TestSkipped")[RULES[1]] == "passed"


def test_an_assumption_is_expected_to_fail_or_compared_with_nothing(whole):
    _, reported, _ = whole
    kind, text = reported["TestAssumed", "test_rule[BOX-1]"]
    assert kind == "skipped"
    assert "an assumption is not kept, and no rule is broken" in text
    kind, text = reported["TestRulesOnly", "test_rule[BOX-1]"]
    assert kind == "skipped"
    assert "an assumption alone decides it" in text
    for name in ("TestAssumed", "TestRulesOnly"):
        assert kinds(reported, name)["test_rule[BOX-2]"] == "passed"
        assert "failure" not in kinds(reported, name).values()


def test_a_fixture_gives_the_target_to_all_tests(whole):
    _, reported, _ = whole
    assert kinds(reported, "TestFixture") == {**dict.fromkeys((*RULES, WRONG), "passed"), FREE: "skipped"}
    assert set(kinds(reported, "TestNarrow").values()) == {"error"}
    assert "ScopeMismatch" in reported["TestNarrow", RULES[0]][1]


def test_a_command_is_a_target(whole):
    assert kinds(whole[1], "TestCommand")[RULES[0]] == "passed"


@pytest.mark.parametrize("only", [(), ("-k", "TestDeaf and BOX-2")])
def test_where_no_rule_was_tested_the_run_is_no_success(theirs, whole, only):
    code, reported, _ = theirs(*only) if only else whole
    assert code == 1
    rules = {test: kind for test, kind in kinds(reported, "TestDeaf").items() if test in RULES}
    assert set(rules.values()) == {"failure"}
    assert (
        "no rule was tested; this one is not applicable: the target does not support"
        in reported["TestDeaf", RULES[1]][1]
    )


def test_a_target_that_cannot_be_started_fails_whatever_is_expected_of_one_test(whole):
    _, reported, _ = whole
    assert kinds(reported, "TestBroken") == {
        RULES[0]: "skipped",
        **dict.fromkeys((RULES[1], WRONG, FREE, "test_walks[0]"), "failure"),
    }
    assert (
        "not tested: broken: the target crashed: OSError: no power at test_theirs.py"
        in reported["TestBroken", WRONG][1]
    )


def test_what_is_blocked_by_a_rule_that_is_not_run_fails(theirs):
    """Otherwise the run would say that all is well, and nothing was found out."""
    code, reported, _ = theirs("-k", "TestTrusting and opens")
    assert (code, reported["TestTrusting", WRONG][0]) == (1, "failure")


@pytest.mark.parametrize(("name", "failures"), [("TestOneOnly", False), ("TestSeveral", True)])
def test_one_process_at_a_time_speaks_to_a_target_of_which_there_is_one(theirs, name, failures):
    """The one that says that several of it can run at once, and cannot, shows that the processes do overlap."""
    code, reported, output = theirs("-k", name, "-n", "2")
    assert len(reported) == 6, output
    assert any(kind == "failure" for kind, _ in reported.values()) is failures
    assert code == int(failures)


@pytest.mark.parametrize("processes", [(), ("-n", "2")])
def test_one_target_makes_all_walks_so_that_one_that_wears_out_shows(theirs, processes):
    code, reported, output = theirs("-k", "TestWearsOut", *processes)
    found = kinds(reported, "TestWearsOut")
    assert [found[test] for test in RULES] == ["passed", "passed"], output
    assert "failure" in [found[f"test_walks[{share}]"] for share in range(3)]
    assert (code, "it is worn out" in output) == (1, True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "expected either a target or the name of a fixture"),
        ({"target": object, "fixture": "locker"}, "expected either a target or the name of a fixture"),
        ({"target": object, "marks": {"BOX-9": pytest.mark.skip}}, "marks has 'BOX-9', expected one of: \"BOX-1\""),
        ({"target": object, "walks": -1}, "walks is -1, expected 0 or more"),
    ],
)
def test_what_cannot_be_meant_is_refused_where_it_stands(options, message):
    with pytest.raises(ValueError, match=message):
        conformance_tests(claims, **options)


def test_of_a_system_alone_there_are_no_claims_to_test():
    made = conformance_tests(system, object)
    assert not hasattr(made, "test_property")
