"""Amounts of memory as options give them."""

import re

import click

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def size(value: str) -> int:
    """So many bytes: a whole number, perhaps with K, M, G or T; the type of an option.

    >>> size("4G")
    4294967296

    Raises
    ------
    click.BadParameter: for anything else.
    """
    parts = re.fullmatch(r"(\d{1,15})([KMGT]?)i?B?", str(value).strip(), re.IGNORECASE)
    if not parts:
        raise click.BadParameter(f"{value!r} is not an amount of memory; expected one such as 512M or 4G")
    return int(parts[1]) * UNITS[parts[2].upper()]
