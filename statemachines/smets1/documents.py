"""The documents of the SEC that the change is of, and their versions as the report names them (DES-4, DES-7, DES-8)."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from types import MappingProxyType

import attrs


class Document(Enum):
    """The documents that the change is of."""

    TMAD = "TMAD"
    S1SR = "S1SR"
    SRPD = "SRPD"
    DUIS = "DUIS"


@attrs.frozen
class Versions:
    """The versions of one document, as the report names them.

    Parameters
    ----------
    appendix: which appendix of the SEC it is.
    current, since: the version in the SEC on the day of the report, and its first day there.
    concluded: the version whose draft is attached to the report: in the SEC once the documents are re-designated, and
        then no draft.
    consulted_on: the version consulted on, as each section of the report writes it.
    """

    appendix: str
    current: str
    since: date
    concluded: str
    consulted_on: tuple[str, ...]


DOCUMENTS: Mapping[Document, Versions] = MappingProxyType(
    {
        Document.TMAD: Versions(
            "AL", "AL 7.0", date(2020, 9, 18), "AL 8.0", ("AL 6.1U draft (section 2)", "AL 6.0 (section 5)")
        ),
        Document.S1SR: Versions(
            "AM", "AM 4.0", date(2020, 7, 24), "AM 5.0", ("AM4.4 (section 2)", "AM 4.3 draft (section 5)")
        ),
        Document.SRPD: Versions("AB", "AB 3.0", date(2020, 5, 6), "4.0", ("AM2.1 (section 2)", "AB 2.0 (section 5)")),
        Document.DUIS: Versions(
            "AD", "3.1", date(2019, 11, 29), "3.1 [Designation Date]", ("3.1 [Designation Date] (section 2)",)
        ),
    }
)
"""Each document's versions (DES-4, DES-7, DES-8).

The report names some of them in ways that do not agree: both are kept, and none is corrected. It attaches the SRPD as
"AM 4.0 draft" (section 9), and AM is the S1SR's appendix; here it is called "4.0".
"""
