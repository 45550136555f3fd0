"""Files that may hold a document: what cannot be read, or is no regular file, is refused at once and in one message."""

import os
import socket
from pathlib import Path

import pytest

from statemachines.smets1.duis.reader import DuisError, read_request


@pytest.mark.slow
@pytest.mark.parametrize("filler", [b"\0", b" ", b"\n"])
def test_a_hundred_megabytes_of_nothing(tmp_path, filler):
    path = tmp_path / "nothing.xml"
    with path.open("wb") as file:
        if filler == b"\0":
            file.truncate(100_000_000)
        else:
            file.write(filler * 100_000_000)
    with pytest.raises(DuisError, match=r"nothing\.xml: too large, expected at most 8388608 bytes"):
        read_request(path)


def test_a_missing_file(tmp_path):
    with pytest.raises(DuisError, match=r"missing\.xml: cannot be read: No such file or directory"):
        read_request(tmp_path / "missing.xml")


def test_a_directory(tmp_path):
    with pytest.raises(DuisError, match="cannot be read: Is a directory"):
        read_request(tmp_path)


def test_a_fifo_is_refused_without_waiting_for_a_writer(tmp_path):
    os.mkfifo(tmp_path / "fifo.xml")
    with pytest.raises(DuisError, match=r"fifo\.xml: not a regular file"):
        read_request(tmp_path / "fifo.xml")


def test_a_socket(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.xml")
        with pytest.raises(DuisError, match=r"socket\.xml: cannot be read: "):
            read_request(Path("socket.xml"))


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_file(device):
    with pytest.raises(DuisError, match="not a regular file"):
        read_request(Path(device))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read any file")
def test_an_unreadable_file(tmp_path):
    path = tmp_path / "secret.xml"
    path.touch(mode=0)
    with pytest.raises(DuisError, match=r"secret\.xml: cannot be read: Permission denied"):
        read_request(path)


@pytest.mark.parametrize(
    "name", ["nul\0.xml", "x" * 5000, "\udfff.xml"], ids=["a null", "a long one", "half a character"]
)
def test_an_impossible_name(tmp_path, name):
    with pytest.raises(DuisError, match="cannot be read: ") as caught:
        read_request(tmp_path / name)
    assert str(caught.value).isprintable()
