"""The shipped sequences of the installation: they are of these declarations, and show what they are said to show."""

from collections import Counter

import pytest

from examples.simulator.faults import Fault
from properties.conformance.diagnosis.altered import altered_system
from properties.conformance.observation import differs
from properties.conformance.suite.digest import digest
from properties.conformance.suite.every_aim import aims
from properties.conformance.suite.request_catalogue import Catalogue
from properties.conformance.suite.store import as_file, shipped, suite_of
from properties.conformance.suite.vectors import GoalKind
from properties.conformance.targets.opening import open_target
from properties.smets1.faults import dco_is_skipped
from properties.smets1.installation import CLAIMS
from properties.walks.coverage import arrows, kind_of, reachable
from statemachines.checker.slices import slices
from statemachines.language.expression import FALSE
from statemachines.language.terms import ASPECTS
from statemachines.semantics.comparison import differences
from statemachines.semantics.decision import interpret
from statemachines.semantics.oracle import Oracle, decided

pytestmark = pytest.mark.slow

SYSTEM = CLAIMS.system


@pytest.fixture(scope="module")
def suite():
    return suite_of(CLAIMS)


@pytest.fixture(scope="module")
def traces(suite):
    oracle = Oracle(SYSTEM)
    return {vector.name: vector.scenario.replay(SYSTEM, oracle) for vector in suite.vectors}


def test_what_is_shipped_is_of_these_declarations():
    """If not: `python -m properties.conformance.suite.store`, and review what changed in properties/smets1/suites."""
    assert shipped(CLAIMS) is not None


def test_what_is_shipped_for_the_installation_says_nothing_of_another_system():
    other = dco_is_skipped()
    assert digest(other) != digest(CLAIMS)
    assert shipped(other) is None


def test_writing_what_was_read_gives_the_same_suite(suite):
    again = shipped(CLAIMS)
    assert as_file(CLAIMS, again) == as_file(CLAIMS, suite)


def test_it_is_short(suite):
    assert suite.requests < 15_500
    lengths = [len(vector.scenario.requests) for vector in suite.vectors]
    assert lengths == sorted(lengths)
    assert max(lengths) <= 30
    assert [vector.name for vector in suite.vectors] == [f"V{number:04}" for number in range(1, len(lengths) + 1)]


def test_every_sequence_starts_where_the_system_may_start(suite):
    for vector in suite.vectors:
        for lifecycle, value in zip(SYSTEM.lifecycles, vector.scenario.start, strict=True):
            assert value in lifecycle.initial


def test_every_reachable_transition_is_fired(suite, traces):
    wanted = {f"transition:{arrow.key}" for arrow in reachable(SYSTEM).arrows}
    assert {goal.key for goal in suite.of_kind(GoalKind.TRANSITION)} == wanted
    fired = {transition for trace in traces.values() for step in trace.steps for transition in step.verdict.fired}
    assert {f"transition:{arrow.key}" for arrow in arrows(SYSTEM) if arrow.transition in fired} == wanted


def test_every_kind_of_verdict_that_can_be_is_heard(traces):
    heard = {kind_of(step.request, step.verdict) for trace in traces.values() for step in trace.steps}
    wholly_open = {
        check.reason for gate in SYSTEM.gates for check in gate.checks if set(ASPECTS) <= set(check.unspecified)
    }  # of which a target can show nothing
    reported = {kind for kind in reachable(SYSTEM).kinds if kind.reason not in wholly_open}
    assert {kind for kind in heard if kind.reason not in wholly_open} == reported


def test_every_transition_pair_that_is_claimed_happens(suite, traces):
    keys = {arrow.transition: arrow.key for arrow in arrows(SYSTEM)}
    seen = {}
    for name, trace in traces.items():
        last = {}
        for at, step in enumerate(trace.steps):
            for transition in step.verdict.fired:
                lifecycle, number = keys[transition].split("/")
                if lifecycle in last:
                    seen.setdefault(f"pair:{lifecycle}/{last[lifecycle]}/{number}", set()).add((name, at))
                last[lifecycle] = number
    claimed = {goal.key for goal in suite.of_kind(GoalKind.PAIR)}
    assert claimed == set(seen)
    for vector in suite.vectors:
        for at, key in vector.reached:
            if key in claimed:
                assert (vector.name, at) in seen[key]


def test_every_property_and_every_rule_that_is_cited_has_a_sequence(suite):
    assert {goal.label for goal in suite.of_kind(GoalKind.PROPERTY)} == {claim.name for claim in CLAIMS.claims}
    shown = {rule for goal in suite.goals.values() for rule in goal.rules}
    cited = {rule for claim in CLAIMS.claims for rule in claim.rules}
    cited |= {rule for arrow in reachable(SYSTEM).arrows for rule in arrow.transition.rules}
    assert cited <= shown


def test_every_goal_is_shown_or_said_not_to_be_shown(suite):
    reached = {key for vector in suite.vectors for _, key in vector.reached}
    assert reached == set(suite.goals)
    unreachable = Counter(entry.goal.key for entry in suite.unreachable)
    assert not reached & set(unreachable)
    assert max(unreachable.values()) == 1
    assert reached | set(unreachable) >= {aim.goal.key for aim in aims(SYSTEM)}


def some_altered():
    """Every so many of the goals that are seen beside an altered system."""
    altered = [aim for aim in aims(SYSTEM) if aim.altered]
    return altered[::40]


def test_an_altered_system_is_reported_at_the_step_that_is_reported(suite, traces):
    """The whole altered system on the plain oracle, and not the short cut that the generator takes."""
    reported = 0
    where = {key: (vector.name, at) for vector in suite.vectors for at, key in vector.reached}
    for aim in some_altered():
        if aim.goal.key not in where:
            continue
        name, at = where[aim.goal.key]
        trace, other = traces[name], Oracle(altered_system(SYSTEM, aim.altered))
        state = trace.start
        for step in trace.steps[:at]:
            state, verdict = decided(other, state, step.request)
            assert not differences(step.verdict, verdict), aim.goal
        _, verdict = decided(other, state, trace.steps[at].request)
        assert differences(trace.steps[at].verdict, verdict), aim.goal
        reported += 1
    assert reported > 50


def test_the_expected_verdicts_are_the_plain_interpreters(suite):
    """Every twentieth sequence: the interpreter compiles nothing, and is slow."""
    for vector in suite.vectors[::20]:
        for step in vector.scenario.replay(SYSTEM).steps:
            verdict = interpret(SYSTEM, step.before.as_dict(), step.request)
            assert verdict.firing(step.verdict.fired) == step.verdict


def test_ladders_leave_nothing_out():
    """Every check and every answer may decide some request."""
    catalogue = Catalogue(slices(SYSTEM))
    on = {id(entry.declaration) for one in catalogue.decision_lists for entry in one.entries if entry.when is not FALSE}
    assert {id(check) for gate in SYSTEM.gates for check in gate.checks} <= on
    assert {id(answer) for answer in SYSTEM.answers} <= on


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.title)
def test_it_shows_every_fault_of_the_simulator(traces, fault):
    target = open_target(f"examples.simulator.faulty:{fault.name.lower()}", SYSTEM)
    assert any(shows(target, trace) for trace in traces.values())


def shows(target, trace):
    target.reset(trace.start)
    return any(differs(step.verdict, target.send(step.request)) for step in trace.steps)
