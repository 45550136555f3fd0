"""Everybody sees the same, or no ratio means anything."""

import pytest

from benchmarks import ppmid, race, rings
from benchmarks.race import LIVE, ORACLE, PEERS, Disagreement
from statemachines.smets1.key_package import KeyPackage
from statemachines.smets1.releases import Release
from statemachines.smets1.vocabulary import SUPPLIERS


def answers(the_race, *names):
    runners = the_race.runners()
    return {name: runners[name]()() for name in (ORACLE, *names)}


@pytest.fixture(params=PEERS, ids=lambda peer: peer.package)
def peer(request):
    if not request.param.installed:
        pytest.skip(f"{request.param.package} is not installed")
    return request.param


@pytest.mark.slow
@pytest.mark.parametrize("supplier", SUPPLIERS)
@pytest.mark.parametrize("release", Release)
@pytest.mark.parametrize("keys", KeyPackage)
def test_a_peer_sees_what_the_oracle_sees_whatever_the_facts(peer, supplier, release, keys):
    facts = ppmid.SYSTEM.state(electricity_supplier=supplier, release=release, key_package=keys)
    the_race = ppmid.race(200, seed=3, facts=facts)
    seen = the_race.agreed(answers(the_race, peer.label))
    assert any(not fired for _, fired in seen)
    assert any(fired for _, fired in seen) == (release is not Release.BEFORE_UPLIFT_1_2)


@pytest.mark.parametrize(
    ("lifecycles", "states", "together"), [(1, 4, False), (1, 24, False), (5, 4, False), (5, 4, True)]
)
def test_a_peer_sees_what_the_oracle_sees_as_the_work_grows(peer, lifecycles, states, together):
    the_race = rings.race(lifecycles, states, 150, seed=4, together=together)
    seen = the_race.agreed(answers(the_race, peer.label))
    assert len(seen) == 150 * (lifecycles if together else 1)
    assert {fired for _, fired in seen} == {True, False}


def test_the_live_machines_give_the_oracles_verdicts():
    the_race = ppmid.race(200, seed=5)
    the_race.agreed(answers(the_race, LIVE))


def test_a_ring_that_is_gone_around_shows_every_state():
    the_race = rings.race(1, 24, 1500, seed=4, together=False)
    assert {state for state, _ in the_race.agreed(answers(the_race))} == {f"AT_{at}" for at in range(24)}


@pytest.mark.parametrize("wrong", [("DELIVERED", True), ("SETTLED", False), ("UPGRADED", False)])
def test_who_sees_something_else_is_named(wrong):
    the_race = ppmid.race(50, seed=6)
    given = answers(the_race)
    seen = the_race.agreed(given)
    at = next(at for at, one in enumerate(seen) if one != wrong)
    with pytest.raises(Disagreement, match=f"a peer sees .* as number {at}, not "):
        the_race.agreed({**given, "a peer": [*seen[:at], wrong, *seen[at + 1 :]]})
    with pytest.raises(Disagreement, match="a peer sees another number of answers"):
        the_race.agreed({**given, "a peer": seen[:-1]})


def test_peers_that_are_not_installed_are_left_out_and_named(monkeypatch):
    monkeypatch.setattr(race, "find_spec", lambda name: None if name == "sismic" else object())
    assert race.missing() == ["sismic"]
