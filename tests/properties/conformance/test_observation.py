"""Observations: only what a target shows is compared."""

import attrs
import pytest

from properties.conformance.mapping import read_mapping
from properties.conformance.observation import Observation, differs, words_of
from properties.conformance.statement import parse_statement
from properties.conformance.targets.answers import VerdictReader
from properties.conformance.targets.misbehaviour import Misbehaved
from properties.smets1.profile import PROFILE
from properties.walks.runs import oracle
from statemachines.smets1.admission import AdmissionReason
from statemachines.smets1.fleet import SiteReason
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.reasons import REASONS
from statemachines.smets1.request_course import CourseReason
from statemachines.smets1.vocabulary import DeployRelease, Device, Outcome, Party, ReadFirmwareVersion, User

READ = ReadFirmwareVersion(sender=User.SUPPLIER_A, target=Device.PPMID)
_, EXPECTED = oracle(INSTALLATION).decide(INSTALLATION.state(), READ)
SAME = {"outcome": EXPECTED.outcome, "at": EXPECTED.at, "reason": EXPECTED.reason, "response": EXPECTED.response}


def test_the_same_verdict_differs_in_nothing():
    assert differs(EXPECTED, Observation(SAME)) == ()


@pytest.mark.parametrize(
    ("aspect", "other"),
    [("outcome", Outcome.ACCEPTED), ("at", Party.DCO), ("reason", AdmissionReason.ROLE), ("outcome", None)],
)
def test_each_aspect_is_compared_where_it_is_shown_and_specified(aspect, other):
    seen = Observation({**SAME, aspect: other})
    assert differs(EXPECTED, seen) == (aspect,)
    assert differs(attrs.evolve(EXPECTED, unspecified=(aspect,)), seen) == ()
    assert differs(EXPECTED, Observation({key: value for key, value in seen.shown.items() if key != aspect})) == ()


def test_of_several_values_that_are_left_open_one_has_to_fit():
    assert differs(EXPECTED, Observation({}, {"reason": frozenset([EXPECTED.reason, AdmissionReason.ROLE])})) == ()
    assert differs(EXPECTED, Observation({}, {"reason": frozenset([AdmissionReason.ROLE, CourseReason.HELD])})) == (
        "reason",
    )


def test_it_is_reported_in_words():
    seen = Observation({"outcome": Outcome.REJECTED, "response": None}, {"at": frozenset(Party)}, "outcome E4")
    assert str(seen) == (
        "outcome rejected, at DCO or DSP or S1SP or device or premises, response nothing (in its own words: outcome E4)"
    )
    assert seen.as_dict() == {
        "outcome": "rejected",
        "at": ["DCO", "DSP", "S1SP", "device", "premises"],
        "response": None,
    }
    assert str(Observation({})) == "nothing is shown"


def test_every_word_of_every_verdict_is_known():
    words = words_of(INSTALLATION)
    assert set(words["outcome"].values()) == set(Outcome)
    assert set(words["at"].values()) == set(Party)
    assert set(words["reason"].values()) == {why for why in REASONS if not isinstance(why, SiteReason)}


def reading(reported, mapping=None):
    statement = parse_statement(reported, INSTALLATION, PROFILE)
    return (
        VerdictReader(statement, read_mapping(mapping, INSTALLATION)) if mapping else VerdictReader(statement, _plain())
    )


def _plain():
    from properties.conformance.mapping import Translation

    return Translation(INSTALLATION)


def test_what_the_statement_does_not_list_is_not_looked_at():
    seen = reading({"observes": ["outcome"]}).observation(READ, {"outcome": "held", "reason": "E4"})
    assert dict(seen.shown) == {"outcome": Outcome.HELD}


def test_what_the_statement_lists_has_to_be_there():
    with pytest.raises(Misbehaved, match="the verdict has no at and no reason, as its statement says"):
        reading({"observes": ["outcome", "at", "reason"]}).observation(READ, {"outcome": "held"})


def test_a_target_that_answers_no_events_may_be_silent_there_and_only_there():
    silent = reading({"answers_events": False})
    assert dict(silent.observation(DeployRelease(), {}).shown) == {}
    with pytest.raises(Misbehaved, match="the verdict has no outcome, which every verdict has to show"):
        silent.observation(READ, {})
    with pytest.raises(Misbehaved, match="the verdict has no outcome"):
        reading({}).observation(DeployRelease(), {})


def test_words_of_its_own_are_translated_and_remembered(tmp_path):
    path = tmp_path / "mapping.toml"
    path.write_text('[outcome]\nE4 = "rejected"\n[reason]\nE4 = "not shown"\n[at]\nfront = ["DSP", "S1SP"]')
    read = reading({}, path)
    reported = {"outcome": "E4", "reason": "E4", "at": "front"}
    seen = read.observation(READ, reported)
    assert dict(seen.shown) == {"outcome": Outcome.REJECTED}
    assert dict(seen.among) == {"at": frozenset([Party.DSP, Party.S1SP])}
    assert seen.own_words == "outcome E4, reason E4, at front"
    assert read.observation(READ, dict(reported)) == seen


def test_what_a_target_says_cannot_reach_the_terminal_raw():
    with pytest.raises(Misbehaved) as caught:
        reading({}).observation(READ, {"outcome": "\x1b[2J" + "x" * 500})
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 500
