"""Slices: what they leave out, that they find the same, and that the size of the whole does not matter."""

import time
from enum import Enum

import pytest

from statemachines import (
    Answer,
    Claims,
    DeclarationError,
    Field,
    Observed,
    Reached,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
    after,
    always,
    always_possible,
    check,
    fixed,
    indistinguishable,
    is_a,
    sometimes,
)
from statemachines.checker import explicit as exploring
from statemachines.checker.engine import Engine
from statemachines.checker.explicit import explore
from statemachines.checker.slices import Slices, SliceSize
from statemachines.errors import TooLargeError
from statemachines.language import claims
from statemachines.language.expression import FALSE, TRUE, conjunction
from statemachines.language.lifecycle import Lifecycle
from statemachines.semantics.grounding import ground
from statemachines.semantics.preconditions import Preconditions, variables_of
from tests.support import house


class Level(Enum):
    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


class Say(Enum):
    DONE = "done"
    REFUSED = "refused"
    TANK = "tank"
    AS_ASKED = "as asked"
    SHUT = "the valve is shut"


Many = Enum("Many", [(f"M{number}", f"{number}") for number in range(9)])
message = Observed("outcome", Say)
REGISTER = Register([Rule("T-1", "It is so.", "nowhere")])


def tanks(count):
    """So many tanks, each filled by a request of its own once the valve of the one before it is open."""
    levels = [Variable(f"tank{number}", Level, ordered=True) for number in range(count)]
    fill = [RequestType(f"Fill{number}") for number in range(count)]

    def moves(at):
        before = levels[at - 1] == Level.HIGH if at % 4 else TRUE  # every fourth tank depends on none
        yield Transition(Level.LOW, fill[at], Level.MIDDLE, when=before, rules="T-1")
        yield Transition(Level.MIDDLE, fill[at], Level.HIGH, when=before, rules="T-1")

    system = System(
        "tanks",
        REGISTER,
        lifecycles=[Lifecycle(level, Level.LOW, moves(at)) for at, level in enumerate(levels)],
        requests=fill,
        answers=[Answer(fill, outcome=Say.DONE, at=Say.TANK, reason=Say.AS_ASKED, rules="T-1")],
    )
    return system, levels, fill


def decided(system, claim):
    """What is found on slices; sets of states of the whole have to agree."""
    made = claims.Claims(system, [claim])
    result, by_sets = (check(made, engine=engine).findings[0] for engine in (Engine.EXPLICIT, Engine.SYMBOLIC))
    assert (result.holds, result.vacuous) == (by_sets.holds, by_sets.vacuous)
    return result


def steps(trace):
    return [step.request.type.name for step in trace.steps]


def test_a_slice_leaves_out_what_does_not_matter_and_finds_the_same():
    system, level, _ = tanks(8)
    claim = always("never both", then=~((level[1] == Level.MIDDLE) & (level[4] >= Level.MIDDLE)), rules="T-1")
    result = decided(system, claim)
    assert result.slices == (SliceSize(("tank0", "tank1", "tank4"), 27, 15),)
    assert (result.states, result.transitions) == (15, 0)
    assert sorted(steps(result.counterexample)) == ["Fill0", "Fill0", "Fill1", "Fill4"]
    assert result.counterexample.end == system.state(
        tank0=Level.HIGH, tank1=Level.MIDDLE, tank4=Level.MIDDLE
    )  # and the others as they start
    whole = explore(system)
    breach = whole.columns.where(~claim.then)
    assert whole.depth[breach.argmax()] == len(result.counterexample.steps)


def test_a_system_of_a_million_million_combinations_is_checked_in_seconds():
    started = time.perf_counter()
    system, level, _ = tanks(26)
    assert 3**26 > 10**12
    everything_stays = conjunction(*(after(one) == one for one in level))
    report = check(
        Claims(
            system,
            [
                always(
                    "low tanks follow full ones",
                    when=level[7] >= Level.MIDDLE,
                    then=level[4] == Level.HIGH,
                    rules="T-1",
                ),
                always("nothing changes", when=level[25] == Level.HIGH, then=everything_stays, rules="T-1"),
                sometimes("a tank deep down is full", of=level[23] == Level.HIGH, rules="T-1"),
                always_possible("it fills", goal=level[11] == Level.HIGH, rules="T-1"),
                always("each answers", then=message == Say.DONE, rules="T-1"),
            ],
        )
    )
    assert time.perf_counter() - started < 10
    assert report.combinations == 3**26
    assert report.wellformedness.problems == ()
    assert report.wellformedness.whole is None
    _, broken, full, _, answered = report.findings
    assert [result.holds for result in report.findings] == [True, False, True, True, True]
    assert answered.slices == ()  # no state had to be looked at
    assert steps(full.witness) == [name for at in range(20, 24) for name in [f"Fill{at}"] * 2]
    assert steps(broken.counterexample) == ["Fill24", "Fill24", "Fill25", "Fill25", "Fill0"]
    assert max(part.states for part in report.slices) == max(part.states for part in broken.slices) < 100


def test_of_what_is_equally_near_the_request_declared_first_is_shown():
    system, level, _ = tanks(8)
    for order in (level, level[::-1]):
        then = conjunction(*(after(one) == one for one in order))
        assert steps(decided(system, always("still", then=then, rules="T-1")).counterexample) == ["Fill0"]
    near = [after(one) != Level.HIGH for one in (level[4], level[0])]  # each is two requests away
    for order in (near, near[::-1]):
        result = decided(system, always("never", then=conjunction(*order), rules="T-1"))
        assert steps(result.counterexample) == ["Fill0", "Fill0"]
    for either in (
        (level[4] == Level.MIDDLE) | (level[0] == Level.MIDDLE),
        (level[0] >= Level.MIDDLE) | (level[4] >= Level.MIDDLE),
    ):
        result = decided(system, sometimes("one of them", of=either, rules="T-1"))
        assert steps(result.witness) == [
            "Fill4"
        ]  # of two states, the one with the values declared first: tank 0 is low


def spread_out(names):
    """Variables that start with any value and keep it."""
    kinds = [Variable(name, Many) for name in names]
    look = RequestType("Look")
    return System(
        "spread out",
        REGISTER,
        lifecycles=[fixed(variable) for variable in kinds],
        requests=[look],
        answers=[Answer([look], outcome=Say.DONE, at=Say.TANK, reason=Say.AS_ASKED, rules="T-1")],
    )


def test_requests_of_two_types_are_distinguished_though_they_are_answered_alike():
    level, look, listen = Variable("level", Level), RequestType("Look"), RequestType("Listen")
    system = System(
        "a quiet room",
        REGISTER,
        lifecycles=[fixed(level)],
        requests=[look, listen],
        answers=[Answer([look, listen], outcome=Say.DONE, at=Say.TANK, reason=Say.AS_ASKED, rules="T-1")],
    )
    result = decided(system, always("nobody listens", then=~is_a(listen), rules="T-1"))
    assert steps(result.counterexample) == ["Listen"]


def asked(system, request):
    return Preconditions(ground(system, request))


def read(system, request, condition):
    return set(variables_of(asked(system, request).of(condition)))


def test_only_what_decides_a_condition_is_read(house_system):
    turn, push = house.Turn(by=house.Person.ANN), house.Push(by=house.Person.ANN)
    assert read(house_system, turn, house.reason == house.Why.STRANGER) == {"holder"}  # the first check
    assert read(house_system, turn, house.reason == house.Why.AJAR) == {"holder", "door"}
    assert read(house_system, turn, house.outcome == house.Say.DONE) == {"holder", "door"}
    assert read(house_system, turn, after(house.door) == house.door) == {"holder", "door"}
    assert read(house_system, push, house.noise == house.Noise.CREAK) == {"door"}
    assert asked(house_system, push).passes is TRUE  # whichever answer is given
    assert [change.target for change in asked(house_system, push).changes] == [house.Door.SHUT, house.Door.OPEN]


def test_what_is_the_same_in_every_state_is_folded(house_system):
    turn, push = (
        asked(house_system, house.Turn(by=house.Person.ANN)),
        asked(house_system, house.Push(by=house.Person.ANN)),
    )
    assert push.of(after(house.lamp) == house.lamp) is TRUE
    assert push.of(after(house.lamp) != house.lamp) is FALSE
    assert variables_of(push.of(after(house.lamp) == house.Lamp.ON)).keys() == {"lamp"}
    assert turn.of(Reached(house.Place.LOCK)) is TRUE
    assert turn.of(Reached(house.Place.SWITCH)) is FALSE
    assert turn.of(house.noise == house.Noise.CREAK) is FALSE
    assert turn.of(house.at == house.Place.LOCK) is TRUE
    assert push.of(house.by == house.Person.BEN) is FALSE
    assert turn.of(house.by == house.holder).words() == "key holder is Ann"


def test_a_request_without_a_verdict_satisfies_nothing():
    answers = house.parts()["answers"]
    system = house.house(answers=[answers[0], answers[2]], explored=False)
    push = asked(system, house.Push(by=house.Person.ANN))
    assert push.of(TRUE).words() == push.answered.words() == "door is locked"
    assert push.of(house.outcome != house.Say.DONE).words() == "door is locked"
    assert push.of(house.noise == house.Noise.CREAK) is FALSE


@pytest.mark.parametrize("largest", [0, 1 << 20])
def test_states_are_found_again_however_many_combinations_there_are(monkeypatch, house_system, largest):
    """With a map of all combinations, and with none."""
    known = explore(house_system)
    monkeypatch.setattr(exploring, "LARGEST_MAP", largest)
    space = explore(house_system)
    states = [space.state(index) for index in range(len(space))]
    assert states == [known.state(index) for index in range(len(known))]
    assert [space.index(state) for state in states] == list(range(27))
    assert [space.path(index) for index in range(27)] == [known.path(index) for index in range(27)]
    for effect, same in zip(space.effects, known.effects, strict=True):
        assert space.successors(effect).tolist() == known.successors(same).tolist()
    reached = set(states)
    every = (
        house_system.state(lamp=lamp, door=door, fuse=fuse, holder=holder)
        for lamp in type(states[0].lamp)
        for door in type(states[0].door)
        for fuse in type(states[0].fuse)
        for holder in type(states[0].holder)
    )
    assert all((space.index(state) >= 0) == (state in reached) for state in every)


def test_few_states_out_of_very_many_combinations_are_explored():
    system, level, _ = tanks(32)
    names = [variable.name for at, variable in enumerate(level) if at < 8]
    far = always("far", then=~conjunction(*(one == Level.MIDDLE for one in level[::4])), rules="T-1")
    result = decided(system, far)
    assert (result.slices[0].combinations, result.slices[0].states) == (3**8, 3**8)
    assert len(result.counterexample.steps) == 8
    assert len(Slices(system).space(names)) == 9**2


def test_what_is_too_large_is_refused_and_its_variables_named():
    system, _, _ = tanks(40)
    with pytest.raises(TooLargeError, match=r"system 'tanks' has .* combinations .* variables tank0, tank1, "):
        explore(system)
    system, _, _ = tanks(8)
    with pytest.raises(
        TooLargeError,
        match=r"more than 6 reachable states, 6 requests from the start, of .* tank0, tank1, tank2",
    ):
        Slices(system).space({"tank2"}, most=6)
    assert not issubclass(TooLargeError, DeclarationError)
    system, level, _ = tanks(40)
    with pytest.raises(TooLargeError, match="more than 80 initial states, of the variables one, two"):
        explore(spread_out(["one", "two"]), most=80)
    for make in (
        lambda it: always("it", then=~it, rules="T-1"),
        lambda it: always("it", when=message == Say.DONE, then=~it, rules="T-1"),
        lambda it: always_possible("it", goal=it, rules="T-1"),
    ):
        everything = conjunction(*(one == Level.HIGH for one in level))
        with pytest.raises(TooLargeError, match=r"claim 'it': system 'tanks' has .* combinations of values"):
            decided(system, make(everything))


class Owner(Enum):
    ANN = "Ann"
    BEN = "Ben"
    CAT = "Cat"


@pytest.mark.parametrize(
    ("other", "kept"), [((Owner.ANN, Owner.CAT), False), ((Owner.ANN, Owner.BEN), True), ((Owner.CAT,), False)]
)
def test_what_a_slice_forgets_starts_apart_from_the_secret_where_the_claim_says_so(other, kept):
    """Someone else is Ann or Ben in every pair of runs, or in none that counts: for what that tells is no secret."""
    owner, guest = Variable("owner", Owner, among=[Owner.ANN, Owner.BEN]), Variable("guest", Owner, among=other)
    look = RequestType("Look")
    system = System(
        "a house with a guest",
        REGISTER,
        lifecycles=[Lifecycle(guest, other), Lifecycle(owner, owner.domain)],
        requests=[look],
        answers=[
            Answer([look], outcome=Say.REFUSED, at=Say.TANK, reason=Say.SHUT, when=owner == Owner.ANN, rules="T-1"),
            Answer([look], outcome=Say.DONE, at=Say.TANK, reason=Say.AS_ASKED, rules="T-1"),
        ],
    )
    claim = indistinguishable(
        "whose",
        secret=owner,
        between=(Owner.ANN, Owner.BEN),
        sees=TRUE,
        observes=(message,),
        apart_from=[guest],
        rules="T-1",
    )
    result = decided(system, claim)
    if kept:
        assert result.vacuous == f"no run starts with {guest.label} apart from two values of {owner.label}"
        assert result.counterexample is None
    else:
        assert [part.variables for part in result.slices] == [("owner",)]
        assert result.counterexample.start == system.state(guest=Owner.CAT, owner=Owner.ANN)
        assert result.other_run.start == system.state(guest=Owner.CAT, owner=Owner.BEN)


def test_what_only_the_second_run_does_is_followed_too():
    """Ben's knock moves Ben's level alone to where it shows; in the other run it is Ann who knocks, in vain."""
    owner, level = Variable("owner", Owner, among=[Owner.ANN, Owner.BEN]), Variable("level", Level)
    by, look = Field("by", Owner, among=[Owner.ANN, Owner.BEN]), RequestType("Look")
    knock = RequestType("Knock", [by])
    reported = {"at": Say.TANK, "reason": Say.AS_ASKED, "rules": "T-1"}
    system = System(
        "a house that listens to Ben",
        REGISTER,
        lifecycles=[
            fixed(owner),
            Lifecycle(
                level,
                (Level.LOW, Level.MIDDLE),
                [Transition((Level.LOW, Level.MIDDLE), knock, Level.HIGH, when=by == Owner.BEN, rules="T-1")],
            ),
        ],
        requests=[look, knock],
        answers=[
            Answer([look], outcome=Say.REFUSED, when=(level == Level.HIGH) & (owner == Owner.BEN), **reported),
            Answer([look, knock], outcome=Say.DONE, **reported),
        ],
    )
    claim = indistinguishable(
        "whose", secret=owner, between=(Owner.ANN, Owner.BEN), sees=is_a(look), observes=(message,), rules="T-1"
    )
    result = decided(system, claim)
    assert [str(step.request) for step in result.counterexample.steps] == ["Knock (by Ann)", "Look"]
    assert [str(step.request) for step in result.other_run.steps] == ["Knock (by Ben)", "Look"]


class Answering(Enum):
    NO = "no"
    YES = "yes"
    UNSET = "not set"


def leaking(*, start=Answering):
    """An answer that says whether the secret is what another variable of the same enum is; who asks may set that."""
    secret = Variable("secret", Answering, among=[Answering.NO, Answering.YES])
    values = dict.fromkeys((*start, Answering.NO, Answering.YES))
    debug = Variable("debug", Answering, among=list(values))
    to = Field("to", Answering, among=[Answering.NO, Answering.YES])
    ask, put = RequestType("Ask"), RequestType("Put", [to])
    reported = {"at": Say.TANK, "reason": Say.AS_ASKED, "rules": "T-1"}
    moves = [
        Transition(debug.domain, put, value, when=to == value, rules="T-1") for value in (Answering.NO, Answering.YES)
    ]
    system = System(
        "a server",
        REGISTER,
        lifecycles=[fixed(secret), Lifecycle(debug, tuple(start), moves)],
        requests=[ask, put],
        answers=[
            Answer([ask], outcome=Say.REFUSED, when=secret == debug, **reported),
            Answer([ask, put], outcome=Say.DONE, **reported),
        ],
    )
    kept = {"secret": secret, "between": (Answering.NO, Answering.YES), "observes": (message,), "rules": "T-1"}
    return system, kept, debug, ask, put


def test_one_enum_shared_by_two_variables_hides_no_leak():
    system, kept, debug, ask, _ = leaking()
    result = decided(system, indistinguishable("whose", sees=is_a(ask), **kept))
    assert result.counterexample.start.debug in (Answering.NO, Answering.YES)
    assert result.counterexample.start.debug is result.other_run.start.debug
    assert decided(system, indistinguishable("whose", sees=is_a(ask), apart_from=[debug], **kept)).holds


def test_what_the_observer_asks_itself_is_asked_alike_in_both_runs():
    """Who may set the other variable to a value of the secret, and sees that, learns the secret."""
    system, kept, _, ask, put = leaking(start=[Answering.UNSET])
    assert decided(system, indistinguishable("whose", sees=is_a(ask), **kept)).holds
    result = decided(system, indistinguishable("whose", sees=is_a(ask, put), **kept))
    assert [str(step.request) for step in result.counterexample.steps] == ["Put (to no)", "Ask"]
    assert [str(step.request) for step in result.other_run.steps] == ["Put (to no)", "Ask"]


def test_a_claim_that_says_nothing_for_want_of_two_runs_says_why():
    system, kept, debug, ask, _ = leaking(start=[Answering.NO])
    apart = decided(system, indistinguishable("whose", sees=is_a(ask), apart_from=[debug], **kept))
    assert apart.vacuous == "no run starts with debug apart from two values of secret"
    kept["secret"] = debug
    one = decided(system, indistinguishable("whose", sees=is_a(ask), **kept))
    assert one.vacuous == "no two runs start alike but for debug, which starts as no"


def test_near_states_are_those_that_few_requests_lead_to_as_in_the_whole_slice():
    system, _, _ = tanks(2)
    whole, near = Slices(system).space({"tank1"}), Slices(system)
    part = near.near({"tank1"}, 3)
    assert part.depth.max() == 3 < whole.depth.max()
    assert part.integers.tolist() == whole.integers[whole.depth <= 3].tolist()
    assert part.path(len(part) - 1) == whole.path(len(part) - 1)
    assert near.near({"tank1"}, 2) is part
    assert len(near.near({"tank1"}, 4)) > len(part)
    assert near.near({"tank1"}, 1) is not near.space({"tank1"}) is near.near({"tank1"}, 1)
