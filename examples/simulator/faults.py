"""The faults that the simulator can be given: each is a mistake that somebody who builds such a system may make.

Each names the one rule of the rulebook that it breaks most directly. Where another rule's words forbid what it does as
plainly, it names that one too, and what those words are.
"""

from enum import Enum


class Fault(Enum):
    """A fault: the rule that it breaks, what the simulator then does, and what other rule's words it breaks as well."""

    rule: str
    sentence: str
    also: str
    words: str

    def __new__(cls, rule: str, sentence: str, also: str = "", words: str = "") -> "Fault":
        """A member whose value is its sentence, for no two say the same."""
        member = object.__new__(cls)
        member._value_ = sentence
        member.rule, member.sentence, member.also, member.words = rule, sentence, also, words
        return member

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that it breaks."""
        return (self.rule, self.also) if self.also else (self.rule,)

    @property
    def title(self) -> str:
        """The name for the command line."""
        return self.name.lower().replace("_", "-")

    # who may send what (dsp.py, srvs.py)
    REPEATED_ID_ACCEPTED = "MOD-48", "A RequestID that was used before is taken for a new one."
    REQUESTS_DURING_COMMISSIONING = "MIG-6", "Service Requests are let in as soon as commissioning starts."
    OTHER_USER_MAY_COMMISSION = "SYS-6", "Commission Device is open to Other Users, too."
    ANY_SUPPLIER_IS_REGISTERED = "MOD-46", "Any Supplier may send, whether registered at the premises or not."
    FORMER_SUPPLIER_KEEPS_RIGHT = (
        "PPMID-4",
        "The Electricity Supplier from before a change may still upgrade the PPMID.",
    )
    GAS_SUPPLIER_MAY_ACTIVATE = "PPMID-2", "The Gas Supplier may activate firmware on the PPMID."
    ANYONE_MAY_UPDATE_BY_11_4 = "PPMID-1", "Update PPMID Firmware (SRV 11.4) does not ask for the Electricity Supplier."
    GAS_SUPPLIER_MAY_UPGRADE_HUB = "PPMID-3", "The Gas Supplier may upgrade the Communications Hub."
    ELECTRICITY_SUPPLIER_MAY_UPGRADE_GAS_METER = "PPMID-10", "The Electricity Supplier may upgrade the gas meter."
    PPMID_FIRMWARE_BEFORE_UPLIFT = "MOD-6", "PPMID firmware is upgraded before Uplift 1.2, too."
    OLDER_DUIS_CANNOT_READ = "SRP-4", "A Supplier on the older DUIS version may not even read a device's firmware."
    OLDER_DUIS_CANNOT_UPGRADE = "MOD-36", "A Supplier on the older DUIS version may not upgrade PPMID firmware."
    DEVICE_CHECKED_BEFORE_SENDER = (
        "MOD-8",
        "For firmware requests the device's status is looked at before the sender's registration.",
    )
    # the inventory (dsp.py, device.py)
    SUSPENDED_DEVICE_ACCEPTS = "COM-2", "Firmware requests reach devices that are suspended."
    TARIFF_REACHES_SUSPENDED_METER = "MOD-38", "A tariff reaches a meter that is suspended."
    HUB_NOT_NEEDED = "MOD-58", "Devices are commissioned although the Communications Hub is not."
    DECOMMISSIONED_STAYS_KNOWN = "MOD-27", "In the place of a decommissioned device none can be pre-notified."
    GAS_METER_WITHOUT_GAS = (
        "MOD-45",
        "A gas meter may be pre-notified where there is no gas.",
        "MOD-40",
        "where there is no Gas Supplier no request about a gas meter is accepted",
    )
    HUB_TAKES_DEVICES_ALONG = "MOD-42", "Decommissioning the Communications Hub decommissions the devices behind it."
    SUSPENSION_ENDS_UNCOMMISSIONED = "MOD-28", "At the end of a suspension the device has to be commissioned again."
    FIRMWARE_SURVIVES_DECOMMISSIONING = "MOD-29", "A new device is taken to run what the one before it ran."
    REMOVAL_FROM_LOG_LOST = "MOD-27", "A device that is removed from the HAN device log stays whitelisted."
    EITHER_SUPPLIER_MAY_COMMISSION = "MOD-41", "A meter may be commissioned by the Supplier of the other fuel."
    # the S1SP (s1sp.py)
    EB_FORGOTTEN = (
        "PPMID-7",
        "Of the FOC groups only EA is known: PPMIDs of group EB are upgraded.",
        "SYS-3",
        "EA and EB are the FOC groups",
    )
    FOC_REFUSED_BY_DSP = "PPMID-8", "The DSP itself turns down PPMID firmware of FOC, instead of processing it."
    READ_DEFECT_FIXED_AT_UPLIFT = "READ-2", "The alert on reading an IOC PPMID's firmware ends with Uplift 1.2."
    READ_DEFECT_FOR_CA_ONLY = "READ-2", "Of the IOC groups only CA has the defect on reading a PPMID's firmware."
    ALERT_FROM_THE_DEVICE = "MOD-1", "The alert on reading an IOC PPMID's firmware comes from the device."
    GPF_CANNOT_BE_READ = "READ-1", "A GPF's firmware cannot be read, because it cannot be updated."
    GPF_MAY_BE_UPGRADED = "MOD-7", "A firmware upgrade that is sent to the GPF is carried out at the CHF."
    VERSION_NOT_YET_RUNNING = "MOD-54", "Read Firmware Version returns the delivered version before it runs."
    HELD_REQUEST_CARRIED_OUT = (
        "SRP-1",
        "A request that Anomaly Detection holds is carried out all the same.",
        "MOD-33",
        "what is quarantined comes to neither the DCO nor the device while it is",
    )
    VALUE_BEYOND_A_LIMIT_QUARANTINED = (
        "SRP-1",
        "A request with a value beyond a set limit is quarantined like one that Anomaly Detection catches.",
    )
    ANOMALY_DETECTION_FIRST = "MOD-33", "Anomaly Detection comes before the S1SP's other checks."
    GAS_SUPPLIER_IS_NOTIFIED = (
        "PPMID-6",
        "An upgrade of the PPMID is held until the Gas Supplier, where that is another party, knows of it.",
    )
    # the DCO (dco.py)
    DCO_BEFORE_S1SP = "MOD-44", "Critical Commands come to the DCO before they come to the S1SP."
    ACTIVATION_WITHOUT_KEYS = (
        "KEY-6",
        "The DCO passes Critical Commands to devices whose keys it does not hold.",
        "KEY-5",
        "an activation for a PPMID whose package has not been updated is rejected",
    )
    KEYS_ASKED_FOR_BY_S1SP = "MOD-14", "It is the S1SP that rejects an activation for want of keys."
    GAS_METER_KEYS_LEFT_OUT = (
        "KEY-1",
        "The key package is made without the gas meter's keys.",
        "MOD-9",
        "from migration on the package holds the keys of every device but the PPMID",
    )
    FOC_PACKAGE_NOT_UPDATED = (
        "MOD-22",
        "The key packages of FOC installations are not updated.",
        "KEY-4",
        "for all previously migrated sites",
    )
    KEY_UPDATES_END_IN_NOVEMBER = "MOD-23", "Key packages are updated until the November 2020 release only."
    IMAGE_LOST_WITHOUT_KEYS = "KEY-5", "An activation that the DCO rejects costs the device the image in hand."
    KEYS_ADDED_BEFORE_UPLIFT = "KEY-2", "The key package is given a PPMID's keys before Uplift 1.2."
    KEY_UPDATE_LOST = "KEY-4", "The update of the key package is reported, and is not stored."
    KEYS_NOT_TAKEN_AT_MIGRATION = "KEY-3", "A migration since Uplift 1.2 leaves the PPMID's keys out of the package."
    STALE_KEYS = "MOD-29", "The keys of a decommissioned PPMID stay in the package, and those of the next stay out."
    KEYS_NOT_TAKEN_AT_JOIN = "MOD-43", "A PPMID that is joined after the migration does not get its keys in."
    # firmware on devices (device.py, premises.py)
    FUTURE_DATED_RUNS_AT_ONCE = "PPMID-9", "A future-dated activation is carried out at once."
    CANCELLATION_IGNORED = (
        "MOD-4",
        "A cancellation is confirmed, and the activation stays pending.",
    )
    CANCELLATION_COMPARES_HASH = "MOD-4", "A cancellation that names another image's hash is rejected."
    IMAGE_LOST_ON_WRONG_HASH = "MOD-50", "An activation with the wrong hash costs the device the image in hand."
    IMAGE_ACTIVATED_TWICE = "MOD-12", "An image that runs can be activated once more."
    PENDING_SURVIVES_NEW_IMAGE = "MOD-3", "A pending activation stays when another image is delivered."
    SECOND_ACTIVATION_IGNORED = "MOD-10", "While an activation is pending, a further one is confirmed and forgotten."
    UPGRADE_SURVIVES_SUSPENSION = "MOD-30", "A suspended device keeps the upgrade that it had in hand."
    UPGRADE_SURVIVES_SUPPLIER_CHANGE = (
        "MOD-2",
        "A change of Electricity Supplier leaves the upgrade of the PPMID in hand.",
    )
    PENDING_SURVIVES_GAS_SUPPLIER_CHANGE = (
        "MOD-2",
        "A change of Gas Supplier leaves the gas meter's pending activation in place.",
    )
    GAS_CHANGES_WITH_ELECTRICITY = "SYS-5", "A change of Electricity Supplier moves a dual-fuel premises' gas as well."
    # migration and PIN (migration.py)
    TEST_BEFORE_VALIDATION = "MIG-1", "Devices may be tested before the data are validated."
    MISMATCH_DOES_NOT_STOP = (
        "MOD-35",
        "After a mismatch of data the migration goes on where it stood.",
        "MIG-4",
        "a failed migration can be tried again, and this one goes on in the middle",
    )
    PPMID_NOT_JOINED = (
        "MIG-3",
        "Commissioning leaves out the Join commands: the PPMID stays uncommissioned.",
        "MOD-26",
        "a migration commissions every other device that is there when it is complete",
    )
    FAILED_MIGRATION_LEAVES_BOTH = (
        "MIG-4",
        "After a migration that fails in commissioning, the DCC operates it, too.",
        "MIG-6",
        "requests to an installation that is not migrated are rejected, and here the DSP lets them in",
    )
    EXCLUDED_TOO_EARLY = "MIG-5", "An installation may be excluded after four failed attempts."
    FAILURES_START_AGAIN = (
        "MOD-34",
        "After the fifth failed attempt the count starts again.",
        "MIG-5",
        "after five failed attempts it may be excluded, and after six here not",
    )
    GAS_METER_LEFT_UNCOMMISSIONED = "MOD-26", "A migration that is complete leaves the gas meter uncommissioned."
    FAILED_VALIDATION_NOT_COUNTED = "MOD-35", "Data that are not valid do not count as a failed attempt."
    LEADING_ZEROS_COUNT = "MPRN-1", "Leading zeros of an MPRN are compared, for IOC as well."
    LEADING_ZEROS_NEVER_COUNT = "MPRN-2", "Leading zeros of an MPRN are left out of the comparison for every cohort."
    LEADING_ZEROS_BEFORE_UPLIFT = "MOD-39", "For IOC leading zeros are left out before Uplift 1.2, too."
    INVALID_MPRN_IS_A_MISMATCH = "MPRN-3", "A text that is no MPRN is reported as an MPRN that does not match."
    MPRN_COMPARED_WITHOUT_GAS = "MOD-40", "An MPRN is compared where there is no gas."
    PIN_NOT_RECORDED = "PIN-1", "The provision of the PIN is reported, and is not recorded."
    PIN_TO_ANY_PARTY = "PIN-2", "The PIN is provided to whoever is named."
    PIN_TO_THE_GAS_SUPPLIER = "PIN-2", "The PIN is provided to whoever supplies the gas now, and to nobody else."
    PIN_FOR_EVERY_IOC_GROUP = "PIN-3", "The PIN of every IOC gas meter is revised and provided, and not only of CA."
    MIGRATION_WAITS_FOR_PIN = (
        "MIG-3",
        "A migration is not completed while the Installing Supplier lacks the PIN.",
        "MOD-31",
        "nothing waits for it",
    )
    # releases, documents, one request's course (dcc.py, documents.py, course.py)
    RELEASE_SKIPPED = "DES-5", "Uplift 1.2 is deployed together with the November 2020 maintenance release."
    CONCLUSIONS_BEFORE_THEIR_DAY = "DES-1", "The conclusions are submitted as soon as the consultation is closed."
    RE_DESIGNATED_TOO_EARLY = "DES-2", "Re-designation is possible from the day of the report on."
    REVISION_NOT_AWAITED = "DES-3", "Where FOC comes into scope, re-designation does not wait for revised documents."
    JIP_DUE_DATE_BINDS = "MOD-16", "The JIP change request cannot be concluded once October 2020 is over."
    JIP_NOT_AWAITED = "MOD-17", "Re-designation does not wait for the JIP change request to be concluded."
    UPLIFT_AWAITED = (
        "MOD-60",
        "Re-designation waits for Uplift 1.2.",
        "DES-1",
        "re-designation, if and when the Secretary of State decides",
    )
    DATE_CONSULTED_ON_EARLY = "MOD-20", "The date may be consulted on again before 29 October 2020 has passed."
    KEYS_AWAITED = (
        "KEY-7",
        "Re-designation waits for the key package to be updated.",
        "DES-1",
        "re-designation, if and when the Secretary of State decides",
    )
    NON_COMPLIANCE_NOT_SAID = "KEY-7", "It is not said that a re-designation makes the DCC non-compliant."
    ABSENT_PPMID_LACKS_KEYS = "MOD-21", "An installation without a PPMID counts as one that lacks its keys."
    CRITICAL_COMMAND_PAST_DCO = "SRP-3", "A Critical Command may go to the device without going through the DCO."
    # what reaches a device behind its hub (dsp.py), and the PIN of a gas meter (migration.py)
    DECOMMISSIONED_HUB_PASSES_ON = "MOD-42", "Requests reach devices behind a hub that is decommissioned."
    PIN_REVISED_WITHOUT_GAS = (
        "PIN-1",
        "The PIN of a CA installation without a gas meter is revised, too.",
        "PIN-4",
        "the Installing Supplier then lost the PIN of a meter that is not there",
    )
    PIN_NOT_AFTER_MIGRATION = (
        "PIN-1",
        "The PIN is provided only while the installation is being commissioned.",
        "MOD-31",
        "before or after the end of the migration",
    )
