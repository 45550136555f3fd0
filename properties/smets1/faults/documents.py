"""Faults of the changed documents: the way into force, its dates, and the releases beside it.

Rules: DES-1 to DES-5, DES-7, DES-8 and the assumptions MOD-16, MOD-17, MOD-20, MOD-21 and MOD-23.
"""

import attrs

from properties.mutation.planting import (
    Fault,
    changed_answers,
    changed_check,
    changed_transitions,
    with_transition,
    without_check,
)
from statemachines.language.lifecycle import Transition
from statemachines.language.system import System
from statemachines.smets1.compliance import ComplianceReason
from statemachines.smets1.designation import (
    Calendar,
    Designation,
    DocumentSet,
    Jip,
    PassDate,
    ReDesignate,
    calendar,
    designation,
    document_set,
    jip,
)
from statemachines.smets1.key_package import KeyPackage, key_package
from statemachines.smets1.releases import Release, release
from statemachines.smets1.vocabulary import FOC, group

_SUBMITTED = "the conclusions are submitted"
_MAY_CONCLUDE = "the report's day has come"
_KEYS_LACKING = "the keys of a commissioned or suspended PPMID are lacking"


def _unsubmitted(system: System) -> System:
    """The documents may be re-designated before their conclusions are submitted."""
    for label in (_SUBMITTED, "29 September 2020 has come", "the JIP change request is concluded"):
        system = without_check(system, label)
    return changed_transitions(
        system,
        designation.name,
        ReDesignate,
        lambda move: attrs.evolve(move, source=(*move.source, Designation.CONSULTATION_CLOSED)),
    )


def _revised_without_need(system: System) -> System:
    """Re-designation brings the versions revised for FOC also where FOC stays out of scope."""

    def change(move: Transition) -> Transition:
        stays_out = jip == Jip.FOC_STAYS_OUT
        revised = move.target is DocumentSet.REVISED
        return attrs.evolve(move, when=move.when | stays_out if revised else move.when & ~stays_out)

    return changed_transitions(system, document_set.name, ReDesignate, change)


FAULTS: dict[str, Fault] = {
    "re_designated_without_submission": Fault(
        "DES-1",
        "The documents are re-designated without conclusions having been submitted to the Secretary of State.",
        "only what is submitted is re-designated",
        _unsubmitted,
    ),
    "re_designated_too_early": Fault(
        "DES-2",
        "The documents are re-designated on the day of the report, before 29 September 2020.",
        "no re-designation before 29 September 2020",
        lambda system: changed_check(system, "29 September 2020 has come", lambda _: calendar < Calendar.REPORT),
    ),
    "re_designated_too_late": Fault(
        "DES-2",
        "The documents are re-designated after 29 October 2020, and the date was not consulted on again.",
        "no re-designation after 29 October 2020 unless the date was consulted on again",
        lambda system: without_check(system, "29 October 2020 has not passed, or the date was consulted on again"),
    ),
    "foc_comes_in_unrevised": Fault(
        "DES-3",
        "Where FOC comes into scope, the documents are re-designated as they are.",
        "no re-designation while FOC comes into scope and no revised DUIS and S1SR are submitted",
        lambda system: without_check(system, "where FOC comes into scope, revised DUIS and S1SR are submitted"),
    ),
    "documents_stay_as_they_are": Fault(
        "DES-4",
        "Re-designation leaves the versions in the SEC as they are, where FOC stays out of scope.",
        "re-designation brings into the SEC those attached to the report, where FOC stays out of scope",
        lambda system: changed_transitions(
            system,
            document_set.name,
            ReDesignate,
            lambda move: attrs.evolve(move, when=move.when & (jip != Jip.FOC_STAYS_OUT)),
            DocumentSet.CONCLUDED,
        ),
    ),
    "releases_wait_for_re_designation": Fault(
        "DES-5",
        "The November 2020 maintenance release waits for the documents to be re-designated.",
        "what is deployed next after Uplift 1.2 is November 2020 maintenance",
        lambda system: changed_check(
            system,
            "a later release is known",
            lambda fails: fails | ((release == Release.UPLIFT_1_2) & (designation != Designation.RE_DESIGNATED)),
        ),
    ),
    "re_designation_deploys_a_release": Fault(
        "MOD-60",
        "Re-designation brings the November 2020 maintenance release into force.",
        "re-designation deploys no release",
        lambda system: with_transition(
            system, release.name, Transition(Release.UPLIFT_1_2, ReDesignate, Release.NOVEMBER_2020, rules="DES-5")
        ),
    ),
    "submission_changes_the_sec": Fault(
        "DES-7",
        "The versions in the SEC change on the day of the report, when the conclusions are submitted.",
        "only re-designation changes the versions in the SEC",
        lambda system: with_transition(
            system,
            document_set.name,
            Transition(
                DocumentSet.CURRENT,
                PassDate,
                DocumentSet.CONCLUDED,
                when=calendar == Calendar.UNTIL_REPORT,
                rules="DES-4",
            ),
        ),
    ),
    "documents_nobody_was_consulted_on": Fault(
        "DES-8",
        "Re-designation brings versions that were not consulted on into the SEC, where FOC stays out of scope.",
        "re-designation brings into the SEC those attached to the report, where FOC stays out of scope",
        _revised_without_need,
    ),
    "jip_waits_for_october": Fault(
        "MOD-16",
        "The JIP change request is not concluded before 29 September 2020.",
        "the JIP change request may be concluded from the day of the report on",
        lambda system: changed_check(system, _MAY_CONCLUDE, lambda fails: fails | (calendar < Calendar.WINDOW)),
    ),
    "re_designation_does_not_wait_for_jip": Fault(
        "MOD-17",
        "The documents are re-designated before it is known what becomes of FOC.",
        "where the documents are re-designated, the JIP change request is concluded",
        lambda system: without_check(system, "the JIP change request is concluded"),
    ),
    "date_is_consulted_on_early": Fault(
        "MOD-20",
        "The date is consulted on again while it may still be kept.",
        "consulting on the date again has to wait until 29 October 2020 has passed",
        lambda system: changed_check(
            system,
            "29 October 2020 has passed",
            lambda _: calendar < Calendar.WINDOW,
        ),
    ),
    "non_compliant_where_there_is_no_ppmid": Fault(
        "MOD-21",
        "A re-designation makes the DCC non-compliant for an installation without a PPMID.",
        "re-designation makes the DCC non-compliant for no installation without a PPMID in use",
        lambda system: changed_answers(
            system,
            ReDesignate,
            lambda answer: (
                attrs.evolve(answer, when=(key_package == KeyPackage.WITHOUT_PPMID) & ~group.is_in(*FOC))
                if answer.reason is ComplianceReason.NON_COMPLIANT
                else answer
            ),
        ),
    ),
    "re_designation_comes_with_the_window": Fault(
        "DES-1",
        "The documents are re-designated as soon as 29 September 2020 comes, and nobody decides.",
        'only Re-designate brings the changed documents to "re-designated"',
        lambda system: with_transition(
            system,
            designation.name,
            Transition(
                Designation.SUBMITTED,
                PassDate,
                Designation.RE_DESIGNATED,
                when=calendar == Calendar.REPORT,
                rules="DES-1",
            ),
        ),
    ),
    "key_package_updates_end_in_november": Fault(
        "MOD-23",
        "The initial period in which key packages are updated ends with the November 2020 maintenance release.",
        "the DCC can update the key package of an installation after the initial period, too",
        lambda system: changed_check(system, _KEYS_LACKING, lambda fails: fails | (release >= Release.NOVEMBER_2020)),
    ),
}
