"""The deviations of a log are explained together: what went wrong earlier, and shows late, is named."""

import pytest

from examples.parcel_locker import claims, system
from properties.conformance.suite.store import suite_of
from properties.conformance.targets.declared import DeclaredTarget
from properties.domain import profile_for
from properties.mutation.mutants import mutants_of
from properties.replay import explanation
from properties.replay.generator import LogGenerator, LogOptions
from properties.replay.judging import judge_log
from properties.replay.log_writers import as_json_lines
from properties.replay.mapping import default_mapping

MUTANTS = {str(mutant).partition(" lifecycle box, ")[2]: mutant for mutant in mutants_of(system).mutants}
RUNS = [vector.scenario for vector in suite_of(claims).vectors]


def log_of(tmp_path, mutated):
    generator = LogGenerator(system, LogOptions(100, seed=1), DeclaredTarget(mutated, system, profile_for()), RUNS)
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(as_json_lines(generator.entries(), system)))
    return path


@pytest.mark.parametrize(
    ("mutant", "rule"),
    [
        ("EMPTY --Put--> FULL: never", "BOX-1"),
        ("FULL or OVERDUE --Take--> EMPTY: never", "BOX-1"),
        ("FULL --Wait--> OVERDUE: never", "BOX-2"),
        ("FULL --Wait--> OVERDUE: to EMPTY", "BOX-2"),
        ("OVERDUE --Wait--> EMPTY: never", "BOX-2"),
    ],
)
def test_a_transition_that_is_wrong_is_named_where_its_effect_shows_late(tmp_path, mutant, rule):
    path = log_of(tmp_path, MUTANTS[mutant].system)
    whole, _ = judge_log(claims, default_mapping(system), [path])
    assert {finding.rule for finding in whole.findings} == {rule}
    assert list(whole.examples) == [rule]
    assert len(whole.findings) > 20
    assert judge_log(claims, default_mapping(system), [path], in_memory=100)[0] == whole


def test_rare_deviations_and_those_beyond_the_sample_are_named_all_the_same(tmp_path, monkeypatch):
    path = log_of(tmp_path, MUTANTS["FULL --Wait--> OVERDUE: to EMPTY"].system)
    monkeypatch.setattr(explanation, "MOST_ALIKE", 1)
    few, _ = judge_log(claims, default_mapping(system), [path])
    assert {finding.rule for finding in few.findings} == {"BOX-2"}
    monkeypatch.setattr(explanation, "MOST_KINDS", 0)
    none, _ = judge_log(claims, default_mapping(system), [path])
    assert {finding.rule for finding in none.findings} == {"BOX-1"}
    assert [finding.case for finding in few.findings] == [finding.case for finding in none.findings]
