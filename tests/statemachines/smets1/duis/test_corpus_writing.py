"""What is written has the shape of DCC's published request templates, where somebody has them.

They are not part of this project (their licence is another): SMETS1_RTDS names a directory that has them.
"""

import os
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from statemachines.smets1.duis.elements import NAMESPACE, tag
from statemachines.smets1.duis.errors import UnwritableError
from statemachines.smets1.duis.writer import DCC_ID
from statemachines.smets1.edge.model_to_duis import write
from statemachines.smets1.edge.specimen import specimen
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import SERVICE_REQUEST_TYPES

RTDS = os.environ.get("SMETS1_RTDS")
pytestmark = pytest.mark.skipif(not RTDS, reason="SMETS1_RTDS is unset: it would name a directory of real requests")
OPTIONAL = {
    "ESMEVariant",  # of an ESME
    "ExecutionDateTime",  # of a later moment
    "SecondaryImportMPAN",  # of a meter with two elements
    "ExportMPAN",  # of a meter that exports
    "SpecialDay",  # of a tariff with any
}
"""What the templates have in every request of some kind, and a request need not have."""


def name(node):
    return etree.QName(node).localname


def header(root, wanted):
    return root.findtext(f"{tag('Header')}/{tag(wanted)}")


@cache
def templates():
    """The published requests, by SRV."""
    result = defaultdict(list)
    for path in sorted(Path(RTDS).rglob("*REQUEST*.[Xx][Mm][Ll]")):
        root = etree.parse(str(path)).getroot()
        if root.tag == tag("Request"):
            result[header(root, "ServiceReferenceVariant")].append(root)
    assert result, f"{RTDS} holds no request template"
    return result


def inner(root):
    """Each element of the body, with its children's names in order, each once in a row."""
    for node in root.find(tag("Body")).iter(f"{{{NAMESPACE}}}*"):
        names = [name(child) for child in node.iterchildren(f"{{{NAMESPACE}}}*")]
        yield node, [each for place, each in enumerate(names) if not place or names[place - 1] != each]


@cache
def written():
    """A document of every request that can be written, by SRV."""
    result, premises = defaultdict(dict), specimen(INSTALLATION.state())
    for kind in SERVICE_REQUEST_TYPES:
        for request in kind.requests():
            try:
                document = write(premises, request, counter=1000).document
            except UnwritableError:
                continue
            root = etree.fromstring(document)
            result[header(root, "ServiceReferenceVariant")][etree.tostring(root.find(tag("Body")))] = root
    return result


def common():
    return sorted(set(written()) & set(templates())) if RTDS else []


def follows(names, order):
    """Whether the names come in this order, with or without others between."""
    rest = iter(order)
    return all(each in rest for each in names)


def test_there_is_something_to_compare():
    assert {"11.1", "11.2", "11.3", "8.3", "12.2", "8.7.2", "8.1.1", "1.1.1"} <= set(common())


@pytest.mark.parametrize("srv", common())
def test_elements_order_and_attributes_are_those_of_the_templates(srv):
    orders, attributes = defaultdict(list), defaultdict(set)
    for root in templates()[srv]:
        for node, names in inner(root):
            orders[name(node)].append(names)
            attributes[name(node)].add(tuple(sorted(node.attrib)))
    for root in written()[srv].values():
        if root.find(f".//{tag('GasTariffElements')}") is not None and "GasTariffElements" not in orders:
            continue  # the directory has no template of a gas tariff
        for node, names in inner(root):
            assert name(node) in orders, f"{srv}: no template has {name(node)}"
            assert any(follows(names, order) for order in orders[name(node)]), (
                f"{srv}: {name(node)} holds {names}, not as in a template"
            )
            always = set.intersection(*(set(order) for order in orders[name(node)]))
            assert always - OPTIONAL <= set(names), f"{srv}: {name(node)} holds only {names}"
            assert tuple(sorted(node.attrib)) in attributes[name(node)], f"{srv}: {name(node)}"


@pytest.mark.parametrize("srv", common())
def test_the_root_and_the_header_are_those_of_the_templates(srv):
    known = templates()[srv]
    for root in written()[srv].values():
        assert root.tag in {each.tag for each in known}
        assert root.get("schemaVersion") in {each.get("schemaVersion") for each in known}
        assert [name(node) for node in root.find(tag("Header"))] == [
            name(node) for node in known[0].find(tag("Header"))
        ]
        for wanted in ("ServiceReference", "ServiceReferenceVariant", "CommandVariant"):
            assert header(root, wanted) in {header(each, wanted) for each in known}, wanted
        to_the_dcc = {header(each, "RequestID").split(":")[1] == DCC_ID for each in known}
        assert (header(root, "RequestID").split(":")[1] == DCC_ID) in to_the_dcc
