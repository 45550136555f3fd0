"""The SMETS1 Service Provider of the installation's cohort: what it cannot do, and Anomaly Detection."""

from dataclasses import dataclass

from . import reasons
from .answers import Refusal
from .dcc import Dcc
from .faults import Fault
from .requests import READ_FIRMWARE, ServiceRequest
from .words import BEYOND_A_LIMIT, CA, CAUGHT, EA, GPF, PPMID, At, Outcome, Release


def screen(request: ServiceRequest, fault: Fault | None) -> None:
    """Stop a request that Anomaly Detection has caught, or that has a value beyond a set limit."""
    beyond = request.data_values == BEYOND_A_LIMIT
    if beyond and fault is not Fault.VALUE_BEYOND_A_LIMIT_QUARANTINED:
        raise Refusal(At.S1SP, reasons.DELETED, Outcome.DELETED)
    if beyond or request.screening == CAUGHT:
        raise Refusal(At.S1SP, reasons.HELD, Outcome.HELD)


@dataclass
class S1sp:
    """The S1SP, which requests to devices come to after the DSP."""

    dcc: Dcc

    def process(self, request: ServiceRequest) -> None:
        """Look at a request, and raise a Refusal unless it may go on."""
        if self.dcc.fault is Fault.ANOMALY_DETECTION_FIRST:
            screen(request, self.dcc.fault)
        self._upgrade_of_ppmid(request)
        if request.device == GPF:
            self._gpf(request)
        if request.srv == READ_FIRMWARE and request.device == PPMID and self._has_read_defect():
            at = At.DEVICE if self.dcc.fault is Fault.ALERT_FROM_THE_DEVICE else At.S1SP
            raise Refusal(at, reasons.READ_DEFECT, Outcome.ALERT)
        screen(request, self.dcc.fault)

    def _upgrade_of_ppmid(self, request: ServiceRequest) -> None:
        if request.device != PPMID or not request.upgrades:
            return
        home, fault = self.dcc.installation, self.dcc.fault
        foc = home.group == EA if fault is Fault.EB_FORGOTTEN else home.foc
        if foc:
            why = reasons.FOC_IN_SCOPE if self.dcc.foc_came_in else reasons.FOC_PPMID
            raise Refusal(At.S1SP, why, Outcome.NOT_PROCESSED)
        split = home.has_gas and home.gas_supplier != home.electricity_supplier
        if fault is Fault.GAS_SUPPLIER_IS_NOTIFIED and split:
            raise Refusal(At.S1SP, reasons.HELD, Outcome.HELD)

    def _gpf(self, request: ServiceRequest) -> None:
        """Its firmware is the CHF's, and is upgraded there; it can be read here, too."""
        if request.upgrades and self.dcc.fault is not Fault.GPF_MAY_BE_UPGRADED:
            raise Refusal(At.S1SP, reasons.GPF_FIRMWARE)
        if request.srv == READ_FIRMWARE and self.dcc.fault is Fault.GPF_CANNOT_BE_READ:
            raise Refusal(At.S1SP, reasons.GPF_FIRMWARE)

    def _has_read_defect(self) -> bool:
        """Until November 2020 an IOC PPMID answers the reading of its firmware with an alert."""
        home, fault = self.dcc.installation, self.dcc.fault
        fixed_by = Release.UPLIFT if fault is Fault.READ_DEFECT_FIXED_AT_UPLIFT else Release.NOVEMBER
        ioc = home.group == CA if fault is Fault.READ_DEFECT_FOR_CA_ONLY else home.ioc
        return ioc and not self.dcc.has(fixed_by)
