"""What a run shows to be right: counted by variable, it is what counting use by use finds."""

from enum import Enum
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from properties.conformance.diagnosis.declarations import DeclarationRole, declarations
from properties.conformance.diagnosis.evidence import exercised, reads, right_key
from properties.conformance.diagnosis.failing import taken
from statemachines import (
    Answer,
    Check,
    Count,
    Gate,
    Lifecycle,
    Register,
    RequestType,
    Rule,
    System,
    Variable,
    adding,
)
from tests.support import strategies
from tests.support.thorough import examples

Level = Count(0, 3)


class Say(Enum):
    YES = "yes"
    NO = "no"
    COUNTER = "counter"


def use_by_use(system, run):
    known, shown, unread = declarations(system), set(), {}
    for step in run:
        for name in reads(system, step.request):
            shown |= {use.key for use in unread.pop(name, ())}
        for use in known.uses(step.before, step.request, step.verdict):
            if use.role in (DeclarationRole.FIRED, DeclarationRole.HELD):
                name = known.variable_of(use.declaration)
                if use.role is DeclarationRole.FIRED:
                    unread[name] = []
                unread.setdefault(name, []).append(use)
            else:
                shown.add(right_key(use, step.request.type))
    return shown


def random_run(system, length, seed):
    draw, requests = Random(seed), list(system.all_requests())
    return taken(system, draw.choice(list(system.initial_states())), draw.choices(requests, k=length))


def test_what_runs_of_the_house_show(house_system):
    shown = [set(exercised(house_system, random_run(house_system, length, length))) for length in range(1, 30)]
    assert shown == [use_by_use(house_system, random_run(house_system, length, length)) for length in range(1, 30)]
    assert len(set(map(frozenset, shown))) > 10


def test_what_left_a_counter_before_it_was_changed_is_shown_no_more():
    up, look, level = RequestType("Up"), RequestType("Look"), Variable("level", Level)
    there = Check("it is not empty", fails_when=level == 0, outcome=Say.NO, reason=Say.NO, on=[look], rules="C-1")
    counter = System(
        "counter",
        Register([Rule("C-1", "It counts.", "the manual")]),
        lifecycles=[Lifecycle(level, Level(0), adding(level, 1, up, rules="C-1"))],
        requests=[up, look],
        gates=[Gate(Say.COUNTER, [there], on=[look])],
        answers=[Answer(outcome=Say.YES, reason=Say.YES, at=Say.COUNTER, rules="C-1")],
    )
    run = taken(counter, counter.state(), [up(), up(), look()])
    shown = set(exercised(counter, run))
    assert shown == use_by_use(counter, run)
    assert {"transition:level/1:fired", "transition:level/0:held"} <= shown
    assert "transition:level/1:held" not in shown


@examples(20)
@given(strategies.systems(), st.integers(0, 99))
def test_what_runs_of_random_systems_show(system, seed):
    run = random_run(system, 12, seed)
    assert set(exercised(system, run)) == use_by_use(system, run)
