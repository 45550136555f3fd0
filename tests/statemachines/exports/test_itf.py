"""Traces in ITF: what is written is replayed without a difference, and what is otherwise is said."""

import json

import pytest

from benchmarks.engines import walk
from examples.parcel_locker import Code, Put, Take, Wait, system
from statemachines import replay
from statemachines.exports.itf import TraceFileError, export_itf, replay_itf
from tests.support import house


def document():
    return json.loads(export_itf(replay(system, system.state(), [Put(), Wait(), Take(code=Code.WRONG)]), loop=1))


def test_a_run_that_is_written_is_replayed_without_a_difference():
    home = house.house()
    run = replay(home, next(home.initial_states()), [request for _, request in walk(home, 60)])
    replayed = replay_itf(home, json.loads(export_itf(run)))
    assert replayed.differences == ()
    assert [step.after for step in replayed.trace.steps] == [step.after for step in run.steps]
    assert document()["loop"] == 3


@pytest.mark.parametrize("given", ["holds a parcel", "FULL", {"tag": "FULL", "value": {}}])
def test_values_as_other_tools_write_them(given):
    trace = document()
    trace["states"][1]["box"] = given
    assert replay_itf(system, trace).differences == ()


def test_another_state_and_another_verdict_are_differences():
    trace = document()
    trace["states"][1]["box"] = "empty"
    trace["states"][3]["verdict::outcome"] = "yes"
    assert replay_itf(system, trace).differences == (
        "states[1]: box is 'empty', and 'holds a parcel' after Put",
        "states[3]: the outcome is 'yes', and 'no' to Take (code wrong)",
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mbt::actionTaken": "Tke"}, 't.json: states[3].mbt::actionTaken is "Tke", expected one of: "Put"'),
        (
            {"mbt::nondetPicks": {}},
            "t.json: states[3].mbt::nondetPicks is an object, expected the field 'code'",
        ),
        ({"box": 7}, "t.json: states[3].box is 7, expected one of: 'empty'"),
    ],
)
def test_what_the_system_does_not_know_is_one_message(change, message):
    trace = document()
    trace["states"][3] |= change
    with pytest.raises(TraceFileError) as caught:
        replay_itf(system, trace, "t.json")
    assert str(caught.value).startswith(message)
