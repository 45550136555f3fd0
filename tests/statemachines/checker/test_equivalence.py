"""Whether a mutant can be told from the original: decided as a naive search of all pairs of states decides it."""

from enum import Enum

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from properties.mutation.behaviour_mutants import behaviours_of
from properties.mutation.mutants import mutants_of
from statemachines import Answer, Check, Gate, Lifecycle, Register, RequestType, Rule, System, Transition, Variable
from statemachines.checker import symbolic_product
from statemachines.checker.equivalence import SMALL, Comparer, Proof, comparer, distinguish
from statemachines.checker.slices import Slices, slices
from statemachines.errors import TooLargeError
from statemachines.language.expression import FALSE, TRUE
from tests.support import naive, strategies
from tests.support.thorough import examples


class Lamp(Enum):
    OFF = "off"
    ON = "on"


class Say(Enum):
    PANEL = "panel"
    DONE = "done"
    NOTHING = "nothing to see"
    SPECIAL = "something special"


left, right = Variable("left", Lamp), Variable("right", Lamp)
go, look = RequestType("Go"), RequestType("Look")


def _lifecycle(lamp, **when):
    return Lifecycle(lamp, Lamp.OFF, [Transition(Lamp.OFF, go, Lamp.ON, rules="L-1", **when)])


def _answers(special):
    return [
        Answer([look], outcome=Say.DONE, reason=Say.SPECIAL, when=special, at=Say.PANEL, rules="L-1"),
        Answer([go, look], outcome=Say.DONE, reason=Say.NOTHING, at=Say.PANEL, rules="L-1"),
    ]


TWO_LAMPS = System(
    "two lamps: one request turns both on, one tells whether both are",
    Register([Rule("L-1", "It is so.", "the manual")]),
    lifecycles=[_lifecycle(left), _lifecycle(right)],
    requests=[go, look],
    gates=[],
    answers=_answers((left == Lamp.ON) & (right == Lamp.ON)),
)
ONE_IS_ON = _answers((left == Lamp.ON) & (right == Lamp.OFF))


@pytest.mark.slow
@pytest.mark.parametrize("few", [2, 14])
def test_every_mutant_of_the_house_is_decided_as_a_naive_search_decides_it(house_system, monkeypatch, few):
    monkeypatch.setattr(symbolic_product, "FEW_REQUESTS", few)
    made = mutants_of(house_system)
    lengths, proofs, by_sets, differently, sooner = [], set(), {}, [], []
    for mutant in (*made.mutants, *behaviours_of(house_system)):
        result = comparer(mutant.original).compare(mutant.system, mutant.kinds, exclusive=mutant.exclusive)
        lengths.append(len(result.walk.requests) if result.walk else None)
        proofs.add(result.proof)
        of_sets = by_sets.setdefault(id(mutant.original), Comparer(Slices(mutant.original), small=0))
        again = of_sets.compare(mutant.system, mutant.kinds, exclusive=mutant.exclusive)
        assert (again.walk, again.proof) == (result.walk, result.proof), str(mutant)
        first = of_sets.compare(mutant.system, mutant.kinds, exclusive=mutant.exclusive, likely=True)
        assert (first.walk, first.proof) == (result.walk, result.proof), str(mutant)
        differently.append(again.pairs != result.pairs)
        sooner.append(first.walk is not None and first.pairs < again.pairs)
        assert lengths[-1] == naive.distinguished(mutant.original, mutant.system), str(mutant)
        assert (result.walk is None) is (result.proof is not None)
    assert None in lengths
    assert {1, 2, 3, 4} <= set(lengths)
    assert any(differently)  # sets of pairs were asked
    assert any(sooner)  # and those that few requests lead to were enough


@pytest.mark.slow
@examples(20)
@given(st.data())
def test_mutants_of_random_systems_are_decided_as_a_naive_search_decides_them(data):
    system = data.draw(strategies.systems())
    mutants = (*mutants_of(system).mutants, *behaviours_of(system))
    small = data.draw(st.sampled_from([0, SMALL]))  # decided by sets of pairs, or one by one
    for at in data.draw(st.lists(st.integers(0, len(mutants) - 1), min_size=1, max_size=8, unique=True)):
        mutant = mutants[at]
        of_original = Comparer(slices(mutant.original), small)
        result = of_original.compare(mutant.system, mutant.kinds, exclusive=mutant.exclusive)
        length = len(result.walk.requests) if result.walk else None
        event(result.proof.name if result.proof else f"told apart by {length}")
        assert length == naive.distinguished(mutant.original, mutant.system), str(mutant)
        if not mutant.exclusive:
            whole = distinguish(system, mutant.system)  # without being told which requests may differ
            assert (len(whole.requests) if whole else None) == length


@pytest.mark.slow
@examples(15)
@given(st.data())
def test_so_are_systems_with_two_mistakes(data):
    system = data.draw(strategies.systems())
    second = data.draw(st.sampled_from(mutants_of(system).mutants)).system
    second = data.draw(st.sampled_from(mutants_of(second).mutants)).system
    walk = distinguish(system, second)
    assert (len(walk.requests) if walk else None) == naive.distinguished(system, second)


def test_what_shows_only_in_a_state_that_one_of_them_never_has_tells_nothing_apart():
    one_stays_off = [_lifecycle(left), _lifecycle(right, when=FALSE)]
    other = TWO_LAMPS.varied(lifecycles=one_stays_off, answers=ONE_IS_ON)
    result = Comparer(slices(TWO_LAMPS)).compare(other)
    assert result.proof is Proof.NO_PAIR
    assert result.walk is None


def test_what_shows_in_a_state_that_both_have_tells_them_apart():
    other = TWO_LAMPS.varied(answers=ONE_IS_ON)
    assert len(distinguish(TWO_LAMPS, other).requests) == naive.distinguished(TWO_LAMPS, other) == 2


LEFT_IS_ON = _answers(left == Lamp.ON)


@pytest.mark.parametrize("small", [0, SMALL])
def test_what_shows_only_by_the_verdicts_of_the_other_in_a_state_of_its_own_tells_them_apart(small):
    reference = TWO_LAMPS.varied(answers=LEFT_IS_ON)
    both = _answers((left == Lamp.ON) & (right == Lamp.ON))
    other = TWO_LAMPS.varied(lifecycles=[_lifecycle(left), _lifecycle(right, when=FALSE)], answers=both)
    assert Comparer(slices(reference), small).compare(other).walk.requests == (go(), look())


def _three_lamps():
    """A step makes the left lamps differ; two more, which are alike, make that a difference that is seen."""
    copy, show = RequestType("Copy"), RequestType("Show")
    middle = Variable("middle", Lamp)
    steps = [
        Lifecycle(middle, Lamp.OFF, [Transition(Lamp.OFF, copy, Lamp.ON, when=left == Lamp.ON, rules="L-1")]),
        Lifecycle(right, Lamp.OFF, [Transition(Lamp.OFF, show, Lamp.ON, when=middle == Lamp.ON, rules="L-1")]),
    ]
    answers = [
        Answer([look], outcome=Say.DONE, reason=Say.SPECIAL, when=right == Lamp.ON, at=Say.PANEL, rules="L-1"),
        Answer(outcome=Say.DONE, reason=Say.NOTHING, at=Say.PANEL, rules="L-1"),
    ]
    reference, other = (
        System(
            "three lamps",
            TWO_LAMPS.register,
            lifecycles=[_lifecycle(left, when=when), *steps],
            requests=[go, copy, show, look],
            gates=[],
            answers=answers,
        )
        for when in (TRUE, FALSE)
    )
    return reference, other, (go(), copy(), show(), look())


@pytest.mark.parametrize("small", [0, SMALL])
def test_what_shows_only_after_requests_that_are_alike_in_both_tells_them_apart(small):
    reference, other, requests = _three_lamps()
    assert Comparer(Slices(reference), small).compare(other).walk.requests == requests


def test_where_all_pairs_are_too_many_those_that_few_requests_lead_to_decide(monkeypatch):
    reference, other, requests = _three_lamps()
    of_sets = Comparer(Slices(reference), 0)
    first = of_sets.compare(other)

    def too_large(*_):
        raise TooLargeError("too many pairs")

    monkeypatch.setattr(symbolic_product, "closure", too_large)
    assert of_sets.compare(other).walk.requests == requests
    whole = len(of_sets.slices.explored)  # of the slice that decides, only the states that few requests lead to
    monkeypatch.setattr(symbolic_product, "MOST_NODES", 0)
    again = of_sets.compare(other)
    assert again.walk == first.walk
    assert len(of_sets.slices.explored) > whole


def test_what_shows_at_once_after_they_parted_is_found_among_the_states_that_lead_there():
    copy, third = RequestType("Copy"), Variable("third", Lamp)
    reference, other = (
        System(
            "three lamps, of which the third stays off",
            TWO_LAMPS.register,
            lifecycles=[
                _lifecycle(right),
                Lifecycle(left, Lamp.OFF, [Transition(Lamp.OFF, copy, Lamp.ON, when=when, rules="L-1")]),
                Lifecycle(third, Lamp.OFF, [Transition(Lamp.OFF, look, Lamp.ON, when=FALSE, rules="L-1")]),
            ],
            requests=[go, copy, look],
            gates=[],
            answers=[
                *_answers((left == Lamp.ON) & (third == Lamp.OFF)),
                Answer(outcome=Say.DONE, reason=Say.NOTHING, at=Say.PANEL, rules="L-1"),
            ],
        )
        for when in (right == Lamp.ON, FALSE)
    )
    assert Comparer(Slices(reference), 0).compare(other).walk.requests == (go(), copy(), look())


def _watched(*, even_if_refused=False, look_answered=True):
    """A lamp that a request turns on, where the gate lets no request pass while it is off."""
    turning = Transition(Lamp.OFF, go, Lamp.ON, rules="L-1", even_if_refused=even_if_refused)
    says = {"outcome": Say.DONE, "at": Say.PANEL, "rules": "L-1"}
    answers = [
        Answer([look], reason=Say.SPECIAL, when=left == Lamp.ON, **says),
        Answer([go], reason=Say.NOTHING, **says),
        Answer([look], reason=Say.NOTHING, when=TRUE if look_answered else left == Lamp.ON, **says),
    ]
    closed = Check("it is on", fails_when=left == Lamp.OFF, outcome=Say.DONE, reason=Say.NOTHING, rules="L-1")
    return System(
        "a lamp behind a gate",
        TWO_LAMPS.register,
        lifecycles=[Lifecycle(left, Lamp.OFF, [turning])],
        requests=[go, look],
        gates=[Gate(Say.PANEL, [closed], on=[go])],
        answers=answers,
    )


def test_a_transition_that_fires_even_if_refused_is_another_one():
    walk = distinguish(_watched(), _watched(even_if_refused=True))
    assert walk.requests == (go(), look())
    assert distinguish(_watched(even_if_refused=True), _watched()).requests == (go(), look())


def test_a_verdict_where_the_other_system_has_none_tells_them_apart():
    assert distinguish(_watched(look_answered=False), _watched()).requests == (look(),)
    assert distinguish(_watched(), _watched(look_answered=False)).requests == (look(),)


def test_where_sets_of_pairs_are_too_large_pairs_one_by_one_decide(monkeypatch):
    other = TWO_LAMPS.varied(lifecycles=[_lifecycle(left), _lifecycle(right, when=FALSE)])
    by_sets, one_by_one = Comparer(slices(TWO_LAMPS), 0).compare(other), Comparer(slices(TWO_LAMPS)).compare(other)
    monkeypatch.setattr(symbolic_product, "MOST_NODES", 0)
    again = Comparer(slices(TWO_LAMPS), 0).compare(other)
    assert again.walk == one_by_one.walk == by_sets.walk
    assert again.pairs == one_by_one.pairs != by_sets.pairs
