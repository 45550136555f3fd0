"""JSON files of a user's own: what is refused, and in which words."""

import pytest

from statemachines.files import json_file
from statemachines.files.content import FileError
from statemachines.files.json_file import read_json


def test_the_content_of_a_file(tmp_path):
    (tmp_path / "own.json").write_text('{"box": "£"}', encoding="utf-8")
    assert read_json(tmp_path / "own.json") == {"box": "£"}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_refused(content, tmp_path):
    (tmp_path / "own.json").write_bytes(content)
    with pytest.raises(FileError, match=r"own\.json is not valid JSON: "):
        read_json(tmp_path / "own.json")


def test_a_directory_is_refused(tmp_path):
    with pytest.raises(FileError, match="cannot be read: Is a directory"):
        read_json(tmp_path)


def test_a_file_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(json_file, "MAX_BYTES", 4)
    (tmp_path / "own.json").write_text("[1, 2]")
    with pytest.raises(FileError, match=r"own\.json: too large, expected at most 4 bytes"):
        read_json(tmp_path / "own.json")
