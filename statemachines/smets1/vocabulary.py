"""The words of the domain: parties, users, devices, groups, releases, requests, and the verdicts on them.

The world inside is finite. Suppliers are three symbolic parties, enough for an old supplier, a new one and a third
that has nothing to do with the premises; real EUI-64s, hashes and dates are mapped to these words at the edge, in
`statemachines.smets1.edge.premises`. Sources: SYS-1 to SYS-6, PPMID-9, SRP-2.
"""

from collections.abc import Callable
from enum import Enum

from statemachines.language.component import Component
from statemachines.language.expression import Expr, disjunction
from statemachines.language.lifecycle import fixed
from statemachines.language.requests import Field, RequestType
from statemachines.language.terms import Observed, Variable
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS, Role


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
    """What becomes of a request; events happen, cannot happen, or stop the migration."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ALERT = "alert"
    NOT_PROCESSED = "not-processed"
    HELD = "held"
    DELETED = "deleted"
    HAPPENED = "happened"
    CANNOT_HAPPEN = "cannot happen"
    STOPPED = "stopped"


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


class Screening(Enum):
    """What the S1SP's Anomaly Detection makes of a request (SRP-1)."""

    PASSED = "passed, or released"
    CAUGHT = "caught, and not released"


class DataValues(Enum):
    """How the data values of a request compare with the set limits: of those that are modelled, a tariff's (SRP-1)."""

    WITHIN = "within the set limits"
    BEYOND = "beyond a set maximum or minimum"


class Tariff(Enum):
    """A tariff as the auxiliary load switch sees it (AUX-1, AUX-2)."""

    IDENTICAL_PRICES = "two rates with identical prices"
    DIFFERENT_PRICES = "two rates with different prices"
    OTHER = "any other tariff"


class LogChange(Enum):
    """What is done to a HAN device log."""

    ADD = "add"
    REMOVE = "remove"


class MprnComparison(Enum):
    """How the MPRN that the SMSO gives compares with the registered one (MPRN-1 to MPRN-3)."""

    IDENTICAL = "the same as given"
    LEADING_ZEROS = "the same but for leading zeros"
    DIFFERENT = "another MPRN"
    INVALID = "no MPRN"


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
screening = Field("screening", Screening, default=Screening.PASSED, label="Anomaly Detection")
meter = Field("meter", Device, among=[Device.ESME, Device.GSME])
han_device = Field("han_device", Device, among=[Device.ESME, Device.GSME, Device.PPMID], label="device on the HAN")
tariff = Field("tariff", Tariff)
data_values = Field("data_values", DataValues, default=DataValues.WITHIN)
SCREENED: tuple[Field, ...] = (screening, data_values)
"""What stops a request at the S1SP for what Anomaly Detection, or a comparison with set limits, makes of it (SRP-1)."""

log_change = Field("log_change", LogChange, label="change to the log")
mprn = Field("mprn", MprnComparison, label="MPRN")
recipient = Field("recipient", User, among=(*SUPPLIERS, User.OTHER_USER))
"""To whom the revised PIN might be provided (PIN-2): a Supplier, registered at the premises or not, or no Supplier."""


def whichever(named: Field, condition: Callable[[Device], Expr]) -> Expr:
    """The condition, for whichever device the request or event names in a field.

    Parameters
    ----------
    named: the field, such as `target`.
    condition: for each device that it may name.
    """
    devices = [value for value in named.domain if isinstance(value, Device)]
    return disjunction(*((named == which) & condition(which) for which in devices))


# Service Requests
UpdateFirmware = RequestType("UpdateFirmware", [sender, target, request_id, screening])
ReadFirmwareVersion = RequestType("ReadFirmwareVersion", [sender, target, request_id, screening])
ActivateFirmware = RequestType("ActivateFirmware", [sender, target, image, timing, request_id, screening])
UpdatePpmidFirmware = RequestType("UpdatePpmidFirmware", [sender, request_id], label="Update PPMID Firmware (SRV 11.4)")
UpdateTariff = RequestType(
    "UpdateTariff", [sender, meter, tariff, request_id, data_values, screening], label="Update Import Tariff"
)
PreNotifyDevice = RequestType("PreNotifyDevice", [sender, han_device, request_id], label="Device Pre-notification")
UpdateHanDeviceLog = RequestType(
    "UpdateHanDeviceLog", [sender, han_device, log_change, request_id, screening], label="Update HAN Device Log"
)
CommissionDevice = RequestType("CommissionDevice", [sender, meter, request_id, screening])
JoinPpmid = RequestType("JoinPpmid", [sender, request_id, screening], label="Join Service (a PPMID)")
DecommissionDevice = RequestType("DecommissionDevice", [sender, device, request_id])
OtherServiceRequest = RequestType("OtherServiceRequest", [sender, open_to, request_id])

SRV_OF = {
    UpdateFirmware: "11.1",
    ReadFirmwareVersion: "11.2",
    ActivateFirmware: "11.3",
    UpdatePpmidFirmware: "11.4",
    UpdateTariff: "1.1.1",
    PreNotifyDevice: "12.2",
    UpdateHanDeviceLog: "8.11",
    CommissionDevice: "8.1.1",
    JoinPpmid: "8.7.2",
    DecommissionDevice: "8.3",
}
FIRMWARE_REQUESTS = (UpdateFirmware, ReadFirmwareVersion, ActivateFirmware)
UPGRADE_REQUESTS = (UpdateFirmware, ActivateFirmware)
DEVICE_REQUESTS = (*FIRMWARE_REQUESTS, UpdateTariff, UpdateHanDeviceLog, CommissionDevice, JoinPpmid)
"""The modelled requests that go on from the DSP, to the S1SP and to a device."""
INVENTORY_REQUESTS = (PreNotifyDevice, DecommissionDevice)
"""The modelled requests that the DSP carries out itself, in the inventory."""
SERVICE_REQUEST_TYPES = (*DEVICE_REQUESTS, *INVENTORY_REQUESTS, UpdatePpmidFirmware, OtherServiceRequest)

# Events around the installation
DeployRelease = RequestType("DeployRelease")
AuthoriseMigration = RequestType("AuthoriseMigration", label="Authorise and Schedule Migration")
ValidateData = RequestType("ValidateData", [mprn])
TestDevices = RequestType("TestDevices")
StartCommissioning = RequestType("StartCommissioning")
ProvidePin = RequestType("ProvidePin", [recipient], label="Provide PIN")
CompleteMigration = RequestType("CompleteMigration")
FailMigration = RequestType("FailMigration")
ExcludeInstallation = RequestType("ExcludeInstallation")
InstallDevice = RequestType("InstallDevice", [han_device])
SuspendDevice = RequestType("SuspendDevice", [device])
EndSuspension = RequestType("EndSuspension", [device])
UpdateKeyPackage = RequestType("UpdateKeyPackage", label="Update DCO Key Package")
ChangeElectricitySupplier = RequestType("ChangeElectricitySupplier", [to])
ChangeGasSupplier = RequestType("ChangeGasSupplier", [to])
AdoptDuis = RequestType("AdoptDuis", label="Adopt Revised DUIS")
ReachActivationDate = RequestType("ReachActivationDate", [device])

EVENT_TYPES = (
    DeployRelease,
    AuthoriseMigration,
    ValidateData,
    TestDevices,
    StartCommissioning,
    ProvidePin,
    CompleteMigration,
    FailMigration,
    ExcludeInstallation,
    InstallDevice,
    SuspendDevice,
    EndSuspension,
    UpdateKeyPackage,
    ChangeElectricitySupplier,
    ChangeGasSupplier,
    AdoptDuis,
    ReachActivationDate,
)

# What claims may ask of a verdict
outcome = Observed("outcome", Outcome)
response = Observed("response", Response)
decided_at = Observed("at", Party, label="deciding party")

group = Variable("group", Group)
component = Component("GroupID, which never changes", lifecycles=[fixed(group)])
