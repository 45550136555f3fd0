"""Sets of states: a bitmap and a sorted array are both sets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statemachines.checker import state_set

SMALL = st.integers(0, 300)


def _array(integers):
    return np.array(sorted(integers), dtype=np.int64)


@settings(deadline=None)
@given(
    st.sampled_from(["bitmap", "sorted"]),
    st.lists(st.sets(SMALL | st.integers(0, 10**6)), max_size=5),
    st.sets(SMALL | st.integers(0, 10**6)),
)
def test_each_is_a_set(kind, batches, others):
    known, it = set(), state_set.Bitmap(10**6 + 1) if kind == "bitmap" else state_set.SortedSet()
    for batch in batches:
        it.add(_array(batch - known))
        known |= batch
    asked = sorted(others | known)
    assert it.unseen(_array(asked)).tolist() == [integer not in known for integer in asked]


def test_a_sorted_set_takes_what_lies_between_what_it_has():
    known = state_set.SortedSet()
    many = np.arange(0, 10**9, 65537)
    for part in (many[::2], many[1::2]):
        assert known.unseen(part).all()
        known.add(part)
    assert not known.unseen(many).any()
    assert known.unseen(many + 1).all()
    assert known.bytes == 8 * len(many)


@pytest.mark.parametrize(("combinations", "kind"), [(100, state_set.Bitmap), (1 << 60, state_set.SortedSet)])
def test_there_is_a_bit_for_each_combination_unless_they_are_too_many(combinations, kind):
    assert isinstance(state_set.state_set(combinations), kind)


@given(st.lists(st.integers(-5, 5)))
def test_ascending_is_a_sorted_set(integers):
    assert state_set.ascending(np.array(integers, dtype=np.int64)).tolist() == sorted(set(integers))
