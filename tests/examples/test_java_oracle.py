"""The interpreter in Java: what its README shows, and what it refuses; `test_charts` compares it with the oracle."""

import json
import re
import subprocess

import pytest

from benchmarks.engines import ENGINES
from examples.parcel_locker import claims
from statemachines import export_machine
from tests.support.paths import EXAMPLES

FOLDER = EXAMPLES / "java-oracle"
PUT = '{"state": {}, "request": {"type": "Put"}}'
WRONG = {
    '{"state": {},': "not JSON at character 14",
    PUT + " x": "not JSON at character 43",
    '"\\u00': "not JSON at character 6",
    "[" * 5000: "not JSON at character 501",
    "": "not JSON at character 1",
    "[1]": "a question is [1], expected an object",
    '{"state": {}}': "request is null, expected an object",
    '{"state": 3, "request": {"type": "Put"}}': "state is 3, expected an object",
    '{"state": {"bx": "empty"}, "request": {"type": "Put"}}': "there is no variable bx",
    '{"state": {"box": 3}, "request": {"type": "Put"}}': "box is 3, "
    "expected one of empty, holds a parcel, holds a parcel too long",
    '{"state": {}, "request": {"type": "Put on"}}': "there is no type of request Put on",
    '{"state": {}, "request": {"type": ["Put"]}}': 'type is ["Put"], expected a string',
    '{"state": {}, "request": {"type": "Take"}}': "code is null, expected one of right, wrong",
    '{"state": {}, "request": {"type": "Put", "code": "right"}}': "a request Put has no field code",
}
"""Lines, and what is wrong with each."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(ENGINES["java"].missing), reason="javac is not installed: apt-get install default-jdk-headless"
    ),
]


@pytest.fixture(scope="module")
def java(tmp_path_factory):
    """Runs the interpreter with arguments, in a folder with the locker's machine file."""
    folder = tmp_path_factory.mktemp("java")
    subprocess.run(["javac", "-d", folder, FOLDER / "Oracle.java"], check=True)
    (folder / "locker.json").write_text(export_machine(claims), encoding="utf-8")

    def run(*arguments, lines="", **files):
        for name, text in files.items():
            (folder / f"{name}.json").write_text(text, encoding="utf-8")
        command = ["java", "-XX:TieredStopAtLevel=1", "-cp", ".", "Oracle", *arguments]
        return subprocess.run(command, cwd=folder, input=lines, capture_output=True, text=True, check=False)

    return run


def test_the_command_answers_as_its_page_shows(java):
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    question = re.search(r"echo '(.*)' \| java", page)[1]
    shown = re.search(r"```json\n(.*)\n```", page)[1]
    assert java("locker.json", lines=question).stdout == shown + "\n"


def test_a_wrong_line_has_an_error_for_an_answer_and_a_good_one_its_verdict(java):
    done = java("locker.json", lines="".join(f"{line}\n{PUT}\n" for line in WRONG))
    answers = [json.loads(answer) for answer in done.stdout.splitlines()]
    expected = [{"error": f"line {1 + 2 * at}: {error}"} for at, error in enumerate(WRONG.values())]
    assert (done.returncode, done.stderr, answers[::2]) == (2, "", expected)
    assert [answer["verdict"]["passed"] for answer in answers[1::2]] == [True] * len(WRONG)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "not JSON at character 1"),
        ("[]", "the document is [], expected an object"),
        ('{"format": "x"}', "format and version are x and null, expected statemachines-machine and 1"),
    ],
)
def test_a_wrong_machine_file_is_refused(java, text, error):
    done = java("wrong.json", lines=PUT, wrong=text)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: wrong.json: not a machine file: {error}\n"


def test_a_machine_file_with_unknown_names_or_none_is_refused(java):
    text = export_machine(claims).replace('"from": ["Box.EMPTY"', '"from": ["Box.GREEN"')
    done = java("unknown.json", lines=PUT, unknown=text)
    assert (done.returncode, done.stderr) == (
        2,
        "error: unknown.json: not a machine file: there is no value Box.GREEN\n",
    )
    assert java("none.json").stderr == "error: none.json: there is no such file\n"
