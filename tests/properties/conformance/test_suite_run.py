"""The suite as its users run it: another process, another directory, a small reference, and a target of a few lines."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.resources import files
from xml.etree import ElementTree

import jsonschema
import pytest

from properties.conformance.session import CHUNKS
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

LEGEND = ["shown to be right", "shown to be wrong", "not shown"]
REFERENCE = ("--system", "examples.parcel_locker:claims", "--max-examples", "40")
LOCKER = '''
import os, time

class Locker:
    """A parcel locker; its faults are given as class attributes."""
    wait_does_nothing = any_code_opens = crashes = hangs = forgets = False
    shows = ("outcome", "at", "reason")
    says = {}

    def __init__(self):
        self.box = "empty"

    def statement(self):
        return self.says

    def reset(self, state):
        if not self.forgets:
            self.box = state["box"]

    def send(self, request):
        outcome, reason = self.answer(request)
        verdict = {"outcome": outcome, "at": "locker", "reason": reason, "response": None}
        return {aspect: verdict[aspect] for aspect in self.shows}

    def answer(self, request):
        kind = request["type"]
        if kind == "Wait" and self.crashes:
            raise RuntimeError("the clock is broken")
        if kind == "Wait" and self.hangs:
            time.sleep(60)
        if kind == "Take" and request["code"] == "wrong" and not self.any_code_opens:
            return "no", "wrong code"
        if (kind == "Take") == (self.box == "empty") and kind != "Wait":
            return "no", "wrong box"
        if kind == "Put":
            self.box = "holds a parcel"
        elif kind == "Take":
            self.box = "empty"
        elif not self.wait_does_nothing:
            after = {"empty": "empty", "holds a parcel": "holds a parcel too long", "holds a parcel too long": "empty"}
            self.box = after[self.box]
        return "yes", "done"

class WaitDoesNothing(Locker):
    wait_does_nothing = True

class AnyCodeOpens(Locker):
    any_code_opens = True

class Crashes(Locker):
    crashes = True

class Hangs(Locker):
    hangs = True

class Goes(Locker):
    """It is gone for good the first time that it is told to wait."""
    def __init__(self):
        if os.path.exists("gone"):
            raise RuntimeError("the building is sold")
        super().__init__()

    def answer(self, request):
        if request["type"] == "Wait":
            open("gone", "w").close()
            raise RuntimeError("the building is sold")
        return super().answer(request)

class GoesAtReset(Goes):
    """It is gone when it is reset for the tenth time."""
    resets = 0

    def reset(self, state):
        GoesAtReset.resets += 1
        if GoesAtReset.resets == 10:
            open("gone", "w").close()
            raise RuntimeError("the building is sold")
        super().reset(state)

    def answer(self, request):
        return Locker.answer(self, request)

class GoesLater(Goes):
    """It is gone in the middle of the random layer."""
    sent = 0

    def answer(self, request):
        GoesLater.sent += 1
        return super().answer(request) if GoesLater.sent > 1_000 else Locker.answer(self, request)

class Slang(Locker):
    """In the random layer it has a word of its own."""
    sent = 0

    def answer(self, request):
        Slang.sent += 1
        outcome, reason = super().answer(request)
        return ("sure" if Slang.sent > 1_000 and request["type"] == "Wait" else outcome), reason

class OnlyOutcomes(Locker):
    shows = ("outcome",)

class Once(Locker):
    """It starts for a first look, and not again."""
    def __init__(self):
        if os.path.exists("once"):
            raise RuntimeError("closed for today")
        open("once", "w").close()
        super().__init__()

class OwnWords(Locker):
    def send(self, request):
        return {**super().send(request), "outcome": "OK", "at": 'front "office"'}

class Waits(Locker):
    def send(self, request):
        open("begun", "w").close()
        time.sleep(15)

class TakesNothing(Locker):
    says = {"not_supported": dict.fromkeys(["Wait", "Put", "Take"], "out of order")}

class NotTold(Locker):
    says = {"starts": "initial", "not_supported": {"Wait": "nobody tells us the time"}}
'''


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    path = tmp_path_factory.mktemp("elsewhere")
    (path / "locker.py").write_text(LOCKER)
    return path


@pytest.fixture(scope="module")
def run(place):
    def suite(*arguments, command=("-m", "pytest", "-p", "no:cacheprovider", "--pyargs", "properties.conformance")):
        return subprocess.run(
            [sys.executable, *command, *REFERENCE, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=place,
            env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PYTEST_ADDOPTS": "", "COLUMNS": "200"},
            timeout=120,
        )

    return suite


@pytest.fixture
def until_it_is_gone(run, place):
    def suite(target):
        try:
            return run("-q", "-rs", "--sut", f"locker:{target}")
        finally:
            (place / "gone").unlink()

    return suite


def counts(done):
    last = next(line for line in reversed(done.stdout.splitlines()) if re.search(r" in \d", line))
    return {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", last)}


def test_a_target_that_conforms_passes_each_rule_property_and_walk(run):
    done = run("-q", "--sut", "locker:Locker")
    assert done.returncode == 0, done.stdout + done.stderr
    assert counts(done)["passed"] >= 2 + 8
    assert "rules: 2 passed" in done.stdout
    assert re.search(r"random layer: \d+ walks, [\d,]+ requests sent, 0 failures", done.stdout)


def test_a_fault_fails_its_rule_in_words_and_no_other(run):
    done = run("-q", "--sut", "locker:WaitDoesNothing")
    assert done.returncode == 1
    assert "FAILED test_rules.py::test_rule[BOX-2]" in done.stdout.replace("../", "")
    assert "test_rule[BOX-1] -" not in done.stdout
    assert "BOX-2: A parcel that waits too long goes back. (house rules, 2)" in done.stdout
    assert "what is wrong: box: " in done.stdout
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
    one, two = (run("-q", "--sut", "locker:WaitDoesNothing", *more) for more in ((), ("-n", "2")))
    assert counts(one) == counts(two)
    rules = [[line for line in done.stdout.splitlines() if line.startswith("BOX-")] for done in (one, two)]
    assert rules[0] == rules[1]
    walked = [re.search(r"random layer: (\d+) walks", done.stdout) for done in (one, two)]
    assert walked[0].group(1) == walked[1].group(1)


def test_walks_on_a_target_of_which_one_can_run_at_once_follow_one_another(run):
    done = run("-v", "--sut", "locker:Locker", "-n", "2")
    walkers = re.findall(r"\[(gw\d)\].*PASSED.*test_walks\[", done.stdout)
    assert len(walkers) == CHUNKS
    assert len(set(walkers)) == 1


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
    done = until_it_is_gone("GoesAtReset")
    assert done.returncode == 1
    assert counts(done)["failed"] == 1
    assert re.search(r"not tested: .*the building is sold", done.stdout)


def test_a_target_that_goes_in_the_random_layer_fails_one_share_of_it(until_it_is_gone):
    done = until_it_is_gone("GoesLater")
    assert done.returncode == 1
    assert counts(done)["failed"] == 1
    assert "the building is sold" in done.stdout
    assert "rules: 1 passed, 1 failed" in done.stdout
    assert "not tested: " in done.stdout


def test_what_only_a_walk_shows_fails_its_rule_once_and_its_words_are_for_the_mapping(run, place):
    done = run("-q", "-rs", "--sut", "locker:Slang", "--report-json", "slang.json")
    assert done.returncode == 1
    assert counts(done)["failed"] == 1
    assert re.search(r"BOX-\d +failed .*\(on a walk of the random layer\)", done.stdout)
    assert re.search(r"rules: 1 passed, 1 failed", done.stdout)
    assert '"sure" = "?"' in done.stdout
    assert "ATTENTION: the target uses 1 words that are not ours" in done.stdout
    assert "the walk met what had failed before" in done.stdout
    report = json.loads((place / "slang.json").read_text())
    jsonschema.validate(
        report, json.loads(files("properties.conformance.report").joinpath("report.schema.json").read_text())
    )
    rules = report["rules"]
    assert sorted(rule["standing"] for rule in rules) == ["failed", "passed"]


def test_what_a_target_does_not_show_is_not_compared(run):
    done = run("-q", "--sut", "locker:OnlyOutcomes")
    assert done.returncode == 0, done.stdout


def test_of_what_it_does_not_support_the_reason_is_said(run):
    done = run("-q", "-rs", "--sut", "locker:NotTold")
    assert done.returncode == 0, done.stdout
    assert "passed in part" in done.stdout
    assert "nobody tells us the time" in done.stdout


def test_skips_and_expected_failures(run, place):
    (place / "skips").write_text("# later\nBOX-2  # ours goes back at once\n")
    (place / "xfails").write_text("test_rules.py::test_rule[BOX-2]\n")
    options = ("--report-json", "listed.json", "--report-html", "listed.html")
    skipped = run("-q", "--sut", "locker:WaitDoesNothing", "--skips-file", "skips", *options)
    said = [standings(place), (place / "listed.html").read_text()]
    expected = run("-q", "--sut", "locker:WaitDoesNothing", "--xfails-file", "xfails", *options)
    assert "failed" not in counts(skipped)
    assert counts(skipped)["skipped"] >= 1
    assert counts(expected)["xfailed"] == 1
    assert (skipped.returncode, expected.returncode) == (0, 0)
    assert re.search(r"BOX-2 +skipped .*\(skips, line 2\)", skipped.stdout)
    assert "rules: 1 blocked, 1 skipped" in skipped.stdout
    assert "ATTENTION: only 0 of 2 rules (0%) were tested" in skipped.stdout
    assert "no success" not in skipped.stdout
    assert re.search(r"BOX-2 +failed as expected .*\(xfails, line 1\)", expected.stdout)
    assert said[0]["BOX-2"] == "skipped"
    assert standings(place)["BOX-2"] == "failed as expected"
    assert "These rules failed" not in said[1] + (place / "listed.html").read_text()


def standings(place):
    found = json.loads((place / "listed.json").read_text())
    schema = json.loads(files("properties.conformance.report").joinpath("report.schema.json").read_text())
    jsonschema.validate(found, schema)
    return {rule["name"]: rule["standing"] for rule in found["rules"]}


def test_a_target_that_starts_once_only_ends_the_run_in_one_message(run):
    done = run("-q", "--sut", "locker:Once")
    assert done.returncode == 4
    assert "it started once and does not start again: locker:Once: the target crashed" in done.stdout
    assert "session.py" not in done.stdout


def test_a_chosen_rule_that_is_blocked_by_one_that_was_not_chosen_is_no_success(run):
    done = run("-q", "--sut", "locker:AnyCodeOpens", "--rule", "BOX-2")
    assert done.returncode == 1
    assert re.search(r"BOX-2 +blocked by BOX-1 +\d+ of +\d+ shown\n", done.stdout)
    assert "blocked by BOX-1, which was not selected" in done.stdout
    assert "ATTENTION: 1 of the selected rules cannot be tested before BOX-1; that is no success" in done.stdout


def test_words_of_its_own_are_said_once_with_a_mapping_file_to_fill_in(run, place):
    done = run("-q", "--sut", "locker:OwnWords", "--rule", "BOX-2", "--report-html", "own.html")
    section = done.stdout[done.stdout.index("conformance: ") :]
    lines = section.splitlines()
    assert lines[3].startswith("The target uses words that are not among ours.")
    words = '"yes", "no", "locker", "done", "wrong code", "wrong box" or "not shown"'
    assert lines[4:10] == [
        "",
        f"    [outcome]  # {words}",
        '    "OK" = "?"',
        f"    [at]  # {words}",
        '    "front \\"office\\"" = "?"',
        "",
    ]
    assert '"OK" = "?"' in (place / "own.html").read_text()
    filled = "\n".join(lines[5:9]).replace('"OK" = "?"', '"OK" = "yes"').replace('"?"', '"locker"')
    (place / "filled.toml").write_text(filled)
    again = run("-q", "--sut", "locker:OwnWords", "--rule", "BOX-2", "--mapping", "filled.toml")
    assert "words that are not among ours" not in again.stdout
    assert "no verdict" not in again.stdout


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


@pytest.mark.parametrize(("wanted", "walks"), [("3", 3), ("9", 9)])
def test_no_more_walks_are_made_than_were_asked_for(run, wanted, walks):
    done = run("-q", "--sut", "locker:Locker", "--max-examples", wanted)
    assert f"random layer: {walks} walks" in done.stdout


def test_the_run_that_a_user_ends_says_so_and_not_where_in_our_code(place):
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", "--pyargs", "properties.conformance", *REFERENCE, "--sut", "locker:Waits"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "-p no:cacheprovider"},
    ) as process:
        while not (place / "begun").exists() and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 2
    assert "interrupted: there is no report" in said
    assert "KeyboardInterrupt" not in said


def test_little_that_was_tested_is_said_loudly(run):
    done = run("-q", "--sut", "locker:TakesNothing", "--report-html", "little.html")
    assert "ATTENTION: only 0 of 2 rules (0%) were tested; most of the others are not applicable" in done.stdout
    assert re.search(r"ATTENTION: none of the \d+ walks of the random layer could send a request", done.stdout)
    assert "ATTENTION: no rule was tested: that is no success" in done.stdout
    assert done.returncode == 1


def test_less_than_what_has_to_be_tested_is_no_success(run):
    """Of 55 things that are to be shown it can show 5."""
    done = run("-q", "--sut", "locker:NotTold", "--max-examples", "0", "--fail-under", "10")
    assert done.returncode == 1, done.stdout
    assert "ATTENTION: less than 10% of what there is to show was shown (--fail-under)" in done.stdout
    assert run("-q", "--sut", "locker:NotTold", "--max-examples", "0").returncode == 0
    assert "'200' is no such share, expected a number from 0 to 100" in run("--fail-under", "200").stderr


def test_an_expected_failure_that_passes_is_said(run, place):
    (place / "hopeless").write_text("BOX-2\n")
    done = run("-q", "--sut", "locker:Locker", "--max-examples", "0", "--xfails-file", "hopeless")
    assert "ATTENTION: BOX-2 was expected to fail (hopeless, line 1), and passed" in done.stdout


OVER_HTTP = ("--system", "properties.smets1.installation:CLAIMS", "--sut")
"""A system whose profile takes addresses."""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--sut", "locker:Nobody"), "Nobody"),
        (("--sut", "locker:Locker", "--rule", "BOX-9"), "no rule has the id 'BOX-9'"),
        (("--sut", "locker:Locker", "--vector", "V9999"), "no sequence is called 'V9999'"),
        (("--sut", "locker:Locker", "--skips-file", "nowhere"), "cannot read nowhere"),
        (("--sut", "locker:Locker", "--skips-file", "unknown"), "unknown, line 2: no test is called 'BOX-7'"),
        (("--sut", "locker:Locker", "--statement", "nowhere.toml"), "nowhere.toml"),
        (("--sut", ""), "no target is named"),
        (("--answer-limit", "abc"), "'abc' is no such time, expected a number of seconds"),
        (("--start-limit", "inf"), "'inf' is no such time, expected a number of seconds"),
        (("--time-limit", "0"), "'0' is no such time, expected a number of seconds"),
        (("--sut", "http://"), "http:// is no address of a target"),
        (
            ("--sut", "http://127.0.0.1:1/", "--start-limit", "0.2"),
            "http://127.0.0.1:1/: the target is gone: nobody answers at http://127.0.0.1:1/",
        ),
        ((*OVER_HTTP, "http://127.0.0.1:1/", "--start-limit", "0.2"), "nobody answers at http://127.0.0.1:1/"),
        (("--sut", "cat"), "cat: it cannot be put where the system starts: the target answered garbage"),
        (("--sut", "locker:Locker", "--report-json", "locker.py/report"), "cannot write locker.py/report"),
        (("--sut", "locker:Locker", "--report-html", "-"), "cannot write '-'"),
        (("--sut", "locker:Locker", "--junitxml", "locker.py/report"), "cannot write locker.py/report"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_message(run, place, arguments, said):
    (place / "unknown").write_text("\nBOX-7\n")
    done = run("-q", *arguments)
    assert done.returncode == 4
    assert said in done.stderr
    assert done.stdout == "", "nothing was tested"
    assert "Traceback" not in done.stderr + done.stdout


def test_a_server_that_is_no_target_is_told_before_any_test(run, serving):
    server = serving(lambda handler, _body: handler.answer(b"no such page", status=404) or True)
    done = run("-q", *OVER_HTTP, server.address)
    assert done.returncode == 4
    assert "cannot be put where the system starts: the target refused: HTTP status 404" in done.stderr
    assert [path for path, *_ in server.seen] == ["/dsp/control"] * 2
    assert done.stdout == ""


@pytest.mark.parametrize("option", ["--report-json", "--report-html", "--junitxml"])
def test_a_report_that_cannot_be_written_at_the_end_is_told_and_is_no_success(run, option):
    done = run("-q", "--sut", "locker:Locker", "--rule", "BOX-2", option, "/dev/full")
    assert done.returncode == 4
    assert done.stderr == "ERROR: cannot write /dev/full: No space left on device\n"
    assert "rules: 1 passed" in done.stdout


def test_a_system_with_its_own_words_is_judged_by_its_own_claims(run):
    done = run("-q")
    assert done.returncode == 0, done.stdout
    assert counts(done)["passed"] >= 3


@pytest.fixture(scope="module")
def reported(run, place):
    options = ("--report-json", "found.json", "--report-html", "found.html", "--junitxml", "found.xml")
    return run("-q", "--sut", "locker:WaitDoesNothing", *options)


def test_the_report_for_machines_is_as_its_schema_says(reported, place):
    found = json.loads((place / "found.json").read_text())
    schema = json.loads(files("properties.conformance.report").joinpath("report.schema.json").read_text())
    jsonschema.validate(found, schema)
    (failed,) = (rule for rule in found["rules"] if rule["standing"] == "failed")
    assert failed["name"] == "BOX-2"
    assert len(failed["failure"]["shortest"]["steps"]) == 4
    assert found["random"]["walks"] > 0


def test_junit_is_written_without_a_warning_for_each_test(reported):
    assert "warnings" not in counts(reported)


def test_junit_has_the_rule_its_source_and_the_sequence(reported, place):
    root = ElementTree.parse(place / "found.xml").getroot()
    (case,) = (each for each in root.iter("testcase") if each.get("name") == "test_rule[BOX-2]")
    recorded = {each.get("name"): each.get("value") for each in case.iter("property")}
    assert recorded["rule"] == "BOX-2"
    assert recorded["source"] == "house rules, 2"
    assert recorded["vector"].startswith("V")
    (suite,) = root.iter("testsuite")
    facts = {each.get("name"): each.get("value") for each in suite.find("properties")}
    assert facts == {name: str(value) for name, value in json.loads((place / "found.json").read_text())["run"].items()}
    assert f"declarations {facts['digest'][:12]}, seed 0" in reported.stdout
    assert f"run of {facts['date']}, suite {facts['suite']}".capitalize() in (place / "found.html").read_text()


def test_the_page_needs_nothing_else(reported, place):
    text = (place / "found.html").read_text()
    references = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"'\s)>]+)""", text)
    assert references
    assert all(reference.startswith("#") for reference in references)
    assert "<script" not in text
    anchors = set(re.findall(r'\bid="([^"]+)"', text))
    assert {reference[1:] for reference in references} <= anchors


@pytest.mark.skipif(not shutil.which("chromium"), reason="the browser Chromium is not installed")
def test_a_browser_shows_the_page(reported, place):
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [
                *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
                *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
                *(f"--user-data-dir={profile}", "--virtual-time-budget=2000", "--dump-dom"),
                (place / "found.html").as_uri(),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    dom = ElementTree.fromstring("<all>" + re.sub(r"<(meta|!DOCTYPE)[^>]*>", "", done.stdout) + "</all>")
    drawings = list(dom.iter("svg"))
    assert len(drawings) == 2, "the failing sequence and the lifecycle"
    assert all(list(drawing.iter("text")) for drawing in drawings)
    colours = {each.get("stroke") for each in drawings[1].iter() if each.get("stroke")}
    assert "#b42318" in colours, "what failed is red"
    assert [each.tail for each in dom.find(".//p[@class='legend']")] == LEGEND
    assert "BOX-2" in {each.text for each in dom.iter("h3")}


def test_the_command_says_the_same_for_people(run):
    code = "from properties.smets1.command import main; main()"
    good = run("--sut", "locker:Locker", command=("-c", code, "conform"))
    bad = run("--sut", "locker:WaitDoesNothing", command=("-c", code, "conform"))
    unusable = run("--sut", "locker:Nobody", command=("-c", code, "conform"))
    assert (good.returncode, bad.returncode, unusable.returncode) == (0, 1, 2), good.stdout + unusable.stdout
    assert "rules: 2 passed" in good.stdout
    assert "again: smets1 conform" in bad.stdout
    assert "Traceback" not in good.stdout + bad.stdout + unusable.stdout + unusable.stderr


ASSUMED = """
import attrs

from examples.parcel_locker import claims as ruled
from statemachines import Register, Rule

waiting = Rule("BOX-2", "A parcel that waits too long goes back.", "none", "all")
register = Register([ruled.system.register["BOX-1"], waiting])
claims = attrs.evolve(ruled, system=attrs.evolve(ruled.system, register=register))
"""


def test_an_assumption_that_is_not_kept_is_a_warning(run, place):
    (place / "assumed.py").write_text(ASSUMED)
    words = ("-q", "--system", "assumed:claims", "--sut", "locker:WaitDoesNothing", "--report-json", "assumed.json")
    warned = run(*words)
    assert warned.returncode == 0, warned.stdout
    assert re.search(r"BOX-2 +assumption not kept ", warned.stdout)
    assert "rules: 1 passed, 1 assumption not kept" in warned.stdout
    assert "assumptions that the target does not keep, and no rule is broken by that: BOX-2" in warned.stdout
    found = json.loads((place / "assumed.json").read_text())
    assert {one["name"]: (one["standing"], one["basis"]) for one in found["rules"]} == {
        "BOX-1": ("passed", "regulated"),
        "BOX-2": ("assumption not kept", "assumed"),
    }
    assert run(*words, "--assumption-exit-code", "10").returncode == 10
    assert run(*words[:-1], "assumed.json", "--sut", "locker:Locker", "--assumption-exit-code", "10").returncode == 0
    assert run(*words, "--assumption-exit-code", "1").returncode == 4
    assert run(*words[:4], "locker:AnyCodeOpens", "--assumption-exit-code", "10").returncode == 1


def test_on_the_rules_alone_what_is_assumed_is_counted_apart(run, place):
    (place / "assumed.py").write_text(ASSUMED)
    done = run("-q", "--system", "assumed:claims", "--sut", "locker:WaitDoesNothing", "--only", "regulated")
    assert done.returncode == 0, done.stdout
    assert re.search(r"BOX-2 +unspecified ", done.stdout)
    assert "rules: 1 passed in part, 1 unspecified" in done.stdout
    assert re.search(r"unspecified: an assumption alone decides \d+ of what is to be shown", done.stdout)
