"""Engines that we did not write execute XState and SCXML exports as the oracle decides."""

import attrs
import pytest
from click.testing import CliRunner

from benchmarks.engines import ENGINES, DiffersError, compare, walk
from examples import parcel_locker
from properties.cli.main import main
from statemachines import Claims, DeclarationError, Lifecycle, RequestType, Variable
from statemachines.exports.scxml import export_scxml
from statemachines.exports.xstate import export_xstate
from tests.support import strategies

CHARTS = [name for name in ENGINES if name != "javascript"]


def expect(name):
    if ENGINES[name].missing:
        pytest.skip(ENGINES[name].missing)


@pytest.mark.parametrize("name", CHARTS)
def test_an_engine_decides_as_the_oracle_does(name, tmp_path, house_system):
    expect(name)
    systems = [house_system, parcel_locker.system, *strategies.random_systems(8)]
    walks = [walk(system, 50, seed, restarts=ENGINES[name].restarts) for seed, system in enumerate(systems)]
    compare(name, systems, walks, tmp_path)


def test_a_reply_that_differs_is_reported(tmp_path, monkeypatch):
    expect("xstate")
    altered = attrs.evolve(
        ENGINES["xstate"], export=lambda claims: export_xstate(claims).replace('"wrong code"', '"nope"')
    )
    monkeypatch.setattr("benchmarks.engines.ENGINES", {"xstate": altered})
    with pytest.raises(DiffersError, match=r"XState, parcel locker, .*nope.*expected"):
        compare("xstate", [parcel_locker.system], [walk(parcel_locker.system, 20)], tmp_path)


@pytest.mark.parametrize("language", ["xstate", "scxml"])
def test_the_command_writes_a_chart(language, tmp_path):
    out = str(tmp_path / "locker")
    args = ["export", language, "--system", "examples.parcel_locker:claims", "--out", out]
    assert CliRunner().invoke(main, args).output == f"{out}: 2 regions, 3 events\n"
    refused = CliRunner().invoke(main, [*args, "--property", "a box can always come free"])
    assert (refused.exit_code, f"{language} has no properties" in refused.output) == (2, True)


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
