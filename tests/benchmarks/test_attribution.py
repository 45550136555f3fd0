"""The table of planted faults, on a few of them."""

import fnmatch

import attrs
import pytest

from benchmarks import attribution
from benchmarks.attribution import Attributed, attributed, declared, main, of_the_simulator, strange, table
from benchmarks.event_faults import EVENT_FAULTS
from benchmarks.further_events import FURTHER_EVENTS
from benchmarks.further_requests import FURTHER_REQUESTS
from benchmarks.new_events import NEW_EVENTS
from benchmarks.new_requests import NEW_REQUESTS
from benchmarks.request_faults import REQUEST_FAULTS
from benchmarks.simulator_changes import StrangeTarget
from benchmarks.strange_faults import STRANGE
from benchmarks.unseen_events import UNSEEN_EVENTS
from benchmarks.unseen_requests import UNSEEN_REQUESTS
from properties.conformance.diagnosis.declarations import declarations
from properties.conformance.suite.store import suite_of
from properties.conformance.targets.opening import open_target
from properties.smets1.installation import CLAIMS

pytestmark = pytest.mark.slow

UNSEEN = {**UNSEEN_REQUESTS, **UNSEEN_EVENTS, **FURTHER_REQUESTS, **FURTHER_EVENTS, **NEW_REQUESTS, **NEW_EVENTS}
WRITTEN = {**STRANGE, **REQUEST_FAULTS, **EVENT_FAULTS, **UNSEEN}


def test_every_planted_fault_is_there_and_says_what_is_right():
    assert len(list(of_the_simulator())) == 91
    assert all(planted.rules for planted in (*of_the_simulator(), *strange(WRITTEN), *declared()))
    assert all(set(fault.rules) <= set(CLAIMS.system.register) and fault.sentence for fault in WRITTEN.values())


def test_every_fault_says_in_which_declarations_it_is():
    labels = [one.label for one in declarations(CLAIMS.system).by_key.values()]
    for name, fault in WRITTEN.items():
        assert fault.wrong, name
        for label in fault.wrong:
            assert 0 < len(fnmatch.filter(labels, label)) <= 11, label


def test_a_simulator_with_any_of_the_faults_answers_whatever_it_is_sent():
    suite = suite_of(CLAIMS)
    for name, fault in WRITTEN.items():
        target = open_target(lambda made=fault: StrangeTarget(made), CLAIMS.system)
        for vector in suite.vectors[::60]:
            target.reset(vector.scenario.start)
            answers = [target.send(request) for request in vector.scenario.requests]
            assert all(answer.shown["outcome"] for answer in answers), name


def test_a_fault_of_the_simulator():
    (planted,) = (one for one in of_the_simulator() if one.name == "eb-forgotten")
    row = attributed(planted)
    assert (row.rank, row.failed) == (1, 1)
    assert row.named[0] in planted.rules
    assert row.steps
    assert row.blocked


def test_where_an_assumption_is_not_kept_no_rule_fails_and_none_too_few():
    (planted,) = (one for one in strange(STRANGE) if one.name == "pending-devices-are-decommissioned")
    row = attributed(planted)
    assert (row.rank, row.failed, row.suspected) == (1, 0, True)
    assert row.suspect == "the check at the DSP: the device to be decommissioned is installed"


def test_what_nobody_can_see_is_reported_not_to_be_seen():
    (planted,) = (one for one in declared() if one.name == "any_tariff_closes")
    assert attributed(planted) == Attributed(planted.name, planted.rules, ())


def test_the_table_counts():
    rows = [
        Attributed("one", ("A", "B"), ("B", "C"), steps=3, failed=0, blocked=4),
        Attributed("two", ("A",), ("C", "B", "A"), steps=2, failed=1, blocked=0),
        Attributed("three", ("A",), ()),
    ]
    apart = [
        attrs.evolve(rows[0], wrong=("the check: one *",), suspect="the check: another"),
        attrs.evolve(rows[1], wrong=("the check: one *",), suspect="the check: one of two"),
    ]
    assert [row.suspected for row in (*rows, *apart)] == [False, False, False, False, True]
    assert (
        "a declaration that it is in is suspected first for 1; a rule or declaration is right first for 2"
        in table("two", apart).notes[0]
    )
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
