"""Forked processes: what is worked ahead is what is worked out here."""

import multiprocessing
import os
import signal
import subprocess
import sys

import pytest

from properties.mutation import processes
from properties.mutation.processes import ProcessEndedError, worked_ahead

ENDING = """
import os, time
from properties.mutation.processes import worked_ahead

with worked_ahead(lambda _: time.sleep(60), range(9), 3):
    {}
"""


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_the_results_are_those_of_the_tasks(jobs):
    with worked_ahead(lambda number: number * number, range(9, -1, -1), jobs) as worked:
        assert [worked(number) for number in range(10)] == [number * number for number in range(10)]


def test_a_task_is_done_once(tmp_path):
    def work(number):
        with (tmp_path / str(number)).open("a") as file:
            file.write(f"{os.getpid()}\n")

    with worked_ahead(work, range(20), 3) as worked:
        for number in (*range(20), *range(20)):
            worked(number)
    assert [len((tmp_path / str(number)).read_text().split()) for number in range(20)] == [1] * 20


def test_what_another_has_taken_is_not_done_here(monkeypatch):
    with worked_ahead(lambda _: os.getpid(), range(3), 2) as worked:
        monkeypatch.setattr(processes, "_takes", lambda *_: False)  # here; the other was forked before
        assert os.getpid() not in {worked(number) for number in range(3)}


def test_who_waits_for_one_that_is_killed_is_told():
    began = multiprocessing.get_context("fork").Event()

    def work(_):
        began.set()
        os.kill(os.getpid(), signal.SIGKILL)

    def wait():
        with worked_ahead(work, [0], 2) as worked:
            began.wait()
            worked(0)

    with pytest.raises(ProcessEndedError, match="ended from outside"):
        wait()
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("end", ["raise KeyboardInterrupt", "os.kill(os.getpid(), 9)"])
def test_none_is_left_when_the_first_one_ends(end):
    # that comes to the end of what they write when all of them have ended
    subprocess.run([sys.executable, "-c", ENDING.format(end)], capture_output=True, timeout=30, check=False)
