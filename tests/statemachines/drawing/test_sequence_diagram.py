"""Runs as sequence diagrams: what they tell, whatever draws them."""

import pytest

from statemachines import Trace, replay
from statemachines.drawing.sequence_diagram import PASSED_ON, Box, BoxKind, Message, note_lines, sequence_diagram
from tests.support import house


@pytest.fixture
def run(house_system) -> Trace:
    """Ann shuts the door, Ben may not turn the key, and somebody presses the switch."""
    asked = [house.Push(by=house.Person.ANN), house.Turn(by=house.Person.BEN), house.Press()]
    return replay(house_system, house_system.state(), asked)


def drawn(trace, **given):
    return sequence_diagram("a run", {"run": trace}, **{"sender": "by"} | given)


def test_lifelines_are_who_sends_and_who_looks(run):
    assert [line.words for line in drawn(run).lifelines] == ["Ann", "Ben", "door", "lock"]


def test_rows_are_the_steps_in_order(run):
    words = {line.id: line.words for line in drawn(run).lifelines}
    rows = [
        (row.kind, row.note.lines[0])
        if isinstance(row, Box)
        else (words[row.source], words[row.target], row.note.lines[0], row.answer, row.refused)
        for row in drawn(run).rows
    ]
    push, turn = run.steps[0].verdict, run.steps[1].verdict
    assert rows == [
        (BoxKind.START, f"start: {run.start_in_words}"),
        ("Ann", push.at.value, "1. Push Door (by Ann)", False, False),
        (push.at.value, "Ann", f"{push.outcome.value} ({push.response.value}): {push.reason.value}", True, False),
        (BoxKind.CHANGE, "door: open -> shut"),
        ("Ben", turn.at.value, "2. Turn Key (by Ben)", False, False),
        (turn.at.value, "Ben", f"{turn.outcome.value}: {turn.reason.value}", True, True),
        (BoxKind.EVENT, "3. Press Switch"),
    ]
    assert drawn(run).rows[-1].changes == ("lamp: off -> on",)


def test_the_start_may_have_words_of_its_own(run):
    assert drawn(run, start="the door is open").rows[0].note.lines == ("start: the door is open",)


def test_a_request_that_is_passed_on_goes_from_party_to_party():
    gates = [*house.parts()["gates"], house.Gate(house.Place.DOOR, [], on=[house.Turn])]
    system = house.house(gates=gates)
    trace = replay(system, system.state(door=house.Door.SHUT), [house.Turn(by=house.Person.ANN)])
    diagram = drawn(trace)
    stops = [line.words for line in diagram.lifelines]
    assert stops == ["Ann", *(str(party.value) for party in trace.steps[0].verdict.via)]
    assert len(stops) == 3
    arrows = [row for row in diagram.rows if isinstance(row, Message)]
    assert [row.note.lines[0] for row in arrows[:2]] == ["1. Turn Key (by Ann)", PASSED_ON]
    assert [(row.source, row.target) for row in arrows] == [
        (diagram.lifelines[0].id, diagram.lifelines[1].id),
        (diagram.lifelines[1].id, diagram.lifelines[2].id),
        (diagram.lifelines[2].id, diagram.lifelines[0].id),
    ]


def test_rules_are_cited_and_assumptions_starred(run, house_system):
    [answer] = [row for row in drawn(run).rows if isinstance(row, Message) and row.answer and row.refused]
    rules = run.steps[1].verdict.rules
    assert answer.note.rules == rules
    assert note_lines(answer.note)[-1].endswith(f"[{' '.join(rules)}]")
    assert not drawn(run).assumed
    assert all(house_system.register[rule].statement in answer.note.tooltip for rule in rules)


def test_without_a_sender_everything_is_in_boxes(run):
    diagram = drawn(run, sender="nobody")
    assert all(isinstance(row, Box) for row in diagram.rows)
    assert {line.words for line in diagram.lifelines} == {str(step.verdict.at.value) for step in run.steps}


def test_two_runs_stand_one_below_the_other(run):
    diagram = sequence_diagram("two", {"one": run, "other": run}, sender="by", breach="they differ")
    assert [row.note.lines[0] for row in diagram.rows if isinstance(row, Box) and row.kind is BoxKind.RUN] == [
        "one",
        "other",
    ]
    assert diagram.rows[-1].note.lines == ("they differ",)
    assert diagram.lifelines == drawn(run).lifelines


def test_a_run_without_steps(house_system):
    diagram = drawn(replay(house_system, house_system.state(), []))
    assert [line.words for line in diagram.lifelines] == [house_system.name], "a diagram needs a lifeline"
    assert [row.kind for row in diagram.rows] == [BoxKind.START]


def test_the_parties_come_in_the_order_in_which_requests_do():
    """A request that skips a party on the way is met first; the party is put where a later one comes to it."""
    everyone = [house.Press, house.Push, house.Turn]
    gates = [
        house.Gate(house.Place.SWITCH, [], on=everyone),
        house.Gate(house.Place.LOCK, [], on=[house.Turn]),
        house.Gate(house.Place.DOOR, [], on=everyone),
    ]
    system = house.house(gates=gates)
    trace = replay(system, system.state(), [house.Push(by=house.Person.ANN), house.Turn(by=house.Person.ANN)])
    assert [line.words for line in drawn(trace).lifelines] == ["Ann", "switch", "lock", "door"]
