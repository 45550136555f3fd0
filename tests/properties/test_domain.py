"""Profiles, as the machinery finds them."""

import pytest

from properties.domain import NEUTRAL, Profile, installed, named, profile_for
from statemachines.language.requests import RequestType

PING, TICK, ODD = RequestType("Ping"), RequestType("Tick"), RequestType("Odd")
SENT = (PING,)
CODES = {PING: "1.1"}
HERE = __name__


def test_the_neutral_profile_takes_every_type_for_a_request_and_knows_no_codes():
    assert not NEUTRAL.is_event(PING)
    assert NEUTRAL.in_words(PING) == PING.label


def test_a_profile_knows_events_and_codes(monkeypatch):
    ours = Profile("ours", "Ours.", requests=f"{HERE}:SENT", codes=f"{HERE}:CODES", code="No.")
    assert ours.is_event(TICK)
    assert not ours.is_event(PING)
    assert ours.in_words(PING) == f"{PING.label} (No. 1.1)"
    assert ours.in_words(TICK) == TICK.label


@pytest.mark.parametrize(
    ("spec", "owned"), [("ours.a:b", True), ("ours:b", True), ("oursister:b", False), ("theirs.ours:b", False)]
)
def test_a_spec_belongs_to_the_profile_whose_packages_it_is_in(spec, owned):
    assert Profile("ours", "Ours.", packages=("ours",)).owns(spec) is owned


def test_of_several_profiles_with_claims_none_is_guessed(monkeypatch):
    two = {name: Profile(name, name, claims=f"{name}:c", packages=(name,)) for name in ("a", "b")}
    monkeypatch.setattr("properties.domain.installed", lambda: {"statemachines": NEUTRAL, **two})
    assert profile_for("b:c") is two["b"]
    assert profile_for("c:c") is NEUTRAL
    assert profile_for("c:c", "a") is two["a"]
    with pytest.raises(LookupError, match=r"several profiles .*a, b"):
        profile_for()
    with pytest.raises(LookupError, match=r"no profile 'z'; expected one of: statemachines, a, b"):
        profile_for("", "z")


def test_everything_that_an_installed_profile_names_is_there():
    profiles = installed()
    assert set(profiles) >= {"statemachines", "smets1"}
    for name, profile in profiles.items():
        assert profile.command == name
        specs = [profile.requests, profile.codes, *profile.exporters.values(), *profile.schemes.values()]
        specs += [command.implementation for command in profile.commands.values()]
        assert all(named(spec) is not None for spec in specs if spec)
