"""The pictures of SMETS1: each says what the oracle and `regime` say."""

import re
from datetime import timedelta
from functools import partial
from itertools import product

import pytest

from properties.smets1.pictures import (
    ELECTRICITY,
    FIRST,
    GAS,
    IN_USE,
    LAST,
    WORDING,
    illustrations,
    sequence_diagrams,
    timeline,
    who_may_upgrade_what,
)
from statemachines.drawing.draw import drawing, pictures_of
from statemachines.drawing.sequence_diagram import Message
from statemachines.errors import DeclarationError
from statemachines.semantics.oracle import Oracle
from statemachines.smets1.firmware import Firmware
from statemachines.smets1.fleet import fleet
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.key_package import KeyPackage
from statemachines.smets1.regime import regime
from statemachines.smets1.releases import Release
from statemachines.smets1.rulebook import RULEBOOK
from statemachines.smets1.vocabulary import ActivateFirmware, Device, Group, Outcome, UpdateFirmware
from tests.support.paths import ROOT

ORACLE = Oracle(INSTALLATION)
COHORTS = {"IOC": Group.CA, "MOC": Group.SECURE, "FOC": Group.EB}


@pytest.fixture(scope="module")
def table():
    return who_may_upgrade_what()


BEFORE, UPLIFT = "before Uplift 1.2", "Uplift 1.2"
WITHOUT, WITH = (each.value for each in (KeyPackage.WITHOUT_PPMID, KeyPackage.WITH_PPMID))


@pytest.mark.parametrize(
    ("cells", "update", "activate"),
    [
        (("Electricity Supplier", "PPMID", "MOC", UPLIFT, WITH), "accepted", "accepted"),
        (("Electricity Supplier", "PPMID", "IOC", UPLIFT, WITHOUT), "accepted", "rejected at the DCO"),
        (("Electricity Supplier", "PPMID", "IOC", BEFORE, WITHOUT), "rejected", "rejected"),
        (("Electricity Supplier", "PPMID", "FOC", UPLIFT, WITH), "not-processed", "not-processed"),
        (("Electricity Supplier", "GSME", "MOC", UPLIFT, WITH), "rejected", "rejected"),
        (("Gas Supplier", "PPMID", "MOC", UPLIFT, WITH), "rejected", "rejected"),
        (("Gas Supplier", "GSME", "FOC", BEFORE, WITHOUT), "accepted", "accepted"),
        (("another Supplier", "ESME", "IOC", UPLIFT, WITH), "rejected", "rejected"),
        (("any other role", "CHF", "IOC", UPLIFT, WITH), "rejected", "rejected"),
    ],
)
def test_the_table_says_who_may_upgrade_what(table, cells, update, activate):
    fits = [
        row.results for row in table.rows
        if all(cell == "any" or asked in cell.split(" or ") for cell, asked in zip(row.cells, cells, strict=True))
    ]  # fmt: skip
    assert len(fits) == 1
    assert [result.words[: len(message)] for result, message in zip(fits[0], (update, activate), strict=True)] == [
        update, activate,
    ]  # fmt: skip


def test_the_table_fits_in_few_rows(table):
    assert len(table.rows) <= 20


def accepts(kind, which, sender, gas, **values):
    firmware = {f"{name}_firmware": Firmware.DELIVERED for name in ("esme", "gsme", "chf")}
    state = INSTALLATION.state(**{**IN_USE, **firmware, "gas_supplier": gas, **values})
    return ORACLE.decide(state, kind(sender=sender, target=which))[1].outcome is Outcome.ACCEPTED


def test_a_supplier_of_both_may_do_what_either_may():
    for kind, which, group, release in product(
        (UpdateFirmware, ActivateFirmware), Device, COHORTS.values(), (Release.UPLIFT_1_2, Release.NOVEMBER_2020)
    ):
        asked = partial(accepts, kind, which, group=group, release=release, key_package=KeyPackage.WITH_PPMID)
        assert asked(ELECTRICITY, ELECTRICITY) == (asked(ELECTRICITY, GAS) or asked(GAS, GAS))


def test_the_timeline_says_of_each_day_what_regime_says():
    drawn = {track.label: track.spans for track in timeline().tracks}
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    for label, asked in (
        ("release in force", lambda day: day.releases),
        ("changed documents", lambda day: day.designation),
        ("the DCC is", lambda day: day.compliance),
    ):
        shown = [span.values for span in drawn[label] for _ in range((span.last - span.first).days + 1)]
        assert shown == [tuple(each.value for each in asked(regime(day))) for day in days]


def test_the_sequence_diagrams_show_what_their_titles_say():
    answers = {
        name: [row.note.lines[0].partition(":")[0] for row in diagram.rows if isinstance(row, Message) and row.answer]
        for name, diagram in sequence_diagrams().items()
    }
    assert [*answers.pop("sequence-ioc-read")] == ["alert", "accepted (the version that has been running)"]
    assert answers == {
        "sequence-upgrade": ["accepted", "accepted"],
        "sequence-keys-lacking": ["accepted", "rejected", "accepted"],
        "sequence-foc": ["not-processed", "not-processed"],
    }


def test_a_sequence_diagram_says_of_its_start_what_its_run_turns_on():
    starts = {name: diagram.rows[0].note.lines[0] for name, diagram in sequence_diagrams().items()}
    assert starts["sequence-foc"] == (
        "start: group: EA (FOC); release in force: Uplift 1.2; DCO key package: with the PPMID's keys"
    )
    assert "DCO key package: without the PPMID's keys" in starts["sequence-keys-lacking"]


def test_no_picture_denies_twice():
    """No condition is "not ... not ..." or "not without"; what waits to be joined has a name."""
    for picture in (*pictures_of(INSTALLATION, wording=WORDING), *pictures_of(fleet(2, dated=True), wording=WORDING)):
        rows = [row.lines for node in picture.nodes for row in node.rows]
        for words in (line for lines in (*rows, *(each.lines for each in picture.arrows)) for line in lines):
            assert not re.search(r"\bis not (not|without|no|installed not)\b", words), (picture.name, words)


def test_each_illustration_is_committed_and_cites_rules():
    for each in illustrations():
        assert (ROOT / "diagrams" / f"{each.name}.svg").read_bytes() == drawing(each, "svg")
        assert set(each.rules) <= set(RULEBOOK)


def test_a_format_that_an_illustration_lacks_is_refused():
    (first, *_) = illustrations()
    with pytest.raises(DeclarationError, match="'png' is not a format of timeline; expected one of svg"):
        drawing(first, "png")
