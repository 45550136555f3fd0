"""The register of rules."""

import pytest

from statemachines import DeclarationError, Passage, Register, Rule, Section
from statemachines.errors import UnknownNameError
from statemachines.language.rules import Basis, split_ids
from tests.support import house


def test_a_register_is_a_mapping_in_order():
    book = Register(house.RULES)
    assert list(book) == [f"HOUSE-{number}" for number in range(1, 7)]
    assert len(book) == 6
    assert book["HOUSE-2"] is house.RULES[1]


def test_ids_are_read_from_words_and_sequences():
    assert split_ids("A-1 A-2") == split_ids(["A-1", "A-2"]) == ("A-1", "A-2")
    assert split_ids("A-2 A-1 A-2") == ("A-2", "A-1")
    assert split_ids("") == ()


def test_what_is_assumed_is_reported():
    book = Register([Rule("A-1", "", ""), Rule("A-2", "", "", "all"), Rule("A-3", "", "", "the order")])
    assert book.assumed(["A-3", "A-1", "A-2"]) == ("A-3", "A-2")


@pytest.mark.parametrize(
    ("ids", "says"),
    [
        ("", "the lamp cites no rule"),
        ("A-1 A-9", "the lamp cites rule 'A-9', which the register does not have; it has A-1"),
    ],
)
def test_a_citation_must_be_of_known_rules(ids, says):
    with pytest.raises(DeclarationError, match=says):
        Register([Rule("A-1", "", "")]).cite(ids, where="the lamp")


@pytest.mark.parametrize(
    ("ids", "says"), [(["A-1", "A-1"], "two rules with the id 'A-1'"), (["A 1"], "one word"), ([""], "one word")]
)
def test_an_id_is_one_word_and_names_one_rule(ids, says):
    with pytest.raises(DeclarationError, match=says):
        Register([Rule(rule_id, "", "") for rule_id in ids])


def test_a_passage_leads_to_rules_or_says_why_not():
    with pytest.raises(DeclarationError, match=r"the passage 'It is grey.' leads to no rule; give the rules .*"):
        Passage("It is grey.")
    assert Passage("It is grey.", not_modelled="it is paint").rules == ()


def test_a_section_has_passages():
    with pytest.raises(DeclarationError, match="section 2 of HR has no passage; say what rules come from it, or why"):
        Section("HR", "2", "Colours", ())


def test_a_section_leads_to_rules_that_the_register_has():
    section = Section("HR", "2", "Colours", [Passage("It is grey.", "BOX-9")])
    with pytest.raises(UnknownNameError, match="section 2 of HR cites rule 'BOX-9', which the register does not have"):
        Register([Rule("BOX-1", "Only the right code opens a box.", "HR 1")], sections=[section])


BOOK = Register([Rule("R-1", "a", "manual"), Rule("R-2", "b", "manual", "its colour"), Rule("R-3", "c", "none", "all")])


@pytest.mark.parametrize(("ids", "basis"), [
    (["R-1"], Basis.REGULATED),
    (["R-2"], Basis.BOTH),
    (["R-3"], Basis.ASSUMED),
    (["R-1", "R-3"], Basis.BOTH),
    (["R-3", "R-2"], Basis.BOTH),
    ([], Basis.REGULATED),
])  # fmt: skip
def test_what_hangs_on_several_rules(ids, basis):
    assert BOOK.basis(ids) is basis


def test_a_citation_marks_assumptions():
    assert BOOK.citation(["R-1", "R-2", "R-3"]) == "R-1 R-2* R-3*"
