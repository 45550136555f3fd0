"""Comparison of verdicts: the aspects in which two differ. Every engine and report uses it."""

from collections.abc import Callable
from enum import Enum

from statemachines.language.gates import Verdict
from statemachines.language.terms import ASPECTS

Admits = Callable[[str, Enum | None], bool]
"""Whether an observation admits a value of an aspect; of an aspect that was not observed, it admits every value."""


def differences(expected: Verdict | None, actual: Verdict | None) -> tuple[str, ...]:
    """The aspects in which a verdict differs from the expected one, in the order of `ASPECTS`.

    An aspect that the sources leave open is not compared. Where exactly one of the two is missing, every aspect
    differs.
    """
    if expected is actual:
        return ()
    if expected is None or actual is None:
        return ASPECTS
    return tuple(
        aspect
        for aspect in ASPECTS
        if getattr(expected, aspect) is not getattr(actual, aspect) and aspect not in expected.unspecified
    )


def inadmissible(expected: Verdict, admits: Admits) -> tuple[str, ...]:
    """The aspects in which a partial observation does not admit the expected verdict, in the order of `ASPECTS`.

    An aspect that the sources leave open is not compared.
    """
    return tuple(
        aspect
        for aspect in ASPECTS
        if aspect not in expected.unspecified and not admits(aspect, getattr(expected, aspect))
    )
