"""`vectors --format itf`: each sequence is a trace that `replay` finds to be the system's own."""

import json

from click.testing import CliRunner

from examples import parcel_locker
from properties.cli.main import main
from statemachines.exports.itf import replay_itf


def test_each_sequence_is_a_trace_that_the_system_makes(tmp_path):
    out = tmp_path / "traces"
    args = ["vectors", "--system", "examples.parcel_locker:claims", "--format", "itf", "--out", str(out)]
    done = CliRunner().invoke(main, args)
    assert done.exit_code == 0, done.output
    files = sorted(out.iterdir())
    assert f"{len(files)} sequences" in done.output
    for file in files:
        assert file.name.endswith(".itf.json")
        replayed = replay_itf(parcel_locker.system, json.loads(file.read_text(encoding="utf-8")))
        assert replayed.trace.steps
        assert replayed.differences == ()
    trace = json.loads(files[0].read_text(encoding="utf-8"))
    trace["states"][1]["verdict::outcome"] = "maybe"
    assert replay_itf(parcel_locker.system, trace).differences
