"""The register of rules: every id that a declaration may cite, what the rule says, and where it comes from.

What no source says is an assumption, and says so wherever it is shown; this project's own, the `MOD` rules, are in
`assumptions`. A file for each group of rules; `report` goes the other way, from the report's sections to the rules.
"""

from statemachines.language.rules import Register
from statemachines.smets1.rulebook.assumptions import ASSUMPTIONS
from statemachines.smets1.rulebook.devices import AUXILIARY_LOAD, KEY_PACKAGES, PPMID_FIRMWARE, READING
from statemachines.smets1.rulebook.documents import DESIGNATION, DOCUMENTS, REQUEST_MATRIX
from statemachines.smets1.rulebook.migration import MIGRATION, MPRN, PIN
from statemachines.smets1.rulebook.report import REPORT
from statemachines.smets1.rulebook.service import PARTIES, PROCESSING

RULEBOOK = Register(
    [
        *PARTIES,
        *PPMID_FIRMWARE,
        *KEY_PACKAGES,
        *READING,
        *PIN,
        *MPRN,
        *AUXILIARY_LOAD,
        *PROCESSING,
        *DESIGNATION,
        *MIGRATION,
        *DOCUMENTS,
        *REQUEST_MATRIX,
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
        "DOC": "documents and guidance",
        "SRM": "the service request matrix",
        "MOD": "what this project assumes",
    },
    sources={
        "CON": "DCC's Conclusions report on SMETS1 Uplift 1.2 of 25 September 2020, with its own section numbers",
        "SRM": "the DUIS service request matrix that DCC's open-source tools publish",
        "PUB": "public pages of DCC and the SEC",
    },
    sections=REPORT,
)
