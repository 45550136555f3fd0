"""Two who share a room, one at a time: whether who waits comes in, and what fairness has to do with it."""

from enum import Enum

import statemachines as sm


class Stage(Enum):
    """Where somebody stands."""

    AWAY = "away"
    WAITING = "waiting"
    INSIDE = "inside"


class Person(Enum):
    """Who is meant, and whose turn it is."""

    ANN = "Ann"
    BEN = "Ben"


class Say(Enum):
    """Aspects of the verdicts: nothing is refused; what cannot be, has no effect."""

    HEARD = "heard"
    ROOM = "room"


who = sm.Field("who", Person)
Ask, Enter, Leave = (sm.RequestType(name, [who]) for name in ("Ask", "Enter", "Leave"))
ann, ben, turn = sm.Variable("ann", Stage), sm.Variable("ben", Stage), sm.Variable("turn", Person)
rules = sm.Register(
    [
        sm.Rule("ROOM-1", "There is room for one.", "house rules, 1"),
        sm.Rule("ROOM-2", "Who leaves gives the turn to the other.", "house rules, 2"),
    ]
)


def room(name: str, *, by_turns: bool) -> sm.System:
    """The room; who may enter where both wait is decided by turns, or by who comes first."""

    def person(mine: sm.Variable[Stage], other: sm.Variable[Stage], me: Person) -> sm.Lifecycle[Stage]:
        free = other != Stage.INSIDE
        if by_turns:
            free &= (other == Stage.AWAY) | (turn == me)
        enters = (who == me) & free
        return sm.Lifecycle(
            mine,
            Stage.AWAY,
            [
                sm.Transition(Stage.AWAY, Ask, Stage.WAITING, when=who == me, rules="ROOM-1"),
                sm.Transition(Stage.WAITING, Enter, Stage.INSIDE, when=enters, rules="ROOM-1 ROOM-2"),
                sm.Transition(Stage.INSIDE, Leave, Stage.AWAY, when=who == me, rules="ROOM-1"),
            ],
        )

    def passes(me: Person, mine: sm.Variable[Stage], to: Person) -> sm.Transition[Person]:
        left = (who == me) & (mine == Stage.INSIDE)
        return sm.Transition(me, Leave, to, when=left, rules="ROOM-2")

    turns = [passes(Person.ANN, ann, Person.BEN), passes(Person.BEN, ben, Person.ANN)]
    return sm.System(
        name,
        rules,
        lifecycles=[
            person(ann, ben, Person.ANN),
            person(ben, ann, Person.BEN),
            sm.Lifecycle(turn, tuple(Person), turns),
        ],
        requests=[Ask, Enter, Leave],
        answers=[sm.Answer(outcome=Say.HEARD, reason=Say.HEARD, at=Say.ROOM, rules="ROOM-1")],
    )


alone = sm.always(
    "there is never more than one inside", then=(ann != Stage.INSIDE) | (ben != Stage.INSIDE), rules="ROOM-1"
)
keep_trying = [sm.is_a(kind) & (who == one) for kind in (Enter, Leave) for one in Person]
comes_in = sm.leads_to(
    "Ann, who waits, comes in if both keep entering and leaving",
    when=ann == Stage.WAITING,
    then=ann == Stage.INSIDE,
    given=keep_trying,
    rules="ROOM-2",
)
whatever_they_do = sm.leads_to(
    "Ann, who waits, comes in whatever they do",
    when=ann == Stage.WAITING,
    then=ann == Stage.INSIDE,
    rules="ROOM-2",
)

by_turns = sm.Claims(room("a room by turns", by_turns=True), [alone, comes_in])
without_fairness = sm.Claims(by_turns.system, [alone, whatever_they_do])
first_come = sm.Claims(room("a room for who comes first", by_turns=False), [alone, comes_in])
