"""What people declare: mypy and pyright, both strict, find nothing in it."""

from enum import Enum, IntEnum
from functools import partial
from typing import Any

import statemachines as sm


class Door(Enum):
    OPEN = "open"
    SHUT = "shut"


class Power(IntEnum):
    LOW = 0
    HIGH = 1


class Say(Enum):
    DONE = "done"
    REFUSED = "refused"
    PORTER = "porter"


door = sm.Variable("door", Door)
power = sm.Variable("power", Power, ordered=True)
limit = sm.Variable("limit", Power, among=[Power.LOW, Power.HIGH], ordered=True, label="limit of power")
Level = sm.Count(0, 7)
level, full = sm.Variable("level", Level), sm.Variable("full", sm.Count(3, 5))
which = sm.Field("which", Door, among=[Door.OPEN, Door.SHUT], default=Door.SHUT)
message = sm.Observed("outcome", Say)
Push, Turn = sm.RequestType("Push", [which]), sm.RequestType("TurnUp")

condition: sm.Expr = (door == Door.OPEN) & ~(power >= Power.HIGH) | (power <= limit) & (which != Door.OPEN)
other: sm.Expr = sm.any_of(door.is_in(Door.OPEN, Door.SHUT), sm.after(door) == door, message == Say.DONE)
counted: sm.Expr = (level == 3) & (level + 1 <= full) & (sm.after(level) == level - 1) & level.is_in(1, 2)
opened = sm.Transition([Door.SHUT], Push, Door.OPEN, when=condition, rules="R-1")
shut: sm.Transition[Door] = sm.Transition(Door.OPEN, Push, Door.SHUT, rules="R-1")
doors = sm.Lifecycle(door, Door.OPEN, [opened, shut])
powers: sm.Lifecycle[Power] = sm.Lifecycle(power, list(Power), final=[Power.HIGH], title="Power")
levels = sm.Lifecycle(level, list(Level), [sm.Transition(Level(0), Push, Level(1), when=counted, rules="R-1")])
lifecycles: list[sm.Lifecycle] = [doors, powers, sm.fixed(limit)]

refusal = partial(sm.Check, outcome=Say.REFUSED, rules=["R-1"])
refused: dict[str, Any] = {"outcome": Say.REFUSED, "rules": "R-1"}
checks = [
    refusal("the door is open", fails_when=door == Door.SHUT, reason=Say.REFUSED, on=[Push]),
    sm.Check("the power is low", fails_when=power > Power.LOW, reason=Say.REFUSED, **refused),
]
system = sm.System(
    "a door",
    sm.Register([sm.Rule("R-1", "Doors open and shut.", "nowhere")]),
    lifecycles=lifecycles,
    requests=[Push, Turn],
    gates=[sm.Gate(Say.PORTER, checks, on=[Push, Turn])],
    answers=[sm.Answer([Push, Turn], outcome=Say.DONE, reason=Say.DONE, at=Say.PORTER, rules="R-1")],
)
Level = sm.Count(0, 7)
level = sm.Variable("level", Level)
fuller = sm.all_of(level >= 3, sm.after(level) == level + 1, level + 1 < level, level.is_in(1, 2), level == Level(3))
filling = sm.Lifecycle(level, Level(0), sm.adding(level, 1, Turn, rules="R-1"))
both: list[sm.Variable] = [door, power]  # of several enums
unchanged = sm.all_of(*(sm.after(variable) == variable for variable in both))
ends = [Door.OPEN, Door.SHUT]
claims = sm.Claims(
    system,
    [
        sm.always("nothing changes", when=message == Say.REFUSED, then=unchanged, rules="R-1"),
        sm.indistinguishable(
            "a secret", secret=door, between=ends, sees=sm.is_a(Turn), observes=[message], rules="R-1"
        ),
    ],
)


def values(state: sm.State) -> tuple[type[Door], tuple[Power, ...], bool]:
    """The types of what is read."""
    return door.kind, power.domain, state.door is Door.OPEN


def run() -> sm.Verdict:
    """A decision, and one of a request that is varied."""
    oracle = sm.Oracle(system)
    state, _ = oracle.decide(system.state(door=Door.OPEN), Push(which=Door.SHUT))
    return oracle.decide(state, Push().replace(which=Door.SHUT))[1]
