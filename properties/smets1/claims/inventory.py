"""Claims that the inventory's Service Requests are accepted, from whatever role they are open to, in their turn.

The DUIS version of the sender makes no difference to them. Sources: COM-1, SRP-4 and the assumptions MOD-27, MOD-41.
"""

from properties.smets1.claims.commissioning import BEHIND_THE_HUB, IN_THE_INVENTORY, NAME, THERE
from properties.smets1.claims.requests import ACCEPTED, ENTITLED, KNOWN, REACHED_BY_THE_HUB
from statemachines import always, is_a
from statemachines.language.expression import TRUE
from statemachines.smets1.commissioning import STATUS_OF, SmiStatus, chf_status, ppmid_status
from statemachines.smets1.supply import electricity_supplier, gas_supplier
from statemachines.smets1.vocabulary import (
    Device,
    JoinPpmid,
    LogChange,
    PreNotifyDevice,
    Screening,
    UpdateHanDeviceLog,
    UpdatePpmidFirmware,
    User,
    han_device,
    log_change,
    screening,
    sender,
)

LET_PASS = screening == Screening.PASSED
OTHER_USER = sender == User.OTHER_USER
OWN = {
    Device.ESME: (sender == electricity_supplier) | OTHER_USER,
    Device.GSME: (sender == gas_supplier) | OTHER_USER,
    Device.PPMID: TRUE,
}
"""Where the device is one that the sender may name to the HAN device log (MOD-41)."""

CLAIMS = (
    *(
        always(
            f"pre-notifying the {NAME[which]} that is not in use is accepted from every role that it is open to",
            when=KNOWN
            & is_a(PreNotifyDevice)
            & ENTITLED[PreNotifyDevice]
            & (han_device == which)
            & THERE[which]
            & ~STATUS_OF[which].is_in(*IN_THE_INVENTORY),
            then=ACCEPTED,
            rules="MOD-27 MOD-41 SRP-4",
        )
        for which in BEHIND_THE_HUB
    ),
    *(
        always(
            f"to {change.value} the {NAME[which]} that is {status.value} is accepted from every role that may do so",
            when=KNOWN
            & is_a(UpdateHanDeviceLog)
            & ENTITLED[UpdateHanDeviceLog]
            & LET_PASS
            & (han_device == which)
            & (log_change == change)
            & REACHED_BY_THE_HUB
            & OWN[which]
            & (STATUS_OF[which] == status),
            then=ACCEPTED,
            rules="MOD-27 MOD-41 SRP-4",
        )
        for which in BEHIND_THE_HUB
        for change, status in ((LogChange.ADD, SmiStatus.PENDING), (LogChange.REMOVE, SmiStatus.WHITELISTED))
    ),
    always(
        "joining the PPMID that is installed behind its Communications Hub is accepted from every role that may do so",
        when=KNOWN
        & is_a(JoinPpmid)
        & ENTITLED[JoinPpmid]
        & LET_PASS
        & (ppmid_status == SmiStatus.INSTALLED)
        & (chf_status == SmiStatus.COMMISSIONED),
        then=ACCEPTED,
        rules="MOD-27 MOD-41 SRP-4",
    ),
    always(
        "SRV 11.4 is not refused to the Electricity Supplier, whatever its DUIS version",
        when=KNOWN & is_a(UpdatePpmidFirmware) & (sender == electricity_supplier),
        then=ACCEPTED,
        rules="PPMID-4",
    ),
)
