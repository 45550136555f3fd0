"""Exporting in one call: every format of the table, of claims or a system alone."""

import pytest

import statemachines
from examples.parcel_locker import claims, system
from statemachines import DeclarationError, export
from statemachines.exports import EXPORTS


@pytest.mark.parametrize("name", EXPORTS)
def test_each_format_is_written(name):
    made = export(claims, name)
    assert made.text
    assert made.summary
    assert export(claims, name) == made


def test_a_system_alone_has_no_claims():
    one = claims.claims[0].name
    assert one not in export(system, "machine").text
    assert one in export(claims, "machine").text


def test_only_the_claims_that_are_wanted():
    wanted = claims.claims[0].name
    assert len(export(claims, "promela", properties=[wanted]).text) < len(export(claims, "promela").text)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"format": "sxml"}, "there is no export 'sxml'; expected one of: aiger,"),
        ({"format": "aiger", "properties": ["x"]}, "no property is named 'x'"),
    ],
)
def test_what_there_is_not_is_refused(options, words):
    with pytest.raises(DeclarationError, match=words):
        export(claims, **options)


def test_what_is_public_is_offered_and_nothing_else():
    assert dir(statemachines) == sorted(statemachines.__all__)
