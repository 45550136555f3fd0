"""A run that was cut short goes on: what was as expected is not asked again, whatever else is."""

from pathlib import Path

import pytest

from examples.locker import Locker, TrustingLocker
from examples.parcel_locker import claims
from properties.conformance.diagnosis.examination import Subject, examine
from properties.conformance.diagnosis.journal import Journal
from properties.conformance.diagnosis.standing import Standing
from properties.conformance.scope import Scope
from properties.conformance.selection import Selection
from properties.conformance.session import Session
from properties.conformance.targets.misbehaviour import TargetError
from properties.conformance.targets.opening import open_target

RUN = {"target": "ours"}


def counting(kind, most=10**9):
    """A locker that counts its requests, and whose user ends the run after so many."""

    class Counting(kind):
        sent = 0

        def send(self, request):
            type(self).sent += 1
            if type(self).sent > most:
                raise KeyboardInterrupt
            return super().send(request)

    return Counting


def examined(kind, path):
    return examine(claims, lambda: open_target(kind, claims.system), journal=Journal(path, RUN))


def standings(made):
    return {rule: made.findings.rule(rule).standing for rule in claims.system.register}


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Locker, TrustingLocker])
def test_a_run_in_two_parts_has_the_results_of_one(kind, tmp_path):
    whole = counting(kind)
    expected = standings(examined(whole, tmp_path / "whole"))
    first, second, path = counting(kind, most=22), counting(kind), tmp_path / "journal"
    assert Standing.NOT_TESTED in standings(examined(first, path)).values()
    assert len(Journal(path, RUN)) > 0
    assert standings(examined(second, path)) == expected
    assert second.sent < whole.sent
    assert not path.exists(), "there is nothing left to resume"


def test_what_was_computed_for_a_statement_is_run_again_for_another_may_give_its_name_to_another(tmp_path):
    class Partial(Locker):
        def statement(self):
            return {"not_supported": {"Wait": "comes next year"}}

    path = tmp_path / "journal"
    first, second = counting(Partial), counting(Partial)
    results = examined(first, tmp_path / "whole").campaign.results
    own = next(at for at, result in enumerate(results) if result.section.vector.name == "P0001")
    most = sum(len(result.section.steps) for result in results[: own + 1])
    examined(counting(Partial, most=most), path)
    kept = path.read_text()
    assert '"V0001"' in kept
    assert "P0001" not in kept
    examined(second, path)
    assert 0 < second.sent < first.sent


def test_the_line_that_was_being_written_is_left_out(tmp_path):
    path = tmp_path / "journal"
    examined(counting(Locker, most=22), path)
    known = len(Journal(path, RUN))
    with path.open("a") as stream:
        stream.write('{"vector": "V00')
    assert len(Journal(path, RUN)) == known


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"target": "theirs"}\n', "is of another run"),
        ("[]\n", "is of another run"),
        ("no JSON\n", "line 1, is not what a run wrote there"),
        ('{"target": "ours"}\n{"vector": 1}\n{"vector": 2}\n', "line 2, is not what a run wrote there"),
        ('{"target": "ours"}\n{"vector": "V0001", "steps": [0], "aspects": [["all"]]}\n{}\n', "line 2, is not what"),
        ('{"target": "ours"}\n{"vector": "V0001", "steps": [0], "aspects": [[1]]}\n{}\n', "line 2, is not what"),
        (b"\xff\n", "cannot be used: it is not UTF-8"),
    ],
)
def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path, content, words):
    path = tmp_path / "journal"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = path.read_bytes()
    with pytest.raises(TargetError, match=words):
        Journal(path, RUN)
    assert path.read_bytes() == before


def test_a_file_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(TargetError, match="cannot be used: No such file or directory"):
        Journal(tmp_path / "nowhere" / "journal", RUN)


def test_a_device_that_never_ends_is_refused():
    with pytest.raises(TargetError, match="/dev/zero cannot be used: not a regular file"):
        Journal(Path("/dev/zero"), RUN)


@pytest.mark.parametrize("changed", ["mapping", "statement"])
def test_a_run_is_not_resumed_with_another_mapping_or_statement(tmp_path, changed):
    """What was as expected under the one need not be under the other, and was not asked again."""
    path, file = tmp_path / "journal", tmp_path / f"{changed}.toml"
    journals = []
    for content in ("# as it was\n", "# as it was\n", "# as it is\n"):
        file.write_text(content)
        subject = Subject("examples.locker:Locker", "examples.parcel_locker:claims", **{changed: file})
        session = Session(Scope(subject, Selection(resume=path)))
        if content == "# as it was\n":
            journals.append(session.journal)
        else:
            with pytest.raises(TargetError, match="of another target, statement, mapping or declaration"):
                assert session.journal
    assert all(journal is not None for journal in journals)
