"""The suite as its users run it, on a target of a few lines: what passes, fails, is blocked or not tested."""

import json
import re

import pytest

from properties.conformance.scope import shares_of
from tests.support.suite_runs import WALKS, counts, report_of

pytestmark = pytest.mark.slow


def test_a_target_that_conforms_passes_each_rule_property_and_walk(run):
    done = run("-q", "--sut", "locker:Locker", "--max-examples", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    assert counts(done) == {"passed": 2 + 1 + 1, "skipped": 1}  # no property that no finite run can show
    assert "rules: 2 passed" in done.stdout
    assert re.search(r"random layer: 3 walks, [\d,]+ requests sent, 0 failures", done.stdout)


def test_a_fault_fails_its_rule_in_words_and_no_other(run):
    done = run("-q", "--sut", "locker:WaitDoesNothing")
    assert done.returncode == 1
    assert "FAILED test_rules.py::test_rule[BOX-2]" in done.stdout.replace("../", "")
    assert "test_rule[BOX-1] -" not in done.stdout
    assert "BOX-2: A parcel that waits too long goes back. (house rules, 2)" in done.stdout
    assert "suspect: box: " in done.stdout
    assert "expected: " in done.stdout
    assert "seen: " in done.stdout
    assert "again: pytest --pyargs properties.conformance --sut locker:WaitDoesNothing" in done.stdout
    assert "Traceback" not in done.stdout


def test_the_shortest_sequence_is_shown(run):
    """Put, wait, wait: then the box should be free again, and one request more shows that it is not."""
    done = run("-q", "--sut", "locker:WaitDoesNothing", "--rule", "BOX-2")
    assert "  3. Wait\n     ^ here it goes wrong; it shows later\n     yes at the locker" in done.stdout
    assert "  4. " in done.stdout
    assert "  5. " not in done.stdout


def test_a_property_fails_that_what_was_seen_breaks_and_blocked_rules_are_skipped(run):
    done = run("-q", "-rs", "--sut", "locker:AnyCodeOpens")
    assert "test_rule[BOX-1]" in done.stdout
    assert re.search(r"BOX-2 +(blocked +|passed)", done.stdout)
    assert counts(done)["failed"] <= 2


def test_the_command_that_a_failure_gives_runs_just_that(run):
    done = run("-q", "--sut", "locker:WaitDoesNothing", "--rule", "BOX-2")
    assert counts(done) == {"failed": 1}


def test_one_sequence_is_run_by_name(run):
    whole = run("-q", "--sut", "locker:WaitDoesNothing")
    name = re.search(r"shown by: (V\d+)", whole.stdout).group(1)
    done = run("-v", "--sut", "locker:WaitDoesNothing", "--vector", name)
    assert f"test_vector[{name}]" in done.stdout
    assert counts(done) == {"failed": 1}


def test_a_sequence_of_ones_own_is_run_from_a_file(run, place):
    requests = [{"type": "Put"}, {"type": "Wait"}, {"type": "Wait"}, {"type": "Put"}]
    (place / "own.json").write_text(json.dumps({"start": {"box": "empty"}, "requests": requests}))
    (place / "trace.json").write_text(json.dumps({"start": {}, "steps": [{"request": one} for one in requests]}))
    done = run("-v", "--sut", "locker:WaitDoesNothing", "--sequence", "own.json")
    assert counts(done) == {"failed": 1}, done.stdout
    assert "test_vector[own.json]" in done.stdout
    assert "again: pytest --pyargs properties.conformance --sut locker:WaitDoesNothing --system examples" in done.stdout
    assert "--sequence own.json" in done.stdout
    assert counts(run("--sut", "locker:Locker", "--sequence", "own.json", "--sequence", "trace.json")) == {"passed": 2}


def test_several_processes_find_what_one_finds(run):
    one, two = (
        run("-q", "--sut", "locker:WaitDoesNothing", "--max-examples", "9", *more) for more in ((), ("-n", "2"))
    )
    assert counts(one) == counts(two)
    rules = [[line for line in done.stdout.splitlines() if line.startswith("BOX-")] for done in (one, two)]
    assert rules[0] == rules[1]
    assert all("random layer: 9 walks" in done.stdout for done in (one, two))


def test_walks_on_a_target_of_which_one_can_run_at_once_follow_one_another(run):
    done = run("-v", "--sut", "locker:Locker", "--max-examples", "25", "-n", "2")
    walkers = re.findall(r"\[(gw\d)\].*PASSED.*test_walks\[", done.stdout)
    assert len(walkers) == len(shares_of(25))
    assert len(set(walkers)) == 1


def test_what_only_a_walk_shows_fails_its_rule_once_and_its_words_are_for_the_mapping(run, place):
    done = run("-q", "-rs", "--sut", "locker:Slang", "--report-json", "slang.json", *WALKS)
    assert done.returncode == 1
    assert counts(done)["failed"] == 1
    assert re.search(r"BOX-\d +failed .*\(on a walk of the random layer\)", done.stdout)
    assert re.search(r"rules: 1 passed, 1 failed", done.stdout)
    assert '"sure" = "?"' in done.stdout
    assert "ATTENTION: the target uses 1 word that is not ours" in done.stdout
    assert "the walk met what had failed before" in done.stdout
    rules = report_of(place / "slang.json")["rules"]
    assert sorted(rule["standing"] for rule in rules) == ["failed", "passed"]


def test_what_a_target_does_not_show_is_not_compared(run):
    done = run("-q", "--sut", "locker:OnlyOutcomes")
    assert done.returncode == 0, done.stdout


def test_of_what_it_does_not_support_the_reason_is_reported(run):
    done = run("-q", "-rs", "--sut", "locker:NotTold")
    assert done.returncode == 0, done.stdout
    assert "passed in part" in done.stdout
    assert "nobody tells us the time" in done.stdout


def test_a_chosen_rule_that_is_blocked_by_one_that_was_not_chosen_is_no_success(run):
    done = run("-q", "--sut", "locker:AnyCodeOpens", "--rule", "BOX-2")
    assert done.returncode == 1
    assert re.search(r"BOX-2 +blocked by BOX-1 +\d+ of +\d+ shown\n", done.stdout)
    assert "blocked by BOX-1, which was not selected" in done.stdout
    assert "ATTENTION: 1 of the selected rules cannot be tested before BOX-1; that is no success" in done.stdout


def test_a_failure_has_the_values_that_decide_its_last_step(run):
    done = run("-q", "--sut", "locker:WaitDoesNothing", "--rule", "BOX-2")
    assert re.search(r"4\. Put\n     there:    box empty\n     expected: yes", done.stdout)


def test_rules_come_before_properties_and_those_say_how_to_run_them_again(run):
    """The simulator: nothing that a locker says breaks a property of it."""
    spec = (
        "--system",
        "properties.smets1.installation:CLAIMS",
        "--sut",
        "examples.simulator.faulty:gas_supplier_may_activate",
    )
    done = run("-q", *spec, "-k", "PPMID or upgrades")
    rule, holds = done.stdout.index("_ test_rule[PPMID-"), done.stdout.index("_ test_property[")
    assert rule < holds
    again = re.search(r"again: pytest --pyargs properties.conformance .* --vector (V\d+)\n", done.stdout[holds:])
    one = run("-q", *spec, "--vector", again[1])
    assert counts(one) == {"failed": 1}
    assert "rules: \n" not in one.stdout


def test_little_that_was_tested_is_reported_loudly(run):
    done = run("-q", "--sut", "locker:TakesNothing", "--max-examples", "3")
    assert "ATTENTION: only 0 of 2 rules (0%) were tested; most of the others are not applicable" in done.stdout
    assert re.search(r"ATTENTION: none of the \d+ walks of the random layer could send a request", done.stdout)
    assert "ATTENTION: no rule was tested: that is no success" in done.stdout
    assert done.returncode == 1


def test_less_than_what_has_to_be_tested_is_no_success(run):
    """Of 73 things that are to be shown it can show 38."""
    done = run("-q", "--sut", "locker:NotTold", "--fail-under", "90")
    assert done.returncode == 1, done.stdout
    assert "ATTENTION: less than 90% of what there is to show was shown (--fail-under)" in done.stdout
    assert run("-q", "-rs", "--sut", "locker:NotTold").returncode == 0
    assert "'200' is not such a share, expected a number from 0 to 100" in run("--fail-under", "200").stderr


def test_a_system_with_its_own_words_is_judged_by_its_own_claims(run):
    done = run("-q")
    assert done.returncode == 0, done.stdout
    assert counts(done)["passed"] >= 3


def test_the_command_says_the_same_for_people(run):
    code = "from properties.smets1.command import main; main()"
    good = run("--sut", "locker:Locker", "--max-examples", "0", command=("-c", code, "conform"))
    bad = run("--sut", "locker:WaitDoesNothing", "--max-examples", "1", command=("-c", code, "conform"))
    unusable = run("--sut", "locker:Nobody", "--max-examples", "1", command=("-c", code, "conform"))
    assert (good.returncode, bad.returncode, unusable.returncode) == (0, 1, 2), good.stdout + unusable.stdout
    assert "rules: 2 passed" in good.stdout
    assert "random layer" not in good.stdout
    assert "again: smets1 conform" in bad.stdout
    assert "Traceback" not in good.stdout + bad.stdout + unusable.stdout + unusable.stderr
