"""Which rule `replay` names of one wrong answer where all is known: the one that `conform` names."""

import json

import pytest

from properties.replay.judging import judge_log
from properties.replay.mapping import default_mapping
from properties.replay.records import LogError
from properties.smets1.installation import CLAIMS

SYSTEM = CLAIMS.system
MIGRATED = {
    "migration": "MIGRATED", "smso": "DOES_NOT", "dcc": "OPERATES", "group": "EA", "chf_status": "COMMISSIONED",
    "esme_status": "COMMISSIONED", "ppmid_status": "COMMISSIONED", "key_package": "WITHOUT_PPMID",
}  # fmt: skip
VALIDATED_BY_NOVEMBER = {"migration": "SCHEDULED", "release": "NOVEMBER_2020", "gas_supplier": "SUPPLIER_B"}
READ_GPF = {
    "request": "ReadFirmwareVersion", "sender": "EXPORT_SUPPLIER", "target": "GPF", "request_id": "NEW",
    "screening": "PASSED", "outcome": "rejected", "at": "S1SP",
    "reason": "a Communications Hub's firmware is updated at its CHF", "response": "nothing",
}  # fmt: skip
VALIDATE = {
    "request": "ValidateData", "mprn": "LEADING_ZEROS", "outcome": "stopped", "at": "premises",
    "reason": "the MPRNs do not match", "response": "nothing",
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "entry", "rule"), [(MIGRATED, READ_GPF, "READ-1"), (VALIDATED_BY_NOVEMBER, VALIDATE, "MPRN-1")]
)
def test_the_claims_say_which_rule_of_a_declaration_is_broken(tmp_path, values, entry, rule):
    judged, problems = replayed(tmp_path, values, entry)
    (finding,) = judged.findings
    assert not problems.counts
    assert finding.rule == rule


def test_a_beginning_that_no_state_has_is_one_message(tmp_path):
    with pytest.raises(LogError, match="no state has the values that case 'A' begins with"):
        replayed(tmp_path, {**MIGRATED, "dcc": "DOES_NOT"}, READ_GPF)


def replayed(folder, values, entry):
    start = {
        lifecycle.name: (lifecycle.initial[0],)
        if lifecycle.name not in values
        else tuple(value for value in lifecycle.variable.domain if value.name == values[lifecycle.name])
        for lifecycle in SYSTEM.lifecycles
    }
    (folder / "log.jsonl").write_text(json.dumps({"case": "A", **entry}))
    return judge_log(CLAIMS, default_mapping(SYSTEM), [folder / "log.jsonl"], starts={"A": start})
