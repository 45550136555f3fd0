"""Values together: what a check or an answer treats alike, it treats alike with every other value beside it."""

from enum import Enum

import pytest

from properties.conformance.suite.combinations import COMBINED, Combinations, is_combined
from properties.conformance.suite.every_aim import aims
from properties.conformance.suite.filling import FULLEST
from properties.conformance.suite.generator import Generator, generated
from properties.conformance.suite.store import as_file
from properties.conformance.suite.vectors import GoalKind
from statemachines import (
    Answer,
    Check,
    Claims,
    Field,
    Gate,
    Lifecycle,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
)
from statemachines.semantics.oracle import Oracle


class Shelf(Enum):
    FICTION = "fiction"
    MAPS = "maps"
    MUSIC = "music"


class Reader(Enum):
    CHILD = "child"
    ADULT = "adult"
    VISITOR = "visitor"


class Term(Enum):
    SHORT = "short"
    LONG = "long"


class Hall(Enum):
    OPEN = "open"
    QUIET = "quiet"
    SHUT = "shut"


class Say(Enum):
    DESK = "desk"
    LENT = "lent"
    REFUSED = "refused"
    VISITORS = "visitors borrow nothing"
    SHUT = "the hall is shut"


hall = Variable("hall", Hall)
shelf, reader, term = Field("shelf", Shelf), Field("reader", Reader), Field("term", Term)
borrow, turn = RequestType("Borrow", [shelf, reader, term]), RequestType("Turn", [])


@pytest.fixture(scope="module")
def system():
    """A library that lends to all but visitors, from every shelf and for every term, while its hall is not shut."""
    return System(
        "library",
        requests=[borrow, turn],
        lifecycles=[Lifecycle(hall, initial=Hall.OPEN, transitions=[
            Transition(Hall.OPEN, turn, Hall.QUIET, rules="L-1"),
            Transition(Hall.QUIET, turn, Hall.SHUT, rules="L-1"),
            Transition(Hall.SHUT, turn, Hall.OPEN, rules="L-1"),
        ])],
        gates=[Gate(Say.DESK, on=[borrow], checks=[
            Check("no visitor borrows", fails_when=reader == Reader.VISITOR, outcome=Say.REFUSED, reason=Say.VISITORS,
                  rules="L-2"),
            Check("the hall is not shut", fails_when=hall == Hall.SHUT, outcome=Say.REFUSED, reason=Say.SHUT,
                  rules="L-3"),
        ])],
        answers=[Answer([borrow, turn], outcome=Say.LENT, at=Say.DESK, reason=Say.LENT, rules="L-1")],
        register=Register([Rule(f"L-{number}", "It is so.", "manual") for number in (1, 2, 3)]),
    )  # fmt: skip


@pytest.fixture(scope="module")
def suite(system):
    return generated(Claims(system, []))


def wrong_with(system, at, wrong):
    """The library in which a check is not made where `wrong` is so."""
    (gate,) = system.gates
    checks = list(gate.checks)
    old = checks[at]
    checks[at] = Check(
        old.label, fails_when=old.fails_when & ~wrong, outcome=old.outcome, reason=old.reason, rules=old.rules
    )
    return system.varied(gates=[Gate(gate.party, on=gate.on, checks=checks)])


def caught(system, suite, other):
    ours, theirs = Oracle(system), Oracle(other)

    def differs(vector):
        at = vector.scenario.start
        for request in vector.scenario.requests:
            (after, verdict), (_, seen) = ours.decide(at, request), theirs.decide(at, request)
            if verdict.reason is not seen.reason:
                return True
            at = after
        return False

    return any(differs(vector) for vector in suite.vectors)


def test_a_check_that_is_not_made_with_one_value_of_a_variable_that_it_does_not_read_is_seen(system, suite):
    for value in Hall:
        assert caught(system, suite, wrong_with(system, 0, hall == value)), value


def test_a_check_that_is_not_made_with_two_values_of_fields_is_seen(system, suite):
    for one in Shelf:
        for other in Term:
            assert caught(system, suite, wrong_with(system, 0, (shelf == one) & (term == other))), (one, other)
            assert caught(system, suite, wrong_with(system, 1, (shelf == one) & (term == other))), (one, other)


def test_a_check_that_is_not_made_with_a_value_of_a_field_and_one_of_a_variable_that_it_reads_is_seen(system, suite):
    for one in Shelf:
        assert caught(system, suite, wrong_with(system, 1, (shelf == one) & (hall == Hall.SHUT))), one


def test_each_combination_that_can_be_reached_is_a_goal_and_no_other(system, suite):
    shown = {goal.key for goal in suite.of_kind(*COMBINED)}
    first, second, answer = "check/0/0/Borrow", "check/0/1/Borrow", "answer/0/Borrow"
    variables = {
        *(f"variable:{key}/hall/{value}" for key in (first, answer) for value in ("OPEN", "QUIET")),
        f"variable:{first}/hall/SHUT", f"variable:{second}/hall/SHUT",
        *(f"variable:answer/0/Turn/hall/{value.name}" for value in Hall),
    }  # fmt: skip
    assert {key for key in shown if key.startswith("variable:")} == variables
    fields = {f"combination:{first}/shelf/{one.name}/term/{other.name}" for one in Shelf for other in Term}
    assert fields <= shown
    assert f"combination:{second}/shelf/MAPS/reader/ADULT" in shown
    assert f"combination:{second}/shelf/MAPS/reader/VISITOR" not in shown  # the check before it has refused it
    assert f"combination:{second}/term/LONG/hall/SHUT" in shown
    assert f"combination:{first}/term/LONG/hall/SHUT" not in shown  # it does not read the hall


def test_what_a_sequence_shows_of_combinations_a_system_that_is_wrong_there_shows(system, suite):
    combinations, generator = Combinations(system), Generator(Claims(system, []))
    for vector in suite.vectors:
        trace = suite.trace(vector)
        for at, key in vector.reached:
            if is_combined(key):
                altered = combinations.aim(key).altered
                assert combinations.aim(key).goal == combinations.goal(key) == suite.goals[key]
                step = trace.steps[at]
                asked = generator.catalogue.of_request[step.request]
                _, verdict = generator.altered_runs.step(altered, step.before, asked)
                assert verdict is None or verdict.reason is not step.verdict.reason, key


def test_a_filled_sequence_shows_all_that_it_did(system, suite, monkeypatch):
    monkeypatch.setattr(Generator, "_combinations", lambda *_: None)
    before = generated(Claims(system, []))
    assert set(before.goals) == {key for key in suite.goals if not is_combined(key)}
    generator = Generator(Claims(system, []))
    altered = {aim.goal.key: aim.altered for aim in aims(system) if aim.altered}
    for vector in suite.vectors:
        for at, key in vector.reached:
            if key in altered:
                assert generator.altered_runs.shows(altered[key], suite.trace(vector)) == at, key
    assert max(len(vector.scenario.requests) for vector in suite.vectors) <= FULLEST


def test_the_same_sequences_are_made_each_time(system, suite):
    claims = Claims(system, [])
    assert as_file(claims, suite) == as_file(claims, generated(claims))


def test_they_are_of_no_rule(suite):
    assert {goal.rules for goal in suite.of_kind(GoalKind.VARIABLE, GoalKind.COMBINATION)} == {()}
