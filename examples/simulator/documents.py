"""The changed documents' way into the SEC: consultation, conclusions, re-designation."""

from dataclasses import dataclass
from enum import StrEnum

from . import reasons
from .answers import Answer, CannotHappen
from .dcc import Dcc
from .dco import Dco
from .faults import Fault
from .words import At, Outcome, Release

DATES = (
    "before 6 August 2020",
    "6 August to 3 September 2020, 16:00",
    "3 September, 16:00, to 24 September 2020",
    "25 to 28 September 2020",
    "29 September to 29 October 2020",
    "after 29 October 2020",
)
CONSULTATION_CLOSES, REPORT, WINDOW, AFTER_WINDOW = 2, 3, 4, 5


class Standing(StrEnum):
    """How far the changed documents have come."""

    IN_PREPARATION = "in preparation"
    CONSULTATION_OPEN = "consultation open"
    CONSULTATION_CLOSED = "consultation closed"
    SUBMITTED = "conclusions submitted"
    DATE_CONSULTED_ON = "conclusions submitted, and the date consulted on again"
    RE_DESIGNATED = "re-designated"


class Jip(StrEnum):
    """What came of the JIP change request."""

    PENDING = "not concluded"
    FOC_STAYS_OUT = "FOC stays out of scope"
    FOC_COMES_IN = "FOC comes into scope"
    REVISED = "FOC comes into scope, and revised DUIS and S1SR are submitted"


class Versions(StrEnum):
    """Which versions of the documents are in the SEC."""

    CURRENT = "those in the SEC on 25 September 2020"
    CONCLUDED = "those attached to the report"
    REVISED = "those attached to the report, DUIS and S1SR revised for FOC"


@dataclass
class Documents:
    """The documents, what has been decided on them, and the date."""

    dcc: Dcc
    dco: Dco
    date: int = 0
    standing: Standing = Standing.IN_PREPARATION
    jip: Jip = Jip.PENDING
    versions: Versions = Versions.CURRENT

    def pass_date(self) -> None:
        """The next date that matters has come."""
        if self.date == AFTER_WINDOW:
            raise CannotHappen(reasons.LAST_DATE)
        self.date += 1
        first_day = CONSULTATION_CLOSES if self.dcc.fault is Fault.CONCLUSIONS_BEFORE_THEIR_DAY else REPORT
        if self.date == first_day:
            self.standing = Standing.SUBMITTED
        elif self.date == 1:
            self.standing = Standing.CONSULTATION_OPEN
        elif self.date == CONSULTATION_CLOSES:
            self.standing = Standing.CONSULTATION_CLOSED

    def conclude_jip(self, foc: str) -> None:
        """The JIP change request is concluded."""
        late = self.dcc.fault is Fault.JIP_DUE_DATE_BINDS and self.date == AFTER_WINDOW
        if self.jip is not Jip.PENDING:
            raise CannotHappen(reasons.JIP_CONCLUDED)
        if self.date < REPORT or late:
            raise CannotHappen(reasons.BEFORE_THE_REPORT)
        self.jip = Jip.FOC_COMES_IN if foc == "in scope" else Jip.FOC_STAYS_OUT
        self.dcc.foc_came_in = self.jip is Jip.FOC_COMES_IN

    def submit_revised(self) -> None:
        """DUIS and S1SR are revised for FOC, and submitted."""
        if self.jip is not Jip.FOC_COMES_IN:
            raise CannotHappen(reasons.NOTHING_TO_REVISE)
        self.jip = Jip.REVISED

    def consult_on_date(self) -> None:
        """The latest date has passed: whoever wants another has to consult on it."""
        first_day = WINDOW if self.dcc.fault is Fault.DATE_CONSULTED_ON_EARLY else AFTER_WINDOW
        if self.standing is not Standing.SUBMITTED:
            raise CannotHappen(reasons.NO_DATE_TO_CONSULT_ON)
        if self.date < first_day:
            raise CannotHappen(reasons.WINDOW_NOT_OVER)
        self.standing = Standing.DATE_CONSULTED_ON

    def re_designate(self) -> Answer | None:
        """The Secretary of State re-designates the documents; it is said where that makes the DCC non-compliant."""
        fault = self.dcc.fault
        if self.standing is Standing.RE_DESIGNATED:
            raise CannotHappen(reasons.ALREADY_RE_DESIGNATED)
        if self.standing not in (Standing.SUBMITTED, Standing.DATE_CONSULTED_ON):
            raise CannotHappen(reasons.NOT_SUBMITTED)
        if self.date < (REPORT if fault is Fault.RE_DESIGNATED_TOO_EARLY else WINDOW):
            raise CannotHappen(reasons.TOO_EARLY)
        if self.date == AFTER_WINDOW and self.standing is not Standing.DATE_CONSULTED_ON:
            raise CannotHappen(reasons.DATE_NOT_CONSULTED_ON)
        if self.jip is Jip.PENDING and fault is not Fault.JIP_NOT_AWAITED:
            raise CannotHappen(reasons.JIP_NOT_CONCLUDED)
        if self.jip is Jip.FOC_COMES_IN and fault is not Fault.REVISION_NOT_AWAITED:
            raise CannotHappen(reasons.NOT_REVISED)
        if not self.dcc.has(Release.UPLIFT) and fault is Fault.UPLIFT_AWAITED:
            raise CannotHappen(reasons.NOT_REVISED)
        if self._keys_lacking() and fault is Fault.KEYS_AWAITED:
            raise CannotHappen(reasons.NOT_REVISED)
        self.standing = Standing.RE_DESIGNATED
        self.versions = Versions.REVISED if self.jip is Jip.REVISED else Versions.CONCLUDED
        if not self._keys_lacking() or fault is Fault.NON_COMPLIANCE_NOT_SAID:
            return None
        return Answer(Outcome.HAPPENED, At.PREMISES, reasons.NON_COMPLIANT)

    def _keys_lacking(self) -> bool:
        return self.dco.lacks_keys_of_ppmid and not self.dcc.installation.foc
