"""The sequences for people who test by hand: what they say is what the suite expects, and Gherkin parsers read it."""

import csv
import io
from enum import Enum
from itertools import cycle

import pytest
from click.testing import CliRunner

from properties.cli.main import main
from properties.conformance.suite.catalogue import COLUMNS, catalogue_csv, features
from properties.conformance.suite.regulated_suite import regulated_suite
from properties.conformance.suite.store import suite_of
from properties.domain import NEUTRAL
from statemachines import Answer, Claims, Gate, Lifecycle, Register, RequestType, Rule, System, Transition, Variable
from statemachines.language.terms import ASPECTS
from tests.support.pin_safe import make_safe

PROFILE = NEUTRAL._replace(classes="tests.properties.conformance.suite.test_catalogue:by_first_variable")


def by_first_variable(state):
    return f"safes that start as | {next(iter(state.as_dict().values())).value}"


@pytest.fixture(scope="module")
def suite():
    return suite_of(make_safe().claims)


@pytest.fixture(scope="module")
def parsed():
    """A Gherkin document as its parser has it."""
    parser = pytest.importorskip("gherkin.parser", reason="gherkin-official is not installed: the extra [dev]")
    return lambda text: parser.Parser().parse(text)["feature"]


def steps_of(scenario):
    """The steps of a parsed scenario: the Given, and a list of steps from each When on."""
    given, *rest = scenario["steps"]
    parts = []
    for step in rest:
        if step["keyword"].strip() == "When":
            parts.append([])
        parts[-1].append(step)
    return given, parts


def cells(step):
    return [tuple(cell["value"] for cell in row["cells"]) for row in step["dataTable"]["rows"]]


def expected_lines(step, part):
    """What the Then and the Ands of one step have to say."""
    for aspect in ASPECTS:
        value = getattr(step.verdict, aspect)
        words = (
            "is left open"
            if aspect in step.verdict.unspecified
            else f'is "{"nothing" if value is None else value.value}"'
        )
        yield f"the {'party' if aspect == 'at' else aspect} {words}"
    yield from (f"it changes {change}" for change in part)
    if not part:
        yield "nothing changes"


@pytest.mark.parametrize("only_regulated", [False, True])
def test_each_sequence_is_a_scenario_that_a_gherkin_parser_reads(suite, parsed, only_regulated):
    suite = regulated_suite(suite) if only_regulated else suite
    seen = {}
    for _, path, content in features(suite, PROFILE):
        feature = parsed(content.decode())
        assert path.suffix == ".feature"
        for child in feature["children"]:
            scenario = child["scenario"]
            assert scenario["name"] not in seen
            seen[scenario["name"]] = (feature["name"], scenario)
    assert sorted(seen) == [vector.name for vector in suite.vectors]
    for vector in suite.vectors:
        name, scenario = seen[vector.name]
        trace = suite.trace(vector)
        given, parts = steps_of(scenario)
        assert name.endswith(by_first_variable(trace.start))
        assert [value for _, value in cells(given)[1:]] == [
            str(value.value) for value in trace.start.as_dict().values()
        ]
        assert len(parts) == len(trace.steps)
        for step, (when, *then) in zip(trace.steps, parts, strict=True):
            assert when["text"] == f"{step.request.type.label} is sent"
            assert [line["text"] for line in then] == list(expected_lines(step, trace.changes_in_words(step)))
            if step.request.type.fields:
                assert [value for _, value in cells(when)[1:]] == [
                    str(step.request[field.name].value) for field in step.request.type.fields
                ]
        assert {tag["name"] for tag in scenario["tags"]} == {
            f"@{rule}" for step in trace.steps for rule in step.verdict.rules
        }


def test_the_table_has_a_row_for_each_step(suite):
    header, *rows = csv.reader(io.StringIO(catalogue_csv(suite, PROFILE).decode("utf-8-sig")))
    assert header == list(COLUMNS)
    steps = [(vector, step) for vector in suite.vectors for step in suite.trace(vector).steps]
    assert len(rows) == len(steps)
    for row, (vector, step) in zip((dict(zip(header, row, strict=True)) for row in rows), steps, strict=True):
        assert (row["sequence"], row["request"]) == (vector.name, step.request.type.label)
        assert row["outcome"] == step.verdict.outcome.value
        assert row["rules"].split() == list(step.verdict.rules)
    shown = {label for row in rows for label in row[header.index("shows")].split("; ") if label}
    assert {goal.label for goal in suite.goals.values()} == shown


HOSTILE = "=1+1|\\\n@x"


def hostile(_state):
    return HOSTILE


def test_words_that_a_spreadsheet_takes_for_a_formula_or_gherkin_for_a_bar(suite, parsed):
    profile = NEUTRAL._replace(classes="tests.properties.conformance.suite.test_catalogue:hostile")
    shown = HOSTILE.replace("\n", "\\n")
    row = next(csv.DictReader(io.StringIO(catalogue_csv(suite, profile).decode("utf-8-sig"))))
    assert row["class"] == f"'{shown}"
    _, _, content = next(iter(features(suite, profile)))
    assert parsed(content.decode())["name"].endswith(shown)


def test_bars_and_backslashes_are_read_as_they_were_and_what_is_left_open_is_reported(parsed):
    class Lamp(Enum):
        OFF = "off | \\n dark"
        ON = "on"

    class Say(Enum):
        YES = "yes"
        DONE = "done"
        LAMP = "lamp"

    press, lamp = RequestType("Press"), Variable("lamp", Lamp)
    system = System(
        "a lamp",
        Register([Rule("L-1", "It lights.", "manual")]),
        lifecycles=[Lifecycle(lamp, Lamp, [Transition(Lamp.OFF, press, Lamp.ON, rules="L-1")])],
        requests=[press],
        gates=[Gate(Say.LAMP, [], on=[press])],
        answers=[
            Answer(
                [press], outcome=Say.YES, reason=Say.DONE, when=lamp == Lamp.OFF, rules="L-1", unspecified="response"
            ),
            Answer([press], outcome=Say.YES, reason=Say.YES, rules="L-1"),
        ],
    )
    starts, left_open = set(), set()
    for _, _, content in features(suite_of(Claims(system, [])), NEUTRAL):
        for child in parsed(content.decode())["children"]:
            given, _ = steps_of(child["scenario"])
            starts.add(cells(given)[1])
            left_open |= {step["text"] for step in child["scenario"]["steps"] if "left open" in step["text"]}
    assert starts == {("lamp", "off | \\n dark")}
    assert left_open == {"the response is left open"}


_LETTERS = cycle("开关")


def beyond_latin(_state):
    return next(_LETTERS)


def test_classes_in_other_letters_have_files_of_their_own(suite):
    profile = NEUTRAL._replace(classes="tests.properties.conformance.suite.test_catalogue:beyond_latin")
    paths = [path for _, path, _ in features(suite, profile)]
    assert len(set(paths)) == len(paths) > len({path.parent for path in paths})


CLAIMS = make_safe().claims


@pytest.mark.parametrize(("form", "name"), [("csv", "tests.csv"), ("gherkin", "tests")])
def test_the_command_writes_them(tmp_path, form, name):
    out = tmp_path / name
    words = ["vectors", "--system", f"{__name__}:CLAIMS", "--out", str(out), "--format", form]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert list(out.rglob("*.feature")) if form == "gherkin" else out.stat().st_size
    again = CliRunner().invoke(main, words)
    assert again.exit_code == (2 if form == "gherkin" else 0)
