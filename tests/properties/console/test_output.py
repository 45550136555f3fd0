"""Files are written whole, and what is no file is left what it is."""

import os
import threading
from pathlib import Path

import pytest

from properties.console.output import expect_writable, write, write_parts
from properties.console.terminal import InputError


def test_a_file_is_written_whole(tmp_path):
    assert write(tmp_path / "new" / "page.md", b"x") == tmp_path / "new" / "page.md"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["page.md"]


@pytest.mark.parametrize("before", [b"old", None])
def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path, before):
    real, link = tmp_path / "real" / "page", tmp_path / "link"
    real.parent.mkdir()
    if before is not None:
        real.write_bytes(before)
    link.symlink_to(real)
    expect_writable(link)
    write(link, b"new")
    assert link.is_symlink()
    assert [(path.name, path.read_bytes()) for path in real.parent.iterdir()] == [("page", b"new")]


def test_a_pipe_is_written_to(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    expect_writable(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write(pipe, b"through")
    reader.join(10)
    assert read == [b"through"]
    assert pipe.is_fifo()


def test_a_device_is_written_to():
    expect_writable(Path(os.devnull))
    write(Path(os.devnull), b"away")
    assert Path(os.devnull).is_char_device()


def test_a_file_that_is_writable_is_looked_at_and_left_alone(tmp_path):
    path = tmp_path / "page"
    path.write_bytes(b"old")
    expect_writable(path)
    expect_writable(tmp_path / "new" / "deeper" / "page")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("page", b"old")]


@pytest.mark.parametrize("try_", [expect_writable, lambda path: write(path, b"")], ids=["before", "writing"])
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("-", "cannot write '-': expected the name of a file"),
        ("", "cannot write '.': expected the name of a file"),
        ("folder", "folder: Is a directory"),
        ("file/page", "file is not a directory"),
        ("file/deeper/page", "is not a directory"),
        ("loop", "loop: Too many levels of symbolic links"),
        ("a" * 300, "File name too long"),
    ],
)
def test_what_cannot_be_written_is_refused_and_nothing_is_left(tmp_path, monkeypatch, try_, name, message):
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").touch()
    Path("loop").symlink_to("loop")
    with pytest.raises(InputError) as caught:
        try_(Path(name))
    assert message in caught.value.message
    assert sorted(path.name for path in Path().iterdir()) == ["file", "folder", "loop"]


def test_parts_are_written_whole_or_not_at_all(tmp_path):
    def parts():
        yield b"one, "
        assert path.read_bytes() == b"old"
        yield b"two"
        raise KeyboardInterrupt

    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_parts(path, parts())
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("file", b"old")]
    write_parts(path, iter([b"one, ", b"two"]))
    assert path.read_bytes() == b"one, two"
