"""Installation files that are written: they are read as the premises they were written from."""

import attrs
import pytest

from statemachines.semantics.oracle import Oracle
from statemachines.smets1.duis.errors import UnwritableError
from statemachines.smets1.edge.installation_file import READ_FROM_A_FILE, parse_premises, read_premises
from statemachines.smets1.edge.installation_writer import in_the_files_names, installation_toml
from statemachines.smets1.edge.specimen import specimen
from statemachines.smets1.firmware import Firmware
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.migration import Migration
from statemachines.smets1.vocabulary import SERVICE_REQUEST_TYPES, Device, Group, User


@pytest.fixture
def migrated():
    """The state of a migrated installation, whose Electricity Supplier is Supplier C."""
    oracle = Oracle(INSTALLATION)
    state = INSTALLATION.state(group=Group.OTHER_IOC, electricity_supplier=User.SUPPLIER_C)
    events = [request for request in INSTALLATION.all_requests() if request.type not in SERVICE_REQUEST_TYPES]
    names = (
        "AuthoriseMigration",
        "ValidateData",
        "TestDevices",
        "StartCommissioning",
        "DeployRelease",
        "CompleteMigration",
    )
    for name in names:
        state, _ = oracle.decide(state, next(event for event in events if event.type.name == name))
    assert state.migration is Migration.MIGRATED
    return state


def reported(state):
    return {name: value for name, value in state.as_dict().items() if name in READ_FROM_A_FILE}


def test_the_example_is_read_written_and_read_again(installation_file):
    premises = read_premises(installation_file)
    assert parse_premises(installation_toml(premises), "again") == premises


def test_a_state_is_read_again_with_its_suppliers_in_other_names(migrated):
    premises = specimen(migrated)
    read = parse_premises(installation_toml(premises), "again")
    assert reported(read.state) == reported(in_the_files_names(migrated))
    assert read.state.electricity_supplier is User.SUPPLIER_A
    [identity] = [identity for identity, acts_as in read.users.items() if acts_as == (User.SUPPLIER_A,)]
    assert premises.users[identity] == (User.SUPPLIER_C,)


def test_request_ids_are_reported(migrated):
    used = "02-00-00-00-00-00-00-0A:02-00-00-00-00-00-01-D0:1"
    premises = attrs.evolve(specimen(migrated), used=frozenset({used}), held=frozenset({used}))
    read = parse_premises(installation_toml(premises), "again")
    assert (read.used, read.held, read.dropped) == ({used}, {used}, frozenset())


def test_what_no_installation_can_be_is_refused(migrated):
    nobodys = INSTALLATION.state(**{**migrated.as_dict(), "ppmid_firmware": Firmware.DELIVERED})
    with pytest.raises(UnwritableError, match="cannot say that the party with a PPMID upgrade in hand is nobody"):
        installation_toml(specimen(nobodys))
    early = INSTALLATION.state(**{**migrated.as_dict(), "migration": Migration.WITH_SMSO})
    with pytest.raises(UnwritableError, match="cannot be together: expected that"):
        installation_toml(specimen(early))


def test_an_image_that_is_not_known_is_refused(migrated):
    running = INSTALLATION.state(**{**migrated.as_dict(), "esme_firmware": Firmware.UPGRADED})
    premises = specimen(running)
    assert parse_premises(installation_toml(premises), "again").the(Device.ESME).delivered_hash
    unknown = {identity: attrs.evolve(facts, delivered_hash=None) for identity, facts in premises.devices.items()}
    with pytest.raises(UnwritableError, match="the hash of the image for the ESME is not known"):
        installation_toml(attrs.evolve(premises, devices=unknown))


def test_a_party_without_an_identity_is_refused(migrated):
    with pytest.raises(UnwritableError, match="Supplier C has 0 EUI-64s"):
        installation_toml(attrs.evolve(specimen(migrated), users={}))
