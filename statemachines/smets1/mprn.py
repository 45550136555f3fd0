"""MPRNs, the numbers of gas meter points: what is one, and when two match.

Sources: MPRN-1 to MPRN-3 and the assumptions MOD-39 and MOD-40.
"""

import re

from statemachines.language.expression import Expr
from statemachines.smets1.releases import UPLIFT_1_2_IN_FORCE
from statemachines.smets1.supply import NO_GAS
from statemachines.smets1.vocabulary import IOC, MprnComparison, group, mprn

_MPRN = re.compile(r"[0-9]{1,10}")

SAME: Expr = ~NO_GAS & (mprn == MprnComparison.IDENTICAL)
INVALID: Expr = ~NO_GAS & (mprn == MprnComparison.INVALID)
OTHER: Expr = ~NO_GAS & (mprn == MprnComparison.DIFFERENT)
_DIFFER_IN_ZEROS: Expr = ~NO_GAS & (mprn == MprnComparison.LEADING_ZEROS)
ZEROS_IGNORED: Expr = _DIFFER_IN_ZEROS & group.is_in(*IOC) & UPLIFT_1_2_IN_FORCE
"""MPRNs of IOC that differ in leading zeros only, since Uplift 1.2 (MPRN-1)."""
ZEROS_COUNTED_BEFORE_UPLIFT: Expr = _DIFFER_IN_ZEROS & group.is_in(*IOC) & ~UPLIFT_1_2_IN_FORCE
ZEROS_COUNTED_ELSEWHERE: Expr = _DIFFER_IN_ZEROS & ~group.is_in(*IOC)

MATCHES: Expr = NO_GAS | SAME | ZEROS_IGNORED
"""Where the validation of an installation's data finds nothing wrong (MPRN-1, MPRN-2)."""


class MprnError(ValueError):
    """A text that is no MPRN, with the reason (MPRN-3)."""


def checked(text: str) -> str:
    """The text, if it is an MPRN: digits only, 1 to 10 of them (MPRN-3); `MprnError` if it is not.

    >>> checked("0012345678")
    '0012345678'
    >>> checked("12 345")
    Traceback (most recent call last):
    statemachines.smets1.mprn.MprnError: '12 345' is not an MPRN: expected 1 to 10 digits and nothing else
    """
    if not _MPRN.fullmatch(text):
        shown = text if len(text) <= 40 else f"{text[:40]}..."
        raise MprnError(f"{shown!r} is not an MPRN: expected 1 to 10 digits and nothing else")
    return text


def compare(given: str, registered: str) -> MprnComparison:
    """How the MPRN that the SMSO gives compares with the registered one.

    Parameters
    ----------
    given, registered: the two texts as they came; neither is trimmed or padded.

    >>> compare("0012345678", "12345678")
    <MprnComparison.LEADING_ZEROS: 'the same but for leading zeros'>
    >>> compare("", "12345678")
    <MprnComparison.INVALID: 'no MPRN'>
    """
    try:
        one, other = checked(given), checked(registered)
    except MprnError:
        return MprnComparison.INVALID
    if one == other:
        return MprnComparison.IDENTICAL
    if one.lstrip("0") == other.lstrip("0"):
        return MprnComparison.LEADING_ZEROS
    return MprnComparison.DIFFERENT
