"""Rules of devices: PPMID firmware, DCO key packages, reading firmware, auxiliary load switches."""

from statemachines.language.rules import Rule

PPMID_FIRMWARE = (
    Rule(
        "PPMID-1",
        "Only the Electricity Supplier of the premises may update or activate firmware on a PPMID.",
        "CON 4.3.1",
    ),
    Rule(
        "PPMID-2",
        "The Gas Supplier may not, in any order of requests, at any time, unless it is also the Electricity Supplier.",
        "CON 4.3.1",
    ),
    Rule(
        "PPMID-3",
        "The regime extends the one for SMETS1 Communications Hub firmware: the Electricity Supplier, and "
        "nobody else, is responsible for Communications Hub firmware too.",
        "CON 4.3.1",
    ),
    Rule(
        "PPMID-4",
        "At all times exactly one Supplier Party has the right to upgrade: never none, never two. A change of "
        "supplier moves the right whole.",
        "CON 4.3.1",
    ),
    Rule(
        "PPMID-5",
        "No state exists in which two parties have a firmware upgrade of the same PPMID in hand at once. What a change "
        "of Electricity Supplier does to an upgrade in hand, MOD-2 says.",
        "CON 4.3.1",
    ),
    Rule(
        "PPMID-6",
        "The Electricity Supplier has no duty to notify the Gas Supplier, whom it can't readily identify. That it "
        "cannot at all is a stricter reading: MOD-49.",
        "CON 4.3.1",
    ),
    Rule(
        "PPMID-7",
        "PPMID firmware upgrade is out of scope for FOC: GroupIDs EA and EB.",
        "CON 4.3.1, Table 2 row 5 (DUIS 1.4.7.13, 1.4.7.13A, 1.4.7.134 [sic]; S1SR 17.58A, 17.58B)",
    ),
    Rule(
        "PPMID-8",
        "For an FOC PPMID the update and activate SRVs are processed by the DSP and are not processed by the "
        'S1SP. The message returned is left to FOC live: the model\'s response there is "unspecified", not a '
        "guess.",
        "CON 7.3",
    ),
    Rule(
        "PPMID-9",
        "A firmware image is delivered (11.1) and activated (11.3); activation may be immediate or future-dated (held "
        "by the device). Which image can be activated, MOD-50 says; what cancelling does, MOD-4.",
        "SRM",
    ),
    Rule(
        "PPMID-10",
        "ESME firmware belongs to the Electricity Supplier, GSME firmware to the Gas Supplier; both stand "
        "beside the PPMID in every test, so that a rule leaking from one device to another shows.",
        "none, after SRM: the matrix opens the firmware of every device to both suppliers",
        "all",
    ),
)

KEY_PACKAGES = (
    Rule(
        "KEY-1",
        "To support Critical Commands the DCO keeps, for each installation, a package with the security keys "
        "of each of its devices.",
        "CON 7.1",
    ),
    Rule(
        "KEY-2",
        "Before Uplift 1.2 the package does not hold the PPMID's keys.",
        "CON 7.1",
    ),
    Rule(
        "KEY-3",
        "A PPMID migrated after the Uplift 1.2 change to DCC's systems gets its keys into the package through "
        "the Join commands executed during commissioning.",
        "CON 7.1",
    ),
    Rule(
        "KEY-4",
        "For sites migrated before, DCC updates the package explicitly, in an initial period immediately "
        "after the system change, for all previously migrated sites.",
        "CON 7.1",
    ),
    Rule(
        "KEY-5",
        "An Activate Firmware request for a PPMID whose installation's package has not been updated is "
        "rejected, and nothing on the device changes.",
        "CON 7.1",
    ),
    Rule(
        "KEY-6",
        "No Critical Command reaches a device whose keys the DCO does not hold.",
        "CON 7.1",
    ),
    Rule(
        "KEY-7",
        "Re-designation while any previously migrated (non-FOC) installation still lacks the PPMID's keys would make "
        "DCC non-compliant with the SEC. DCC expects the Secretary of State to re-designate once the key packages are "
        "updated; that he has to wait, or that it cannot happen earlier, is not said. That those of FOC do not count "
        "is an assumption: MOD-52.",
        "CON 7.1, 8",
    ),
)

READING = (
    Rule(
        "READ-1",
        "SRV 11.2 may also target the GPF.",
        "CON Table 2 row 4 (S1SR Table 3)",
    ),
    Rule(
        "READ-2",
        "IOC, with Uplift 1.2 and before the November 2020 maintenance release: reading a PPMID's firmware returns an "
        "alert instead of the correct response. From that release on: the response. What was before Uplift 1.2, MOD-53 "
        "says.",
        "CON 7.4",
    ),
    Rule(
        "READ-3",
        "Elsewhere, and for every other device, SRV 11.2 is answered with a version of firmware; that it is the one "
        "that is running, MOD-54 says.",
        "SRM",
    ),
)

AUXILIARY_LOAD = (
    Rule(
        "AUX-1",
        "IOC, with Uplift 1.2 and before the November 2020 maintenance release: applying a two-rate tariff with "
        "identical prices closes the auxiliary load switch. What was before Uplift 1.2, MOD-55 says.",
        "CON 7.2",
    ),
    Rule(
        "AUX-2",
        "IOC, from that release on: a two-rate tariff closes the switch only where the prices differ. Nothing is said "
        "of other cohorts.",
        "CON 7.2 (expected, not yet released)",
    ),
)
