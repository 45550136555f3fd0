"""`trace` as a user runs it."""

import json
import re

import attrs
import pytest
from click.testing import CliRunner

from properties.cli import check as cli_check
from properties.cli import trace as cli_trace
from properties.cli.main import main
from statemachines import Passage, Register, Rule, Section
from statemachines.language.claims import Claims
from statemachines.language.system import System

LOCKED = "a locked safe stays shut"


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def trace(monkeypatch, safe, forgetful_safe):
    """The command on the safes; the properties of a safe that nothing tests are those of the first alone."""
    grey = Register([*safe.claims.system.register.rules, Rule("T-1", "It is [grey].", "manual, 3", assumption="all")])
    sound = safe.claims.system
    gate = sound.gates[0]
    never = (safe.wrong == safe.wrong.domain[2]) & (safe.door == safe.door.domain[1])
    dead = attrs.evolve(gate.checks[0], label="not open when locked", fails_when=never)
    odd = System(  # the plain class, which does not explore itself
        "an odd one", sound.register, lifecycles=sound.lifecycles, requests=sound.requests, answers=sound.answers,
        gates=[attrs.evolve(gate, checks=[dead, *gate.checks])],
    )  # fmt: skip
    known = {
        "safe": safe.claims,
        "odd": Claims(odd, safe.claims.claims),
        "forgetful": forgetful_safe.claims,
        "strongbox": Claims(attrs.evolve(safe.claims.system, name="a strongbox"), safe.claims.claims),
        "grey": Claims(attrs.evolve(safe.claims.system, name="a grey one", register=grey), safe.claims.claims),
    }
    for module in (cli_trace, cli_check):
        monkeypatch.setattr(module, "load_claims", lambda spec, *_: known[spec])

    def command(*words, system=("safe",)):
        return run("trace", *words, *(word for name in system for word in ("--system", name)))

    return command


@pytest.fixture
def report(trace, tmp_path):
    """A report that `check` writes of one of the safes."""

    def make(system, edit=None):
        written = json.loads(run("check", "--json", "--system", system).stdout)
        if edit:
            edit(written)
        path = tmp_path / f"{system}.json"
        path.write_text(json.dumps(written))
        return path

    return make


def test_a_line_for_each_rule_where_no_terminal_is(trace):
    done = trace()
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "held  S-1  regulated  declarations 3, properties 1, diagrams 2  Two wrong codes lock it.",
        "held  S-2  regulated  declarations 6, properties 1, diagrams 3  A code opens.",
        "2 rules: 2 declared, 2 tested, 2 shown, 2 exercised, 2 held",
    ]


def test_the_rules_that_are_named_are_reported_in_full(trace):
    done = trace("S-1")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "held  S-1  regulated  declarations 3, properties 1, diagrams 2  Two wrong codes lock it.",
        "1 rules: 1 declared, 1 tested, 1 shown, 1 exercised, 1 held",
        "S-1: Two wrong codes lock it.",
        "  source: manual, 1",
        "  basis: regulated",
        "  result: held",
        '  lifecycle wrong: "none" -> "one" on Enter, if (code is wrong or by is not the owner)',
        '  lifecycle wrong: "one" -> "two" on Enter, if (code is wrong or by is not the owner)',
        "  check at the safe: not locked; otherwise no: it is locked for good",
        "  property: a locked safe stays shut (always, of a step): held",
        "  diagram: diagrams/wrong.svg",
        "  diagram: diagrams/request-path.svg",
    ]


def test_json_tells_of_each_rule_and_of_the_totals(trace):
    result = json.loads(trace("S-1", "--json").stdout)
    assert result["rules"] == [
        {
            "id": "S-1",
            "statement": "Two wrong codes lock it.",
            "source": "manual, 1",
            "basis": "regulated",
            "assumption": None,
            "declarations": [
                *(
                    {
                        "kind": "lifecycle",
                        "where": "wrong",
                        "words": f"{words} on Enter, if (code is wrong or by is not the owner)",
                        "basis": "regulated",
                    }
                    for words in ('"none" -> "one"', '"one" -> "two"')
                ),
                {
                    "kind": "check",
                    "where": "safe",
                    "words": "not locked; otherwise no: it is locked for good",
                    "basis": "regulated",
                },
            ],
            "properties": [
                {"name": LOCKED, "kind": "always, of a step", "basis": "regulated", "holds": True, "exercised": True}
            ],
            "diagrams": ["diagrams/wrong.svg", "diagrams/request-path.svg"],
            "exercised": True,
            "held": True,
        }
    ]
    one = {"declared": 1, "tested": 1, "shown": 1, "exercised": 1, "held": 1}
    whole = {"rules": 1, "bases": {"regulated": 1, "regulated and assumed": 0, "assumed": 0}, **one}
    totals = result["totals"]
    assert {name: totals[name] for name in whole} == whole
    assert totals["by_family"] == {"S": whole}
    assert totals["by_basis"]["regulated"] == whole
    assert totals["by_kind"]["lifecycle"] == {"regulated": 1, "regulated and assumed": 0, "assumed": 0}
    assert totals["hanging"]["lifecycle"] == {"regulated": 4, "regulated and assumed": 0, "assumed": 0}
    assert (result["systems"], result["problems"]) == (["a safe"], [])


def test_a_rule_that_does_not_hold_is_named_after_everything_is_printed(trace):
    done = trace("--json", system=["forgetful"])
    assert done.exit_code == 1
    assert [(one["id"], one["held"]) for one in json.loads(done.stdout)["rules"]] == [("S-1", False), ("S-2", True)]
    assert done.stderr == "not held: S-1\n"


def test_what_is_wrong_in_the_system_itself_is_reported(trace):
    done = trace("--json", system=["odd"])
    assert done.exit_code == 1
    assert all(one["held"] for one in json.loads(done.stdout)["rules"])
    (problem,) = json.loads(done.stdout)["problems"]
    assert problem.startswith("an odd one: the check 'not open when locked' at SAFE never decides")
    assert done.stderr == f"problem: {problem}\n"


def test_a_rule_without_declaration_and_property_is_named(trace):
    done = trace("--no-check", system=["grey"])
    assert done.exit_code == 1
    assert done.stdout.splitlines()[2] == (
        "not tested  T-1  assumed  declarations 0, properties 0, diagrams 0  It is [grey]."
    )
    assert done.stderr == "nothing declares: T-1\nno property tests: T-1\n"
    assert trace("S-1", "--no-check", system=["grey"]).exit_code == 0


def test_only_rules_without_properties_need_no_check(trace, monkeypatch):
    monkeypatch.setattr("statemachines.checker.check.check", lambda *_, **__: pytest.fail("checked"))
    assert trace("T-1", system=["grey"]).exit_code == 1


def test_without_a_check_there_are_no_results(trace, monkeypatch):
    monkeypatch.setattr("statemachines.checker.check.check", lambda *_, **__: pytest.fail("checked"))
    done = trace("--no-check", "--json")
    assert done.exit_code == 0
    for one in json.loads(done.stdout)["rules"]:
        assert (one["exercised"], one["held"]) == (None, None)
        assert all((each["holds"], each["exercised"]) == (None, None) for each in one["properties"])


def test_several_systems_are_distinguished(trace):
    result = json.loads(trace("S-1", "--json", system=["safe", "strongbox", "safe"]).stdout)
    assert result["systems"] == ["a safe", "a strongbox"]
    rule = result["rules"][0]
    assert [each["system"] for each in rule["properties"]] == ["a safe", "a strongbox"]
    assert {each["system"] for each in rule["declarations"]} == {"a safe", "a strongbox"}
    lines = trace("S-1", system=["safe", "strongbox"]).stdout.splitlines()
    assert "  property: a locked safe stays shut (always, of a step, in a strongbox): held" in lines


def test_diagrams_may_be_elsewhere(trace):
    done = trace("S-1", "--json", "--no-check", "--diagrams", "a", "--diagrams", "b/c", system=["safe", "strongbox"])
    assert json.loads(done.stdout)["rules"][0]["diagrams"] == [
        "a/wrong.svg", "a/request-path.svg", "b/c/request-path.svg",  # the same picture is there once
    ]  # fmt: skip


def test_a_page_links_to_the_diagrams_from_where_it_is_written(trace, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = trace("--markdown", "--no-check", "--out", "docs/deep/page.md")
    assert (done.exit_code, done.stdout) == (0, "docs/deep/page.md\n")
    page = (tmp_path / "docs" / "deep" / "page.md").read_text()
    assert "[Wrong](../../diagrams/wrong.svg)" in page
    assert "[Wrong](diagrams/wrong.svg)" in trace("--markdown", "--no-check").stdout


@pytest.mark.parametrize("form", ["--json", "--markdown", "--html", None])
def test_what_is_written_is_what_is_printed_and_comes_out_the_same_every_time(trace, tmp_path, monkeypatch, form):
    monkeypatch.chdir(tmp_path)
    words = [form] if form else ["S-2"]
    printed = trace(*words).stdout
    assert trace(*words, "--out", "page").stdout == "page\n"
    assert (tmp_path / "page").read_text() == printed == trace(*words).stdout
    assert not re.search(r"20\d\d-\d\d|\d\d:\d\d|seconds", printed)


def test_html_is_a_page(trace):
    done = trace("--html", system=["grey"])
    assert done.stdout.startswith("<!DOCTYPE html>")
    assert '<h3 id="T-1">T-1</h3>' in done.stdout
    assert (
        '<blockquote><strong class="assumed">Assumption</strong>: no source makes this a rule.</blockquote>'
        in done.stdout
    )


def test_results_are_read_from_a_report(trace, report, monkeypatch):
    held, failed = report("safe"), report("forgetful")
    monkeypatch.setattr("statemachines.checker.check.check", lambda *_, **__: pytest.fail("checked"))
    done = trace("--report", held, "--json")
    assert done.exit_code == 0
    assert [one["held"] for one in json.loads(done.stdout)["rules"]] == [True, True]
    done = trace("--report", failed, "--json")
    assert done.exit_code == 1
    assert [one["held"] for one in json.loads(done.stdout)["rules"]] == [False, True]


def test_a_report_says_the_same_as_a_check(trace, report):
    path = report("forgetful")
    assert (
        trace("--report", path, "--html", system=["forgetful"]).stdout == trace("--html", system=["forgetful"]).stdout
    )


def test_there_is_a_report_for_each_system_in_any_order(trace, report):
    reports = ["--report", report("strongbox"), "--report", report("safe")]
    assert trace(*reports, system=["safe", "strongbox"]).exit_code == 0


def test_problems_of_the_system_that_a_report_tells_are_reported(trace, report):
    path = report("safe", lambda whole: whole["system"].update(problems=["it is not total"]))
    done = trace("--report", path)
    assert (done.exit_code, done.stderr) == (1, "problem: a safe: it is not total\n")


def test_a_property_that_a_report_calls_vacuous_is_not_exercised(trace, report):
    def spoil(whole):
        whole["properties"][0].update(vacuous="it never happens", holds=False)

    done = trace("--report", report("safe", spoil), "--json")
    assert done.exit_code == 1
    assert [(one["exercised"], one["held"]) for one in json.loads(done.stdout)["rules"]] == [
        (False, False),
        (True, True),
    ]


NOT_SUCH = "is not one of `check --json`"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is not valid JSON: Expecting value"),
        ("{", "is not valid JSON: "),
        ("[" * 100_000, "is not valid JSON: "),
        (b"\xff\xfe\x00", "is not valid JSON: "),
        ("[]", f"{NOT_SUCH}: the whole is not an object"),
        ("{}", f"{NOT_SUCH}: the whole lacks 'system'"),
        ('{"system": 1}', f"{NOT_SUCH}: 'system' of the whole is not an object"),
        ('{"system": {}}', f"{NOT_SUCH}: the whole lacks 'properties'"),
        ('{"system": {}, "properties": {}}', f"{NOT_SUCH}: 'properties' of the whole is not a list"),
        ('{"system": {}, "properties": [1]}', f"{NOT_SUCH}: property 1 is not an object"),
        ('{"system": {}, "properties": [{}]}', f"{NOT_SUCH}: property 1 lacks 'name'"),
        ('{"system": {}, "properties": []}', f"{NOT_SUCH}: 'system' lacks 'name'"),
        ('{"system": {"problems": 1, "name": "a safe"}, "properties": []}', "'problems' of 'system' is not a list"),
        ('{"system": {"problems": [], "name": 1}, "properties": []}', "'name' of 'system' is not a text"),
        (
            '{"system": {"problems": [1], "name": "a safe"}, "properties": []}',
            "an item in 'problems' of 'system' is not",
        ),
    ],
)
def test_what_is_no_report_is_refused_in_one_line(trace, tmp_path, content, message):
    path = tmp_path / "r.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = trace("--report", path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: the report {path} ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda whole: whole["system"].update(name="another"), "is of the system 'another'; expected one of 'a safe'"),
        (lambda whole: whole["properties"].pop(0), f"lacks the property {LOCKED!r} of 'a safe'; make it again with"),
        (lambda whole: whole["properties"].append(whole["properties"][0]), f"has the property {LOCKED!r} twice"),
        (lambda whole: whole["properties"][0].update(holds="yes"), "'holds' of property 1 is not true or false"),
        (lambda whole: whole["properties"][0].update(rules=[1]), "an item in 'rules' of property 1 is not a text"),
        (
            lambda whole: whole["properties"][0].update(rules=["S-2"]),
            f"has the property {LOCKED!r} under the rules S-2",
        ),
        (lambda whole: whole["properties"][0].pop("vacuous"), f"{NOT_SUCH}: property 1 lacks 'vacuous'"),
    ],
)
def test_a_report_of_something_else_is_refused_in_one_line(trace, report, edit, message):
    done = trace("--report", report("safe", edit))
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_report_need_not_tell_of_other_rules(trace, report):
    path = report("safe", lambda whole: whole["properties"].pop(0))
    assert trace("S-2", "--report", path).exit_code == 0
    assert trace("S-1", "--report", path).exit_code == 2


def test_reports_have_to_be_one_for_each_system(trace, report):
    path = report("safe")
    done = trace("--report", path, system=["safe", "strongbox"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "no report is of the system 'a strongbox'; give one --report for each --system" in done.stderr
    done = trace("--report", path, "--report", path)
    assert done.exit_code == 2
    assert "is a second one of the system 'a safe'" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("S-3",), "the register has no rule 'S-3'; did you mean: S-2, S-1?"),
        (("--json", "--html"), "--json and --html are two forms of one output; give one"),
        (("--report", "nowhere.json"), "the report nowhere.json: cannot be read: No such file or directory"),
        (("--report", "/dev/full"), "the report /dev/full: not a regular file"),
        (
            ("--report", "nowhere.json", "--no-check"),
            "--report brings results and --no-check leaves them out; give one",
        ),
        (
            ("--diagrams", "a", "--diagrams", "b"),
            "--diagrams is given 2 times for 1 systems; give one for each --system",
        ),
    ],
)
def test_wrong_options_get_one_message_and_exit_code_2(trace, words, message):
    done = trace(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"Error: {message}\n"


def test_systems_that_do_not_go_together_are_refused(trace):
    done = trace(system=["safe", "forgetful"])
    assert done.exit_code == 2
    assert "two systems have the name 'a safe'" in done.stderr


@pytest.mark.parametrize(
    ("spec", "message"),
    [("nonsense", "is not of the form package.module:attribute"), ("json:decoder", "is module, expected Claims")],
)
def test_an_unknown_system_is_refused(spec, message):
    done = run("trace", "--system", spec)
    assert done.exit_code == 2
    assert message in done.stderr


def test_a_place_that_cannot_be_written_is_one_clear_message(trace, tmp_path):
    (tmp_path / "file").write_text("mine")
    done = trace("--html", "--no-check", "--out", tmp_path / "file" / "page.html")
    assert done.exit_code == 2
    assert done.stderr == (
        f"Error: cannot write {tmp_path / 'file' / 'page.html'}: {tmp_path / 'file'} is not a directory\n"
    )


def test_a_person_sees_a_table_in_colour(trace, monkeypatch):
    monkeypatch.setattr(cli_trace, "is_terminal", lambda _: True)
    monkeypatch.setattr("properties.console.terminal.is_terminal", lambda _: True)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    done = CliRunner().invoke(main, ["trace", "S-1", "T-1", "--system", "grey", "--no-check"], color=True)
    assert any("│" in line and "It is [grey]." in line for line in done.stdout.splitlines())
    assert "\x1b[" in done.stdout
    assert "┃" in done.stdout
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("FORCE_COLOR")
    plain = CliRunner().invoke(main, ["trace", "S-1", "T-1", "--system", "grey", "--no-check"], color=True)
    assert "\x1b[3" not in plain.stdout


def test_what_is_written_to_a_file_is_never_in_colour(trace, tmp_path, monkeypatch):
    monkeypatch.setattr(cli_trace, "is_terminal", lambda _: True)
    monkeypatch.setattr("properties.console.terminal.is_terminal", lambda _: True)
    trace("S-1", "--no-check", "--out", tmp_path / "rules.txt")
    assert "\x1b" not in (tmp_path / "rules.txt").read_text()


def test_help_has_examples():
    done = run("trace", "--help")
    assert done.exit_code == 0
    assert "statemachines trace BOX-1 --system parcel_locker:claims" in done.stdout


def test_sections_of_the_sources_lead_to_rules(trace, monkeypatch, safe, tmp_path):
    register = attrs.evolve(
        safe.claims.system.register, sections=[Section("manual", "1", "Codes", [Passage("It locks.", "S-1")])]
    )
    reported = Claims(attrs.evolve(safe.claims.system, register=register), safe.claims.claims)
    monkeypatch.setattr(cli_trace, "load_claims", {"safe": reported}.__getitem__)
    assert trace("--by-source").stdout == "manual 1  S-1  It locks.\n"
    assert trace("--by-source", "S-2").stdout == ""
    assert json.loads(trace("--by-source", "--json").stdout)["totals"]["lead_to_rules"] == 1
    assert "[S-1](#rule-S-1)" in trace("--by-source", "--markdown").stdout
    out = tmp_path / "sources.html"
    assert trace("--by-source", "--html", "--out", out).stdout == f"{out}\n"
    assert '<a href="#rule-S-1">S-1</a>' in out.read_text()


def test_a_register_without_sections_has_no_way_from_its_sources(trace):
    done = trace("--by-source")
    assert done.exit_code == 2
    assert "the register has no sections of its sources; expected `Register(..., sections=...)`" in done.stderr


def test_the_way_from_the_sources_has_no_results(trace):
    done = trace("--by-source", "--diagrams", "pictures")
    assert done.exit_code == 2
    assert "--by-source shows neither results nor pictures" in done.stderr
