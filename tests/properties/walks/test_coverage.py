"""Coverage is counted against exactly what can be reached."""

from properties.walks.coverage import Coverage, arrows, kind_of, reachable
from statemachines.semantics.oracle import Oracle


def enumerated(system):
    """What can be reached, state by state, with the oracle alone."""
    oracle, fired, kinds = Oracle(system), set(), set()
    todo = list(system.initial_states())
    seen = set(todo)
    while todo:
        state = todo.pop()
        for request in system.all_requests():
            after, verdict = oracle.decide(state, request)
            fired |= set(verdict.fired)
            kinds.add(kind_of(request, verdict))
            if after not in seen:
                seen.add(after)
                todo.append(after)
    return fired, kinds


def test_totals_are_what_naive_enumeration_finds(safe, forgetful_safe):
    for each in (safe, forgetful_safe):
        system = each.claims.system
        fired, kinds = enumerated(system)
        can = reachable(system)
        assert {arrow.transition for arrow in can.arrows} == fired
        assert set(can.kinds) == kinds
        assert len(can.kinds) == len(kinds)


def test_what_cannot_be_reached_does_not_count(forgetful_safe, safe):
    locked = [kind for kind in reachable(safe.claims.system).kinds if kind.reason.name == "LOCKED"]
    assert len(locked) == 1
    assert not [kind for kind in reachable(forgetful_safe.claims.system).kinds if kind.reason.name == "LOCKED"]


def test_one_step_is_counted_once(safe):
    system = safe.claims.system
    coverage, oracle = Coverage(system), Oracle(system)
    request = next(safe.Enter.requests())
    _, verdict = oracle.decide(system.state(), request)
    coverage.add(request, verdict)
    assert coverage.steps == 1
    assert coverage.reached == (1, 1)
    assert coverage.as_dict()["transitions"]["times"] == {"door: SHUT --Enter--> OPEN": 1}
    assert "transitions: 1 of the 4 that can be reached (25 %)" in coverage.text()
    assert "not reached: door: OPEN --Shut--> SHUT" in coverage.text()


def test_processes_are_put_together(safe):
    system = safe.claims.system
    oracle, parts = Oracle(system), [Coverage(system), Coverage(system)]
    state = system.state()
    for part, request in zip(parts, (next(safe.Enter.requests()), safe.Shut()), strict=True):
        state, verdict = oracle.decide(state, request)
        part.add(request, verdict)
    parts[0].merge(dict(parts[1].hits), parts[1].steps)
    assert parts[0].steps == 2
    assert parts[0].reached == (2, 2)


def test_keys_tell_transitions_apart(safe):
    keys = [arrow.key for arrow in arrows(safe.claims.system)]
    assert keys == ["door/0", "door/1", "wrong/0", "wrong/1"]
