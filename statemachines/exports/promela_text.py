"""Text of a Promela model: lines of bounded length, and comments."""

import re
from collections.abc import Sequence
from textwrap import wrap

from statemachines.drawing.characters import expect_visible
from statemachines.language.claims import Claim
from statemachines.language.requests import Request

WIDTH = 110
"""The most characters in a line, where it can be broken."""


def joined(word: str, parts: Sequence[str]) -> str:
    return f"({word.join(parts)})" if len(parts) > 1 else parts[0]


def named(claim: Claim) -> str:
    return f'{claim.kind}: "{comment(claim.name)}" [{comment(" ".join(claim.rules))}]'


def those(requests: Sequence[Request]) -> str:
    more = f", and {len(requests) - 1:,} more" if len(requests) > 1 else ""
    return f"{comment(str(requests[0]))}{more}"


def comment(words: str) -> str:
    """Words that end no comment and begin none, in one line."""
    expect_visible(words, "a comment of the model")
    return " ".join(words.split()).replace("*/", "* /").replace("/*", "/ *")


def wrapped(line: str, indent: str) -> list[str]:
    """A line, broken at its spaces where it is too long, but not within a comparison."""
    whole = re.sub(r" (==|!=|>=|=) ", "\xa0\\1\xa0", line)
    lines = wrap(
        whole,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}     ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [one.replace("\xa0", " ") for one in lines]
