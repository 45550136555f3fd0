"""Service Requests as they come in, and who may send which."""

from dataclasses import dataclass

from .answers import MessageError
from .srvs import OPEN_TO
from .words import DELIVERED_IMAGE, IMMEDIATE, PPMID

UPDATE_TARIFF = "1.1.1"
COMMISSION = "8.1.1"
DECOMMISSION = "8.3"
JOIN = "8.7.2"
HAN_LOG = "8.11"
UPDATE_FIRMWARE = "11.1"
READ_FIRMWARE = "11.2"
ACTIVATE_FIRMWARE = "11.3"
UPDATE_PPMID_FIRMWARE = "11.4"
PRE_NOTIFY = "12.2"
ANY_OTHER = "any other"

SRV_OF = {
    "UpdateFirmware": UPDATE_FIRMWARE,
    "ReadFirmwareVersion": READ_FIRMWARE,
    "ActivateFirmware": ACTIVATE_FIRMWARE,
    "UpdatePpmidFirmware": UPDATE_PPMID_FIRMWARE,
    "UpdateTariff": UPDATE_TARIFF,
    "PreNotifyDevice": PRE_NOTIFY,
    "UpdateHanDeviceLog": HAN_LOG,
    "CommissionDevice": COMMISSION,
    "JoinPpmid": JOIN,
    "DecommissionDevice": DECOMMISSION,
    "OtherServiceRequest": ANY_OTHER,
}
"""The requests by the names that messages give them."""

CRITICAL = (UPDATE_TARIFF, COMMISSION, ACTIVATE_FIRMWARE)
"""Critical Commands, which go through the DCO."""

DONE_BY_DSP = (PRE_NOTIFY, DECOMMISSION, UPDATE_PPMID_FIRMWARE, ANY_OTHER)
"""What the DSP answers without asking anybody further."""

ROLE_OF = {
    "Export Supplier": "ES",
    "Electricity Distributor": "ED",
    "Gas Transporter": "GT",
    "Registered Supplier Agent": "RSA",
    "Other User": "OU",
}
"""The roles of users other than Suppliers, whose roles depend on the premises."""


@dataclass(frozen=True)
class ServiceRequest:
    """A Service Request: which, from whom, about which device, and what else it says."""

    srv: str
    sender: str
    device: str = ""
    image: str = DELIVERED_IMAGE
    timing: str = IMMEDIATE
    tariff: str = ""
    log_change: str = ""
    other_roles: str = ""
    repeated: bool = False
    screening: str = ""
    data_values: str = ""

    @property
    def roles(self) -> set[str]:
        """The roles that the SRV is open to."""
        listed = self.other_roles if self.srv == ANY_OTHER else OPEN_TO[self.srv]
        return set(listed.split())

    @property
    def upgrades(self) -> bool:
        """Whether it brings or activates firmware."""
        return self.srv in (UPDATE_FIRMWARE, ACTIVATE_FIRMWARE)

    @property
    def about_firmware(self) -> bool:
        """Whether it is about firmware at all."""
        return self.upgrades or self.srv == READ_FIRMWARE


def service_request(message: dict[str, str]) -> ServiceRequest:
    """The Service Request that a message holds."""
    kind = message["type"]
    names = [message[key] for key in ("target", "meter", "han_device", "device") if key in message]
    try:
        return ServiceRequest(
            srv=SRV_OF[kind],
            sender=message["sender"],
            device=PPMID if kind == "JoinPpmid" else names[0] if names else "",
            image=message.get("image", DELIVERED_IMAGE),
            timing=message.get("timing", IMMEDIATE),
            tariff=message.get("tariff", ""),
            log_change=message.get("log_change", ""),
            other_roles=message.get("open_to", "").replace("no role", "").replace(",", ""),
            repeated=message.get("request_id", "new") == "repeated",
            screening=message.get("screening", ""),
            data_values=message.get("data_values", ""),
        )
    except KeyError as error:
        raise MessageError(f"{kind} needs {error.args[0]}") from None
