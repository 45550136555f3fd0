"""A fleet as it is declared: its states can be counted by hand, and what is said to its events."""

import pytest

from statemachines import DeclarationError
from statemachines.checker.explicit import explore
from statemachines.checker.slices import Slices
from statemachines.checker.wellformed import wellformed
from statemachines.semantics.oracle import Oracle
from statemachines.smets1.designation import Designation, DesignationReason, ReDesignate
from statemachines.smets1.fleet import Kind, Migrated, SiteReason, events, fleet, site, sites_of
from statemachines.smets1.releases import Release
from statemachines.smets1.verdicts import EventReason
from statemachines.smets1.vocabulary import DeployRelease, Outcome


@pytest.mark.parametrize("sites", range(1, 6))
def test_the_states_are_as_many_as_counted_by_hand(sites):
    """Of each site, before Uplift 1.2: 2 ways to stand for each of 3 kinds. From then on 3, 2 and 3 ways, and once the
    documents are re-designated 2, 2 and 3, for one with a PPMID outside FOC cannot then lack its keys. There are two
    releases from Uplift 1.2 on."""  # fmt: skip
    assert len(explore(fleet(sites))) == 6**sites + 2 * 8**sites + 2 * 7**sites


@pytest.mark.parametrize("dated", [False, True])
@pytest.mark.parametrize("sites", [1, 2, 3])
def test_every_request_has_exactly_one_verdict_and_nothing_is_dead(sites, dated):
    assert wellformed(fleet(sites, dated=dated)).problems == ()


def test_the_documents_way_leaves_fewer_sites_states_and_no_others():
    """So that what is proved of the sites without it is true with it."""
    plain, dated = explore(fleet(2)), explore(fleet(2, dated=True))
    names = ["release", "site_1", "site_1_kind", "site_2", "site_2_kind"]

    def seen(space):
        states = [space.state(index) for index in range(len(space))]
        return {
            (state.designation is Designation.RE_DESIGNATED, *(getattr(state, name) for name in names))
            for state in states
        }

    assert seen(dated) == seen(plain)


def test_a_fleet_has_a_site():
    with pytest.raises(DeclarationError, match="a fleet of 0 sites: expected at least 1"):
        fleet(0)


def test_sites_are_found_in_a_system():
    assert [one.number for one in sites_of(fleet(4))] == [1, 2, 3, 4]
    assert sites_of(fleet(2))[1] is site(2)


@pytest.mark.parametrize(
    ("kind", "before", "then"),
    [
        (Kind.WITH_PPMID, Migrated.WITHOUT_KEYS, Migrated.WITH_KEYS),
        (Kind.FOC, Migrated.WITHOUT_KEYS, Migrated.WITH_KEYS),
        (Kind.WITHOUT_PPMID, Migrated.WITHOUT_KEYS, Migrated.WITHOUT_KEYS),
    ],
)
def test_what_migration_does_to_the_keys(kind, before, then):
    system = fleet(1)
    migrate = events(1).MigrateSite(site=events(1).name(site(1)))
    for release, expected in ((Release.BEFORE_UPLIFT_1_2, before), (Release.UPLIFT_1_2, then)):
        state, _ = Oracle(system).decide(system.state(release=release, site_1_kind=kind), migrate)
        assert state.site_1 is expected


def test_re_designation_waits_for_the_last_site():
    system, asked = fleet(3), events(3)
    oracle = Oracle(system)
    state = oracle.initial
    one, two, three = (asked.name(one) for one in sites_of(system))
    message = []
    for request in (
        ReDesignate(),
        *(asked.MigrateSite(site=which) for which in (one, two, three)),
        asked.UpdateKeyPackage(site=one),
        DeployRelease(),
        ReDesignate(),
        asked.UpdateKeyPackage(site=three),
        asked.UpdateKeyPackage(site=one),
        ReDesignate(),
        asked.UpdateKeyPackage(site=two),
        asked.UpdateKeyPackage(site=two),
        ReDesignate(),
        ReDesignate(),
    ):
        state, verdict = oracle.decide(state, request)
        message.append(verdict.reason)
    done = EventReason.HAPPENED
    assert message == [
        SiteReason.UPLIFT_NOT_IN_FORCE,
        done,
        done,
        done,
        SiteReason.SITE_LACKS_NO_KEYS,
        done,
        SiteReason.KEYS_LACKING,
        done,
        done,
        SiteReason.KEYS_LACKING,
        done,
        SiteReason.SITE_LACKS_NO_KEYS,
        done,
        DesignationReason.ALREADY_RE_DESIGNATED,
    ]
    assert verdict.outcome is Outcome.CANNOT_HAPPEN


def seen_by(one, state, single):
    """A fleet's state as one of its sites has it: the state of a fleet of one."""
    values = {"site_1": getattr(state, one.migrated.name), "site_1_kind": getattr(state, one.kind.name)}
    shared = [name for name in single.state_type.names if not name.startswith("site_")]
    return single.state(**values, **{name: getattr(state, name) for name in shared})


@pytest.mark.parametrize(
    ("sites", "dated"),
    [(2, False), pytest.param(3, False, marks=pytest.mark.slow), pytest.param(2, True, marks=pytest.mark.slow)],
)
def test_what_each_site_sees_of_a_fleet_is_a_run_of_a_fleet_of_one(sites, dated):
    """So that an *always* claim of one site, proved of a fleet of one, is true in every fleet with this gate.

    And re-designation happens if it would in each site's fleet of one: no site is passed over.
    """
    whole, single = fleet(sites, dated=dated), fleet(1, dated=dated)
    oracle, alone = Oracle(whole), Oracle(single)
    (name,) = events(1).which.domain
    space, compared = explore(whole), 0
    beginnings = set(single.initial_states())
    assert {seen_by(one, state, single) for state in whole.initial_states() for one in sites_of(whole)} == beginnings
    for state in map(space.state, range(len(space))):
        here = {one: seen_by(one, state, single) for one in sites_of(whole)}
        for request in whole.all_requests():
            after, verdict = oracle.decide(state, request)
            about = request.as_dict().get("site")
            happens = []
            for one, before in here.items():
                then = seen_by(one, after, single)
                if about is None or about == str(one.number):
                    asked = request if about is None else getattr(events(1), request.type.name)(site=name)
                    expected, said = alone.decide(before, asked)
                    happens.append(said.outcome is Outcome.HAPPENED)
                    if verdict.outcome is Outcome.HAPPENED:
                        assert then == expected
                        assert said.outcome is Outcome.HAPPENED
                    else:
                        assert then == before
                else:
                    assert then == before
                compared += 1
            assert (verdict.outcome is Outcome.HAPPENED) is all(happens)
    assert compared == len(space) * sites * sum(1 for _ in whole.all_requests())


@pytest.mark.parametrize("sites", [2, 50])
def test_a_fleet_of_any_size_is_put_together_alike(sites):
    """What is asked of a site reads no other, what is shared reads none, and the gate takes each by itself."""
    system = fleet(sites)
    own = {one: {one.migrated.name, one.kind.name} for one in sites_of(system)}
    for asked in Slices(system).requests:
        moved = {move.lifecycle.name for move in asked.grounded.moves}
        if asked.request.type is ReDesignate:
            (gate,) = system.gates
            waits = next(check for check in gate.checks if check.reason is SiteReason.KEYS_LACKING)
            lacking = [{term.name for term in part.terms()} for part in waits.fails_when.part.parts]
            assert lacking == list(own.values())
            continue
        read = {variable.name for variable in asked.grounded.reads()}
        about = next((one for one in own if asked.request.as_dict().get("site") == str(one.number)), None)
        allowed = set() if about is None else own[about]
        assert read | moved <= allowed | {"release"}, asked.request
