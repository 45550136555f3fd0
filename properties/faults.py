"""Copies of the installation with one planted fault each: what the claims are there to catch.

Each function makes the claims of one faulty copy, so that ``pytest --pyargs properties.conformance --system
properties.faults:gas_supplier_may_activate`` runs on it; its docstring tells the fault.
"""

from collections.abc import Callable, Iterable

import attrs

from properties.installation import claims_of
from statemachines.core.claims import Claims
from statemachines.core.expression import Expr
from statemachines.core.gates import Check, Gate
from statemachines.core.lifecycle import Lifecycle, Transition
from statemachines.core.requests import RequestType, is_a
from statemachines.firmware import Firmware, ppmid_firmware, ppmid_upgrade_by
from statemachines.installation import INSTALLATION
from statemachines.supply import gas_supplier
from statemachines.vocabulary import (
    ActivateFirmware,
    ChangeElectricitySupplier,
    Device,
    Party,
    Timing,
    sender,
    target,
    timing,
)

PPMID_RIGHT = "PPMID firmware is the Electricity Supplier's"


def gas_supplier_may_activate() -> Claims:
    """The DSP lets the Gas Supplier, too, activate PPMID firmware."""
    return _with_gates(
        _changed(PPMID_RIGHT, lambda fails: fails & (~is_a(ActivateFirmware) | (sender != gas_supplier)))
    )


def old_supplier_may_activate() -> Claims:
    """A change of supplier leaves the PPMID upgrade in hand, and the party that delivered the image may activate it."""

    def spared(fails: Expr) -> Expr:
        return fails & (~is_a(ActivateFirmware) | (target != Device.PPMID) | (sender != ppmid_upgrade_by))

    gates = _changed("a Supplier that sends Activate Firmware is registered at the premises", spared)
    gates = _changed(PPMID_RIGHT, spared, gates)
    lifecycles = [
        _without_transitions(lifecycle, ChangeElectricitySupplier)
        if lifecycle.name in {ppmid_firmware.name, ppmid_upgrade_by.name}
        else lifecycle
        for lifecycle in INSTALLATION.lifecycles
    ]
    return claims_of(attrs.evolve(INSTALLATION, gates=gates, lifecycles=lifecycles))


def foc_reaches_the_s1sp() -> Claims:
    """The S1SP processes PPMID firmware requests for FOC, as it does for the other cohorts."""
    return _with_gates(_without("the S1SP processes PPMID firmware"))


def activation_without_keys() -> Claims:
    """The DCO passes activations on without looking whether it holds the PPMID's keys."""
    return _with_gates(_without("the DCO holds the device's keys"))


def gsme_rule_leaks_to_ppmid() -> Claims:
    """The rule for the gas meter's firmware is applied to the PPMID as well, in place of the PPMID's own."""
    gates = _changed(
        "GSME firmware is the Gas Supplier's",
        lambda _: target.is_in(Device.GSME, Device.PPMID) & (sender != gas_supplier),
    )
    return _with_gates(_without(PPMID_RIGHT, gates))


def undelivered_image_is_activated() -> Claims:
    """The PPMID activates at once whatever image it is told to, delivered or not."""

    def elsewhere(fails: Expr) -> Expr:
        return fails & ((target != Device.PPMID) | (timing != Timing.IMMEDIATE))

    gates = _changed("an image is in hand", elsewhere, _changed("the hash is the delivered image's", elsewhere))
    at_will = Transition(
        ppmid_firmware.domain,
        ActivateFirmware,
        Firmware.UPGRADED,
        when=(target == Device.PPMID) & (timing == Timing.IMMEDIATE),
        rules="PPMID-9",
    )
    lifecycles = [
        attrs.evolve(
            lifecycle,
            transitions=[
                *(
                    move
                    for move in lifecycle.transitions
                    if not (move.on is ActivateFirmware and move.target is Firmware.UPGRADED)
                ),
                at_will,
            ],
        )
        if lifecycle.variable is ppmid_firmware
        else lifecycle
        for lifecycle in INSTALLATION.lifecycles
    ]
    return claims_of(attrs.evolve(INSTALLATION, gates=gates, lifecycles=lifecycles))


def dco_is_skipped() -> Claims:
    """Critical Commands go from the S1SP straight to the device."""
    return _with_gates([gate for gate in INSTALLATION.gates if gate.party is not Party.DCO])


FAULTS: dict[str, Callable[[], Claims]] = {
    fault.__name__: fault
    for fault in (
        gas_supplier_may_activate,
        old_supplier_may_activate,
        foc_reaches_the_s1sp,
        activation_without_keys,
        gsme_rule_leaks_to_ppmid,
        undelivered_image_is_activated,
        dco_is_skipped,
    )
}


def _with_gates(gates: Iterable[Gate]) -> Claims:
    return claims_of(attrs.evolve(INSTALLATION, gates=gates))


def _checks(change: Callable[[Check], Iterable[Check]], gates: Iterable[Gate]) -> list[Gate]:
    return [
        attrs.evolve(gate, checks=[changed for check in gate.checks for changed in change(check)]) for gate in gates
    ]


def _without(label: str, gates: Iterable[Gate] = INSTALLATION.gates) -> list[Gate]:
    """The gates without one check."""
    return _checks(lambda check: () if check.label == label else (check,), gates)


def _changed(label: str, fails_when: Callable[[Expr], Expr], gates: Iterable[Gate] = INSTALLATION.gates) -> list[Gate]:
    """The gates with one check's condition changed."""
    return _checks(
        lambda check: (
            (attrs.evolve(check, fails_when=fails_when(check.fails_when)),) if check.label == label else (check,)
        ),
        gates,
    )


def _without_transitions(lifecycle: Lifecycle, on: RequestType) -> Lifecycle:
    return attrs.evolve(lifecycle, transitions=[move for move in lifecycle.transitions if move.on is not on])
