"""`smets1 regime` as a user runs it."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from properties.smets1.command import main


def regime(*words: str):
    return CliRunner().invoke(main, ["regime", *words])


def test_json_has_every_value_and_what_would_settle_it():
    done = regime("--on", "2020-10-15", "--json")
    result = json.loads(done.stdout)
    assert done.exit_code == 0
    assert result["releases"] == ["before Uplift 1.2", "Uplift 1.2"]
    assert result["designation"] == ["conclusions submitted", "re-designated"]
    assert result["documents"]["TMAD"] == ["AL 7.0", "AL 8.0"]
    assert [one["settled_by"] for one in result["open"]] == ["--uplift", "--redesignated", "--keys-updated", "--foc"]
    assert result["compliance"] == ["compliant", "non-compliant"]
    assert [one["rules"] for one in result["breaches"]] == [["KEY-5", "KEY-7"]]
    assert "MOD-11" in result["assumptions"]
    assert "DES-1" not in result["assumptions"]


def test_the_options_settle_it():
    days = ("--uplift", "2020-10-01", "--november", "2020-11-10", "--redesignated", "2020-10-12", "--foc", "out")
    days = ("--keys-updated", "2020-10-11", *days)
    result = json.loads(regime("--on", "2020-11-09", *days, "--json").stdout)
    assert result["releases"] == ["Uplift 1.2"]
    assert result["documents"]["S1SR"] == ["AM 5.0"]
    assert result["open"] == []
    assert (result["compliance"], result["breaches"]) == (["compliant"], [])
    assert json.loads(regime("--on", "2020-11-10", *days, "--json").stdout)["releases"] == ["November 2020 maintenance"]
    assert json.loads(regime("--on", "2020-11-10", *days[:-1], "in", "--json").stdout)["documents"]["DUIS"] == [
        "a revision for FOC"
    ]


def test_text_says_what_is_in_force_what_is_open_and_what_is_assumed():
    done = regime("--on", "2020-10-15")
    assert done.exit_code == 0
    assert "2020-10-15 (29 September to 29 October 2020)" in done.stdout
    assert "  release in force: before Uplift 1.2 or Uplift 1.2\n" in done.stdout
    assert "  SRPD in the SEC: AB 3.0 or 4.0\n" in done.stdout
    assert "open: whether Uplift 1.2 is in force; --uplift settles it (DES-5, MOD-11)" in done.stdout
    assert "  MOD-11 (assumption: Uplift 1.2 is in force on no day" in done.stdout
    assert "  MOD-60 (assumption: A release may come into force before or after re-designation" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_document_that_the_report_does_not_tell_of_is_not_known():
    assert "TMAD in the SEC: not known" in regime("--on", "2020-09-17").stdout
    assert "16:00" in regime("--on", "2020-09-03").stdout


def test_the_same_input_gives_the_same_bytes():
    assert regime("--on", "2020-11-02", "--json").stdout == regime("--on", "2020-11-02", "--json").stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Missing option '--on'"),
        (("--on", "today"), "'today' does not match"),
        (("--on", "2020-10-15", "--foc", "maybe"), "'maybe' is not one of 'in', 'out'"),
        (("--on", "2020-10-15", "--redesignated", "2020-09-28"), "expected 2020-09-29 or later (DES-2)"),
        (("--on", "2020-10-15", "--uplift", "2020-11-02", "--november", "2020-11-01"), "is before Uplift 1.2"),
        (("--on", "2020-10-15", "--uplift", "2020-10-02", "--keys-updated", "2020-10-01"), "(KEY-2)"),
    ],
)
def test_wrong_options_get_one_message_and_exit_code_2(words, message):
    done = regime(*words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("Error:") == 1
    assert done.stdout == ""


def test_help_shows_examples_and_answers_need_no_numpy():
    assert "Examples:" in regime("--help").stdout
    code = (
        "import sys\nfrom properties.smets1.command import main\n"
        "try: main(['regime', '--on', '2020-10-15'])\nexcept SystemExit: pass\n"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0


def test_a_day_on_which_the_dcc_would_be_non_compliant_is_answered():
    days = ("--uplift", "2020-10-01", "--redesignated", "2020-10-12", "--keys-updated", "2020-10-20", "--foc", "out")
    done = regime("--on", "2020-10-15", *days)
    assert done.exit_code == 0
    assert "  DCC, in what KEY-7 speaks of: non-compliant\n" in done.stdout
    assert "breach: an Activate Firmware for a PPMID is rejected where the DCO key package" in done.stdout
    assert done.stdout.count("disclosed in the Use of DUIS Guidance note") == 3


def test_no_draft_is_in_the_sec_after_re_designation():
    days = ("--uplift", "2020-10-01", "--keys-updated", "2020-10-05", "--redesignated", "2020-10-12", "--foc", "out")
    lines = regime("--on", "2020-10-12", *days).stdout.splitlines()
    assert [line.strip() for line in lines if " in the SEC: " in line] == [
        "TMAD in the SEC: AL 8.0",
        "S1SR in the SEC: AM 5.0",
        "SRPD in the SEC: 4.0",
        "DUIS in the SEC: 3.1 [Designation Date]",
    ]
