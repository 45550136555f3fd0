"""Writing installation files: what `statemachines.smets1.edge.installation_file` reads.

A file has its own way with suppliers: whoever is the Electricity Supplier is the first of them, and those that are not
registered are all the same to it. So premises are read back with their suppliers in other names, and otherwise as they
were; where that cannot be, nothing is written.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from statemachines.extras import optional_imports
from statemachines.files.toml import TomlFileError
from statemachines.language.system import State
from statemachines.smets1.auxiliary_load import LoadSwitch, load_switch
from statemachines.smets1.commissioning import STATUS_OF, SmiStatus
from statemachines.smets1.duis.errors import UnwritableError
from statemachines.smets1.duis_versions import older_duis
from statemachines.smets1.edge.cohorts import KNOWN_GROUPS, OTHER_GROUPS
from statemachines.smets1.edge.installation_file import (
    FAILED,
    MIGRATIONS,
    PINS,
    READ_FROM_A_FILE,
    RELEASES,
    STATUSES,
    SWITCHES,
    UPGRADES,
    parse_premises,
)
from statemachines.smets1.edge.premises import DeviceFacts, Premises
from statemachines.smets1.firmware import FIRMWARE_OF, Firmware
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.key_package import KeyPackage, key_package
from statemachines.smets1.migration import failures, migration
from statemachines.smets1.pin import pin
from statemachines.smets1.releases import release
from statemachines.smets1.service_request_variants import Role
from statemachines.smets1.supply import electricity_supplier, gas_supplier, installing_supplier
from statemachines.smets1.vocabulary import SUPPLIERS, USER_IN_ROLE, Device, User, group

with optional_imports():
    import tomli_w

_ROLES = {user: [role.value] for role, user in USER_IN_ROLE.items()}
_UNREGISTERED = [Role.IMPORT_SUPPLIER.value, Role.GAS_SUPPLIER.value]


def installation_toml(premises: Premises) -> bytes:
    """The installation file that describes premises.

    Parameters
    ----------
    premises: in a state that an installation can be in; each party by one EUI-64.

    Raises
    ------
    UnwritableError: where a file cannot say it, such as a state that no installation can be in.
    """
    state = premises.state.as_dict()
    content = {
        "installation": {
            "group": _word({**KNOWN_GROUPS, **OTHER_GROUPS}, state[group.name]),
            "other_devices": sorted(premises.other_devices),
        },
        "parties": _parties(premises, state),
        "users": list(_users(premises, state)),
        "devices": list(_devices(premises, state)),
        **_switch(state[load_switch.name]),
        "state": {
            "migration": _word(MIGRATIONS, state[migration.name]),
            **_failed(state[failures.name]),
            "ppmid_keys": state[key_package.name] is KeyPackage.WITH_PPMID,
            "pin": _word(PINS, state[pin.name]),
            "release": _word(RELEASES, state[release.name]),
            "used_request_ids": sorted(premises.used),
            "held_request_ids": sorted(premises.held),
            "dropped_request_ids": sorted(premises.dropped),
            "beyond_limits_request_ids": sorted(premises.beyond_limits),
        },
    }
    document = tomli_w.dumps(content).encode()
    _check(document, premises)
    return document


def in_the_files_names(state: State) -> State:
    """The state with its suppliers as a file names them: the Electricity Supplier is A, another Gas Supplier is B.

    Of whom the older DUIS version is, a file says something of the Electricity Supplier only.
    """
    values = state.as_dict()
    electricity, gas = values[electricity_supplier.name], values[gas_supplier.name]
    named = dict(
        zip(
            dict.fromkeys([electricity, *([gas] if gas is not User.NOBODY else []), *SUPPLIERS]), SUPPLIERS, strict=True
        )
    )
    older = values[older_duis.name] if values[older_duis.name] is electricity else User.NOBODY
    values[older_duis.name] = older
    return INSTALLATION.state(**{name: _renamed(value, named) for name, value in values.items()})


def _renamed(value: Enum, named: Mapping[Enum, Enum]) -> Enum:
    return named.get(value, value)


def _check(document: bytes, premises: Premises) -> None:
    try:
        read = parse_premises(document, "the installation file").state.as_dict()
    except TomlFileError as error:
        raise UnwritableError(str(error)) from None
    for name, value in in_the_files_names(premises.state).as_dict().items():
        if name in READ_FROM_A_FILE and read[name] is not value:
            label = INSTALLATION.lifecycle(name).variable.label
            raise UnwritableError(f"an installation file cannot say that the {label} is {value.value}")


def _word(options: Mapping[str, Enum], value: Enum) -> str:
    """The file's word for a value."""
    for word, known in options.items():
        if known is value:
            return word
    raise UnwritableError(f"an installation file has no word for {value.value}")


def _parties(premises: Premises, state: Mapping[str, Enum]) -> dict[str, Any]:
    electricity, gas, older = (state[name.name] for name in (electricity_supplier, gas_supplier, older_duis))
    return {
        "import_supplier": _identity(premises, electricity),
        **({} if gas is User.NOBODY else {"gas_supplier": _identity(premises, gas)}),
        "installing_supplier": _identity(premises, state[installing_supplier.name]),
        "older_duis": [] if older is User.NOBODY else [_identity(premises, older)],
    }


def _identity(premises: Premises, user: Enum) -> str:
    known = [identity for identity, acts_as in premises.users.items() if user in acts_as]
    if len(known) != 1:
        raise UnwritableError(f"{user.value} has {len(known)} EUI-64s at the premises, expected one")
    return known[0]


def _users(premises: Premises, state: Mapping[str, Enum]) -> Iterator[dict[str, Any]]:
    registered = {state[electricity_supplier.name], state[gas_supplier.name]}
    for identity, acts_as in premises.users.items():
        roles = [
            role
            for user in acts_as
            if user not in registered
            for role in (_UNREGISTERED if user in SUPPLIERS else _ROLES[user])
        ]
        if roles:
            yield {"id": identity, "roles": roles}


def _devices(premises: Premises, state: Mapping[str, Enum]) -> Iterator[dict[str, Any]]:
    """The devices that a file names: not a PPMID that is absent, nor a gas meter where there is no gas."""
    for facts in premises.devices.values():
        status = state[STATUS_OF[facts.device].name]
        gas_meter = facts.device is Device.GSME and state[gas_supplier.name] is User.NOBODY
        if status is not SmiStatus.ABSENT and not gas_meter:
            yield _device(facts, status, state[FIRMWARE_OF[facts.device].name])


def _device(facts: DeviceFacts, status: Enum, upgrade: Enum) -> dict[str, Any]:
    version = {} if facts.version is None else {"firmware_version": facts.version}
    version |= {} if facts.model is None else {"model": facts.model}
    entry: dict[str, Any] = {"type": facts.device.value, "id": facts.id}
    if facts.device is Device.GPF:
        return {**entry, **version}
    entry |= {"status": _word(STATUSES, status), **version, "upgrade": _word(UPGRADES, upgrade)}
    if upgrade is Firmware.SETTLED:
        return entry
    if facts.delivered_version is None or facts.delivered_hash is None:
        raise UnwritableError(f"the version or the hash of the image for the {facts.device.value} is not known")
    return {**entry, "delivered_version": facts.delivered_version, "delivered_hash": facts.delivered_hash}


def _switch(value: Enum) -> dict[str, Any]:
    return {} if value is LoadSwitch.ABSENT else {"auxiliary_load": {"switch": _word(SWITCHES, value)}}


def _failed(value: Enum) -> dict[str, int]:
    known = [number for number, failed in enumerate(FAILED) if failed is value]
    return {"failed_attempts": known[0]} if known else {}
