"""Requests of the finite world written as DUIS XML: at their premises they are read as the same requests again."""

from collections import Counter

import attrs
import pytest

from statemachines.smets1.duis.errors import DuisError, UnwritableError
from statemachines.smets1.duis.reader import CANCELLATION, parse_request
from statemachines.smets1.edge.duis_to_model import recognised_requests
from statemachines.smets1.edge.model_to_duis import write
from statemachines.smets1.edge.specimen import DEVICE_IDS, IMAGES, MOMENT, USER_IDS, specimen
from statemachines.smets1.installation import EVENT_TYPES, INSTALLATION
from statemachines.smets1.vocabulary import (
    ROLES_OF,
    SERVICE_REQUEST_TYPES,
    SRV_OF,
    ActivateFirmware,
    Device,
    Image,
    JoinPpmid,
    OpenTo,
    OtherServiceRequest,
    RequestIdUse,
    Screening,
    Tariff,
    Timing,
    UpdateFirmware,
    UpdateTariff,
    User,
)

PREMISES = specimen(INSTALLATION.state())
READ = ActivateFirmware(sender=User.SUPPLIER_A, target=Device.PPMID)


def read_back(written, request):
    return [
        result.request
        for result in recognised_requests(written.premises, parse_request(written.document), request["sender"])
    ]


@pytest.mark.parametrize("kind", SERVICE_REQUEST_TYPES, ids=lambda kind: kind.name)
def test_every_request_is_read_as_itself_again(kind):
    reported = Counter()
    for request in kind.requests():
        if kind is UpdateTariff and request["meter"] is Device.GSME and request["tariff"] is not Tariff.OTHER:
            with pytest.raises(UnwritableError, match="a gas tariff has no two rates"):
                write(PREMISES, request, counter=1)
            continue
        written = write(PREMISES, request, counter=1)
        duis = parse_request(written.document)
        assert read_back(written, request) == [request]
        assert duis.request_id == written.request_id
        assert duis.request_id.originator == USER_IDS[request["sender"]]
        reported[duis.variant.srv] += 1
    assert reported
    if kind in SRV_OF:
        assert set(reported) == {SRV_OF[kind]}
    else:
        assert len(reported) == len(OpenTo)
        assert not set(reported) & set(SRV_OF.values())


def test_other_requests_are_open_to_the_roles_they_are_to_be_open_to():
    for roles in OpenTo:
        written = write(PREMISES, OtherServiceRequest(sender=User.OTHER_USER, open_to=roles), counter=1)
        assert parse_request(written.document).variant.roles == ROLES_OF[roles]


def test_the_same_arguments_make_the_same_bytes():
    assert write(PREMISES, READ, counter=1).document == write(PREMISES, READ, counter=1).document
    assert write(PREMISES, READ, counter=1).document != write(PREMISES, READ, counter=2).document


def test_the_xml_says_when_and_which_image():
    documents = {
        timing: parse_request(write(PREMISES, READ.replace(timing=timing), counter=1).document) for timing in Timing
    }
    assert documents[Timing.IMMEDIATE].execution is None
    assert documents[Timing.FUTURE_DATED].execution > MOMENT
    assert documents[Timing.CANCELLATION].execution == CANCELLATION
    assert documents[Timing.IMMEDIATE].firmware_hash == IMAGES[Device.PPMID].hash
    other = parse_request(write(PREMISES, READ.replace(image=Image.ANOTHER), counter=1).document)
    assert other.firmware_hash not in {each.hash for each in IMAGES.values()}
    sent = parse_request(
        write(PREMISES, UpdateFirmware(sender=User.SUPPLIER_A, target=Device.PPMID), counter=1).document
    )
    assert (sent.image_hash, sent.firmware_version) == (IMAGES[Device.PPMID].hash, IMAGES[Device.PPMID].version)
    assert sent.devices == (DEVICE_IDS[Device.PPMID],)


def test_what_is_a_fact_of_the_premises_is_in_no_document():
    """A repeated RequestID, and what Anomaly Detection makes of it, are told by the premises alone."""
    plain = write(PREMISES, READ, counter=1)
    repeated = write(PREMISES, READ.replace(request_id=RequestIdUse.REPEATED), counter=1)
    caught = write(PREMISES, READ.replace(screening=Screening.CAUGHT), counter=1)
    assert plain.document == repeated.document == caught.document
    reported = str(plain.request_id)
    assert (plain.premises.used, plain.premises.held) == (frozenset(), frozenset())
    assert (repeated.premises.used, caught.premises.held) == ({reported}, {reported})


def test_facts_of_the_premises_that_say_otherwise():
    reported = str(write(PREMISES, READ, counter=1).request_id)
    with pytest.raises(UnwritableError, match=f"the RequestID {reported} was used before"):
        write(attrs.evolve(PREMISES, used=frozenset({reported})), READ, counter=1)
    caught = attrs.evolve(PREMISES, held=frozenset({reported}))
    assert read_back(write(caught, READ, counter=1), READ) == [READ]
    dropped = write(
        attrs.evolve(PREMISES, dropped=frozenset({reported})), READ.replace(screening=Screening.CAUGHT), counter=1
    )
    assert (dropped.premises.held, dropped.premises.dropped) == (frozenset(), {reported})


def test_what_cannot_be_written_is_refused():
    with pytest.raises(UnwritableError, match="an event, and no Service Request"):
        write(PREMISES, next(EVENT_TYPES[0].requests()), counter=1)
    with pytest.raises(UnwritableError, match="no EUI-64 of Supplier A is known"):
        write(attrs.evolve(PREMISES, users={}), READ, counter=1)
    without = {identity: facts for identity, facts in PREMISES.devices.items() if facts.device is not Device.ESME}
    with pytest.raises(UnwritableError, match="no EUI-64 of a ESME is known"):
        write(attrs.evolve(PREMISES, devices=without), JoinPpmid(sender=User.SUPPLIER_A), counter=1)
    undelivered = {identity: attrs.evolve(facts, delivered_hash=None) for identity, facts in PREMISES.devices.items()}
    with pytest.raises(UnwritableError, match="no image is known to be delivered to the PPMID"):
        write(attrs.evolve(PREMISES, devices=undelivered), READ, counter=1)
    with pytest.raises(UnwritableError, match="there is no image for the PPMID"):
        write(PREMISES, UpdateFirmware(sender=User.SUPPLIER_A, target=Device.PPMID), counter=1, images={})
    for counter in (-1, 2**64):
        with pytest.raises(DuisError, match=r"RequestID: .*expected a whole number from 0 to 2\^64-1"):
            write(PREMISES, READ, counter=counter)
