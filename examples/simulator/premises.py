"""What happens at the premises, without anybody sending a request."""

from dataclasses import dataclass

from . import reasons
from .answers import CannotHappen
from .dcc import Dcc
from .faults import Fault
from .words import Stage, Status


@dataclass
class Premises:
    """Suppliers come and go there, devices are installed and suspended, and dates are reached."""

    dcc: Dcc

    def change_electricity_supplier(self, new: str) -> None:
        """Another party becomes the Electricity Supplier."""
        home = self.dcc.installation
        if new == home.electricity_supplier:
            raise CannotHappen(reasons.NO_NEW_SUPPLIER)
        home.change_electricity_supplier(new, self.dcc.fault)

    def change_gas_supplier(self, new: str) -> None:
        """Another party becomes the Gas Supplier."""
        home = self.dcc.installation
        if not home.has_gas:
            raise CannotHappen(reasons.NO_GAS_SUPPLIER)
        if new == home.gas_supplier:
            raise CannotHappen(reasons.NO_NEW_SUPPLIER)
        home.change_gas_supplier(new, self.dcc.fault)

    def install(self, name: str) -> None:
        """A device that is whitelisted joins the HAN."""
        device = self.dcc.installation.devices[name]
        if device.status is not Status.WHITELISTED:
            raise CannotHappen(reasons.NOT_WHITELISTED)
        device.status = Status.INSTALLED

    def suspend(self, name: str) -> None:
        """The DCC suspends a device."""
        home = self.dcc.installation
        if home.stage is not Stage.MIGRATED or not home.devices[name].commissioned:
            raise CannotHappen(reasons.NOT_TO_SUSPEND)
        home.devices[name].suspend(self.dcc.fault)

    def end_suspension(self, name: str) -> None:
        """The DCC lets a device come back."""
        device = self.dcc.installation.devices[name]
        if device.status is not Status.SUSPENDED:
            raise CannotHappen(reasons.NOT_SUSPENDED)
        ends_in = Status.INSTALLED if self.dcc.fault is Fault.SUSPENSION_ENDS_UNCOMMISSIONED else Status.COMMISSIONED
        device.status = ends_in

    def reach_activation_date(self, name: str) -> None:
        """The date of a device's pending activation has come."""
        firmware = self.dcc.installation.devices[name].firmware
        if not firmware.activation_pending:
            raise CannotHappen(reasons.NOTHING_DUE)
        firmware.run()
