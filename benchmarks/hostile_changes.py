"""How an input is changed at random: bytes, words, lines, and the parts that it is nested of."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random

TOKENS = [
    "0", "-1", "1e999", "NaN", "-Infinity", "null", "true", "{}", "[]", '""', "''", ";", ",", "\n", "\t", "=", "==",
    "in", "not", "and", "or", "(", ")", "*", "..", "/", "-", "--", "&", "<", ">", "#", "%",
    "9" * 5000, "0" * 20 + "1", "1.5", "2020-02-30", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00+14:00", "24:00", "[" * 3000, '{"a":' * 3000, "(" * 300, "<a>" * 300, "a" * 5000, "not " * 500,
    "\u202e", "\x1b[2J", "\0", "\\ud800", "\\u0000", "£°é中🙂", "&lol;", "<!DOCTYPE a [<!ENTITY lol 'x'>]>",
    "<!--", "]]>", "__class__", "__init__", "lambda: 0", "type", "None", "[[x]]", "\ufeff", "\r", "\x85", "\u2028",
]  # fmt: skip
"""What is put in places where it does not belong."""

VALUES = [
    b"0", b"-1", b"1e999", b"NaN", b"null", b"true", b"{}", b"[]", b'""', b'"0"', b"[[]]", b'{"": null}', b"1.5",
    b'"\\ud800"', b'"\\u0000"', b'"\\u202e"', b"9" * 5000, b"[" * 3000 + b"]" * 3000,
]  # fmt: skip
"""What stands for a part: most of it keeps the whole well-formed."""

_WORD = re.compile(rb'"(?:[^"\\\n]|\\.)*"|[\w.:+-]+|\s+|.', re.DOTALL)
_NESTING = re.compile(
    rb'"(?:[^"\\\n]|\\.)*"|(?P<opens>[\[{]|<\w[^<>]*(?<!/)>)|(?P<ends>[\]}]|</[^<>]*>)|<[^<>]*>|[^\s\[\]{}<>,:="]+'
)
_REMEMBERED = 256
"""The inputs that are right are fewer; of others the parts are found anew."""


def changed(random: Random, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds with a few random changes; once in twenty, bytes alone."""
    if random.random() < 0.05:
        return random.randbytes(random.choice([0, 1, 7, 100, 3000]))
    data = random.choice(seeds)
    for _ in range(random.choice([1, 1, 1, 1, 2, 4])):
        data = random.choice([_words, _words, _parts, _parts, _lines, bytes_changed])(random, data)
    return data


def bytes_changed(random: Random, data: bytes) -> bytes:
    """The same with bytes added, left out, or others."""
    at, end = sorted((random.randint(0, len(data)), random.randint(0, len(data))))
    match random.randrange(4):
        case 0:
            return data[:at] + random.randbytes(random.choice([1, 2, 20])) + data[at:]
        case 1:
            return data[:at] + data[min(end, at + 100) :]
        case 2:
            return data[:end]
        case _:
            return data[:at] + random.randbytes(1) + data[at + 1 :]


def _words(random: Random, data: bytes) -> bytes:
    parts = list(_words_of(data))
    if not parts:
        return data
    at = random.randrange(len(parts))
    other = random.choice(parts) if random.random() < 0.6 else random.choice(TOKENS).encode()
    match random.randrange(4):
        case 0:
            parts[at] += other
        case 1:
            parts[at] = b""
        case _:
            quoted = parts[at][:1] == b'"' and random.random() < 0.7
            parts[at] = b'"' + other.strip(b'"') + b'"' if quoted else other
    return b"".join(parts)


@lru_cache(_REMEMBERED)
def _words_of(data: bytes) -> Sequence[bytes]:
    return tuple(_WORD.findall(data))


def _parts(random: Random, data: bytes) -> bytes:
    """The same with a part, such as a JSON value or an XML element, left out, twice, or in place of another."""
    spans = _parts_of(data)
    if not spans:
        return data
    start, end = random.choice(spans)
    first, last = random.choice(spans)
    match random.randrange(6):
        case 0:
            return data[:start] + data[end:].lstrip(b",")
        case 1:
            between = b"" if data[start : start + 1] == b"<" else b","
            return data[:end] + between + data[start:]
        case 2:
            return data[:start] + random.choice(VALUES) + data[end:]
        case 3:
            return data[:start] + b"[" + data[start:end] + b"]" + data[end:]
        case _:
            return data[:start] + data[first:last] + data[end:]


@lru_cache(_REMEMBERED)
def _parts_of(data: bytes) -> Sequence[tuple[int, int]]:
    """Where parts begin and end: what is between brackets or tags, strings, and words."""
    spans, opened = [], []
    for found in _NESTING.finditer(data):
        if found["opens"]:
            opened.append(found.start())
        elif found["ends"]:
            if opened:
                spans.append((opened.pop(), found.end()))
        else:
            spans.append(found.span())
    return tuple(spans)


def _lines(random: Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    if len(lines) < 2:
        return _words(random, data)
    at, other = random.randrange(len(lines)), random.randrange(len(lines))
    match random.randrange(3):
        case 0:
            lines[at], lines[other] = lines[other], lines[at]
        case 1:
            del lines[at]
        case _:
            lines.insert(at, lines[other])
    return b"".join(lines)


Wrap = Callable[[Random, bytes], bytes]
"""What is done with an input after it is changed, such as compression."""


def unwrapped(_: Random, data: bytes) -> bytes:
    """The same."""
    return data
