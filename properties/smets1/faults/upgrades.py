"""Faults of firmware upgrades: whose they are, where they are out of scope, what is activated, and what ends them.

Rules: PPMID-1 to PPMID-10 and the assumptions MOD-2 to MOD-7, MOD-10, MOD-12, MOD-29, MOD-30 and MOD-50.
"""

import attrs

from properties.mutation.planting import (
    Fault,
    changed_check,
    changed_transitions,
    moved_check,
    with_answer,
    with_transition,
    without_check,
    without_transitions,
)
from statemachines.language.expression import Expr
from statemachines.language.gates import Answer
from statemachines.language.lifecycle import Transition
from statemachines.language.requests import is_a
from statemachines.language.system import System
from statemachines.smets1.firmware import (
    Firmware,
    FirmwareReason,
    chf_firmware,
    esme_firmware,
    gsme_firmware,
    ppmid_firmware,
    ppmid_upgrade_by,
)
from statemachines.smets1.supply import electricity_supplier, gas_supplier
from statemachines.smets1.vocabulary import (
    ActivateFirmware,
    ChangeElectricitySupplier,
    ChangeGasSupplier,
    DecommissionDevice,
    Device,
    Group,
    Image,
    Outcome,
    Party,
    ReadFirmwareVersion,
    Response,
    SuspendDevice,
    Timing,
    UpdateFirmware,
    User,
    group,
    image,
    sender,
    target,
    timing,
)

_PPMID_RIGHT = "PPMID firmware is the Electricity Supplier's"
_CHF_RIGHT = "Communications Hub firmware is the Electricity Supplier's"
_FOC = "the S1SP processes PPMID firmware"
_IN_HAND = "an image is in hand"
_HASH = "the hash is the delivered image's"


def _old_supplier_may_activate(system: System) -> System:
    def spared(fails: Expr) -> Expr:
        return fails & (~is_a(ActivateFirmware) | (target != Device.PPMID) | (sender != ppmid_upgrade_by))

    system = changed_check(system, "a Supplier that sends Activate Firmware is registered at the premises", spared)
    system = changed_check(system, _PPMID_RIGHT, spared)
    system = without_transitions(system, ppmid_firmware.name, ChangeElectricitySupplier)
    return without_transitions(system, ppmid_upgrade_by.name, ChangeElectricitySupplier)


def _gsme_rule_for_ppmid(system: System) -> System:
    system = changed_check(
        system,
        "GSME firmware is the Gas Supplier's",
        lambda _: target.is_in(Device.GSME, Device.PPMID) & (sender != gas_supplier),
    )
    return without_check(system, _PPMID_RIGHT)


def _undelivered_image_is_activated(system: System) -> System:
    def elsewhere(fails: Expr) -> Expr:
        return fails & ((target != Device.PPMID) | (timing != Timing.IMMEDIATE))

    system = changed_check(changed_check(system, _HASH, elsewhere), _IN_HAND, elsewhere)
    at_will = Transition(
        ppmid_firmware.domain,
        ActivateFirmware,
        Firmware.UPGRADED,
        when=(target == Device.PPMID) & (timing == Timing.IMMEDIATE),
        rules="PPMID-9",
    )
    system = without_transitions(system, ppmid_firmware.name, ActivateFirmware, Firmware.UPGRADED)
    return with_transition(system, ppmid_firmware.name, at_will)


def _version_tells_the_gas_supplier(system: System) -> System:
    return with_answer(
        system,
        Answer(
            [ReadFirmwareVersion],
            outcome=Outcome.ACCEPTED,
            reason=FirmwareReason.VERSION_READ,
            response=Response.DELIVERED_VERSION,
            when=gas_supplier == User.SUPPLIER_C,
            rules="READ-3",
        ),
    )


def _pending_survives_a_new_image(system: System) -> System:
    return changed_transitions(
        system,
        chf_firmware.name,
        UpdateFirmware,
        lambda move: attrs.evolve(move, source=[state for state in move.source if state is not Firmware.PENDING]),
    )


def _dual_fuel_image_is_another_party_s(move: Transition) -> Transition:
    of_a = (target == Device.PPMID) & (sender == User.SUPPLIER_A) & (gas_supplier == User.SUPPLIER_A)
    taken_for_c = {User.SUPPLIER_A: move.when & ~of_a, User.SUPPLIER_C: move.when | of_a}
    return attrs.evolve(move, when=taken_for_c.get(move.target, move.when))


def _mds_holds_no_activation(system: System) -> System:
    elsewhere = group != Group.MDS
    name = ppmid_firmware.name
    system = changed_transitions(
        system, name, ActivateFirmware, lambda move: attrs.evolve(move, when=move.when & elsewhere), Firmware.PENDING
    )
    at_once = Transition(
        Firmware.DELIVERED,
        ActivateFirmware,
        Firmware.UPGRADED,
        when=(target == Device.PPMID) & (timing == Timing.FUTURE_DATED) & (image == Image.DELIVERED) & ~elsewhere,
        rules="PPMID-9",
    )
    return with_transition(system, name, at_once)


FAULTS: dict[str, Fault] = {
    "old_supplier_may_activate": Fault(
        "PPMID-1",
        "A change of supplier leaves the PPMID upgrade in hand, and whoever delivered the image may activate it.",
        "only the Electricity Supplier upgrades PPMID firmware",
        _old_supplier_may_activate,
    ),
    "gsme_rule_leaks_to_ppmid": Fault(
        "PPMID-1",
        "The rule for the gas meter's firmware is applied to the PPMID as well, in place of the PPMID's own.",
        "only the Electricity Supplier upgrades PPMID firmware",
        _gsme_rule_for_ppmid,
    ),
    "gas_supplier_may_activate": Fault(
        "PPMID-2",
        "The DSP lets the Gas Supplier, too, activate PPMID firmware.",
        "only the Electricity Supplier upgrades PPMID firmware",
        lambda system: changed_check(
            system, _PPMID_RIGHT, lambda fails: fails & (~is_a(ActivateFirmware) | (sender != gas_supplier))
        ),
    ),
    "gas_supplier_may_send_srv_11_4": Fault(
        "PPMID-2",
        "The Gas Supplier may update PPMID firmware by SRV 11.4, which the matrix opens to it.",
        "only the Electricity Supplier's SRV 11.4 is accepted",
        lambda system: without_check(system, "PPMID firmware is the Electricity Supplier's by SRV 11.4 too"),
    ),
    "gas_supplier_may_upgrade_the_hub": Fault(
        "PPMID-3",
        "Communications Hub firmware is upgraded by whichever Supplier of the premises comes first.",
        "only the Electricity Supplier upgrades Communications Hub firmware",
        lambda system: without_check(system, _CHF_RIGHT),
    ),
    "dual_fuel_supplier_is_refused": Fault(
        "PPMID-4",
        "A Gas Supplier is refused even where it is the Electricity Supplier too, so that nobody has the right.",
        "never nobody has the right to upgrade a PPMID",
        lambda system: changed_check(
            system,
            _PPMID_RIGHT,
            lambda _: (target == Device.PPMID) & ((sender != electricity_supplier) | (sender == gas_supplier)),
        ),
    ),
    "both_suppliers_have_the_right": Fault(
        "PPMID-4",
        "The Gas Supplier has the right to deliver a PPMID's image beside the Electricity Supplier.",
        "never two have the right to upgrade a PPMID",
        lambda system: changed_check(
            system, _PPMID_RIGHT, lambda fails: fails & (~is_a(UpdateFirmware) | (sender != gas_supplier))
        ),
    ),
    "image_survives_a_change_of_supplier": Fault(
        "MOD-2",
        "The image that the old Electricity Supplier delivered to the PPMID is left in hand for the new one.",
        "a change of supplier ends the upgrade of PPMID firmware in hand",
        lambda system: without_transitions(system, ppmid_firmware.name, ChangeElectricitySupplier),
    ),
    "old_supplier_keeps_the_upgrade": Fault(
        "MOD-2",
        "The old Electricity Supplier is taken to have the PPMID upgrade in hand after a change of supplier.",
        "after a change of Electricity Supplier nobody has a PPMID upgrade in hand",
        lambda system: without_transitions(system, ppmid_upgrade_by.name, ChangeElectricitySupplier),
    ),
    "third_party_has_the_upgrade": Fault(
        "PPMID-5",
        "The image that Supplier A delivers to the PPMID of a dual fuel installation is taken for one of Supplier C.",
        "a PPMID upgrade in hand is in the hand of the Electricity Supplier",
        lambda system: changed_transitions(
            system,
            ppmid_upgrade_by.name,
            UpdateFirmware,
            _dual_fuel_image_is_another_party_s,
        ),
    ),
    "version_tells_the_gas_supplier": Fault(
        "PPMID-6",
        "The version that the Electricity Supplier reads differs where the Gas Supplier is a certain party.",
        "the Electricity Supplier cannot tell who the Gas Supplier is",
        _version_tells_the_gas_supplier,
    ),
    "foc_images_are_delivered": Fault(
        "PPMID-7",
        "Only the activation of PPMID firmware is out of scope for FOC, and images are delivered.",
        "no FOC PPMID's firmware is ever upgraded",
        lambda system: changed_check(system, _FOC, on=[ActivateFirmware]),
    ),
    "foc_reaches_the_s1sp": Fault(
        "PPMID-8",
        "The S1SP processes PPMID firmware requests for FOC, as it does for the other cohorts.",
        "an FOC PPMID upgrade that comes to the S1SP is not processed there, unless FOC came into scope",
        lambda system: without_check(system, _FOC),
    ),
    "foc_stops_at_the_dsp": Fault(
        "PPMID-8",
        "The DSP does not process PPMID firmware requests for FOC, where it should and the S1SP should not.",
        "the DSP processes the Electricity Supplier's FOC PPMID upgrade",
        lambda system: moved_check(system, _FOC, Party.DSP),
    ),
    "future_dated_activation_runs_at_once": Fault(
        "PPMID-9",
        "A PPMID of MOC (MDS) does not hold a future-dated activation until its date.",
        "a future-dated activation of PPMID firmware is held, and what runs stays",
        _mds_holds_no_activation,
    ),
    "undelivered_image_is_activated": Fault(
        "MOD-50",
        "The PPMID activates at once whatever image it is told to, delivered or not.",
        "PPMID firmware is upgraded only by activating the image that was delivered",
        _undelivered_image_is_activated,
    ),
    "cancelling_takes_the_image": Fault(
        "MOD-4",
        "Cancelling a Communications Hub's future-dated activation takes the image with it, to be delivered again.",
        "a cancelled activation of Communications Hub firmware leaves the image in hand",
        lambda system: changed_transitions(
            system,
            chf_firmware.name,
            ActivateFirmware,
            lambda move: attrs.evolve(move, target=Firmware.SETTLED),
            Firmware.DELIVERED,
        ),
    ),
    "gas_supplier_may_upgrade_the_esme": Fault(
        "PPMID-10",
        "The ESME's firmware is upgraded by either Supplier of the premises, for the matrix opens the SRVs to both.",
        "only the Electricity Supplier upgrades ESME firmware",
        lambda system: without_check(system, "ESME firmware is the Electricity Supplier's"),
    ),
    "ppmid_rule_leaks_to_gsme": Fault(
        "PPMID-10",
        "The rule for the PPMID's firmware is applied to the gas meter as well: the Electricity Supplier upgrades it.",
        "only the Gas Supplier upgrades GSME firmware",
        lambda system: changed_check(
            system,
            "GSME firmware is the Gas Supplier's",
            lambda _: (target == Device.GSME) & (sender != electricity_supplier),
        ),
    ),
    "gas_upgrade_survives_a_change_of_supplier": Fault(
        "MOD-2",
        "Only a change of Electricity Supplier ends an upgrade in hand; that of the gas meter survives its supplier.",
        "a change of supplier ends the upgrade of GSME firmware in hand",
        lambda system: without_transitions(system, gsme_firmware.name, ChangeGasSupplier),
    ),
    "change_of_supplier_brings_back_the_old_version": Fault(
        "MOD-2",
        "A change of supplier ends not only an upgrade in hand: the ESME goes back to what it ran before.",
        "a change of supplier leaves ESME firmware that runs as it is",
        lambda system: changed_transitions(
            system,
            esme_firmware.name,
            ChangeElectricitySupplier,
            lambda move: attrs.evolve(move, source=(*move.source, Firmware.UPGRADED)),
        ),
    ),
    "pending_activation_survives_a_new_image": Fault(
        "MOD-3",
        "A further image leaves a pending activation of the earlier image of a Communications Hub as it is.",
        "Communications Hub firmware that is delivered takes the place of another, and an earlier activation lapses",
        _pending_survives_a_new_image,
    ),
    "cancellation_must_name_the_hash": Fault(
        "MOD-4",
        "A cancellation is refused where it names another hash than that of the delivered image.",
        "a pending activation of PPMID firmware is cancelled whatever hash the cancellation names",
        lambda system: changed_check(system, _HASH, lambda _: image == Image.ANOTHER),
    ),
    "cancelling_nothing_is_accepted": Fault(
        "MOD-4",
        "A cancellation is accepted where no activation is pending.",
        "where no activation of ESME firmware is pending, the device refuses to cancel one",
        lambda system: without_check(system, "an activation is pending to be cancelled"),
    ),
    "hash_of_future_dated_activations_is_not_compared": Fault(
        "MOD-5",
        "The FirmwareHash is compared with the delivered image's digest only where the activation is immediate.",
        "activating another image fails, and ESME firmware stays",
        lambda system: changed_check(system, _HASH, lambda _: (timing == Timing.IMMEDIATE) & (image == Image.ANOTHER)),
    ),
    "s1sp_rejects_what_is_not_released": Fault(
        "MOD-6",
        "Before Uplift 1.2 it is the S1SP that rejects PPMID firmware requests, once the DSP has acknowledged them.",
        "the DSP asks last whether PPMID firmware functionality is released",
        lambda system: moved_check(system, "PPMID firmware functionality is released", Party.S1SP, before=_FOC),
    ),
    "gpf_is_upgraded": Fault(
        "MOD-7",
        "A Communications Hub's firmware may be upgraded at its GPF as well as at its CHF.",
        "no firmware is upgraded at the GPF",
        lambda system: without_check(system, "Communications Hub firmware is addressed at the CHF"),
    ),
    "second_activation_has_no_effect": Fault(
        "MOD-10",
        "An activation at once, while a future-dated one is pending, is accepted and leaves the pending one in place.",
        "PPMID firmware that is activated at once runs where an activation was pending, too",
        lambda system: changed_transitions(
            system,
            ppmid_firmware.name,
            ActivateFirmware,
            lambda move: None if Firmware.PENDING in move.source else move,
            Firmware.UPGRADED,
        ),
    ),
    "running_image_is_activated_again": Fault(
        "MOD-12",
        "An image that runs counts as one in hand, and may be activated again without being delivered again.",
        "where no image of GSME firmware is in hand, the device refuses to activate one",
        lambda system: changed_check(
            system, _IN_HAND, lambda fails: fails & ((target != Device.GSME) | (gsme_firmware != Firmware.UPGRADED))
        ),
    ),
    "next_ppmid_inherits_the_image": Fault(
        "MOD-29",
        "Decommissioning a PPMID leaves the image in hand, and the PPMID that takes its place may activate it.",
        "decommissioning the device ends whatever its PPMID firmware had come to",
        lambda system: without_transitions(system, ppmid_firmware.name, DecommissionDevice),
    ),
    "suspended_esme_activates_on_its_date": Fault(
        "MOD-30",
        "Suspending an ESME leaves its future-dated activation pending.",
        "suspending the device ends the upgrade of ESME firmware in hand",
        lambda system: without_transitions(system, esme_firmware.name, SuspendDevice),
    ),
}
