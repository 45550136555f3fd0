"""Circuits: a model checker that shares no code with ours agrees on every `always` claim, and how far breaches are."""

from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import parcel_locker
from statemachines import (
    Answer,
    Claims,
    Count,
    DeclarationError,
    Lifecycle,
    Register,
    RequestType,
    Rule,
    System,
    Variable,
    adding,
    after,
    always,
    always_possible,
)
from statemachines.exports.aiger import Circuit, exported
from statemachines.language.expression import TRUE
from tests.support import circuit_checker, strategies
from tests.support.thorough import examples

needs_abc = pytest.mark.skipif(bool(circuit_checker.MISSING), reason=circuit_checker.MISSING or "it is here")


@pytest.mark.slow
@needs_abc
def test_abc_agrees_on_random_systems(tmp_path, record_property):
    compared, broken = [], []

    @examples(12)
    @given(st.data())
    def compare(data):
        system = data.draw(strategies.systems())
        some = [strategies.state_conditions(system), strategies.step_conditions(system)]
        made = [
            always(f"always {number}", when=data.draw(st.just(TRUE) | one), then=data.draw(one), rules="R-1")
            for number, one in enumerate(2 * some)
        ]
        broken.append(circuit_checker.agree(Claims(system, made), tmp_path))
        compared.append(len(made))

    compare()
    assert 0 < sum(broken) < sum(compared)
    record_property("random systems: always claims on which ABC agrees", sum(compared))


@needs_abc
def test_abc_agrees_on_the_parcel_locker(tmp_path):
    assert circuit_checker.agree(parcel_locker.claims, tmp_path, ["a wrong code opens nothing"]) == 0
    box, code = parcel_locker.box, parcel_locker.code
    never = always("the box is never full", then=box != parcel_locker.Box.FULL, rules="BOX-1")
    always_wrong = always("nobody has a right code", then=code == parcel_locker.Code.WRONG, rules="BOX-1")
    assert circuit_checker.agree(Claims(parcel_locker.system, [never, always_wrong]), tmp_path) == 2


@needs_abc
def test_abc_counts(tmp_path):
    """From 0 or 3 to 12, in four bits: each value is reached after so many requests, and no lower one follows."""
    number, next_one = Variable("number", Count(0, 12)), RequestType("Next")
    ok = Enum("Said", {"OK": "ok"}).OK
    rules = Register([Rule("R-1", "It counts.", "nowhere")])
    moves = adding(number, 1, next_one, rules="R-1")
    counting = Lifecycle(number, initial=[number.domain[0], number.domain[3]], transitions=moves)
    answer = Answer([next_one], outcome=ok, at=ok, reason=ok, rules="R-1")
    system = System("counter", register=rules, lifecycles=[counting], requests=[next_one], gates=[], answers=[answer])
    never = [always(f"it is never {value}", then=number != value, rules="R-1") for value in range(13)]
    last = always("the next is never 12", then=after(number) != 12, rules="R-1")
    grows = always("it never shrinks", then=after(number) >= number, rules="R-1")
    either = always("it is neither 2 nor 4", then=(number != 2) & (number != 4), rules="R-1")
    assert circuit_checker.agree(Claims(system, [*never, last, grows, either]), tmp_path) == 15


def test_the_file_has_the_header_the_names_and_what_is_left_out():
    made = exported(parcel_locker.claims)
    header, _, rest = made.text.partition(b"\n")
    kind, nodes, inputs, latches, outputs, conjunctions = header.split()
    assert kind == b"aig"
    assert int(nodes) == int(inputs) + int(latches) + int(conjunctions)
    assert int(outputs) == 1
    assert b"\no0 a wrong code opens nothing\nc\n" in rest
    assert b"\nl0 started[0]\n" in rest
    assert made.summary.endswith("1 properties; 1 of other kinds are left out")


def test_what_has_no_always_claim_is_no_circuit():
    free = always_possible("free", goal=parcel_locker.box == parcel_locker.Box.EMPTY, rules="BOX-2")
    with pytest.raises(DeclarationError, match="claim of the kind always, and there is none"):
        exported(Claims(parcel_locker.system, [free]))


def test_a_circuit_folds_what_is_constant_and_has_each_conjunction_once():
    circuit = Circuit(2)
    one, other = 2, 4
    assert circuit.both(one, 0) == circuit.both(one, one ^ 1) == 0
    assert circuit.both(one, 1) == circuit.both(one, one) == one
    assert circuit.both(one, other) == circuit.both(other, one) == 6
    assert circuit.conjunctions == [(4, 2)]
    assert circuit.some([one, 1]) == 1
