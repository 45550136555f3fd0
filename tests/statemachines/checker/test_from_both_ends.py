"""Two processes that take from both ends of a list: everything is done once, and nothing is lost with a process."""

import os
import time

import pytest

from statemachines.checker.from_both_ends import ABLE, beside

pytestmark = pytest.mark.skipif(not ABLE, reason="no process can be forked here")


class GivenUpError(Exception):
    pass


def shared(count, work, *, slow=0.0):
    """What each process did, by index."""
    here, there = {}, {}
    with beside(count, work, [GivenUpError]) as other:
        for index in other.indices():
            time.sleep(slow)
            here[index] = os.getpid()
            there |= other.received(wait=False)
        there |= other.received(wait=True)
    return here, there


def test_each_place_is_taken_once_from_one_end_or_the_other():
    here, there = shared(40, lambda index: (os.getpid(), index), slow=0.01)
    assert sorted([*here, *there]) == list(range(40))
    assert there
    assert list(here) == sorted(here)
    assert list(there) == sorted(there, reverse=True)
    assert {index for _, index in there.values()} == set(there)
    assert os.getpid() not in {process for process, _ in there.values()}


def stops_at(index, way):
    def work(at):
        if at == index:
            way()
        return at

    return work


def stop():
    raise GivenUpError


@pytest.mark.parametrize("way", [stop, lambda: os._exit(1)], ids=["it gives up", "it dies"])
def test_what_it_stops_at_has_no_result(way):
    here, there = shared(20, stops_at(17, way), slow=0.02)
    assert list(there) == [19, 18]
    assert list(here) == list(range(17))


def test_it_is_stopped_with_the_block():
    started = time.monotonic()
    with pytest.raises(GivenUpError), beside(2, lambda _: time.sleep(60), [GivenUpError]):
        raise GivenUpError
    assert time.monotonic() - started < 30


def test_of_an_empty_list_nothing_is_taken():
    assert shared(0, lambda index: index) == ({}, {})
