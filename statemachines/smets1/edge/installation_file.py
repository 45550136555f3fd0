"""Installation files: who is who at one premises, which devices there are and how things stand.

`read_premises` turns such a file into `Premises`, whose state is a state of the installation's system; a state that
cannot come about is refused in the file's own words. ``examples/installation.toml`` documents every key.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from pathlib import Path

import attrs

from statemachines.files.toml import TomlFileError, TomlTable, parse_toml, read_toml
from statemachines.language.component import Constraint
from statemachines.language.system import State
from statemachines.language.terms import Term
from statemachines.smets1.auxiliary_load import LoadSwitch, load_switch
from statemachines.smets1.commissioning import STATUS_OF, SmiStatus
from statemachines.smets1.duis.reader import request_id
from statemachines.smets1.duis.values import eui64, firmware_version, sha256
from statemachines.smets1.duis_versions import older_duis
from statemachines.smets1.edge.cohorts import KNOWN_GROUPS, OTHER_GROUPS
from statemachines.smets1.edge.premises import DeviceFacts, Premises
from statemachines.smets1.firmware import FIRMWARE_OF, IN_HAND, Firmware, ppmid_upgrade_by
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.key_package import KeyPackage, key_package
from statemachines.smets1.migration import Failures, Migration, Operation, dcc, failures, migration, smso
from statemachines.smets1.pin import Pin, pin
from statemachines.smets1.releases import Release, in_force, release
from statemachines.smets1.service_request_variants import Role
from statemachines.smets1.supply import electricity_supplier, gas_supplier, installing_supplier
from statemachines.smets1.vocabulary import USER_IN_ROLE, Device, Group, User, group

RELEASES = {
    "before-uplift-1.2": Release.BEFORE_UPLIFT_1_2,
    "uplift-1.2": Release.UPLIFT_1_2,
    "november-2020": Release.NOVEMBER_2020,
}
MIGRATIONS = {
    "with-smso": Migration.WITH_SMSO,
    "scheduled": Migration.SCHEDULED,
    "validated": Migration.VALIDATED,
    "tested": Migration.TESTED,
    "commissioning": Migration.COMMISSIONING,
    "migrated": Migration.MIGRATED,
    "excluded": Migration.EXCLUDED,
}
STATUSES = {
    "pending": SmiStatus.PENDING,
    "whitelisted": SmiStatus.WHITELISTED,
    "installed": SmiStatus.INSTALLED,
    "commissioned": SmiStatus.COMMISSIONED,
    "suspended": SmiStatus.SUSPENDED,
    "decommissioned": SmiStatus.DECOMMISSIONED,
}
UPGRADES = {
    "none": Firmware.SETTLED,
    "delivered": Firmware.DELIVERED,
    "pending": Firmware.PENDING,
    "running": Firmware.UPGRADED,
}
PINS = {"held": Pin.HELD, "revised": Pin.REVISED, "provided": Pin.PROVIDED}
SWITCHES = {"open": LoadSwitch.OPEN, "closed": LoadSwitch.CLOSED}
FAILED = (Failures.NONE, Failures.ONE, Failures.TWO, Failures.THREE, Failures.FOUR, Failures.FIVE)
"""Failed attempts to migrate, by their number; any further one changes nothing (MIG-5)."""

_OWN_STATUS = tuple(device for device in Device if device is not Device.GPF)


def _words(options: Mapping[str, Enum]) -> dict[Enum, str]:
    return {value: word for word, value in options.items()}


_SET_BY: dict[str, tuple[str, Mapping[Enum, str]]] = {
    group.name: ("installation.group", _words({**KNOWN_GROUPS, **OTHER_GROUPS})),
    electricity_supplier.name: ("parties.import_supplier", {}),
    gas_supplier.name: ("parties.gas_supplier", {}),
    installing_supplier.name: ("parties.installing_supplier", {}),
    older_duis.name: ("parties.older_duis", {}),
    migration.name: ("state.migration", _words(MIGRATIONS)),
    failures.name: ("state.failed_attempts", {known: str(number) for number, known in enumerate(FAILED)}),
    pin.name: ("state.pin", _words(PINS)),
    key_package.name: ("state.ppmid_keys", {**dict.fromkeys(KeyPackage, "false"), KeyPackage.WITH_PPMID: "true"}),
    load_switch.name: ("auxiliary_load.switch", _words(SWITCHES)),
    ppmid_upgrade_by.name: ("a PPMID upgrade in hand of", {}),
    **{STATUS_OF[device].name: (f"status of the {device.value}", _words(STATUSES)) for device in _OWN_STATUS},
    **{FIRMWARE_OF[device].name: (f"upgrade of the {device.value}", _words(UPGRADES)) for device in _OWN_STATUS},
}
"""For each variable, what in a file sets it, and the file's words for its values; parties are given by EUI-64."""

READ_FROM_A_FILE = frozenset({*_SET_BY, release.name, smso.name, dcc.name})
"""The variables that a file says something of; the others are as they always start."""


def read_premises(path: Path, on: date | None = None, groups: Mapping[str, Group] = KNOWN_GROUPS) -> Premises:
    """The premises that an installation file describes, on a day.

    Parameters
    ----------
    path: a TOML file as ``examples/installation.toml`` documents it.
    on: the day on which requests are judged, and whose release is in force; without it today, and the release that
        the file's state names.

    Raises
    ------
    TomlFileError: naming the key, the value and what was expected.
    """
    return _premises(read_toml(path), path.name, on, groups)


def parse_premises(data: bytes, name: str, on: date | None = None) -> Premises:
    """The same of a TOML document.

    Parameters
    ----------
    data: the document.
    name: what errors call it.
    on: as above.

    Raises
    ------
    TomlFileError: as above.
    """
    return _premises(parse_toml(data, name), name, on, KNOWN_GROUPS)


def _premises(root: TomlTable, file: str, on: date | None, groups: Mapping[str, Group]) -> Premises:
    installation, parties, state = root.table("installation"), root.table("parties"), root.table("state")
    users, suppliers = _users(parties, root.tables("users"))
    electricity, gas = suppliers[electricity_supplier.name], suppliers[gas_supplier.name]
    stage = _migration(state)
    devices, values, notes = _devices(root.tables("devices"), gas, stage)
    in_force_now, more_notes = _release(state, root.optional_table("releases"), on)
    values |= {
        group.name: _group(installation, groups),
        release.name: in_force_now,
        **suppliers,
        **_migrating(state, stage),
        key_package.name: _key_package(state, stage),
        ppmid_upgrade_by.name: electricity if values[FIRMWARE_OF[Device.PPMID].name] in IN_HAND else User.NOBODY,
        load_switch.name: _load_switch(root.optional_table("auxiliary_load")),
    }
    values[pin.name] = _pin(state, values)
    others = frozenset(installation.strings("other_devices", eui64))
    used, held, dropped, beyond_limits = (
        frozenset(state.strings(key, lambda text: str(request_id(text))))
        for key in ("used_request_ids", "held_request_ids", "dropped_request_ids", "beyond_limits_request_ids")
    )
    if both := sorted(held & dropped):
        raise state.error("dropped_request_ids", both[0], "a RequestID that state.held_request_ids does not name")
    root.finish()
    described = INSTALLATION.state(**values)
    premises = Premises(
        described, users, devices, others, used, held, dropped, beyond_limits, (*more_notes, *notes), on
    )
    for broken in INSTALLATION.broken_constraints(described):
        raise _cannot_be(file, premises, broken, on)
    return premises


def _cannot_be(file: str, premises: Premises, broken: Constraint, on: date | None) -> TomlFileError:
    """The refusal of a state that breaks a constraint, in the words of the file."""
    conflict = " and ".join(_as_the_file_has_it(name, premises, on) for name in _read_by(broken))
    return TomlFileError(
        f"{file}: {conflict} cannot be together: expected that {broken.label} ({', '.join(broken.rules)})"
    )


def _read_by(constraint: Constraint) -> dict[str, Term]:
    """The variables that a constraint is about, by name and in order."""
    return {term.name: term for part in (constraint.when, constraint.then) for term in part.terms()}


def _as_the_file_has_it(variable: str, premises: Premises, on: date | None) -> str:
    value = premises.state.as_dict()[variable]
    release_key = f"the release on {on}" if on else "state.release"
    set_by = {**_SET_BY, release.name: (release_key, _words(RELEASES))}
    key, words = set_by.get(variable, (variable.replace("_", " "), {}))
    return f"{key} ({words.get(value) or premises.in_real_terms(value)})"


def _group(installation: TomlTable, groups: Mapping[str, Group]) -> Group:
    """The group: a GroupID that is known, a cohort, or the user's own name for a group of a named cohort."""
    if "cohort" not in installation:
        return installation.choice("group", {**groups, **OTHER_GROUPS})
    cohort = installation.choice("cohort", OTHER_GROUPS)
    name = installation.value("group", str)
    if name in groups:
        raise installation.error(
            "cohort", installation.value("cohort", str), f"none, for the cohort of {name} is known"
        )
    return cohort


def _users(parties: TomlTable, others: Iterable[TomlTable]) -> tuple[dict[str, tuple[User, ...]], dict[str, User]]:
    """Who may act as whom; who supplies, who installed, and the Electricity Supplier if it is on the older DUIS.

    No verdict on a Service Request depends on who installed the meters: where the file does not say it, whoever
    supplies the gas, or else the electricity, is taken.
    """
    importer = parties.value("import_supplier", eui64)
    gas_id = parties.value("gas_supplier", eui64) if "gas_supplier" in parties else None
    electricity = User.SUPPLIER_A
    gas = User.NOBODY if gas_id is None else electricity if gas_id == importer else User.SUPPLIER_B
    users: dict[str, tuple[User, ...]] = {importer: (electricity,)}
    if gas_id is not None:
        users[gas_id] = (gas,)
    installed_by = electricity if gas is User.NOBODY else gas
    if "installing_supplier" in parties:
        identity = parties.value("installing_supplier", eui64)
        (installed_by,) = users.setdefault(identity, (User.SUPPLIER_C,))
    on_older = parties.strings("older_duis", eui64)
    parties.finish()
    named: set[str] = set()
    for table in others:
        identity = table.value("id", eui64)
        if identity in named:
            raise table.error(
                "id", identity, "an EUI-64 that no other user of the file has; give all its roles at once"
            )
        named.add(identity)
        roles = table.several("roles", {role.value: role for role in Role})
        acts_as = [USER_IN_ROLE[role] for role in roles if role in USER_IN_ROLE]
        if identity not in users and len(acts_as) < len(roles):
            acts_as.insert(0, User.SUPPLIER_C)
        users[identity] = tuple(dict.fromkeys((*users.get(identity, ()), *acts_as)))
    for identity in on_older:
        if identity not in users:
            raise parties.error("older_duis", identity, "EUI-64s that [parties] or [[users]] name")
    # Only the Electricity Supplier may upgrade a PPMID, so that the version of any other User matters to no verdict.
    return users, {
        electricity_supplier.name: electricity,
        gas_supplier.name: gas,
        installing_supplier.name: installed_by,
        older_duis.name: electricity if importer in on_older else User.NOBODY,
    }


def _migration(state: TomlTable) -> Migration:
    state.refuse("migrated", 'no such key, but state.migration = "migrated", "with-smso" or another stage')
    return state.choice("migration", MIGRATIONS)


def _migrating(state: TomlTable, stage: Migration) -> dict[str, Enum]:
    """How far migration has come, who operates the installation, and how many attempts have failed (MIG-4, MIG-5)."""
    migrated = stage is Migration.MIGRATED
    failed = state.optional_count("failed_attempts")
    return {
        migration.name: stage,
        smso.name: Operation.DOES_NOT if migrated else Operation.OPERATES,
        dcc.name: Operation.OPERATES if migrated else Operation.DOES_NOT,
        failures.name: Failures.NOT_COUNTED if failed is None else FAILED[min(failed, len(FAILED) - 1)],
    }


def _devices(
    tables: Iterable[TomlTable], gas: User, stage: Migration
) -> tuple[dict[str, DeviceFacts], dict[str, Enum], tuple[str, ...]]:
    """The devices by EUI-64, what they come to in the model, and what is assumed of one that is left out."""
    values: dict[str, Enum] = {
        STATUS_OF[Device.ESME].name: SmiStatus.INSTALLED,
        STATUS_OF[Device.GSME].name: SmiStatus.INSTALLED,
        STATUS_OF[Device.PPMID].name: SmiStatus.ABSENT,
    }
    values |= {FIRMWARE_OF[device].name: Firmware.SETTLED for device in Device}
    devices: dict[str, DeviceFacts] = {}
    for table in tables:
        device = table.choice("type", {device.value: device for device in Device})
        identity = table.value("id", eui64)
        if identity in devices:
            raise table.error("id", identity, "an EUI-64 that no other device of the file has")
        if any(known.device is device for known in devices.values()):
            raise table.error("type", device.value, "one device of each type")
        if device is Device.GSME and gas is User.NOBODY:
            raise table.error("type", device.value, "no gas meter where parties.gas_supplier names nobody")
        version = table.optional_value("firmware_version", firmware_version)
        facts = DeviceFacts(device, identity, version, model=table.optional_value("model", str))
        table.refuse("commissioned", 'no such key, but status = "commissioned", "installed" or another status')
        if device is Device.GPF:
            for key in ("status", "upgrade"):
                table.refuse(key, "none, for a GPF is commissioned when the CHF is, and runs its firmware")
        else:
            facts = _with_upgrade(table, facts, values)
        devices[identity] = facts
    if STATUS_OF[Device.CHF].name in values:
        return devices, values, ()
    commissioned = stage in {Migration.COMMISSIONING, Migration.MIGRATED}
    status = values[STATUS_OF[Device.CHF].name] = SmiStatus.COMMISSIONED if commissioned else SmiStatus.INSTALLED
    return devices, values, (f"the installation file names no CHF: one that is {status.value} is taken to be there",)


def _with_upgrade(table: TomlTable, facts: DeviceFacts, values: dict[str, Enum]) -> DeviceFacts:
    status = STATUS_OF[facts.device]
    values[status.name] = table.choice(
        "status", {word: known for word, known in STATUSES.items() if known in status.domain}
    )
    upgrade = table.choice("upgrade", UPGRADES, default="none")
    values[FIRMWARE_OF[facts.device].name] = upgrade
    if upgrade is Firmware.SETTLED:
        return facts
    return attrs.evolve(
        facts,
        delivered_hash=table.value("delivered_hash", sha256),
        delivered_version=table.value("delivered_version", firmware_version),
    )


def _key_package(state: TomlTable, stage: Migration) -> KeyPackage:
    keys = state.boolean("ppmid_keys")
    if stage is not Migration.MIGRATED and not keys:
        return KeyPackage.NONE
    return KeyPackage.WITH_PPMID if keys else KeyPackage.WITHOUT_PPMID


def _load_switch(auxiliary_load: TomlTable | None) -> LoadSwitch:
    return LoadSwitch.ABSENT if auxiliary_load is None else auxiliary_load.choice("switch", SWITCHES)


def _pin(state: TomlTable, values: Mapping[str, Enum]) -> Pin:
    """Who holds the PIN: as the file says, or as it can only be; the file has to say where it can be more than one."""
    if pin.name in state:
        return state.choice(pin.name, PINS)
    possible = [word for word, known in PINS.items() if _allowed(INSTALLATION.state(**values, pin=known))]
    if len(possible) > 1:
        expected = " or ".join(f'"{word}"' for word in possible)
        raise state.missing(pin.name, f"{expected}, for either can be so of this installation")
    return PINS[possible[0]] if possible else Pin.HELD


def _allowed(described: State) -> bool:
    """Whether the PIN is as the constraints on it have it; others are for later."""
    return not any(pin.name in _read_by(broken) for broken in INSTALLATION.broken_constraints(described))


def _release(state: TomlTable, days: TomlTable | None, on: date | None) -> tuple[Release, tuple[str, ...]]:
    """The release in force, and a note on where it comes from (DES-5, MOD-11)."""
    stated = state.choice("release", RELEASES)
    since: dict[Release, date] = {
        known: day
        for name, known in RELEASES.items()
        if days is not None and known is not Release.BEFORE_UPLIFT_1_2 and (day := days.optional_date(name))
    }
    if len(since) == 2 and since[Release.NOVEMBER_2020] < since[Release.UPLIFT_1_2]:
        assert days is not None  # they came from there
        raise days.error("november-2020", str(since[Release.NOVEMBER_2020]), "a day no earlier than that of uplift-1.2")
    if on is None:
        return stated, ()
    possible = in_force(on, since)
    if len(possible) == 1:
        basis = "as [releases] says" if len(since) == 2 else "by the assumption MOD-11"
        return possible[0], (f"on {on} the release in force is {possible[0].value}, {basis}",)
    if stated not in possible:
        names = [name for name, known in RELEASES.items() if known in possible]
        raise state.error("release", _words(RELEASES)[stated], f"one that may be in force on {on}: {', '.join(names)}")
    return stated, (
        f"the sources leave open which release was in force on {on}: {stated.value} is taken, as state.release says; "
        "give its day in [releases] to have it follow the date",
    )
