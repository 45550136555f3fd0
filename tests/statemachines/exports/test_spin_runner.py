"""Running SPIN: what it says is read, and what goes wrong is said in one message and leaves nothing behind."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from statemachines.exports import spin_runner as spin
from statemachines.exports.spin_runner import SpinError, SpinMissing, SpinTooLong, missing, quickest_compiler, run_spin

needs_spin = pytest.mark.skipif(bool(missing(quickest_compiler())), reason=missing(quickest_compiler()) or "it is here")

COUNTER = """
byte n;
active proctype counter() {
end:
  do
  :: d_step { n < 5 -> n++ }
#ifdef WRONG
  :: d_step { n == 3 -> assert(7 == 0) }
#endif
#ifdef REPORT_ALL
  :: d_step { n == 4 -> printf("case 2\\n") }
  :: d_step { n == 5 -> printf("broken 3\\n") }
#endif
  od
}
"""
"""Six states; an assertion, and something to print."""

ENDLESS = """
int n, m;
hidden int i;
active proctype counter() {
  do
  :: d_step { n < 1000000 -> n++; i = 0; do :: i < 10000 -> i++ :: else -> break od }
  :: d_step { m < 1000000 -> m++; i = 0; do :: i < 10000 -> i++ :: else -> break od }
  od
}
"""
"""A million million states, and each takes a while, so that time ends before memory does."""


def quick(model, *defines, **options):
    some = {"compiler": quickest_compiler(), "optimisation": "-O0", "hash_bits": 14, "most_depth": 10_000}
    return run_spin(model, defines=defines, **{"seconds": 60, **some, **options})


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Where temporary directories are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@needs_spin
def test_what_the_verifier_prints_is_read(temporary):
    result = quick(COUNTER)
    assert (result.states, result.violated, result.cases, result.complete) == (6, (), (), True)
    assert result.transitions == result.states + result.matched
    assert result.depth == 5
    assert result.memory > 0
    assert result.seconds == result.seconds_generate + result.seconds_compile + result.seconds_run > 0
    assert list(temporary.iterdir()) == []


@needs_spin
def test_a_violated_assertion_is_reported_by_its_number():
    result = quick(COUNTER, "WRONG")
    assert (result.violated, result.complete) == ((7,), False)
    shortest = quick(COUNTER, "WRONG", breadth_first=True)
    assert (shortest.violated, shortest.depth) == ((7,), 3)


@needs_spin
def test_what_a_survey_prints_is_distinguished():
    result = quick(COUNTER, "REPORT_ALL")
    assert (result.cases, result.violated, result.complete) == ((2,), (3,), True)


@pytest.mark.slow
@needs_spin
def test_a_time_limit_ends_it_and_leaves_no_process_and_no_file(temporary):
    started = time.monotonic()
    with pytest.raises(SpinTooLong, match=re.escape("the verifier was not done within the 3 s for the model")):
        quick(ENDLESS, seconds=3, hash_bits=18, most_depth=10_000_000)
    assert time.monotonic() - started < 30
    assert list(temporary.iterdir()) == []
    assert running_in(temporary) == []


def running_in(directory):
    """The processes that were started in a directory, or in one below that is gone by now."""
    result = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            here = str((process / "cwd").readlink())
        except OSError:
            continue  # it is another's, or has ended
        if here.startswith(str(directory)):
            result.append(process.name)
    return result


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="there is no /proc here")
def test_a_process_that_is_left_would_be_seen(tmp_path):
    process = subprocess.Popen(["sleep", "60"], cwd=tmp_path)
    try:
        assert running_in(tmp_path) == [str(process.pid)]
    finally:
        process.kill()
        process.wait()


def test_no_time_at_all_is_too_long(monkeypatch, temporary):
    monkeypatch.setattr(spin, "missing", lambda _: "")
    tool = temporary / "spin"
    tool.write_text("#!/bin/sh\nsleep 60\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(temporary), prepend=os.pathsep)
    with pytest.raises(SpinTooLong, match=r"spin was not done within the 0\.2 s"):
        run_spin(COUNTER, seconds=0.2)
    assert [path.name for path in temporary.iterdir()] == ["spin"]
    assert running_in(temporary) == []


@needs_spin
@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("byte n;\nactive proctype it() { nonsense = 1 }\n", r"SPIN refuses the model: spin: model\.pml:2.*nonsense"),
        ("", "SPIN refuses the model: "),
        ("c_code { int x = ; }\nactive proctype it() { skip }\n", "refuses SPIN's verifier: "),
    ],
)
def test_a_model_that_is_no_promela_is_refused_in_one_line(model, message, temporary):
    with pytest.raises(SpinError, match=message) as refused:
        quick(model)
    assert "\n" not in str(refused.value)
    assert list(temporary.iterdir()) == []


@needs_spin
def test_runs_longer_than_it_may_look_at_are_no_answer():
    with pytest.raises(SpinError, match="give it more depth"):
        quick(COUNTER.replace("n < 5", "n < 200"), most_depth=50)


@needs_spin
def test_too_little_memory_is_no_answer():
    with pytest.raises(SpinError, match="SPIN's verifier "):
        quick(ENDLESS, megabytes=10, most_depth=1_000_000)


@pytest.mark.parametrize("absent", [{"spin"}, {"cc-of-ours"}, {"spin", "cc-of-ours"}])
def test_what_is_missing_is_named_with_how_to_install_it(absent, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda tool: None if tool in absent else f"/bin/{tool}")
    message = f"{' and '.join(tool for tool in ('spin', 'cc-of-ours') if tool in absent)} cannot be found (on Debian"
    assert missing("cc-of-ours").startswith(message)
    with pytest.raises(SpinMissing, match=re.escape(message)):
        run_spin(COUNTER, compiler="cc-of-ours")


def test_nothing_is_reported_where_nothing_is_missing(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda tool: f"/bin/{tool}")
    assert (missing(), quickest_compiler()) == ("", "tcc")
    monkeypatch.setattr(shutil, "which", lambda tool: None if tool == "tcc" else f"/bin/{tool}")
    assert quickest_compiler() == "gcc"


PRINTED = """
Full statespace search for:
State-vector 28 byte, depth reached 1234, errors: 0
 1.0000001e+08 states, stored
     2345 states, matched
  128.730\ttotal actual memory usage
"""


def test_numbers_as_spin_prints_large_ones():
    result = spin._read(PRINTED, 1.0, 2.0, spin._Ran("", 3.0, 2.5))
    assert (result.states, result.matched, result.transitions, result.depth) == (100_000_010, 2345, 100_002_355, 1234)
    assert (result.memory, result.seconds, result.complete) == (128.73, 6.0, True)
    assert (result.seconds_run, result.processor_run) == (3.0, 2.5)


@pytest.mark.parametrize(
    ("printed", "message"),
    [
        ("", "came to no result: it says nothing"),
        ("Segmentation fault\n", "came to no result: Segmentation fault"),
        (f"Warning: Search not completed\n{PRINTED}", "did not search the whole state space: Warning"),
    ],
)
def test_what_is_no_answer_is_not_taken_for_one(printed, message):
    with pytest.raises(SpinError, match=message):
        spin._read(printed, 0, 0, spin._Ran("", 0, 0))
