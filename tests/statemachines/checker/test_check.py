"""Checking the house: each kind of claim, holding and failing, with the shortest run that shows it."""

import attrs
import pytest

from statemachines import (
    Answer,
    Claims,
    DeclarationError,
    Field,
    Gate,
    Reached,
    RequestType,
    Transition,
    after,
    always,
    always_possible,
    check,
    indistinguishable,
    replay,
    sometimes,
)
from statemachines.checker.explicit import Space
from statemachines.checker.explicit_pairs import compare_runs
from statemachines.checker.noninterference import Difference
from statemachines.errors import EnginesDisagreeError
from statemachines.language import claims
from statemachines.language.expression import TRUE, IsA


def decided(system, claim):
    return check(claims.Claims(system, [claim])).findings[0]


def requests(trace):
    return [str(step.request) for step in trace.steps]


def test_a_state_claim_that_fails(house, house_system):
    claim = always("dark", when=house.door == house.Door.LOCKED, then=house.lamp == house.Lamp.OFF, rules="HOUSE-1")
    result = decided(house_system, claim)
    assert not result.holds
    assert sorted(requests(result.counterexample)) == ["Press Switch", "Push Door (by Ann)", "Turn Key (by Ann)"]
    assert result.counterexample.end == house_system.state(door=house.Door.LOCKED, lamp=house.Lamp.ON)
    assert requests(result.witness) == ["Push Door (by Ann)", "Turn Key (by Ann)"]
    assert [(part.variables, part.combinations, part.states) for part in result.slices] == [
        (("door", "holder"), 9, 9),
        (("lamp", "door", "fuse", "holder"), 36, 27),
    ]
    assert result.states == 9 + 27


def test_a_state_claim_that_holds(house, house_system):
    claim = always("fused", when=house.fuse == house.Fuse.BLOWN, then=house.lamp == house.Lamp.OFF, rules="HOUSE-4")
    result = decided(house_system, claim)
    assert (result.holds, result.counterexample, result.vacuous) == (True, None, "")
    assert requests(result.witness) == []
    assert result.witness.start.fuse is house.Fuse.BLOWN


def test_a_step_claim_that_fails(house, house_system):
    claim = always("it opens", when=IsA((house.Push,)), then=house.outcome == house.Say.DONE, rules="HOUSE-6")
    result = decided(house_system, claim)
    assert requests(result.counterexample) == ["Push Door (by Ann)", "Turn Key (by Ann)", "Push Door (by Ann)"]
    assert result.counterexample.steps[-1].verdict.reason is house.Why.STUCK
    assert (result.states, result.transitions) == (9, 9 * 3)  # whatever the lamp and the fuse are


def test_step_claims_that_hold(house, house_system):
    turned = IsA((house.Turn,)) & (house.outcome == house.Say.DONE)
    claims = [
        always("only the holder", when=turned, then=house.by == house.holder, rules="HOUSE-5"),
        always("it moves the door", when=turned, then=after(house.door) != house.door, rules="HOUSE-3"),
        always("the lock sees every key", when=IsA((house.Turn,)), then=Reached(house.Place.LOCK), rules="HOUSE-5"),
        always(
            "who has no key is refused",
            when=house.by != house.holder,
            then=after(house.holder) == house.holder,
            rules="HOUSE-5",
        ),
        sometimes("a creak", of=house.noise == house.Noise.CREAK, rules="HOUSE-2"),
    ]
    report = check(Claims(house_system, claims))
    assert report.holds
    assert [len(finding.witness.steps) for finding in report.findings] == [2, 2, 1, 1, 1]


def test_what_is_not_said_is_neither_one_thing_nor_another(house, house_system):
    """A refusal makes no noise, so a claim that there is one is broken, whatever else it says."""
    creaks = (house.noise == house.Noise.CREAK) & (house.by == house.Person.ANN)
    result = decided(house_system, always("it creaks", when=house.by == house.Person.ANN, then=creaks, rules="HOUSE-2"))
    assert requests(result.counterexample) == ["Turn Key (by Ann)"]


def test_the_shortest_case_is_shown_whichever_request_it_is_on(house, house_system):
    """A switch pressed behind a locked door comes first in order of declaration, a key refused sooner in a run."""
    late, soon = IsA((house.Press,)) & (house.door == house.Door.LOCKED), IsA((house.Turn,))
    either = late | (soon & (house.outcome == house.Say.REFUSED))
    broken = decided(house_system, always("quiet", then=~either, rules="HOUSE-5"))
    assert requests(broken.counterexample) == ["Turn Key (by Ann)"]
    assert requests(decided(house_system, sometimes("a word", of=either, rules="HOUSE-5")).witness) == [
        "Turn Key (by Ann)"
    ]


def test_how_far_a_request_comes_may_depend_on_the_state(house):
    gates = [*house.parts()["gates"], Gate(house.Place.DOOR, [], on=[house.Turn])]
    system = house.house(gates=gates)
    turned, through = IsA((house.Turn,)), Reached(house.Place.DOOR)
    broken = decided(system, always("all come through", when=turned, then=through, rules="HOUSE-5"))
    assert requests(broken.counterexample) == ["Turn Key (by Ann)"]
    fitting = turned & (house.by == house.holder) & (house.door != house.Door.OPEN)
    assert decided(system, always("some come through", when=fitting, then=through, rules="HOUSE-5")).holds
    assert decided(system, always("no others do", when=turned & through, then=fitting, rules="HOUSE-5")).holds


def test_sometimes(house, house_system):
    of = (house.lamp == house.Lamp.ON) & (house.door == house.Door.LOCKED)
    assert len(decided(house_system, sometimes("both", of=of, rules="HOUSE-1")).witness.steps) == 3
    never = decided(house_system, sometimes("never", of=of & (house.fuse == house.Fuse.BLOWN), rules="HOUSE-1"))
    assert (never.holds, never.witness) == (False, None)


def test_always_possible(house, house_system):
    can_open = decided(house_system, always_possible("it opens", goal=house.door == house.Door.OPEN, rules="HOUSE-2"))
    assert can_open.holds
    far = always_possible("it locks", goal=house.door == house.Door.LOCKED, rules="HOUSE-3")  # two requests away
    assert decided(house_system, far).holds
    stuck = decided(house_system, always_possible("light", goal=house.lamp == house.Lamp.ON, rules="HOUSE-1"))
    assert not stuck.holds
    assert requests(stuck.counterexample) == []
    assert stuck.counterexample.start.fuse is house.Fuse.BLOWN


def test_the_way_to_a_goal_may_close_late(house):
    """A door that stays locked: nothing opens it, two requests from the start."""
    moves = [move for move in house.doors().transitions if house.Door.LOCKED not in move.source]
    system = house.house(lifecycles=[house.lamps(), house.doors(transitions=moves), *house.house().lifecycles[2:]])
    result = decided(system, always_possible("it opens", goal=house.door == house.Door.OPEN, rules="HOUSE-2"))
    assert requests(result.counterexample) == ["Push Door (by Ann)", "Turn Key (by Ann)"]


def _secret(house, **changes):
    between = (house.Person.ANN, house.Person.BEN)
    given = {"name": "who", "secret": house.holder, "between": between, "sees": house.by == house.Person.CAT}
    return indistinguishable(**given | {"observes": (house.outcome, house.reason), "rules": "HOUSE-5"} | changes)


def test_a_secret_that_is_kept(house, house_system):
    result = decided(house_system, _secret(house))
    assert (result.holds, result.counterexample, result.other_run) == (True, None, None)


def test_a_secret_that_is_reported(house):
    """A note on the door, which Cat may read once the door is shut, says whether Ann has the key."""
    reader = Field("reader", house.Person)
    Read = RequestType("ReadNote", [reader])  # noqa: N806  # a type
    reported = {"outcome": house.Say.DONE, "at": house.Place.DOOR, "rules": "HOUSE-6"}
    shown = (house.door == house.Door.SHUT) & (house.holder == house.Person.ANN)
    note = [
        Answer([Read], reason=house.Why.STRANGER, when=shown, **reported),
        Answer([Read], reason=house.Why.AS_ASKED, **reported),
    ]
    parts = house.parts()
    system = house.house(requests=[*parts["requests"], Read], answers=[*parts["answers"], *note])
    result = decided(system, _secret(house, sees=reader == house.Person.CAT))
    assert not result.holds
    assert [len(run.steps) for run in (result.counterexample, result.other_run)] == [2, 2]
    assert requests(result.counterexample)[-1] == requests(result.other_run)[-1] == "Read Note (reader Cat)"
    assert result.counterexample.start.holder is house.Person.ANN
    assert result.other_run.start.holder is house.Person.BEN
    assert result.counterexample.steps[-1].verdict.reason is not result.other_run.steps[-1].verdict.reason
    kept = decided(system, _secret(house, sees=reader == house.Person.CAT, observes=(house.outcome,)))
    assert kept.holds


def test_a_run_starts_where_the_system_may(house):
    """Nobody but Ann holds the key at the start, so there are no two runs to be told apart."""
    give = RequestType("GiveKey", [house.by])
    given = [
        Transition(house.Person, give, person, when=house.by == person, rules="HOUSE-5") for person in house.Person
    ]
    parts = house.parts()
    holder = type(parts["lifecycles"][3])(house.holder, house.Person.ANN, given)
    answer = Answer([give], outcome=house.Say.DONE, reason=house.Why.AS_ASKED, at=house.Place.DOOR, rules="HOUSE-5")
    system = house.house(
        lifecycles=[*parts["lifecycles"][:3], holder],
        requests=[*parts["requests"], give],
        answers=[*parts["answers"], answer],
    )
    assert decided(system, _secret(house)).vacuous


def test_only_some_claims(house, house_system):
    claims = [
        sometimes(name, of=house.lamp == lamp, rules="HOUSE-1")
        for name, lamp in zip(("one", "other"), house.Lamp, strict=True)
    ]
    report = check(Claims(house_system, claims), only=["other"])
    assert [finding.claim.name for finding in report.findings] == ["other"]
    assert report.wellformedness is None
    assert [part.variables for part in report.slices] == [("lamp", "door", "fuse", "holder")]
    with pytest.raises(DeclarationError, match="no property is named 'third'"):
        check(Claims(house_system, claims), only=["third"])


def test_a_report_holds_only_if_the_system_is_sound_too(house):
    never = Transition(house.Lamp.OFF, house.Turn, house.Lamp.ON, when=house.door == house.Door.OPEN, rules="HOUSE-1")
    lamps = house.lamps(transitions=[*house.lamps().transitions, never])
    system = house.house(lifecycles=[lamps, *house.parts()["lifecycles"][1:]], explored=False)
    report = check(Claims(system, [sometimes("light", of=house.lamp == house.Lamp.ON, rules="HOUSE-1")]))
    assert report.findings[0].holds
    assert not report.holds
    assert report.wellformedness.dead == ("lifecycle 'lamp': the transition OFF --TurnKey--> ON can never fire",)


def test_the_same_is_found_twice(house):
    def result():
        claims = [
            always("dark", when=house.door == house.Door.LOCKED, then=house.lamp == house.Lamp.OFF, rules="HOUSE-1"),
            always("it opens", when=IsA((house.Push,)), then=house.outcome == house.Say.DONE, rules="HOUSE-6"),
            always_possible("light", goal=house.lamp == house.Lamp.ON, rules="HOUSE-1"),
        ]
        report = check(Claims(house.house(), claims))
        return "\n".join(finding.counterexample.text() for finding in report.findings).encode()

    assert result() == result()


def test_progress_is_reported(house, house_system):
    reported = []
    claims = Claims(house_system, [sometimes("light", of=house.lamp == house.Lamp.ON, rules="HOUSE-1")])
    check(claims, progress=lambda done, of: reported.append((done, of)))
    assert reported[-1][0] == reported[-1][1]
    assert [done for done, _ in reported] == sorted(done for done, _ in reported)


FAULT_OF_OURS = "the oracle does not confirm the checker's result"


def test_a_run_that_the_oracle_does_not_make_is_a_fault_of_the_framework(house, house_system, monkeypatch):
    claim = always("dark", when=house.door == house.Door.LOCKED, then=house.lamp == house.Lamp.OFF, rules="HOUSE-1")
    real = Space.path
    monkeypatch.setattr(Space, "path", lambda space, index: (real(space, index)[0], real(space, index)[1][:-1]))
    with pytest.raises(EnginesDisagreeError, match=f"{FAULT_OF_OURS}: .*\nstart: "):
        decided(house_system, claim)


def test_a_way_that_the_engine_does_not_find_is_a_fault_of_the_framework(house, house_system, monkeypatch):
    claim = always_possible("it opens", goal=house.door == house.Door.LOCKED, rules="HOUSE-2")
    assert decided(house_system, claim).holds
    monkeypatch.setattr("statemachines.checker.explicit.Space.leading_to", lambda _self, goal: goal)
    with pytest.raises(EnginesDisagreeError, match=f"{FAULT_OF_OURS}: a state is reachable .*\nstart: ") as raised:
        decided(house_system, claim)
    assert "Push Door (by Ann)" in str(raised.value)
    assert "door: shut -> locked" in str(raised.value)


def test_a_dead_end_that_the_oracle_confirms(house):
    """Once the key is turned the door stays locked; the oracle looks for a way from there, and finds none."""
    stuck = house.house(
        lifecycles=[
            house.lamps(),
            house.doors(transitions=list(house.doors().transitions)[:3]),
            *house.parts()["lifecycles"][2:],
        ]
    )
    result = decided(stuck, always_possible("it opens", goal=house.door == house.Door.OPEN, rules="HOUSE-2"))
    assert requests(result.counterexample) == ["Push Door (by Ann)", "Turn Key (by Ann)"]


@pytest.mark.parametrize("fault", ["alike", "otherwise apart", "unseen", "another request"])
def test_two_runs_that_the_oracle_does_not_compare_runs_are_a_fault_of_the_framework(
    house, house_system, monkeypatch, fault
):
    """Each of the four breaks one thing that such runs have to be, and nothing else."""
    ann, ben = (house_system.state(holder=who) for who in (house.Person.ANN, house.Person.BEN))
    locked = house_system.state(holder=house.Person.BEN, door=house.Door.LOCKED)
    push, turn = house.Push(by=house.Person.CAT), house.Turn(by=house.Person.CAT)
    by_ann = house.Turn(by=house.Person.ANN)
    difference = {
        "alike": Difference((ann, ben), (push,), (push,)),
        "otherwise apart": Difference((ann, locked), (push,), (push,)),
        "unseen": Difference((ann, ben), (push, by_ann), (push, by_ann)),
        "another request": Difference((ann, ben), (push,), (turn,)),
    }[fault]
    reported = [
        replay(house_system, start, run).steps[-1].verdict.outcome
        for start, run in zip(difference.starts, (difference.first, difference.second), strict=True)
    ]
    assert (reported[0] is reported[1]) == (fault == "alike")
    monkeypatch.setattr(
        "statemachines.checker.explicit_pairs.compare_runs",
        lambda *given: [attrs.evolve(looked, difference=difference) for looked in compare_runs(*given)],
    )
    with pytest.raises(
        EnginesDisagreeError, match=f"{FAULT_OF_OURS}: the observer can tell two runs apart by key holder\n"
    ):
        decided(house_system, _secret(house))


def test_what_is_claimed_and_what_of_it_broke_is_reported(house, house_system):
    on, is_shut = house.lamp == house.Lamp.ON, house.door == house.Door.SHUT
    of_state, of_step = check(
        claims.Claims(
            house_system,
            [
                always("dark and shut", then=~on & is_shut, rules="HOUSE-1"),
                always("it opens", when=IsA((house.Push,)), then=house.outcome == house.Say.REFUSED, rules="HOUSE-6"),
            ],
        )
    ).findings
    assert of_state.condition == (~on & is_shut).words()
    assert of_state.broken in (on.words(), (~is_shut).words())
    assert of_step.condition.startswith("wherever ")
    assert of_step.broken == (house.outcome != house.Say.REFUSED).words()
    kept = decided(house_system, always("alike", then=~on | on, rules="HOUSE-1"))
    assert (kept.holds, kept.broken) == (True, "")


def test_what_two_runs_show_that_the_observer_distinguishes_is_reported(house, house_system):
    result = decided(house_system, _secret(house, sees=TRUE))
    assert not result.holds
    assert result.condition == (
        f"every step shows the same {house.outcome.label}, {house.reason.label}, whatever the {house.holder.label} is"
    )
    assert " and " in result.broken


def test_a_request_without_a_verdict_is_no_way_to_a_goal_and_moves_nothing(house):
    """Neither where the oracle looks for a way, nor by a transition that fires even if the request is refused."""
    slam = Transition(
        house.Door.LOCKED, house.Push, house.Door.OPEN, when=house.fuse == house.Fuse.BLOWN, rules="HOUSE-1",
        even_if_refused=True,
    )  # fmt: skip
    moves = [move for move in house.doors().transitions if house.Door.LOCKED not in move.source]
    parts = house.parts()
    answers = [
        attrs.evolve(one, when=one.when & (house.door != house.Door.LOCKED)) if house.Push in one.on else one
        for one in parts["answers"]
    ]
    system = house.house(
        lifecycles=[house.lamps(), house.doors(transitions=[*moves, slam]), *parts["lifecycles"][2:]],
        answers=answers,
        explored=False,
    )
    blown, opened = house.fuse == house.Fuse.BLOWN, house.door == house.Door.OPEN
    report = check(Claims(system, [always_possible("it opens", when=blown, goal=opened, rules="HOUSE-2")]))
    assert "has no verdict" in report.wellformedness.not_total[0]
    assert not report.findings[0].holds
    assert report.findings[0].counterexample.end.door is house.Door.LOCKED
