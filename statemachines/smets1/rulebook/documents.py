"""Rules of documents: releases and re-designation, guidance, and what the report leaves out."""

from statemachines.language.rules import Rule

DESIGNATION = (
    Rule(
        "DES-1",
        "The change goes: consultation (6 August 2020; responses by 16:00 on 3 September 2020) → conclusions "
        "submitted to the Secretary of State (25 September 2020) → re-designation, if and when the Secretary "
        "of State decides.",
        "CON 1-2, 8",
    ),
    Rule(
        "DES-2",
        "Earliest re-designation 29 September 2020; latest 29 October 2020 without a further consultation on the date.",
        "CON 3, 4.4, 8",
    ),
    Rule(
        "DES-3",
        "If the JIP change request (due 8 October 2020 at the SMDG) puts PPMID firmware into FOC's scope, revised DUIS "
        "and S1SR go to the Secretary of State before re-designation. What then becomes of requests for an FOC PPMID "
        "is not said.",
        "CON 4.3.1",
    ),
    Rule(
        "DES-4",
        "The versions: TMAD AL 7.0 → AL 8.0, S1SR AM 4.0 → AM 5.0, SRPD AB 3.0 → its 4.0, DUIS 3.1 → DUIS 3.1 "
        "[Designation Date]. What is attached are drafts of these; what is in the SEC after re-designation is no "
        "draft. That it has the number of its draft is an assumption: MOD-59.",
        "CON 1, 5, 9",
    ),
    Rule(
        "DES-5",
        "System behaviour follows the release in force: before Uplift 1.2; Uplift 1.2; November 2020 maintenance. "
        "Legal force follows the designation. That the two are separate axes is an assumption: MOD-60.",
        "CON 7",
    ),
    Rule(
        "DES-6",
        "The Secretary of State has indicated that any re-designation to support Uplift 1.2 would take place once the "
        "Transition Tool running has completed: the updating of the DCO key packages, for the report points to section "
        "7.1. A fleet assumes that he does as indicated.",
        "CON 4.3.1 (an indication: no rule in force)",
        "all",
    ),
    Rule(
        "DES-7",
        "The versions in the SEC on the day of the report, and since when: DUIS 3.1 since 29 November 2019, SRPD "
        "3.0 since 6 May 2020, S1SR 4.0 since 24 July 2020, TMAD 7.0 since 18 September 2020. Which versions "
        "they replaced it does not say.",
        "CON 1",
    ),
    Rule(
        "DES-8",
        "The versions consulted on: TMAD AL 6.1U draft, S1SR AM4.4, SRPD AM2.1, DUIS 3.1 [Designation Date] "
        "(section 2); based on TMAD AL 6.0, S1SR AM 4.3 draft and SRPD AB 2.0 (section 5). The report names them "
        "in more than one way, and does not say which is right.",
        "CON 2, 5, 9",
    ),
)

DOCUMENTS = (
    Rule(
        "DOC-1",
        "DCC is to disclose three behaviours in the Use of DUIS Guidance note: that an activation is rejected until "
        "the key package is updated, that identical prices close the auxiliary load switch, and that SRV 11.2 gets an "
        "alert. What disclosing does is not said: MOD-61.",
        "CON 7.1, 7.2, 7.4",
        not_modelled="KEY-5, AUX-1 and READ-2 are the behaviours; that a note discloses them changes no verdict",
    ),
    Rule(
        "DOC-2",
        "S1SR accommodates behaviours that are specific to Device Models. Its Annex A, the Device Model Variations to "
        "Equivalent Steps Matrix (DMVES), is part of what is consulted on and submitted.",
        "CON 1, 2, 9",
        not_modelled="the content of the DMVES is not at hand, so that no step of any Device Model is known; what a "
        "user's own table has is shown beside a judgement (judge --dmves), and decides nothing",
    ),
    Rule(
        "DOC-3",
        "A definition of GroupID is included in S1SR and DUIS.",
        "CON Table 2 row 5",
        not_modelled="the words of the definition are not at hand; SYS-3 has the GroupIDs that the report names, and a "
        "user's own table (--groups) names others of a cohort",
    ),
    Rule(
        "DOC-4",
        "The submission has thirteen attachments: four documents, each clean, as delta against the current version and "
        "against the consultation version, and the DMVES. Kept as the report has them: it lists no clean SRPD (11 and "
        '12 have one title), calls the SRPD "AM 4.0", and refers to "Sub-Section 0". The draft notification is '
        "Attachment 1 of the consultation.",
        "CON 3, 4.4, 8, 9",
        not_modelled="no request and no day depends on how a document is attached; DES-4 has the versions",
    ),
    Rule(
        "DOC-5",
        "TMAD AL 7.0 covers IOC, MOC (MDS) and MOC (Secure). Changes to support FOC have a consultation of their own, "
        'and "FOC live" comes later.',
        "CON 1, 7.3",
        not_modelled="the day of FOC live is not known; MOD-22 says what the model assumes in its place",
    ),
)

REQUEST_MATRIX = (
    Rule(
        "SRM-1",
        "DCC's service request matrix that is at hand is of a later DUIS (schema 5.x) than the report's 3.1. SRV 11.4 "
        "came by a modification that was approved on 27 October 2020 and in force from 4 November 2021: before that "
        "day there is no such request.",
        "SRM; PUB (modification SECMP0007)",
    ),
)
