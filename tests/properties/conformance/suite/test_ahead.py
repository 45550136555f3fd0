"""Mutants told apart ahead of their turn: by whatever process, the suite is the same."""

import os

import pytest

from properties.conformance.suite import ahead
from properties.conformance.suite.ahead import told_apart_ahead
from properties.conformance.suite.behaviour_goals import ruled_out
from properties.conformance.suite.generator import generated
from properties.conformance.suite.store import as_file
from properties.mutation import processes
from statemachines.checker.equivalence import Proof
from statemachines.errors import TooLargeError
from statemachines.language.claims import Claims
from statemachines.semantics.oracle import Oracle


def test_the_suite_does_not_depend_on_how_many_processes_work_ahead(house_system):
    claims = Claims(house_system, [])
    alone, ahead_of_it = (as_file(claims, generated(claims, jobs)) for jobs in (1, 3))
    assert alone == ahead_of_it


@pytest.fixture
def begun(house_system, monkeypatch):
    """The mutants of the house, each told apart by the process that says so."""
    here = os.getpid()

    def told(_, mutant):
        if mutant is mutants[1]:
            raise TooLargeError("too many pairs")
        return Proof.SAME if os.getpid() == here else Proof.NO_PAIR

    mutants = [mutant for _, mutant in ruled_out(house_system)][:4]
    monkeypatch.setattr(ahead, "told_apart", told)
    return lambda jobs: told_apart_ahead(Oracle(house_system), (), mutants, jobs), mutants


def test_what_another_process_has_taken_is_awaited(begun, monkeypatch):
    begin, mutants = begun
    with begin(2) as told:
        monkeypatch.setattr(processes, "_takes", lambda *_: False)  # here; the other was forked before
        assert told(mutants[0]) is Proof.NO_PAIR
        with pytest.raises(TooLargeError, match="too many pairs"):
            told(mutants[1])


def test_what_none_has_taken_is_told_apart_here(begun, monkeypatch):
    begin, mutants = begun
    takes = processes._takes
    monkeypatch.setattr(processes, "_takes", lambda *_: False)
    with begin(2) as told:
        monkeypatch.setattr(processes, "_takes", takes)
        assert [told(mutant) for mutant in (mutants[0], *mutants[2:])] == [Proof.SAME] * 3
    with begin(1) as told:
        assert told(mutants[0]) is Proof.SAME


def test_a_walk_comes_back_from_another_process_as_it_is_told_apart_here(house_system, monkeypatch):
    mutants = [mutant for _, mutant in ruled_out(house_system)][::9]
    with told_apart_ahead(Oracle(house_system), (), mutants, 2) as told:
        monkeypatch.setattr(processes, "_takes", lambda *_: False)
        others = [told(mutant) for mutant in mutants]
    with told_apart_ahead(Oracle(house_system), (), mutants, 1) as told:
        assert [told(mutant) for mutant in mutants] == others
    assert not all(isinstance(one, Proof) for one in others)
