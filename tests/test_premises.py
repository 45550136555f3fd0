"""Installation files: the example reads as it says, and a wrong one names the key, the value and what was expected."""

from datetime import date

import pytest

from statemachines.commissioning import Commissioning
from statemachines.firmware import Firmware
from statemachines.key_package import KeyPackage
from statemachines.premises import read_premises
from statemachines.releases import Release
from statemachines.toml_file import TomlFileError
from statemachines.vocabulary import Device, Group, User

PPMID = "00-DB-12-34-56-78-9A-D0"
HASH = "AB" * 32
DELIVERED = (
    'upgrade = "none"',
    f'upgrade = "delivered"\ndelivered_version = "00000005"\ndelivered_hash = "{HASH}"',
)


def test_the_example_reads_as_it_says(installation_file):
    premises = read_premises(installation_file)
    state = premises.state
    assert state.group is Group.CA
    assert state.electricity_supplier is User.SUPPLIER_A
    assert state.gas_supplier is User.SUPPLIER_B
    assert state.release is Release.UPLIFT_1_2
    assert state.key_package is KeyPackage.WITH_PPMID
    assert state.ppmid_status is Commissioning.COMMISSIONED
    assert premises.devices[PPMID].device is Device.PPMID
    assert premises.devices[PPMID].version == "00000004"
    assert premises.users["90-B3-D5-1F-30-0C-00-00"] == (User.SUPPLIER_C,)
    assert premises.users["90-B3-D5-1F-30-02-00-00"] == (User.ELECTRICITY_DISTRIBUTOR, User.GAS_TRANSPORTER)
    assert premises.notes == ()


def test_an_upgrade_in_hand_is_in_the_electricity_suppliers_hand(edited):
    premises = read_premises(edited(DELIVERED))
    assert premises.state.ppmid_firmware is Firmware.DELIVERED
    assert premises.state.ppmid_upgrade_by is User.SUPPLIER_A
    assert premises.devices[PPMID].delivered_hash == HASH


def test_a_group_that_the_sources_do_not_name_is_another_group_of_its_cohort(edited):
    assert read_premises(edited(('group = "CA"', 'group = "XY"\ncohort = "MOC (MDS)"'))).state.group is Group.MDS
    assert read_premises(edited(('group = "CA"', 'group = "IOC"'))).state.group is Group.OTHER_IOC


def test_dual_fuel_is_one_party(edited):
    premises = read_premises(edited(("90-B3-D5-1F-30-0B-00-00", "90-B3-D5-1F-30-0A-00-00")))
    assert premises.state.gas_supplier is premises.state.electricity_supplier


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('group = "CA"', 'group = "CB"', 'installation.group is \'CB\', expected one of: "CA", "EA", "EB", "IOC"'),
        ('group = "CA"', "group = 7", "installation.group is '7', expected one of"),
        ('group = "CA"', "", "installation.group is missing"),
        (
            'group = "CA"',
            'group = "CA"\ncohort = "IOC"',
            "installation.cohort is 'IOC', expected none, for the cohort of",
        ),
        ('group = "CA"', 'group = "X"\ncohort = "FOC"', "installation.cohort is 'FOC', expected one of"),
        ("other_devices = []", 'other_devices = ["x"]', "installation.other_devices: 'x', expected"),
        ('type = "PPMID"', 'type = "IHD"', "devices[5].type is 'IHD', expected one of"),
        ('type = "GSME"', 'type = "ESME"', "devices[2].type is 'ESME', expected one device of each type"),
        (
            PPMID,
            "00-DB-12-34-56-78-9A-E0",
            "devices[5].id is '00-DB-12-34-56-78-9A-E0', expected an EUI-64 that no other",
        ),
        (PPMID, "00-DB", "devices[5].id: '00-DB', expected"),
        ("migrated = true", 'migrated = "yes"', "state.migrated is 'yes', expected true or false"),
        ("migrated = true", "migratd = true", "state.migrated is missing"),
        ("ppmid_keys = true", "ppmid_keys = true\ncolour = 1", "state.colour is not a key; expected one of"),
        ('"uplift-1.2"', '"uplift"', "state.release is 'uplift', expected one of"),
        ('roles = ["ED", "GT"]', 'roles = ["XX"]', "users[2].roles is 'XX', expected one of"),
        ('roles = ["ED", "GT"]', "roles = []", "users[2].roles is '[]', expected a list of some of"),
        ("used_request_ids = []", 'used_request_ids = ["x"]', "state.used_request_ids: 'x', expected originator"),
        (
            'roles = ["IS", "GS"]',
            'roles = ["OU"]\n[[users]]\nid = "90-B3-D5-1F-30-0C-00-00"\nroles = ["IS"]',
            "users[2].id is '90-B3-D5-1F-30-0C-00-00', expected an EUI-64 that no other user",
        ),
        ("gas_supplier =", "gas_suplier =", "parties.gas_suplier is not a key; expected one of: gas_supplier, import"),
        (
            "used_request_ids = []",
            "used_request_ids = [1]",
            "state.used_request_ids is '[1]', expected a list of strings",
        ),
        ('firmware_version = "00000004"', 'firmware_version = "4"', "devices[5].firmware_version: '4', expected"),
        ('upgrade = "none"', 'upgrade = "pending"', "devices[5].delivered_hash is missing"),
        ("[installation]", "[installation", "not TOML"),
        ("[[devices]]", "[devices]", "not TOML"),
    ],
)
def test_a_wrong_file_says_what_is_wrong_where_and_what_was_expected(edited, old, new, message):
    with pytest.raises(TomlFileError) as refused:
        read_premises(edited((old, new)))
    assert message in str(refused.value)
    assert str(refused.value).startswith("installation.toml: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("edits", "rule"),
    [
        ([('"uplift-1.2" #', '"before-uplift-1.2" #')], "KEY-2"),
        ([("migrated = true", "migrated = false")], "KEY-1"),
        ([DELIVERED, ('group = "CA"', 'group = "EA"')], "PPMID-7"),
        ([(f'"{PPMID}"\ncommissioned = true', f'"{PPMID}"\ncommissioned = false')], "KEY-3"),
    ],
)
def test_a_state_that_cannot_come_about_is_refused_with_the_rule(edited, edits, rule):
    with pytest.raises(TomlFileError, match=f"cannot be together: expected that .*{rule}"):
        read_premises(edited(*edits))


def test_a_gas_meter_needs_a_gas_supplier(edited):
    with pytest.raises(TomlFileError, match=r"devices\[2\].type is 'GSME', expected no gas meter"):
        read_premises(edited(('gas_supplier = "90-B3-D5-1F-30-0B-00-00"', "")))


class TestTheDay:
    """``on`` decides the release where the sources or the file settle it, and says so where they do not (DES-5)."""

    def test_a_settled_day(self, installation_file):
        premises = read_premises(installation_file, date(2021, 1, 1))
        assert premises.state.release is Release.NOVEMBER_2020
        assert "MOD-11" in premises.notes[0]

    def test_an_open_day_takes_the_files_release_and_says_so(self, installation_file):
        premises = read_premises(installation_file, date(2020, 10, 15))
        assert premises.state.release is Release.UPLIFT_1_2
        assert "leave open" in premises.notes[0]

    def test_days_that_the_file_gives_decide(self, edited):
        days = ("# [releases]", '[releases]\n"uplift-1.2" = 2020-10-01\n"november-2020" = 2020-11-10\n#')
        assert read_premises(edited(days), date(2020, 11, 9)).state.release is Release.UPLIFT_1_2
        assert read_premises(edited(days), date(2020, 11, 10)).state.release is Release.NOVEMBER_2020
        assert read_premises(edited(days), date(2020, 11, 10)).notes == (
            "on 2020-11-10 the release in force is November 2020 maintenance, as [releases] says",
        )

    def test_a_stated_release_that_cannot_be_in_force_is_refused(self, edited):
        path = edited(('release = "uplift-1.2"', 'release = "november-2020"'))
        with pytest.raises(TomlFileError, match=r"state.release is 'november-2020', expected one that may be in force"):
            read_premises(path, date(2020, 10, 15))

    def test_a_day_is_not_a_string(self, edited):
        path = edited(("# [releases]", '[releases]\n"uplift-1.2" = "2020-10-01"\n#'))
        with pytest.raises(TomlFileError, match=r"releases.uplift-1.2 is '2020-10-01', expected a day"):
            read_premises(path, date(2020, 10, 15))


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 100_000, b"a = " + b"[" * 5000, b"\0", b""])
def test_bytes_that_are_no_installation_get_one_message(tmp_path, content):
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(TomlFileError) as refused:
        read_premises(path)
    assert len(str(refused.value)) < 400


def test_a_file_that_is_not_there_or_too_large(tmp_path):
    with pytest.raises(TomlFileError, match="cannot be read"):
        read_premises(tmp_path / "none.toml")
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * (1024 * 1024 + 1))
    with pytest.raises(TomlFileError, match="too large"):
        read_premises(large)
