"""MPRNs: what is one, and when two match (MPRN-1 to MPRN-3, MOD-39, MOD-40)."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statemachines.language.expression import Moment
from statemachines.semantics.oracle import Oracle
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.migration import Migration, MigrationReason
from statemachines.smets1.mprn import MATCHES, MprnError, checked, compare
from statemachines.smets1.releases import Release
from statemachines.smets1.vocabulary import IOC, Group, MprnComparison, Outcome, User, ValidateData

IDENTICAL, LEADING_ZEROS, DIFFERENT, INVALID = MprnComparison
ORACLE = Oracle(INSTALLATION)

mprns = st.text(string.digits, min_size=1, max_size=10)
near_mprns = st.text(string.digits + " -+.,\n\t_xO\u0663\uff13²½", max_size=13)
"""Texts that are MPRNs or look like some: too long, empty, with signs, blanks and digits of other scripts."""


@pytest.mark.parametrize(
    ("given_text", "registered", "expected"),
    [
        ("12345678", "12345678", IDENTICAL),
        ("0012345678", "0012345678", IDENTICAL),
        ("0", "0", IDENTICAL),
        ("0012345678", "12345678", LEADING_ZEROS),
        ("12345678", "0012345678", LEADING_ZEROS),
        ("012345678", "0012345678", LEADING_ZEROS),
        ("0", "0000000000", LEADING_ZEROS),
        ("00", "000", LEADING_ZEROS),
        ("12345678", "12345679", DIFFERENT),
        ("12345678", "1234567800", DIFFERENT),
        ("102", "12", DIFFERENT),
        ("0", "1", DIFFERENT),
        ("10", "1", DIFFERENT),
        ("", "12345678", INVALID),
        ("12345678", "", INVALID),
        ("", "", INVALID),
        ("00012345678", "12345678", INVALID),
        ("x", "x", INVALID),
    ],
)
def test_comparison(given_text, registered, expected):
    assert compare(given_text, registered) is expected


@pytest.mark.parametrize("text", ["0", "7", "0000000000", "9999999999", "0012345678"])
def test_what_is_an_mprn(text):
    assert checked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345678901",
        "00000000000",
        "12 345",
        " 12345",
        "12345 ",
        "12345\n",
        "\n",
        "-12345",
        "+12345",
        "1_000",
        "1.0",
        "1e5",
        "0x10",
        "12345678O",
        "\uff11\uff12\uff13",
        "\u0661\u0662\u0663",
        "²",
        "12\x0034",
    ],
)
def test_what_is_none_is_refused_with_the_reason(text):
    with pytest.raises(MprnError) as refused:
        checked(text)
    assert str(refused.value) == f"{text!r} is not an MPRN: expected 1 to 10 digits and nothing else"


def test_a_long_text_is_not_told_in_full():
    with pytest.raises(MprnError) as refused:
        checked("1" * 100_000)
    assert str(refused.value) == f"'{'1' * 40}...' is not an MPRN: expected 1 to 10 digits and nothing else"


@given(near_mprns)
def test_an_mprn_is_1_to_10_ascii_digits(text):
    is_one = 1 <= len(text) <= 10 and set(text) <= set(string.digits)
    assert (compare(text, text) is IDENTICAL) == is_one
    assert (compare(text, text) is INVALID) != is_one


@given(mprns, st.integers(1, 10))
def test_leading_zeros_are_all_that_padding_adds(text, width):
    padded = text.zfill(width)
    assert compare(padded, text) is (IDENTICAL if padded == text else LEADING_ZEROS)


@given(mprns, mprns)
def test_mprns_that_match_but_for_leading_zeros_are_one_number(one, other):
    assert compare(one, other) is (
        IDENTICAL if one == other else LEADING_ZEROS if int(one) == int(other) else DIFFERENT
    )


@given(near_mprns, near_mprns)
def test_it_does_not_matter_which_is_which(one, other):
    assert compare(one, other) is compare(other, one)


@given(mprns, st.integers(0, 9), st.integers(0, 9))
def test_zeros_further_on_count(text, at, times):
    longer = f"{text[:at]}1{'0' * times}"[:10]
    assert (compare(longer, text.lstrip("0") or "0") is DIFFERENT) == (int(longer) != int(text))


@pytest.mark.parametrize("group", Group)
@pytest.mark.parametrize("release", Release)
@pytest.mark.parametrize("comparison", MprnComparison)
def test_leading_zeros_are_disregarded_for_ioc_only_since_uplift(group, release, comparison):
    since = group in {Group.CA, Group.OTHER_IOC} and release is not Release.BEFORE_UPLIFT_1_2
    expected = {IDENTICAL: True, LEADING_ZEROS: since, DIFFERENT: False, INVALID: False}[comparison]
    known = {"group": group, "release": release, "gas_supplier": User.SUPPLIER_B}
    assert MATCHES.holds(Moment(known, ValidateData(mprn=comparison))) is expected
    assert MATCHES.holds(Moment({**known, "gas_supplier": User.NOBODY}, ValidateData(mprn=comparison)))


@given(st.sampled_from(Group), st.sampled_from(Release), near_mprns | mprns, mprns, st.integers(1, 10), st.booleans())
def test_the_validation_of_data_agrees_with_the_numbers(group, release, given_text, registered, width, gas):
    """What the SMSO gives, or the registered MPRN itself padded, through the comparison and the installation."""
    before = INSTALLATION.state(
        group=group,
        release=release,
        gas_supplier=User.SUPPLIER_A if gas else User.NOBODY,
        migration=Migration.SCHEDULED,
    )
    by_number = group in IOC and release is not Release.BEFORE_UPLIFT_1_2
    for text in (given_text, registered.zfill(width)):
        valid = text.isascii() and text.isdigit() and len(text) <= 10
        same = valid and (int(text) == int(registered) if by_number else text == registered)
        after, verdict = ORACLE.decide(before, ValidateData(mprn=compare(text, registered)))
        match = same or not gas
        assert verdict.outcome is (Outcome.HAPPENED if match else Outcome.STOPPED)
        assert after.migration is (Migration.VALIDATED if match else Migration.WITH_SMSO)
        if not match:
            assert verdict.reason is (MigrationReason.MPRN_DIFFERS if valid else MigrationReason.MPRN_INVALID)
