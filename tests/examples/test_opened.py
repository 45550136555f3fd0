"""The example targets, opened as the conformance suite opens them, agree with the reference."""

import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest

from properties.conformance.observation import differs
from properties.conformance.targets.opening import open_target
from properties.smets1.profile import PROFILE
from statemachines.smets1.installation import INSTALLATION
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

MODULE = f"{sys.executable} -m examples.simulator"
NODE = "node examples/node-target/target.mjs"


@contextmanager
def opened(spec):
    if spec != "http":
        target = open_target(spec, INSTALLATION, profile=PROFILE)
        try:
            yield target
        finally:
            target.close()
        return
    with subprocess.Popen([*MODULE.split(), "--http", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            with opened(process.stdout.readline().split()[-1]) as target:
                yield target
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("spec", "least"),
    [
        ("examples.simulator:factory", 1200),
        (f"{MODULE} --json-lines", 1200),
        ("http", 1190),
        pytest.param(
            NODE, 150, marks=pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
        ),
    ],
    ids=["python", "json-lines", "http", "node"],
)
def test_it_agrees_wherever_its_statement_says_that_it_can_be_asked(spec, least, walks, monkeypatch):
    monkeypatch.chdir(ROOT)
    asked = 0
    with opened(spec) as target:
        for walk in walks[:10]:
            target.reset(walk[0].before)
            for step in walk:
                if target.statement.why_not(step.request):
                    target.reset(step.after)
                    continue
                assert differs(step.verdict, target.send(step.request)) == (), step
                asked += 1
    assert asked >= least
