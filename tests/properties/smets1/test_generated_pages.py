"""Pages that are made from the declarations are those of these declarations, and lack nothing."""

import json

import jsonschema
import pytest

from properties.smets1 import checks_page, duis_examples
from properties.smets1.messages import installation_schema
from statemachines.drawing.page import Listing, Table, markdown
from statemachines.semantics.decision import checks_of
from statemachines.smets1.duis.reader import parse_request
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS, Role
from statemachines.smets1.vocabulary import SERVICE_REQUEST_TYPES, SRV_OF
from tests.support.paths import ROOT


@pytest.mark.parametrize(
    ("page", "path"),
    [(checks_page.PAGE, "docs/checks.md"), (duis_examples.PAGE, "docs/conformance/duis-examples.md")],
)
def test_the_page_is_that_of_these_declarations(page, path):
    """If not: make diagrams."""
    assert (ROOT / path).read_text(encoding="utf-8") == markdown(page)


def test_every_check_is_on_the_page_in_its_order_with_what_it_is_asked_of_and_what_it_says():
    rows = [row for block in checks_page.PAGE.blocks[:-1] if isinstance(block, Table) for row in block.rows]
    checks = [(gate, check) for gate in INSTALLATION.gates for check in gate.checks]
    assert [row[0] for row in rows] == [(str(number),) for number in range(1, len(checks) + 1)]
    for (_, label, asked_of, otherwise, rules), (gate, check) in zip(rows, checks, strict=True):
        assert (label, rules) == ((check.label,), (" ".join(check.rules),))
        assert str(check.reason.value) in otherwise[0]
        asked = [kind for kind in INSTALLATION.requests if check in checks_of(gate, kind)]
        assert asked_of[0].startswith("all ") or all(kind.label in asked_of[0] for kind in asked)


def test_the_page_of_checks_has_the_roles_of_every_srv():
    (*_, table) = checks_page.PAGE.blocks
    roles = {row[0][0]: [cell[0] for cell in row[2:-3]] for row in table.rows}
    assert roles.keys() == SERVICE_REQUESTS.keys()
    assert roles["11.1"] == ["yes", "", "yes", "", "", "", ""]
    assert roles["11.2"] == ["yes"] * 7
    assert all(sum(map(bool, roles[srv])) == len(one.roles) for srv, one in SERVICE_REQUESTS.items())
    assert len(list(Role)) == 7


def test_there_is_an_example_of_each_message_that_a_target_is_sent():
    listed = [block.text for block in duis_examples.PAGE.blocks if isinstance(block, Listing)]
    requests = [text for text in listed if "sr:Request " in text]
    srvs = [parse_request(text.encode()).variant.srv for text in requests]
    assert len(srvs) == len(SERVICE_REQUEST_TYPES)
    assert set(SRV_OF.values()) <= set(srvs)
    schema = jsonschema.Draft202012Validator(installation_schema(INSTALLATION))
    messages = [json.loads(text) for text in listed if text.startswith("{")]
    assert {message["op"] for message in messages if "op" in message} == {
        "describe",
        "reset",
        "event",
        "screen",
        "settled",
    }
    for message in messages:
        if message.get("op") != "reset":  # which leaves something out, and says so
            schema.validate(message)
