"""Pictures say what the declarations say: states, arrows, conditions, rules, and rejections."""

from enum import Enum

import attrs
import pytest

from statemachines.drawing import request_path
from statemachines.drawing.picture import Badge, Shape, Wording
from statemachines.drawing.rejections import with_rejections
from statemachines.drawing.request_path import request_paths
from statemachines.drawing.statechart import about, drawn, lifecycle_picture
from statemachines.errors import DeclarationError
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.lifecycle import Lifecycle, Transition, fixed
from statemachines.language.requests import Field, RequestType
from statemachines.language.rules import Register, Rule
from statemachines.language.system import System
from statemachines.language.terms import Variable


class Lamp(Enum):
    OFF = "off"
    ON = "on"
    BROKEN = "broken"


class Room(Enum):
    HALL = "hall"
    CELLAR = "cellar"


class Power(Enum):
    UP = "up"
    DOWN = "down"


class Switch(Enum):
    LAMP = "lamp"
    FAN = "fan"


class House(Enum):
    FUSE = "fuse box"
    WALL = "wall"


class Said(Enum):
    DONE = "done"
    REFUSED = "refused"
    DARK = "there is no power"
    SAME = "it is so already"


BOOK = Register(
    [
        Rule("LAMP-1", "A lamp can be switched on.", "the manual"),
        Rule("LAMP-2", "A lamp may break.", "none", "all"),
        Rule("LAMP-3", "A lamp can be switched off.", "the manual", "by whom"),
    ]
)
lamp = Variable("lamp", Lamp)
power = Variable("power", Power)
room = Variable("room", Room)
switch = Field("switch", Switch)
TurnOn, TurnOff, Crack = RequestType("TurnOn", [switch]), RequestType("TurnOff", [switch]), RequestType("Crack")


def house(*moves, initial=Lamp.OFF):
    lifecycle = Lifecycle(lamp, initial, moves)
    return lifecycle, System(
        "house",
        BOOK,
        lifecycles=[lifecycle, Lifecycle(power, [*Power]), fixed(room)],
        requests=[TurnOn, TurnOff, Crack],
        gates=[
            Gate(
                House.FUSE,
                [
                    Check("there is power", fails_when=power == Power.DOWN, outcome=Said.REFUSED, reason=Said.DARK,
                          rules="LAMP-1"),
                ],
                on=[TurnOn, TurnOff],
            ),
            Gate(
                House.WALL,
                [
                    Check("it is not on", fails_when=(switch == Switch.LAMP) & (lamp != Lamp.OFF),
                          outcome=Said.REFUSED, reason=Said.SAME, rules="LAMP-3", on=[TurnOn]),
                    Check("the fan is no lamp", fails_when=switch == Switch.FAN, outcome=Said.REFUSED,
                          reason=Said.REFUSED, rules="LAMP-1"),
                ],
                on=[TurnOn],
            ),
        ],
        answers=[Answer([TurnOn, TurnOff, Crack], outcome=Said.DONE, reason=Said.DONE, rules="LAMP-1", at=House.WALL)],
    )  # fmt: skip


ON = Transition(Lamp.OFF, TurnOn, Lamp.ON, when=(switch == Switch.LAMP) & (power == Power.UP), rules="LAMP-1")
OFF = Transition(Lamp.ON, TurnOff, Lamp.OFF, when=switch == Switch.LAMP, rules="LAMP-3")
BREAKS = Transition([Lamp.OFF, Lamp.ON], Crack, Lamp.BROKEN, rules="LAMP-2")


def arrow(picture, source, target):
    result = [each for each in picture.arrows if (each.source, each.target) == (source, target)]
    assert len(result) == 1
    return result[0]


@pytest.fixture
def picture():
    lifecycle, system = house(ON, OFF, BREAKS)
    return lifecycle_picture(system, lifecycle)


def test_states_are_in_words_with_initial_and_final_marked(picture):
    states = [node for node in picture.nodes if node.shape is Shape.STATE]
    assert [(node.words, node.initial, node.final) for node in states] == [
        ("off", True, False),
        ("on", False, False),
        ("broken", False, True),
    ]


def test_an_arrow_names_its_request_condition_and_rules(picture):
    assert arrow(picture, "OFF", "ON").lines == ("Turn On", "if power is up", "[LAMP-1]")


def test_what_every_condition_says_is_reported_once(picture):
    assert picture.subtitle[0] == 'where a request or event has a switch, it is "lamp"'
    assert not any("switch" in line for each in picture.arrows for line in each.lines)


def test_one_guarded_arrow_keeps_its_whole_condition():
    lifecycle, system = house(ON, BREAKS)
    picture = lifecycle_picture(system, lifecycle)
    assert not any("it is the" in line for line in picture.subtitle)
    assert arrow(picture, "OFF", "ON").lines == ("Turn On", "if switch is lamp", "and power is up", "[LAMP-1]")


def test_assumptions_whole_and_in_part_are_marked(picture):
    off, on = arrow(picture, "ON", "OFF"), arrow(picture, "OFF", "ON")
    assert off.assumed
    assert off.lines[-1] == "[LAMP-3*]"
    assert off.tooltip == "LAMP-3 (assumption in part: by whom): A lamp can be switched off."
    assert not on.assumed
    assert arrow(picture, "any_of_OFF_ON", "BROKEN").tooltip == "LAMP-2 (assumption): A lamp may break."


def groups(*sources):
    class Step(Enum):
        ONE = "1"
        TWO = "2"
        THREE = "3"
        FOUR = "4"

    step = Variable("step", Step)
    moves = [
        Transition([Step[name] for name in names], Crack, Step.FOUR, when=power == list(Power)[at % 2], rules="LAMP-1")
        for at, names in enumerate(sources)
    ]
    picture = lifecycle_picture(None, Lifecycle(step, [*Step], moves))
    return {node.members for node in picture.nodes if node.shape is Shape.GROUP}, [a.source for a in picture.arrows]


def test_a_transition_from_several_states_is_one_arrow_from_a_composite_state(picture):
    (group,) = (node for node in picture.nodes if node.shape is Shape.GROUP)
    assert (group.id, group.members) == ("any_of_OFF_ON", ("OFF", "ON"))
    assert {(each.source, each.target) for each in picture.arrows} == {
        ("OFF", "ON"), ("ON", "OFF"), ("any_of_OFF_ON", "BROKEN"),
    }  # fmt: skip


def test_composite_states_are_nested_and_never_cross():
    one_two, one_three = ("ONE", "TWO"), ("ONE", "TWO", "THREE")
    assert groups(one_two, one_three)[0] == {one_two, one_three}
    crossing = groups(one_two, one_two, ("TWO", "THREE"))
    assert crossing[0] == {one_two}
    assert crossing[1] == ["any_of_ONE_TWO", "TWO", "THREE"]
    assert groups(one_two, ("TWO", "THREE"))[0] == set()


def test_states_with_another_between_them_are_no_composite_state():
    assert groups(("ONE", "THREE")) == (set(), ["ONE", "THREE"])


def test_conditions_have_their_names_and_checks_their_badges():
    lifecycle, system = house(ON, OFF, BREAKS)
    wording = Wording(
        conditions={"it is day": power == Power.UP, "never": power == Power.DOWN}, badges={"LAMP-1": "power"}
    )
    picture = lifecycle_picture(system, lifecycle, wording=wording)
    assert arrow(picture, "OFF", "ON").lines == ("Turn On", "if it is day", "[LAMP-1]")
    assert arrow(picture, "OFF", "ON").badges == (Badge("power"),)
    assert not arrow(picture, "any_of_OFF_ON", "BROKEN").badges
    assert [(words, note.lines) for words, note in picture.key] == [
        ("power", ("fuse box: there is power; otherwise refused",)),
    ]  # fmt: skip


def test_a_badge_of_assumed_checks_alone_is_assumed():
    lifecycle, system = house(ON, OFF, BREAKS)
    wording = Wording(badges={"LAMP-3": "not on"})
    for assumption, assumed in (("by whom", False), ("all", True)):
        rules = [attrs.evolve(rule, assumption=rule.assumption and assumption) for rule in system.register.values()]
        picture = lifecycle_picture(attrs.evolve(system, register=Register(rules)), lifecycle, wording=wording)
        assert arrow(picture, "OFF", "ON").badges == (Badge("not on", assumed=assumed),)


def test_several_conditions_that_have_a_name_together_are_one():
    wording = Wording(conditions={"both": (power == Power.UP) & (lamp == Lamp.ON)})
    assert wording.of([lamp == Lamp.ON, switch == Switch.FAN, power == Power.UP]) == ("switch is fan", "both")
    assert wording.of([lamp == Lamp.ON]) == ("lamp is on",)


def test_a_condition_in_another_has_its_name_too():
    wording = Wording(conditions={"it is day": power == Power.UP, "it is night": power == Power.DOWN})
    either = ~((power == Power.UP) & (lamp == Lamp.ON))
    assert wording.of([either]) == ("it is night or lamp is not on",)
    assert wording.of([either, lamp == Lamp.OFF]) == ("(it is night or lamp is not on)", "lamp is off")
    assert wording.of([~either]) == ("it is day and lamp is on",)


def test_the_same_event_between_the_same_states_is_one_arrow_unless_only_one_is_assumed():
    by_day = Transition(Lamp.OFF, TurnOn, Lamp.ON, when=power == Power.UP, rules="LAMP-1")
    by_night = Transition(Lamp.OFF, TurnOn, Lamp.ON, when=power == Power.DOWN, rules="LAMP-1")
    lifecycle, system = house(by_day, by_night, BREAKS)
    assert arrow(lifecycle_picture(system, lifecycle), "OFF", "ON").lines == (
        "Turn On", "if power is up", "[LAMP-1]", "or if power is down", "[LAMP-1]",
    )  # fmt: skip
    guessed = Transition(Lamp.OFF, TurnOn, Lamp.ON, when=power == Power.DOWN, rules="LAMP-2")
    lifecycle, system = house(by_day, guessed, BREAKS)
    between = [a for a in lifecycle_picture(system, lifecycle).arrows if (a.source, a.target) == ("OFF", "ON")]
    assert [each.assumed for each in between] == [False, True]


def test_a_fixed_fact_is_not_drawn():
    lifecycle, system = house(ON, OFF, BREAKS)
    assert drawn(system) == (lifecycle,)
    with pytest.raises(DeclarationError, match="'room' never changes"):
        lifecycle_picture(system, system.lifecycle("room"))


def test_rejections_leave_the_states_that_they_depend_on_and_any_state_otherwise():
    lifecycle, system = house(ON, OFF, BREAKS)
    picture = with_rejections(system, lifecycle)
    assert picture.name == "lamp-rejections"
    words = {node.id: node.words for node in picture.nodes}
    rejections = {(words[a.source], words[a.target]): a for a in picture.arrows if a.rejection}
    assert set(rejections) == {
        ("any state", "refused at the fuse box"),
        ('any state except "off"', "refused at the wall"),
    }
    dark = rejections["any state", "refused at the fuse box"]
    assert dark.lines == ("Turn On or Turn Off", "- there is no power", "[LAMP-1]")
    assert not dark.assumed
    assert rejections['any state except "off"', "refused at the wall"].assumed


def test_checks_on_what_the_lifecycle_is_not_about_are_left_out():
    lifecycle, system = house(ON, OFF, BREAKS)
    assert about(lifecycle, TurnOn) == {switch: Switch.LAMP}
    assert not any("the fan" in line for a in with_rejections(system, lifecycle).arrows for line in a.lines)


def test_the_path_of_a_request_shows_every_check_in_order_and_who_passes_where():
    _, system = house(ON, OFF, BREAKS)
    picture, other = request_paths(system)
    assert (picture.name, other.name) == ("request-path", "request-path-2")
    tables = {node.id: node for node in picture.nodes if node.shape is Shape.TABLE}
    assert [row.lines[:2] for row in tables["WALL"].rows] == [("1", "it is not on"), ("2", "the fan is no lamp")]
    assert tables["WALL"].rows[0].lines[2:] == ("Turn On", "refused: it is so already")
    assert tables["WALL"].rows[0].citation == "LAMP-3*"
    assert ("FUSE", "answered") in {(each.source, each.target) for each in picture.arrows}
    assert arrow(picture, "FUSE", "WALL").lines == ("Turn On",)
    assert arrow(other, "comes_in", "answered").lines == ()


def test_a_path_that_fits_no_page_is_a_picture_for_each_request_with_a_lane_for_each_party(monkeypatch):
    _, system = house(ON, OFF, BREAKS)
    monkeypatch.setattr(request_path, "MOST", 0)
    pictures = request_paths(system, wording=Wording(request=lambda kind: f"{kind.label}!"))
    assert [picture.name for picture in pictures] == ["request-path-TurnOn", "request-path-TurnOff", "request-path-2-1"]
    assert pictures[0].title == "The path of a request: Turn On!"
    lanes = {node.id: node for node in pictures[0].nodes if node.shape is Shape.LANE}
    assert list(lanes) == ["comes_in", "FUSE", "WALL", "answered"]
    assert [row.lines for row in lanes["WALL"].rows] == [
        ("1. it is not on", "otherwise refused: it is so already"),
        ("2. the fan is no lamp", "otherwise refused: refused"),
    ]  # fmt: skip
    assert [(each.source, each.target) for each in pictures[0].arrows] == [
        ("comes_in", "FUSE"), ("FUSE", "WALL"), ("WALL", "answered"),
    ]  # fmt: skip
    assert "WALL" not in {node.id for node in pictures[1].nodes}
