"""What the database keeps."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from properties.service import database as database_module
from properties.service.database import StoreError
from properties.service.store import InstanceChanged, KeyReused, LaterAnswer, Store, StoreFull, UnknownInstance
from tests.support import postgresql as own


def decide(state, request):
    return {"n": str(int(state["n"]) + int(request["by"]))}, {"outcome": "yes"}


def test_it_is_all_there_when_it_is_opened_again(database):
    store = Store(database, "d", 2)
    store.put("a", {"n": "1", "m": "x"}, facts={"who": "é\u2028"})
    instance, step, again = store.send("a", {"by": "2"}, decide, "k")
    store.close()
    opened = Store(database, "d", 2)
    assert opened.get("a") == instance
    assert (instance.number, instance.state, again) == (1, {"n": "3", "m": "x"}, False)
    assert opened.history("a", 0, 10) == [step]
    assert opened.send("a", {"by": "2"}, decide, "k") == (instance, step, True)
    opened.close()


def test_what_raises_changes_nothing(database):
    store = Store(database, "d", 2)
    before = store.put("a", {"n": "1"})
    store.send("a", {"by": "0"}, decide, "k")
    standing = store.get("a")
    with pytest.raises(ValueError, match="invalid literal"):
        store.send("a", {"by": "no number"}, decide)
    with pytest.raises(KeyReused):
        store.send("a", {"by": "3"}, decide, "k")
    with pytest.raises(InstanceChanged):
        store.send("a", {"by": "3"}, decide, None, lambda tag: tag == before.etag)
    with pytest.raises(InstanceChanged):
        store.put("a", {"n": "7"}, lambda tag: tag is None)
    for unknown in (lambda: store.get("b"), lambda: store.send("b", {}, decide), lambda: store.history("b", 0, 1)):
        with pytest.raises(UnknownInstance):
            unknown()
    assert store.get("a") == standing
    assert len(store.history("a", 0, 10)) == 1
    store.close()


def test_a_database_of_another_system_is_refused(database):
    Store(database, "d", 2).close()
    with pytest.raises(StoreError, match="keeps instances of another system"):
        Store(database, "e", 2)


@pytest.mark.parametrize("name", ["", ":memory:"])
def test_a_database_that_no_file_keeps_is_refused(name):
    with pytest.raises(StoreError, match="keeps nothing, expected a file"):
        Store(name, "d", 2)


def test_a_step_and_its_later_answer_are_kept_together_or_not_at_all(database):
    with Store.opened(database, "d", 2) as store:
        store.put("a", {"n": "1"})
        later = LaterAnswer("a", 1, 5.0, {"X-Kind": "one"}, "body", "http://127.0.0.1:1/")
        with suppress(ZeroDivisionError), store.turn("a") as turn:
            turn.add({"by": "2"}, {}, {"n": "3"}, "k")
            turn.answer(later)
            raise ZeroDivisionError
        assert (store.get("a").number, store.later("a", 1), store.to_deliver(9.0, 1.0, 9)) == (0, None, [])
        with store.turn("a") as turn:
            turn.add({"by": "2"}, {}, {"n": "3"}, "k")
            turn.keep({"who": "me"})
            turn.answer(later)
        assert (store.get("a").number, store.get("a").facts, store.later("a", 1)) == (1, {"who": "me"}, later)
        (taken,) = store.to_deliver(9.0, 1.0, 9)
        store.delivered(taken, 20.0)
        assert store.to_deliver(15.0, 1.0, 9) == []
        (taken,) = store.to_deliver(21.0, 1.0, 9)
        store.delivered(taken)
        assert (taken.tried, store.to_deliver(99.0, 1.0, 9)) == (2, [])
        store.delete("a")
        assert store.later("a", 1) is None


@pytest.mark.slow
def test_several_servers_share_a_database(database):
    """Each counts to forty in one instance, half of it under keys that the others use, too; and all start at once."""

    def add(number):
        with Store.opened(database, "d", 2) as store:
            for name in "abc":
                with suppress(StoreFull, InstanceChanged):
                    store.put(name, {"n": "0"}, lambda tag: tag is None)
            for turn in range(20):
                store.send("a", {"by": "1"}, decide, f"{number} {turn}")
                store.send("a", {"by": "1"}, decide, f"all {turn}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(4)))
    with Store.opened(database, "d", 2) as store:
        assert (store.count(), store.get("a").number, store.get("a").state) == (2, 100, {"n": "100"})
        history = store.history("a", 0, 999)
        assert [step.number for step in history] == list(range(1, 101))
        assert len({step.key for step in history}) == 100


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mysql://localhost/x", "a database of the kind 'mysql', expected a file or postgresql://user@host/database"),
        ("://x", "the database is not an address"),
        (
            "postgresql://me:secret@127.0.0.1:1/x",
            r"postgresql\+psycopg://me:\*\*\*@127.0.0.1:1/x cannot be used as a database",
        ),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(name, message):
    if name.startswith("postgresql") and own.MISSING.startswith("psycopg"):
        pytest.skip(own.MISSING)
    with pytest.raises(StoreError, match=message) as raised:
        Store(name, "d", 2)
    assert "secret" not in str(raised.value)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("this is no database, and is longer than the head of one. " * 20)
    with pytest.raises(StoreError, match=r"notes.txt cannot be used as a database: file is not a database"):
        Store(tmp_path / "notes.txt", "d", 2)
    with pytest.raises(StoreError, match="unable to open"):
        Store(tmp_path / "nowhere" / "x.sqlite", "d", 2)


@pytest.mark.parametrize(
    ("there", "damaged"),
    [(b"CREATE TABLE about", b"CREATE \x82ABLE about"), (b'{"n": "1"}', b'{"n": "1"?'), (b'{"n": "1"}', b"1234567890")],
)
def test_a_file_whose_damage_is_not_even_text_is_refused(tmp_path, there, damaged):
    path = tmp_path / "kept.sqlite"
    store = Store(path, "d", 2)
    store.put("a", {"n": "1"}, facts={})
    store.close()
    assert there in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(there, damaged))
    with pytest.raises((StoreError, DatabaseError), match="it is damaged: it has what is not UTF-8, or not JSON"):
        Store(path, "d", 2).get("a")


def test_a_file_that_may_not_be_written_is_refused(tmp_path, monkeypatch):
    Store(tmp_path / "kept.sqlite", "d", 2).close()
    read_only = f"sqlite:///file:{tmp_path}/kept.sqlite?mode=ro&uri=true"
    monkeypatch.setattr(database_module, "_url", lambda _: make_url(read_only))
    with pytest.raises(StoreError, match=r"kept.sqlite cannot be used as a database: attempt to write a readonly"):
        Store(tmp_path / "kept.sqlite", "d", 2)
