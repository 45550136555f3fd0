"""Rules of the service: parties, systems and groups, and how requests are processed."""

from statemachines.language.rules import Rule

PARTIES = (
    Rule(
        "SYS-1",
        "A Service Request from a DCC User to a device is processed by the DSP and by the S1SP of the installation's "
        "cohort, and a Critical Command by the DCO as well. In which order, MOD-44 says.",
        "CON 7.1, 7.3",
    ),
    Rule(
        "SYS-2",
        "Cohorts: IOC, MOC (MDS), MOC (Secure), FOC. IOC has an S1SP, and so has FOC; that each of the two MOC cohorts "
        "has one of its own is not said, and nothing here hangs on it.",
        "CON 1 (the cohorts), 7.2 (an S1SP of IOC), 7.3 (an S1SP for FOC)",
    ),
    Rule(
        "SYS-3",
        "GroupID CA is the IOC group with Elster gas meters; EA and EB are the FOC groups. No other GroupID "
        'is known from the sources; model the rest of a cohort as "another group of this cohort" and let '
        "users name theirs.",
        "CON 4.3.1, Table 2 row 1, Table 2 row 5",
    ),
    Rule(
        "SYS-4",
        "Devices of an installation: ESME, GSME, Communications Hub (CHF and GPF), PPMID, and auxiliary load "
        "control switches on the ESME. What may be absent, MOD-45 says.",
        "CON 4.3, 7.1, 7.2, Table 2 row 4",
    ),
    Rule(
        "SYS-5",
        "At any premises with a SMETS1 Communications Hub there is always an Electricity Supplier. "
        "Electricity and Gas Supplier may be the same party (dual fuel) or two parties (split supply).",
        "CON 4.3.1",
    ),
    Rule(
        "SYS-6",
        "User roles and the SRVs each may send: Import Supplier (IS, the Electricity Supplier), Export "
        "Supplier (ES), Gas Supplier (GS), Electricity Distributor (ED), Gas Transporter (GT), Registered "
        "Supplier Agent (RSA), Other User (OU). Whether an SRV is Critical, can be future-dated and by whom "
        "(DSP or device), can be scheduled.",
        "SRM",
    ),
    Rule(
        "SYS-7",
        "A request from a role the SRV is not open to is rejected and changes nothing. What becomes of one from a "
        "Supplier that is not registered at the premises, MOD-46 says.",
        "SRM",
    ),
)

PROCESSING = (
    Rule(
        "SRP-1",
        "Anomaly Detection (S1SR 12.2): a request that exceeds a threshold is quarantined. It has no effect until the "
        "User says that it is to be processed, and none if the User says that it is to be deleted. A SMETS1 request "
        "with a data value beyond a set maximum or minimum is deleted by the DCC, and the User is notified. Which of "
        "the DCC's systems does it, MOD-47 says.",
        "CON Table 2 row 3 (S1SR 12.2); PUB (SEC glossary, Threshold Anomaly Detection Procedures)",
    ),
    Rule(
        "SRP-2",
        "A request is acknowledged or rejected first (I99), and its final response comes later (I0). A RequestID is "
        "used once; what becomes of a repeat, MOD-48 says.",
        "PUB (DCC's open-source tools)",
    ),
    Rule(
        "SRP-3",
        "A Critical Command has no effect on a device without the DCO's part in it.",
        "CON 7.1",
    ),
    Rule(
        "SRP-4",
        "Users are not forced to adopt the new DUIS version unless they mean to use PPMID firmware "
        "functionality; the DUIS schema is unchanged. A user on the older version loses nothing that it could "
        "do before.",
        "CON 4.3.1",
    ),
)
