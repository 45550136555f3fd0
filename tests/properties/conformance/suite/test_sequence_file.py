"""A sequence of one's own in a file: what is refused."""

import json
import os
import re

import pytest

from examples.parcel_locker import system
from properties.conformance.suite.sequence_file import read_sequence, read_sequences
from properties.conformance.targets.misbehaviour import TargetError


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "own.json is not valid JSON"),
        ("[]", "own.json: expected an object with start and requests"),
        ("{}", "own.json: expected a list of requests, with one at least"),
        ('{"requests": [{"type": "Kick"}]}', "own.json: request 1: a request is of the type 'Kick'"),
        (
            '{"requests": [{"type": "Put", "\u202e\\u001b[2J": 1}]}',
            r"request 1: a request has '\u202e\x1b[2J', and Put has no such field",
        ),
        ('{"start": {"box": "on fire"}, "requests": [{"type": "Put"}]}', "own.json: 'box' is 'on fire'"),
    ],
)
def test_a_file_without_a_sequence_is_refused_in_one_message(content, message, tmp_path):
    (tmp_path / "own.json").write_text(content)
    with pytest.raises(TargetError, match=re.escape(message)) as caught:
        read_sequence(tmp_path / "own.json", system)
    assert str(caught.value).isprintable()


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(TargetError, match=r"nowhere\.json: cannot be read: No such file"):
        read_sequence(tmp_path / "nowhere.json", system)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs on this system")
def test_a_file_that_never_ends_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "own.json")
    with pytest.raises(TargetError, match=r"own\.json: not a regular file"):
        read_sequence(tmp_path / "own.json", system)


def test_a_counterexample_that_check_writes_is_a_sequence(tmp_path):
    """It has runs, one or two; the first is taken."""
    run = {"start": {"box": "empty"}, "steps": [{"request": {"type": "Put"}, "verdict": {}}]}
    (tmp_path / "trace.json").write_text(json.dumps({"property": "so", "runs": [run, run]}))
    vector = read_sequence(tmp_path / "trace.json", system)
    assert (vector.name, [str(request) for request in vector.scenario.requests]) == ("trace.json", ["Put"])


def test_the_messages_of_a_recorded_run_are_a_sequence_from_each_reset(tmp_path):
    lines = [
        {"id": 1, "op": "describe"},
        {"id": 1, "statement": {}},
        {"id": 2, "op": "reset", "state": {"box": "holds a parcel"}},
        {"id": 3, "op": "send", "request": {"type": "Wait"}},
        {"id": 3, "verdict": {"outcome": "yes"}},
        {"id": 4, "op": "send", "request": {"type": "Take", "code": "right"}},
        {"id": 5, "op": "reset", "state": {"box": "empty"}},
        {"id": 6, "op": "send", "request": {"type": "Put"}},
    ]
    (tmp_path / "run.jsonl").write_text("\n".join(map(json.dumps, lines)))
    first, second = read_sequences(tmp_path / "run.jsonl", system)
    assert (first.name, first.scenario.start.box.value, len(first.scenario.requests)) == (
        "run.jsonl:3", "holds a parcel", 2,
    )  # fmt: skip
    assert (second.name, second.scenario.start.box.value) == ("run.jsonl:7", "empty")


def test_the_cases_of_a_log_are_sequences(tmp_path):
    lines = [
        {"case": "a", "request": "Put", "outcome": "yes"},
        {"case": "b", "request": "Wait", "code": None},
        {"case": "a", "request": "Take", "code": "wrong", "time": "2020-01-01"},
    ]
    (tmp_path / "log.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    a, b = read_sequences(tmp_path / "log.jsonl", system)
    assert [str(request) for request in a.scenario.requests] == ["Put", "Take (code wrong)"]
    assert (a.name, b.name, len(b.scenario.requests)) == ("log.jsonl, case a", "log.jsonl, case b", 1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "log.jsonl: expected messages to a target, or entries"),
        ("{}\n{", "log.jsonl:2 is not valid JSON"),
        ("[]", "log.jsonl:1: expected an object"),
        ('{"case": 1, "request": "Kick"}', "log.jsonl, case 1: request 1: a request is of the type 'Kick'"),
        ('{"op": "reset", "state": 7}\n{"op": "send"}', "log.jsonl:1: expected a state"),
        ('{"op": "send"}', "log.jsonl: request 1: a request is"),
    ],
)
def test_a_log_without_sequences_is_refused_in_one_message(content, message, tmp_path):
    (tmp_path / "log.jsonl").write_text(content)
    with pytest.raises(TargetError, match=re.escape(message)) as caught:
        read_sequences(tmp_path / "log.jsonl", system)
    assert str(caught.value).isprintable()
