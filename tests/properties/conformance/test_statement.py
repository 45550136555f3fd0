"""Statements: what a target supports, and how it is said that it does not."""

import pytest

from properties.conformance.mapping import Translation
from properties.conformance.statement import Starts, Statement, parse_statement, read_statement
from properties.conformance.targets.answers import VerdictReader
from properties.conformance.targets.misbehaviour import Misbehaved
from properties.smets1.profile import PROFILE
from statemachines.files.toml import TomlFileError
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.migration import Migration, migration
from statemachines.smets1.vocabulary import (
    ChangeElectricitySupplier,
    Device,
    Group,
    ReadFirmwareVersion,
    UpdateFirmware,
    UpdatePpmidFirmware,
    User,
)
from tests.support.pin_safe import make_safe

EVERYTHING = Statement(INSTALLATION, PROFILE)
READ = ReadFirmwareVersion(sender=User.SUPPLIER_A, target=Device.PPMID)


def test_one_that_says_nothing_supports_everything():
    answer = parse_statement({}, INSTALLATION, PROFILE)
    for statement in (answer, EVERYTHING):
        assert all(statement.why_not(request) is None for request in INSTALLATION.all_requests())
        assert all(statement.why_not_start(state) is None for state in INSTALLATION.initial_states())
    assert (answer.observes, answer.exactly) == (("outcome", "at", "reason", "response"), False)


def test_a_file_and_a_target_say_the_same(tmp_path):
    path = tmp_path / "statement.toml"
    path.write_text(
        """
name = "Our S1SP"
version = "1.4"
requests = ["11.1", "11.2", "ChangeElectricitySupplier"]
devices = ["PPMID", "ESME"]
observes = ["at", "outcome"]
answers_events = false
starts = "initial"
parallel = true

[only]
group = ["EA (FOC)"]

[not_supported]
designation = "documents are not our trade"
"11.2" = "comes next year"
"""
    )
    reported = {
        "name": "Our S1SP",
        "version": "1.4",
        "requests": ["11.1", "11.2", "ChangeElectricitySupplier"],
        "devices": ["PPMID", "ESME"],
        "observes": ["at", "outcome"],
        "answers_events": False,
        "starts": "initial",
        "parallel": True,
        "only": {"group": ["EA (FOC)"]},
        "not_supported": {"designation": "documents are not our trade", "11.2": "comes next year"},
    }
    for statement in (read_statement(path, INSTALLATION, PROFILE), parse_statement(reported, INSTALLATION, PROFILE)):
        assert (statement.name, statement.version) == ("Our S1SP", "1.4")
        assert statement.requests == {UpdateFirmware, ChangeElectricitySupplier}
        assert statement.subjects == {Device.PPMID, Device.ESME}
        assert statement.lifecycles == set(INSTALLATION.state_type.names) - {"designation"}
        assert (statement.observes, statement.exactly) == (("outcome", "at"), True)
        assert (statement.answers_events, statement.starts, statement.parallel) == (False, Starts.INITIAL, True)
        assert statement.only == {"group": frozenset([Group.EA])}


@pytest.mark.parametrize(
    ("reported", "request_", "why"),
    [
        ({"not_supported": {"11.2": "next year"}}, READ, "Read Firmware Version (SRV 11.2): next year"),
        ({"requests": ["11.1"]}, READ, "Read Firmware Version (SRV 11.2): its statement does not list it"),
        (
            {"not_supported": {"UpdatePpmidFirmware": "no"}},
            UpdatePpmidFirmware(sender=User.SUPPLIER_A),
            "Update PPMID Firmware (SRV 11.4): no",
        ),
        ({"not_supported": {"PPMID": "none made"}}, READ, "the device PPMID: none made"),
        ({"only": {"sender": ["Supplier B"]}}, READ, "sender Supplier A: its statement does not list it"),
    ],
)
def test_why_a_request_is_not_applicable(reported, request_, why):
    assert parse_statement(reported, INSTALLATION, PROFILE).why_not(request_) == f"the target does not support {why}"


def test_a_device_that_a_request_does_not_name_is_no_matter():
    statement = parse_statement({"not_supported": {"PPMID": ""}}, INSTALLATION, PROFILE)
    assert statement.why_not(READ.replace(target=Device.ESME)) is None


def test_why_a_start_is_not_applicable():
    migrated = INSTALLATION.state(migration=Migration.MIGRATED)
    initial = parse_statement({"starts": "initial"}, INSTALLATION, PROFILE)
    assert initial.why_not_start(INSTALLATION.state()) is None
    assert initial.why_not_start(migrated) == (
        "it can only be reset to an initial state, and migration does not start as migrated to the DCC"
    )
    without = parse_statement({"not_supported": {"migration": "done by others"}}, INSTALLATION, PROFILE)
    assert without.why_not_start(INSTALLATION.state()) is None
    assert without.why_not_start(migrated) == "the target does not support the lifecycle of migration: done by others"
    only = parse_statement({"only": {"group": ["EA (FOC)"]}}, INSTALLATION, PROFILE)
    assert only.why_not_start(INSTALLATION.state(group=Group.EA)) is None
    assert only.why_not_start(INSTALLATION.state(group=Group.CA)) == (
        "the target does not support group CA (IOC, Elster gas meters): its statement does not list it"
    )


def test_why_a_step_cannot_be_followed():
    statement = parse_statement({"not_supported": {"migration": "done by others"}}, INSTALLATION, PROFILE)
    moved = {migration.name: (Migration.COMMISSIONING, Migration.MIGRATED)}
    assert statement.why_not_changes(moved) == "the target does not support the lifecycle of migration: done by others"
    assert EVERYTHING.why_not_changes(moved) is None
    assert statement.why_not_changes({}) is None


@pytest.mark.parametrize(
    ("reported", "message"),
    [
        ({"request": []}, "the target's statement: request is not a key; expected one of: answers_events, "),
        ({"requests": ["11.9"]}, "the target's statement: requests is '11.9', expected one of: \"11.1\""),
        ({"requests": []}, "requests is '[]', expected a list with any of: \"11.1\""),
        ({"devices": "PPMID"}, "devices is 'PPMID', expected a list with any of: \"ESME\", "),
        ({"observes": ["verdict"]}, 'observes is \'verdict\', expected one of: "outcome", "at", "reason", "response"'),
        ({"starts": True}, 'starts is \'true\', expected one of: "any", "initial"'),
        ({"parallel": "yes"}, "parallel is 'yes', expected true or false"),
        ({"only": {"colour": ["red"]}}, "only.colour is not a key"),
        ({"only": {"group": ["red"]}}, "only.group is 'red', expected one of: \"CA (IOC, Elster gas meters)\""),
        ({"not_supported": {"11.9": ""}}, "not_supported.11.9 is not a key"),
        ({"not_supported": ["11.1"]}, "not_supported is '['11.1']', expected a table [not_supported]"),
        ({"name": 7}, "name is '7', expected a string"),
        ({"only": {"grup": ["EA (FOC)"]}}, "only.grup is not a key; expected one of: "),
        ({"only": {"grup": ["EA (FOC)"]}}, '; did you mean "group"?'),
        ({"not_supported": {"12.9": "later"}}, "not_supported.12.9 is not a key; expected one of: "),
        ({"not_supported": {"Deployrelease": "later"}}, '; did you mean "DeployRelease"'),
        ({"requests": [11.1]}, '; a word stands in quotes: "11.1"'),
    ],
)
def test_a_statement_that_cannot_be_understood(reported, message):
    with pytest.raises(TomlFileError) as caught:
        parse_statement(reported, INSTALLATION, PROFILE)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 600


def test_a_file_that_cannot_be_understood(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text("starts = 'sometimes'")
    with pytest.raises(TomlFileError, match=r"^ours.toml: starts is 'sometimes', expected one of"):
        read_statement(path, INSTALLATION, PROFILE)


def test_every_field_whose_value_is_a_device_names_a_subject():
    fields = {field for kind in INSTALLATION.requests for field in kind.fields}
    assert {field.name for field in fields if isinstance(field.domain[0], Device)} == set(PROFILE.subjects)
    assert EVERYTHING.subjects == set(Device)


def test_without_a_profile_there_are_no_subjects_and_no_silent_events():
    safe = make_safe()
    system = safe.claims.system
    with pytest.raises(TomlFileError, match="devices"):
        parse_statement({"devices": ["PPMID"]}, system)
    silent = VerdictReader(parse_statement({"answers_events": False}, system), Translation(system))
    with pytest.raises(Misbehaved, match="no outcome"):
        silent.observation(safe.Sing(), {})
