"""`smets1 export` as a user runs it."""

import pytest
from click.testing import CliRunner

from properties.cli import main

KEY_7 = "what is re-designated stays so"


def export(*words: str):
    return CliRunner().invoke(main, ["export", *words])


def test_a_whole_system_is_printed():
    done = export("promela", "--system", "properties.fleet:CLAIMS")
    assert done.exit_code == 0
    assert done.stdout.startswith("/* a fleet of 3 sites\n")
    assert done.stdout.endswith("  od\n}\n")
    assert "byte v_site_3; /* site 3 */" in done.stdout or "byte v_site_3 = Migrated_NOT_YET;" in done.stdout
    assert f'always, of a step: "{KEY_7}" [DES-1]' in done.stdout
    assert done.stdout == export("promela", "--system", "properties.fleet:CLAIMS").stdout


def test_a_property_is_written_with_the_smallest_slice_that_decides_it(tmp_path):
    out = tmp_path / "new" / "foc.pml"
    done = export("promela", "--property", "no FOC PPMID's firmware is ever upgraded", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert done.stdout == f"{out}: 12 variables, 59 moves, 1 properties; 0 cannot be written so\n"
    text = out.read_text()
    assert text.startswith("/* SMETS1 installation, an exact slice of it: 16 variables are forgotten\n")
    assert "v_calendar" not in text


def test_several_properties_share_a_model_and_what_is_no_assertion_is_named():
    names = (KEY_7, "re-designation can always still come")
    done = export("promela", "--system", "properties.fleet:CLAIMS", "--property", names[0], "--property", names[1])
    assert done.exit_code == 0
    assert ' * Not in this model:\n *   always possible: "re-designation can always still come"' in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Missing argument 'FORMAT'"),
        (("nusmv",), "'nusmv' is not 'promela'"),
        (("promela", "--system", "nonsense"), "is not of the form package.module:attribute"),
        (("promela", "--system", "properties.fleet:CLAIMS", "--property", "nope"), "no property is named 'nope'"),
        (("promela", "--system", "properties.fleet:CLAIMS", "--out", "/dev/null/x.pml"), "is not a directory"),
    ],
)
def test_wrong_options_get_one_message_and_exit_code_2(words, message):
    done = export(*words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("Error:") == 1
    assert done.stdout == ""


def test_help_shows_examples():
    assert "smets1 export promela --out installation.pml" in export("--help").stdout
