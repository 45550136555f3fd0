"""Shortest runs from any state, against a search that looks at one state after the other."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor

import pytest

from statemachines import after, replay
from statemachines.checker import reachability
from statemachines.checker.reachability import Reachability, TooLongError
from statemachines.errors import EnginesDisagreeError, TooLargeError
from statemachines.exports.machine import names_of
from statemachines.language.expression import TRUE, IsA, Moment
from statemachines.semantics.oracle import Oracle, decided


def expected(system, start, condition, *, of_step):
    """The length of a shortest run, and the number of states that runs from there lead to."""
    oracle, depths, shortest = Oracle(system), {start: 0}, None
    queue = deque([start])
    while queue:
        state = queue.popleft()
        if not of_step and shortest is None and condition.holds(Moment(state.as_dict())):
            shortest = depths[state]
        for request in system.all_requests():
            to, verdict = decided(oracle, state, request)
            moment = Moment(state.as_dict(), request, to.as_dict(), verdict)
            if of_step and verdict is not None and shortest is None and condition.holds(moment):
                shortest = depths[state] + 1
            if to not in depths:
                depths[to] = depths[state] + 1
                queue.append(to)
    return shortest, len(depths)


def questions(system):
    """Conditions of every kind, with whether each is of steps."""
    names = names_of(system)
    for variable in system.variables:
        for value in variable.domain:
            yield variable == value, False
            yield (after(variable) == value) & ~(variable == value), True
    for aspect in names.aspects.values():
        for value in aspect.domain:
            yield aspect == value, True
    for kind in system.requests:
        yield IsA(frozenset([kind])), True
    for field in names.fields.values():
        for value in field.domain:
            yield field == value, True


def test_every_question_about_a_small_system_has_the_answer_of_a_search(house_system):
    asked = Reachability(house_system)
    starts = [house_system.state()]
    starts.append(replay(house_system, starts[0], list(house_system.all_requests())).end)
    assert starts[0] != starts[1]
    lengths = set()
    for start in starts:
        for condition, of_step in questions(house_system):
            answer = asked.shortest(start, condition)
            length = None if answer.run is None else len(answer.run.steps)
            assert (length, answer.states) == expected(house_system, start, condition, of_step=of_step), condition
            lengths.add(length)
    assert {None, 0, 1, 2} <= lengths


def test_a_run_is_the_same_each_time(parcel_locker):
    system = parcel_locker.system
    runs = [
        Reachability(system).shortest(system.state(), after(system.variables[0]) == parcel_locker.Box.FULL).run
        for _ in "ab"
    ]
    assert runs[0].text() == runs[1].text()


def test_what_the_oracle_does_not_confirm_is_no_answer(parcel_locker, monkeypatch):
    system = parcel_locker.system
    monkeypatch.setattr(reachability, "replay", lambda system, start, *_: replay(system, start, ()))
    with pytest.raises(EnginesDisagreeError, match="does not confirm that box is holds a parcel"):
        Reachability(system).shortest(system.state(), system.variables[0] == parcel_locker.Box.FULL)


def test_what_takes_too_much_memory_is_refused(house_system):
    with pytest.raises(TooLargeError, match="decision diagrams"):
        Reachability(house_system, memory=64).shortest(house_system.state(), TRUE)


def test_what_takes_too_long_is_refused_and_can_be_asked_again(house_system, monkeypatch):
    asked, start = Reachability(house_system), house_system.state()
    times = iter([0.0, 0.0, 1.0, 11.0, *[12.0] * 1000])
    with monkeypatch.context() as patched:
        patched.setattr(reachability, "monotonic", lambda: next(times))
        with pytest.raises(TooLongError, match="not answered within 10 s"):
            asked.shortest(start, TRUE, seconds=10.0)
    assert asked.shortest(start, TRUE, seconds=1e6).run is not None


def test_waiting_for_another_question_is_part_of_the_time(house_system):
    asked = Reachability(house_system)
    with ThreadPoolExecutor(1) as other, asked._one_at_a_time, pytest.raises(TooLongError):
        other.submit(asked.shortest, house_system.state(), TRUE, 0.01).result()
