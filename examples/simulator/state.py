"""The state of a simulator in the words of the protocols: to be put into one, and to be shown."""

from enum import StrEnum
from typing import TypeVar

from . import course
from .answers import MessageError
from .device import Device, Firmware
from .documents import DATES, Jip, Standing, Versions
from .faults import Fault
from .installation import Installation
from .simulator import Simulator
from .words import CHF, ESME, GROUPS, GSME, NOBODY, PPMID, SUPPLIERS, Pin, Release, Stage, Status, Switch

FAILURES = ("none", "one", "two", "three", "four", "five or more")
OPERATES, DOES_NOT = "operates it", "does not operate it"
NO_PACKAGE = "no package"
WITHOUT_PPMID, WITH_PPMID = "without the PPMID's keys", "with the PPMID's keys"
NOTHING, DELIVERED, PENDING, RUNS = "no image in hand", "image delivered", "activation pending", "delivered image runs"

_Word = TypeVar("_Word", bound=StrEnum)


class _Words:
    """The values of a state, each asked for by name, with the words that it may have."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values

    def text(self, name: str, *allowed: str) -> str:
        value = self.values.get(name, allowed[0])
        if value not in allowed:
            raise MessageError(f"{name} is {value!r}, expected one of: {', '.join(allowed)}")
        return value

    def word(self, name: str, kind: type[_Word], default: _Word) -> _Word:
        return kind(self.text(name, default, *kind))


def simulator_in(state: dict[str, str], fault: Fault | None = None) -> Simulator:
    """A simulator that stands as the state says; what the state leaves out is as it is at first.

    Raises
    ------
    MessageError: for a value that it does not know.
    """
    words = _Words(state)
    simulator = Simulator(fault, _installation(words))
    dcc, home = simulator.dcc, simulator.dcc.installation
    dcc.release = words.word("release", Release, Release.BEFORE_UPLIFT)
    dcc.on_older_duis = {words.text("older_duis", NOBODY, *SUPPLIERS)} - {NOBODY}
    package = words.text("key_package", NO_PACKAGE, WITHOUT_PPMID, WITH_PPMID)
    if package != NO_PACKAGE:
        held = [name for name in (ESME, GSME, CHF) if home.devices[name].in_service]
        held += [PPMID] if package == WITH_PPMID else []
        simulator.dco.package = {name: home.devices[name].key_id for name in held}
    documents = simulator.documents
    documents.date = DATES.index(words.text("calendar", *DATES))
    documents.standing = words.word("designation", Standing, Standing.IN_PREPARATION)
    documents.jip = words.word("jip", Jip, Jip.PENDING)
    documents.versions = words.word("document_set", Versions, Versions.CURRENT)
    dcc.foc_came_in = documents.jip in (Jip.FOC_COMES_IN, Jip.REVISED)
    simulator.course.critical = words.text("command", course.NOT_CRITICAL, course.CRITICAL) == course.CRITICAL
    places = {place for ways in course.STEPS.values() for way in ways.items() for place in way}
    simulator.course.stands = words.text("course", course.NOT_SENT, *sorted(places))
    simulator.course.took_effect = words.text("effect", course.NO_EFFECT, course.TAKEN) == course.TAKEN
    return simulator


def _installation(words: _Words) -> Installation:
    home = Installation(
        group=words.text("group", *GROUPS),
        electricity_supplier=words.text("electricity_supplier", *SUPPLIERS),
        gas_supplier=words.text("gas_supplier", NOBODY, *SUPPLIERS),
        installing_supplier=words.text("installing_supplier", *SUPPLIERS),
        load_switch=words.word("load_switch", Switch, Switch.OPEN),
        stage=words.word("migration", Stage, Stage.WITH_SMSO),
        smso_operates=words.text("smso", OPERATES, DOES_NOT) == OPERATES,
        dcc_operates=words.text("dcc", DOES_NOT, OPERATES) == OPERATES,
        pin=words.word("pin", Pin, Pin.HELD),
    )
    counted = words.text("failures", "not counted", *FAILURES)
    home.failures = FAILURES.index(counted) if counted in FAILURES else None
    for name, device in home.devices.items():
        device.status = words.word(f"{name.lower()}_status", Status, Status.INSTALLED)
        device.firmware = _firmware(words.text(f"{name.lower()}_firmware", NOTHING, DELIVERED, PENDING, RUNS))
    by = words.text("ppmid_upgrade_by", NOBODY, *SUPPLIERS)
    home.devices[PPMID].firmware.sent_by = None if by == NOBODY else by
    return home


def _firmware(word: str) -> Firmware:
    return Firmware(
        runs_what_was_sent=word == RUNS,
        image_in_hand=word in (DELIVERED, PENDING),
        activation_pending=word == PENDING,
    )


def shown(simulator: Simulator) -> dict[str, str]:
    """The state of a simulator, in the words that `simulator_in` takes."""
    dcc, home, documents = simulator.dcc, simulator.dcc.installation, simulator.documents
    ppmid = home.devices[PPMID]
    package = NO_PACKAGE
    if simulator.dco.package is not None:
        package = WITH_PPMID if simulator.dco.holds_keys_of(PPMID) else WITHOUT_PPMID
    state = {
        "group": home.group,
        "release": str(dcc.release),
        "electricity_supplier": home.electricity_supplier,
        "gas_supplier": home.gas_supplier,
        "installing_supplier": home.installing_supplier,
        "older_duis": next(iter(dcc.on_older_duis), NOBODY),
        "migration": str(home.stage),
        "failures": "not counted" if home.failures is None else FAILURES[home.failures],
        "smso": OPERATES if home.smso_operates else DOES_NOT,
        "dcc": OPERATES if home.dcc_operates else DOES_NOT,
        "pin": str(home.pin),
        "key_package": package,
        "ppmid_upgrade_by": ppmid.firmware.sent_by or NOBODY,
        "load_switch": str(home.load_switch),
        "course": simulator.course.stands,
        "command": course.CRITICAL if simulator.course.critical else course.NOT_CRITICAL,
        "effect": course.TAKEN if simulator.course.took_effect else course.NO_EFFECT,
        "calendar": DATES[documents.date],
        "designation": str(documents.standing),
        "jip": str(documents.jip),
        "document_set": str(documents.versions),
    }
    for name, device in home.devices.items():
        state[f"{name.lower()}_status"] = str(device.status)
        state[f"{name.lower()}_firmware"] = _progress(device)
    return state


def _progress(device: Device) -> str:
    firmware = device.firmware
    if firmware.activation_pending:
        return PENDING
    if firmware.image_in_hand:
        return DELIVERED
    return RUNS if firmware.runs_what_was_sent else NOTHING
