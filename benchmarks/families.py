"""A family of systems that grows as one likes: installations that share a release, each with lifecycles of its own.

An installation has a supplier, a key package, and firmware on each of its devices. What they do is what the SMETS1
lifecycles do, in few words; more of them, more suppliers and more devices make the system larger in different ways.
"""

from collections.abc import Callable, Iterator
from enum import Enum

import attrs

from statemachines import (
    Answer,
    Check,
    DeclarationError,
    Expr,
    Field,
    Gate,
    Lifecycle,
    RequestType,
    Transition,
    Variable,
)
from statemachines.language.expression import disjunction
from statemachines.language.system import System
from statemachines.smets1 import releases
from statemachines.smets1.admission import AdmissionReason
from statemachines.smets1.firmware import IN_HAND, Firmware, FirmwareReason
from statemachines.smets1.key_package import KeyPackage, KeyReason
from statemachines.smets1.releases import Release, release
from statemachines.smets1.rulebook import RULEBOOK
from statemachines.smets1.verdicts import EventReason, happens
from statemachines.smets1.vocabulary import DeployRelease, Outcome, Party, Timing


@attrs.frozen(eq=False)
class Site:
    """The variables of one installation, and the value of the field ``site`` that names it."""

    name: Enum
    supplier: Variable
    keys: Variable
    firmware: dict[Enum, Variable]


@attrs.frozen(eq=False)
class Words:
    """The fields and requests of a family with so many of each."""

    site: Field
    sender: Field
    target: Field
    timing: Field
    MigrateSite: RequestType
    UpdateKeyPackage: RequestType
    ChangeSupplier: RequestType
    UpdateFirmware: RequestType
    ActivateFirmware: RequestType
    ReachActivationDate: RequestType

    @property
    def kinds(self) -> tuple[RequestType, ...]:
        """All requests about a site."""
        return (self.MigrateSite, self.UpdateKeyPackage, self.ChangeSupplier, *self.upgrades, self.ReachActivationDate)

    @property
    def upgrades(self) -> tuple[RequestType, ...]:
        """The requests that a supplier sends."""
        return (self.UpdateFirmware, self.ActivateFirmware)


def installations(count: int, *, suppliers: int = 3, devices: int = 1) -> System:
    """So many installations.

    Parameters
    ----------
    count: how many, at least one.
    suppliers: how many suppliers there are, at least two.
    devices: how many devices each installation has, at least one.

    Raises
    ------
    DeclarationError: for fewer.
    """
    if count < 1 or suppliers < 2 or devices < 1:
        raise DeclarationError(f"{count} installations, {suppliers} suppliers, {devices} devices: expected 1, 2, 1")
    words = _words(count, suppliers, devices)
    sites = [_site(name, words) for name in words.site.domain]
    return System(
        f"{count} installations, {suppliers} suppliers, {devices} devices each",
        RULEBOOK,
        lifecycles=[*releases.component.lifecycles, *(part for one in sites for part in _lifecycles(one, words))],
        requests=[DeployRelease, *words.kinds],
        gates=[
            Gate(Party.DSP, _at_the_dsp(sites, words), on=words.upgrades),
            Gate(Party.DCO, _at_the_dco(sites, words), on=[words.ActivateFirmware]),
            Gate(
                Party.PREMISES,
                releases.component.checks[Party.PREMISES],
                on=[DeployRelease, *words.kinds[:3], words.ReachActivationDate],
            ),
        ],
        answers=[
            *releases.component.answers,
            *(happens(kind, "MIG-1 KEY-4 SYS-5 PPMID-9") for kind in words.kinds if kind not in words.upgrades),
            Answer(words.upgrades, outcome=Outcome.ACCEPTED, reason=EventReason.HAPPENED, rules="PPMID-9"),
        ],
    )


def _words(count: int, suppliers: int, devices: int) -> Words:
    site, sender, target = _field("site", count), _field("supplier", suppliers), _field("device", devices)
    timing = Field("timing", Timing)
    return Words(
        site,
        sender,
        target,
        timing,
        RequestType("MigrateSite", [site]),
        RequestType("UpdateKeyPackage", [site]),
        RequestType("ChangeSupplier", [site, sender]),
        RequestType("UpdateFirmware", [site, sender, target]),
        RequestType("ActivateFirmware", [site, sender, target, timing]),
        RequestType("ReachActivationDate", [site, target]),
    )


def _field(name: str, values: int) -> Field:
    kind = Enum(name.title(), {f"{name.upper()}_{at}": f"{name} {at}" for at in range(1, values + 1)})  # type: ignore[misc]
    return Field(name, kind)


def _site(name: Enum, words: Words) -> Site:
    label = name.name.lower()
    return Site(
        name,
        Variable(f"{label}_supplier", words.sender.kind),
        Variable(f"{label}_keys", KeyPackage),
        {device: Variable(f"{label}_{device.name.lower()}", Firmware) for device in words.target.domain},
    )


def _lifecycles(one: Site, words: Words) -> Iterator[Lifecycle]:
    here = words.site == one.name
    since_uplift = release >= Release.UPLIFT_1_2
    first, *_ = words.sender.domain
    yield Lifecycle(
        one.supplier,
        first,
        [
            Transition(
                [other for other in words.sender.domain if other is not supplier],
                words.ChangeSupplier,
                supplier,
                when=here & (words.sender == supplier),
                rules="SYS-5",
            )
            for supplier in words.sender.domain
        ],
    )
    yield Lifecycle(
        one.keys,
        KeyPackage.NONE,
        [
            Transition(
                KeyPackage.NONE,
                words.MigrateSite,
                KeyPackage.WITH_PPMID,
                when=here & since_uplift,
                rules="MIG-1 KEY-3",
            ),
            Transition(
                KeyPackage.NONE,
                words.MigrateSite,
                KeyPackage.WITHOUT_PPMID,
                when=here & ~since_uplift,
                rules="MIG-1 KEY-2",
            ),
            Transition(
                KeyPackage.WITHOUT_PPMID,
                words.UpdateKeyPackage,
                KeyPackage.WITH_PPMID,
                when=here & since_uplift,
                rules="KEY-4",
            ),
        ],
    )
    for device, variable in one.firmware.items():
        yield _firmware(variable, here & (words.target == device), here, words)


def _firmware(variable: Variable, addressed: Expr, here: Expr, words: Words) -> Lifecycle:
    def at(timing: Timing) -> Expr:
        return addressed & (words.timing == timing)

    activate, late = words.ActivateFirmware, Timing.FUTURE_DATED
    return Lifecycle(
        variable,
        Firmware.SETTLED,
        [
            Transition(list(Firmware), words.UpdateFirmware, Firmware.DELIVERED, when=addressed, rules="PPMID-9"),
            Transition(IN_HAND, activate, Firmware.UPGRADED, when=at(Timing.IMMEDIATE), rules="PPMID-9"),
            Transition(IN_HAND, activate, Firmware.PENDING, when=at(late), rules="PPMID-9"),
            Transition(Firmware.PENDING, activate, Firmware.DELIVERED, when=at(Timing.CANCELLATION), rules="PPMID-9"),
            Transition(Firmware.PENDING, words.ReachActivationDate, Firmware.UPGRADED, when=addressed, rules="PPMID-9"),
            Transition(IN_HAND, words.ChangeSupplier, Firmware.SETTLED, when=here, rules="PPMID-5"),
        ],
    )


def _at_the_dsp(sites: list[Site], words: Words) -> list[Check]:
    return [
        _check(
            "the installation is migrated",
            _of_it(sites, words, lambda one: one.keys == KeyPackage.NONE),
            AdmissionReason.NOT_MIGRATED,
            "MIG-6",
        ),
        _check(
            "PPMID firmware is the Electricity Supplier's",
            _of_it(sites, words, lambda one: one.supplier != words.sender),
            FirmwareReason.NOT_ELECTRICITY_SUPPLIER,
            "PPMID-1",
        ),
        _check(
            "PPMID firmware functionality is released",
            release < Release.UPLIFT_1_2,
            FirmwareReason.NOT_RELEASED,
            "DES-5 MOD-6",
        ),
    ]


def _at_the_dco(sites: list[Site], words: Words) -> list[Check]:
    lacking = _of_it(sites, words, lambda one: one.keys != KeyPackage.WITH_PPMID)
    return [_check("the DCO holds the device's keys", lacking, KeyReason.NO_KEYS, "KEY-5 KEY-6")]


def _check(label: str, fails_when: Expr, why: Enum, rules: str) -> Check:
    return Check(label, fails_when=fails_when, outcome=Outcome.REJECTED, reason=why, rules=rules)


def _of_it(sites: list[Site], words: Words, condition: Callable[[Site], Expr]) -> Expr:
    """The condition, for whichever site the request names."""
    return disjunction(*((words.site == one.name) & condition(one) for one in sites))
