"""What is examined: which system is the reference."""

import pytest

from examples.parcel_locker import system
from properties.conformance.diagnosis import examination
from properties.conformance.diagnosis.examination import Subject

COPY = """
from examples.parcel_locker import system
from tests.support.pin_safe import make_safe
copy = system.varied(answers=system.answers[::-1], checked=False)
safe = make_safe().claims
"""


@pytest.fixture(autouse=True)
def _a_profile_that_owns_none_of_the_words_that_its_claims_use(monkeypatch, tmp_path):
    monkeypatch.setattr(examination, "usual_reference", lambda: "examples.parcel_locker:claims")
    (tmp_path / "copied_locker.py").write_text(COPY)
    monkeypatch.syspath_prepend(tmp_path)


def test_a_copy_of_the_usual_reference_is_not_tested_against_itself():
    subject = Subject(system="copied_locker:copy")
    assert subject.reference().system is system
    assert not subject.is_reference


def test_another_system_is_its_own_reference():
    assert Subject(system="copied_locker:safe").is_reference
