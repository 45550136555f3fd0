"""Claims about the changed documents and the installation: what re-designation waits for, and what is said of it.

Re-designation waits for the PPMID's keys, and for nothing else of the installation; an event that cannot happen is
told why. What speaks of the documents alone is in `properties.smets1.designation`. Sources: DES-1 to DES-3, DES-6,
KEY-7 and the assumptions MOD-16 to MOD-21.
"""

from properties.smets1.designation import waits_for_keys
from statemachines import always, is_a
from statemachines.smets1.commissioning import SmiStatus, ppmid_status
from statemachines.smets1.designation import (
    Calendar,
    ConcludeJip,
    ConsultOnDate,
    Designation,
    DesignationReason,
    Jip,
    PassDate,
    ReDesignate,
    SubmitConclusions,
    SubmitRevisedDocuments,
    calendar,
    designation,
    jip,
)
from statemachines.smets1.key_package import KeyPackage, key_package
from statemachines.smets1.migration import Migration, migration
from statemachines.smets1.reasons import reason
from statemachines.smets1.releases import Release, release
from statemachines.smets1.vocabulary import FOC, Outcome, group, outcome

LACKS_KEYS = (
    (migration == Migration.MIGRATED)
    & ~group.is_in(*FOC)
    & ppmid_status.is_in(SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED)
    & (key_package != KeyPackage.WITH_PPMID)
)
READY = (
    is_a(ReDesignate)
    & (release >= Release.UPLIFT_1_2)
    & (calendar == Calendar.WINDOW)
    & (designation == Designation.SUBMITTED)
    & (jip == Jip.FOC_STAYS_OUT)
)
"""All that re-designation asks for elsewhere is so."""

SUBMITTED = (Designation.SUBMITTED, Designation.DATE_CONSULTED_ON)

CLAIMS = (
    *waits_for_keys(LACKS_KEYS),
    *(
        always(
            f"re-designation does not wait for an installation {which}",
            when=READY & this,
            then=outcome == Outcome.HAPPENED,
            rules=rules,
        )
        for which, this, rules in (
            ("that is not migrated", migration != Migration.MIGRATED, "KEY-7"),
            ("of FOC", group.is_in(*FOC), "KEY-7"),
            (
                "without a PPMID in use",
                ~ppmid_status.is_in(SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED),
                "KEY-7 MOD-21",
            ),
            ("whose key package holds the PPMID's keys", key_package == KeyPackage.WITH_PPMID, "KEY-7 DES-6"),
        )
    ),
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
                DesignationReason.NOT_TO_SUBMIT,
                SubmitConclusions,
                (calendar < Calendar.REPORT) | (designation != Designation.CONSULTATION_CLOSED),
                "DES-1 MOD-19",
            ),
            (
                DesignationReason.NOT_TO_CONCLUDE,
                ConcludeJip,
                (calendar < Calendar.REPORT) | (jip != Jip.PENDING),
                "DES-3 MOD-16",
            ),
            (
                DesignationReason.NOTHING_TO_REVISE,
                SubmitRevisedDocuments,
                ~designation.is_in(*SUBMITTED) | (jip != Jip.FOC_COMES_IN),
                "DES-3 MOD-20",
            ),
            (
                DesignationReason.NO_DATE_TO_CONSULT_ON,
                ConsultOnDate,
                (calendar != Calendar.AFTER_WINDOW) | (designation != Designation.SUBMITTED),
                "DES-2 MOD-20",
            ),
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
            (DesignationReason.JIP_NOT_CONCLUDED, ReDesignate, jip == Jip.PENDING, "DES-3 MOD-17"),
            (DesignationReason.NOT_REVISED, ReDesignate, jip == Jip.FOC_COMES_IN, "DES-3"),
            (DesignationReason.KEYS_LACKING, ReDesignate, LACKS_KEYS, "KEY-7 DES-6"),
            (DesignationReason.UPLIFT_NOT_IN_FORCE, ReDesignate, release == Release.BEFORE_UPLIFT_1_2, "MOD-18"),
        )
    ),
)
