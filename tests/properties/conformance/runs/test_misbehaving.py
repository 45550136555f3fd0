"""Targets that crash, hang, or are gone, and a run that its user ends."""

import os
import re
import signal
import subprocess
import sys
import time
from xml.etree import ElementTree

import pytest

from tests.support.paths import ROOT
from tests.support.suite_runs import REFERENCE, WALKS, counts

pytestmark = pytest.mark.slow


def test_a_crash_is_reported_for_the_rule_concerned_and_the_run_ends(run):
    done = run("-q", "--sut", "locker:Crashes")
    assert done.returncode == 1
    assert "misbehaviour: the target crashed" in done.stdout
    assert "the clock is broken" in done.stdout
    assert "rules: " in done.stdout


def test_a_target_that_hangs_is_ended_in_time(run):
    done = run("-q", "--sut", "locker:Hangs", "--answer-limit", "0.2", "--time-limit", "10")
    assert done.returncode == 1
    assert "misbehaviour: the target hangs" in done.stdout


def test_of_a_target_that_is_gone_one_rule_fails_and_the_others_are_not_tested(until_it_is_gone):
    done = until_it_is_gone("Goes")
    assert done.returncode == 1
    assert counts(done)["failed"] == 1
    assert "misbehaviour: the target crashed" in done.stdout
    assert "not tested: the target cannot be" in done.stdout
    assert re.search(r"rules: .*1 failed.*1 not tested", done.stdout)
    assert "Error:" not in done.stdout.replace("RuntimeError:", "")


def test_where_no_rule_says_why_nothing_was_tested_one_test_fails(until_it_is_gone):
    done = until_it_is_gone("GoesAtReset", *WALKS)
    assert done.returncode == 1
    assert counts(done)["failed"] == 1
    assert re.search(r"not tested: .*the building is sold", done.stdout)


def test_a_target_that_goes_in_the_random_layer_fails_one_share_of_it(until_it_is_gone):
    done = until_it_is_gone("GoesLater", *WALKS)
    assert done.returncode == 1
    assert counts(done)["failed"] == 1
    assert "the building is sold" in done.stdout
    assert "rules: 1 passed, 1 failed" in done.stdout
    assert "not tested: " in done.stdout


def test_a_target_that_starts_once_only_ends_the_run_in_one_message(run):
    done = run("-q", "--sut", "locker:Once")
    assert done.returncode == 4
    assert "it started once and does not start again: locker:Once: the target crashed" in done.stdout
    assert "session.py" not in done.stdout


@pytest.mark.parametrize("processes", ["0", "2"])
def test_the_run_that_a_user_ends_says_so_and_not_where_in_our_code(place, processes):
    (place / "begun").unlink(missing_ok=True)
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "pytest",
            "--pyargs",
            "properties.conformance",
            *REFERENCE,
            "--sut",
            "locker:Waits",
            "--junitxml",
            "report.xml",
            "-n",
            processes,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "-p no:cacheprovider -p no:faker -p no:anyio"},
    ) as process:
        while not (place / "begun").exists() and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        message = process.communicate(timeout=60)[0]
    assert process.returncode == 2
    assert "interrupted: the report is not complete" in message
    assert "ATTENTION: the run was interrupted: most is not tested" in message
    assert "KeyboardInterrupt" not in message
    (said,) = ElementTree.parse(place / "report.xml").iter("failure")
    assert said.get("message").startswith("the run was interrupted: most is not tested")
