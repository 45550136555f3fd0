"""DCC's Conclusions report on SMETS1 Uplift 1.2, section by section: what it says, and the rules that come from it.

It is paraphrased, with a few of its own words in quotation marks; sections, rows and questions have its numbers.
"""

from statemachines.language.rules import Passage, Section


def _section(number: str, title: str, *passages: Passage) -> Section:
    return Section("CON", number, title, passages)


_NO_VIEWS = "who answered what decides no request"

REPORT = (
    _section(
        "cover",
        "Title, date, author, contents",
        Passage(
            "Conclusions and report to the Secretary of State on changes to DUIS, TMAD, SRPD and S1SR, of 25 September "
            "2020, classified DCC Public.",
            "DES-1",
        ),
    ),
    _section(
        "1",
        "Introduction and Context",
        Passage("The TMAD sets out the requirements of the migration approach.", "MIG-1"),
        Passage("TMAD AL 7.0 covers IOC, MOC (MDS) and MOC (Secure).", "SYS-2 DOC-5"),
        Passage("Changes to support FOC are planned, with a consultation of their own on the TMAD.", "SYS-2 DOC-5"),
        Passage(
            "S1SR supplements how the DCC processes SMETS1 Service Requests, with behaviours that are specific to "
            "particular SMETS1 Device Models.",
            "DOC-2",
        ),
        Passage(
            "DUIS has the technical details of the DCC's User Interface; the SRPD describes how DCC systems handle "
            "Service Requests.",
            not_modelled="it says what the documents are for; their clauses are not at hand",
        ),
        Passage(
            "In the SEC as appendices: DUIS 3.1 (AD) since 29 November 2019, SRPD 3.0 (AB) since 6 May 2020, TMAD 7.0 "
            "(AL) since 18 September 2020, S1SR 4.0 (AM) since 24 July 2020.",
            "DES-4 DES-7",
        ),
        Passage("On 6 August 2020 the DCC issued a consultation on changes to these appendices.", "DES-1"),
        Passage(
            "The report considers the responses as the regulatory requirements for revising the documents have it.",
            not_modelled="it says what the report itself is for",
        ),
    ),
    _section(
        "2",
        "Stakeholder Engagement",
        Passage(
            "The consultation document was published on 6 August 2020, and stakeholders were told by e-mail.", "DES-1"
        ),
        Passage("Consulted on: TMAD AL 6.1U draft, S1SR AM4.4, DUIS 3.1 [Designation Date], SRPD AM2.1.", "DES-8"),
        Passage("Consulted on: Annex A of S1SR AM4.4, the DMVES.", "DOC-2"),
        Passage("Consulted on: draft text and timescale of the direction for re-designation.", "DES-1"),
        Passage("Responses were invited by 16:00 on Thursday 3 September 2020.", "DES-1"),
    ),
    _section(
        "3",
        "Consultation Questions & Respondents",
        Passage(
            "Table 1, Q1 to Q3: provision of the revised engineering menu PIN, leading zeros in MPRNs for IOC, "
            "firmware updates of PPMIDs.",
            not_modelled="questions bind nobody; what was concluded is in sections 4.1 to 4.3",
        ),
        Passage("Table 1, Q4: re-designation on Tuesday 29 September 2020, or within one month thereafter.", "DES-2"),
        Passage("Table 1, Q4: the draft notification is at Attachment 1 of the consultation.", "DOC-4"),
        Passage("Five responses were received, and provided to the Secretary of State.", not_modelled=_NO_VIEWS),
    ),
    _section(
        "4",
        "Analysis of Responses",
        Passage(
            "How responses were reviewed, and how the analysis is set out.",
            not_modelled="it is about the report's method",
        ),
    ),
    _section(
        "4.1",
        "Non-randomisation of PINs (U1.2 Q1)",
        Passage(
            "Changes to the TMAD: the DCC provides the revised engineering menu PIN to the Installing Supplier.",
            "PIN-1 MIG-3",
        ),
        Passage('The title says what had been done to PINs: "Non-randomisation".', "PIN-4"),
    ),
    _section(
        "4.1.1",
        "Respondent View (PINs)",
        Passage("Who supported the proposal.", not_modelled=_NO_VIEWS),
        Passage(
            'The change addresses the case where the Installing Supplier "incorrectly lost access" to the PIN by the '
            "migration.",
            "PIN-2 PIN-4",
        ),
        Passage("Wider access to such PINs across industry is outside the remit of the TMAD.", "PIN-2"),
        Passage(
            'Footnote 2: clause 13.1 of S1SR calls it "a PIN for functionality not meant for use by Energy Consumers".',
            "PIN-1",
        ),
    ),
    _section("4.1.2", "Areas of Disagreement (PINs)", Passage("None.", not_modelled=_NO_VIEWS)),
    _section(
        "4.2",
        "MPRN Validation for Leading Zeros (U1.2 Q2)",
        Passage("Changes to the TMAD: validation of MPRNs accounts for leading zeros, for IOC.", "MPRN-1 MIG-2"),
    ),
    _section(
        "4.2.1", "Respondent View (MPRNs)", Passage("Four respondents supported the proposal.", not_modelled=_NO_VIEWS)
    ),
    _section("4.2.2", "Areas of Disagreement (MPRNs)", Passage("None.", not_modelled=_NO_VIEWS)),
    _section(
        "4.3",
        "PPMID Firmware Upgrade (U1.2 Q3)",
        Passage("Changes to SRPD, DUIS and S1SR for firmware updates of SMETS1 PPMIDs.", "SYS-4"),
    ),
    _section(
        "4.3.1",
        "Respondent View (PPMID firmware)",
        Passage("All five respondents supported the proposal.", not_modelled=_NO_VIEWS),
        Passage("S1SR and DUIS exclude the change for the FOC GroupIDs EA and EB.", "PPMID-7 SYS-3"),
        Passage(
            "FOC is part of the JIP change request, due to complete on 8 October 2020 at the SMDG. Should it bring "
            "PPMID firmware into FOC's scope, revised DUIS and S1SR go to the Secretary of State before "
            "re-designation.",
            "DES-3",
        ),
        Passage(
            "The Secretary of State has indicated that re-designation would take place once the Transition Tool "
            "running has completed.",
            "DES-6",
        ),
        Passage(
            "Without the upgrade, PPMIDs may become outdated after migration.",
            not_modelled="it is a respondent's reason for the change",
        ),
        Passage(
            "For split supply, a respondent proposed that the Gas Supplier may upgrade PPMID firmware and is notified "
            "beforehand, to test. The DCC does not consider it appropriate: both Suppliers could update at the same "
            "time.",
            "PPMID-1 PPMID-2 PPMID-5 SYS-5",
        ),
        Passage(
            "The regime extends the one for Communications Hub firmware, which makes the Electricity Supplier "
            "responsible.",
            "PPMID-1 PPMID-3",
        ),
        Passage('"At all times, a Supplier Party has the right to upgrade the firmware".', "PPMID-4"),
        Passage("There is always an Electricity Supplier where there is a SMETS1 Communications Hub.", "PPMID-4 SYS-5"),
        Passage(
            'The Electricity Supplier "can\'t readily identify" the Gas Supplier, so that it cannot notify it.',
            "PPMID-6",
        ),
        Passage(
            "A respondent's advance testing would be of no use without notification.",
            not_modelled="it is a proposal that was not taken up",
        ),
        Passage(
            "No user is forced to adopt a new version of DUIS unless it means to use PPMID firmware functionality; the "
            "schema is unchanged.",
            "SRP-4",
        ),
    ),
    _section("4.3.2", "Areas of Disagreement (PPMID firmware)", Passage("None.", not_modelled=_NO_VIEWS)),
    _section(
        "4.4",
        "Secretary of State Regulatory Change (U1.2 Q4)",
        Passage("Views sought on 29 September 2020, or within one month thereafter.", "DES-2"),
        Passage("The draft notification is at Attachment 1.", "DOC-4"),
    ),
    _section(
        "4.4.1", "Respondent View (date)", Passage("Four respondents supported the proposal.", not_modelled=_NO_VIEWS)
    ),
    _section("4.4.2", "Areas of Disagreement (date)", Passage("None.", not_modelled=_NO_VIEWS)),
    _section(
        "5",
        "Summary of Drafting Changes",
        Passage("The consultation was based on TMAD AL 6.0, S1SR AM 4.3 draft and SRPD AB 2.0.", "DES-8"),
        Passage(
            "The conclusion is based on TMAD AL 7.0, re-designated on 18 September 2020, S1SR AM 4.0 (the changes of "
            "AM 4.3 are not concluded) and SRPD AB 3.0.",
            "DES-4",
        ),
        Passage(
            "Minor changes amend typographical errors; Table 2 has the key ones.",
            not_modelled="the legal drafting is not at hand",
        ),
    ),
    _section(
        "Table 2 row 1",
        "TMAD clause 3.25: where GroupID is CA",
        Passage(
            'The clause begins with GroupID = CA, "to confirm this requirement is only for IOC Elster Gas Meters".',
            "PIN-1 PIN-3 SYS-3",
        ),
    ),
    _section(
        "Table 2 row 2",
        "TMAD clause 3.25: the phrase",
        Passage('"Engineering menu PIN" becomes the phrase of clause 13.1 of S1SR.', "PIN-1"),
    ),
    _section(
        "Table 2 row 3",
        "S1SR clause 12.2",
        Passage('The words "(Anomaly Detection)" were included.', "SRP-1"),
    ),
    _section(
        "Table 2 row 4",
        "S1SR Table 3",
        Passage("The GPF had been left out of the row for SRV 11.2.", "READ-1 SYS-4"),
    ),
    _section(
        "Table 2 row 5",
        "DUIS clauses 1.4.7.13, 1.4.7.13A, 1.4.7.134 [sic]; S1SR clauses 17.58A, 17.58B",
        Passage("The PPMID firmware requirement excludes FOC.", "PPMID-7 SYS-3"),
        Passage("A definition of GroupID is included in S1SR and DUIS.", "DOC-3"),
    ),
    _section(
        "6",
        "Conclusions",
        Passage(
            "DCC's view: the documents are complete, accurate, consistent with the SEC and fit for purpose; no further "
            "consultation is needed; it has met its SEC obligations.",
            not_modelled="an opinion on documents that are not at hand decides no request",
        ),
    ),
    _section(
        "7",
        "Implementation Update",
        Passage("Details of the implementation, apart from the documents and their designation.", "DES-5"),
    ),
    _section(
        "7.1",
        "DCO Key Packages",
        Passage(
            "To support Critical Commands, the DCO maintains a package of security keys for each device in the "
            "installation.",
            "KEY-1 KEY-6 SRP-3 SYS-1 SYS-4",
        ),
        Passage("The package has to be extended to include the PPMID's keys.", "KEY-2"),
        Passage(
            "A PPMID migrated after the change to DCC's system: by the Join commands of commissioning.", "KEY-3 MIG-3"
        ),
        Passage(
            "Sites already migrated: updated explicitly, all of them, in the initial period after the change.", "KEY-4"
        ),
        Passage("An Activate Firmware request before the update is rejected.", "KEY-5"),
        Passage(
            'Re-designation before the update "would mean that DCC would be non-compliant with the SEC"; DCC expects '
            "it to come once the packages are updated.",
            "KEY-7",
        ),
        Passage("The Use of DUIS Guidance note will include this behaviour.", "DOC-1"),
    ),
    _section(
        "7.2",
        "Auxiliary Load Implications",
        Passage(
            "Regression testing of the S1SP systems for IOC: a two-rate tariff with identical prices closes the "
            "Auxiliary Load switch.",
            "AUX-1 SYS-2 SYS-4",
        ),
        Passage(
            "The November 2020 maintenance release addresses it: only where prices are different should the switch be "
            "closed.",
            "AUX-2",
        ),
        Passage("The Use of DUIS Guidance note will include this behaviour.", "DOC-1"),
    ),
    _section(
        "7.3",
        "PPMID SRVs for FOC",
        Passage(
            "SRVs to update or activate firmware on an FOC PPMID are processed by the DSP and not by the S1SP.",
            "PPMID-8 SYS-1 SYS-2",
        ),
        Passage("The message returned will be described as part of FOC live.", "PPMID-8 DOC-5"),
    ),
    _section(
        "7.4",
        "PPMID for IOC - SRV 11.2",
        Passage(
            "A defect, for IOC: SRV 11.2 for a PPMID returns an alert in place of the correct response. The November "
            "2020 maintenance release fixes it.",
            "READ-2",
        ),
        Passage("The Use of DUIS Guidance note will include it.", "DOC-1"),
    ),
    _section(
        "8",
        "Next Steps",
        Passage("The report was submitted to the Secretary of State on 25 September 2020.", "DES-1"),
        Passage("The Secretary of State decides whether and when to re-designate.", "DES-1"),
        Passage(
            "Earliest 29 September 2020, latest 29 October 2020 without a further consultation on the date.", "DES-2"
        ),
        Passage("DCC expects re-designation once the key packages are upgraded.", "KEY-7"),
        Passage('It refers to "Sub-Section 0", which there is not.', "DOC-4"),
    ),
    _section(
        "9",
        "Attachments",
        Passage("TMAD AL 8.0, S1SR AM 5.0 and SRPD AM 4.0 drafts, DUIS 3.1 [Designation Date].", "DES-4 DES-8"),
        Passage("Each clean and as two deltas; 11 and 12 have one title.", "DOC-4"),
        Passage("Annex A of S1SR AM 5.0 draft: the DMVES.", "DOC-2"),
    ),
)
"""Every section of the report."""
