"""A machine file stands wherever a system is named, and says the same."""

import json

import pytest
from click.testing import CliRunner

from properties.cli.main import main
from tests.support import machines

MODULE = "examples.parcel_locker:claims"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    def command(*words):
        done = CliRunner().invoke(main, [str(word) for word in words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    return command


@pytest.fixture
def locker(run, tmp_path):
    path = tmp_path / "locker.json"
    done = run("export", "machine", "--system", MODULE, "--out", path)
    assert done.output == f"{path}: 1 lifecycles, 3 request types, 2 claims\n"
    return path


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["explore"],
        ["trace", "--no-check"],
        ["export", "promela"],
        ["export", "machine"],
        ["export", "aiger"],
    ],
    ids=" ".join,
)
def test_a_command_says_the_same_of_the_file_as_of_the_module(run, locker, words):
    of_module, of_file = run(*words, "--system", MODULE), run(*words, "--system", locker)
    assert (of_module.exit_code, of_file.exit_code) == (0, 0)
    assert untimed(of_file.output.replace(str(locker), MODULE)) == untimed(of_module.output)


def untimed(text):
    """The output but for lines that say how long it took."""
    return [line for line in text.splitlines() if " s" not in line]


def test_pictures_are_drawn_of_the_file(run, locker, tmp_path):
    assert run("render", "--system", locker, "--format", "svg", "--out", tmp_path / "drawn").exit_code == 0
    assert (tmp_path / "drawn" / "box.svg").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "is not valid JSON"),
        ("[]", "the document is a list, expected an object"),
        ('{"format": "statemachines-vectors"}', 'format is "statemachines-vectors", expected one of'),
    ],
)
def test_a_malformed_file_gets_one_message_and_exit_code_2(run, tmp_path, text, message):
    path = tmp_path / "wrong.json"
    path.write_text(text)
    done = run("check", "--system", path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_file_that_is_not_there(run):
    done = run("check", "--system", "nothing.json")
    assert (done.exit_code, done.stderr) == (2, "Error: nothing.json: cannot be read: No such file or directory\n")


def test_words_that_no_report_can_show_are_refused(run, locker, tmp_path):
    path = tmp_path / "odd.json"
    path.write_text(locker.read_text().replace("holds a parcel too long", "\\u001b[2J"))
    done = run("check", "--system", path)
    assert done.exit_code == 2
    assert "control" in done.stderr


def test_the_schema_is_printed(run):
    done = run("export", "machine", "--schema")
    assert done.exit_code == 0
    assert json.loads(done.output) == machines.validator().schema
