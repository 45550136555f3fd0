"""Hostile inputs: a short run, and that each fault that the harness looks for is seen."""

import subprocess
import sys

import pytest

pytest.importorskip("pyarrow", reason="pyarrow is not installed: the extra [parquet]")

from benchmarks import hostile
from benchmarks.hostile import COMMAND_LINE, attack, kinds
from benchmarks.hostile_inputs import Kind
from statemachines.files.content import FileError


@pytest.mark.parametrize("kind", [*kinds(), COMMAND_LINE])
def test_no_input_is_more_than_its_reader_bears(kind):
    few = kind == COMMAND_LINE or kind.startswith(("log", "mapping of a log", "message to", "database of"))
    most = 15 if few else 40  # so many whatever the machine, lest a fast one tries other inputs
    tally = attack(kind, seed=1, seconds=60, most=most)
    assert tally.read + tally.refused == most
    assert [f"{failure.number}: {failure.why}" for failure in tally.failures] == []


@pytest.mark.parametrize("kind", [kind for kind in kinds() if kind != "SPEC"])
def test_what_the_inputs_are_made_of_is_read(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for seed in kinds()[kind].seeds:
        path = tmp_path / f"input{kinds()[kind].suffix}"
        path.write_bytes(kinds()[kind].wrap(SameBytes(), seed))
        kinds()[kind].read(path)


MACHINE = kinds()["machine file"].seeds[0]
DEEP = "not " * 20_000 + "box == EMPTY"
MISMATCHED = kinds()["log, Parquet"].seeds[0].replace(b"locker", b"\xfd\xfe\xfflck")
TWICE = kinds()["log, Parquet"].seeds[0].replace(b"request", b"outcome")
NAMELESS = kinds()["log, XES"].seeds[0].replace(b"<string", b"<:string", 1)


@pytest.mark.parametrize(
    ("kind", "content", "message"),
    [
        ("mapping of a target", b"x = " + b"9" * 5000, "not TOML: Exceeds the limit"),
        ("matrix", kinds()["matrix"].seeds[0].replace(b"\n6.2", b"\n\x1b6.2", 1), r"'\x1b6.2"),
        ("condition", DEEP.encode(), "the condition "),
        ("log, Parquet", MISMATCHED, "input.parquet: Invalid UTF8"),
        ("log, Parquet", kinds()["log, Parquet"].seeds[0].replace(b"box", b"bo\xcf"), "codec can't decode byte"),
        ("log, XES", NAMELESS, "no XES"),
        ("log, Parquet", TWICE, "it has 2 columns outcome, expected one"),
        ("machine file", MACHINE.replace(b'"OVERDUE"', rb'"\u202e"', 1), r'"Box.\u202e"'),
        ("machine file", MACHINE.replace(b'"id": "BOX-1"', rb'"id": "\u0000"', 1), r"it has \x00"),
        ("report of conform", kinds()["report of conform"].seeds[0].replace(b'"BOX-1"', b"[]"), "is not a report"),
    ],
)
def test_what_was_once_a_crash_is_one_message(tmp_path, kind, content, message):
    path = tmp_path / f"input{kinds()[kind].suffix}"
    path.write_bytes(content)
    with pytest.raises(hostile.REFUSALS) as refused:
        kinds()[kind].read(path)
    assert message in str(refused.value)
    assert str(refused.value).isprintable()


class SameBytes:
    def random(self):
        return 0.0


def crashes(_):
    raise KeyError("box")


def hangs(_):
    while True:
        pass


def paints(_):
    raise FileError("\x1b[31mred")


@pytest.mark.parametrize(
    ("read", "why"),
    [(crashes, "KeyError at test_hostile.py"), (hangs, "it takes more than"), (paints, "a message with ['\\x1b']")],
)
def test_what_a_reader_does_wrong_is_seen(monkeypatch, read, why):
    monkeypatch.setattr(hostile, "MOST_SECONDS", 0.05)
    monkeypatch.setattr(hostile, "kinds", lambda: {"one": Kind(".txt", [b"x"], read)})
    (failure,) = attack("one", seed=1, seconds=1, most=1).failures
    assert failure.why.startswith(why)


@pytest.mark.slow
def test_an_input_that_takes_too_much_memory_is_named_and_ends_the_run():
    code = "from benchmarks import hostile; hostile.MOST_MEMORY = 1; hostile.attack('condition', 1, 60)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "condition" in done.stderr
    assert "it takes more than 0 GiB" in done.stderr
