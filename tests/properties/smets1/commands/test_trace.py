"""`smets1 trace` as a user runs it."""

import json

import pytest
from click.testing import CliRunner

from properties.smets1.command import main
from properties.smets1.profile import PROFILE

TRACED = PROFILE.traced


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.slow
def test_diagrams_are_named_as_they_are_written(tmp_path, monkeypatch):
    """By default, and those of the installation."""
    monkeypatch.chdir(tmp_path)
    rendered = run("render", "--json")
    written = {path for path in json.loads(rendered.stdout)["written"] if path.endswith(".svg")}
    traced = json.loads(run("trace", "--no-check", "--json", "--system", next(iter(TRACED))).stdout)
    assert {path for one in traced["rules"] for path in one["diagrams"]} == written


def test_the_installation_is_traced_without_a_check():
    done = run("trace", "--no-check", "KEY-4", "--json")
    assert done.exit_code == 0, done.stderr
    (rule,) = json.loads(done.stdout)["rules"]
    assert rule["source"] == "CON 7.1"
    assert "lifecycle" in [each["kind"] for each in rule["declarations"]]
    assert "diagrams/key_package.svg" in rule["diagrams"]
    words = [each["words"] for each in rule["declarations"] if each["where"] == "key_package"]
    assert any(
        each.startswith('"without the PPMID\'s keys" -> "with the PPMID\'s keys" on Update DCO Key Package')
        for each in words
    )


def test_help_has_examples():
    done = run("trace", "--help")
    assert done.exit_code == 0
    assert "smets1 trace KEY-4 KEY-5" in done.stdout
    assert next(iter(TRACED)) in done.stdout
