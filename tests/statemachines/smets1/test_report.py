"""From the report to the rules: every section is there, and both directions agree."""

import re
from datetime import date

import pytest

from statemachines.semantics.oracle import Oracle
from statemachines.semantics.regulated import PossibleStates
from statemachines.smets1.designation import FocScope
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.key_package import KeyPackage
from statemachines.smets1.regime import regime
from statemachines.smets1.releases import Release
from statemachines.smets1.rulebook import RULEBOOK
from statemachines.smets1.vocabulary import FOC, Device, Group, Outcome, UpdateFirmware, UpdateKeyPackage
from tests.statemachines.smets1.test_assumed_halves import ALL, MIGRATED, RULES, A

CONTENTS = [
    *("cover", "1", "2", "3", "4"),
    *("4.1", "4.1.1", "4.1.2", "4.2", "4.2.1", "4.2.2", "4.3", "4.3.1", "4.3.2", "4.4", "4.4.1", "4.4.2"),
    *("5", "6", "7", "7.1", "7.2", "7.3", "7.4", "8", "9"),
]
"""The sections of the report's own table of contents, and what stands before it."""
ROWS = [f"Table 2 row {row}" for row in range(1, 6)]
"""The rows of Table 2, on drafting changes, which is in section 5."""

SECTIONS = {section.number: section for section in RULEBOOK.sections}


def cited(source: str) -> set[str]:
    """The sections that a rule's source names: ``CON 1-2, Table 2 rows 1-2 (...); PUB`` has 1, 2 and two rows."""
    of_report = re.search(r"\bCON ([^;]*)", re.sub(r"\([^)]*\)", "", source))
    if not of_report:
        return set()
    numbers: set[str] = set()
    words = of_report[1]
    for first, last in re.findall(r"Table 2 rows? (\d)(?:-(\d))?", words):
        numbers |= {f"Table 2 row {row}" for row in range(int(first), int(last or first) + 1)}
    words = re.sub(r"Table 2( rows? [\d-]+)?", "", words)
    for first, last in re.findall(r"(\d(?:\.\d)*)(?:-(\d))?", words):
        numbers |= {str(number) for number in range(int(first), int(last) + 1)} if last else {first}
    return numbers


def test_every_section_is_there_once_and_in_order():
    numbers = [section.number for section in RULEBOOK.sections]
    assert len(SECTIONS) == len(numbers)
    assert [number for number in numbers if number not in ROWS] == CONTENTS
    assert numbers[numbers.index("5") + 1 : numbers.index("6")] == ROWS


def test_every_passage_leads_to_rules_or_says_why_not():
    for section in SECTIONS.values():
        assert section.passages, section.number
        for passage in section.passages:
            assert passage.rules or passage.not_modelled, (section.number, passage.says)


@pytest.mark.parametrize(("source", "numbers"), [
    ("CON 1-2, 8", {"1", "2", "8"}),
    ("CON 4.3.1, Table 2 row 5 (DUIS 1.4.7.13)", {"4.3.1", "Table 2 row 5"}),
    ("CON 4.1, Table 2 rows 1-2 (TMAD 3.25)", {"4.1", "Table 2 row 1", "Table 2 row 2"}),
    ("SRM; PUB 2018; CON 1", {"1"}),
    ("PUB 2021", set()),
])  # fmt: skip
def test_the_sections_of_a_source_are_read(source, numbers):
    assert cited(source) == numbers


@pytest.mark.parametrize("rule_id", [rule_id for rule_id, rule in RULEBOOK.items() if "CON" in rule.source])
def test_each_section_that_a_rule_names_leads_to_it(rule_id):
    lacking = [n for n in cited(RULEBOOK[rule_id].source) if rule_id not in SECTIONS[n].rules]
    assert not lacking, f"{rule_id} names {lacking}, from where nothing leads to it"


@pytest.mark.parametrize("number", SECTIONS)
def test_each_rule_that_a_section_leads_to_names_it(number):
    names = {"8"} if number == "cover" else {number}  # the day of the report, which section 8 repeats
    lacking = [rule_id for rule_id in SECTIONS[number].rules if not names & cited(RULEBOOK[rule_id].source)]
    assert not lacking, f"section {number} leads to {lacking}, which do not name it"


def test_a_rule_of_the_report_is_no_assumption_altogether():
    led_to = {rule_id for section in SECTIONS.values() for rule_id in section.rules}
    # What the Secretary of State has indicated binds nobody: that he does so is assumed, of fleets.
    assert [rule_id for rule_id in led_to if RULEBOOK[rule_id].assumption == "all"] == ["DES-6"]


def test_what_is_attached_is_what_re_designation_brings_into_the_sec():
    """Section 9 lists thirteen attachments, and calls the SRPD AM, which is the S1SR's appendix (DOC-4)."""
    day = regime(date(2020, 10, 20), redesignated=date(2020, 10, 12), foc=FocScope.OUT)
    assert {document.value: versions for document, versions in day.documents.items()} == {
        "TMAD": ("AL 8.0",),
        "S1SR": ("AM 5.0",),
        "SRPD": ("4.0",),
        "DUIS": ("3.1 [Designation Date]",),
    }
    attachments = RULEBOOK["DOC-4"].statement
    for found in ("thirteen attachments", "no clean SRPD (11 and 12 have one title)", '"AM 4.0"', '"Sub-Section 0"'):
        assert found in attachments


@pytest.mark.parametrize("group", Group)
def test_what_is_asked_of_an_installation_of_foc_is_left_open_where_the_report_speaks_of_the_other_cohorts(group):
    """Section 1: the TMAD AL 7.0 covers IOC, MOC (MDS) and MOC (Secure), and FOC is consulted on apart (DOC-5)."""
    lacking_keys = INSTALLATION.state(**{**MIGRATED, "group": group, "key_package": KeyPackage.WITHOUT_PPMID})
    _, verdict = RULES.decide(PossibleStates((lacking_keys,)), UpdateKeyPackage())
    assert set(verdict.unspecified) == (set(ALL) if group in FOC else set())
    assert ("MOD-22" in verdict.rules) == (group in FOC)


@pytest.mark.parametrize("release", [Release.UPLIFT_1_2, Release.NOVEMBER_2020])
def test_no_release_says_what_message_foc_gets(release):
    """Section 7.3: the message is described "as part of FOC live", of which no day is known (DOC-5)."""
    state = INSTALLATION.state(**{**MIGRATED, "group": Group.EB, "release": release})
    _, verdict = Oracle(INSTALLATION).decide(state, UpdateFirmware(sender=A, target=Device.PPMID))
    assert (verdict.outcome, verdict.response) == (Outcome.NOT_PROCESSED, None)
    assert verdict.unspecified == ("response",)
