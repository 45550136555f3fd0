"""From untrusted bytes to the root of an XML tree, in bounded time and memory."""

import codecs
import re
from pathlib import Path

from lxml import etree

from statemachines.files.content import FileError, read_bytes
from statemachines.files.shown import shown
from statemachines.smets1.duis.errors import DuisError

MAX_BYTES = 8 * 1024 * 1024
"""The largest request that is read: what bounds time and memory, whatever the input."""

_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_DECLARED_ENCODING = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"'>]*)""")
# Possessive throughout, so that hostile input cannot make it backtrack.
_DOCTYPE = re.compile(rb"(?:\s++|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)


def read_document(path: Path) -> bytes:
    """The content of a regular file, of which no more than one byte beyond MAX_BYTES is read.

    Raises
    ------
    DuisError: if the path is no regular file, or it cannot be read.
    """
    try:
        return read_bytes(path, MAX_BYTES)
    except FileError as error:
        raise DuisError(str(error)) from None


def root_element(data: bytes) -> etree._Element:
    """The root element of a UTF-8 XML document without a DOCTYPE.

    Raises
    ------
    DuisError: if the data is anything else, or larger than MAX_BYTES.
    """
    if len(data) > MAX_BYTES:
        raise DuisError(f"too large, expected at most {MAX_BYTES} bytes")
    _expect_utf8(data)
    if _DOCTYPE.match(data):
        raise DuisError("has a DOCTYPE, expected none: DUIS has no use for one, and entities are never expanded")
    # A parser of its own for each document: parsers keep state and are not to be shared between threads.
    parser = etree.XMLParser(
        encoding="UTF-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DuisError(f"not well-formed XML: {shown(_described(error), limit=120)}") from None


def _described(error: etree.XMLSyntaxError) -> str:
    """What is wrong, and where: a message of the parser's may name another line, of the tag that was opened."""
    line, column = error.position
    text = (error.msg or "no document").removesuffix(f", line {line}, column {column}")
    return f"{text} (at line {line}, column {column})"


def _expect_utf8(data: bytes) -> None:
    expected = "expected UTF-8 without a byte order mark"
    if data.startswith(_BOMS):
        raise DuisError(f"starts with a byte order mark, {expected}")
    if (zero := data.find(b"\0")) >= 0:
        raise DuisError(f"zero byte at offset {zero} (UTF-16, or no text at all), {expected}")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DuisError(f"not UTF-8 at offset {error.start}, {expected}") from None
    declared = _DECLARED_ENCODING.match(data)
    if declared and declared[1].upper() != b"UTF-8":
        raise DuisError(f"declares the encoding '{shown(declared[1].decode())}', {expected}")
