"""The register of rules: every id that a declaration may cite, what the rule says, and where it comes from.

Source keys: `CON` is DCC's Conclusions report on SMETS1 Uplift 1.2 of 25 September 2020, with its own section numbers;
`SRM` the DUIS service request matrix that DCC's open-source tools publish; `PUB` public pages of DCC and the SEC.
What no source says is an assumption, and says so wherever it is shown; this project's own, the `MOD` rules, are in
`statemachines.smets1.assumptions`.
"""

from statemachines.language.rules import Register, Rule
from statemachines.smets1.assumptions import ASSUMPTIONS


def _rule(rule_id: str, statement: str, source: str, assumption: str = "") -> Rule:
    return Rule(rule_id, statement, source or "none: a modelling assumption", assumption)


RULEBOOK = Register(
    [
        # Parties, systems, groups
        _rule(
            "SYS-1",
            "Service Requests go from a DCC User to the DSP, then to the S1SP of the installation's cohort, then, "
            "for Critical Commands, through the DCO, then to the device.",
            "CON 7.1, 7.3",
            "the order of the parties",
        ),
        _rule(
            "SYS-2",
            "Cohorts: IOC, MOC (MDS), MOC (Secure), FOC. Each has its own S1SP.",
            "CON 1, 7.2-7.4",
        ),
        _rule(
            "SYS-3",
            "GroupID CA is the IOC group with Elster gas meters; EA and EB are the FOC groups. No other GroupID "
            'is known from the sources; model the rest of a cohort as "another group of this cohort" and let '
            "users name theirs.",
            "CON 4.3.1, Table 2",
        ),
        _rule(
            "SYS-4",
            "Devices of an installation: ESME, GSME, Communications Hub (CHF and GPF), PPMID, and auxiliary load "
            "control switches on the ESME. Gas side and PPMID may be absent.",
            "CON 4.3, 7.1, 7.2, Table 2 row 4",
            "that the gas side and the PPMID may be absent",
        ),
        _rule(
            "SYS-5",
            "At any premises with a SMETS1 Communications Hub there is always an Electricity Supplier. "
            "Electricity and Gas Supplier may be the same party (dual fuel) or two parties (split supply).",
            "CON 4.3.1",
        ),
        _rule(
            "SYS-6",
            "User roles and the SRVs each may send: Import Supplier (IS, the Electricity Supplier), Export "
            "Supplier (ES), Gas Supplier (GS), Electricity Distributor (ED), Gas Transporter (GT), Registered "
            "Supplier Agent (RSA), Other User (OU). Whether an SRV is Critical, can be future-dated and by whom "
            "(DSP or device), can be scheduled.",
            "SRM",
        ),
        _rule(
            "SYS-7",
            "A request from a role the SRV is not open to, or from a supplier not registered at the premises, is "
            "rejected and changes nothing.",
            "SRM",
            "that a supplier not registered at the premises is rejected",
        ),
        # PPMID firmware
        _rule(
            "PPMID-1",
            "Only the Electricity Supplier of the premises may update or activate firmware on a PPMID.",
            "CON 4.3.1",
        ),
        _rule(
            "PPMID-2",
            "The Gas Supplier may not, in any order of requests, at any time, unless it is also the Electricity "
            "Supplier.",
            "CON 4.3.1",
        ),
        _rule(
            "PPMID-3",
            "The regime extends the one for SMETS1 Communications Hub firmware: the Electricity Supplier, and "
            "nobody else, is responsible for Communications Hub firmware too.",
            "CON 4.3.1",
        ),
        _rule(
            "PPMID-4",
            "At all times exactly one Supplier Party has the right to upgrade: never none, never two. A change of "
            "supplier moves the right whole.",
            "CON 4.3.1",
        ),
        _rule(
            "PPMID-5",
            "No state exists in which two parties have a firmware upgrade of the same PPMID in hand at once; what "
            "a change of Electricity Supplier does to an image or a future-dated activation in hand is stated "
            "explicitly.",
            "CON 4.3.1",
            "what a change of Electricity Supplier does to an upgrade in hand",
        ),
        _rule(
            "PPMID-6",
            "The Electricity Supplier has no duty to notify the Gas Supplier, and nothing that the DCC sends the "
            "Electricity Supplier lets it identify the Gas Supplier: what the Electricity Supplier observes is "
            "the same whoever the Gas Supplier is (a non-interference property).",
            "CON 4.3.1",
        ),
        _rule(
            "PPMID-7",
            "PPMID firmware upgrade is out of scope for FOC: GroupIDs EA and EB.",
            "CON 4.3.1, Table 2 row 5 (DUIS 1.4.7.13, 1.4.7.13A, 1.4.7.134 [sic]; S1SR 17.58A, 17.58B)",
        ),
        _rule(
            "PPMID-8",
            "For an FOC PPMID the update and activate SRVs are processed by the DSP and are not processed by the "
            'S1SP. The message returned is left to FOC live: the model\'s response there is "unspecified", not a '
            "guess.",
            "CON 7.3",
        ),
        _rule(
            "PPMID-9",
            "An image can be activated only if that image was first delivered; activation of another image (hash "
            "mismatch) fails and the running firmware stays. Activation may be immediate or future-dated (held by "
            "the device), and a future-dated one may be cancelled.",
            "SRM",
            "that the image has to be the one delivered, and what cancelling does",
        ),
        _rule(
            "PPMID-10",
            "ESME firmware belongs to the Electricity Supplier, GSME firmware to the Gas Supplier; both stand "
            "beside the PPMID in every test, so that a rule leaking from one device to another shows.",
            "SRM",
            "whose firmware it is, for the matrix opens all of it to both suppliers",
        ),
        # DCO key packages
        _rule(
            "KEY-1",
            "To support Critical Commands the DCO keeps, for each installation, a package with the security keys "
            "of each of its devices.",
            "CON 7.1",
        ),
        _rule(
            "KEY-2",
            "Before Uplift 1.2 the package does not hold the PPMID's keys.",
            "CON 7.1",
        ),
        _rule(
            "KEY-3",
            "A PPMID migrated after the Uplift 1.2 change to DCC's systems gets its keys into the package through "
            "the Join commands executed during commissioning.",
            "CON 7.1",
        ),
        _rule(
            "KEY-4",
            "For sites migrated before, DCC updates the package explicitly, in an initial period immediately "
            "after the system change, for all previously migrated sites.",
            "CON 7.1",
        ),
        _rule(
            "KEY-5",
            "An Activate Firmware request for a PPMID whose installation's package has not been updated is "
            "rejected, and nothing on the device changes.",
            "CON 7.1",
        ),
        _rule(
            "KEY-6",
            "No Critical Command reaches a device whose keys the DCO does not hold.",
            "CON 7.1",
        ),
        _rule(
            "KEY-7",
            "Re-designation while any previously migrated (non-FOC) installation still lacks the PPMID's keys "
            "would make DCC non-compliant; so re-designation waits for the updates.",
            "CON 7.1, 8",
            "that installations of FOC do not count, and that re-designation has to wait as it is expected to",
        ),
        # Reading firmware (SRV 11.2)
        _rule(
            "READ-1",
            "SRV 11.2 may also target the GPF.",
            "CON Table 2 row 4 (S1SR Table 3)",
        ),
        _rule(
            "READ-2",
            "IOC, before the November 2020 maintenance release: reading a PPMID's firmware returns an alert "
            "instead of the correct response. From that release on: the response.",
            "CON 7.4",
            "that it was so before Uplift 1.2, too",
        ),
        _rule(
            "READ-3",
            "Elsewhere, and for every other device, SRV 11.2 returns the version that is running.",
            "SRM",
            "what the matrix does not say: that the version returned is the running one",
        ),
        # Engineering menu PIN
        _rule(
            "PIN-1",
            'Where GroupID = CA, DCC provides the revised "PIN for functionality not meant for use by Energy '
            'Consumers" (the engineering menu PIN) to the Installing Supplier.',
            "CON 4.1, Table 2 rows 1-2 (TMAD 3.25; S1SR 13.1 for the phrase)",
        ),
        _rule(
            "PIN-2",
            "It goes to the Installing Supplier and to no other party; wider access is outside the TMAD's remit.",
            "CON 4.1.1",
        ),
        _rule(
            "PIN-3",
            "Groups other than CA have no such provision.",
            "CON Table 2 row 1",
        ),
        _rule(
            "PIN-4",
            "Before the change, migration revised the PIN and the Installing Supplier lost it; after it, no CA "
            "migration ends with the Installing Supplier lacking the current PIN.",
            "CON 4.1.1",
        ),
        # MPRN validation
        _rule(
            "MPRN-1",
            "For IOC, validation of an MPRN takes account of leading zeros: two MPRNs that differ only in leading "
            "zeros match.",
            "CON 4.2",
        ),
        _rule(
            "MPRN-2",
            "Other cohorts compare the MPRN as given.",
            'CON 4.2 (scope "for IOC")',
            'that a scope "for IOC" leaves the other cohorts as they were',
        ),
        _rule(
            "MPRN-3",
            "An MPRN is digits only, 1 to 10 of them; anything else is invalid everywhere, with a message that "
            "says why.",
            "",
            "all",
        ),
        # Auxiliary load
        _rule(
            "AUX-1",
            "IOC, before the November 2020 maintenance release: applying a two-rate tariff with identical prices "
            "closes the auxiliary load switch.",
            "CON 7.2",
            "that it was so before Uplift 1.2, too",
        ),
        _rule(
            "AUX-2",
            "From that release on, a two-rate tariff closes the switch only where the prices differ.",
            "CON 7.2",
        ),
        # Service request processing
        _rule(
            "SRP-1",
            "S1SP processing includes Anomaly Detection (S1SR 12.2). A request caught by it is held: it has no "
            "effect until it is released, and none at all if it is not.",
            "CON Table 2 row 3",
            "what being held means",
        ),
        _rule(
            "SRP-2",
            "A request is acknowledged or rejected first (I99), and its final response comes later (I0); a "
            "RequestID is used once: a repeat is rejected without effect.",
            "PUB (DCC's open-source tools)",
            "that a repeat is rejected without effect",
        ),
        _rule(
            "SRP-3",
            "A Critical Command has no effect on a device without the DCO's part in it.",
            "CON 7.1",
        ),
        _rule(
            "SRP-4",
            "Users are not forced to adopt the new DUIS version unless they mean to use PPMID firmware "
            "functionality; the DUIS schema is unchanged. A user on the older version loses nothing that it could "
            "do before.",
            "CON 4.3.1",
        ),
        # Releases and re-designation
        _rule(
            "DES-1",
            "The change goes: consultation (6 August 2020; responses by 16:00 on 3 September 2020) → conclusions "
            "submitted to the Secretary of State (25 September 2020) → re-designation, if and when the Secretary "
            "of State decides.",
            "CON 1-2, 8",
        ),
        _rule(
            "DES-2",
            "Earliest re-designation 29 September 2020; latest 29 October 2020 without a further consultation on "
            "the date.",
            "CON 4.4, 8",
        ),
        _rule(
            "DES-3",
            "If the JIP change request (due 8 October 2020) puts PPMID firmware into FOC's scope, revised DUIS "
            "and S1SR go to the Secretary of State before re-designation.",
            "CON 4.3.1",
        ),
        _rule(
            "DES-4",
            "The versions: TMAD AL 7.0 → AL 8.0, S1SR AM 4.0 → AM 5.0, SRPD AB 3.0 → its 4.0 draft, DUIS 3.1.",
            "CON 5, 9",
        ),
        _rule(
            "DES-5",
            "System behaviour follows the release in force (before Uplift 1.2; Uplift 1.2; November 2020 "
            "maintenance), and legal force follows the designation: the two are separate axes, and the model can "
            "be asked about any date.",
            "CON 7",
            "that the release in force and the designation are separate axes",
        ),
        _rule(
            "DES-6",
            "Any re-designation to support Uplift 1.2 takes place once the Transition Tool running has completed.",
            "CON 4.3.1",
            "that this running is the updating of the DCO key packages of section 7.1, to which the report points",
        ),
        _rule(
            "DES-7",
            "The versions in the SEC on the day of the report, and since when: DUIS 3.1 since 29 November 2019, SRPD "
            "3.0 since 6 May 2020, S1SR 4.0 since 24 July 2020, TMAD 7.0 since 18 September 2020. Which versions "
            "they replaced it does not say.",
            "CON 1",
        ),
        _rule(
            "DES-8",
            "The versions consulted on: TMAD AL 6.1U draft, S1SR AM4.4, SRPD AM2.1, DUIS 3.1 [Designation Date] "
            "(section 2); based on TMAD AL 6.0, S1SR AM 4.3 draft and SRPD AB 2.0 (section 5). The report names them "
            "in more than one way, and does not say which is right.",
            "CON 2, 5, 9",
        ),
        # Migration and commissioning
        _rule(
            "MIG-1",
            "An installation is migrated as a whole from its SMSO to DCC, through authorisation and scheduling, "
            "data validation, device testing, commissioning.",
            "PUB 2018; CON 1",
        ),
        _rule(
            "MIG-2",
            "Data validation compares the MPRN (section F) and stops a mismatch with a reason.",
            "CON 4.2",
            "that a mismatch stops the migration with a reason",
        ),
        _rule(
            "MIG-3",
            "Commissioning executes the Join commands (KEY-3) and, for CA, ends with the PIN provision (PIN-1).",
            "CON 7.1, 4.1",
        ),
        _rule(
            "MIG-4",
            "A failed migration leaves the installation with its SMSO, whole, and can be tried again; no state "
            "has it in both systems or in neither.",
            "PUB 2021 (error handling and retry strategy)",
            "that no state has it in both systems or in neither",
        ),
        _rule(
            "MIG-5",
            "After five failed attempts it may be excluded. (A 2021 rule: it stands apart from the 2020 regime, "
            "switchable.)",
            "PUB 2021",
        ),
        _rule(
            "MIG-6",
            "DUIS requests to an installation that is not migrated are rejected.",
            "",
            "all",
        ),
        _rule(
            "COM-1",
            "Each device has an SMI status: pending, whitelisted, installed not commissioned, commissioned, "
            "suspended, decommissioned. A device is Commissioned if it was commissioned and has not since been "
            "decommissioned or suspended.",
            "PUB (SEC glossary)",
            "the list of statuses",
        ),
        _rule(
            "COM-2",
            "Firmware requests reach commissioned devices only.",
            "",
            "all",
        ),
        _rule(
            "COM-3",
            "The Communications Hub is commissioned before the devices behind it; a Communications Hub counts as "
            "commissioned when its CHF is.",
            "PUB (SEC glossary)",
            "the order",
        ),
        *ASSUMPTIONS,
    ],
    families={
        "SYS": "parties, systems, groups",
        "PPMID": "PPMID firmware",
        "KEY": "DCO key packages",
        "READ": "reading firmware (SRV 11.2)",
        "PIN": "engineering menu PIN",
        "MPRN": "MPRN validation",
        "AUX": "auxiliary load",
        "SRP": "service request processing",
        "DES": "releases and re-designation",
        "MIG": "migration",
        "COM": "commissioning",
        "MOD": "what this project assumes",
    },
    sources={
        "CON": "DCC's Conclusions report on SMETS1 Uplift 1.2 of 25 September 2020, with its own section numbers",
        "SRM": "the DUIS service request matrix that DCC's open-source tools publish",
        "PUB": "public pages of DCC and the SEC",
    },
)
