"""Machine files: what is read back is what was declared, and what is no machine file is refused in one message."""

import json
import pickle
import re
from contextlib import suppress
from copy import deepcopy
from enum import Enum

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from examples import parcel_locker
from properties.conformance.suite.digest import digest
from statemachines import (
    Answer,
    Claims,
    Count,
    DeclarationError,
    Field,
    Lifecycle,
    MachineFileError,
    Oracle,
    Register,
    RequestType,
    Rule,
    System,
    Variable,
    adding,
    always,
    check,
    export_machine,
    fixed,
    read_machine,
)
from statemachines.exports.machine_reader import parse_machine
from statemachines.language.named_values import enum_of
from tests.support import machines
from tests.support.paths import ROOT

LOCKER = json.loads(export_machine(parcel_locker.claims))


def read_back(claims):
    """The claims, written and read; written again they are the same bytes, and their schema is the one that ships."""
    text = export_machine(claims)
    document = json.loads(text)
    machines.validator().validate(document)
    again = parse_machine(document)
    assert export_machine(again) == text
    assert digest(again) == digest(claims)
    return again


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(machines.claims())
def test_a_random_system_and_its_claims_read_back_are_equal_and_decide_alike(claims):
    again = read_back(claims)
    one, other = Oracle(claims.system), Oracle(again.system)
    state, same = one.initial, other.initial
    for request, alike in zip(claims.system.all_requests(), again.system.all_requests(), strict=True):
        (state, verdict), (same, message) = one.decide(state, request), other.decide(same, alike)
        assert [str(value.value) for value in state] == [str(value.value) for value in same]
        assert str(verdict) == str(message)
        assert verdict.unspecified == message.unspecified


def test_everything_that_a_declaration_may_have_is_there_again(house_system):
    again = read_back(Claims(house_system, [])).system
    for one, other in zip(house_system.lifecycles, again.lifecycles, strict=True):
        assert (one.title, one.variable.label, one.variable.ordered) == (
            other.title,
            other.variable.label,
            other.variable.ordered,
        )
        assert [value.value for value in one.final] == [value.value for value in other.final]
    assert again.register == house_system.register


def test_fields_and_enums_of_one_name_are_distinguished():
    sides = [Enum("Side", {"LEFT": "left", "RIGHT": "right"}) for _ in range(2)]
    kinds = [RequestType(name, [Field("which", side)]) for name, side in zip(("Knock", "Ring"), sides, strict=True)]
    lamp = Variable("lamp", Count(0, 1))
    system = System(
        "two of one name",
        Register([Rule("R-1", "It is so.", "nowhere")]),
        lifecycles=[Lifecycle(lamp, [Count(0, 1)(0)], adding(lamp, 1, kinds[0], rules="R-1"))],
        requests=kinds,
        answers=[Answer(outcome=sides[0].LEFT, reason=sides[1].RIGHT, at=sides[0].RIGHT, rules="R-1")],
    )
    document = json.loads(export_machine(Claims(system, [])))
    assert [field["id"] for field in document["fields"]] == ["which", "which_2"]
    assert [kind["name"] for kind in document["enums"]] == ["Count(0, 1)", "Side", "Side_2"]
    again = read_back(Claims(system, [])).system
    assert [kind.fields[0].name for kind in again.requests] == ["which", "which"]
    assert again.variables[0].kind is Count(0, 1)


def test_a_system_that_was_read_is_sent_to_other_processes():
    claims = parse_machine(LOCKER)
    state, request = claims.system.state(), next(claims.system.all_requests())
    sent = pickle.loads(pickle.dumps((claims, state, request)))
    assert sent[0] is claims
    assert sent[1:] == (state, request)
    again = pickle.loads(pickle.dumps(type(state[0])))
    assert again is type(state[0]) is enum_of("Box", tuple((one.name, one.value) for one in parcel_locker.Box))


def test_the_same_enums_in_two_files_are_the_same():
    one, other = parse_machine(LOCKER), parse_machine(deepcopy(LOCKER))
    assert one.system is not other.system
    assert one.system.state() == other.system.state()
    with pytest.raises(DeclarationError, match="reserves that name"):
        enum_of("Odd", (("__init__", "x"),))


ODD = st.sampled_from(
    [None, True, 0, -1, 1.5, "", "Box.FULL", "box", [], ["Put"], {}, {"all": []}, [[]], "\ud800\x1b[2J"]
)


@st.composite
def altered(draw):
    """The locker's document with one thing wrong, or otherwise: a part replaced, taken away, or added."""
    document = deepcopy(LOCKER)
    inside = document
    while True:
        keys = list(inside) if isinstance(inside, dict) else range(len(inside))
        key = draw(st.sampled_from(keys))
        if isinstance(inside[key], dict | list) and inside[key] and draw(st.integers(0, 4)):
            inside = inside[key]
            continue
        match draw(st.integers(0, 2)):
            case 0:
                inside[key] = draw(ODD)
            case 1:
                del inside[key]
            case 2 if isinstance(inside, dict):
                inside[draw(st.sampled_from(["when", "colour", "label"]))] = draw(ODD)
            case _:
                inside.append(draw(st.one_of(ODD, st.just(inside[key]))))
        return document


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(altered())
def test_what_the_schema_refuses_is_refused_and_every_refusal_is_one_line_that_says_where(document):
    if not machines.validator().is_valid(document):
        with pytest.raises(MachineFileError) as caught:
            parse_machine(document, "odd.json")
        assert str(caught.value).startswith("odd.json: ")
        assert str(caught.value).isprintable()
    else:  # what it declares may still be none
        with suppress(MachineFileError):
            assert export_machine(parse_machine(document)) is not None


def changed(**keys):
    return {**LOCKER, **keys}


def in_first(key, **keys):
    return changed(**{key: [{**LOCKER[key][0], **keys}, *LOCKER[key][1:]]})


TERM = {"term": {"variable": "box"}, "in": ["Box.FULL"]}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "the document is a list, expected an object"),
        ({}, "format is missing"),
        (changed(format="statemachines-vectors"), 'format is "statemachines-vectors", expected one of'),
        (changed(version=True), "version is true, expected an integer"),
        (changed(version=9), "version is 9, expected 1"),
        (changed(colour=1), "colour is not a key; expected one of"),
        (changed(requests=[]), 'transitions[0].on is "Put", expected nothing, for there is none'),
        (in_first("lifecycles", variable="bux"), 'lifecycles[0].variable is "bux", expected one of: "box"; did you'),
        (in_first("lifecycles", initial=["Code.WRONG"]), "lifecycles[0]: 'box' cannot be <Code.WRONG"),
        (in_first("lifecycles", initial=["Box.OVERDUE"], transitions=[]), "lifecycles[0]: lifecycle 'box': nothing"),
        (in_first("gates", when={"any": []}), "gates[0].when is an object, expected a condition"),
        (in_first("gates", when={"term": {"x": "box"}, "in": []}), "gates[0].when.term is an object, expected a term"),
        (in_first("gates", when=TERM), "reads 'box', and may read only the request's fields"),
        (in_first("gates", when={"reached": "Say.LOCKER"}), "how far a request comes is known only after the step"),
        (
            in_first("gates", when={"compare": [{"variable": "box"}, {"field": "code"}], "relation": "is"}),
            "gates[0].when is an object, expected two terms of one enum, and 'box' and 'code' are of two",
        ),
        (
            in_first("gates", when={"compare": [{"variable": "box"}, {"after": "box"}], "relation": "before"}),
            "expected terms with an order",
        ),
        (in_first("enums", values=[{"name": "mro", "words": "x"}]), "enums[0]: the enum 'Box' cannot be made: "),
        (in_first("enums", **{"from": 1, "to": 0}), "enums[0].values is not a key; expected one of"),
        (changed(requests=LOCKER["requests"] * 2), 'requests[3].name is "Put", expected another name'),
        (in_first("claims", kind="never"), 'claims[0].kind is "never", expected one of: "always", "sometimes"'),
        (in_first("claims", rules=["BOX-7"]), "cites rule 'BOX-7', which the register does not have"),
        (in_first("rules", id="BOX 1"), "a rule's id is one word"),
    ],
)
def test_a_message_says_where_and_what_was_expected(document, message):
    with pytest.raises(MachineFileError, match=f"^odd.json: .*{re.escape(message)}") as caught:
        parse_machine(document, "odd.json")
    assert "\n" not in str(caught.value)


def test_a_condition_nested_too_deep_is_refused():
    condition = True
    for _ in range(5_000):
        condition = {"all": [condition, TERM]}
    with pytest.raises(MachineFileError, match="nested too deep"):
        parse_machine(in_first("claims", then=condition))


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "half.json").write_text('{"format": ')
    with pytest.raises(MachineFileError, match=r"half\.json is not valid JSON"):
        read_machine(tmp_path / "half.json")
    with pytest.raises(MachineFileError, match=r"nothing\.json: cannot be read"):
        read_machine(tmp_path / "nothing.json")


def test_the_file_by_hand_on_the_page_declares_what_the_page_says():
    page = (ROOT / "docs" / "machine-file.md").read_text()
    document = json.loads(re.search(r"```json\n(.*?)```", page, re.DOTALL)[1])
    machines.validator().validate(document)
    claims = parse_machine(document)
    assert str(Oracle(claims.system).decide(claims.system.state(), next(claims.system.all_requests()))[1]) == (
        "a click at the switch: a click [LAMP-1]"
    )
    assert check(claims).holds


def test_terms_of_several_enums_are_compared_only_where_their_values_stand_in_one_order():
    """They are compared by their positions, which are of other values otherwise; a file is refused as Python is."""
    few, many = Enum("Few", {"NO": "no"}), Enum("Many", {"YES": "yes"})
    left, right, alike = (
        Variable(name, Enum, among=among)
        for name, among in (("left", (few.NO, many.YES)), ("right", (many.YES, few.NO)), ("alike", (few.NO, many.YES)))
    )
    ask = RequestType("Ask")
    system = System(
        "several enums",
        Register([Rule("R-1", "It is so.", "the manual")]),
        lifecycles=[fixed(one) for one in (left, right, alike)],
        requests=[ask],
        answers=[Answer([ask], outcome=few.NO, at=few.NO, reason=few.NO, rules="R-1")],
    )
    document = json.loads(export_machine(Claims(system, [always("it", then=left == alike, rules="R-1")])))
    assert document["claims"][0]["then"]["compare"] == [{"variable": "left"}, {"variable": "alike"}]
    assert not check(parse_machine(document)).holds
    document["claims"][0]["then"]["compare"][1] = {"variable": "right"}
    with pytest.raises(MachineFileError, match=r"then is an object, expected two terms of the same values in one"):
        parse_machine(document)
