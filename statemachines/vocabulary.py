"""The words of the domain: parties, users, devices, groups, releases, requests, and what may be said to them.

The world inside is finite. Suppliers are three symbolic parties, enough for an old supplier, a new one and a third
that has nothing to do with the premises; real EUI-64s, hashes and dates are mapped to these words at the edge, in
`statemachines.premises`. Sources: SYS-1 to SYS-6, PPMID-9, SRP-2.
"""

from enum import Enum

from statemachines.core.lifecycle import fixed
from statemachines.core.requests import Field, RequestType
from statemachines.core.terms import Observed, Variable
from statemachines.service_requests import SERVICE_REQUESTS, Role


class Party(Enum):
    """Who looks at a request, in the order in which it travels (SYS-1); and the premises, where events happen."""

    DSP = "DSP"
    S1SP = "S1SP"
    DCO = "DCO"
    DEVICE = "device"
    PREMISES = "premises"


class User(Enum):
    """A DCC User. A Supplier acts as Import Supplier, as Gas Supplier or as both, as it is registered (SYS-5)."""

    SUPPLIER_A = "Supplier A"
    SUPPLIER_B = "Supplier B"
    SUPPLIER_C = "Supplier C"
    EXPORT_SUPPLIER = "Export Supplier"
    ELECTRICITY_DISTRIBUTOR = "Electricity Distributor"
    GAS_TRANSPORTER = "Gas Transporter"
    REGISTERED_SUPPLIER_AGENT = "Registered Supplier Agent"
    OTHER_USER = "Other User"
    NOBODY = "nobody"


SUPPLIERS = (User.SUPPLIER_A, User.SUPPLIER_B, User.SUPPLIER_C)

USER_IN_ROLE = {
    Role.EXPORT_SUPPLIER: User.EXPORT_SUPPLIER,
    Role.ELECTRICITY_DISTRIBUTOR: User.ELECTRICITY_DISTRIBUTOR,
    Role.GAS_TRANSPORTER: User.GAS_TRANSPORTER,
    Role.REGISTERED_SUPPLIER_AGENT: User.REGISTERED_SUPPLIER_AGENT,
    Role.OTHER_USER: User.OTHER_USER,
}
"""The user that stands for each role which does not depend on a supply registration."""


class Device(Enum):
    """A device that firmware requests may name (SYS-4, READ-1)."""

    ESME = "ESME"
    GSME = "GSME"
    CHF = "CHF"
    GPF = "GPF"
    PPMID = "PPMID"


class Group(Enum):
    """GroupIDs that the sources know, and the rest of each cohort (SYS-2, SYS-3)."""

    CA = "CA (IOC, Elster gas meters)"
    OTHER_IOC = "another IOC group"
    MDS = "MOC (MDS)"
    SECURE = "MOC (Secure)"
    EA = "EA (FOC)"
    EB = "EB (FOC)"


IOC = (Group.CA, Group.OTHER_IOC)
FOC = (Group.EA, Group.EB)


class Outcome(Enum):
    """What becomes of a request; events happen or cannot happen."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ALERT = "alert"
    NOT_PROCESSED = "not-processed"
    HELD = "held"
    HAPPENED = "happened"
    CANNOT_HAPPEN = "cannot happen"


class Reason(Enum):
    """Why."""

    REPEATED = "the RequestID was used before"
    NOT_MIGRATED = "the installation is not migrated to the DCC"
    ROLE = "the SRV is not open to the sender's role"
    NOT_REGISTERED = "the supplier is not registered at the premises in a role that the SRV is open to"
    NOT_COMMISSIONED = "the device is not commissioned"
    NOT_ELECTRICITY_SUPPLIER = "only the Electricity Supplier may touch this device's firmware"
    NOT_GAS_SUPPLIER = "only the Gas Supplier may touch this device's firmware"
    NOT_RELEASED = "PPMID firmware functionality comes with Uplift 1.2, which is not in force"
    FOC_PPMID = "PPMID firmware is out of scope for FOC"
    GPF_FIRMWARE = "a Communications Hub's firmware is updated at its CHF"
    PPMID_READ_DEFECT = "an IOC PPMID's firmware cannot be read before the November 2020 maintenance release"
    NO_KEYS = "the DCO does not hold the device's keys"
    NO_IMAGE = "no image is in hand to be activated"
    ANOTHER_IMAGE = "the hash is not that of the delivered image"
    NOTHING_PENDING = "no activation is pending to be cancelled"
    DELIVERED = "the image is delivered"
    ACTIVATED = "the delivered image is activated"
    ACTIVATION_HELD = "the device holds the activation until its date"
    CANCELLED = "the pending activation is cancelled"
    VERSION_READ = "the device answers with the version that is running"
    NOT_MODELLED = "role and registration are in order; the effect of this SRV is not modelled yet"
    HAPPENED = "nothing stands in its way"
    LAST_RELEASE = "no later release is known"
    ALREADY_MIGRATED = "the installation is migrated already"
    NOT_TO_COMMISSION = "the installation is not migrated, or the device is absent or commissioned already"
    NO_KEYS_TO_ADD = "the key package lacks no keys of a commissioned PPMID, or Uplift 1.2 is not in force"
    NO_NEW_SUPPLIER = "that party is the supplier already, or there is no gas"
    NOTHING_DUE = "no activation is pending"


class Response(Enum):
    """What a response carries."""

    PRESENT_VERSION = "the version that has been running"
    DELIVERED_VERSION = "the version of the image that was delivered"


class Image(Enum):
    """Which image an activation names, by its hash (PPMID-9)."""

    DELIVERED = "the delivered image"
    ANOTHER = "another image"


class Timing(Enum):
    """When an activation is to happen (PPMID-9)."""

    IMMEDIATE = "immediate"
    FUTURE_DATED = "future-dated"
    CANCELLATION = "cancellation"


class RequestIdUse(Enum):
    """Whether a RequestID is used for the first time (SRP-2)."""

    NEW = "new"
    REPEATED = "repeated"


OpenTo = Enum(  # type: ignore[misc]  # its members are the matrix's, not this line's
    "OpenTo",
    {
        "_".join(role.value for role in Role if role in roles) or "NONE": (
            ", ".join(role.value for role in Role if role in roles) or "no role"
        )
        for roles in dict.fromkeys(request.roles for request in SERVICE_REQUESTS.values())
    },
)
"""The sets of roles that SRVs are open to (SYS-6)."""

ROLES_OF = {
    member: frozenset(Role(value) for value in member.value.split(", ") if value != "no role") for member in OpenTo
}

# The fields of requests
sender = Field("sender", User, among=[user for user in User if user is not User.NOBODY])
target = Field("target", Device)
image = Field("image", Image, default=Image.DELIVERED)
timing = Field("timing", Timing, default=Timing.IMMEDIATE)
request_id = Field("request_id", RequestIdUse, default=RequestIdUse.NEW, label="RequestID")
open_to = Field("open_to", OpenTo)
device = Field("device", Device, among=[Device.ESME, Device.GSME, Device.CHF, Device.PPMID])
to = Field("to", User, among=SUPPLIERS, label="new supplier")

# Service Requests
UpdateFirmware = RequestType("UpdateFirmware", [sender, target, request_id])
ReadFirmwareVersion = RequestType("ReadFirmwareVersion", [sender, target, request_id])
ActivateFirmware = RequestType("ActivateFirmware", [sender, target, image, timing, request_id])
UpdatePpmidFirmware = RequestType("UpdatePpmidFirmware", [sender, request_id], label="Update PPMID Firmware (SRV 11.4)")
OtherServiceRequest = RequestType("OtherServiceRequest", [sender, open_to, request_id])

SRV_OF = {
    UpdateFirmware: "11.1",
    ReadFirmwareVersion: "11.2",
    ActivateFirmware: "11.3",
    UpdatePpmidFirmware: "11.4",
}
FIRMWARE_REQUESTS = (UpdateFirmware, ReadFirmwareVersion, ActivateFirmware)
UPGRADE_REQUESTS = (UpdateFirmware, ActivateFirmware)
SERVICE_REQUEST_TYPES = (*FIRMWARE_REQUESTS, UpdatePpmidFirmware, OtherServiceRequest)

# Events around the installation
DeployRelease = RequestType("DeployRelease")
MigrateInstallation = RequestType("MigrateInstallation")
CommissionDevice = RequestType("CommissionDevice", [device])
UpdateKeyPackage = RequestType("UpdateKeyPackage", label="Update DCO Key Package")
ChangeElectricitySupplier = RequestType("ChangeElectricitySupplier", [to])
ChangeGasSupplier = RequestType("ChangeGasSupplier", [to])
ReachActivationDate = RequestType("ReachActivationDate", [device])

EVENT_TYPES = (
    DeployRelease,
    MigrateInstallation,
    CommissionDevice,
    UpdateKeyPackage,
    ChangeElectricitySupplier,
    ChangeGasSupplier,
    ReachActivationDate,
)

# What claims may ask of a verdict
outcome = Observed("outcome", Outcome)
reason = Observed("reason", Reason)
response = Observed("response", Response)
decided_at = Observed("at", Party, label="deciding party")

# A fact about the installation that never changes
group = Variable("group", Group)
group_fixed = fixed(group)
