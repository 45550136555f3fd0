"""One installation: where it is, who supplies it, its devices and how far its migration has come."""

from dataclasses import dataclass, field

from .device import Device
from .faults import Fault
from .words import CA, CHF, EA, EB, ESME, GPF, GSME, NOBODY, OTHER_IOC, PPMID, Pin, Stage, Status, Switch


def _devices() -> dict[str, Device]:
    return {name: Device(name) for name in (ESME, GSME, CHF, PPMID)}


@dataclass
class Installation:
    """An installation as it is known to the DCC and to the SMSO that it comes from."""

    group: str = CA
    electricity_supplier: str = "Supplier A"
    gas_supplier: str = NOBODY
    installing_supplier: str = "Supplier A"
    former_electricity_supplier: str | None = None
    devices: dict[str, Device] = field(default_factory=_devices)
    load_switch: Switch = Switch.OPEN
    stage: Stage = Stage.WITH_SMSO
    smso_operates: bool = True
    dcc_operates: bool = False
    failures: int | None = None
    pin: Pin = Pin.HELD

    @property
    def ioc(self) -> bool:
        """Whether it belongs to the initial operating capability."""
        return self.group in (CA, OTHER_IOC)

    @property
    def foc(self) -> bool:
        """Whether it belongs to the final operating capability."""
        return self.group in (EA, EB)

    @property
    def has_gas(self) -> bool:
        """Whether there is a gas supply, and so a gas meter."""
        return self.gas_supplier != NOBODY

    @property
    def hub_decommissioned(self) -> bool:
        """Whether the Communications Hub is out of service for good, so that nothing behind it is reached."""
        return self.devices[CHF].status is Status.DECOMMISSIONED

    def device(self, name: str) -> Device:
        """The device of that type; a GPF is part of the Communications Hub, as the CHF is."""
        return self.devices[CHF if name == GPF else name]

    def change_electricity_supplier(self, new: str, fault: Fault | None) -> None:
        """Another party supplies the electricity from now on; upgrades in hand that were the former one's end."""
        former, self.electricity_supplier = self.electricity_supplier, new
        self.former_electricity_supplier = former
        for name in (ESME, CHF, PPMID):
            if not (fault is Fault.UPGRADE_SURVIVES_SUPPLIER_CHANGE and name == PPMID):
                self.devices[name].firmware.lapse()
        if fault is Fault.GAS_CHANGES_WITH_ELECTRICITY and self.gas_supplier == former:
            self.gas_supplier = new
            self.devices[GSME].firmware.lapse()

    def change_gas_supplier(self, new: str, fault: Fault | None) -> None:
        """Another party supplies the gas from now on; an upgrade of the gas meter in hand ends."""
        self.gas_supplier = new
        firmware = self.devices[GSME].firmware
        if not (fault is Fault.PENDING_SURVIVES_GAS_SUPPLIER_CHANGE and firmware.activation_pending):
            firmware.lapse()

    def apply_tariff(self, identical_prices: bool, prices_differ: bool, november: bool) -> None:
        """What a tariff for the electricity meter does to the auxiliary load switch."""
        closes = prices_differ or (identical_prices and self.ioc and not november)
        if closes and self.load_switch is Switch.OPEN:
            self.load_switch = Switch.CLOSED

    def commission_hub(self) -> None:
        """The Communications Hub comes first."""
        self.devices[CHF].status = Status.COMMISSIONED

    def uncommission_hub(self) -> None:
        """A commissioning that failed is undone."""
        if self.devices[CHF].commissioned:
            self.devices[CHF].status = Status.INSTALLED

    def commission_the_rest(self, fault: Fault | None) -> None:
        """Every device that is there behind the Communications Hub."""
        for name in (ESME, GSME, PPMID):
            if name == GSME and (not self.has_gas or fault is Fault.GAS_METER_LEFT_UNCOMMISSIONED):
                continue
            if name == PPMID and fault is Fault.PPMID_NOT_JOINED:
                continue
            if self.devices[name].status is Status.INSTALLED:
                self.devices[name].status = Status.COMMISSIONED

    def decommission_hub_with_its_devices(self) -> None:
        """Every device behind the Communications Hub goes with it."""
        for device in self.devices.values():
            if device.in_place:
                device.status = Status.DECOMMISSIONED
