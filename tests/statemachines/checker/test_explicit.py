"""Exploring: what it takes is said before it starts, and what is too much is refused."""

from enum import Enum

import pytest

from statemachines import Variable, memory
from statemachines.checker import explicit as exploring
from statemachines.checker.encoding import Radices
from statemachines.checker.explicit import explore
from statemachines.errors import TooLargeError
from statemachines.smets1.fleet import fleet


def test_what_an_exploration_takes_is_reported_before_it_starts():
    reported = []
    space = explore(fleet(3), needs=reported.append, progress=lambda depth, states: reported.append((depth, states)))
    needed, *levels = reported
    assert needed.combinations == 3 * 2 * 9**3
    assert needed.fixed >= needed.combinations // 8
    assert needed.a_state == exploring.A_STATE + len(space.variables)
    assert needed.most == needed.combinations  # which are fewer than memory is enough for
    assert "4,374 combinations of values" in needed.words()
    assert [depth for depth, _ in levels] == list(range(int(space.depth.max()) + 1))
    assert levels[-1][1] == len(space) == 1926
    kept = sum(array.nbytes for array in (space.integers, space.depth, *map(space.columns.of, space.variables)))
    kept += space._indices(space.integers).nbytes
    assert kept <= needed.a_state * len(space)


def test_more_memory_than_there_may_be_is_not_taken():
    needed = []
    explore(fleet(3), needs=needed.append)
    enough = needed[0].fixed + needed[0].a_state * 1926
    assert len(explore(fleet(3), memory=enough)) == 1926
    with pytest.raises(
        TooLargeError, match=r"more than 1,925 reachable states, 6 requests from the start, which is what .* of"
    ):
        explore(fleet(3), memory=enough - 1)
    with pytest.raises(TooLargeError, match=r"more than 10 initial states, which is what .* of memory are enough for"):
        explore(fleet(3), memory=needed[0].fixed + 10 * needed[0].a_state)
    with pytest.raises(TooLargeError, match=r"4,374 combinations of values; .*, and more is needed to explore them"):
        explore(fleet(3), memory=100)


def test_what_is_available_is_known_everywhere(monkeypatch, tmp_path):
    assert memory.available() > 1 << 20
    assert memory.available(tmp_path) > 1 << 20
    monkeypatch.setattr(memory.os, "sysconf", lambda _: (_ for _ in ()).throw(ValueError))
    assert memory.available(tmp_path) == memory.UNKNOWN


def test_a_variable_has_no_more_values_than_a_byte_can_tell():
    many = Variable("many", Enum("Many", {f"M{number}": str(number) for number in range(257)}))
    with pytest.raises(TooLargeError, match=r"'many' has 257 values; states are explored one by one .* of at most 256"):
        Radices((many,))
