"""Which files a name, a folder or a pattern stands for."""

from properties.replay.records import log_files


def test_a_folder_stands_for_the_logs_in_it_and_in_what_is_not_hidden(tmp_path):
    for folder in (".git", "2026", "2026/.venv", "2026/may.csv"):
        (tmp_path / folder).mkdir(parents=True)
    for name in (".git/a.csv", "2026/.venv/a.csv", "2026/b.csv.gz", "2026/notes.txt", "c.xes", "2026/may.csv/d.jsonl"):
        (tmp_path / name).write_text("")
    found = [str(path.relative_to(tmp_path)) for path in log_files([str(tmp_path)])]
    assert found == ["2026/b.csv.gz", "2026/may.csv/d.jsonl", "c.xes"]
    assert log_files([str(tmp_path / ".git")]) == [tmp_path / ".git/a.csv"]
