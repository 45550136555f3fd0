"""Claims about the changed documents and the installation: compliance, and what is said of the documents' events.

Re-designation waits for nothing of the installation; whether the DCC is then compliant rests on the PPMID's keys. An
event that cannot happen is told why. What speaks of the documents alone is in `properties.smets1.claims.designation`.
Sources: DES-1 to DES-3, DES-5, KEY-4, KEY-5, KEY-7 and the assumptions MOD-16, MOD-17, MOD-20, MOD-21.
"""

from statemachines import after, always, always_possible, is_a, sometimes
from statemachines.smets1.commissioning import SmiStatus, ppmid_status
from statemachines.smets1.compliance import ComplianceReason
from statemachines.smets1.designation import (
    Calendar,
    ConcludeJip,
    ConsultOnDate,
    Designation,
    DesignationReason,
    Jip,
    PassDate,
    ReDesignate,
    SubmitRevisedDocuments,
    calendar,
    designation,
    jip,
)
from statemachines.smets1.key_package import KeyPackage, key_package
from statemachines.smets1.migration import Migration, migration
from statemachines.smets1.reasons import reason
from statemachines.smets1.releases import Release, release
from statemachines.smets1.verdicts import EventReason
from statemachines.smets1.vocabulary import (
    FOC,
    ActivateFirmware,
    Device,
    Outcome,
    UpdateKeyPackage,
    group,
    outcome,
    target,
)

LACKS_KEYS = (
    (migration == Migration.MIGRATED)
    & ~group.is_in(*FOC)
    & ppmid_status.is_in(SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED)
    & (key_package != KeyPackage.WITH_PPMID)
)
NON_COMPLIANT = (designation == Designation.RE_DESIGNATED) & LACKS_KEYS
READY = (
    is_a(ReDesignate)
    & (calendar == Calendar.WINDOW)
    & (designation == Designation.SUBMITTED)
    & (jip == Jip.FOC_STAYS_OUT)
)
"""Everything else that re-designation asks for holds."""

SUBMITTED = (Designation.SUBMITTED, Designation.DATE_CONSULTED_ON)

OF_COMPLIANCE = (
    always(
        "re-designation does not wait for keys: where they lack, it is said that the DCC is non-compliant",
        when=READY & LACKS_KEYS,
        then=(outcome == Outcome.HAPPENED)
        & (reason == ComplianceReason.NON_COMPLIANT)
        & (after(designation) == Designation.RE_DESIGNATED),
        rules="KEY-7 MOD-61",
    ),
    *(
        always(
            f"re-designation makes the DCC non-compliant for no installation {which}",
            when=READY & this,
            then=(outcome == Outcome.HAPPENED) & (reason == EventReason.HAPPENED),
            rules=rules,
        )
        for which, this, rules in (
            ("that is not migrated", migration != Migration.MIGRATED, "KEY-7"),
            ("of FOC", group.is_in(*FOC), "MOD-52"),
            (
                "without a PPMID in use",
                ~ppmid_status.is_in(SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED),
                "MOD-21",
            ),
            ("whose key package holds the PPMID's keys", key_package == KeyPackage.WITH_PPMID, "KEY-7"),
        )
    ),
    sometimes("the DCC may be non-compliant", of=NON_COMPLIANT, rules="KEY-7"),
    always(
        "where the DCC is non-compliant, the PPMID's firmware cannot be activated",
        when=NON_COMPLIANT & is_a(ActivateFirmware) & (target == Device.PPMID),
        then=outcome != Outcome.ACCEPTED,
        rules="KEY-5 KEY-7",
    ),
    always(
        "an update of the key package makes the DCC compliant",
        when=NON_COMPLIANT & is_a(UpdateKeyPackage) & (outcome == Outcome.HAPPENED),
        then=after(key_package) == KeyPackage.WITH_PPMID,
        rules="KEY-4 KEY-7",
    ),
    always_possible("the DCC can always come to be compliant", goal=~NON_COMPLIANT, rules="KEY-4 KEY-7"),
    sometimes(
        "re-designation may come before Uplift 1.2 is in force",
        of=is_a(ReDesignate) & (outcome == Outcome.HAPPENED) & (release == Release.BEFORE_UPLIFT_1_2),
        rules="MOD-60",
    ),
)

CLAIMS = (
    *OF_COMPLIANCE,
    *(
        always(
            f'where it is said that "{why.value}", that is so',
            when=reason == why,
            then=is_a(kind) & (outcome == Outcome.CANNOT_HAPPEN) & so,
            rules=rules,
        )
        for why, kind, so, rules in (
            (DesignationReason.LAST_DATE, PassDate, calendar == Calendar.AFTER_WINDOW, "DES-1 DES-2"),
            (
                DesignationReason.JIP_CONCLUDED,
                ConcludeJip,
                jip != Jip.PENDING,
                "DES-3",
            ),
            (DesignationReason.BEFORE_THE_REPORT, ConcludeJip, calendar < Calendar.REPORT, "MOD-16"),
            (
                DesignationReason.NOTHING_TO_REVISE,
                SubmitRevisedDocuments,
                jip != Jip.FOC_COMES_IN,
                "DES-3",
            ),
            (
                DesignationReason.NO_DATE_TO_CONSULT_ON,
                ConsultOnDate,
                designation != Designation.SUBMITTED,
                "DES-1 DES-2",
            ),
            (DesignationReason.WINDOW_NOT_OVER, ConsultOnDate, calendar != Calendar.AFTER_WINDOW, "MOD-20"),
            (
                DesignationReason.NOT_SUBMITTED,
                ReDesignate,
                ~designation.is_in(*SUBMITTED) & (designation != Designation.RE_DESIGNATED),
                "DES-1",
            ),
            (DesignationReason.ALREADY_RE_DESIGNATED, ReDesignate, designation == Designation.RE_DESIGNATED, "DES-1"),
            (DesignationReason.TOO_EARLY, ReDesignate, calendar == Calendar.REPORT, "DES-2"),
            (
                DesignationReason.DATE_NOT_CONSULTED_ON,
                ReDesignate,
                (calendar == Calendar.AFTER_WINDOW) & (designation == Designation.SUBMITTED),
                "DES-2",
            ),
            (DesignationReason.JIP_NOT_CONCLUDED, ReDesignate, jip == Jip.PENDING, "MOD-17"),
            (DesignationReason.NOT_REVISED, ReDesignate, jip == Jip.FOC_COMES_IN, "DES-3"),
        )
    ),
)
