"""`smets1 render`: what it writes, what it prints, and how it refuses."""

import json

import pytest
from click.testing import CliRunner

from properties.console import output
from properties.smets1.command import main


def run(*arguments):
    return CliRunner().invoke(main, ["render", *(str(argument) for argument in arguments)])


def test_one_lifecycle_in_every_format(tmp_path):
    formats = [part for kind in ("svg", "png", "dot", "mermaid") for part in ("--format", kind)]
    done = run("key_package", "--out", tmp_path / "new" / "place", *formats)
    assert done.exit_code == 0, done.output
    names = ["key_package.svg", "key_package.png", "key_package.dot", "key_package.mmd"]
    assert done.stdout.splitlines() == [str(tmp_path / "new" / "place" / name) for name in names]
    assert sorted(path.name for path in (tmp_path / "new" / "place").iterdir()) == sorted(names)


def test_illustrations_are_written_by_name_in_the_formats_that_they_have(tmp_path):
    formats = [part for kind in ("svg", "mermaid") for part in ("--format", kind)]
    done = run("timeline", "sequence-foc", "pin", "--out", tmp_path, *formats)
    assert done.exit_code == 0, done.output
    assert [path.rpartition("/")[2] for path in done.stdout.splitlines()] == [
        "timeline.svg", "sequence-foc.svg", "sequence-foc.mmd", "pin.svg", "pin.mmd",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "formats", "message"),
    [
        ("timeline", ("mermaid",), "'timeline' is not drawn as mermaid: expected svg"),
        ("sequence-foc", ("png", "dot"), "'sequence-foc' is not drawn as png: expected svg or mermaid"),
    ],
)
def test_an_illustration_is_refused_in_formats_that_it_has_not(tmp_path, name, formats, message):
    done = run("pin", name, "--out", tmp_path, *(part for kind in formats for part in ("--format", kind)))
    assert done.exit_code == 2
    assert message in done.stderr
    assert not [*tmp_path.iterdir()]


def test_json_lists_what_was_written(tmp_path):
    done = run("migration", "migration", "--out", tmp_path, "--json")
    assert json.loads(done.stdout) == {"written": [str(tmp_path / "migration.svg")]}


@pytest.mark.slow
def test_all_in_svg_come_with_a_page_that_shows_them(tmp_path):
    assert run("--out", tmp_path).exit_code == 0
    page = (tmp_path / "README.md").read_text()
    for picture in tmp_path.glob("*.svg"):
        assert f"({picture.name})" in page
    assert ".mmd" not in page
    assert "| MOD-2 | A change of the supplier whose firmware it is ends" in page
    assert "| none: a modelling assumption | all of it |" in page
    assert not (tmp_path / "group.svg").exists()


@pytest.mark.slow
def test_rejections_have_names_of_their_own_and_no_page(tmp_path):
    done = run("--out", tmp_path, "--rejections")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "ppmid_firmware-rejections.svg").exists()
    assert not (tmp_path / "ppmid_firmware.svg").exists()
    assert not (tmp_path / "README.md").exists()


@pytest.mark.parametrize("name", ["nonsense", "group", "../migration"])
def test_an_unknown_name_is_refused_with_the_known_ones(tmp_path, name):
    done = run(name, "--out", tmp_path)
    assert done.exit_code == 2
    assert repr(name) in done.stderr
    assert "key_package" in done.stderr
    assert "request-path" in done.stderr
    assert "who-may-upgrade-what" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_file_in_place_of_the_directory_is_one_clear_message(tmp_path):
    (tmp_path / "out").write_text("mine")
    done = run("migration", "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert (
        done.stderr
        == f"Error: cannot write {tmp_path / 'out' / 'migration.svg'}: {tmp_path / 'out'} is not a directory\n"
    )
    assert (tmp_path / "out").read_text() == "mine"


def test_a_directory_in_place_of_a_file_is_one_clear_message(tmp_path):
    (tmp_path / "migration.svg").mkdir()
    done = run("migration", "--out", tmp_path)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"Error: cannot write {tmp_path / 'migration.svg'}: ")
    assert [path.name for path in tmp_path.iterdir()] == ["migration.svg"]


def test_what_was_there_stays_whole_when_writing_fails(tmp_path, monkeypatch):
    (tmp_path / "migration.svg").write_text("before")

    opened = output.Path.open

    def full(path, mode):
        with opened(path, mode) as stream:
            stream.write(b"half of it")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(output.Path, "open", full)
        done = run("migration", "--out", tmp_path)
    assert done.exit_code == 2
    assert "No space left on device" in done.stderr
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("migration.svg", "before")]


def test_a_missing_renderer_is_one_clear_message(tmp_path, monkeypatch):
    monkeypatch.setattr("statemachines.drawing.graphviz.EXECUTABLE", "graphviz-none")
    done = run("migration", "--out", tmp_path)
    assert done.exit_code == 2
    assert "pip install -e '.[draw]'" in done.stderr


def test_help_has_examples():
    done = run("--help")
    assert done.exit_code == 0
    assert "smets1 render key_package --format png" in done.stdout
