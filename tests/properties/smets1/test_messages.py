"""The JSON Schema of the messages: it ships, and the real messages satisfy it."""

import json
from importlib.resources import files

import jsonschema
import pytest

from properties.smets1.messages import installation_schema
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import (
    ChangeElectricitySupplier,
    Device,
    ReadFirmwareVersion,
    RequestIdUse,
    Screening,
    User,
)

SHIPPED = json.loads(files("properties.smets1").joinpath("messages.schema.json").read_text("utf-8"))


def valid(message, kind):
    schema = {**SHIPPED, "anyOf": [{"$ref": f"#/$defs/{kind}"}]}
    return jsonschema.Draft202012Validator(schema).is_valid(message)


def test_the_file_that_ships_is_what_the_declarations_say():
    assert installation_schema(INSTALLATION) == SHIPPED, (
        "python -m properties.smets1.messages prints it as it has to be"
    )


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SHIPPED)


def test_every_request_and_every_start_satisfies_it():
    validators = {
        kind: jsonschema.Draft202012Validator({**SHIPPED["$defs"][kind.name], "$defs": SHIPPED["$defs"]})
        for kind in INSTALLATION.requests
    }
    for request in INSTALLATION.all_requests():
        assert validators[request.type].is_valid(request.as_dict()), request


@pytest.mark.parametrize("pair", [True, False])
def test_real_messages_satisfy_it(behaviours, opened, serving, tmp_path, pair):
    requests = [
        ReadFirmwareVersion(sender=User.SUPPLIER_A, target=Device.PPMID, screening=Screening.CAUGHT),
        ReadFirmwareVersion(sender=User.SUPPLIER_A, target=Device.PPMID, request_id=RequestIdUse.REPEATED),
        ChangeElectricitySupplier(to=User.SUPPLIER_B),
    ]
    log = tmp_path / "log"
    server = serving()
    logging = f"log = open({str(log)!r}, 'ab')\ndef special(m): log.write(line); log.flush()"
    target = opened(behaviours.command(logging) if pair else server.address)
    target.reset(INSTALLATION.state())
    for request in requests:
        target.send(request)
    bodies = log.read_bytes().splitlines() if pair else [body for path, _, body in server.seen if path != "/dsp"]
    messages = [json.loads(body) for body in bodies]
    expected = ["describe", "reset", "send", "send", "send"] if pair else ["describe", "reset", "screen", "event"]
    assert [message["op"] for message in messages] == expected
    assert all(valid(message, "message") for message in messages)


@pytest.mark.parametrize(
    ("message", "kind", "holds"),
    [
        ({"id": 1, "statement": {"requests": ["11.1"], "starts": "any"}}, "answer", True),
        ({"id": 1, "statement": {"requests": ["11.9"]}}, "answer", False),
        ({"id": 1, "ok": True}, "answer", True),
        ({"id": 1, "ok": False}, "answer", False),
        ({"id": 1, "verdict": {"outcome": "E4", "response": None}}, "answer", True),
        ({"id": 1, "verdict": {"outcome": None}}, "answer", False),
        ({"id": 1, "verdict": {"colour": "red"}}, "answer", False),
        ({"id": 1, "error": "no"}, "answer", True),
        ({"id": 1}, "answer", False),
        ({"id": 1, "op": "send", "request": {"type": "DeployRelease"}}, "message", True),
        ({"id": 1, "op": "send", "request": {"type": "ReadFirmwareVersion"}}, "message", False),
        ({"id": 1, "op": "send"}, "message", False),
        ({"id": 1, "op": "reset", "state": {}}, "message", False),
        ({"id": 1, "op": "other"}, "message", False),
    ],
)
def test_what_it_refuses(message, kind, holds):
    assert valid(message, kind) is holds
