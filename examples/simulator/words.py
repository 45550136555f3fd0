"""The words that the simulator and whoever tests it say to each other."""

from enum import StrEnum

SUPPLIERS = ("Supplier A", "Supplier B", "Supplier C")
NOBODY = "nobody"

ESME, GSME, CHF, GPF, PPMID = "ESME", "GSME", "CHF", "GPF", "PPMID"
GROUPS = (
    "CA (IOC, Elster gas meters)",
    "another IOC group",
    "MOC (MDS)",
    "MOC (Secure)",
    "EA (FOC)",
    "EB (FOC)",
)
CA, OTHER_IOC, MDS, SECURE, EA, EB = GROUPS

DELIVERED_IMAGE, ANOTHER_IMAGE = "the delivered image", "another image"
IMMEDIATE, FUTURE_DATED, CANCELLATION = "immediate", "future-dated", "cancellation"
IDENTICAL_PRICES, DIFFERENT_PRICES = "two rates with identical prices", "two rates with different prices"
OTHER_TARIFF = "any other tariff"
CAUGHT, BEYOND_A_LIMIT = "caught, and not released", "beyond a set maximum or minimum"


class At(StrEnum):
    """Who says something to a request."""

    DSP = "DSP"
    S1SP = "S1SP"
    DCO = "DCO"
    DEVICE = "device"
    PREMISES = "premises"


class Outcome(StrEnum):
    """What becomes of a request."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ALERT = "alert"
    NOT_PROCESSED = "not-processed"
    HELD = "held"
    DELETED = "deleted"
    HAPPENED = "happened"
    CANNOT_HAPPEN = "cannot happen"
    STOPPED = "stopped"


class Release(StrEnum):
    """Releases of the DCC's systems."""

    BEFORE_UPLIFT = "before Uplift 1.2"
    UPLIFT = "Uplift 1.2"
    NOVEMBER = "November 2020 maintenance"

    def reached(self, wanted: "Release") -> bool:
        """Whether this release is the wanted one or a later one."""
        order = list(Release)
        return order.index(self) >= order.index(wanted)


class Status(StrEnum):
    """Status of a device in the Smart Metering Inventory."""

    ABSENT = "absent"
    PENDING = "pending"
    WHITELISTED = "whitelisted"
    INSTALLED = "installed not commissioned"
    COMMISSIONED = "commissioned"
    SUSPENDED = "suspended"
    DECOMMISSIONED = "decommissioned"


class Stage(StrEnum):
    """How far an installation's migration has come."""

    WITH_SMSO = "with its SMSO"
    SCHEDULED = "authorised and scheduled"
    VALIDATED = "data validated"
    TESTED = "devices tested"
    COMMISSIONING = "being commissioned"
    MIGRATED = "migrated to the DCC"
    EXCLUDED = "excluded from migration"


class Pin(StrEnum):
    """Who holds the engineering menu PIN."""

    HELD = "the Installing Supplier holds the current PIN"
    REVISED = "revised, the Installing Supplier lacks it"
    PROVIDED = "revised, the Installing Supplier has been provided with it"


class Switch(StrEnum):
    """The auxiliary load switch."""

    ABSENT = "no auxiliary load switch"
    OPEN = "open"
    CLOSED = "closed"


class Version(StrEnum):
    """Which version a device says that it runs."""

    PRESENT = "the version that has been running"
    DELIVERED = "the version of the image that was delivered"
