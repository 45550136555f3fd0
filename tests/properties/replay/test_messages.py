"""What a target was sent in JSON Lines and what it answered, as a log."""

import json

import pytest
from click.testing import CliRunner

from properties.cli.main import main

SYSTEM = ["--system", "examples.parcel_locker:claims"]
PUT, TAKE = {"type": "Put"}, {"type": "Take", "code": "wrong"}
YES, NO = {"outcome": "yes"}, {"outcome": "no", "at": "locker"}


def conversation(*parts, ids=True):
    """The lines of a conversation, each part a message without its answer, or with it."""
    lines = []
    for number, (message, *answer) in enumerate(parts):
        own = {"id": number} if ids else {}
        lines += [{**own, **message}, *({**own, **one} for one in answer)]
    return lines


def reset(box):
    return {"op": "reset", "state": {"box": box}}, {"ok": True}


def sent(request, verdict):
    return {"op": "send", "request": request}, {"verdict": verdict}


def judged(folder, lines):
    path = folder / "run.jsonl"
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    result = CliRunner().invoke(main, ["replay", str(path), *SYSTEM, "--kind", "messages", "--json"])
    assert result.exit_code in {0, 1}, result.output
    return json.loads(result.stdout)


def deviating(report):
    return [(one["case"], one["line"], one["entry"]) for one in report["findings"]]


@pytest.mark.parametrize("ids", [True, False])
def test_each_reset_begins_a_case_in_the_state_that_it_names(tmp_path, ids):
    lines = conversation(
        ({"op": "describe"}, {"statement": {}}), reset("empty"), sent(PUT, YES), sent(TAKE, NO),
        reset("full"), sent(TAKE, YES), sent(PUT, YES), ids=ids,
    )  # fmt: skip
    report = judged(tmp_path, lines)
    assert (report["cases"], report["followed"], report["after_a_deviation"]) == (2, 2, 1)
    assert deviating(report) == [("run.jsonl:00000009", 11, 0)]


def test_answers_may_be_apart_from_the_messages(tmp_path):
    lines = conversation(reset("full"), sent(TAKE, YES))
    assert deviating(judged(tmp_path, [*lines[::2], *lines[1::2]])) == [("run.jsonl:00000001", 2, 0)]


def test_after_a_refusal_nothing_is_judged_until_a_reset(tmp_path):
    lines = conversation(
        reset("full"), ({"op": "send", "request": PUT}, {"error": "no"}), sent(TAKE, YES), reset("empty"), sent(PUT, NO)
    )
    report = judged(tmp_path, lines)
    assert report["problems"]["message that was refused, and what follows it"]["count"] == 1
    assert (report["entries"], deviating(report)) == (1, [("run.jsonl:00000007", 9, 0)])


def test_before_the_first_reset_and_without_an_answer_nothing_is_certain(tmp_path):
    report = judged(tmp_path, conversation(sent(PUT, YES), sent(PUT, YES), ({"op": "send", "request": TAKE},)))
    assert (report["undecided"], deviating(report)) == (1, [("run.jsonl:00000000", 3, 1)])


def test_what_is_no_message_is_counted(tmp_path):
    lines = [
        "{",
        {"op": "knock"},
        {"op": ["send"]},
        {"id": 9, "verdict": YES},
        *conversation(reset("empty"), sent(PUT, YES)),
    ]
    report = judged(tmp_path, lines)
    assert report["problems"]["broken line"]["count"] == 4
    assert (report["followed"], report["deviations"]) == (1, 0)
