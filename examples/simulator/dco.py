"""The Dual Control Organisation: without it no Critical Command reaches a device."""

from dataclasses import dataclass

from . import reasons
from .answers import CannotHappen, Refusal
from .dcc import Dcc
from .faults import Fault
from .requests import ACTIVATE_FIRMWARE, COMMISSION, ServiceRequest
from .words import CHF, ESME, GSME, PPMID, At, Release


@dataclass
class Dco:
    """The DCO and the package of the installation's keys: by device, the id of its keys; none before migration."""

    dcc: Dcc
    package: dict[str, int] | None = None

    def countersign(self, request: ServiceRequest) -> None:
        """Let a Critical Command pass, or raise a Refusal for want of the device's keys."""
        if request.srv == COMMISSION:
            return  # the command that brings the keys
        if self.holds_keys_of(request.device):
            return
        if self.dcc.fault is Fault.ACTIVATION_WITHOUT_KEYS:
            return
        if self.dcc.fault is Fault.IMAGE_LOST_WITHOUT_KEYS and request.srv == ACTIVATE_FIRMWARE:
            self.dcc.installation.device(request.device).firmware.lapse()
        raise Refusal(At.S1SP if self.dcc.fault is Fault.KEYS_ASKED_FOR_BY_S1SP else At.DCO, reasons.NO_KEYS)

    def holds_keys_of(self, name: str) -> bool:
        """Whether the package has the keys of the device that is in this place now."""
        device = self.dcc.installation.device(name)
        return self.package is not None and self.package.get(device.name) == device.key_id

    @property
    def lacks_keys_of_ppmid(self) -> bool:
        """Whether there is a package, and a PPMID in service, and its keys are not in there."""
        home = self.dcc.installation
        in_service = home.devices[PPMID].in_service
        if self.dcc.fault is Fault.ABSENT_PPMID_LACKS_KEYS:
            in_service = True
        return self.package is not None and in_service and not self.holds_keys_of(PPMID)

    def start_package(self) -> None:
        """An installation is migrated: its devices' keys come in, the PPMID's by the Join since Uplift 1.2 only."""
        home = self.dcc.installation
        self.package = {name: home.devices[name].key_id for name in (ESME, GSME, CHF)}
        if self.dcc.fault is Fault.GAS_METER_KEYS_LEFT_OUT:
            self.forget(GSME)
        joined = self.dcc.has(Release.UPLIFT) and home.devices[PPMID].commissioned
        if joined and self.dcc.fault is not Fault.KEYS_NOT_TAKEN_AT_MIGRATION:
            self.add(PPMID)

    def join(self, name: str) -> None:
        """A device joins an installation that is migrated."""
        if name == PPMID and not self.dcc.has(Release.UPLIFT):
            return
        if name == PPMID and self.dcc.fault is Fault.KEYS_NOT_TAKEN_AT_JOIN:
            return
        if self.package is None or name not in self.package:
            self.add(name)

    def add(self, name: str) -> None:
        """The keys of a device come into the package."""
        if self.package is None:
            self.package = {}
        self.package[name] = self.dcc.installation.devices[name].key_id

    def forget(self, name: str) -> None:
        """The keys of a device that is decommissioned go."""
        if self.package is not None:
            self.package.pop(name, None)

    def update(self) -> None:
        """The DCC adds the keys of a PPMID that was migrated before Uplift 1.2."""
        home, fault = self.dcc.installation, self.dcc.fault
        early = not self.dcc.has(Release.UPLIFT) and fault is not Fault.KEYS_ADDED_BEFORE_UPLIFT
        late = self.dcc.has(Release.NOVEMBER) and fault is Fault.KEY_UPDATES_END_IN_NOVEMBER
        left_out = home.foc and fault is Fault.FOC_PACKAGE_NOT_UPDATED
        lacking = self.package is not None and home.devices[PPMID].in_service and not self.holds_keys_of(PPMID)
        if early:
            raise CannotHappen(reasons.BEFORE_UPLIFT_1_2)
        if late or left_out or not lacking:
            raise CannotHappen(reasons.NO_KEYS_TO_ADD)
        if fault is not Fault.KEY_UPDATE_LOST:
            self.add(PPMID)
