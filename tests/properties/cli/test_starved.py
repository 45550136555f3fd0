"""Every command, interrupted or starved: an exit code that says so, one message, and no file half-written."""

import os
import re
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest

from properties.cli.main import COMMANDS as KNOWN
from tests.support import starved
from tests.support.thorough import thorough

LOCKER = ("--system", "parcel_locker:claims")
SOURCE = (Path(__file__).parents[3] / "examples" / "parcel_locker.py").read_text(encoding="utf-8")
LOG = '{"case": "1", "request": "Put", "outcome": "yes", "at": "locker", "reason": "done", "response": "nothing"}\n'
GIVEN = ["log.jsonl", "parcel_locker.py"]
"""What the folder has before a command runs."""
CONFORM = ("conform", *LOCKER, "--rule", "BOX-2", "--max-examples", "1")
CASES = ("log", *LOCKER, "--cases", "2")
COMMANDS = {
    "check": ["check", *LOCKER, "--out", "out", "--witnesses"],
    "explore": ["explore", *LOCKER, "--dot", "states.dot"],
    "conform": [*CONFORM, "--json", "report.json", "--html", "report.html"],
    "vectors": ["vectors", *LOCKER, "--out", "vectors.json"],
    "strength": ["strength", *LOCKER, "--max-examples", "1", "--jobs", "2", "--only", "CHECKS_SWAPPED"],
    "render": ["render", *LOCKER, "--out", "out"],
    "export": ["export", "promela", *LOCKER],
    "replay": ["replay", "log.jsonl", *LOCKER, "--out", "out"],
    "log": [*CASES, "--truth", "faults.csv", "--inventory", "states.csv"],
    "explorer": ["explorer", *LOCKER, "--out", "page.html"],
    "serve": ["serve", *LOCKER, "--port", "0", "--database", "boxes.sqlite", "--log-level", "warning"],
    "assumptions": ["assumptions", *LOCKER],
    "diff": ["diff", *LOCKER, "--from", "empty", "--to", "holds a parcel"],
    "trace": ["trace", *LOCKER, "--html", "--out", "rules.html", "--no-check"],
}
WRITING = {
    "check": ["check", *LOCKER, "--out", "/dev/full", "--witnesses"],
    "explore": ["explore", *LOCKER, "--dot", "/dev/full"],
    "conform": [*CONFORM, "--json", "/dev/full"],
    "vectors": ["vectors", *LOCKER, "--out", "/dev/full"],
    "render": ["render", *LOCKER, "--out", "/dev/full"],
    "export": ["export", "promela", *LOCKER, "--out", "/dev/full"],
    "replay": ["replay", "log.jsonl", *LOCKER, "--out", "/dev/full"],
    "log": [*CASES, "--out", "/dev/full"],
    "explorer": ["explorer", *LOCKER, "--out", "/dev/full"],
    "serve": ["serve", *LOCKER, "--port", "0", "--database", "/dev/full"],
    "trace": ["trace", *LOCKER, "--html", "--out", "/dev/full", "--no-check"],
}
PRINTING = ("strength", "assumptions", "diff")
"""These write no file."""
FILES = ("check", "explore", "vectors", "render", "replay", "log", "explorer", "trace")
"""The others print, which two of them can do at once, or wait until they are ended, and have a test of their own."""
SEVERAL = {"strength": COMMANDS["strength"], "replay": [*COMMANDS["replay"], "--processes", "2"]}
"""Two of those that start processes."""
EACH = [name for name in COMMANDS if thorough() or name not in ("conform", "strength")]
"""Two commands take long: a full output is tried of one of them, and the rest is for a night."""
ENDS = {"serve": 128 + signal.SIGTERM}
"""What a command ends with that is well, where it is not 0."""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="signals and /dev/full of Linux")]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "parcel_locker.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "log.jsonl").write_text(LOG, encoding="utf-8")
    return tmp_path


def expect_one_message(err):
    assert "Traceback" not in err
    assert len([line for line in err.splitlines() if line.lower().startswith("error")]) == 1, err


def test_the_table_has_every_command():
    assert COMMANDS.keys() == KNOWN.keys()
    assert {*WRITING, *PRINTING} == KNOWN.keys()


@pytest.mark.parametrize("name", EACH)
def test_a_reader_that_has_gone(folder, name):
    done = starved.unread(COMMANDS[name], folder)
    assert (done.code, "rror" in done.err) == (128 + signal.SIGPIPE, False), done.err
    starved.expect_whole(folder)


@pytest.mark.parametrize("name", sorted({*EACH, "conform"}))
def test_an_output_that_is_full(folder, name):
    done = starved.full(COMMANDS[name], folder)
    assert done.code == 2
    assert "the output cannot be written: No space left on device" in done.err
    expect_one_message(done.err)
    starved.expect_whole(folder)


@pytest.mark.parametrize("name", WRITING)
def test_a_file_on_a_full_disk(folder, name):
    done = starved.run(WRITING[name], folder)
    assert done.code == 2
    assert re.search("cannot write (to )?/dev/full|/dev/full cannot be used", done.err)
    expect_one_message(done.err)


def test_an_output_that_is_closed(folder):
    code = f"import os; os.close(1); os.execv({sys.executable!r}, {starved.argv(COMMANDS['vectors'])!r})"
    done = starved.ended(starved.subprocess.Popen([sys.executable, "-c", code], cwd=folder, stderr=-1, text=True))
    assert (done.code, done.err) == (2, "Error: the output cannot be written: standard output is closed\n")
    assert sorted(path.name for path in starved.expect_whole(folder)) == GIVEN


def test_no_standard_error(folder):
    line = starved.argv(COMMANDS["conform"])
    code = f"import os; os.close(0); os.close(2); os.execv({sys.executable!r}, {line!r})"
    done = starved.ended(starved.subprocess.Popen([sys.executable, "-c", code], cwd=folder, stdout=-1, text=True))
    assert done.code == 0
    assert done.out


INTERRUPTED = [(name, signal.SIGINT) for name in COMMANDS]
STOPPED = [(name, signal.SIGTERM) for name in COMMANDS if thorough() or name in ("check", "conform", "strength")]
"""Two that start processes or run pytest, and one of the others, which are all stopped in the same way."""


@pytest.mark.parametrize(("name", "number"), [*INTERRUPTED, *STOPPED, ("check", signal.SIGHUP)])
def test_an_interrupt(folder, name, number):
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("the tests run where this signal is ignored, and so does what they start")
    (folder / "parcel_locker.py").write_text(starved.WAITING, encoding="utf-8")
    done = starved.signalled(COMMANDS[name], folder, number)
    assert done.code == 128 + number
    assert "Traceback" not in done.err
    assert "interrupted" in done.err
    assert sorted(path.name for path in starved.expect_whole(folder)) == GIVEN


@pytest.mark.parametrize("name", EACH)
def test_no_home_no_terminal_and_ascii_alone(folder, name):
    (folder / "parcel_locker.py").write_text(
        SOURCE.replace("holds a parcel", "h\xe4lt \xa3 \u5f00 \U0001f4e6"), encoding="utf-8"
    )
    line = [word.replace("holds a parcel", "h\xe4lt \xa3 \u5f00 \U0001f4e6") for word in COMMANDS[name]]
    done = starved.bare(line, folder)
    assert done.code == ENDS.get(name, 0), done.err
    assert "\x1b" not in done.out + done.err
    starved.expect_whole(folder)


@pytest.mark.parametrize("name", sorted({*EACH, "conform"}))
def test_a_folder_that_may_not_be_written(name):
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "parcel_locker.py").write_text(SOURCE, encoding="utf-8")
        (folder / "log.jsonl").write_text(LOG, encoding="utf-8")
        folder.chmod(0o555)
        nobody = ["setpriv", "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        if nobody and not shutil.which("setpriv"):
            pytest.skip("root may write everywhere, and there is no setpriv")
        process = starved.subprocess.Popen(
            [*nobody, *starved.argv(COMMANDS[name])],
            cwd=folder, stdin=starved.subprocess.DEVNULL, stdout=-1, stderr=-1,
            text=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        done = starved.ended(process)
        if "setpriv: failed to execute" in done.err:
            pytest.skip("nobody else may run this Python")
        writes = {"--out", "--json", "--dot", "--truth", "--database"} & {*COMMANDS[name]}
        assert done.code == (2 if writes else 0), done.err
        if writes:
            assert re.search("Permission denied|unable to open database file", done.err)
            expect_one_message(done.err)
        assert sorted(path.name for path in folder.iterdir()) == GIVEN


@pytest.mark.parametrize("name", [name for name in EACH if thorough() or name in FILES])
def test_two_runs_in_one_folder(folder, name):
    both = [starved.start(COMMANDS[name], folder) for _ in range(2)]
    codes = sorted(starved.ended(process).code for process in both)
    assert codes in ([0, 0], [0, 2] if name == "check" else [])  # which wants an empty folder for its runs
    starved.expect_whole(folder)


def test_two_services_of_one_database(folder):
    both = [starved.start(COMMANDS["serve"], folder) for _ in range(2)]
    for process in both:
        assert process.stdout.readline().startswith("http://127.0.0.1:")
    for process in both:
        process.terminate()
    assert [starved.ended(process).code for process in both] == [ENDS["serve"]] * 2


@pytest.mark.parametrize("name", SEVERAL)
def test_spawn_in_place_of_fork(folder, name):
    (folder / "sitecustomize.py").write_text("import multiprocessing\nmultiprocessing.set_start_method('spawn')\n")
    done = starved.run(SEVERAL[name], folder, env={**os.environ, "PYTHONPATH": str(folder)})
    assert done.code == 0, done.err
