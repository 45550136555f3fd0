"""The values DUIS writes as text, each read strictly and into one canonical form.

Every function here raises DuisError for text of any other form; the caller knows, and says, where the text stood.
"""

import base64
import hashlib
import re
from datetime import UTC, datetime
from decimal import Decimal

from statemachines.files.shown import shown
from statemachines.smets1.duis.errors import DuisError

XML_SPACE = " \t\r\n"

_EUI64 = re.compile(r"[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){7}")
_PRICE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_PRICE_LIMIT = 24
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
)


def _unexpected(text: str, expected: str) -> DuisError:
    return DuisError(f"'{shown(text)}', expected {expected}")


def words(text: str) -> list[str]:
    """The parts of the text between XML whitespace, which is narrower than Python's."""
    return re.findall(rf"[^{XML_SPACE}]+", text)


def eui64(text: str) -> str:
    """An EUI-64, in upper case."""
    if not _EUI64.fullmatch(text):
        raise _unexpected(text, "an EUI-64: 8 pairs of hex digits with dashes between")
    return text.upper()


def counter(text: str) -> int:
    """The counter of a RequestID: an unsigned number of 64 bits."""
    # int() alone would also take signs, underscores and the digits of other scripts.
    if not re.fullmatch("[0-9]{1,20}", text) or int(text) >= 2**64:
        raise _unexpected(text, "a whole number from 0 to 2^64-1")
    return int(text)


def command_variant(text: str) -> int:
    """A CommandVariant, 1 to 8."""
    if not re.fullmatch("[1-8]", text):
        raise _unexpected(text, "a number from 1 to 8")
    return int(text)


def tou_register(text: str) -> int:
    """The number of a time-of-use register, 1 to 48."""
    if not re.fullmatch("0*[0-9]{1,2}", text) or not 1 <= int(text[-2:]) <= 48:
        raise _unexpected(text, "the number of a TOU register, 1 to 48")
    return int(text[-2:])


def price(text: str) -> Decimal:
    """A price, in whatever unit the PriceScale beside it makes it."""
    # Decimal() alone would also take exponents, infinities, underscores and the digits of other scripts.
    if len(text) > _PRICE_LIMIT or not _PRICE.fullmatch(text):
        raise _unexpected(text, f"a price: a decimal number of at most {_PRICE_LIMIT} characters")
    return Decimal(text)


def device_type(text: str) -> str:
    """A DeviceType, as the document has it."""
    # DUIS has a list of them, which the sources do not hold.
    if not re.fullmatch("[0-9A-Za-z]{1,20}", text):
        raise _unexpected(text, "a device type, such as ESME or PPMID")
    return text


def is_addition(text: str) -> bool:
    """Whether a RequestType is Add, and not Remove."""
    if text not in {"Add", "Remove"}:
        raise _unexpected(text, "Add or Remove")
    return text == "Add"


def firmware_version(text: str) -> str:
    """A FirmwareVersion, in upper case."""
    return _hex(text, 8)


def sha256(text: str) -> str:
    """A SHA-256 hash, in upper case."""
    return _hex(text, 64)


def _hex(text: str, digits: int) -> str:
    if not re.fullmatch(f"[0-9A-Fa-f]{{{digits}}}", text):
        raise _unexpected(text, f"{digits} hex digits")
    return text.upper()


def image_hash(text: str) -> str:
    """The SHA-256 hash of a base64 firmware image."""
    compact = "".join(words(text))
    try:
        image = base64.b64decode(compact)
        # Decoding skips what it does not know; only what encodes back to the same text was base64 to begin with.
        strict = base64.b64encode(image).decode() == compact
    except ValueError:
        strict = False
    if not strict or not compact:
        raise _unexpected(text, "a firmware image in base64")
    return hashlib.sha256(image).hexdigest().upper()


def date_time(text: str) -> datetime:
    """An xs:dateTime with a zone, in UTC and to the microsecond: further digits of a fraction are dropped."""
    expected = "a date and time with a zone, such as 2030-01-15T09:00:00.00Z"
    if not _DATE_TIME.fullmatch(text):
        raise _unexpected(text, expected)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _unexpected(text, expected) from None
