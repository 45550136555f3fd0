"""The examples on the protocol pages are complete: each is a target as it stands."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from properties.conformance.mapping import read_mapping
from properties.conformance.statement import read_statement
from statemachines.installation import INSTALLATION
from statemachines.vocabulary import DeployRelease, Outcome

PAGES = Path(__file__).parents[3] / "docs" / "conformance"


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


def test_json_lines(opened, some_request, tmp_path):
    (example,) = blocks("protocol-json-lines.md", "python")
    path = tmp_path / "target.py"
    path.write_text(example)
    target = opened(f"{shlex.quote(sys.executable)} {shlex.quote(str(path))}")
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


@pytest.mark.parametrize(
    ("page", "number", "read"),
    [("targets.md", 0, read_statement), ("targets.md", 1, read_mapping), ("protocol-duis-http.md", 0, read_mapping)],
)
def test_files(page, number, read, tmp_path):
    path = tmp_path / "file.toml"
    path.write_text(blocks(page, "toml")[number])
    read(path, INSTALLATION)
