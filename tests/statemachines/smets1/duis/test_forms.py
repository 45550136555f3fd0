"""The forms of a document: they differ as text, and are read as the same request."""

import pytest

from statemachines.smets1.duis.errors import UnwritableError
from statemachines.smets1.duis.forms import FORMS, in_form
from statemachines.smets1.duis.reader import parse_request
from statemachines.smets1.edge.model_to_duis import write
from statemachines.smets1.edge.specimen import specimen
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import SERVICE_REQUEST_TYPES, ActivateFirmware, Device, Timing, User

FUTURE = ActivateFirmware(sender=User.SUPPLIER_A, target=Device.ESME, timing=Timing.FUTURE_DATED)
PREMISES = specimen(INSTALLATION.state())


def test_one_with_a_moment_and_a_hash_has_all_of_them():
    document = write(PREMISES, FUTURE, counter=1).document
    forms = [in_form(document, number) for number in range(FORMS)]
    assert forms[0] == document == in_form(document, FORMS)
    assert len(set(forms)) == FORMS
    assert {form.count(b"2029-12-05T10:15:00") for form in forms} == {1}


@pytest.mark.parametrize("kind", SERVICE_REQUEST_TYPES, ids=lambda kind: kind.name)
def test_each_is_read_as_the_same_request(kind):
    for request in list(kind.requests())[::7]:
        try:
            document = write(PREMISES, request, counter=1).document
        except UnwritableError:
            continue
        expected = parse_request(document)
        for number in range(FORMS):
            assert parse_request(in_form(document, number)) == expected
