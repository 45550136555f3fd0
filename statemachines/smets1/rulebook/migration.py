"""Rules of migration: engineering menu PINs, MPRNs, the migration itself, commissioning."""

from statemachines.language.rules import Rule
from statemachines.smets1.rulebook.assumptions import NO_SOURCE

PIN = (
    Rule(
        "PIN-1",
        'Where GroupID = CA, DCC provides the revised "PIN for functionality not meant for use by Energy Consumers" '
        "(the engineering menu PIN) of the gas meter to the Installing Supplier. The clause is for IOC Elster Gas "
        "Meters only: where there is no gas meter, nothing is provided.",
        "CON 4.1, 4.1.1, Table 2 rows 1-2 (TMAD 3.25; S1SR 13.1 for the phrase)",
    ),
    Rule(
        "PIN-2",
        "The PIN goes to the Installing Supplier. The change gives it to no other party: wider access is outside the "
        "TMAD's remit. Who the Installing Supplier is, MOD-56 says.",
        "CON 4.1.1",
    ),
    Rule(
        "PIN-3",
        "Groups other than CA have no such provision. That their PINs stay as they were is an assumption: MOD-31.",
        "CON Table 2 row 1",
    ),
    Rule(
        "PIN-4",
        "Before the change, migration revised the PIN and the Installing Supplier lost it; after the change, DCC "
        "provides the revised one. When, relative to the end of the migration, is not said: MOD-31.",
        "CON 4.1, 4.1.1",
    ),
)

MPRN = (
    Rule(
        "MPRN-1",
        "For IOC, validation of an MPRN takes account of leading zeros: two MPRNs that differ only in leading "
        "zeros match.",
        "CON 4.2",
    ),
    Rule(
        "MPRN-2",
        "Other cohorts compare the MPRN as given.",
        "none: section 4.2 speaks of IOC only",
        "all",
    ),
    Rule(
        "MPRN-3",
        "An MPRN is digits only, 1 to 10 of them; anything else is invalid everywhere, with a message that says why.",
        NO_SOURCE,
        "all",
    ),
)

MIGRATION = (
    Rule(
        "MIG-1",
        "An installation is migrated as a whole from its SMSO to DCC, through authorisation and scheduling, "
        "data validation, device testing, commissioning.",
        "PUB 2018; CON 1",
    ),
    Rule(
        "MIG-2",
        "Data validation compares the MPRN (section F). That a mismatch stops the migration is an assumption: MOD-35.",
        "CON 4.2",
    ),
    Rule(
        "MIG-3",
        "Commissioning executes the Join commands (KEY-3). For CA, the provision of the PIN (PIN-1) belongs to the "
        "migration; whether before or after its end is not said (MOD-31).",
        "CON 7.1, 4.1",
    ),
    Rule(
        "MIG-4",
        "A failed migration leaves the installation with its SMSO, whole, and can be tried again. That it is never in "
        "both systems, nor in neither, is an assumption: MOD-57.",
        "PUB 2021 (error handling and retry strategy)",
    ),
    Rule(
        "MIG-5",
        "After at least five failed attempts it may be excluded. (Proposed in a consultation of 2021: it stands apart "
        "from the 2020 regime, and is off unless it is switched on.)",
        "PUB 2021 (a proposal: no rule in force)",
        "all",
    ),
    Rule(
        "MIG-6",
        "DUIS requests to an installation that is not migrated are rejected.",
        NO_SOURCE,
        "all",
    ),
    Rule(
        "COM-1",
        "A device is Commissioned if it was commissioned and has not since been decommissioned or suspended. Which "
        "statuses there are, MOD-27 says.",
        "PUB (SEC glossary)",
    ),
    Rule(
        "COM-2",
        "Firmware requests reach commissioned devices only.",
        NO_SOURCE,
        "all",
    ),
    Rule(
        "COM-3",
        "A Communications Hub counts as commissioned when its CHF is. That it is commissioned before the devices "
        "behind it is an assumption: MOD-26 in a migration, MOD-58 after it.",
        "PUB (SEC glossary)",
    ),
)
