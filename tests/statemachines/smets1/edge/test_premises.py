"""Installation files: the example reads as it says, and a wrong one names the key, the value and what was expected."""

from datetime import date

import pytest

from statemachines.files.toml import TomlFileError
from statemachines.smets1.auxiliary_load import LoadSwitch
from statemachines.smets1.commissioning import SmiStatus
from statemachines.smets1.edge.installation_file import read_premises
from statemachines.smets1.firmware import Firmware
from statemachines.smets1.key_package import KeyPackage
from statemachines.smets1.migration import Failures, Migration, Operation
from statemachines.smets1.pin import Pin
from statemachines.smets1.releases import Release
from statemachines.smets1.vocabulary import DataValues, Device, Group, Screening, User

A, B, C = (f"90-B3-D5-1F-30-{part}-00-00" for part in ("0A", "0B", "0C"))
ESME, GSME, CHF, PPMID = (f"00-DB-12-34-56-78-9A-{part}" for part in ("E0", "60", "C0", "D0"))
ONE_ID = f"{A}:{ESME}:7"
HASH = "AB" * 32
DELIVERED = (
    'upgrade = "none"',
    f'upgrade = "delivered"\ndelivered_version = "00000005"\ndelivered_hash = "{HASH}"',
)
NOT_CA = [('group = "CA"', 'group = "IOC"'), ('pin = "provided"', "")]
OLD_RELEASE = ('"uplift-1.2" #', '"before-uplift-1.2" #')
PIN_LACKING = ('pin = "provided"', 'pin = "revised"')
NO_KEYS = ("ppmid_keys = true", "ppmid_keys = false")


def status(identity: str, new: str) -> tuple[str, str]:
    """The edit that gives a device of the example another status."""
    return f'"{identity}"\nstatus = "commissioned"', f'"{identity}"\nstatus = "{new}"'


def stage(new: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The edits that take the example, without its PIN, back to an earlier stage of its migration."""
    result = [status(which, "installed") for which in (ESME, GSME, PPMID)]
    hub = [] if new in {"commissioning", "migrated"} else [status(CHF, "installed")]
    return [('migration = "migrated"', f'migration = "{new}"'), NO_KEYS, ('pin = "provided"', ""), *result, *hub, *more]


def test_the_example_reads_as_it_says(installation_file):
    premises = read_premises(installation_file)
    state = premises.state
    assert state.group is Group.CA
    assert state.electricity_supplier is User.SUPPLIER_A
    assert state.gas_supplier is User.SUPPLIER_B
    assert state.older_duis is User.NOBODY
    assert state.release is Release.UPLIFT_1_2
    assert state.key_package is KeyPackage.WITH_PPMID
    assert state.migration is Migration.MIGRATED
    assert (state.smso, state.dcc) == (Operation.DOES_NOT, Operation.OPERATES)
    assert state.failures is Failures.NOT_COUNTED
    assert state.pin is Pin.PROVIDED
    assert state.ppmid_status is SmiStatus.COMMISSIONED
    assert state.load_switch is LoadSwitch.OPEN
    assert premises.devices[PPMID].device is Device.PPMID
    assert premises.the(Device.PPMID).version == "00000004"
    assert premises.users[C] == (User.SUPPLIER_C,)
    assert premises.users["90-B3-D5-1F-30-02-00-00"] == (User.ELECTRICITY_DISTRIBUTOR, User.GAS_TRANSPORTER)
    assert premises.notes == ()


def test_the_second_example_is_of_new_devices(installation_file):
    premises = read_premises(installation_file.with_name("new-devices.toml"))
    assert premises.state.ppmid_status is SmiStatus.ABSENT
    assert premises.the(Device.PPMID) is None
    assert premises.screening(f"{B}:{GSME}:2") is Screening.CAUGHT


def test_an_upgrade_in_hand_is_in_the_electricity_suppliers_hand(edited):
    premises = read_premises(edited(DELIVERED))
    assert premises.state.ppmid_firmware is Firmware.DELIVERED
    assert premises.state.ppmid_upgrade_by is User.SUPPLIER_A
    assert premises.devices[PPMID].delivered_hash == HASH


def test_a_group_that_the_sources_do_not_name_is_another_group_of_its_cohort(edited):
    _, no_pin = NOT_CA
    mds = ('group = "CA"', 'group = "XY"\ncohort = "MOC (MDS)"')
    assert read_premises(edited(mds, no_pin)).state.group is Group.MDS
    assert read_premises(edited(*NOT_CA)).state.group is Group.OTHER_IOC


def test_dual_fuel_is_one_party(edited):
    premises = read_premises(edited((B, A)))
    assert premises.state.gas_supplier is premises.state.electricity_supplier


@pytest.mark.parametrize(("older", "user"), [([A], User.SUPPLIER_A), ([B, C], User.NOBODY), ([B, A], User.SUPPLIER_A)])
def test_the_older_duis_version_matters_of_the_electricity_supplier_only(edited, older, user):
    listed = ", ".join(f'"{identity}"' for identity in older)
    assert read_premises(edited(("older_duis = []", f"older_duis = [{listed}]"))).state.older_duis is user


@pytest.mark.parametrize(
    ("word", "result"),
    [
        ("with-smso", Migration.WITH_SMSO),
        ("scheduled", Migration.SCHEDULED),
        ("validated", Migration.VALIDATED),
        ("tested", Migration.TESTED),
        ("migrated", Migration.MIGRATED),
    ],
)
def test_each_stage_of_migration(edited, word, result):
    pin = ("# failed_attempts = 0", 'pin = "revised"' if word == "migrated" else "")
    state = read_premises(edited(*stage(word, pin))).state
    assert state.migration is result
    assert (state.smso is Operation.OPERATES) == (state.dcc is Operation.DOES_NOT) == (result is not Migration.MIGRATED)
    assert state.pin is (Pin.REVISED if word == "migrated" else Pin.HELD)


@pytest.mark.parametrize(
    ("number", "failures"), [(0, Failures.NONE), (2, Failures.TWO), (5, Failures.FIVE), (12, Failures.FIVE)]
)
def test_failed_attempts_count_where_the_file_gives_them(edited, number, failures):
    counted = ("# failed_attempts = 0", f"failed_attempts = {number}")
    assert read_premises(edited(*stage("with-smso", counted))).state.failures is failures


def test_after_five_failed_attempts_an_installation_may_be_excluded(edited):
    state = read_premises(edited(*stage("excluded", ("# failed_attempts = 0", "failed_attempts = 5")))).state
    assert state.migration is Migration.EXCLUDED


@pytest.mark.parametrize(
    ("edits", "pin"),
    [
        (NOT_CA, Pin.HELD),
        (stage("tested"), Pin.HELD),
        ([OLD_RELEASE, NO_KEYS, ('pin = "provided"', "")], Pin.REVISED),
        ([OLD_RELEASE, *stage("commissioning")], Pin.REVISED),
        ([PIN_LACKING], Pin.REVISED),
    ],
)
def test_the_pin_follows_from_the_rest_where_only_one_is_possible(edited, edits, pin):
    assert read_premises(edited(*edits)).state.pin is pin


@pytest.mark.parametrize("edits", [[('pin = "provided"', "")], stage("commissioning")])
def test_the_pin_has_to_be_said_where_more_than_one_is_possible(edited, edits):
    with pytest.raises(TomlFileError, match=r'state\.pin is missing, expected "revised" or "provided", for either'):
        read_premises(edited(*edits))


@pytest.mark.parametrize(
    ("edits", "result"),
    [
        ([("[auxiliary_load]\n", ""), ('switch = "open"\n', "")], LoadSwitch.ABSENT),
        ([('switch = "open"', 'switch = "closed"')], LoadSwitch.CLOSED),
    ],
)
def test_the_auxiliary_load_switch(edited, edits, result):
    assert read_premises(edited(*edits)).state.load_switch is result


@pytest.mark.parametrize(
    ("word", "result"),
    [
        ("pending", SmiStatus.PENDING),
        ("whitelisted", SmiStatus.WHITELISTED),
        ("installed", SmiStatus.INSTALLED),
        ("suspended", SmiStatus.SUSPENDED),
        ("decommissioned", SmiStatus.DECOMMISSIONED),
    ],
)
def test_each_status(edited, word, result):
    state = read_premises(edited(status(PPMID, word), status(GSME, word), NO_KEYS, PIN_LACKING)).state
    assert (state.ppmid_status, state.gsme_status) == (result, result)


@pytest.mark.parametrize(("word", "result"), [("migrated", SmiStatus.COMMISSIONED), ("with-smso", SmiStatus.INSTALLED)])
def test_a_device_that_is_left_out_is_where_migration_leaves_it(tmp_path, word, result):
    path = tmp_path / "small.toml"
    path.write_text(
        f'[installation]\ngroup = "EA"\n[parties]\nimport_supplier = "{A}"\n'
        f'[state]\nmigration = "{word}"\nppmid_keys = false\nrelease = "uplift-1.2"\n'
    )
    premises = read_premises(path)
    state = premises.state
    assert (state.chf_status, state.esme_status, state.gsme_status) == (
        result,
        SmiStatus.INSTALLED,
        SmiStatus.INSTALLED,
    )
    assert state.ppmid_status is SmiStatus.ABSENT
    assert premises.notes == (f"the installation file names no CHF: one that is {result.value} is taken to be there",)


def test_which_requests_have_a_value_beyond_a_set_limit(edited):
    premises = read_premises(edited(("beyond_limits_request_ids = []", f'beyond_limits_request_ids = ["{ONE_ID}"]')))
    assert premises.data_values(ONE_ID) is DataValues.BEYOND
    assert premises.data_values(f"{A}:{ESME}:9") is DataValues.WITHIN


@pytest.mark.parametrize(
    ("listed", "user"), [(A, User.SUPPLIER_A), (B, User.SUPPLIER_B), ("90-B3-D5-1F-30-0C-00-00", User.SUPPLIER_C)]
)
def test_who_installed_the_meters_may_supply_the_premises_or_not(edited, listed, user):
    line = 'installing_supplier = "90-B3-D5-1F-30-0C-00-00"'
    assert read_premises(edited((line, f'installing_supplier = "{listed}"'))).state.installing_supplier is user
    assert read_premises(edited((line, ""))).state.installing_supplier is User.SUPPLIER_B


def test_what_anomaly_detection_catches(edited):
    held = ("held_request_ids = []", f'held_request_ids = ["{ONE_ID.lower()}"]')
    dropped = ("dropped_request_ids = []", f'dropped_request_ids = ["{A}:{ESME}:08"]')
    premises = read_premises(edited(held, dropped))
    assert premises.held == {ONE_ID}
    assert [premises.screening(f"{A}:{ESME}:{count}") for count in (7, 8, 9)] == [
        Screening.CAUGHT,
        Screening.CAUGHT,
        Screening.PASSED,
    ]


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
        ("older_duis = []", 'older_duis = ["x"]', "parties.older_duis: 'x', expected"),
        (
            "older_duis = []",
            f'older_duis = ["{PPMID}"]',
            f"parties.older_duis is '{PPMID}', expected EUI-64s that [parties] or [[users]] name",
        ),
        ("older_duis = []", "older_duis = true", "parties.older_duis is 'true', expected a list of strings"),
        ('type = "PPMID"', 'type = "IHD"', "devices[5].type is 'IHD', expected one of"),
        ('type = "GSME"', 'type = "ESME"', "devices[2].type is 'ESME', expected one device of each type"),
        (PPMID, ESME, f"devices[5].id is '{ESME}', expected an EUI-64 that no other"),
        (PPMID, "00-DB", "devices[5].id: '00-DB', expected"),
        (
            *status(PPMID, "absent"),
            'devices[5].status is \'absent\', expected one of: "pending", "whitelisted", "installed", "commissioned"',
        ),
        (
            *status(CHF, "pending"),
            'devices[3].status is \'pending\', expected one of: "installed", "commissioned", "suspended", "decomm',
        ),
        (f'"{GSME}"\nstatus = "commissioned"', f'"{GSME}"', "devices[2].status is missing"),
        (
            f'"{GSME}"\nstatus = "commissioned"',
            f'"{GSME}"\ncommissioned = true',
            'devices[2].commissioned is \'true\', expected no such key, but status = "commissioned", "installed" or',
        ),
        (
            'type = "GPF"',
            'type = "GPF"\nstatus = "commissioned"',
            "devices[4].status is 'commissioned', expected none, for a GPF is commissioned when the CHF is",
        ),
        ('type = "GPF"', 'type = "GPF"\nupgrade = "none"', "devices[4].upgrade is 'none', expected none, for a GPF"),
        (
            'migration = "migrated"',
            "migrated = true",
            'state.migrated is \'true\', expected no such key, but state.migration = "migrated", "with-smso" or',
        ),
        (
            'migration = "migrated"',
            "migration = true",
            'state.migration is \'true\', expected one of: "with-smso", "sch',
        ),
        ('migration = "migrated"', 'migration = "done"', "state.migration is 'done', expected one of"),
        ('migration = "migrated"', "", "state.migration is missing"),
        (
            "# failed_attempts = 0",
            "failed_attempts = -1",
            "state.failed_attempts is '-1', expected a whole number, 0 or",
        ),
        ("# failed_attempts = 0", 'failed_attempts = "2"', "state.failed_attempts is '2', expected a whole number"),
        ("# failed_attempts = 0", "failed_attempts = true", "state.failed_attempts is 'true', expected a whole number"),
        ('pin = "provided"', 'pin = "known"', 'state.pin is \'known\', expected one of: "held", "revised", "provided"'),
        ('switch = "open"', 'switch = "shut"', 'auxiliary_load.switch is \'shut\', expected one of: "open", "closed"'),
        ('switch = "open"', "", "auxiliary_load.switch is missing"),
        ('switch = "open"', 'switch = "open"\nname = "x"', "auxiliary_load.name is not a key; expected one of: switch"),
        ("ppmid_keys = true", "ppmid_keys = true\ncolour = 1", "state.colour is not a key; expected one of"),
        ("ppmid_keys = true", 'ppmid_keys = "yes"', "state.ppmid_keys is 'yes', expected true or false"),
        ('"uplift-1.2"', '"uplift"', "state.release is 'uplift', expected one of"),
        ('roles = ["ED", "GT"]', 'roles = ["XX"]', "users[2].roles is 'XX', expected one of"),
        ('roles = ["ED", "GT"]', "roles = []", "users[2].roles is '[]', expected a list with any of"),
        ("\nused_request_ids = []", '\nused_request_ids = ["x"]', "state.used_request_ids: 'x', expected originator"),
        ("held_request_ids = []", 'held_request_ids = ["x"]', "state.held_request_ids: 'x', expected originator"),
        ("dropped_request_ids = []", "dropped_request_ids = 1", "state.dropped_request_ids is '1', expected a list of"),
        (
            "held_request_ids = []\ndropped_request_ids = []",
            f'held_request_ids = ["{ONE_ID}"]\ndropped_request_ids = ["{ONE_ID}"]',
            f"state.dropped_request_ids is '{ONE_ID}', expected a RequestID that state.held_request_ids does not name",
        ),
        (
            'roles = ["IS", "GS"]',
            f'roles = ["OU"]\n[[users]]\nid = "{C}"\nroles = ["IS"]',
            f"users[2].id is '{C}', expected an EUI-64 that no other user",
        ),
        ("gas_supplier =", "gas_suplier =", "parties.gas_suplier is not a key; expected one of: gas_supplier, import"),
        (
            "\nused_request_ids = []",
            "\nused_request_ids = [1]",
            "state.used_request_ids is '[1]', expected a list of strings",
        ),
        ('firmware_version = "00000004"', 'firmware_version = "4"', "devices[5].firmware_version: '4', expected"),
        ('upgrade = "none"', 'upgrade = "pending"', "devices[5].delivered_hash is missing"),
        ("[installation]", "[installation", "not TOML"),
        ("[[devices]]", "[devices]", "not TOML"),
        ("[auxiliary_load]", "[[auxiliary_load]]", "expected a table [auxiliary_load]"),
    ],
)
def test_a_wrong_file_says_what_is_wrong_where_and_what_was_expected(edited, old, new, message):
    with pytest.raises(TomlFileError) as refused:
        read_premises(edited((old, new)))
    assert message in str(refused.value)
    assert str(refused.value).startswith("installation.toml: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("edits", "result", "rule"),
    [
        (
            [OLD_RELEASE, ('pin = "provided"', "")],
            "state.release (before-uplift-1.2) and state.ppmid_keys (true)",
            "KEY-2",
        ),
        (
            [OLD_RELEASE, NO_KEYS],
            "state.release (before-uplift-1.2) and state.pin (provided)",
            "PIN-4",
        ),
        (
            stage("tested", ("ppmid_keys = false", "ppmid_keys = true")),
            "state.migration (tested) and state.ppmid_keys (true)",
            "MOD-9",
        ),
        (
            [*NOT_CA, DELIVERED, ('"IOC"', '"EA"')],
            "installation.group (EA) and upgrade of the PPMID (delivered)",
            "PPMID-7",
        ),
        ([status(PPMID, "installed")], "state.ppmid_keys (true) and status of the PPMID (installed)", "KEY-3"),
        ([status(CHF, "installed")], "state.migration (migrated) and status of the CHF (installed)", "MOD-26"),
        (
            stage("with-smso", (f'"{ESME}"\nstatus = "installed"', f'"{ESME}"\nstatus = "commissioned"')),
            "state.migration (with-smso) and status of the ESME (commissioned)",
            "MOD-25",
        ),
        (
            [("# failed_attempts = 0", "failed_attempts = 3")],
            "state.migration (migrated) and state.failed_attempts (3)",
            "MOD-34",
        ),
        (
            stage("excluded", ("# failed_attempts = 0", "failed_attempts = 4")),
            "state.migration (excluded) and state.failed_attempts (4)",
            "MIG-5",
        ),
        (stage("excluded"), "state.migration (excluded) and state.failed_attempts (not counted)", "MIG-5"),
        ([('group = "CA"', 'group = "EA"')], "state.pin (provided) and installation.group (EA)", "MOD-31"),
        ([('pin = "provided"', 'pin = "held"')], "state.migration (migrated) and state.pin (held)", "MOD-31"),
        (
            [status(PPMID, "suspended"), DELIVERED],
            "upgrade of the PPMID (delivered) and status of the PPMID (suspended)",
            "MOD-30",
        ),
        (
            stage("with-smso", ('switch = "open"', 'switch = "closed"')),
            "auxiliary_load.switch (closed) and state.migration (with-smso)",
            "MIG-6",
        ),
    ],
)
def test_a_state_that_cannot_come_about_is_refused_with_the_keys_and_the_rule(edited, edits, result, rule):
    with pytest.raises(TomlFileError) as refused:
        read_premises(edited(*edits))
    answer, expected = str(refused.value).split(" cannot be together: expected that ")
    assert result in answer
    assert rule in expected


def test_a_gas_meter_needs_a_gas_supplier(edited):
    with pytest.raises(TomlFileError, match=r"devices\[2\].type is 'GSME', expected no gas meter"):
        read_premises(edited((f'gas_supplier = "{B}"', "")))


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

    def test_a_day_on_which_the_files_state_cannot_be_is_named(self, installation_file):
        with pytest.raises(TomlFileError, match=r"the release on 2020-09-01 \(before-uplift-1\.2\) and state\.pin"):
            read_premises(installation_file, date(2020, 9, 1))

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
