"""The table of Service Request Variants, and its agreement with DCC's own matrix where that is at hand."""

import json
import os
import re
from pathlib import Path

import attrs
import pytest

from statemachines.smets1.service_request_variants import SERVICE_REQUESTS, FutureDating, Role

RTDS = os.environ.get("SMETS1_RTDS")
MATRIX = next(Path(RTDS).rglob("duis-request-matrix.json"), None) if RTDS else None


def test_there_are_129_variants_in_numeric_order():
    assert len(SERVICE_REQUESTS) == 129
    assert list(SERVICE_REQUESTS) == sorted(SERVICE_REQUESTS, key=lambda srv: [int(part) for part in srv.split(".")])
    assert all(srv == variant.srv for srv, variant in SERVICE_REQUESTS.items())


def test_the_table_is_read_only():
    with pytest.raises(TypeError):
        SERVICE_REQUESTS["99.9"] = SERVICE_REQUESTS["11.1"]


@pytest.mark.parametrize(
    ("srv", "reference"),
    [("11.1", "11.1"), ("4.10", "4.10"), ("8.14.3", "8.14"), ("6.2.10", "6.2"), ("6.20.1", "6.20")],
)
def test_the_reference_is_the_first_two_numbers_of_the_variant(srv, reference):
    assert SERVICE_REQUESTS[srv].reference == reference


def test_activate_firmware_is_critical_and_held_by_the_device():
    activate = SERVICE_REQUESTS["11.3"]
    assert activate.name == "Activate Firmware"
    assert activate.critical
    assert activate.on_demand
    assert activate.future_dated == {FutureDating.DEVICE}
    assert activate.roles == {Role.IMPORT_SUPPLIER, Role.GAS_SUPPLIER}


def test_update_firmware_is_answered_without_a_command_to_a_device():
    update = SERVICE_REQUESTS["11.1"]
    assert update.non_device
    assert not update.critical
    assert not update.on_demand
    assert not update.future_dated


def test_every_role_may_read_the_firmware_version():
    assert SERVICE_REQUESTS["11.2"].roles == set(Role)


def test_one_variant_can_be_future_dated_by_both():
    assert [srv for srv, variant in SERVICE_REQUESTS.items() if len(variant.future_dated) == 2] == ["6.23"]


def test_names_are_tidy():
    for variant in SERVICE_REQUESTS.values():
        assert variant.name == " ".join(variant.name.split())
        assert variant.name.isascii()
    assert SERVICE_REQUESTS["8.2"].name == "Read Inventory"


@pytest.mark.skipif(MATRIX is None, reason="SMETS1_RTDS names no directory with DCC's duis-request-matrix.json")
def test_every_fact_is_that_of_the_matrix():
    stated = {srv: attrs.asdict(variant) for srv, variant in SERVICE_REQUESTS.items()}
    matrix = {row["Service Reference Variant"]: _facts(row) for row in json.loads(MATRIX.read_text("utf-8"))}
    assert stated == matrix


def _facts(row):
    held_by = {"No": set(), "DSP": {FutureDating.DSP}, "Device": {FutureDating.DEVICE}}
    held_by["DSP & Device"] = held_by["DSP"] | held_by["Device"]
    yes = {"Yes": True, "No": False}
    return {
        "srv": row["Service Reference Variant"],
        "name": _tidy(row["Service Request Name"]),
        "critical": yes[row["Critical"]],
        "on_demand": yes[row["On Demand"]],
        "future_dated": held_by[row["Future Dated Response Pattern"]],
        "dcc_scheduled": yes[row["DCC Scheduled"]],
        "non_device": yes[row["Non-Device Request"]],
        "roles": {Role(role) for role in row["Eligible User Roles"]},
    }


def _tidy(name):
    """8.2 carries a remark on a line of its own, and the 8.14s each have a dash of their own."""
    title, *_remark = name.splitlines()
    return " ".join(re.sub(r"\.?\s*[-\u2013]\s+", " - ", title).split())
