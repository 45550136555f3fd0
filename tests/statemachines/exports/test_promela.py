"""The Promela export, and SPIN beside every other engine on the same systems."""

from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import parcel_locker
from properties.smets1.fleet import claims_of
from statemachines import (
    Answer,
    DeclarationError,
    Lifecycle,
    Register,
    RequestType,
    Rule,
    Transition,
    Variable,
    after,
    always,
    always_possible,
    check,
    fixed,
    sometimes,
)
from statemachines.checker.explicit import distinct, explore
from statemachines.checker.slices import Slices
from statemachines.exports.promela import promela
from statemachines.exports.spin_runner import missing, quickest_compiler, run_spin
from statemachines.language import claims
from statemachines.language.claims import Always
from statemachines.language.expression import FALSE, TRUE
from statemachines.language.system import System
from statemachines.smets1.fleet import fleet
from tests.support import compare_readings, house, naive, strategies
from tests.support.thorough import examples

needs_spin = pytest.mark.skipif(bool(missing(quickest_compiler())), reason=missing(quickest_compiler()) or "it is here")


def spin(model, *defines, **options):
    """What SPIN says of a small model."""
    some = {"compiler": quickest_compiler(), "optimisation": "-O0", "hash_bits": 14, "most_depth": 20_000}
    return run_spin(model.text, defines=defines, seconds=120, **{**some, **options})


def moves(space):
    """How many steps between states of the space there are, requests that do the same taken together."""
    return sum(len(space.moves(effect)[0]) for effect in distinct(space.effects))


def reported(model, result):
    """The names of the claims whose case was met, and of those that were broken."""
    names = {each.number: each.claim.name for each in model.properties}
    return {names[number] for number in result.cases}, {names[number] for number in result.violated}


def agrees_with_the_checker(made, **options):
    """SPIN finds the same reachable states, as many steps between them, and the same of every claim."""
    model, space = promela(made), explore(made.system)
    looked = spin(model, "REPORT_ALL", **options)
    assert looked.complete
    assert looked.states == len(space) + 1
    in_telling = len(looked.cases) + len(looked.violated)
    assert looked.transitions - in_telling == 1 + model.initial + moves(space)
    cases, broken = reported(model, looked)
    findings = [one for one in check(made).findings if one.claim not in model.left_out]
    assert cases == {one.claim.name for one in findings if one.witness}
    assert broken == {one.claim.name for one in findings if one.counterexample}
    return model


def house_claims(house, system):
    """What is claimed of the house, of every kind, some of it wrong."""
    locked, dark = house.door == house.Door.LOCKED, house.fuse == house.Fuse.BLOWN
    return claims.Claims(
        system,
        [
            always("a locked door has its lamp off", when=locked, then=house.lamp == house.Lamp.OFF, rules="HOUSE-1"),
            always(
                "only the key holder locks",
                when=(house.by != house.holder) & ~locked,
                then=after(house.door) != house.Door.LOCKED,
                rules="HOUSE-5",
            ),
            always("it is never dark", when=dark, then=house.lamp == house.Lamp.ON, rules="HOUSE-4"),
            always("all is refused", then=house.outcome == house.Say.REFUSED, rules="HOUSE-4"),
            always("it says nothing", when=FALSE, then=locked, rules="HOUSE-4"),
            sometimes("it is locked", of=locked, rules="HOUSE-3"),
            sometimes("the lamp is on in the dark", of=dark & (house.lamp == house.Lamp.ON), rules="HOUSE-3"),
            always_possible("it can be opened", goal=house.door == house.Door.OPEN, rules="HOUSE-2"),
        ],
    )


@needs_spin
def test_spin_counts_and_finds_the_same_of_the_house(house_system):
    made = house_claims(house, house_system)
    model = agrees_with_the_checker(made)
    assert [claim.name for claim in model.left_out] == ["it can be opened"]


@needs_spin
def test_spin_counts_and_finds_the_same_of_the_parcel_locker():
    agrees_with_the_checker(parcel_locker.claims)


@needs_spin
@pytest.mark.parametrize("reduction", [False, True])
@pytest.mark.parametrize(("sites", "dated"), [(2, False), (3, False), (4, False), (2, True)])
def test_spin_counts_and_finds_the_same_of_fleets(sites, dated, reduction):
    made = claims_of(fleet(sites, dated=dated))
    model = agrees_with_the_checker(made, reduction=reduction)
    counted, space = spin(model, "NOCHECK", reduction=reduction), explore(made.system)
    assert (counted.states, counted.transitions) == (len(space) + 1, 1 + model.initial + moves(space))


@needs_spin
def test_one_property_is_asserted_alone_and_a_sometimes_is_violated(house_system):
    made = house_claims(house, house_system)
    model = promela(made)
    numbers = {each.claim.name: each.number for each in model.properties}
    for name, finding in (
        ("only the key holder locks", False),
        ("all is refused", True),
        ("it is locked", True),
        ("the lamp is on in the dark", False),
    ):
        result = spin(model, f"PROPERTY={numbers[name]}")
        assert result.violated == ((numbers[name],) if finding else ())
        assert result.complete is not finding
    assert spin(model).violated  # of every always together, and of no sometimes
    assert spin(model).violated[0] in {numbers["it is never dark"], numbers["all is refused"]}


def naive_lengths(system, claim, known, naive):
    """The lengths of the shortest case and of the shortest breach."""
    shortest = naive.shortest_step if claim.of_steps else naive.shortest_state
    if isinstance(claim, Always):
        return shortest(system, known, claim.when), shortest(system, known, claim.when & ~claim.then)
    return shortest(system, known, claim.of), None


@st.composite
def claimed(draw, strategies, system):
    """A few claims of a system, of states and of steps."""
    conditions = [strategies.state_conditions(system), strategies.step_conditions(system)]
    made = [
        always(f"always {number}", when=draw(st.just(TRUE) | some), then=draw(some), rules="R-1")
        for number, some in enumerate(2 * conditions)
    ]
    made += [sometimes(f"sometimes {number}", of=draw(some), rules="R-1") for number, some in enumerate(conditions)]
    return claims.Claims(system, made)


@pytest.mark.slow
@needs_spin
def test_every_engine_and_spin_agree_on_random_systems(record_property):
    compared = []

    @examples(20)
    @given(st.data())
    def compare(data):
        system = data.draw(strategies.systems())
        made = data.draw(claimed(strategies, system))
        known = naive.depths(system)
        oracle_and_machines(system, known, naive, compare_readings)
        space = explore(system)
        assert {space.state(index): int(space.depth[index]) for index in range(len(space))} == known
        lengths = {claim.name: naive_lengths(system, claim, known, naive) for claim in made.claims}
        for one in check(made).findings:
            case, breach = (None if run is None else len(run.steps) for run in (one.witness, one.counterexample))
            assert (case, breach) == lengths[one.claim.name]
        model = agrees_with_the_checker(made)
        for each in model.properties:
            if len(compared) % 4 == 0 and lengths[each.claim.name][1] is not None:  # each is another verifier
                finding = spin(model, f"PROPERTY={each.number}", breadth_first=True)
                steps = finding.depth - model.choices + each.claim.of_steps
                assert (finding.violated, steps) == ((each.number,), lengths[each.claim.name][1])
                break
        compared.append(len(known))

    compare()
    record_property("random systems that every engine and SPIN agree on", len(compared))
    record_property("random systems: states of these", sum(compared))


def oracle_and_machines(system, known, naive, compare_readings):
    """The compiled oracle says what the plain interpreter says, and so do the live machines."""
    readings = compare_readings.Readings(system)
    for state in known:
        for request in system.all_requests():
            after_, verdict = readings.oracle.decide(state, request)
            assert (after_, verdict) == naive.step(system, state, request)
    for state in list(known)[:50]:
        for asked in readings.slices.requests:
            readings.oracle_and_live(state, asked)


@pytest.mark.slow
@needs_spin
def test_spin_counts_the_states_of_slices_of_random_systems():
    @examples(10)
    @given(st.data())
    def compare(data):
        system = data.draw(strategies.systems())
        made = data.draw(claimed(strategies, system))
        wanted = {variable.name for variable in data.draw(strategies.subsets(system.variables, most=2))}
        slices = Slices(system)
        space = slices.space(wanted)
        model = promela(made, variables=space.radices.names)
        looked = spin(model, "REPORT_ALL")
        assert looked.states == len(space) + 1
        cases, broken = reported(model, looked)
        for one in check(made).findings:
            here = {each.claim.name: each.whole for each in model.properties}
            whole = here.get(one.claim.name)
            assert (one.claim.name in cases) <= bool(one.witness)
            assert (one.claim.name in broken) <= bool(one.counterexample)
            if whole:
                assert (one.claim.name in cases) == bool(one.witness)
                assert (one.claim.name in broken) == bool(one.counterexample)

    compare()


class Awkward(Enum):
    double = "*/ int x; /*"
    SAME = "a\nline"


def awkward():
    """A system whose every name means something else in Promela or in C."""
    kind = Enum("d", {"step": "a", "é": "b", "è": "c"})
    do, errno, release = Variable("do", Awkward), Variable("errno", kind), Variable("release", kind)
    other = Variable("è", kind)
    init, timeout = RequestType("init"), RequestType("timeout", label="*/ end /*")
    first, second, third = kind
    say = Awkward.SAME
    return System(
        "*/ it /* is",
        Register([Rule("R", "So.", "nowhere")]),
        lifecycles=[
            Lifecycle(do, Awkward.double, [Transition(Awkward.double, init, Awkward.SAME, rules="R")]),
            fixed(errno),
            # Each takes the other's value: a reading that assigns one before it has looked for the other gets it wrong.
            Lifecycle(
                release,
                first,
                [
                    *(
                        Transition(one, init, two, when=other == two, rules="R")
                        for one in kind
                        for two in kind
                        if one is not two
                    ),
                    Transition(first, timeout, second, rules="R"),
                    Transition(second, timeout, third, rules="R"),
                ],
            ),
            Lifecycle(
                other,
                first,
                [
                    *(
                        Transition(one, init, two, when=release == two, rules="R")
                        for one in kind
                        for two in kind
                        if one is not two
                    ),
                    Transition(first, timeout, third, when=do == Awkward.SAME, rules="R"),
                ],
            ),
        ],
        requests=[init, timeout],
        answers=[Answer([init, timeout], outcome=say, reason=say, at=say, rules="R")],
    )


@needs_spin
def test_names_are_made_safe_and_values_change_places():
    system = awkward()
    assert len(naive.depths(system)) == len(explore(system))
    made = claims.Claims(system, [always('it "is" */ so', then=system.variables[2] == system.variables[3], rules="R")])
    model = agrees_with_the_checker(made)
    assert len(explore(system)) > 10
    assert "/* / * it" not in model.text
    assert model.text.isascii() or model.text.encode()


def test_the_same_bytes_each_time():
    texts = {promela(house_claims(house, house.house())).text for _ in range(2)}
    assert len(texts) == 1


def test_what_is_not_in_a_model_is_reported_in_it(house_system):
    made = house_claims(house, house_system)
    model = promela(made, variables=["fuse"])
    assert model.variables == ("fuse",)
    for claim in made.claims:
        assert f'"{claim.name}"' in model.text
    assert 'always possible: "it can be opened" [HOUSE-2]; it is no assertion about one state' in model.text
    assert '"it is locked" [HOUSE-3]; it needs variables that are forgotten here' in model.text


def test_a_property_is_written_with_what_it_needs_and_no_more(house_system):
    made = house_claims(house, house_system)
    model = promela(made, only=["it is locked"])
    assert set(model.variables) == {"door", "holder"}
    assert [each.claim.name for each in model.properties] == ["it is locked"]
    assert model.properties[0].whole


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"variables": ["door"]}, "no exact slice of system 'house': what changes them reads holder too"),
        ({"variables": ["window"]}, "no lifecycle 'window'"),
        ({"variables": []}, "needs at least one variable"),
        ({"only": ["it is lockd"]}, "no property is named 'it is lockd'; did you mean: it is locked"),
    ],
)
def test_what_cannot_be_written_is_refused(options, message, house_system):
    with pytest.raises(DeclarationError, match=message):
        promela(house_claims(house, house_system), **options)


def test_a_variable_with_values_of_several_enums_is_refused_in_one_message():
    one, other = Enum("One", {"NO": "no"}), Enum("Other", {"YES": "yes"})
    ask = RequestType("Ask")
    system = System(
        "several enums",
        Register([Rule("R-1", "It is so.", "the manual")]),
        lifecycles=[fixed(Variable("choice", Enum, among=[one.NO, other.YES]))],
        requests=[ask],
        answers=[Answer([ask], outcome=one.NO, at=one.NO, reason=one.NO, rules="R-1")],
    )
    with pytest.raises(DeclarationError, match="'choice' has values of several enums"):
        promela(claims.Claims(system, []))
