"""The lifecycle that everybody runs: a PPMID's firmware as it is declared, with three of the gates' checks before it.

The facts around it (the Electricity Supplier, the release, the DCO's keys) are read and never change, so that a library
needs one machine for it.
"""

from random import Random

from benchmarks.race import Race
from statemachines import Answer, Gate, Request, State, fixed
from statemachines.language.system import System
from statemachines.smets1 import firmware
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.key_package import KeyPackage, key_package
from statemachines.smets1.releases import Release, release
from statemachines.smets1.rulebook import RULEBOOK
from statemachines.smets1.supply import electricity_supplier
from statemachines.smets1.verdicts import EventReason
from statemachines.smets1.vocabulary import (
    SUPPLIERS,
    ActivateFirmware,
    ChangeElectricitySupplier,
    DecommissionDevice,
    Device,
    Image,
    Outcome,
    Party,
    ReachActivationDate,
    RequestIdUse,
    Screening,
    SuspendDevice,
    UpdateFirmware,
    User,
)

EVENTS = (ReachActivationDate, ChangeElectricitySupplier, SuspendDevice, DecommissionDevice)
KINDS = (UpdateFirmware, ActivateFirmware, *EVENTS)
CHECKS = (
    "PPMID firmware is the Electricity Supplier's",
    "PPMID firmware functionality is released",
    "the DCO holds the device's keys",
)

SYSTEM = System(
    "the firmware of a PPMID",
    RULEBOOK,
    lifecycles=[firmware.ppmid, fixed(electricity_supplier), fixed(release), fixed(key_package)],
    requests=KINDS,
    gates=[
        Gate(
            gate.party,
            [check for check in gate.checks if check.label in CHECKS],
            on=[kind for kind in gate.on if kind in KINDS],
        )
        for gate in INSTALLATION.gates
        if any(check.label in CHECKS for check in gate.checks)
    ],
    answers=[Answer(KINDS, outcome=Outcome.ACCEPTED, reason=EventReason.HAPPENED, at=Party.DEVICE, rules="SYS-1")],
)


def start(supplier: User = User.SUPPLIER_A) -> State:
    """After Uplift 1.2, the DCO with the PPMID's keys: an upgrade can go all its way."""
    return SYSTEM.state(electricity_supplier=supplier, release=Release.UPLIFT_1_2, key_package=KeyPackage.WITH_PPMID)


def _likely(request: Request) -> bool:
    """Whether the request is new, passes Anomaly Detection, and is a Supplier's about the PPMID or the ESME."""
    unlikely = {*User, *Device, RequestIdUse.REPEATED, Screening.CAUGHT} - {*SUPPLIERS, Device.PPMID, Device.ESME}
    return not unlikely.intersection(request.values)


def race(steps: int, seed: int, facts: State | None = None) -> Race:
    """Requests at random, most of them what somebody would send who wants an upgrade to come about."""
    random, facts = Random(seed), facts or start()
    likely = {kind: [request for request in kind.requests() if _likely(request)] for kind in KINDS}
    apt = {kind: [one for one in some if _apt(one, facts)] for kind, some in likely.items()}
    kinds = random.choices(KINDS, [6, 8, 3, 1, 1, 1], k=steps)
    return Race(SYSTEM, facts, [random.choice(random.choice([apt, apt, apt, likely])[kind]) for kind in kinds])


def _apt(request: Request, facts: State) -> bool:
    """Whether it is about the PPMID, and comes from the Electricity Supplier."""
    wrong = {Device.ESME, Image.ANOTHER, *SUPPLIERS} - {facts.electricity_supplier}
    return request.type is ChangeElectricitySupplier or not wrong.intersection(request.values)
