"""A house with a lamp and a door: the system that most tests here look at. `parts` makes its parts afresh."""

from enum import Enum

from statemachines import (
    Answer,
    Check,
    Field,
    Gate,
    Lifecycle,
    Observed,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
    fixed,
    wellformed,
)


class Lamp(Enum):
    OFF = "off"
    ON = "on"


class Door(Enum):
    OPEN = "open"
    SHUT = "shut"
    LOCKED = "locked"


class Fuse(Enum):
    WHOLE = "whole"
    BLOWN = "blown"


class Person(Enum):
    ANN = "Ann"
    BEN = "Ben"
    CAT = "Cat"


class Place(Enum):
    SWITCH = "switch"
    LOCK = "lock"
    DOOR = "door"


class Say(Enum):
    DONE = "done"
    REFUSED = "refused"


class Why(Enum):
    DARK = "the fuse is blown"
    STRANGER = "somebody else has the key"
    AJAR = "the door is open"
    STUCK = "the door is locked"
    AS_ASKED = "as asked"


class Noise(Enum):
    CLICK = "a click"
    CREAK = "a creak"


lamp, door, fuse = Variable("lamp", Lamp), Variable("door", Door, ordered=True), Variable("fuse", Fuse)
holder = Variable("holder", Person, label="key holder")
by = Field("by", Person)
Press = RequestType("PressSwitch")
Push = RequestType("PushDoor", [by])
Turn = RequestType("TurnKey", [by])
outcome, reason, noise = Observed("outcome", Say), Observed("reason", Why), Observed("response", Noise)
at = Observed("at", Place)

RULES = [Rule(f"HOUSE-{number}", "It is so.", "the manual") for number in range(1, 7)]


def lamps(**changes):
    return Lifecycle(
        **{
            "variable": lamp,
            "initial": Lamp.OFF,
            "transitions": [
                Transition(Lamp.OFF, Press, Lamp.ON, when=door != Door.LOCKED, rules="HOUSE-1"),
                Transition(Lamp.ON, Press, Lamp.OFF, rules="HOUSE-1"),
            ],
        }
        | changes
    )


def doors(**changes):
    return Lifecycle(
        **{
            "variable": door,
            "initial": Door.OPEN,
            "transitions": [
                Transition(Door.OPEN, Push, Door.SHUT, rules="HOUSE-2"),
                Transition(Door.SHUT, Push, Door.OPEN, rules="HOUSE-2"),
                Transition(Door.SHUT, Turn, Door.LOCKED, rules="HOUSE-3"),
                Transition(Door.LOCKED, Turn, Door.SHUT, rules="HOUSE-3"),
            ],
        }
        | changes
    )


def checks():
    refused = {"outcome": Say.REFUSED}
    return {
        "fuse": Check(
            "the fuse is whole", fails_when=fuse == Fuse.BLOWN, reason=Why.DARK, rules="HOUSE-4", on=[Press], **refused
        ),
        "key": Check(
            "whoever turns it has the key", fails_when=by != holder, reason=Why.STRANGER, rules="HOUSE-5", **refused
        ),
        "ajar": Check(
            "the door is shut", fails_when=door == Door.OPEN, reason=Why.AJAR, rules="HOUSE-3 HOUSE-5", **refused
        ),
    }


def parts(**changes):
    """What `System` takes for the house, with some parts different."""
    asked = checks()
    return {
        "name": "house",
        "register": Register(RULES),
        "lifecycles": [lamps(), doors(), fixed(fuse), fixed(holder)],
        "requests": [Press, Push, Turn],
        "gates": [
            Gate(Place.SWITCH, [asked["fuse"]], on=[Press]),
            Gate(Place.LOCK, [asked["key"], asked["ajar"]], on=[Turn]),
        ],
        "answers": [
            Answer(
                [Push], outcome=Say.REFUSED, reason=Why.STUCK, at=Place.DOOR, rules="HOUSE-6", when=door == Door.LOCKED
            ),
            Answer([Push], outcome=Say.DONE, reason=Why.AS_ASKED, response=Noise.CREAK, at=Place.DOOR, rules="HOUSE-2"),
            Answer([Press, Turn], outcome=Say.DONE, reason=Why.AS_ASKED, response=Noise.CLICK, rules="HOUSE-1"),
        ],
    } | changes


def house(*, explored=True, **changes):
    """The house, with parts different; it is explored, and refused unless it is well-formed."""
    made = parts(**changes)
    system = System(made.pop("name"), made.pop("register"), **made)
    if explored:
        wellformed(system).raise_first()
    return system
