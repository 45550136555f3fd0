"""Equivalent forms of a DUIS document: differences that XML and its Schema leave to the sender, without a meaning.

Senders differ in the prefix of the namespace, in how they write a moment, and in the case of hex digits.
"""

import re

_PREFIXES = (b"sr:", b"", b"duis:")
_MOMENTS = (rb"\1.\2Z", rb"\1Z", rb"\1.\g<2>0+00:00")

_TAG = re.compile(rb"<(/?)sr:")
_MOMENT = re.compile(rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})\.([0-9]{2})Z")
_HASH = re.compile(rb"(?<=FirmwareHash>)[0-9A-F]{64}")

FORMS = 2 * len(_PREFIXES) * len(_MOMENTS)
"""How many there are."""


def in_form(document: bytes, number: int) -> bytes:
    """The document in one of its forms, by number; 0 is the document as it is.

    Parameters
    ----------
    document: as `statemachines.smets1.duis.writer.write_request` makes it; its moments have no part of a second.

    >>> document = b'<sr:Body xmlns:sr="urn:x"><sr:At>2030-01-15T09:00:00.00Z</sr:At></sr:Body>'
    >>> print(in_form(document, 1).decode())
    <Body xmlns="urn:x"><At>2030-01-15T09:00:00.00Z</At></Body>
    >>> print(in_form(document, 5).decode())
    <duis:Body xmlns:duis="urn:x"><duis:At>2030-01-15T09:00:00Z</duis:At></duis:Body>
    """
    rest, prefix = divmod(number % FORMS, len(_PREFIXES))
    lower, moment = divmod(rest, len(_MOMENTS))
    document = _MOMENT.sub(_MOMENTS[moment], document)
    if lower:
        document = _HASH.sub(lambda found: found[0].lower(), document)
    name = _PREFIXES[prefix]
    document = _TAG.sub(rb"<\1" + name, document)
    return document.replace(b"xmlns:sr=", b"xmlns" + (b":" + name[:-1] if name else b"") + b"=")
