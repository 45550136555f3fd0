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
    words={
        "SMETS1": "Smart Metering Equipment Technical Specifications, version 1",
        "DCC": "Data Communications Company, which runs the service",
        "SEC": "Smart Energy Code",
        "DUIS": "DCC User Interface Specification",
        "TMAD": "SMETS1 Transition and Migration Approach Document",
        "S1SR": "SMETS1 Supporting Requirements",
        "SRPD": "Service Request Processing Document",
        "DMVES": "Device Model Variations to Equivalent Steps Matrix, Annex A of the S1SR",
        "JIP": "Joint Industry Plan",
        "DSP": "Data Service Provider, to which a User's Service Request comes first",
        "S1SP": "SMETS1 Service Provider; each cohort has its own",
        "DCO": "Dual Control Organisation, through which Critical Commands go",
        "SMSO": "Smart Metering System Operator, who runs an installation before its migration",
        "IOC": "initial operating capability, a cohort",
        "MOC": "middle operating capability, a cohort: its groups are MDS and Secure",
        "FOC": "final operating capability, a cohort: its groups are EA and EB",
        "ESME": "Electricity Smart Metering Equipment: the electricity meter",
        "GSME": "Gas Smart Metering Equipment: the gas meter",
        "CHF": "Communications Hub Function",
        "GPF": "Gas Proxy Function, of the Communications Hub",
        "PPMID": "Prepayment Meter Interface Device",
        "HAN": "Home Area Network",
        "SMI": "Smart Metering Inventory",
        "MPRN": "Meter Point Reference Number, of a gas supply",
        "SRV": "Service Reference Variant: the number of a kind of Service Request",
        "IS": "Import Supplier, who is the Electricity Supplier",
        "ES": "Export Supplier",
        "GS": "Gas Supplier",
        "ED": "Electricity Distributor",
        "GT": "Gas Transporter",
        "RSA": "Registered Supplier Agent",
        "OU": "Other User",
    },
    sections=REPORT,
)
