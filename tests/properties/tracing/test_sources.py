"""From source to rule: lines, JSON and the page."""

import pytest

from properties.tracing.sources import sections_of, source_lines, sources_as_dict, sources_page
from statemachines import Passage, Register, Rule, Section
from statemachines.drawing.page import html, markdown


@pytest.fixture
def register():
    return Register(
        [
            Rule("BOX-1", "Only the right code opens a box.", "HR 1"),
            Rule("BOX-2", "A box is grey.", "HR 2", "that it is so inside"),
            Rule("BOX-3", "Nobody leaves eggs.", "none", "all"),
        ],
        sources={"HR": "the house rules"},
        sections=[
            Section("HR", "1", "Boxes & codes", [
                Passage("A code opens a box, and <only> the right one.", "BOX-1"),
                Passage("Codes were the tenants' idea.", not_modelled="it is history"),
            ]),
            Section("HR", "2", "Colours", [
                Passage("Boxes are grey, lids may differ.", "BOX-2 BOX-1", not_modelled="lids are not declared"),
            ]),
        ],
    )  # fmt: skip


def test_a_line_for_each_passage(register):
    assert list(source_lines(register.sections)) == [
        "HR 1  BOX-1  A code opens a box, and <only> the right one.",
        "HR 1  not modelled (it is history)  Codes were the tenants' idea.",
        "HR 2  BOX-2 BOX-1  Boxes are grey, lids may differ.",
    ]


def test_only_what_leads_to_the_rules_that_are_asked_for(register):
    kept = sections_of(register, ("BOX-1",))
    assert [(one.number, len(one.passages)) for one in kept] == [("1", 1), ("2", 1)]
    assert [one.number for one in sections_of(register, ("BOX-2",))] == ["2"]
    assert sections_of(register, ("BOX-3",)) == ()
    assert sections_of(register) == register.sections


def test_json_has_every_passage_and_the_rules_from_no_section(register):
    result = sources_as_dict(register, register.sections)
    assert result["sections"][0] == {
        "source": "HR",
        "number": "1",
        "title": "Boxes & codes",
        "passages": [
            {"says": "A code opens a box, and <only> the right one.", "rules": ["BOX-1"], "not_modelled": None},
            {"says": "Codes were the tenants' idea.", "rules": [], "not_modelled": "it is history"},
        ],
    }
    assert result["from_no_section"] == ["BOX-3"]
    assert result["totals"] == {"sections": 2, "passages": 3, "lead_to_rules": 2, "not_modelled": 1, "rules": 2}


def test_the_page_links_both_ways(register):
    page = sources_page(register, register.sections, made_by="statemachines trace --by-source")
    text = markdown(page)
    assert "2 sections with 3 passages: 2 lead to 2 rules, 1 are not modelled." in text
    assert "[BOX-2](#rule-BOX-2) [BOX-1](#rule-BOX-1); **not modelled**: lids are not declared" in text
    assert "HR 1. Basis: regulated. Sections: [HR 1](#hr-1), [HR 2](#hr-2)" in text
    assert "none. Basis: assumed. Sections: none" in text
    assert "&lt;only&gt;" in html(page)
