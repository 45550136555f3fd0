"""Every command, interrupted or starved: an exit code that says so, one message, and no file half-written."""

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest

from tests.support import starved
from tests.support.thorough import thorough

LOCKER = ("--system", "parcel_locker:claims")
SOURCE = (Path(__file__).parents[3] / "examples" / "parcel_locker.py").read_text(encoding="utf-8")
CONFORM = ("conform", *LOCKER, "--rule", "BOX-2", "--max-examples", "1")
COMMANDS = {
    "check": ["check", *LOCKER, "--out", "out", "--witnesses"],
    "explore": ["explore", *LOCKER, "--dot", "states.dot"],
    "conform": [
        "conform",
        *LOCKER,
        "--rule",
        "BOX-2",
        "--max-examples",
        "1",
        "--json",
        "report.json",
        "--html",
        "report.html",
    ],
    "vectors": ["vectors", *LOCKER, "--out", "vectors.json"],
    "strength": ["strength", *LOCKER, "--max-examples", "1", "--jobs", "2", "--only", "CHECKS_SWAPPED"],
    "render": ["render", *LOCKER, "--out", "out"],
    "export": ["export", "promela", *LOCKER],
    "assumptions": ["assumptions", *LOCKER],
    "diff": ["diff", *LOCKER, "--from", "empty", "--to", "holds a parcel"],
    "trace": ["trace", *LOCKER, "--html", "--out", "rules.html", "--no-check"],
}
WRITING = {
    "check": [*COMMANDS["check"][:3], "--out", "/dev/full", "--witnesses"],
    "explore": ["explore", *LOCKER, "--dot", "/dev/full"],
    "conform": [*CONFORM, "--json", "/dev/full"],
    "vectors": ["vectors", *LOCKER, "--out", "/dev/full"],
    "export": ["export", "promela", *LOCKER, "--out", "/dev/full"],
    "trace": ["trace", *LOCKER, "--html", "--out", "/dev/full", "--no-check"],
}
FILES = ("check", "explore", "vectors", "render", "trace")
"""The others print, which two of them can do at once."""
EACH = [name for name in COMMANDS if thorough() or name not in ("conform", "strength")]
"""Two commands take long: a full output is tried of one of them, and the rest is for a night."""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="signals and /dev/full of Linux")]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "parcel_locker.py").write_text(SOURCE, encoding="utf-8")
    return tmp_path


def expect_one_message(err):
    assert "Traceback" not in err
    assert len([line for line in err.splitlines() if line.lower().startswith("error")]) == 1, err


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
    assert "cannot write" in done.err
    assert "/dev/full" in done.err
    expect_one_message(done.err)


def test_an_output_that_is_closed(folder):
    code = f"import os; os.close(1); os.execv({sys.executable!r}, {starved.argv(COMMANDS['vectors'])!r})"
    done = starved.ended(starved.subprocess.Popen([sys.executable, "-c", code], cwd=folder, stderr=-1, text=True))
    assert (done.code, done.err) == (2, "Error: the output cannot be written: standard output is closed\n")
    assert [path.name for path in starved.expect_whole(folder)] == ["parcel_locker.py"]


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
    assert [path.name for path in starved.expect_whole(folder)] == ["parcel_locker.py"]


@pytest.mark.parametrize("name", EACH)
def test_no_home_no_terminal_and_ascii_alone(folder, name):
    (folder / "parcel_locker.py").write_text(
        SOURCE.replace("holds a parcel", "h\xe4lt \xa3 \u5f00 \U0001f4e6"), encoding="utf-8"
    )
    line = [word.replace("holds a parcel", "h\xe4lt \xa3 \u5f00 \U0001f4e6") for word in COMMANDS[name]]
    done = starved.bare(line, folder)
    assert done.code == 0, done.err
    assert "\x1b" not in done.out + done.err
    starved.expect_whole(folder)


@pytest.mark.parametrize("name", sorted({*EACH, "conform"}))
def test_a_folder_that_may_not_be_written(name):
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "parcel_locker.py").write_text(SOURCE, encoding="utf-8")
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
        writes = "--out" in COMMANDS[name] or "--json" in COMMANDS[name] or "--dot" in COMMANDS[name]
        assert done.code == (2 if writes else 0), done.err
        if writes:
            assert "Permission denied" in done.err
            expect_one_message(done.err)
        assert [path.name for path in folder.iterdir()] == ["parcel_locker.py"]


@pytest.mark.parametrize("name", [name for name in EACH if thorough() or name in FILES])
def test_two_runs_in_one_folder(folder, name):
    both = [starved.start(COMMANDS[name], folder) for _ in range(2)]
    codes = sorted(starved.ended(process).code for process in both)
    assert codes in ([0, 0], [0, 2] if name == "check" else [])  # which wants an empty folder for its runs
    starved.expect_whole(folder)


def test_spawn_in_place_of_fork(folder):
    (folder / "sitecustomize.py").write_text("import multiprocessing\nmultiprocessing.set_start_method('spawn')\n")
    done = starved.run(COMMANDS["strength"], folder, env={**os.environ, "PYTHONPATH": str(folder)})
    assert done.code == 0, done.err
