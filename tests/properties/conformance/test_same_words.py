"""Values of several enums that have the same words: what stands for one of them is not taken for another."""

from enum import Enum

import pytest

from properties.conformance.mapping import Translation
from properties.conformance.observation import differs, words_of
from properties.conformance.statement import Statement, parse_statement
from properties.conformance.targets.answers import VerdictReader
from properties.domain import Profile
from properties.replay.mapping import default_mapping
from statemachines import (
    Answer,
    Check,
    Field,
    Gate,
    Lifecycle,
    Oracle,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
)

Lamp = Enum("Lamp", {"OFF": "off", "ON": "on"})
Say = Enum("Say", {"OK": "ok", "NO": "no", "SWITCH": "switch"})
Used = Enum("Used", {"LIT": "it is lit", "DONE": "done"})
More = Enum("More", {"BROKEN": "it is broken", "OTHER": "it is lit", "DONE": "it is done"})
Left, Right = (Enum(name, {"HERE": "here", "THERE": "there"}) for name in ("Left", "Right"))

lamp = Variable("lamp", Lamp)
Press = RequestType("Press", [Field("place", Left)])
Look = RequestType("Look", [Field("place", Right)])
system = System(
    "the same words",
    Register([Rule("R-1", "It is so.", "the manual")]),
    lifecycles=[Lifecycle(lamp, Lamp.OFF, [Transition(Lamp.OFF, Press, Lamp.ON, rules="R-1")])],
    requests=[Press, Look],
    gates=[
        Gate(
            Say.SWITCH,
            [
                Check("off", fails_when=lamp == Lamp.ON, outcome=Say.NO, reason=Used.LIT, rules="R-1", on=[Press]),
                Check("on", fails_when=lamp == Lamp.OFF, outcome=Say.NO, reason=More.BROKEN, rules="R-1", on=[Look]),
            ],
            on=[Press, Look],
        )
    ],
    answers=[
        Answer([Press], outcome=Say.OK, reason=Used.DONE, rules="R-1"),
        Answer([Look], outcome=Say.OK, reason=More.DONE, rules="R-1"),
    ],
)


def test_words_of_a_value_that_is_used_are_not_taken_for_one_that_is_not():
    """The right answer was said to differ in its reason."""
    request = Press(place=Left.HERE)
    _, expected = Oracle(system).decide(system.state(lamp=Lamp.ON), request)
    reader = VerdictReader(Statement(system), Translation(system))
    seen = reader.observation(request, {"outcome": "no", "at": "switch", "reason": "it is lit", "response": None})
    assert differs(expected, seen) == ()
    assert words_of(system)["reason"]["it is done"] is More.DONE


def test_a_name_that_two_values_of_an_aspect_have_leaves_open_which():
    """The name of both stood for the last: an entry as it has to be was said to deviate."""
    mapping = default_mapping(system)
    entry = {"request": "Press", "place": "here", "reason": "DONE"}
    seen, unknown = mapping.seen(tuple(map(entry.get, mapping.event)))
    assert (dict(seen.among), unknown) == ({"reason": frozenset([Used.DONE, More.DONE])}, ())


@pytest.mark.parametrize("described", [{}, {"only": {"place": ["here"]}}, {"things": ["here"]}])
def test_a_statement_names_by_its_words_every_value_that_has_them(described):
    """One of two fields had none left of the values that the statement names, or of all: nothing could be sent."""
    profile = Profile("words", "of words", subjects=("place",), subject="thing")
    statement = parse_statement(described, system, profile)
    for here, there in (
        (Press(place=Left.HERE), Press(place=Left.THERE)),
        (Look(place=Right.HERE), Look(place=Right.THERE)),
    ):
        assert statement.why_not(here) is None
        assert (statement.why_not(there) is None) is not bool(described)
