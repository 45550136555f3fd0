"""Which devices are commissioned; a device is, once its Join commands have been executed (COM-2, KEY-3).

The PPMID may be absent, and the gas meter is where there is no Gas Supplier (SYS-4). When a device may be commissioned
at all is for the gate at the premises to say.
"""

from enum import Enum

from statemachines.core.lifecycle import Lifecycle, Transition
from statemachines.core.terms import Variable
from statemachines.vocabulary import CommissionDevice, Device, device


class Commissioning(Enum):
    """How far a device has come."""

    ABSENT = "absent"
    NOT_COMMISSIONED = "not commissioned"
    COMMISSIONED = "commissioned"


PRESENT = (Commissioning.NOT_COMMISSIONED, Commissioning.COMMISSIONED)

esme_status = Variable("esme_status", Commissioning, among=PRESENT, label="ESME")
gsme_status = Variable("gsme_status", Commissioning, among=PRESENT, label="GSME")
chf_status = Variable("chf_status", Commissioning, among=PRESENT, label="Communications Hub")
ppmid_status = Variable("ppmid_status", Commissioning, label="PPMID")


def _commissioning(status: Variable, which: Device, *initial: Commissioning) -> Lifecycle:
    return Lifecycle(
        status,
        initial=initial,
        transitions=[
            Transition(
                Commissioning.NOT_COMMISSIONED,
                CommissionDevice,
                Commissioning.COMMISSIONED,
                when=device == which,
                rules="COM-1 MIG-3",
            )
        ],
        title=f"commissioning of the {which.value}",
    )


esme = _commissioning(esme_status, Device.ESME, Commissioning.NOT_COMMISSIONED)
gsme = _commissioning(gsme_status, Device.GSME, Commissioning.NOT_COMMISSIONED)
chf = _commissioning(chf_status, Device.CHF, Commissioning.NOT_COMMISSIONED)
ppmid = _commissioning(ppmid_status, Device.PPMID, Commissioning.ABSENT, Commissioning.NOT_COMMISSIONED)
