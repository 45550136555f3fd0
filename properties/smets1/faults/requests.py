"""Faults of the way of Service Requests: who may send them, whom they come to, in what order, and reading firmware.

Rules: SYS-1 to SYS-7, SRP-1 to SRP-4, READ-1 to READ-3 and the assumptions MOD-1, MOD-8, MOD-13, MOD-15, MOD-33,
MOD-36, MOD-37, MOD-44 to MOD-46, MOD-48 and MOD-54.
"""

import attrs

from properties.mutation.planting import (
    Fault,
    bypassing,
    changed_check,
    changed_gate,
    changed_transitions,
    moved_check,
    with_answer,
    with_transition,
    without_check,
    without_gate,
)
from statemachines.language.expression import TRUE
from statemachines.language.gates import Answer
from statemachines.language.lifecycle import Transition
from statemachines.language.system import System
from statemachines.smets1.commissioning import SmiStatus, ppmid_status
from statemachines.smets1.duis_versions import older_duis
from statemachines.smets1.firmware import Firmware, FirmwareReason, esme_firmware
from statemachines.smets1.releases import Release, release
from statemachines.smets1.request_course import (
    AcknowledgeRequest,
    Command,
    Course,
    DropRequest,
    Effect,
    ReceiveRequest,
    RefuseRequest,
    SendToDevice,
    command,
    course,
    effect,
)
from statemachines.smets1.supply import electricity_supplier, gas_supplier
from statemachines.smets1.vocabulary import (
    DEVICE_REQUESTS,
    FIRMWARE_REQUESTS,
    FOC,
    IOC,
    SUPPLIERS,
    ChangeElectricitySupplier,
    DecommissionDevice,
    Device,
    Group,
    Outcome,
    Party,
    ReadFirmwareVersion,
    Response,
    UpdateFirmware,
    UpdatePpmidFirmware,
    group,
    sender,
    target,
    to,
)

_DEFECT = "the S1SP can read a PPMID's firmware"
_FOC = "the S1SP processes PPMID firmware"
_COMMISSIONED = "the device is commissioned"
_LIMITS = "the values of the request are within the set limits"
_DETECTION = "Anomaly Detection lets the request pass"


def _dco_before_s1sp(system: System) -> System:
    dsp, s1sp, dco, *others = system.gates
    return attrs.evolve(system, gates=[dsp, dco, s1sp, *others])


def _both_suppliers_change(system: System) -> System:
    for supplier in SUPPLIERS:
        others = [other for other in SUPPLIERS if other is not supplier]
        move = Transition(others, ChangeElectricitySupplier, supplier, when=to == supplier, rules="SYS-5")
        system = with_transition(system, gas_supplier.name, move)
    return system


def _pending_version_is_returned(system: System) -> System:
    pending = Answer(
        [ReadFirmwareVersion],
        outcome=Outcome.ACCEPTED,
        reason=FirmwareReason.VERSION_READ,
        response=Response.DELIVERED_VERSION,
        when=(target == Device.ESME) & (esme_firmware == Firmware.PENDING),
        rules="READ-3",
    )
    return with_answer(system, pending)


def _inventory_requests_go_on(system: System) -> System:
    (s1sp,) = (gate for gate in system.gates if gate.party is Party.S1SP)
    return changed_gate(system, Party.S1SP, on=[*s1sp.on, DecommissionDevice])


def _detection_at_the_dco(system: System) -> System:
    dco = next(gate for gate in system.gates if gate.party is Party.DCO)
    detection = next(check for gate in system.gates for check in gate.checks if check.label == _DETECTION)
    system = changed_check(system, _DETECTION, on=[kind for kind in detection.on if kind not in dco.on])
    return changed_gate(system, Party.DCO, checks=[*dco.checks, attrs.evolve(detection, on=dco.on)])


def _acknowledged_for_good(system: System) -> System:
    critical = command == Command.CRITICAL
    system = changed_transitions(
        system, course.name, AcknowledgeRequest, lambda move: attrs.evolve(move, when=critical)
    )
    over = Transition(Course.RECEIVED, AcknowledgeRequest, Course.RESPONDED, when=~critical, rules="SRP-2")
    return with_transition(system, course.name, over)


FAULTS: dict[str, Fault] = {
    "dco_before_the_s1sp": Fault(
        "MOD-44",
        "The DSP sends Critical Commands to the DCO, and the DCO sends them on to the S1SP.",
        "what comes to the DCO or to the device has come to the S1SP",
        _dco_before_s1sp,
    ),
    "updates_go_around_the_s1sp": Fault(
        "SYS-1",
        "The DSP sends images straight to the device, past the S1SP.",
        "a firmware request that is accepted has come through the S1SP to the device",
        lambda system: bypassing(system, Party.S1SP, UpdateFirmware),
    ),
    "every_command_goes_through_the_dco": Fault(
        "SYS-1",
        "The S1SP sends every firmware request through the DCO, and not only Critical Commands.",
        "only Critical Commands come to the DCO",
        lambda system: changed_gate(system, Party.DCO, on=FIRMWARE_REQUESTS),
    ),
    "mds_reads_as_ioc_does": Fault(
        "SYS-2",
        "The S1SP of MOC (MDS) is taken for that of IOC, whose defect it does not have: it cannot read PPMID firmware.",
        "every other read of a commissioned device's firmware is answered",
        lambda system: changed_check(
            system,
            _DEFECT,
            lambda _: (target == Device.PPMID) & group.is_in(*IOC, Group.MDS) & (release < Release.NOVEMBER_2020),
        ),
    ),
    "secure_is_taken_for_foc": Fault(
        "SYS-2",
        "The S1SP of MOC (Secure) leaves PPMID firmware unprocessed, as if the cohort were FOC.",
        "nothing but an FOC PPMID upgrade is left unprocessed",
        lambda system: changed_check(
            system, _FOC, lambda _: (target == Device.PPMID) & group.is_in(*FOC, Group.SECURE)
        ),
    ),
    "foc_stays_out_after_its_revision": Fault(
        "DES-3",
        "PPMID firmware is called out of scope for FOC although the JIP change request brings it in.",
        "once FOC is to come into scope, no upgrade of its PPMIDs is called out of scope",
        lambda system: changed_check(system, _FOC, lambda _: (target == Device.PPMID) & group.is_in(*FOC)),
    ),
    "srv_11_4_delivers_an_image": Fault(
        "SRM-1",
        "SRV 11.4 is answered as if the report knew what it comes to.",
        "SRV 11.4 from the Electricity Supplier is accepted, and its effect is not modelled",
        lambda system: with_answer(
            system,
            Answer(
                [UpdatePpmidFirmware], outcome=Outcome.ACCEPTED, reason=FirmwareReason.DELIVERED, rules="SRM-1 SYS-6"
            ),
        ),
    ),
    "eb_is_forgotten": Fault(
        "SYS-3",
        "Only GroupID EA is taken for FOC, and EB, the other FOC group, is forgotten.",
        "an FOC PPMID upgrade that comes to the S1SP is not processed there, unless FOC came into scope",
        lambda system: changed_check(system, _FOC, lambda _: (target == Device.PPMID) & (group == Group.EA)),
    ),
    "gas_meter_where_there_is_no_gas": Fault(
        "MOD-45",
        "Nobody looks whether there is gas where a gas meter is commissioned.",
        "without a Gas Supplier Commission Device of a gas meter is refused for want of gas if all else is in order",
        lambda system: without_check(system, "there is gas where Commission Device names a gas meter"),
    ),
    "both_suppliers_change_at_once": Fault(
        "SYS-5",
        "A change of Electricity Supplier is taken for one of the Gas Supplier too: split supply becomes dual fuel.",
        "the Gas Supplier changes only by a change of Gas Supplier",
        _both_suppliers_change,
    ),
    "gas_supplier_may_not_take_over_electricity": Fault(
        "SYS-5",
        "The Gas Supplier cannot become the Electricity Supplier as well: there is no way to dual fuel.",
        "another party can take over as Electricity Supplier at any time",
        lambda system: changed_check(
            system, "the Electricity Supplier is another party", lambda fails: fails | (to == gas_supplier)
        ),
    ),
    "network_operators_may_update_tariffs": Fault(
        "SYS-6",
        "Update Import Tariff is taken to be open to every role, as reading firmware is.",
        "Update Import Tariff is accepted only from a role that it is open to",
        lambda system: without_check(system, "Update Import Tariff is open to the sender's role"),
    ),
    "any_supplier_may_read": Fault(
        "MOD-46",
        "A Supplier that is not registered at the premises may read firmware there.",
        "Read Firmware Version is accepted from a Supplier only where it is registered",
        lambda system: without_check(
            system, "a Supplier that sends Read Firmware Version is registered at the premises"
        ),
    ),
    "gas_supplier_may_not_update_tariffs": Fault(
        "MOD-46",
        "Only the Electricity Supplier is taken to be registered, and the Gas Supplier's tariff is refused.",
        "Update Import Tariff from whoever may send it is not refused for the registration",
        lambda system: changed_check(
            system,
            "a Supplier that sends Update Import Tariff is registered at the premises",
            lambda fails: fails | (sender.is_in(*SUPPLIERS) & (sender != electricity_supplier)),
        ),
    ),
    "agents_may_join_ppmids": Fault(
        "SYS-7",
        "Nobody is refused for its role, and a Registered Supplier Agent may join a PPMID.",
        "Join Service (a PPMID) is accepted only from a role that it is open to",
        lambda system: without_check(system, "Join Service (a PPMID) is open to the sender's role"),
    ),
    "held_requests_are_carried_out": Fault(
        "SRP-1",
        "Anomaly Detection lets every Update Firmware pass, and the image that it caught is delivered.",
        "a request that Anomaly Detection has caught has no effect",
        lambda system: changed_check(
            system, _DETECTION, on=[kind for kind in DEVICE_REQUESTS if kind is not UpdateFirmware]
        ),
    ),
    "values_beyond_limits_are_carried_out": Fault(
        "SRP-1",
        "No value of a request is compared with the set limits.",
        "a request with a value beyond a set limit has no effect",
        lambda system: without_check(system, _LIMITS),
    ),
    "values_beyond_limits_are_quarantined": Fault(
        "SRP-1",
        "A request with a value beyond a set limit is quarantined, for its User to release.",
        "a request with a value beyond a set limit that comes to the S1SP is deleted",
        lambda system: changed_check(system, _LIMITS, outcome=Outcome.HELD),
    ),
    "dropped_requests_have_an_effect": Fault(
        "SRP-1",
        "A quarantined request has its effect once the User has it deleted.",
        "a request that is quarantined or deleted has had no effect",
        lambda system: with_transition(
            system, effect.name, Transition(Effect.NONE, DropRequest, Effect.TAKEN, rules="SRP-1")
        ),
    ),
    "repeats_are_carried_out": Fault(
        "MOD-48",
        "The DSP does not look whether a RequestID was used before.",
        "a repeated RequestID is rejected and changes nothing",
        lambda system: without_check(system, "the RequestID is new"),
    ),
    "repeats_are_acknowledged": Fault(
        "MOD-48",
        "A request with a RequestID that was used before is received and acknowledged like any other.",
        "a repeat is rejected at once",
        lambda system: changed_transitions(
            system,
            course.name,
            ReceiveRequest,
            lambda move: attrs.evolve(move, when=TRUE) if move.target is Course.RECEIVED else None,
        ),
    ),
    "acknowledged_requests_are_over": Fault(
        "SRP-2",
        "The acknowledgement of what is not a Critical Command is its final response.",
        "Acknowledge Request (I99) happens where it may, and leads where it should",
        _acknowledged_for_good,
    ),
    "dco_is_skipped": Fault(
        "SRP-3",
        "Critical Commands go from the S1SP straight to the device.",
        "no Critical Command has an effect without the DCO's part in it",
        lambda system: without_gate(system, Party.DCO),
    ),
    "critical_commands_take_the_short_way": Fault(
        "SRP-3",
        "On its course a Critical Command may go from Anomaly Detection straight to the device.",
        "a Critical Command comes to the device through the DCO",
        lambda system: changed_check(
            changed_transitions(
                system, course.name, SendToDevice, lambda move: attrs.evolve(move, when=TRUE), Course.AT_DEVICE
            ),
            "the request stands where Send To Device can happen to it",
            lambda _: ~course.is_in(Course.PASSED, Course.AT_DCO),
        ),
    ),
    "older_duis_cannot_read": Fault(
        "SRP-4",
        "A Supplier on the older DUIS version may no longer read PPMID firmware, which it could before.",
        "reading firmware that is in order comes to the S1SP from a Supplier on the older DUIS version as well",
        lambda system: changed_check(
            system,
            "PPMID firmware functionality is released",
            lambda _: (target == Device.PPMID) & (sender == older_duis),
            on=FIRMWARE_REQUESTS,
        ),
    ),
    "gpf_cannot_be_read": Fault(
        "READ-1",
        "The S1SP rejects whatever is addressed to the GPF, reading its firmware included.",
        "the GPF's firmware can be read",
        lambda system: changed_check(
            system, "Communications Hub firmware is addressed at the CHF", on=FIRMWARE_REQUESTS
        ),
    ),
    "alerts_go_on_after_november": Fault(
        "READ-2",
        "The November 2020 release does not repair the reading of IOC PPMIDs: the alert goes on.",
        "from the November 2020 release on, reading an IOC PPMID's firmware returns the response",
        lambda system: changed_check(system, _DEFECT, lambda _: (target == Device.PPMID) & group.is_in(*IOC)),
    ),
    "alerts_end_with_uplift": Fault(
        "READ-2",
        "Uplift 1.2 is taken for the release that repairs the reading of IOC PPMIDs.",
        "with Uplift 1.2, before the November 2020 release, reading an IOC PPMID's firmware returns an alert",
        lambda system: without_check(system, _DEFECT),
    ),
    "version_that_is_to_run_is_told": Fault(
        "MOD-54",
        "Where an activation is pending, reading the ESME's firmware tells the version that is to run.",
        "reading the ESME's firmware returns the version that is running",
        _pending_version_is_returned,
    ),
    "esme_cannot_be_read": Fault(
        "READ-3",
        "The defect of IOC's PPMIDs is one of its ESMEs as well: reading their firmware gets an alert.",
        "every other read of a commissioned device's firmware is answered",
        lambda system: changed_check(
            system, _DEFECT, lambda fails: fails | ((target == Device.ESME) & (release == Release.UPLIFT_1_2))
        ),
    ),
    "alert_comes_from_the_device": Fault(
        "MOD-1",
        "The alert that an IOC PPMID's firmware cannot be read comes from the device and not from the S1SP.",
        "an alert is raised at the S1SP",
        lambda system: moved_check(system, _DEFECT, Party.DEVICE),
    ),
    "release_is_asked_before_the_right": Fault(
        "MOD-8",
        "The DSP looks at the release before it looks whose firmware it is, and tells the Gas Supplier of the release.",
        "the DSP asks whose firmware it is once the device is commissioned: PPMID",
        lambda system: moved_check(
            system,
            "PPMID firmware functionality is released",
            Party.DSP,
            before="PPMID firmware is the Electricity Supplier's",
        ),
    ),
    "request_id_is_asked_last": Fault(
        "MOD-8",
        "The DSP looks at the RequestID last, so that a repeat is told what else is wrong with it.",
        "the DSP asks first whether the RequestID is new",
        lambda system: moved_check(system, "the RequestID is new", Party.DSP),
    ),
    "absent_ppmid_is_let_pass": Fault(
        "MOD-13",
        "The DSP takes a PPMID that is absent for one that it need not look for: the request goes on.",
        "a firmware request for a PPMID that is absent is one for a device that is not commissioned",
        lambda system: changed_check(
            system,
            _COMMISSIONED,
            lambda fails: fails & ((target != Device.PPMID) | (ppmid_status != SmiStatus.ABSENT)),
        ),
    ),
    "updates_are_answered_without_the_device": Fault(
        "MOD-15",
        "An update of firmware is answered by the S1SP, as a request that is not for a device.",
        "an update of firmware is answered when the image is with the device",
        lambda system: bypassing(system, Party.DEVICE, UpdateFirmware),
    ),
    "caught_requests_come_to_the_dco": Fault(
        "MOD-33",
        "Anomaly Detection is asked only once the DCO has had its part in a Critical Command.",
        "a request that is caught goes no further than the S1SP",
        _detection_at_the_dco,
    ),
    "older_duis_cannot_upgrade_ppmids": Fault(
        "MOD-36",
        "A Supplier on the older DUIS version may not upgrade a PPMID.",
        "a PPMID upgrade that is in order comes to the S1SP from a Supplier on the older DUIS version as well",
        lambda system: changed_check(
            system, "PPMID firmware functionality is released", lambda fails: fails | (sender == older_duis)
        ),
    ),
    "inventory_requests_go_on": Fault(
        "MOD-37",
        "The DSP acknowledges Decommission Device and sends it on to the S1SP, instead of answering it.",
        "what the inventory alone is asked goes no further than the DSP",
        _inventory_requests_go_on,
    ),
    "refusals_by_the_device_are_lost": Fault(
        "MOD-37",
        "A request that the device refuses stays at the device, without an answer.",
        "Refuse Request happens where it may, and leads where it should",
        lambda system: changed_transitions(
            system,
            course.name,
            RefuseRequest,
            lambda move: attrs.evolve(move, source=[Course.ACKNOWLEDGED, Course.AT_DCO]),
        ),
    ),
}
