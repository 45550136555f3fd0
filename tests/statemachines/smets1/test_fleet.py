"""A fleet as it is declared: its states can be counted by hand, and what is said to its events."""

import pytest

from statemachines import DeclarationError
from statemachines.checker.explicit import explore
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
