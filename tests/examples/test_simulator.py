"""The example simulator agrees with the reference, in every verdict and in what it keeps; each fault shows."""

import ast
import json
import subprocess
import sys

import pytest

from examples.simulator import factory, faulty
from examples.simulator.faults import Fault
from examples.simulator.state import shown
from examples.simulator.target import Target
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import replay
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.rulebook import RULEBOOK
from tests.support.paths import ROOT

SIMULATOR = ROOT / "examples" / "simulator"
OURS = {"statemachines", "properties"}


def test_it_says_and_keeps_at_every_step_what_the_reference_says_and_keeps(walks, words, verdict_in_words):
    target = factory()
    for walk in walks:
        target.reset(words(walk[0].before))
        for step in walk:
            assert target.send(step.request.as_dict()) == verdict_in_words(step.verdict), step
            assert shown(target.simulator) == words(step.after), step


def test_it_can_be_put_into_any_state_of_those_walks(walks, words, verdict_in_words):
    target = factory()
    for walk in walks:
        for step in walk[::4]:
            target.reset(words(step.before))
            assert shown(target.simulator) == words(step.before)
            assert target.send(step.request.as_dict()) == verdict_in_words(step.verdict), step
            assert shown(target.simulator) == words(step.after), step


@pytest.mark.slow
def test_it_agrees_in_states_that_no_walk_came_to(varied, walks, words, verdict_in_words):
    target = factory()
    for step in varied:
        target.reset(words(step.before))
        assert target.send(step.request.as_dict()) == verdict_in_words(step.verdict), step
        assert shown(target.simulator) == words(step.after), step
    walked = {step.before for walk in walks for step in walk}
    assert len({step.before for step in varied} - walked) > 500


def test_those_walks_go_deep(walks):
    fired = {move for walk in walks for step in walk for move in step.verdict.fired}
    declared = sum(len(lifecycle.transitions) for lifecycle in INSTALLATION.lifecycles)
    assert len(fired) >= 0.9 * declared
    decided = {(step.verdict.at, step.verdict.reason) for walk in walks for step in walk}
    assert len(decided) >= 60


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.title)
def test_each_fault_shows_at_the_end_of_its_witness_and_not_before(fault, witnesses, words, verdict_in_words):
    start, requests = witnesses[fault.title]
    right, wrong = factory(), Target(fault)
    right.reset(words(start))
    wrong.reset(words(start))
    for at, step in enumerate(replay(INSTALLATION, start, requests).steps, 1):
        expected = verdict_in_words(step.verdict)
        assert right.send(step.request.as_dict()) == expected
        assert (wrong.send(step.request.as_dict()) != expected) is (at == len(requests))


def test_faults_break_rules_that_there_are_and_many_of_them():
    rules = {fault.rule for fault in Fault}
    assert all(rule in RULEBOOK for fault in Fault for rule in fault.rules)
    assert all(bool(fault.also) is bool(fault.words) and fault.also != fault.rule for fault in Fault)
    assert len(rules) >= 50
    assert len({fault.title for fault in Fault}) == len(Fault)


def test_each_fault_is_one_small_switch():
    code = "\n".join(path.read_text() for path in SIMULATOR.glob("*.py") if path.name != "faults.py")
    assert {
        fault.name: code.count(f"Fault.{fault.name}") for fault in Fault if code.count(f"Fault.{fault.name}") != 1
    } == {}


def test_each_fault_has_a_factory():
    target = faulty.gas_supplier_may_activate()
    assert target.fault is Fault.GAS_SUPPLIER_MAY_ACTIVATE
    with pytest.raises(AttributeError, match="no fault is called"):
        _ = faulty.no_such_thing


def test_it_imports_nothing_of_the_framework():
    for path in SIMULATOR.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                assert not {alias.name.partition(".")[0] for alias in node.names} & OURS, path.name
            if isinstance(node, ast.ImportFrom) and not node.level:
                assert (node.module or "").partition(".")[0] not in OURS, path.name


def test_it_runs_where_the_framework_is_not(witnesses, words):
    start, requests = witnesses[Fault.STALE_KEYS.title]
    script = (
        "import importlib.abc, sys\n"
        "class Barred(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name.partition('.')[0] in {'statemachines', 'properties', 'attrs', 'lxml', 'click'}:\n"
        "            raise ImportError('barred: ' + name)\n"
        "sys.meta_path.insert(0, Barred())\n"
        "from simulator.__main__ import main\n"
        "sys.exit(main(['--json-lines']))\n"
    )
    lines = [json.dumps({"id": 0, "op": "reset", "state": words(start)})]
    lines += [json.dumps({"id": at, "op": "send", "request": one.as_dict()}) for at, one in enumerate(requests, 1)]
    ended = subprocess.run(
        [sys.executable, "-c", script],
        input="\n".join(lines) + "\n",
        cwd=SIMULATOR.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    oracle, state = Oracle(INSTALLATION), start
    for answer, request in zip(answers[1:], requests, strict=True):
        state, verdict = oracle.decide(state, request)
        assert answer["verdict"]["reason"] == verdict.reason.value
