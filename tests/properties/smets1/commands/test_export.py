"""`smets1 export` as a user runs it."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from properties.smets1.command import main

BIN = Path(sys.executable).parent / "smets1"
FLEET = ("--system", "properties.smets1.fleet:CLAIMS")
SPLIT = "supply may be split"


def export(*words: object):
    return CliRunner().invoke(main, ["export", *map(str, words)])


def test_a_model_is_written_to_standard_output_and_to_a_file_alike(tmp_path):
    path = tmp_path / "models" / "fleet.pml"
    shown, written = export("promela", *FLEET), export("promela", *FLEET, "--out", path)
    assert (shown.exit_code, written.exit_code) == (0, 0)
    assert path.read_text() == shown.stdout
    assert shown.stdout.startswith("/* ")
    assert "active proctype system()" in shown.stdout
    assert written.stdout.startswith(f"{path}: ")
    assert " properties; " in written.stdout
    assert [other.name for other in path.parent.iterdir()] == ["fleet.pml"]


@pytest.mark.slow
def test_the_same_bytes_twice_in_processes_of_their_own(tmp_path):
    paths = [tmp_path / name for name in ("one.pml", "other.pml")]
    for path, seed in zip(paths, ("1", "2"), strict=True):
        subprocess.run(
            [BIN, "export", "promela", *FLEET, "--out", path],
            check=True,
            capture_output=True,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
        )
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.slow
def test_of_one_property_the_slice_that_it_needs_is_written():
    done = export("promela", "--property", SPLIT)
    assert done.exit_code == 0
    assert f'/* 1. sometimes: "{SPLIT}" [' in done.stdout
    assert "an exact slice of it" in done.stdout
    declared = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("byte ")]
    assert sorted(name.rstrip(";") for name in declared) == ["v_electricity_supplier", "v_gas_supplier"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("promela", "--property", "supply may be splt"), f"did you mean: {SPLIT}"),
        (("promela", "--system", "properties.nothing:CLAIMS"), "'properties.nothing:CLAIMS' cannot be imported"),
        (("promela", "--system", "properties.smets1.fleet"), "'properties.smets1.fleet' is not of the form"),
        (("tla",), "'tla' is not one of 'aiger', 'javascript', 'machine', 'promela'"),
        ((), "Missing argument"),
    ],
)
def test_wrong_options_get_one_message_and_exit_code_2(words, message):
    done = export(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_cannot_be_written_is_reported(tmp_path):
    (tmp_path / "file").write_text("")
    done = export("promela", *FLEET, "--out", tmp_path / "file" / "model.pml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.strip() == f"Error: cannot write {tmp_path}/file/model.pml: {tmp_path}/file is not a directory"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_help_shows_examples_and_starts_without_the_checker():
    done = subprocess.run([BIN, "export", "--help"], capture_output=True, text=True, check=True)
    assert "Examples:" in done.stdout
    assert "smets1 export promela --out" in done.stdout
    code = (
        "import sys\nfrom properties.smets1.command import main\n"
        "try: main(['export', '--help'])\nexcept SystemExit: pass\n"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code + "sys.exit('numpy' in sys.modules)"], check=False, capture_output=True
    )
    assert loaded.returncode == 0
