"""Which files a name, a folder or a pattern stands for, and which of their lines are entries."""

import pytest

from properties.replay.records import LogError, Problems, json_objects, log_files, read_records


def test_a_folder_stands_for_the_logs_in_it_and_in_what_is_not_hidden(tmp_path):
    for folder in (".git", "2026", "2026/.venv", "2026/may.csv"):
        (tmp_path / folder).mkdir(parents=True)
    for name in (".git/a.csv", "2026/.venv/a.csv", "2026/b.csv.gz", "2026/notes.txt", "c.xes", "2026/may.csv/d.jsonl"):
        (tmp_path / name).write_text("")
    found = [str(path.relative_to(tmp_path)) for path in log_files([str(tmp_path)])]
    assert found == ["2026/b.csv.gz", "2026/may.csv/d.jsonl", "c.xes"]
    assert log_files([str(tmp_path / ".git")]) == [tmp_path / ".git/a.csv"]


def test_a_line_with_half_of_a_surrogate_pair_is_broken(tmp_path):
    path, problems = tmp_path / "log.jsonl", Problems()
    path.write_text('{"case": "\\ud800"}\n{"case": "\\u00e9"}\n{"case": "\\ud83d\\ude42"}\n')
    assert list(json_objects(path, problems)) == [(2, {"case": "\u00e9"}), (3, {"case": "\U0001f642"})]
    assert problems.counts["broken line"] == 1


def test_a_trace_of_xes_that_stands_alone_after_a_comment_is_read(tmp_path):
    path, problems = tmp_path / "log.xes", Problems()
    event = '<event><string key="request" value="Put"/></event>'
    path.write_text(f'<!-- made by hand --><trace><string key="concept:name" value="1"/>{event}</trace>')
    assert list(read_records(path, ["case:concept:name", "request"], problems)) == [(1, ("1", "Put"))]
    assert not problems.counts


def test_a_name_that_is_too_long_is_of_no_log():
    with pytest.raises(LogError, match="there is no such log"):
        log_files(["a" * 300])
