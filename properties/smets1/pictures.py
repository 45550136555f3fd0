"""The pictures of SMETS1 that no lifecycle gives by itself, and what pictures call requests, conditions and checks.

Each is computed: verdicts are the oracle's, days those of `regime`.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from enum import Enum

from properties.smets1.profile import PROFILE
from statemachines.drawing.draw import Illustration
from statemachines.drawing.picture import Wording
from statemachines.drawing.sequence_diagram import SequenceDiagram, sequence_diagram
from statemachines.drawing.tables import Column, DecisionTable, Option, decision_table
from statemachines.drawing.timeline import Moment, Timeline, Track, spans
from statemachines.errors import DeclarationError
from statemachines.language.requests import Request
from statemachines.language.system import State
from statemachines.semantics.trace import replay
from statemachines.smets1.commissioning import SmiStatus, ppmid_status
from statemachines.smets1.designation import BEGINS, FOC_CAME_IN, JIP_DUE, Calendar, DocumentSet, Jip, document_set, jip
from statemachines.smets1.documents import Document
from statemachines.smets1.firmware import Firmware, chf_firmware, esme_firmware, gsme_firmware, ppmid_firmware
from statemachines.smets1.fleet import site
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.key_package import FOC_LACKS_KEYS, LACKS_KEYS, KeyPackage, key_package
from statemachines.smets1.migration import Migration, Operation
from statemachines.smets1.mprn import (
    INVALID,
    MATCHES,
    OTHER,
    SAME,
    ZEROS_COUNTED_BEFORE_UPLIFT,
    ZEROS_COUNTED_ELSEWHERE,
    ZEROS_IGNORED,
)
from statemachines.smets1.regime import EARLIEST, LATEST, Regime, regime
from statemachines.smets1.releases import REPORT_DAY, Release, release
from statemachines.smets1.rulebook import RULEBOOK
from statemachines.smets1.supply import NO_GAS
from statemachines.smets1.vocabulary import (
    FOC,
    IOC,
    ActivateFirmware,
    DeployRelease,
    Device,
    Group,
    ReachActivationDate,
    ReadFirmwareVersion,
    Timing,
    UpdateFirmware,
    UpdateKeyPackage,
    User,
    group,
)

_RUNS = {"PPMID": ppmid_firmware, "ESME": esme_firmware, "GSME": gsme_firmware, "Communications Hub": chf_firmware}

_DRAWN = (1, 2)
"""The numbers of the sites of the fleet that is drawn."""

WORDING = Wording(
    request=PROFILE.in_words,
    conditions={
        "the MPRNs are the same": SAME,
        "the MPRNs are different": OTHER,
        "what is given is no MPRN": INVALID,
        "the MPRNs of IOC differ in leading zeros, since Uplift 1.2": ZEROS_IGNORED,
        "the MPRNs of IOC differ in leading zeros, before Uplift 1.2": ZEROS_COUNTED_BEFORE_UPLIFT,
        "the MPRNs differ in leading zeros, not of IOC": ZEROS_COUNTED_ELSEWHERE,
        "the MPRNs match": MATCHES,
        "the MPRNs do not match": ~MATCHES,
        **{f"the delivered image runs on the {name}": now == Firmware.UPGRADED for name, now in _RUNS.items()},
        **{f"no delivered image runs on the {name}": now != Firmware.UPGRADED for name, now in _RUNS.items()},
        "the key package lacks the keys of a PPMID that is not FOC's": LACKS_KEYS,
        "the key package lacks the keys of a PPMID of FOC": FOC_LACKS_KEYS,
        "a PPMID waits to be joined": ppmid_status == SmiStatus.INSTALLED,
        "no PPMID waits to be joined": ppmid_status != SmiStatus.INSTALLED,
        "the installation is FOC": group.is_in(*FOC),
        "the installation is not FOC": ~group.is_in(*FOC),
        "FOC came into scope": FOC_CAME_IN,
        "the documents in the SEC are those revised for FOC": document_set == DocumentSet.REVISED,
        "the installation is IOC": group.is_in(*IOC),
        "the installation is not IOC": ~group.is_in(*IOC),
        "revised documents are submitted for FOC": jip == Jip.REVISED,
        "no revised documents are submitted for FOC": jip != Jip.REVISED,
        "there is no Gas Supplier": NO_GAS,
        "there is a Gas Supplier": ~NO_GAS,
        **{f"site {number} has a PPMID": site(number).has_ppmid for number in _DRAWN},
        **{f"site {number} has no PPMID": ~site(number).has_ppmid for number in _DRAWN},
    },
    badges={
        **dict.fromkeys(("PPMID-1", "PPMID-3", "PPMID-10"), "who may"),
        "PPMID-7": "FOC",
        "KEY-5": "keys",
        "MOD-6": "release",
    },
)
"""Badges are those of firmware: who may upgrade it, keys, FOC, and the release in force."""

ELECTRICITY, GAS, ANOTHER = User.SUPPLIER_A, User.SUPPLIER_B, User.SUPPLIER_C

IN_USE: Mapping[str, Enum] = {
    "electricity_supplier": ELECTRICITY,
    "migration": Migration.MIGRATED,
    "smso": Operation.DOES_NOT,
    "dcc": Operation.OPERATES,
    **{f"{which}_status": SmiStatus.COMMISSIONED for which in ("chf", "esme", "gsme", "ppmid")},
}
"""A migrated installation with all its devices commissioned."""

_DELIVERED: Mapping[str, Enum] = {
    **IN_USE,
    **{f"{which}_firmware": Firmware.DELIVERED for which in ("chf", "esme", "gsme")},
}


def _option(words: str, *values: Mapping[str, Enum]) -> Option:
    return Option(words, values)


def who_may_upgrade_what() -> DecisionTable:
    """Device, sender, cohort, release, keys: what becomes of SRV 11.1, and of SRV 11.3 where an image is delivered."""
    roles = (user for user in User if user.name not in {*("SUPPLIER_A", "SUPPLIER_B", "SUPPLIER_C"), "NOBODY"})
    moc = [each for each in Group if each not in {*IOC, *FOC}]
    split = {"gas_supplier": GAS}
    columns = (
        Column(
            "sender",
            (
                _option("Electricity Supplier", {"sender": ELECTRICITY, **split}),
                _option("Gas Supplier", {"sender": GAS, **split}),
                _option("another Supplier", {"sender": ANOTHER, **split}),
                Option("any other role", tuple({"sender": user, **split} for user in roles)),
            ),
        ),
        Column("device", tuple(_option(which.value, {"target": which}) for which in Device)),
        Column(
            "cohort",
            tuple(
                Option(words, tuple({"group": each} for each in groups))
                for words, groups in (("IOC", IOC), ("MOC", moc), ("FOC", FOC))
            ),
        ),
        Column("release", tuple(_option(each.value, {"release": each}) for each in Release)),
        Column(
            "DCO key package",
            tuple(
                _option(each.value, {"key_package": each}) for each in (KeyPackage.WITHOUT_PPMID, KeyPackage.WITH_PPMID)
            ),
        ),
    )
    asked = {WORDING.request(kind): kind for kind in (UpdateFirmware, ActivateFirmware)}
    with_ppmid = {**_DELIVERED, "ppmid_firmware": Firmware.DELIVERED, "ppmid_upgrade_by": ELECTRICITY}
    return decision_table(
        INSTALLATION,
        columns,
        asked,
        states=(with_ppmid, _DELIVERED),
        title="Who may upgrade what, and when",
        subtitle=(
            "a migrated installation whose devices are commissioned; an image is in hand wherever one can be",
            "one Supplier for electricity and one for gas; a Supplier of both may do what either of them may",
            "the JIP change request has not brought FOC into scope; RequestIDs are new, Anomaly Detection lets pass",
        ),
    )


FIRST, LAST = date(2020, 8, 1), date(2020, 12, 6)
"""The days of the timeline: from before the consultation to when every release is in force."""


def timeline() -> Timeline:
    """The days of the report, and what `regime` says of each, where nothing is known besides."""
    days = {FIRST + timedelta(days=number): regime(FIRST + timedelta(days=number)) for number in range(128)}

    def track(label: str, rules: str, values: Callable[[Regime], Iterable[str]]) -> Track:
        return Track(label, spans(FIRST, LAST, lambda day: tuple(values(days[day]))), tuple(rules.split()))

    def jip(day: Regime) -> tuple[str, ...]:
        concluded = () if day.on < REPORT_DAY else (Jip.FOC_STAYS_OUT, Jip.FOC_COMES_IN)
        return tuple(each.value for each in (Jip.PENDING, *concluded))

    tracks = (
        track("release in force", "DES-5 MOD-11", lambda day: (each.value for each in day.releases)),
        track("changed documents", "DES-1 DES-2 MOD-20", lambda day: (each.value for each in day.designation)),
        track("S1SR in the SEC", "DES-3 DES-4 DES-7", lambda day: day.documents[Document.S1SR]),
        track("the DCC is", "KEY-7", lambda day: (each.value for each in day.compliance)),
        track("JIP change request", "DES-3 MOD-16", jip),
    )
    moments = (
        Moment(BEGINS[Calendar.CONSULTATION].date(), "the consultation opens", ("DES-1",)),
        Moment(BEGINS[Calendar.UNTIL_REPORT].date(), "it closes, at 16:00", ("DES-1",)),
        Moment(REPORT_DAY, "report; conclusions submitted", ("DES-1",)),
        Moment(EARLIEST, "earliest re-designation", ("DES-2",)),
        Moment(JIP_DUE, "JIP change request due", ("DES-3",)),
        Moment(LATEST, "latest, without another consultation", ("DES-2",)),
    )
    subtitle = (
        "what the report lets one know of each day; re-designation while key packages lack keys would be non-compliant",
    )
    return Timeline("Releases, re-designation and compliance", subtitle, FIRST, LAST, tracks, moments, RULEBOOK)


def sequence_diagrams() -> dict[str, SequenceDiagram]:
    """Four runs: an upgrade that works, keys lacking, FOC, and the reading of an IOC PPMID."""
    ppmid: Mapping[str, Enum] = {"sender": ELECTRICITY, "target": Device.PPMID}
    update, activate, read = (kind(**ppmid) for kind in (UpdateFirmware, ActivateFirmware, ReadFirmwareVersion))
    later = ActivateFirmware(**ppmid, timing=Timing.FUTURE_DATED)
    uplift = {**IN_USE, "gas_supplier": GAS, "release": Release.UPLIFT_1_2, "group": Group.OTHER_IOC}
    with_keys, without = {"key_package": KeyPackage.WITH_PPMID}, {"key_package": KeyPackage.WITHOUT_PPMID}
    runs: dict[str, tuple[str, Mapping[str, Enum], tuple[Request, ...]]] = {
        "sequence-upgrade": (
            "An upgrade of a PPMID that works",
            {**uplift, **with_keys},
            (update, later, ReachActivationDate(device=Device.PPMID)),
        ),
        "sequence-keys-lacking": (
            "An upgrade of a PPMID whose keys the DCO lacks",
            {**uplift, **without},
            (update, activate, UpdateKeyPackage(), activate),
        ),
        "sequence-foc": (
            "An upgrade of an FOC PPMID",
            {**uplift, **with_keys, "group": Group.EA},
            (update, activate),
        ),
        "sequence-ioc-read": (
            "Reading the firmware of an IOC PPMID, before the November 2020 maintenance release and after it",
            {**uplift, **with_keys},
            (read, DeployRelease(), read),
        ),
    }
    subtitle = "the Electricity Supplier is Supplier A; the installation is migrated and its devices are commissioned"
    return {
        name: sequence_diagram(
            title,
            {"run": replay(INSTALLATION, _possible(start), requests)},
            subtitle=subtitle,
            start="; ".join(
                f"{variable.label}: {start[variable.name].value}" for variable in (group, release, key_package)
            ),
        )
        for name, (title, start, requests) in runs.items()
    }


def _possible(values: Mapping[str, Enum]) -> State:
    """The state with these values; each run starts in one that no constraint forbids."""
    state = INSTALLATION.state(**values)
    broken = INSTALLATION.broken_constraints(state)
    if broken:
        raise DeclarationError(f"no run starts so: {broken[0].label}")
    return state


def illustrations() -> tuple[Illustration, ...]:
    """What an analyst asks first: when, who, and how an upgrade goes."""
    return (
        Illustration("timeline", timeline()),
        Illustration("who-may-upgrade-what", who_may_upgrade_what()),
        *(Illustration(name, diagram) for name, diagram in sequence_diagrams().items()),
    )
