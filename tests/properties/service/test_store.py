"""What the database keeps."""

import pytest

from properties.service.store import Changed, KeyReused, Store, StoreError, UnknownInstance


def decide(state, request):
    return {"n": str(int(state["n"]) + int(request["by"]))}, {"outcome": "yes"}


def test_it_is_all_there_when_it_is_opened_again(tmp_path):
    store = Store(tmp_path / "kept.sqlite", "d", 2)
    store.put("a", {"n": "1", "m": "x"})
    instance, step, again = store.send("a", {"by": "2"}, decide, "k")
    store.close()
    opened = Store(tmp_path / "kept.sqlite", "d", 2)
    assert opened.get("a") == instance
    assert (instance.number, instance.state, again) == (1, {"n": "3", "m": "x"}, False)
    assert opened.history("a", 0, 10) == [step]
    assert opened.send("a", {"by": "2"}, decide, "k") == (instance, step, True)
    opened.close()


def test_what_raises_changes_nothing(tmp_path):
    store = Store(tmp_path / "kept.sqlite", "d", 2)
    before = store.put("a", {"n": "1"})
    store.send("a", {"by": "0"}, decide, "k")
    standing = store.get("a")
    with pytest.raises(ValueError, match="invalid literal"):
        store.send("a", {"by": "no number"}, decide)
    with pytest.raises(KeyReused):
        store.send("a", {"by": "3"}, decide, "k")
    with pytest.raises(Changed):
        store.send("a", {"by": "3"}, decide, None, lambda tag: tag == before.etag)
    with pytest.raises(Changed):
        store.put("a", {"n": "7"}, lambda tag: tag is None)
    for unknown in (lambda: store.get("b"), lambda: store.send("b", {}, decide), lambda: store.history("b", 0, 1)):
        with pytest.raises(UnknownInstance):
            unknown()
    assert store.get("a") == standing
    assert len(store.history("a", 0, 10)) == 1
    store.close()


def test_a_database_of_another_system_is_refused(tmp_path):
    Store(tmp_path / "kept.sqlite", "d", 2).close()
    with pytest.raises(StoreError, match="keeps instances of another system"):
        Store(tmp_path / "kept.sqlite", "e", 2)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("this is no database, and is longer than the head of one. " * 20)
    with pytest.raises(StoreError, match=r"notes.txt cannot be used as a database: file is not a database"):
        Store(tmp_path / "notes.txt", "d", 2)
    with pytest.raises(StoreError, match="unable to open"):
        Store(tmp_path / "nowhere" / "x.sqlite", "d", 2)
