"""Tables of a user's own: CSV, TOML and Parquet give the same rows, and what is wrong is named with its row."""

import sys

import pytest

from statemachines.extras import MissingExtraError
from statemachines.files.tables import read_tables
from statemachines.files.toml import TomlFileError

ROWS = [{"box": "A1", "size": "small"}, {"box": "B2"}]


def read(path):
    rows = read_tables(path, "box")
    return [{name: row.value(name, str) for name in row.names()} for row in rows]


def written(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path):
    with pytest.raises(TomlFileError) as caught:
        read(path)
    message = str(caught.value)
    assert message.isprintable()
    return message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "box,size\nA1,small\nB2,\n"),
        ("a.CSV", '\ufeffbox , size\r\n"A1", small\r\n\r\n"B2",\r\n'),
        ("a.toml", '[[box]]\nbox = "A1"\nsize = "small"\n[[box]]\nbox = "B2"\n'),
    ],
)
def test_rows(tmp_path, name, content):
    assert read(written(tmp_path, name, content)) == ROWS


def test_parquet_has_the_same_rows(tmp_path):
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed: the extra [parquet]")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table({"box": ["A1", "B2"], "size": ["small", None]}), path)
    assert read(path) == ROWS
    path.write_bytes(b"PAR1 and no more")
    assert refusal(path).startswith("a.parquet: not Parquet: ")


def test_parquet_without_its_package_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"pip install -e '\.\[parquet\]'"):
        read(written(tmp_path, "a.parquet", b"PAR1"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "box,size\nA1\n", "a.csv: line 2: 1 cells, expected 2: as many as columns"),
        ("a.csv", "box,box\n", "a.csv: the column 'box', expected names, each of one column"),
        ("a.csv", "box,\nA1,\n", "a.csv: the column '', expected names, each of one column"),
        ("a.csv", b"box\n\xff\n", "a.csv: not UTF-8, expected CSV in UTF-8"),
        ("a.csv", 'box\n"A1\n', "a.csv: not CSV: unexpected end of data"),
        ("a.toml", "[[bax]]\n", "a.toml: bax is '[{}]', expected no such key, but tables [[box]] only"),
        ("a.toml", "[[box]", "a.toml: not TOML: "),
        ("a.toml", r'size = "C:\q"', r"a.toml: not TOML: Unescaped '\' in a string"),
        ("a.txt", "box\n", "expected a file whose name ends in .csv, .toml or .parquet"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, name, content, message):
    assert message in refusal(written(tmp_path, name, content))


def test_what_is_wrong_with_a_cell_names_its_line(tmp_path):
    _, row = read_tables(written(tmp_path, "a.csv", "box,size\nA1,small\nB2,huge\n"), "box")
    with pytest.raises(TomlFileError, match=r"^a\.csv: line 3: box\.size is 'huge', expected one of: \"small\""):
        row.choice("size", {"small": 1})


def test_what_cannot_be_read_is_named(tmp_path):
    assert "cannot be read" in refusal(tmp_path / "none.csv")
    (tmp_path / "d.csv").mkdir()
    assert "cannot be read" in refusal(tmp_path / "d.csv") or "not a regular file" in refusal(tmp_path / "d.csv")


@pytest.mark.parametrize(
    ("name", "text"), [("own.csv", ""), ("own.csv", "a,b\n"), ("own.csv", "a,b\n\n"), ("own.toml", "")]
)
def test_a_table_without_rows_is_refused(name, text, tmp_path):
    """A table that was cut off would otherwise be taken for one that knows nothing."""
    (tmp_path / name).write_text(text)
    with pytest.raises(TomlFileError, match=r"own\.(csv|toml): |row is missing"):
        list(read_tables(tmp_path / name, "row"))
