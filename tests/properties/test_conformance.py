"""The suite as its users run it: another process, another directory."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ONE = "only the Electricity Supplier upgrades PPMID firmware"
JUST_ONE = "only and Electricity and upgrades and PPMID"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    def suite(*arguments):
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--pyargs", "properties.conformance"]
        if "--system" not in _help():
            command += ["-p", "properties.conformance.plugin"]
        return subprocess.run(
            [*command, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path_factory.mktemp("elsewhere"),
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
        )

    return suite


def _help():
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--help"], capture_output=True, text=True, check=False, cwd=ROOT.parent
    ).stdout


def test_the_reference_conforms(run):
    done = run("-q", "-k", JUST_ONE)
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
    assert "coverage: SMETS1 installation" in done.stdout
    assert "transitions: " in done.stdout


def test_a_fault_is_told_once_in_words_and_nothing_else(run):
    done = run("-q", "--system", "properties.faults:gas_supplier_may_activate", "-k", JUST_ONE)
    assert done.returncode == 1
    assert f"this does not hold: {ONE}" in done.stdout
    assert "PPMID-1: Only the Electricity Supplier" in done.stdout
    assert "  8. Activate Firmware (sender Supplier B, target PPMID)" in done.stdout
    assert "  9. " not in done.stdout
    for noise in ("Traceback", "hypothesis", "data=", "state.", "During handling"):
        assert noise not in done.stdout


def test_the_same_is_found_each_time(run):
    texts = [run("-q", "--system", "properties.faults:dco_is_skipped", "-k", "Critical").stdout for _ in "ab"]
    told = [text[: text.index("= coverage")] for text in texts]
    assert "1. " in told[0]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("spec", "said"),
    [("nonsense", "not of the form"), ("no.such:thing", "cannot be imported"), ("properties.faults:nope", "nope")],
)
def test_a_bad_name_is_refused_in_one_message(run, spec, said):
    done = run("--system", spec)
    assert done.returncode == 4
    assert f"ERROR: --system: '{spec}'" in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_each_claim_has_a_test_of_its_own_with_a_readable_name(run):
    done = run("--collect-only", "-q")
    assert f"test_always[{ONE}]" in done.stdout
    assert "test_sometimes[supply may be split]" in done.stdout


def test_coverage_of_several_processes_is_put_together(run):
    one, two = run("-q", "-k", "absent or (stays and DCC)"), run("-q", "-n", "2", "-k", "absent or (stays and DCC)")
    told = [[line for line in each.stdout.splitlines() if "requests sent" in line] for each in (one, two)]
    assert len(told[0]) == 1
    assert told[0] == told[1]
