"""Every message, file, schema and page of a foreign system, read for words that only energy has.

The systems are the tutorial's parcel locker, a house given as a function that makes a `System`, and a safe that breaks
its claims. Commands are run as their users run them: with success, with findings, and with what is refused.
"""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from properties.cli.main import COMMANDS, main
from tests.support.energy import energy_words
from tests.support.paths import EXAMPLES

MODULES = {
    "forgetful.py": "from tests.support.pin_safe import make_safe\nCLAIMS = make_safe(forgets=True).claims\n",
    "my_locker.py": """\
import parcel_locker as locker
import statemachines as sm


class Locker:
    \"\"\"A locker that decides by the declarations; what each class below does differently is its fault.\"\"\"

    def __init__(self):
        self.oracle = sm.Oracle(locker.system)

    def statement(self):
        return {"name": "our locker"}

    def reset(self, state):
        words = {value.value: value for value in locker.Box}
        self.state = locker.system.state(**{name: words[word] for name, word in state.items()})

    def send(self, request):
        kind = next(kind for kind in locker.everything if kind.name == request["type"])
        codes = {value.value: value for value in locker.Code}
        fields = {field.name: codes[request[field.name]] for field in kind.fields}
        self.state, verdict = self.oracle.decide(self.state, kind(**fields))
        return {"outcome": verdict.outcome.value, "at": verdict.at.value, "reason": verdict.reason.value}

    event = send


class Generous(Locker):
    def send(self, request):
        return super().send({**request, "code": "right"} if "code" in request else request)


class Mumbling(Locker):
    def send(self, request):
        return {"outcome": "perhaps"}


class Silent(Locker):
    def reset(self, state):
        raise RuntimeError("no")


class Partial(Locker):
    def statement(self):
        return {"name": "half a locker", "requests": ["Put", "Wait"], "not_supported": {"Take": "next year"}}


class Boastful(Locker):
    def statement(self):
        return {"colour": "red"}
""",
    "broken.py": "import statemachines as sm\n\nrules = sm.Register([sm.Rule('', 'x', 'y')])\n",
    "report.json": "{}",
    "mapping.toml": '[outcome]\n"ja" = "perhaps"\n',
    "statement.toml": 'requests = ["Post"]\n',
    "skips.txt": "BOX-9\n",
}
LOCKER, HOUSE, SAFE = "parcel_locker:claims", "tests.support.house:house", "forgetful:CLAIMS"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A command where the modules are: its exit code, what it printed, and all that it wrote."""
    for name, text in MODULES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "parcel_locker.py").write_text((EXAMPLES / "parcel_locker.py").read_text())
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")

    def command(*words):
        before = {path for path in tmp_path.rglob("*") if path.is_file()}
        done = CliRunner().invoke(main, [str(word) for word in words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        made = sorted(path for path in tmp_path.rglob("*") if path.is_file() and path not in before)
        made = [path for path in made if "__pycache__" not in path.parts]
        return done.exit_code, done.output, {path: _text(path) for path in made}

    return command


def _text(path: Path) -> str:
    return "" if path.suffix == ".png" else path.read_text(encoding="utf-8")


def expect_no_energy(output, files):
    """Nothing in what was printed or written, whatever the files are called."""
    assert energy_words(output) == [], output
    for path, text in files.items():
        assert energy_words(path.name) == [], path
        assert energy_words(text) == [], path


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help(run, name):
    code, output, files = run(*filter(None, [name]), "--help")
    assert code == 0
    assert "Examples:" in output
    assert "statemachines" in output
    expect_no_energy(output, files)


WELL = {
    "version": ["--version"],
    "check": ["check", "--system", LOCKER],
    "check a function that makes a system": ["check", "--system", HOUSE, "--json"],
    "witnesses": ["check", "--system", LOCKER, "--out", "runs", "--witnesses"],
    "explore": ["explore", "--system", "parcel_locker:system"],
    "explore a slice": ["explore", "--system", HOUSE, "--slice", "lamp", "--json"],
    "the graph of its states": ["explore", "--system", HOUSE, "--dot", "states.dot"],
    "render": ["render", "--system", LOCKER, *(f"--format={kind}" for kind in ("svg", "dot", "png", "mermaid"))],
    "render a system with rejections": ["render", "--system", HOUSE, "--rejections"],
    "export": ["export", "promela", "--system", LOCKER],
    "export a system": ["export", "promela", "--system", HOUSE, "--out", "house.pml"],
    "vectors": ["vectors", "--system", LOCKER, "--out", "vectors.json"],
    "vectors of a system": ["vectors", "--system", HOUSE, "--out", "vectors.json"],
    "schema": ["vectors", "--schema"],
    "trace": ["trace", "--system", LOCKER],
    "trace one rule": ["trace", "BOX-1", "--system", LOCKER],
    "trace as JSON": ["trace", "--system", LOCKER, "--json"],
    "trace as a page": ["trace", "--system", LOCKER, "--html", "--out", "rules.html"],
    "trace in Markdown": ["trace", "--system", LOCKER, "--markdown", "--no-check"],
    "strength": ["strength", "--system", LOCKER, "--max-examples", "2", "--jobs", "1"],
    "strength as JSON": ["strength", "--system", LOCKER, "--max-examples", "2", "--jobs", "1", "--json"],
    "conform": ["conform", "--system", LOCKER, "--sut", "my_locker:Locker", "--max-examples", "2"],
    "schema of messages": ["conform", "--system", LOCKER, "--schema"],
    "conform of itself": ["conform", "--system", LOCKER, "--max-examples", "2"],
    "reports": [
        "conform", "--system", LOCKER, "--sut", "my_locker:Partial", "--max-examples", "2",
        "--html", "report.html", "--json", "report-of-it.json", "--junit", "report.xml",
    ],
}  # fmt: skip
FINDINGS = {
    "check": ["check", "--system", SAFE],
    "check as JSON": ["check", "--system", SAFE, "--json"],
    "counterexamples": ["check", "--system", SAFE, "--out", "runs"],
    "trace": ["trace", "--system", SAFE],
    "trace as a page": ["trace", "--system", SAFE, "--markdown"],
    "conform": [
        "conform", "--system", LOCKER, "--sut", "my_locker:Generous", "--max-examples", "2",
        "--html", "report.html", "--json", "report-of-it.json", "--junit", "report.xml",
    ],
    "words that nobody knows": ["conform", "--system", LOCKER, "--sut", "my_locker:Mumbling", "--max-examples", "2"],
}  # fmt: skip
REFUSED = {
    "no system": ["check"],
    "no such command": ["judge"],
    "no such module": ["check", "--system", "nowhere:claims"],
    "no such attribute": ["explore", "--system", "parcel_locker:claim"],
    "no claims": ["render", "--system", "parcel_locker:box"],
    "a wrong declaration": ["trace", "--system", "broken:rules"],
    "a wrong SPEC": ["export", "promela", "--system", "parcel_locker"],
    "no such property": ["check", "--system", LOCKER, "--property", "a box"],
    "no place for runs": ["check", "--system", LOCKER, "--witnesses"],
    "no such format": ["check", "--system", LOCKER, "--out", "runs", "--format", "duls"],
    "no such slice": ["explore", "--system", LOCKER, "--slice", "bax"],
    "no memory": ["explore", "--system", LOCKER, "--memory", "1"],
    "no such picture": ["render", "bax", "--system", LOCKER],
    "no such language": ["export", "tla", "--system", LOCKER],
    "no such property to export": ["export", "promela", "--system", LOCKER, "--property", "a box"],
    "nothing to write": ["vectors", "--system", LOCKER],
    "no such rule": ["trace", "BOX-9", "--system", LOCKER],
    "no report": ["trace", "--system", LOCKER, "--report", "report.json"],
    "a report too many": ["trace", "--system", LOCKER, "--report", "report.json", "--no-check"],
    "folders too many": ["trace", "--system", LOCKER, "--diagrams", "a", "--diagrams", "b"],
    "no such mutants": ["strength", "--system", LOCKER, "--only", "nonsense"],
    "no target": ["conform", "--system", LOCKER, "--sut", " "],
    "no such target": ["conform", "--system", LOCKER, "--sut", "my_locker:Lockers"],
    "no such program": ["conform", "--system", LOCKER, "--sut", "no-such-program"],
    "no such address": ["conform", "--system", LOCKER, "--sut", "http://localhost:1/", "--start-limit", "1"],
    "no scheme": ["conform", "--system", LOCKER, "--sut", "gopher://localhost/"],
    "a target that does not start": ["conform", "--system", LOCKER, "--sut", "my_locker:Silent"],
    "a wrong statement": ["conform", "--system", LOCKER, "--sut", "my_locker:Boastful"],
    "a wrong statement's file": ["conform", "--system", LOCKER, "--sut", "my_locker:Locker", "--statement",
                                 "statement.toml"],
    "a wrong mapping": ["conform", "--system", LOCKER, "--sut", "my_locker:Locker", "--mapping", "mapping.toml"],
    "no such rule to test": ["conform", "--system", LOCKER, "--sut", "my_locker:Locker", "--rule", "BOX-9"],
    "no such sequence": ["conform", "--system", LOCKER, "--sut", "my_locker:Locker", "--vector", "V9"],
    "no such test": ["conform", "--system", LOCKER, "--sut", "my_locker:Locker", "--skips-file", "skips.txt"],
    "no time": ["conform", "--system", LOCKER, "--answer-limit", "soon"],
}  # fmt: skip
CASES = [(0, WELL), (1, FINDINGS), (2, REFUSED)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "words"),
    [pytest.param(code, words, id=f"{code}: {what}") for code, cases in CASES for what, words in cases.items()],
)
def test_a_command(run, code, words):
    result, output, files = run(*words)
    assert result == code, output
    assert output or files
    assert "Traceback" not in output
    expect_no_energy(output, files)


def test_an_error_of_a_declaration_names_the_users_line(run):
    _, output, _ = run("check", "--system", "broken:rules")
    assert "at broken.py, line 3" in output


def test_the_same_through_python(run, capsys):
    from parcel_locker import claims

    from properties.cli.counterexamples import files_of
    from properties.conformance.suite.store import suite_of
    from properties.conformance.suite.vectors_file import vectors_json
    from properties.tracing.as_json import trace_as_dict
    from properties.tracing.gallery import gallery
    from properties.tracing.results import report_as_dict, results_of
    from properties.tracing.trace_page import trace_page
    from properties.tracing.traceability import TracedSubject, trace
    from statemachines import check
    from statemachines.drawing.draw import drawing, pictures_of
    from statemachines.drawing.page import html, markdown

    report = check(claims)
    pictures = pictures_of(claims.system)
    traced = trace([TracedSubject(claims, pictures, "pictures", results_of(claims.system, report))])
    page = trace_page(traced, str, made_by="statemachines trace")
    texts = [
        json.dumps(report_as_dict(report)),
        json.dumps(trace_as_dict(traced)),
        html(page),
        markdown(page),
        vectors_json(claims, suite_of(claims)).decode(),
        gallery(pictures, claims.system.register, made_by="statemachines render"),
        *(drawing(picture, kind).decode() for picture in pictures for kind in ("svg", "dot", "mermaid")),
        *(content.decode() for _, content in files_of(report.findings, witnesses=True)),
    ]
    assert all(texts)
    assert [energy_words(text) for text in texts] == [[]] * len(texts)
