"""Words of a log: what they stand for where fields, variables and aspects share a name."""

from enum import Enum, StrEnum

import pytest

from properties.replay.mapping import default_mapping, read_mapping
from statemachines import Answer, Field, Register, RequestType, Rule, System, Variable, fixed

PLAIN = [Enum(name, {"NO": "no", "YES": "yes"}) for name in ("One", "Other", "Third")]
EQUAL = [StrEnum(name, {"NO": "no", "YES": "yes"}) for name in ("One", "Other", "Third")]


@pytest.mark.parametrize("kinds", [PLAIN, EQUAL], ids=["plain", "equal"])
@pytest.mark.parametrize("renamed", [False, True])
def test_a_word_stands_for_what_each_field_variable_and_aspect_of_its_name_can_be(tmp_path, kinds, renamed):
    """It stood for whatever was declared last: an entry of another type was left open, or ended the command."""
    one, other, third = kinds
    ask, tell = RequestType("Ask", [Field("reason", one)]), RequestType("Tell", [Field("reason", other)])
    system = System(
        "names",
        Register([Rule("R-1", "It is so.", "the manual")]),
        lifecycles=[fixed(Variable("reason", third))],
        requests=[ask, tell],
        answers=[Answer(outcome=one.YES, at=one.YES, reason=one.NO, rules="R-1")],
    )
    mapping, word = default_mapping(system), "no"
    if renamed:
        (tmp_path / "map.toml").write_text('[words.reason]\nnay = "no"\n[state]\nreason = "reason"\n')
        mapping, word = read_mapping(tmp_path / "map.toml", system), "nay"
    for kind, expected in ((ask, one.NO), (tell, other.NO)):
        entry = {"request": kind.name, "reason": word}
        seen, unknown = mapping.seen(tuple(map(entry.get, mapping.event)))
        assert (seen.requests, dict(seen.shown), unknown) == ((kind(reason=expected),), {"reason": one.NO}, ())
        assert seen.shown[0][1] is one.NO
        if renamed:
            assert seen.after[0][1] is third.NO
    values, unknown = mapping.start({"reason": word})
    assert (values["reason"][0] is third.NO, len(values["reason"]), unknown) == (True, 1, ())
