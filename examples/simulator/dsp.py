"""The Data Service Provider: lets requests in, keeps the inventory, and carries some of them out itself."""

from dataclasses import dataclass

from . import reasons
from .answers import Answer, Refusal
from .dcc import Dcc
from .dco import Dco
from .device import Device
from .faults import Fault
from .requests import (
    ACTIVATE_FIRMWARE,
    COMMISSION,
    DECOMMISSION,
    HAN_LOG,
    JOIN,
    PRE_NOTIFY,
    ROLE_OF,
    UPDATE_PPMID_FIRMWARE,
    UPDATE_TARIFF,
    ServiceRequest,
)
from .words import CHF, GPF, GSME, PPMID, SUPPLIERS, At, Outcome, Release, Stage, Status


def _reject(reason: str) -> Refusal:
    return Refusal(At.DSP, reason)


@dataclass
class Dsp:
    """The DSP, which every Service Request comes to first."""

    dcc: Dcc
    dco: Dco

    def let_in(self, request: ServiceRequest) -> None:
        """Look at a request, and raise a Refusal unless it may go on."""
        fault = self.dcc.fault
        if request.repeated and fault is not Fault.REPEATED_ID_ACCEPTED:
            raise _reject(reasons.REPEATED)
        if not self._operated():
            raise _reject(reasons.NOT_MIGRATED)
        if fault is Fault.DEVICE_CHECKED_BEFORE_SENDER and request.about_firmware:
            self._look_at_device(request)
        self._look_at_sender(request)
        self._look_at_device(request)
        if request.upgrades or request.srv == UPDATE_PPMID_FIRMWARE:
            self._look_at_owner(request)
        if request.device == PPMID and request.upgrades:
            self._look_at_release()
            if fault is Fault.FOC_REFUSED_BY_DSP and self.dcc.installation.foc:
                raise _reject(reasons.FOC_PPMID)
        reads = fault is Fault.OLDER_DUIS_CANNOT_READ and request.about_firmware and not request.upgrades
        upgrades = fault is Fault.OLDER_DUIS_CANNOT_UPGRADE and request.upgrades
        if (reads or (upgrades and request.device == PPMID)) and request.sender in self.dcc.on_older_duis:
            raise _reject(reasons.NOT_RELEASED)

    def _operated(self) -> bool:
        home = self.dcc.installation
        if self.dcc.fault is Fault.REQUESTS_DURING_COMMISSIONING and home.stage is Stage.COMMISSIONING:
            return True
        return home.dcc_operates

    def _look_at_sender(self, request: ServiceRequest) -> None:
        roles = request.roles
        if self.dcc.fault is Fault.OTHER_USER_MAY_COMMISSION and request.srv == COMMISSION:
            roles.add("OU")
        if request.sender in SUPPLIERS:
            if not roles & {"IS", "GS"}:
                raise _reject(reasons.WRONG_ROLE)
            if not self._registered(request, roles):
                raise _reject(reasons.NOT_REGISTERED)
        elif ROLE_OF[request.sender] not in roles:
            raise _reject(reasons.WRONG_ROLE)

    def _registered(self, request: ServiceRequest, roles: set[str]) -> bool:
        home = self.dcc.installation
        if self.dcc.fault is Fault.ANY_SUPPLIER_IS_REGISTERED or self._still_has_the_right(request):
            return True
        as_import_supplier = "IS" in roles and request.sender == home.electricity_supplier
        return as_import_supplier or ("GS" in roles and request.sender == home.gas_supplier)

    def _look_at_device(self, request: ServiceRequest) -> None:
        if not request.device:
            return
        home, fault = self.dcc.installation, self.dcc.fault
        gas_matters = request.srv in (COMMISSION, PRE_NOTIFY, DECOMMISSION)
        if fault is Fault.GAS_METER_WITHOUT_GAS and request.srv == PRE_NOTIFY:
            gas_matters = False
        if gas_matters and request.device == GSME and not home.has_gas:
            raise _reject(reasons.NO_GAS)
        self._look_at_fuel(request)
        device = home.device(request.device)
        if request.about_firmware or request.srv == UPDATE_TARIFF:
            forgiving = (
                Fault.SUSPENDED_DEVICE_ACCEPTS if request.about_firmware else Fault.TARIFF_REACHES_SUSPENDED_METER
            )
            if not device.commissioned and not (fault is forgiving and device.in_service):
                raise _reject(reasons.NOT_COMMISSIONED)
        else:
            self._look_at_status(request, device)
        through_hub = request.about_firmware or request.srv in (UPDATE_TARIFF, HAN_LOG)
        if through_hub and home.hub_decommissioned and fault is not Fault.DECOMMISSIONED_HUB_PASSES_ON:
            raise _reject(reasons.HUB_DECOMMISSIONED)

    def _look_at_fuel(self, request: ServiceRequest) -> None:
        """Is the device one of the Supplier that sends the request?"""
        home = self.dcc.installation
        to_its_own = request.srv in (UPDATE_TARIFF, COMMISSION, DECOMMISSION) or (
            request.srv == HAN_LOG and request.device != PPMID
        )
        if self.dcc.fault is Fault.EITHER_SUPPLIER_MAY_COMMISSION and request.srv == COMMISSION:
            to_its_own = False
        own = home.gas_supplier if request.device == GSME else home.electricity_supplier
        if to_its_own and request.sender in SUPPLIERS and request.sender != own:
            raise _reject(reasons.OTHER_FUEL)

    def _look_at_status(self, request: ServiceRequest, device: Device) -> None:
        """Does the request fit where the device stands in the inventory?"""
        fault, status = self.dcc.fault, device.status
        if request.srv == PRE_NOTIFY:
            stays = fault is Fault.DECOMMISSIONED_STAYS_KNOWN and status is Status.DECOMMISSIONED
            if device.in_inventory or stays:
                raise _reject(reasons.KNOWN_DEVICE)
        elif request.srv == HAN_LOG:
            if request.log_change == "add" and status is not Status.PENDING:
                raise _reject(reasons.NOT_TO_ADD)
            if request.log_change == "remove" and status is not Status.WHITELISTED:
                raise _reject(reasons.NOT_TO_REMOVE)
        elif request.srv in (COMMISSION, JOIN):
            if status is not Status.INSTALLED:
                raise _reject(reasons.NOT_INSTALLED)
            if not self.dcc.installation.devices[CHF].commissioned and fault is not Fault.HUB_NOT_NEEDED:
                raise _reject(reasons.NO_HUB)
        elif request.srv == DECOMMISSION and not device.in_place:
            raise _reject(reasons.NOT_TO_DECOMMISSION)

    def _look_at_owner(self, request: ServiceRequest) -> None:
        """Whose firmware is it? The gas meter's is the Gas Supplier's, and all other the Electricity Supplier's."""
        home, fault, sender = self.dcc.installation, self.dcc.fault, request.sender
        if request.device == GSME:
            by_other = fault is Fault.ELECTRICITY_SUPPLIER_MAY_UPGRADE_GAS_METER
            if sender != home.gas_supplier and not (by_other and sender == home.electricity_supplier):
                raise _reject(reasons.NOT_GAS_SUPPLIER)
            return
        if sender == home.electricity_supplier or self._still_has_the_right(request):
            return
        if fault is Fault.GAS_SUPPLIER_MAY_ACTIVATE and request.device == PPMID and request.srv == ACTIVATE_FIRMWARE:
            return
        if fault is Fault.GAS_SUPPLIER_MAY_UPGRADE_HUB and request.device in (CHF, GPF):
            return
        if fault is Fault.ANYONE_MAY_UPDATE_BY_11_4 and request.srv == UPDATE_PPMID_FIRMWARE:
            return
        raise _reject(reasons.NOT_ELECTRICITY_SUPPLIER)

    def _still_has_the_right(self, request: ServiceRequest) -> bool:
        """Never, but with a fault."""
        if self.dcc.fault is not Fault.FORMER_SUPPLIER_KEEPS_RIGHT:
            return False
        former = self.dcc.installation.former_electricity_supplier
        return request.sender == former and request.device == PPMID and request.upgrades

    def _look_at_release(self) -> None:
        if not self.dcc.has(Release.UPLIFT) and self.dcc.fault is not Fault.PPMID_FIRMWARE_BEFORE_UPLIFT:
            raise _reject(reasons.NOT_RELEASED)

    def carry_out(self, request: ServiceRequest) -> Answer:
        """Do what needs neither the S1SP nor a device."""
        if request.srv == PRE_NOTIFY:
            self.dcc.installation.devices[request.device].replace()
            done = reasons.PRE_NOTIFIED
        elif request.srv == DECOMMISSION:
            self._decommission(request.device)
            done = reasons.DECOMMISSIONED
        else:
            done = reasons.NOT_MODELLED
        return Answer(Outcome.ACCEPTED, At.DSP, done)

    def _decommission(self, name: str) -> None:
        home, fault = self.dcc.installation, self.dcc.fault
        if fault is Fault.HUB_TAKES_DEVICES_ALONG and name == CHF:
            home.decommission_hub_with_its_devices()
        home.devices[name].decommission(fault)
        if not (fault is Fault.STALE_KEYS and name == PPMID):
            self.dco.forget(name)
