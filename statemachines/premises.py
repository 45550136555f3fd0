"""Premises: the edge where real EUI-64s, hashes, versions and dates meet the finite world of the lifecycles.

An installation file says who is who, which devices there are and how things stand; `read_premises` turns it into a
`Premises`, whose state is a state of the installation's system. Nothing further inside knows of EUI-64s or hashes.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from pathlib import Path

import attrs

from statemachines.commissioning import Commissioning
from statemachines.core.system import State
from statemachines.duis.reader import request_id
from statemachines.duis.values import eui64, firmware_version, sha256
from statemachines.firmware import FIRMWARE_OF, IN_HAND, Firmware
from statemachines.installation import INSTALLATION
from statemachines.key_package import KeyPackage
from statemachines.migration import Migration
from statemachines.processing import STATUS_OF
from statemachines.releases import Release, in_force
from statemachines.service_requests import Role
from statemachines.toml_file import Table, TomlFileError, read_toml
from statemachines.vocabulary import USER_IN_ROLE, Device, Group, User

KNOWN_GROUPS = {"CA": Group.CA, "EA": Group.EA, "EB": Group.EB}
"""The GroupIDs that the sources know (SYS-3)."""

OTHER_GROUPS = {"IOC": Group.OTHER_IOC, "MOC (MDS)": Group.MDS, "MOC (Secure)": Group.SECURE}
"""For each cohort with groups that the sources do not name, what another group of it comes to (SYS-2, SYS-3)."""

RELEASES = {
    "before-uplift-1.2": Release.BEFORE_UPLIFT_1_2,
    "uplift-1.2": Release.UPLIFT_1_2,
    "november-2020": Release.NOVEMBER_2020,
}
UPGRADES = {
    "none": Firmware.SETTLED,
    "delivered": Firmware.DELIVERED,
    "pending": Firmware.PENDING,
    "running": Firmware.UPGRADED,
}


@attrs.frozen
class DeviceFacts:
    """What is really known of one device.

    Parameters
    ----------
    device: which of the finite world's devices it is.
    id: its EUI-64.
    version: the version that it runs, 8 hex digits, or ``None`` if unknown.
    delivered_version, delivered_hash: version and SHA-256 digest of the last image delivered, or ``None``.
    """

    device: Device
    id: str
    version: str | None = None
    delivered_version: str | None = None
    delivered_hash: str | None = None


@attrs.frozen
class Premises:
    """One installation in the real world, and its state in the finite one.

    Parameters
    ----------
    state: of `statemachines.installation.INSTALLATION`.
    users: for each known EUI-64, the users that it may act as.
    devices: by EUI-64.
    other_devices: the EUI-64s of devices that the lifecycles do not look at, such as load control switches (SYS-4).
    used: the RequestIDs used so far (SRP-2).
    notes: what has to be said with every verdict, such as how the release was come by.
    """

    state: State
    users: Mapping[str, tuple[User, ...]]
    devices: Mapping[str, DeviceFacts]
    other_devices: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    def told(self, value: Enum) -> str:
        """A value of the finite world in words of the real one: a party by its EUI-64."""
        named = [identity for identity, acts_as in self.users.items() if acts_as[:1] == (value,)]
        return named[0] if isinstance(value, User) and len(named) == 1 else str(value.value)


def read_premises(path: Path, on: date | None = None) -> Premises:
    """The premises that an installation file describes, on a day.

    Parameters
    ----------
    path: a TOML file as ``examples/installation.toml`` documents it.
    on: the day whose release is in force; without it, the release that the file's state names.

    Raises
    ------
    TomlFileError: naming the key, the value and what was expected.
    """
    root = read_toml(path)
    installation, parties, state = root.table("installation"), root.table("parties"), root.table("state")
    users, electricity, gas = _users(parties, root.tables("users"))
    devices, values = _devices(root.tables("devices"), gas)
    release, notes = _release(state, root.optional_table("releases"), on)
    upgrade = values[FIRMWARE_OF[Device.PPMID].name]
    migrated = state.boolean("migrated")
    values |= {
        "group": _group(installation),
        "release": release,
        "electricity_supplier": electricity,
        "gas_supplier": gas,
        "migration": Migration.MIGRATED if migrated else Migration.WITH_SMSO,
        "key_package": _key_package(state, migrated),
        "ppmid_upgrade_by": electricity if upgrade in IN_HAND else User.NOBODY,
    }
    others = frozenset(installation.strings("other_devices", eui64))
    used = frozenset(state.strings("used_request_ids", lambda text: str(request_id(text))))
    root.finish()
    described = INSTALLATION.state(**values)
    for broken in INSTALLATION.broken_constraints(described):
        read = {term.name: term for part in (broken.when, broken.then) for term in part.terms()}
        found = " and ".join(f"{_key_of(name, on)} ({described.as_dict()[name].value})" for name in read)
        raise TomlFileError(
            f"{path.name}: {found} cannot be together: expected that {broken.label} ({', '.join(broken.rules)})"
        )
    return Premises(described, users, devices, others, used, notes)


def _key_of(variable: str, on: date | None) -> str:
    """What in an installation file, or beside it, sets a variable."""
    for device, status in STATUS_OF.items():
        if variable == status.name and device is not Device.GPF:
            return f"commissioned of the {device.value}"
        if variable == FIRMWARE_OF[device].name and device is not Device.GPF:
            return f"upgrade of the {device.value}"
    keys = {"migration": "state.migrated", "key_package": "state.ppmid_keys", "group": "installation.group"}
    keys |= {"gas_supplier": "parties.gas_supplier", "release": f"the release on {on}" if on else "state.release"}
    return keys.get(variable, variable.replace("_", " "))


def _group(installation: Table) -> Group:
    """The group: a GroupID that the sources know, a cohort, or the user's own name for a group of a named cohort."""
    if "cohort" not in installation:
        return installation.choice("group", {**KNOWN_GROUPS, **OTHER_GROUPS})
    cohort = installation.choice("cohort", OTHER_GROUPS)
    name = installation.value("group", str)
    if name in KNOWN_GROUPS:
        raise installation.error(
            "cohort", installation.value("cohort", str), f"none, for the cohort of {name} is known"
        )
    return cohort


def _users(parties: Table, others: Iterable[Table]) -> tuple[dict[str, tuple[User, ...]], User, User]:
    """Who may act as whom; and the two registered suppliers."""
    importer = parties.value("import_supplier", eui64)
    gas_id = parties.value("gas_supplier", eui64) if "gas_supplier" in parties else None
    electricity = User.SUPPLIER_A
    gas = User.NOBODY if gas_id is None else electricity if gas_id == importer else User.SUPPLIER_B
    users: dict[str, tuple[User, ...]] = {importer: (electricity,)}
    if gas_id is not None:
        users[gas_id] = (gas,)
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
    return users, electricity, gas


def _devices(tables: Iterable[Table], gas: User) -> tuple[dict[str, DeviceFacts], dict[str, Enum]]:
    """The devices by EUI-64, and what they come to in the finite world."""
    values: dict[str, Enum] = {STATUS_OF[Device.PPMID].name: Commissioning.ABSENT}
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
        facts = DeviceFacts(device, identity, table.optional_value("firmware_version", firmware_version))
        if device is not Device.GPF:
            facts = _with_upgrade(table, facts, values)
        devices[identity] = facts
    return devices, values


def _with_upgrade(table: Table, facts: DeviceFacts, values: dict[str, Enum]) -> DeviceFacts:
    commissioned = table.boolean("commissioned")
    values[STATUS_OF[facts.device].name] = (
        Commissioning.COMMISSIONED if commissioned else Commissioning.NOT_COMMISSIONED
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


def _key_package(state: Table, migrated: bool) -> KeyPackage:
    keys = state.boolean("ppmid_keys")
    if not migrated and not keys:
        return KeyPackage.NONE
    return KeyPackage.WITH_PPMID if keys else KeyPackage.WITHOUT_PPMID


def _release(state: Table, days: Table | None, on: date | None) -> tuple[Release, tuple[str, ...]]:
    """The release in force, and what has to be said of how it was come by (DES-5, MOD-11)."""
    stated = state.choice("release", RELEASES)
    since: dict[Release, date] = {
        release: day
        for name, release in RELEASES.items()
        if days is not None and release is not Release.BEFORE_UPLIFT_1_2 and (day := days.optional_date(name))
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
        names = [name for name, release in RELEASES.items() if release in possible]
        raise state.error("release", _name_of(stated), f"one that may be in force on {on}: {', '.join(names)}")
    return stated, (
        f"the sources leave open which release was in force on {on}: {stated.value} is taken, as state.release says; "
        "give its day in [releases] to have it follow the date",
    )


def _name_of(release: Release) -> str:
    return next(name for name, known in RELEASES.items() if known is release)
