"""Requests and their types."""

from enum import IntEnum

import pytest

from statemachines import DeclarationError, Field, RequestType
from tests.support import house


@pytest.mark.parametrize(
    ("name", "trigger", "label"),
    [
        ("UpdateKeyPackage", "update_key_package", "Update Key Package"),
        ("Press", "press", "Press"),
        ("SendSMS", "send_sms", "Send Sms"),
    ],
)
def test_names(name, trigger, label):
    kind = RequestType(name)
    assert (kind.trigger, kind.label) == (trigger, label)


def test_two_equal_requests_are_one_object():
    one = house.Push(by=house.Person.ANN)
    assert house.Push(by=house.Person.ANN) is one
    assert house.Push(by=house.Person.BEN).replace(by=house.Person.ANN) is one
    assert one in list(house.Push.requests())


def test_every_request_of_a_type_comes_in_order_of_declaration():
    colour, size = Field("who", house.Person), Field("what", house.Lamp)
    made = [tuple(request.values) for request in RequestType("Ask", [colour, size]).requests()]
    assert made == [(person, lamp) for person in house.Person for lamp in house.Lamp]


def test_a_default_is_filled_in_and_not_said():
    who = Field("who", house.Person, default=house.Person.BEN)
    ask = RequestType("Ask", [who])
    assert str(ask()) == "Ask"
    assert str(ask(who=house.Person.CAT)) == "Ask (who Cat)"
    assert ask()["who"] is house.Person.BEN
    assert ask().as_dict() == {"type": "Ask", "who": "Ben"}


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda it: it.Push(), "PushDoor needs its field 'by'"),
        (lambda it: it.Push(by=it.Lamp.ON), "'by' cannot be .*expected Person: ANN, BEN, CAT"),
        (lambda it: it.Push(of=it.Person.ANN), "PushDoor has no field 'of'; it has by"),
        (lambda it: it.Press(by=it.Person.ANN), "PressSwitch has no field 'by'; it has no fields"),
        (lambda _: RequestType("Push Door"), "'Push Door' must be a Python identifier"),
        (lambda it: RequestType("Push", [it.by, Field("by", it.Lamp)]), "Push has two fields of the same name: by, by"),
        (
            lambda it: RequestType("Push", [Field("type", it.Lamp)]),
            "has a field 'type', which is its type's name in JSON",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(make, says):
    with pytest.raises(DeclarationError, match=says):
        make(house)


def test_a_default_that_the_field_cannot_have_is_refused_when_declared():
    class Size(IntEnum):
        SMALL = 0

    class Colour(IntEnum):
        RED = 0

    with pytest.raises(DeclarationError, match=r"'size' cannot be <Colour.RED: 0>; expected Size: SMALL"):
        Field("size", Size, default=Colour.RED)
