"""Random walks that go deep, what the reference says at each of their steps, and runs that show the faults."""

import json
import random
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import attrs
import pytest

from statemachines.language.expression import Moment
from statemachines.language.gates import Verdict
from statemachines.language.requests import Request
from statemachines.language.system import State
from statemachines.semantics.oracle import Oracle
from statemachines.smets1.designation import (
    ConcludeJip,
    ConsultOnDate,
    FocScope,
    PassDate,
    ReDesignate,
    SubmitRevisedDocuments,
)
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.request_course import EVENT_TYPES as COURSE
from statemachines.smets1.request_course import (
    AcknowledgeRequest,
    CarryOut,
    HoldRequest,
    LetPass,
    ReceiveRequest,
    ReleaseRequest,
    SendThroughDco,
    SendToDevice,
)
from statemachines.smets1.vocabulary import (
    SUPPLIERS,
    ActivateFirmware,
    AuthoriseMigration,
    ChangeElectricitySupplier,
    ChangeGasSupplier,
    CommissionDevice,
    CompleteMigration,
    DecommissionDevice,
    DeployRelease,
    Device,
    EndSuspension,
    ExcludeInstallation,
    FailMigration,
    Image,
    InstallDevice,
    JoinPpmid,
    LogChange,
    MprnComparison,
    PreNotifyDevice,
    ProvidePin,
    ReachActivationDate,
    ReadFirmwareVersion,
    StartCommissioning,
    SuspendDevice,
    Tariff,
    TestDevices,
    Timing,
    UpdateFirmware,
    UpdateHanDeviceLog,
    UpdateKeyPackage,
    UpdateTariff,
    User,
    ValidateData,
)
from tests.support.paths import ROOT

if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the examples are no part of what is installed


@attrs.frozen
class Step:
    """One step of a walk: what the reference says, and the states before and after."""

    before: State
    request: Request
    verdict: Verdict
    after: State


def in_words(state: State) -> dict[str, str]:
    """The state as targets are told it."""
    return {name: str(value.value) for name, value in state.as_dict().items()}


def reported(verdict: Verdict) -> dict[str, str | None]:
    """What a target that shows everything says where the reference gives this verdict."""
    return {aspect: _word(getattr(verdict, aspect)) for aspect in ("outcome", "at", "reason", "response")}


def _word(value: Enum | None) -> str | None:
    return None if value is None else str(value.value)


class Walker:
    """Walks through the installation: plans of a few steps that lead on, now and then something else instead."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.oracle = Oracle(INSTALLATION)
        self.starts = list(INSTALLATION.initial_states())
        self.any = [list(kind.requests()) for kind in INSTALLATION.requests]

    def walk(self, length: int) -> Iterator[Step]:
        """A walk of so many steps from some initial state."""
        state = self.random.choice(self.starts)
        planned = [*_migrate(self.random, state)] if self.random.random() < 0.8 else []
        if self.random.random() < 0.5:
            planned = [DeployRelease(), *planned]
        for _ in range(length):
            if not planned:
                planned = list(self.random.choice(PLANS)(self.random, state))
            draw = self.random.random()
            request = planned.pop(0) if planned and draw < 0.9 else self.random.choice(self.random.choice(self.any))
            if draw < 0.1:
                request = self._near(request)
            after, verdict = self.oracle.decide(state, request)
            yield Step(state, request, verdict, after)
            state = after

    def _near(self, request: Request) -> Request:
        """The request with one field different, if it has any."""
        fields = [field for field in request.type.fields if len(field.domain) > 1]
        if not fields:
            return request
        field = self.random.choice(fields)
        return request.replace(**{field.name: self.random.choice(field.domain)})


def _migrate(rnd, state):
    identical = [MprnComparison.IDENTICAL] * 4
    yield from (AuthoriseMigration(), ValidateData(mprn=rnd.choice([*identical, *MprnComparison])))
    yield from (TestDevices(), StartCommissioning(), ProvidePin(recipient=state.installing_supplier))
    yield from ([FailMigration()] if rnd.random() < 0.1 else [CompleteMigration()])


def _fail(rnd, state):
    for _ in range(rnd.choice([1, 5])):
        yield from (AuthoriseMigration(), FailMigration())
    if rnd.random() < 0.3:
        yield ExcludeInstallation()


def _release(rnd, state):
    yield DeployRelease()
    yield UpdateKeyPackage()


def _owner(state, device):
    gas = device is Device.GSME and state.gas_supplier is not User.NOBODY
    return state.gas_supplier if gas else state.electricity_supplier


def _upgrade(rnd, state):
    device = rnd.choice([Device.ESME, Device.GSME, Device.CHF, Device.PPMID, Device.PPMID, Device.PPMID])
    by = _owner(state, device)
    yield UpdateFirmware(sender=by, target=device)
    for timing in rnd.choices([Timing.FUTURE_DATED, *Timing], k=rnd.randrange(5)):
        image = rnd.choice([Image.DELIVERED, Image.DELIVERED, Image.DELIVERED, Image.ANOTHER])
        yield ActivateFirmware(sender=by, target=device, image=image, timing=timing)
    yield rnd.choice(
        [
            ReachActivationDate(device=device),
            SuspendDevice(device=device),
            UpdateFirmware(sender=by, target=device),
            ChangeElectricitySupplier(to=rnd.choice(SUPPLIERS)),
            ChangeGasSupplier(to=rnd.choice(SUPPLIERS)),
            DecommissionDevice(sender=by, device=device),
        ]
    )
    yield ReadFirmwareVersion(sender=by, target=device)
    yield ReachActivationDate(device=device)


def _replace(rnd, state):
    device = rnd.choice([Device.ESME, Device.GSME, Device.PPMID])
    by = state.electricity_supplier
    yield from (DecommissionDevice(sender=by, device=device), PreNotifyDevice(sender=by, han_device=device))
    yield UpdateHanDeviceLog(sender=by, han_device=device, log_change=LogChange.ADD)
    if rnd.random() < 0.2:
        yield UpdateHanDeviceLog(sender=by, han_device=device, log_change=LogChange.REMOVE)
        yield UpdateHanDeviceLog(sender=by, han_device=device, log_change=LogChange.ADD)
    yield InstallDevice(han_device=device)
    yield JoinPpmid(sender=by) if device is Device.PPMID else CommissionDevice(sender=by, meter=device)


def _suspend(rnd, state):
    device = rnd.choice([Device.ESME, Device.GSME, Device.CHF, Device.PPMID])
    yield from (SuspendDevice(device=device), ReadFirmwareVersion(sender=_owner(state, device), target=device))
    yield rnd.choice([EndSuspension(device=device), DecommissionDevice(sender=_owner(state, device), device=device)])


def _tariff(rnd, state):
    yield UpdateTariff(sender=state.electricity_supplier, meter=Device.ESME, tariff=rnd.choice(list(Tariff)))


def _documents(rnd, state):
    yield from [PassDate()] * rnd.randrange(5)
    yield ConcludeJip(foc=rnd.choice(list(FocScope)))
    if rnd.random() < 0.5:
        yield from (ConsultOnDate(), SubmitRevisedDocuments())
    yield ReDesignate()


def _course(rnd, state):
    yield from (ReceiveRequest(), AcknowledgeRequest())
    yield from rnd.choice(
        [[LetPass()], [HoldRequest(), ReleaseRequest()], [kind() for kind in rnd.sample(COURSE[1:], 3)]]
    )
    yield from (SendThroughDco(), SendToDevice(), CarryOut())


PLANS = (_migrate, _fail, _release, *[_upgrade] * 6, _replace, _suspend, _tariff, _documents, _course)


@pytest.fixture(scope="session")
def walks() -> list[list[Step]]:
    """The same walks every time: 80 of 120 steps."""
    walker = Walker(seed=7)
    return [list(walker.walk(120)) for _ in range(80)]


@pytest.fixture(scope="session")
def varied(walks) -> list[Step]:
    """Single steps from states that satisfy every constraint, most of which no walk came to."""
    walker, variables = Walker(seed=8), INSTALLATION.variables
    states = [step.after for walk in walks for step in walk]
    steps = []
    for _ in range(600):
        state = walker.random.choice(states)
        for _ in range(8):
            others = {each.name: walker.random.choice(each.domain) for each in walker.random.sample(variables, 2)}
            changed = INSTALLATION.state(**{**state.as_dict(), **others})
            state = changed if _satisfies_constraints(changed) else state
        states.append(state)
        for _ in range(8):
            request = walker.random.choice(walker.random.choice(walker.any))
            after, verdict = walker.oracle.decide(state, request)
            steps.append(Step(state, request, verdict, after))
    return steps


def _satisfies_constraints(state: State) -> bool:
    moment = Moment(state.as_dict())
    return all(each.then.holds(moment) for each in INSTALLATION.constraints if each.when.holds(moment))


@pytest.fixture(scope="session")
def words():
    """How a state is told to a target."""
    return in_words


@pytest.fixture(scope="session")
def verdict_in_words():
    """How a target that agrees says a verdict."""
    return reported


@pytest.fixture(scope="session")
def witnesses() -> dict[str, tuple[State, tuple[Request, ...]]]:
    """For each fault of the simulator, by name, a run at whose last step it shows."""
    read = json.loads((Path(__file__).parent / "witnesses.json").read_text(encoding="utf-8"))
    return {
        fault: (_state(run["start"]), tuple(_request(words) for words in run["requests"]))
        for fault, run in read.items()
    }


def _state(words: dict[str, str]) -> State:
    lifecycles = {lifecycle.name: lifecycle.variable for lifecycle in INSTALLATION.lifecycles}
    return INSTALLATION.state(**{name: _member(lifecycles[name].domain, word) for name, word in words.items()})


def _request(words: dict[str, str]) -> Request:
    kind = next(kind for kind in INSTALLATION.requests if kind.name == words["type"])
    return kind(
        **{field.name: _member(field.domain, words[field.name]) for field in kind.fields if field.name in words}
    )


def _member(domain: tuple[Enum, ...], word: str) -> Enum:
    return next(value for value in domain if value.value == word)
