"""What a SPEC can be, and what is said of one that cannot be opened."""

import re

import pytest

from properties.conformance.targets.misbehaviour import TargetError
from properties.conformance.targets.opening import open_target
from properties.smets1.profile import PROFILE
from statemachines.smets1.installation import INSTALLATION


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("", "no target given"),
        ("   ", "no target given"),
        ("nowhere:factory", "'nowhere:factory' cannot be imported"),
        ("properties.walks.runs:nothing", "walks/runs.py) has no 'nothing'"),
        (
            "statemachines.language.terms:ASPECTS",
            "statemachines.language.terms:ASPECTS is tuple, expected a function or class",
        ),
        ("./no-such-program --serve", "./no-such-program --serve: it cannot be started: No such file or directory"),
        ("no-such-program", "no-such-program: it cannot be started: No such file or directory"),
        (f"{'a' * 300}.mjs", "it cannot be started: File name too long"),
        ("/", "/: it cannot be started: Permission denied"),
        ("'unbalanced", "it cannot be started: No closing quotation"),
        ("./text.mjs --serve", "Permission denied; perhaps it is meant to be run as: node ./text.mjs --serve"),
        ("text.mjs", "No such file or directory; perhaps it is meant to be run as: node text.mjs"),
        ("ftp://host/", "ftp://host/ is not an address of a target, expected one that begins with http:// or https://"),
        ("http://", "http:// is not an address of a target"),
        ("http://host:99999/", "is not an address of a target"),
        ("http://user:secret@host/", "an address with a user in it is not used, expected credentials in a"),
        ("htp://user:secret@host", "an address with a user in it is not used, expected credentials in a"),
        ("http://host/a b", "is not an address of a target"),
        ("http://host/?q=1", "is not an address of a target"),
    ],
)
def test_a_spec_that_cannot_be_opened_is_reported_in_one_message(spec, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.mjs").touch()
    with pytest.raises(TargetError) as caught:
        open_target(spec, INSTALLATION, profile=PROFILE)
    assert message in str(caught.value)
    assert not re.search("\n|secret", str(caught.value))


def test_the_statement_in_a_file_takes_the_place_of_its_own(behaviours, opened, tmp_path):
    statement = tmp_path / "statement.toml"
    statement.write_text('name = "Ours"\nobserves = ["outcome"]')
    target = opened(behaviours.command(), statement=statement)
    assert (target.statement.name, target.statement.observes) == ("Ours", ("outcome",))


@pytest.mark.parametrize(
    ("reported", "message"),
    [
        ('{"requests": ["11.9"]}', "the target's statement: requests is '11.9'"),
        ("[]", "the target's statement is [], expected an object"),
    ],
)
def test_a_statement_of_its_own_that_cannot_be_understood(behaviours, opened, reported, message):
    special = f"""
def special(message):
    if message["op"] == "describe":
        say({{"id": message["id"], "statement": {reported}}})
        return True
"""
    with pytest.raises(TargetError) as caught:
        opened(behaviours.command(special))
    assert message in str(caught.value)


@pytest.mark.parametrize("option", ["statement", "mapping"])
def test_a_file_that_is_not_there(behaviours, opened, tmp_path, option):
    with pytest.raises(TargetError, match="cannot be read: No such file"):
        opened(behaviours.command(), **{option: tmp_path / "missing.toml"})
