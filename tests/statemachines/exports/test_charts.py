"""Engines that we did not write execute XState and SCXML exports as the oracle decides."""

import json
import re
import subprocess
from enum import Enum
from itertools import pairwise
from random import Random

import attrs
import pytest
from click.testing import CliRunner

from benchmarks.engines import ENGINES, NODE_MODULES, DiffersError, compare, walk
from examples import parcel_locker
from properties.cli.main import main
from statemachines import (
    Answer,
    Claims,
    DeclarationError,
    Lifecycle,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
)
from statemachines.exports.scxml import export_scxml
from statemachines.exports.xstate import export_xstate
from statemachines.smets1.installation import INSTALLATION
from tests.support import strategies

GRAPH = """
import { toDirectedGraph } from "xstate/graph";
import { machine } from "./locker.mjs";
const all = ({ edges, children }) => [...edges, ...children.flatMap(all)];
const shown = (region) => ({
  states: region.children.map((state) => state.stateNode.key),
  arrows: all(region).map(({ source, label, target }) => [source.key, label.text, target.key]),
});
const regions = toDirectedGraph(machine).children;
console.log(JSON.stringify(Object.fromEntries(regions.map((region) => [region.stateNode.key, shown(region)]))));
"""
"""What `xstate/graph` says of a chart: the nodes and edges that a visualiser draws."""

CHARTS = [name for name in ENGINES if name != "javascript"]


def expect(name):
    if ENGINES[name].missing:
        pytest.skip(ENGINES[name].missing)


@pytest.mark.slow
@pytest.mark.parametrize("name", CHARTS)
def test_an_engine_decides_as_the_oracle_does(name, tmp_path, house_system):
    expect(name)
    systems = [house_system, parcel_locker.system, *strategies.random_systems(8)]
    walks = [walk(system, 50, seed, restarts=ENGINES[name].restarts) for seed, system in enumerate(systems)]
    compare(name, systems, walks, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["javascript", "java"])
def test_an_engine_decides_as_the_oracle_does_in_any_state_of_a_large_system(name, tmp_path):
    """A sample; `python -m benchmarks.differential NAME --slices` asks every request in each kind of state."""
    expect(name)
    draw, requests = Random(7), list(INSTALLATION.all_requests())
    states = ([draw.choice(variable.domain) for variable in INSTALLATION.variables] for _ in range(2_000))
    questions = [(INSTALLATION.state_type(values), draw.choice(requests)) for values in states]
    compare(name, [INSTALLATION], [questions], tmp_path)


def test_a_reply_that_differs_is_reported(tmp_path, monkeypatch):
    expect("xstate")
    altered = attrs.evolve(
        ENGINES["xstate"], export=lambda claims: export_xstate(claims).replace('"wrong code"', '"nope"')
    )
    monkeypatch.setattr("benchmarks.engines.ENGINES", {"xstate": altered})
    with pytest.raises(DiffersError, match=r"XState, parcel locker, .*nope.*expected"):
        compare("xstate", [parcel_locker.system], [walk(parcel_locker.system, 20)], tmp_path)


def test_visualisers_are_given_every_state_and_arrow(tmp_path):
    expect("xstate")
    (tmp_path / "node_modules").symlink_to(NODE_MODULES, target_is_directory=True)
    (tmp_path / "locker.mjs").write_text(export_xstate(parcel_locker.claims), encoding="utf-8")
    (tmp_path / "graph.mjs").write_text(GRAPH, encoding="utf-8")
    done = subprocess.run(["node", "graph.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True)
    graph = json.loads(done.stdout)
    assert list(graph) == ["verdict", "box"]
    assert set(graph["box"]["states"]) == {value.value for value in parcel_locker.lifecycle.variable.domain}
    arrows = [
        [str(source.value), f"passed.{move.on.name}", str(move.target.value)]
        for move in parcel_locker.lifecycle.transitions
        for source in move.source
    ]
    assert sorted(graph["box"]["arrows"]) == sorted(arrows)
    assert set(graph["verdict"]["states"]) == {"no verdict", "yes", "no"}
    assert len(graph["verdict"]["arrows"]) == 6  # three checks that refuse, and an answer to each type


def test_words_with_letters_that_targets_use_are_reached_by_ids(tmp_path):
    """Other readers of XState's machines than XState do not know that a target may escape a dot."""
    expect("xstate")
    release = Enum("Release", {"A": "before 1.2", "B": "1.2", "C": "3#", "D": r"a\b", "E": "last"})
    done = Enum("Done", {"DONE": "is 1.0", "BY": "it"})
    variable, deploy = Variable("release", release), RequestType("Deploy")
    steps = [Transition(one, deploy, other, rules="R-1") for one, other in pairwise([*release, release.A])]
    answer = Answer([deploy], outcome=done.DONE, reason=done.DONE, at=done.BY, rules="R-1")
    lifecycles = [Lifecycle(variable, release.A, steps)]
    book = Register([Rule("R-1", "One follows the other.", "nowhere")])
    system = System("releases", book, lifecycles=lifecycles, requests=[deploy], answers=[answer])
    assert re.findall('"target": "(.*)"', export_xstate(Claims(system, []))) == [
        "#verdict-1", "#release-1", "3#", "#release-3", "last", "#release-0",
    ]  # fmt: skip
    compare("xstate", [system], [walk(system, 10)], tmp_path)


@pytest.mark.parametrize("word", ["#3", ""])
def test_a_state_that_xstate_cannot_have_is_refused(word):
    answers = Enum("Say", {"YES": word, "AT": "it"})
    claims = Claims(
        attrs.evolve(parcel_locker.system, answers=[attrs.evolve(parcel_locker.done, outcome=answers.YES)]), []
    )
    with pytest.raises(DeclarationError, match=f"XState cannot have a state '{word}' in 'verdict'"):
        export_xstate(claims)


@pytest.mark.parametrize("language", ["xstate", "scxml"])
def test_the_command_writes_a_chart(language, tmp_path):
    out = str(tmp_path / "locker")
    args = ["export", language, "--system", "examples.parcel_locker:claims", "--out", out]
    assert CliRunner().invoke(main, args).output == f"{out}: 2 regions, 3 events\n"
    refused = CliRunner().invoke(main, [*args, "--property", "a box can always come free"])
    assert (refused.exit_code, f"{language} says nothing of properties" in refused.output) == (2, True)


@pytest.mark.parametrize("export", [export_xstate, export_scxml])
def test_names_that_the_charts_use_are_refused(export):
    box = parcel_locker.system.lifecycles[0]
    verdict = Lifecycle(Variable("verdict", box.variable.kind), box.variable.domain, [])
    system = attrs.evolve(parcel_locker.system, lifecycles=[box, verdict])
    with pytest.raises(DeclarationError, match="a variable is named 'verdict'"):
        export(Claims(system, []))
    answer = attrs.evolve(parcel_locker.done, on=[passed := RequestType("passed")])
    system = attrs.evolve(
        parcel_locker.system, requests=[*parcel_locker.everything, passed], answers=[parcel_locker.done, answer]
    )
    with pytest.raises(DeclarationError, match="a request type is named 'passed'"):
        export(Claims(system, []))
