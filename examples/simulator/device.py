"""One device: its place in the Smart Metering Inventory, and its firmware."""

from dataclasses import dataclass, field
from itertools import count

from . import reasons
from .answers import Refusal
from .faults import Fault
from .words import ANOTHER_IMAGE, CANCELLATION, FUTURE_DATED, At, Status, Version

_key_ids = count(1)


@dataclass
class Firmware:
    """What a device runs, and what it has been sent to run next."""

    runs_what_was_sent: bool = False
    image_in_hand: bool = False
    activation_pending: bool = False
    sent_by: str | None = None

    def receive(self, sender: str, fault: Fault | None) -> None:
        """A new image comes; it takes the place of one that is in hand."""
        self.runs_what_was_sent = False
        self.image_in_hand = True
        self.sent_by = sender
        if fault is not Fault.PENDING_SURVIVES_NEW_IMAGE:
            self.activation_pending = False

    def run(self, fault: Fault | None = None) -> None:
        """The image in hand becomes the firmware that runs."""
        self.runs_what_was_sent = True
        self.activation_pending = False
        if fault is not Fault.IMAGE_ACTIVATED_TWICE:
            self.image_in_hand = False
            self.sent_by = None

    def lapse(self) -> None:
        """What is in hand is dropped; what runs goes on running."""
        self.image_in_hand = self.activation_pending = False
        self.sent_by = None

    def version(self, fault: Fault | None) -> Version:
        """The version that runs."""
        if fault is Fault.VERSION_NOT_YET_RUNNING and self.image_in_hand:
            return Version.DELIVERED
        return Version.DELIVERED if self.runs_what_was_sent else Version.PRESENT


@dataclass
class Device:
    """A device of the installation, or the place where one was."""

    name: str
    status: Status = Status.INSTALLED
    firmware: Firmware = field(default_factory=Firmware)
    key_id: int = field(default_factory=lambda: next(_key_ids))

    @property
    def commissioned(self) -> bool:
        """Whether it is in service."""
        return self.status is Status.COMMISSIONED

    @property
    def in_place(self) -> bool:
        """Whether it hangs on the wall, commissioned or not."""
        return self.status in (Status.INSTALLED, Status.COMMISSIONED, Status.SUSPENDED)

    @property
    def in_inventory(self) -> bool:
        """Whether the inventory knows it and still counts on it."""
        return self.in_place or self.status in (Status.PENDING, Status.WHITELISTED)

    @property
    def in_service(self) -> bool:
        """Whether it is commissioned, if perhaps suspended for a time."""
        return self.status in (Status.COMMISSIONED, Status.SUSPENDED)

    def replace(self) -> None:
        """Another device of the same type is announced for its place."""
        self.status = Status.PENDING
        self.key_id = next(_key_ids)

    def suspend(self, fault: Fault | None) -> None:
        """It is out of service for a time; an upgrade in hand ends."""
        self.status = Status.SUSPENDED
        if fault is not Fault.UPGRADE_SURVIVES_SUSPENSION:
            self.firmware.lapse()

    def decommission(self, fault: Fault | None) -> None:
        """It is out of service for good, and its firmware with it."""
        self.status = Status.DECOMMISSIONED
        if fault is not Fault.FIRMWARE_SURVIVES_DECOMMISSIONING:
            self.firmware = Firmware()

    def activate(self, image: str, timing: str, fault: Fault | None) -> str:
        """Activate, or hold until a date, the image in hand; or cancel what is held. Returns what was done."""
        firmware = self.firmware
        if timing == CANCELLATION:
            if not firmware.activation_pending:
                raise Refusal(At.DEVICE, reasons.NOTHING_PENDING)
            if fault is Fault.CANCELLATION_COMPARES_HASH and image == ANOTHER_IMAGE:
                raise Refusal(At.DEVICE, reasons.ANOTHER_IMAGE)
            if fault is not Fault.CANCELLATION_IGNORED:
                firmware.activation_pending = False
            return reasons.CANCELLED
        if not firmware.image_in_hand:
            raise Refusal(At.DEVICE, reasons.NO_IMAGE)
        if image == ANOTHER_IMAGE:
            if fault is Fault.IMAGE_LOST_ON_WRONG_HASH:
                firmware.lapse()
            raise Refusal(At.DEVICE, reasons.ANOTHER_IMAGE)
        if fault is Fault.SECOND_ACTIVATION_IGNORED and firmware.activation_pending:
            return reasons.ACTIVATION_HELD if timing == FUTURE_DATED else reasons.ACTIVATED
        if timing == FUTURE_DATED:
            if fault is Fault.FUTURE_DATED_RUNS_AT_ONCE:
                firmware.run()
            else:
                firmware.activation_pending = True
            return reasons.ACTIVATION_HELD
        firmware.run(fault)
        return reasons.ACTIVATED
