"""GroupIDs and the DMVES as a user's own tables, with the effect that the sources allow and no other."""

import attrs
import pytest

from statemachines.files.toml import TomlFileError
from statemachines.smets1.edge.cohorts import KNOWN_GROUPS, read_groups
from statemachines.smets1.edge.device_model_variations import read_variations
from statemachines.smets1.edge.installation_file import read_premises
from statemachines.smets1.edge.installation_writer import installation_toml
from statemachines.smets1.edge.judging import judge
from statemachines.smets1.vocabulary import Group
from tests.statemachines.smets1.edge.requests import ESME, NO_PIN, PPMID, A, read_firmware


@pytest.fixture
def table(tmp_path):
    def write(text, name="own.csv"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def test_further_groups_are_other_groups_of_their_cohort(table, edited):
    groups = read_groups(table("group_id,cohort\nAB,IOC\nXQ,MOC (Secure)\nEA,FOC\n"))
    assert groups == {**KNOWN_GROUPS, "AB": Group.OTHER_IOC, "XQ": Group.SECURE}
    path = edited(('group = "CA"', 'group = "XQ"'), NO_PIN)
    assert read_premises(path, groups=groups).state.group is Group.SECURE
    with pytest.raises(TomlFileError, match=r"installation\.group is 'XQ', expected one of"):
        read_premises(path)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("CA,FOC", "cohort is 'FOC', expected IOC, for the cohort of CA is known (SYS-3)"),
        ("EC,FOC", "group_id is 'EC', expected EA or EB, which are the groups of FOC (SYS-3)"),
        ("AB,FOOC", "cohort is 'FOOC', expected one of"),
        ("IOC,IOC", "group_id is 'IOC', expected a GroupID, and no cohort"),
        ("AB,IOC\nAB,IOC", "group_id is 'AB', expected a GroupID that no other row has"),
    ],
)
def test_what_the_sources_know_stays_as_it_is(table, row, message):
    with pytest.raises(TomlFileError) as caught:
        read_groups(table(f"group_id,cohort\n{row}\n"))
    assert message in str(caught.value)


def test_a_variation_of_the_model_is_reported_and_changes_nothing(table, edited):
    variations = read_variations(
        table("device_model,step,equivalent_step\nM-1,11.2,read it twice\nM-1,11.3,other\nM-2,11.2,no\n")
    )
    path = edited(('firmware_version = "00000001"', 'firmware_version = "00000001"\nmodel = "M-1"'))
    plain = read_premises(path)
    assert plain.devices[ESME].model == "M-1"
    given = attrs.evolve(plain, variations=variations)
    _, (without,) = judge(plain, read_firmware(A, ESME))
    _, (varied,) = judge(given, read_firmware(A, ESME))
    assert varied.notes == ("the DMVES that was given has for M-1 and SRV 11.2: read it twice (DOC-2)",)
    assert attrs.evolve(varied, notes=()) == attrs.evolve(without, notes=())
    _, (other,) = judge(given, read_firmware(A, PPMID))
    assert other.notes == ()


def test_a_model_is_written_and_read_again(edited, tmp_path):
    path = edited(('firmware_version = "00000001"', 'firmware_version = "00000001"\nmodel = "M-1"'))
    premises = read_premises(path)
    path.write_bytes(installation_toml(premises))
    assert read_premises(path).devices == premises.devices


def test_a_step_of_a_model_is_reported_once(table):
    with pytest.raises(
        TomlFileError, match=r"line 3: variation\.step is '11\.2', expected a step of M-1 that no other row"
    ):
        read_variations(table("device_model,step,equivalent_step\nM-1,11.2,a\nM-1,11.2,b\n"))
