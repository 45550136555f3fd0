"""Amounts of memory as options give them."""

import re

import click

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


class Size(click.ParamType[int]):
    """So many bytes: a whole number, perhaps with K, M, G or T.

    >>> SIZE.convert("4G", None, None)
    4294967296
    """

    name = "SIZE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch(r"(\d{1,15})([KMGT]?)i?B?", str(value).strip(), re.IGNORECASE)
        if not found:
            self.fail(f"{value!r} is no amount of memory; expected a number with K, M, G or T, such as 4G", param, ctx)
        return int(found[1]) * UNITS[found[2].upper()]


SIZE = Size()
