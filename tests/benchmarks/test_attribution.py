"""The table of planted faults, on a few of them."""

import pytest

from benchmarks import attribution
from benchmarks.attribution import Attributed, attributed, declared, main, of_the_simulator, strange, table
from benchmarks.strange_faults import STRANGE
from properties.smets1.installation import CLAIMS

pytestmark = pytest.mark.slow


def test_every_planted_fault_is_there_and_says_what_is_right():
    assert len(list(of_the_simulator())) == 91
    assert all(planted.rules for planted in (*of_the_simulator(), *strange(), *declared()))
    assert all(set(fault.rules) <= set(CLAIMS.system.register) and fault.sentence for fault in STRANGE.values())


def test_a_fault_of_the_simulator():
    (planted,) = (one for one in of_the_simulator() if one.name == "eb-forgotten")
    row = attributed(planted)
    assert (row.rank, row.failed) == (1, 1)
    assert row.named[0] in planted.rules
    assert row.steps
    assert row.blocked


def test_where_an_assumption_is_not_kept_no_rule_fails_and_none_too_few():
    (planted,) = (one for one in strange() if one.name == "pending-devices-are-decommissioned")
    row = attributed(planted)
    assert (row.rank, row.failed) == (1, 0)


def test_what_nobody_can_see_is_reported_not_to_be_seen():
    (planted,) = (one for one in declared() if one.name == "any_tariff_closes")
    assert attributed(planted) == Attributed(planted.name, planted.rules, ())


def test_the_table_counts():
    rows = [
        Attributed("one", ("A", "B"), ("B", "C"), steps=3, failed=0, blocked=4),
        Attributed("two", ("A",), ("C", "B", "A"), steps=2, failed=1, blocked=0),
        Attributed("three", ("A",), ()),
    ]
    assert [row.rank for row in rows] == [1, 3, 0]
    (note,) = table("three", rows).notes
    assert note == (
        "3 faults, 2 caught; a rule that it breaks is named first for 1 of them; among the first three for 2; "
        "no other rule fails for 1."
    )


def test_the_command_prints_it(monkeypatch, capsys):
    monkeypatch.setattr(
        attribution, "attributed", lambda one: Attributed(one.name, one.rules, one.rules, steps=1, failed=1, blocked=0)
    )
    monkeypatch.setattr("sys.argv", ["attribution", "--every", "80"])
    main()
    printed = capsys.readouterr()
    assert "2 faults, 2 caught" in printed.out
    assert "| repeated-id-accepted |" in printed.out
    assert "repeated-id-accepted (MOD-48): rank 1: MOD-48" in printed.err
