"""The examples on the protocol pages are complete: each is a target as it stands."""

import re
import shlex
import shutil
import subprocess
import sys
from functools import partial

import pytest

from properties.conformance.mapping import read_mapping
from properties.conformance.statement import read_statement
from properties.smets1.profile import PROFILE
from statemachines.semantics.oracle import Oracle
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.migration import Migration
from statemachines.smets1.vocabulary import DeployRelease, Outcome
from tests.support.paths import ROOT

PAGES = ROOT / "docs" / "conformance"


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", (PAGES / page).read_text(), re.MULTILINE | re.DOTALL)


def expect_a_target(target, request_):
    target.reset(INSTALLATION.state())
    assert target.send(request_).shown["outcome"] is Outcome.REJECTED
    assert target.send(DeployRelease()).shown["outcome"] is Outcome.HAPPENED


def test_python(opened, some_request, tmp_path, monkeypatch):
    (example,) = blocks("protocol-python.md", "python")
    (tmp_path / "ours_on_the_page.py").write_text(example)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    expect_a_target(opened("ours_on_the_page:Metering"), some_request)


@pytest.mark.parametrize(
    ("language", "name", "program"),
    [
        ("python", "target.py", sys.executable),
        pytest.param(
            *("javascript", "target.mjs", "node"),
            marks=pytest.mark.skipif(not shutil.which("node"), reason="Node.js is not installed"),
        ),
    ],
)
def test_json_lines(opened, some_request, tmp_path, language, name, program):
    (example,) = blocks("protocol-json-lines.md", language)
    path = tmp_path / name
    path.write_text(example)
    target = opened(f"{shlex.quote(program)} {shlex.quote(str(path))}")
    assert target.statement.name == "a target that rejects everything"
    expect_a_target(target, some_request)


def test_duis_http(opened, some_request, tmp_path):
    (example,) = blocks("protocol-duis-http.md", "python")
    *server, start = example.rstrip().splitlines()
    assert start == 'HTTPServer(("127.0.0.1", 8080), Server).serve_forever()'
    free = (
        'server = HTTPServer(("127.0.0.1", 0), Server)\nprint(server.server_port, flush=True)\nserver.serve_forever()'
    )
    path = tmp_path / "server.py"
    path.write_text("\n".join([*server, free]))
    with subprocess.Popen(
        [sys.executable, path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            target = opened(f"http://127.0.0.1:{process.stdout.readline().strip()}/")
            assert target.statement.name == "a server that rejects everything"
            expect_a_target(target, some_request)
        finally:
            process.kill()


def test_the_events_that_a_target_needs_that_starts_where_an_installation_starts():
    text = (PAGES / "targets.md").read_text()
    paragraph = text[text.index('With `starts = "initial"`') :].split("\n\n")[0]
    named = re.findall(r"`([A-Z]\w+)`", paragraph)
    *way, _ = [next(kind for kind in INSTALLATION.requests if kind.name == name) for name in named]
    oracle = Oracle(INSTALLATION)
    state = oracle.initial
    for kind in way:
        state, verdict = oracle.decide(state, next(kind.requests()))
        assert verdict.outcome is Outcome.HAPPENED, kind.name
    assert state.as_dict()["migration"] is Migration.MIGRATED


@pytest.mark.parametrize(
    ("page", "number", "read"),
    [
        ("targets.md", 0, partial(read_statement, profile=PROFILE)),
        ("targets.md", 1, read_mapping),
        ("protocol-duis-http.md", 0, read_mapping),
    ],
)
def test_files(page, number, read, tmp_path):
    path = tmp_path / "file.toml"
    path.write_text(blocks(page, "toml")[number])
    read(path, INSTALLATION)
