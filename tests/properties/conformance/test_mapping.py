"""Mapping files: words of a target's own."""

import pytest

from properties.conformance.mapping import Translation, read_mapping
from statemachines.files.toml import TomlFileError
from statemachines.smets1.admission import AdmissionReason
from statemachines.smets1.commissioning import CommissioningReason
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import Outcome, Response


@pytest.fixture
def mapping(tmp_path):
    def write(text):
        path = tmp_path / "mapping.toml"
        path.write_text(text)
        return read_mapping(path, INSTALLATION)

    return write


def test_without_a_file_our_words_stand_for_themselves():
    plain = Translation(INSTALLATION)
    assert plain.meaning("outcome", "rejected") == {Outcome.REJECTED}
    assert plain.meaning("outcome", "E4") is None
    assert not plain.translates("outcome", "rejected")


def test_a_line_says_what_a_word_stands_for(mapping):
    translation = mapping(
        """
[outcome]
OK = "accepted"
fine = "accepted"
rejected = "held"
"*" = "rejected"
[reason]
E4 = ["the RequestID was used before", "the device is not commissioned"]
E9 = "not shown"
[response]
none = "nothing"
both = ["nothing", "the version that has been running"]
"""
    )
    assert translation.meaning("outcome", "OK") == translation.meaning("outcome", "fine") == {Outcome.ACCEPTED}
    assert translation.meaning("outcome", "rejected") == {Outcome.HELD}  # a line comes before our own word,
    assert translation.meaning("outcome", "alert") == {Outcome.ALERT}  # and our own word before any other
    assert translation.meaning("outcome", "whatever") == {Outcome.REJECTED}
    assert translation.meaning("reason", "E4") == {AdmissionReason.REPEATED, CommissioningReason.NOT_COMMISSIONED}
    assert translation.meaning("reason", "E9") == frozenset()
    assert translation.meaning("reason", "E5") is None
    assert translation.meaning("response", "none") == {None}
    assert translation.meaning("response", "both") == {None, Response.PRESENT_VERSION}
    assert translation.translates("outcome", "rejected")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[outcome]\nE4 = 'refused'", "mapping.toml: outcome.E4 is 'refused', expected one of: \"accepted\""),
        ("[outcome]\nE4 = 'nothing'", "outcome.E4 is 'nothing', expected one of"),
        ("[outcome]\nE4 = []", "outcome.E4 is '[]', expected a list with any of"),
        ("[reason]\nE4 = 'the RequestID was used befor'", '; did you mean "the RequestID was used before"'),
        ("[outcome]\nE4 = 4", "outcome.E4 is '4', expected one of"),
        ("[colour]\nE4 = 'red'", "mapping.toml: colour is not a key; expected one of: at, outcome, reason, response"),
        ("outcome = 'rejected'", "outcome is 'rejected', expected a table [outcome]"),
        ("[outcome", "mapping.toml: not TOML"),
    ],
)
def test_a_file_that_cannot_be_understood(mapping, text, message):
    with pytest.raises(TomlFileError) as caught:
        mapping(text)
    assert message in str(caught.value)
