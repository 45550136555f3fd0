"""Which files a name, a folder or a pattern stands for, and which of their lines are entries."""

from properties.replay.records import Problems, json_objects, log_files


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
