"""Copies and pickles: a declaration is itself only, here, in a copy, and when it comes back from another process."""

import pickle
import subprocess
import sys
from copy import copy, deepcopy
from multiprocessing import get_context

import attrs
import pytest

from statemachines import Claims, Constraint, Count, Oracle, Variable, always, check, replay
from statemachines.language import identity
from statemachines.language.claims import Invariant
from statemachines.language.expression import FALSE, TRUE, Among
from tests.support import house
from tests.support.paths import ROOT


def _pickled(value):
    return pickle.loads(pickle.dumps(value))


COPIES = pytest.mark.parametrize("again", [copy, deepcopy, _pickled])


def _claims():
    return Claims(
        house.house(
            constraints=[
                Constraint(
                    "no light in a locked house",
                    when=house.door == house.Door.LOCKED,
                    then=house.lamp == house.Lamp.OFF,
                    rules="HOUSE-1",
                )
            ]
        ),
        [always("the lamp is off", then=house.lamp == house.Lamp.OFF, rules="HOUSE-1")],
    )


CLAIMS = _claims()
SYSTEM = CLAIMS.system
REQUESTS = tuple(SYSTEM.all_requests())


def _run(system=SYSTEM):
    return replay(system, system.state(), system.all_requests())


@COPIES
@pytest.mark.parametrize("value", [SYSTEM, CLAIMS, *REQUESTS, *SYSTEM.requests, *SYSTEM.lifecycles, house.lamp])
def test_a_copy_of_a_declaration_is_the_declaration(again, value):
    assert again(value) is value


@COPIES
def test_copies_of_states_verdicts_and_runs_are_equal(again):
    run = _run()
    assert again(run) is run
    for step in run.steps:
        assert again(step.verdict) == step.verdict
        assert again(step.before) == step.before
        assert type(again(step.before)) is SYSTEM.state_type


@COPIES
def test_the_constants_stay_themselves(again):
    assert again(TRUE) is TRUE
    assert again(FALSE) is FALSE


@COPIES
def test_numbers_and_their_domains_stay_themselves(again):
    level = Variable("level", Count(0, 3))
    assert again(level) is level
    assert again(level.kind) is Count(0, 3)
    assert all(again(value) is value for value in level.domain)


@COPIES
def test_a_copied_condition_reads_the_same_term(again):
    condition = again(house.lamp == house.Lamp.ON)
    assert isinstance(condition, Among)
    assert condition.term is house.lamp
    assert condition.values == {house.Lamp.ON}


def test_what_is_evolved_is_another_declaration():
    other = attrs.evolve(SYSTEM, name="another house")
    assert _pickled(SYSTEM) is SYSTEM
    assert _pickled(other) is other
    varied = SYSTEM.varied(answers=SYSTEM.answers)
    assert _pickled(varied) is varied
    assert varied is not SYSTEM
    assert type(_pickled(varied).state()) is SYSTEM.state_type


def _decided(system, state, requests):
    """In another process: the system came with the requests, and decides them."""
    oracle = Oracle(system)
    verdicts = []
    for request in requests:
        assert any(request.type is kind for kind in system.requests)
        state, verdict = oracle.decide(state, request)
        verdicts.append(verdict)
    return state, verdicts


_kept = []


def _keep(claims):
    _kept.append(claims)


def _decided_by_what_was_sent(request):
    """In another process that was sent the system when it started: a request comes without it."""
    system = _kept[0].system
    return Oracle(system).decide(system.state(), request)


def _decided_by_what_is_imported(state, request):
    """In another process, which has imported this module: neither comes with the system."""
    return Oracle(SYSTEM).decide(state, request)


@pytest.mark.slow
def test_what_a_module_declares_is_what_another_process_imports():
    run = _run()
    assert any(step.verdict.fired for step in run.steps), "no transition goes there and back"
    with get_context("spawn").Pool(1) as pool:
        asked = [(step.before, step.request) for step in run.steps]
        assert pool.starmap(_decided_by_what_is_imported, asked) == [(step.after, step.verdict) for step in run.steps]
        assert pool.apply(_decided, (SYSTEM, run.start, run.scenario.requests))[0] == run.end


@pytest.mark.slow
def test_what_a_function_declares_goes_through_another_process_and_is_known_there_from_then_on():
    claims = _claims()
    system, run = claims.system, _run(claims.system)
    with get_context("spawn").Pool(1, initializer=_keep, initargs=(claims,)) as pool:
        end, verdicts = pool.apply(_decided, (system, run.start, run.scenario.requests))
        alone = [pool.apply(_decided_by_what_was_sent, (request,)) for request in REQUESTS]
    assert end == run.end
    assert type(end) is system.state_type
    assert verdicts == [step.verdict for step in run.steps]
    assert any(verdict.fired for verdict in verdicts), "no transition went there and back"
    assert alone == [Oracle(system).decide(system.state(), request) for request in REQUESTS]


READ = """
import pickle, sys
from pathlib import Path
from statemachines import Oracle, check, replay
claims, run = pickle.loads(Path(sys.argv[1]).read_bytes())
assert run.system is claims.system
again = replay(claims.system, run.start, [step.request for step in run.steps])
assert [step.verdict for step in again.steps] == [step.verdict for step in run.steps]
assert again.end == run.end
assert pickle.loads(pickle.dumps(claims)) is claims
print([finding.holds for finding in check(claims).findings])
"""
SCRIPT = """
import pickle, sys
from pathlib import Path
from tests.statemachines.language.test_identity import _claims, _run
if __name__ == "__main__":
    claims = _claims()
    Path(sys.argv[1]).write_bytes(pickle.dumps((claims, _run(claims.system))))
"""


@pytest.mark.slow
@pytest.mark.parametrize("made_by", ["a module", "a function", "a script"])
def test_a_pickle_is_read_by_another_program(made_by, tmp_path):
    file = tmp_path / "house.pickle"
    if made_by == "a script":  # where it is pickled it is a global, and where it is read that global does not exist
        subprocess.run([sys.executable, "-c", SCRIPT, file], check=True, timeout=60, cwd=ROOT)
    else:
        claims = CLAIMS if made_by == "a module" else _claims()
        file.write_bytes(pickle.dumps((claims, _run(claims.system))))
    done = subprocess.run(
        [sys.executable, "-c", READ, file], capture_output=True, text=True, check=False, timeout=60, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str([finding.holds for finding in check(CLAIMS).findings])


def test_a_global_that_now_names_another_declaration_is_no_path(monkeypatch):
    first, second = _claims(), _claims()
    monkeypatch.setattr(sys.modules[__name__], "CHANGES", first, raising=False)
    monkeypatch.setattr(identity, "_modules", -1)  # modules were imported since it looked
    assert identity.identity(first)[1] == (__name__, "CHANGES")
    monkeypatch.setattr(sys.modules[__name__], "CHANGES", second)
    assert identity.identity(first)[1] == ()
    assert _pickled(first) is first


def test_claims_that_are_evolved_have_each_constraint_once():
    again = attrs.evolve(CLAIMS)
    assert [claim.name for claim in again.claims] == ["no light in a locked house", "the lamp is off"]
    fewer = attrs.evolve(CLAIMS, system=house.house())
    assert [claim.name for claim in fewer.claims] == ["the lamp is off"]
    more = attrs.evolve(CLAIMS, claims=(*CLAIMS.claims, always("always", then=TRUE, rules="HOUSE-1")))
    assert [claim.name for claim in more.claims] == ["no light in a locked house", "the lamp is off", "always"]
    assert [isinstance(claim, Invariant) for claim in more.claims] == [True, False, False]
