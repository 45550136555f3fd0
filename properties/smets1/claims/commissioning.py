"""Claims about the SMI status of each device, and about what it comes to when it changes.

Sources: COM-1 and the assumptions MOD-26 to MOD-28, MOD-38, MOD-40 to MOD-42, MOD-45 and MOD-58.
"""

from collections.abc import Iterator

from properties.smets1.claims.requests import ACCEPTED, NOTHING_CHANGES, SERVICE_REQUEST
from statemachines import Reached, after, always, always_possible, is_a, sometimes
from statemachines.language.claims import Claim
from statemachines.language.expression import TRUE, Expr, conjunction, disjunction
from statemachines.smets1.commissioning import (
    STATUS_OF,
    CommissioningReason,
    SmiStatus,
    chf_status,
    gsme_status,
    ppmid_status,
)
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.migration import Migration, migration
from statemachines.smets1.reasons import reason
from statemachines.smets1.supply import electricity_supplier, gas_supplier
from statemachines.smets1.vocabulary import (
    FIRMWARE_REQUESTS,
    SUPPLIERS,
    CommissionDevice,
    CompleteMigration,
    DataValues,
    DecommissionDevice,
    Device,
    EndSuspension,
    FailMigration,
    InstallDevice,
    JoinPpmid,
    LogChange,
    Outcome,
    Party,
    PreNotifyDevice,
    RequestIdUse,
    Screening,
    StartCommissioning,
    SuspendDevice,
    UpdateHanDeviceLog,
    UpdateTariff,
    User,
    data_values,
    device,
    han_device,
    log_change,
    meter,
    outcome,
    request_id,
    screening,
    sender,
    target,
)

HAPPENED = outcome == Outcome.HAPPENED
DONE = outcome.is_in(Outcome.HAPPENED, Outcome.ACCEPTED)
IN_PLACE = (SmiStatus.INSTALLED, SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED)
IN_THE_INVENTORY = (SmiStatus.PENDING, SmiStatus.WHITELISTED, *IN_PLACE)
DEVICES = (Device.CHF, Device.ESME, Device.GSME, Device.PPMID)
BEHIND_THE_HUB = (Device.ESME, Device.GSME, Device.PPMID)
METERS = (Device.ESME, Device.GSME)
OWNER = {
    Device.CHF: electricity_supplier,
    Device.ESME: electricity_supplier,
    Device.GSME: gas_supplier,
    Device.PPMID: electricity_supplier,
}
"""Whose each device is: a meter's the Supplier of its fuel, all else the Electricity Supplier's (MOD-41)."""
FROM_A_SUPPLIER = (sender == electricity_supplier) | (sender == gas_supplier)
NAME = {Device.CHF: "Communications Hub", Device.ESME: "ESME", Device.GSME: "GSME", Device.PPMID: "PPMID"}
FIELDS = (meter, han_device, device, target)
THERE = {which: (gas_supplier != User.NOBODY) if which is Device.GSME else TRUE for which in DEVICES}
"""Where a device that is installed is there indeed: a gas meter only where there is gas (MOD-40)."""


def _names(which: Device) -> Expr:
    """The request or event names the device, in whatever field it has."""
    ways = []
    for field in FIELDS:
        kinds = [kind for kind in INSTALLATION.requests if any(field is other for other in kind.fields)]
        if which in field.domain:
            ways.append(is_a(*kinds) & (field == which))
    return disjunction(*ways)


NAMES = {which: _names(which) for which in DEVICES}


def _of_any(which: Device) -> Iterator[Claim]:
    """Suspension and decommissioning, which are one for all devices (COM-1)."""
    status, name = STATUS_OF[which], NAME[which]
    named = device == which
    ends, by = [SuspendDevice, DecommissionDevice], "suspension or decommissioning"
    if which is Device.CHF:
        ends, by = [*ends, FailMigration], "suspension, decommissioning or a failed migration"
    yield always(
        f"the DCC can suspend a migrated installation's {name} that is Commissioned",
        when=is_a(SuspendDevice) & named & (migration == Migration.MIGRATED) & (status == SmiStatus.COMMISSIONED),
        then=HAPPENED & (after(status) == SmiStatus.SUSPENDED),
        rules="MOD-28",
    )
    yield always(
        f"the {name} that is suspended or decommissioned is Commissioned no longer",
        when=is_a(SuspendDevice, DecommissionDevice) & named & DONE,
        then=after(status) != SmiStatus.COMMISSIONED,
        rules="COM-1",
    )
    yield always(
        f"only a migrated installation's {name} that is Commissioned is suspended",
        when=is_a(SuspendDevice) & named & HAPPENED,
        then=(migration == Migration.MIGRATED) & (status == SmiStatus.COMMISSIONED),
        rules="MOD-28",
    )
    yield always(
        f"the DCC can end the suspension of the {name}, which is then Commissioned again",
        when=is_a(EndSuspension) & named & (status == SmiStatus.SUSPENDED),
        then=HAPPENED & (after(status) == SmiStatus.COMMISSIONED),
        rules="MOD-28",
    )
    yield always(
        f"where the {name} is not suspended, no suspension of it ends",
        when=is_a(EndSuspension) & named & HAPPENED,
        then=status == SmiStatus.SUSPENDED,
        rules="MOD-28",
    )
    yield always(
        f"the suspended {name} stays suspended until that ends or it is decommissioned",
        when=(status == SmiStatus.SUSPENDED) & (after(status) != SmiStatus.SUSPENDED),
        then=is_a(EndSuspension, DecommissionDevice),
        rules="MOD-28",
    )
    yield always(
        f"the {name} that is decommissioned was installed, and is in the inventory as decommissioned",
        when=is_a(DecommissionDevice) & named & ACCEPTED,
        then=status.is_in(*IN_PLACE) & (after(status) == SmiStatus.DECOMMISSIONED),
        rules="MOD-27",
    )
    yield always(
        f"its own Supplier, and no other, can decommission the {name} that is installed",
        when=is_a(DecommissionDevice)
        & named
        & THERE[which]
        & (migration == Migration.MIGRATED)
        & status.is_in(*IN_PLACE)
        & FROM_A_SUPPLIER
        & (request_id == RequestIdUse.NEW),
        then=((sender == OWNER[which]) & ACCEPTED)
        | ((sender != OWNER[which]) & (reason == CommissioningReason.OTHER_FUEL)),
        rules="MOD-27 MOD-41",
    )
    yield always(
        f"decommissioning and suspending change the status of the {name} only where they name it",
        when=is_a(DecommissionDevice, SuspendDevice, EndSuspension) & (after(status) != status),
        then=named,
        rules="COM-1",
    )
    yield always(
        f"the {name} ceases to be Commissioned only by {by}",
        when=(status == SmiStatus.COMMISSIONED) & (after(status) != SmiStatus.COMMISSIONED),
        then=is_a(*ends),
        rules="COM-1 MIG-4" if FailMigration in ends else "COM-1",
    )


def _behind(which: Device) -> Iterator[Claim]:
    """The way of a device behind the Communications Hub (COM-3, MOD-27)."""
    status, name = STATUS_OF[which], NAME[which]
    named = han_device == which
    own_request = is_a(JoinPpmid) if which is Device.PPMID else is_a(CommissionDevice) & (meter == which)
    log_adds, log_removes = (is_a(UpdateHanDeviceLog) & (log_change == change) for change in LogChange)
    pre_notified = is_a(PreNotifyDevice) & named & ACCEPTED
    yield always(
        f"the {name} comes to be Commissioned only where it is installed behind a Communications Hub that is, or its "
        "suspension ends",
        when=(status != SmiStatus.COMMISSIONED) & (after(status) == SmiStatus.COMMISSIONED),
        then=((chf_status == SmiStatus.COMMISSIONED) & (status == SmiStatus.INSTALLED)) | is_a(EndSuspension),
        rules="MOD-27 MOD-28 MOD-58",
    )
    yield always(
        f"the {name} is commissioned by the migration, by its own Service Request or by the end of its suspension",
        when=(status != SmiStatus.COMMISSIONED) & (after(status) == SmiStatus.COMMISSIONED),
        then=is_a(CompleteMigration, EndSuspension) | own_request,
        rules="MOD-26 MOD-27 MOD-28",
    )
    yield always(
        f"the {name} whose own Service Request is accepted is Commissioned",
        when=own_request & ACCEPTED,
        then=(status == SmiStatus.INSTALLED) & (after(status) == SmiStatus.COMMISSIONED),
        rules="MOD-27",
    )
    yield always(
        f"pre-notification makes the {name} pending that is absent or decommissioned, and no other",
        when=pre_notified,
        then=~status.is_in(*IN_THE_INVENTORY) & (after(status) == SmiStatus.PENDING),
        rules="MOD-27",
    )
    for step, before, now, how in (
        (log_adds & ACCEPTED, SmiStatus.PENDING, SmiStatus.WHITELISTED, "added to the log"),
        (log_removes & ACCEPTED, SmiStatus.WHITELISTED, SmiStatus.PENDING, "taken off the log"),
        (is_a(InstallDevice) & HAPPENED, SmiStatus.WHITELISTED, SmiStatus.INSTALLED, "joined to the HAN"),
    ):
        yield always(
            f"the {name} that is {how} was {before.value} and is {now.value}",
            when=step & named,
            then=(status == before) & (after(status) == now),
            rules="MOD-27",
        )
    for now, step in (
        (SmiStatus.PENDING, is_a(PreNotifyDevice) | log_removes),
        (SmiStatus.WHITELISTED, log_adds),
        (SmiStatus.INSTALLED, is_a(InstallDevice)),
    ):
        yield always(
            f"the {name} comes to be {now.value} only by a step that makes it so and names it",
            when=(status != now) & (after(status) == now),
            then=step & named,
            rules="MOD-27",
        )
    yield always_possible(
        f"a migrated installation's {name} can always come to be Commissioned while its Communications Hub is"
        f"{', where there is gas' if which is Device.GSME else ''}",
        when=(migration == Migration.MIGRATED) & (chf_status == SmiStatus.COMMISSIONED) & THERE[which],
        goal=status == SmiStatus.COMMISSIONED,
        rules="MOD-27",
    )


def _refusals() -> Iterator[Claim]:
    """What is said of a device's status where a step is refused, is so."""
    pre_notifies, logs = is_a(PreNotifyDevice), is_a(UpdateHanDeviceLog)
    known = {which: STATUS_OF[which].is_in(*IN_THE_INVENTORY) for which in BEHIND_THE_HUB}
    for why, asked, named, so in (
        (CommissioningReason.KNOWN_DEVICE, pre_notifies, han_device, known),
        (CommissioningReason.NOT_TO_ADD, logs & (log_change == LogChange.ADD), han_device, _not(SmiStatus.PENDING)),
        (
            CommissioningReason.NOT_TO_REMOVE,
            logs & (log_change == LogChange.REMOVE),
            han_device,
            _not(SmiStatus.WHITELISTED),
        ),
        (CommissioningReason.NOT_WHITELISTED, is_a(InstallDevice), han_device, _not(SmiStatus.WHITELISTED)),
        (CommissioningReason.NOT_SUSPENDED, is_a(EndSuspension), device, _not(SmiStatus.SUSPENDED)),
        (CommissioningReason.NOT_TO_DECOMMISSION, is_a(DecommissionDevice), device, _not(*IN_PLACE)),
    ):
        yield always(
            f'where it is said that "{why.value}", that is so of the device that is named',
            when=reason == why,
            then=asked & disjunction(*((named == which) & so[which] for which in DEVICES if which in named.domain)),
            rules="MOD-28" if why is CommissioningReason.NOT_SUSPENDED else "MOD-27",
        )
    yield always(
        "a device is not suspended, for the reason that is said, where it is not migrated or not Commissioned",
        when=reason == CommissioningReason.NOT_TO_SUSPEND,
        then=is_a(SuspendDevice)
        & (
            (migration != Migration.MIGRATED)
            | disjunction(*((device == which) & (STATUS_OF[which] != SmiStatus.COMMISSIONED) for which in DEVICES))
        ),
        rules="MOD-28",
    )
    yield always(
        "a device is said not to be installed only where it is not",
        when=reason == CommissioningReason.NOT_INSTALLED,
        then=(is_a(JoinPpmid) & (ppmid_status != SmiStatus.INSTALLED))
        | disjunction(
            *(is_a(CommissionDevice) & (meter == which) & (STATUS_OF[which] != SmiStatus.INSTALLED) for which in METERS)
        ),
        rules="MOD-27",
    )
    for which, own_request in (
        *((which, is_a(CommissionDevice) & (meter == which)) for which in METERS),
        (Device.PPMID, is_a(JoinPpmid)),
    ):
        yield always(
            f"the {NAME[which]} that is not installed is not commissioned by its own Service Request, for that reason",
            when=own_request
            & (STATUS_OF[which] != SmiStatus.INSTALLED)
            & THERE[which]
            & (FROM_A_SUPPLIER if which is Device.PPMID else sender == OWNER[which])
            & (migration == Migration.MIGRATED)
            & (request_id == RequestIdUse.NEW),
            then=(outcome == Outcome.REJECTED) & (reason == CommissioningReason.NOT_INSTALLED),
            rules="MOD-27",
        )
    yield always(
        "a Communications Hub is said not to be commissioned only where it is not",
        when=reason == CommissioningReason.NO_COMMUNICATIONS_HUB,
        then=is_a(CommissionDevice, JoinPpmid) & (chf_status != SmiStatus.COMMISSIONED),
        rules="MOD-58",
    )
    yield always(
        "a tariff is refused for the meter's status only where the meter is not commissioned",
        when=is_a(UpdateTariff) & (reason == CommissioningReason.NOT_COMMISSIONED),
        then=disjunction(*((meter == which) & (STATUS_OF[which] != SmiStatus.COMMISSIONED) for which in METERS)),
        rules="MOD-38",
    )


def _not(*statuses: SmiStatus) -> dict[Device, Expr]:
    """For each device, that it has none of these statuses."""
    return {
        which: ~STATUS_OF[which].is_in(*(status for status in statuses if status in STATUS_OF[which].domain))
        for which in DEVICES
    }


CLAIMS = (
    always(
        "the Communications Hub is the first that a migration commissions",
        when=is_a(StartCommissioning) & HAPPENED,
        then=(chf_status == SmiStatus.INSTALLED) & (after(chf_status) == SmiStatus.COMMISSIONED),
        rules="MOD-26",
    ),
    always(
        "the Communications Hub is commissioned where commissioning starts or its suspension ends, and nowhere else",
        when=(chf_status != SmiStatus.COMMISSIONED) & (after(chf_status) == SmiStatus.COMMISSIONED),
        then=is_a(StartCommissioning, EndSuspension),
        rules="MOD-26 MOD-27",
    ),
    always(
        "a decommissioned Communications Hub stays so",
        when=chf_status == SmiStatus.DECOMMISSIONED,
        then=after(chf_status) == SmiStatus.DECOMMISSIONED,
        rules="MOD-27",
    ),
    always(
        "no device is suspended or decommissioned before migration",
        when=is_a(SuspendDevice, DecommissionDevice) & (migration != Migration.MIGRATED),
        then=~DONE,
        rules="MIG-6 MOD-28",
    ),
    sometimes("a PPMID may be absent", of=ppmid_status == SmiStatus.ABSENT, rules="MOD-45"),
    sometimes(
        "a PPMID may be pre-notified where there was none",
        of=is_a(PreNotifyDevice) & (ppmid_status == SmiStatus.ABSENT) & ACCEPTED,
        rules="MOD-27 MOD-45",
    ),
    sometimes(
        "a PPMID may be pre-notified in the place of one that was decommissioned",
        of=is_a(PreNotifyDevice) & (ppmid_status == SmiStatus.DECOMMISSIONED) & ACCEPTED,
        rules="MOD-27",
    ),
    always(
        "without a Gas Supplier no gas meter is commissioned",
        when=(gas_supplier == User.NOBODY) & (gsme_status != SmiStatus.COMMISSIONED),
        then=after(gsme_status) != SmiStatus.COMMISSIONED,
        rules="MOD-45",
    ),
    always(
        "without a Gas Supplier no request or event about a gas meter is accepted or happens",
        when=(gas_supplier == User.NOBODY) & NAMES[Device.GSME],
        then=~DONE & NOTHING_CHANGES,
        rules="MOD-40 MOD-45",
    ),
    *(
        always(
            f"without a Gas Supplier {kind.label} of a gas meter is refused for want of gas if all else is in order",
            when=is_a(kind)
            & (named == Device.GSME)
            & (gas_supplier == User.NOBODY)
            & (sender == electricity_supplier)
            & (migration == Migration.MIGRATED)
            & (request_id == RequestIdUse.NEW),
            then=reason == CommissioningReason.NO_GAS,
            rules="MOD-40 MOD-45",
        )
        for kind, named in ((CommissionDevice, meter), (PreNotifyDevice, han_device), (DecommissionDevice, device))
    ),
    always(
        "only what is about a gas meter is refused for want of gas, and only where there is none",
        when=reason == CommissioningReason.NO_GAS,
        then=NAMES[Device.GSME] & (gas_supplier == User.NOBODY),
        rules="MOD-40 MOD-45",
    ),
    *(
        always(
            f"commissioning the {NAME[which]} that is installed behind its Communications Hub is accepted from the "
            "Supplier of its fuel",
            when=is_a(CommissionDevice)
            & (meter == which)
            & (sender == OWNER[which])
            & (STATUS_OF[which] == SmiStatus.INSTALLED)
            & (migration == Migration.MIGRATED)
            & (chf_status == SmiStatus.COMMISSIONED)
            & (request_id == RequestIdUse.NEW)
            & (screening == Screening.PASSED),
            then=ACCEPTED,
            rules="MOD-27 MOD-41",
        )
        for which in METERS
    ),
    always(
        "a tariff reaches commissioned meters only",
        when=is_a(UpdateTariff)
        & disjunction(*((meter == which) & (STATUS_OF[which] != SmiStatus.COMMISSIONED) for which in METERS)),
        then=(outcome == Outcome.REJECTED) & ~Reached(Party.DEVICE),
        rules="MOD-38",
    ),
    *(
        always(
            f"a tariff of its fuel's Supplier reaches the {NAME[which]} that is commissioned, its hub suspended or not",
            when=is_a(UpdateTariff)
            & (meter == which)
            & (sender == OWNER[which])
            & (chf_status != SmiStatus.DECOMMISSIONED)
            & (STATUS_OF[which] == SmiStatus.COMMISSIONED)
            & (request_id == RequestIdUse.NEW)
            & (data_values == DataValues.WITHIN)
            & (screening == Screening.PASSED),
            then=ACCEPTED & Reached(Party.DEVICE),
            rules="MOD-38 MOD-41 MOD-42",
        )
        for which in METERS
    ),
    *(
        always(
            f"no Supplier of the other fuel gets anything done at the {NAME[which]}",
            when=is_a(UpdateTariff, CommissionDevice, DecommissionDevice, UpdateHanDeviceLog)
            & NAMES[which]
            & sender.is_in(*SUPPLIERS)
            & (sender != OWNER[which]),
            then=(outcome == Outcome.REJECTED) & NOTHING_CHANGES,
            rules="MOD-41",
        )
        for which in METERS
    ),
    always(
        "a device is said to be another's only to a Supplier whose device it is not",
        when=reason == CommissioningReason.OTHER_FUEL,
        then=is_a(UpdateTariff, CommissionDevice, DecommissionDevice, UpdateHanDeviceLog)
        & sender.is_in(*SUPPLIERS)
        & disjunction(*(NAMES[which] & (sender != OWNER[which]) for which in DEVICES)),
        rules="MOD-41",
    ),
    always(
        "behind a decommissioned Communications Hub nothing reaches a device",
        when=SERVICE_REQUEST & (chf_status == SmiStatus.DECOMMISSIONED),
        then=~Reached(Party.S1SP),
        rules="MOD-42",
    ),
    always(
        "only what goes to a device through a decommissioned hub is refused for the hub",
        when=reason == CommissioningReason.HUB_DECOMMISSIONED,
        then=is_a(*FIRMWARE_REQUESTS, UpdateTariff, UpdateHanDeviceLog) & (chf_status == SmiStatus.DECOMMISSIONED),
        rules="MOD-42",
    ),
    *(
        always(
            f"a Service Request changes the status of the {NAME[which]} only if it names it",
            when=SERVICE_REQUEST & (after(STATUS_OF[which]) != STATUS_OF[which]),
            then=NAMES[which] | is_a(JoinPpmid) if which is Device.PPMID else NAMES[which],
            rules="COM-1",
        )
        for which in DEVICES
    ),
    always(
        "what becomes of the Communications Hub leaves the status of each device behind it as it is",
        when=after(chf_status) != chf_status,
        then=conjunction(*(after(STATUS_OF[which]) == STATUS_OF[which] for which in BEHIND_THE_HUB)),
        rules="MOD-42",
    ),
    *_refusals(),
    *(claim for which in DEVICES for claim in _of_any(which)),
    *(claim for which in BEHIND_THE_HUB for claim in _behind(which)),
)
