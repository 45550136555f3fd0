"""`statemachines check` on a system that breaks its claims: every finding is shown, in words that name what broke."""

import json
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from properties.cli.main import main
from tests.support.paths import EXAMPLES

FINDINGS = """\
from parcel_locker import *

overdue_and_empty = (box == Box.EMPTY) & (sm.after(box) == Box.OVERDUE)
claims = sm.Claims(system, [
    sm.sometimes("an empty box gets an overdue parcel", of=overdue_and_empty, rules="BOX-2"),
    sm.sometimes("two places at once", of=(box == Box.EMPTY) & (box == Box.FULL), rules="BOX-2"),
    sm.always("idle talk", when=overdue_and_empty, then=box == Box.FULL, rules="BOX-1"),
    sm.always(
        "the code empties the box", when=code == Code.RIGHT,
        then=(sm.after(box) == Box.EMPTY) & (box == Box.FULL), rules="BOX-1",
    ),
    free,
])
"""


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("locker")
    (folder / "parcel_locker.py").write_text((EXAMPLES / "parcel_locker.py").read_text())
    (folder / "findings_of_the_locker.py").write_text(FINDINGS)
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(folder)
        yield CliRunner().invoke(main, ["check", "--system", "findings_of_the_locker:claims"])


def test_a_false_sometimes_is_a_finding_and_hides_no_other(checked):
    assert checked.exit_code == 1
    assert "FAILS: an empty box gets an overdue parcel [BOX-2]" in checked.output
    assert "  it never happens that box is empty and box afterwards is holds a parcel too long" in checked.output
    assert "FAILS: the code empties the box [BOX-1]" in checked.output
    assert "\n1 hold, 4 fail, in " in checked.output


def test_a_condition_that_contradicts_itself_is_named_so(checked):
    assert "FAILS: two places at once [BOX-2]\n  its condition contradicts itself\n" in checked.output


def test_a_vacuous_claim_fails_and_says_why(checked):
    assert "FAILS: idle talk [BOX-1]\n  the claim is vacuous: it never happens that box is empty" in checked.output


def test_a_counterexample_says_what_was_claimed_and_which_part_broke(checked):
    assert (
        "  it is claimed: wherever code is right: box afterwards is empty and box is holds a parcel\n"
        "  at the end of the run: box is not holds a parcel\n"
        "shortest counterexample:\n"
        "start: the initial state\n"
        "  1. Take (code right)\n"
    ) in checked.output


def test_counts_are_in_grammatical_number(checked):
    assert checked.output.startswith("parcel locker: 4 requests, 1 variable, 3 combinations of values\n")


def test_a_claim_decided_by_its_condition_alone_says_so_and_not_0_states(checked):  # the modules can be imported
    done = CliRunner().invoke(main, ["check", "--system", "findings_of_the_locker:claims", "--engine", "explicit"])
    assert "decided without exploring" in done.output
    assert " 0 states" not in done.output


@pytest.mark.parametrize(
    ("words", "nodes"), [([], True), (["--memory", "1K"], False), (["--engine", "explicit"], False)]
)
def test_what_it_took_is_reported(words, nodes):
    check = ["check", "--system", "examples.parcel_locker:claims", *words]
    last = CliRunner().invoke(main, check).output.splitlines()[-1]
    assert re.search(r"in ([0-9,]+ nodes of diagrams, )?[0-9.]+ [MG]iB of memory and [0-9.]+ s; 2 regulated$", last)
    assert ("nodes of diagrams" in last) is nodes
    system = json.loads(CliRunner().invoke(main, [*check, "--json"]).output)["system"]
    assert bool(system["nodes"]) is nodes
    assert system["peak_memory"] > 16 << 20
    by_sets = ["exploring"] if "explicit" not in words else []
    assert list(system["phases"]) == ["declaring", "grounding", *by_sets, "claims", "well-formedness"]
    assert 0 < sum(system["phases"].values()) <= system["seconds"] + 0.003  # each is rounded
    assert ("more than 32 nodes" in (system["without_sets"] or "")) is ("1K" in words)


def test_what_is_decided_on_sets_needs_no_numpy():
    code = (
        "import sys\nfrom properties.cli.main import main\n"
        "try: main(['check', '--system', 'parcel_locker:claims'])\nexcept SystemExit as end: assert not end.code\n"
        "sys.exit('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=EXAMPLES, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "on sets of states" in done.stdout
