"""Forked processes: what is worked ahead is what is worked out here."""

import os

import pytest

from properties.mutation import processes
from properties.mutation.processes import worked_ahead


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
