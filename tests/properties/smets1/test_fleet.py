"""What is claimed of many sites: proved for a few, and each planted fault found."""

from collections.abc import Callable, Iterable

import attrs
import pytest

from properties.mutation.planting import without_check
from properties.smets1.fleet import CLAIMS, claims_of
from statemachines.checker.check import check
from statemachines.checker.engine import Engine
from statemachines.checker.findings import Report
from statemachines.language.expression import FALSE, Expr, disjunction
from statemachines.language.gates import Check
from statemachines.language.lifecycle import Transition
from statemachines.language.system import System
from statemachines.smets1.designation import RELEASE_CHECKS
from statemachines.smets1.fleet import Kind, Migrated, Site, SiteReason, events, fleet, site, sites_of
from statemachines.smets1.releases import Release, release
from statemachines.smets1.verdicts import happens_only

pytestmark = pytest.mark.slow

RULES = ["KEY-2", "KEY-3", "KEY-4", "KEY-7", "DES-6", "MOD-18", "MOD-21", "MOD-22", "MOD-23"]
RIGHT_AFTER = "where the documents are re-designated, no migrated site outside FOC lacks its PPMID's keys"
NO_RE_DESIGNATION = "no re-designation while one migrated site outside FOC lacks its PPMID's keys"
KEYS = "no migrated installation outside FOC lacks its PPMID's keys"
UPLIFT = "Uplift 1.2 is in force"
ASKED = events(3)


def asking(system: System, change: Callable[[Check], Check]) -> System:
    """A copy whose gate asks otherwise."""
    gates = [attrs.evolve(gate, checks=[change(check) for check in gate.checks]) for gate in system.gates]
    return attrs.evolve(system, gates=gates)


def asking_when(label: str, fails_when: Callable[[Expr], Expr], system: System | None = None) -> System:
    """A copy in which one check fails under another condition."""
    system = system or fleet(3)
    assert any(check.label == label for gate in system.gates for check in gate.checks)
    return asking(
        system,
        lambda check: attrs.evolve(check, fails_when=fails_when(check.fails_when)) if check.label == label else check,
    )


def looking_at(sites: Iterable[Site], system: System) -> System:
    """A copy in which re-designation looks at some of the sites only."""
    return asking_when(KEYS, lambda _: disjunction(*(one.lacks_keys for one in sites)), system)


def migrating(change: Callable[[Transition, Site], Transition]) -> System:
    """A copy in which migration does otherwise at each site."""
    system = fleet(3)
    of = {one.migrated: one for one in sites_of(system)}
    return attrs.evolve(
        system,
        lifecycles=[
            attrs.evolve(
                lifecycle, transitions=[change(move, of[lifecycle.variable]) for move in lifecycle.transitions]
            )
            if lifecycle.variable in of
            else lifecycle
            for lifecycle in system.lifecycles
        ],
    )


def joining(when: Callable[[Site], Expr]) -> System:
    """A copy in which the Join commands bring keys under another condition."""

    def change(move: Transition, one: Site) -> Transition:
        if move.on is not ASKED.MigrateSite:
            return move
        joins = when(one)
        return attrs.evolve(move, when=ASKED.about(one) & (joins if move.target is Migrated.WITH_KEYS else ~joins))

    return migrating(change)


def foc_stays_out() -> System:
    """Only sites that the TMAD covers can be migrated."""
    (gate,) = fleet(3).gates
    foc = disjunction(*(ASKED.about(one) & (one.kind == Kind.FOC) for one in sites_of(fleet(3))))
    check = happens_only(
        ASKED.MigrateSite, "the TMAD covers the site", ~foc, otherwise=SiteReason.SITE_MIGRATED, rules="MOD-22"
    )
    return attrs.evolve(fleet(3), gates=[attrs.evolve(gate, checks=[check, *gate.checks])])


def waiting_for(kind: Kind) -> Callable[[Expr], Expr]:
    """Re-designation waits for sites of another kind too."""
    stands = [(one.kind == kind) & (one.migrated == Migrated.WITHOUT_KEYS) for one in sites_of(fleet(3))]
    return lambda fails: fails | disjunction(*stands)


UPDATE = "the site's PPMID's keys are lacking, and Uplift 1.2 is in force"
BEFORE_UPLIFT = release < Release.UPLIFT_1_2

# rule, fault, the claim that finds it, in how many steps
FAULTS = {
    "it looks at the first site only": ("KEY-7", looking_at([site(1)], fleet(3)), RIGHT_AFTER, 3),
    "it ignores the last site": ("KEY-7", looking_at([site(1), site(2)], fleet(3)), NO_RE_DESIGNATION, 3),
    "it looks at no site": ("DES-6", asking_when(KEYS, lambda _: FALSE), RIGHT_AFTER, 3),
    "it does not wait for Uplift 1.2": ("MOD-18", asking_when(UPLIFT, lambda _: FALSE), RIGHT_AFTER, 2),
    "it waits for FOC": (
        "MOD-22",
        asking_when(KEYS, waiting_for(Kind.FOC)),
        "re-designation does not wait for sites of FOC that lack the PPMID's keys",
        0,
    ),
    "it waits for sites without a PPMID": (
        "MOD-21",
        asking_when(KEYS, waiting_for(Kind.WITHOUT_PPMID)),
        "re-designation can always still come",
        1,
    ),
    "Join commands bring keys before Uplift 1.2": (
        "KEY-2",
        joining(lambda one: one.has_ppmid),
        "before Uplift 1.2 the package of site 1 holds no PPMID's keys",
        1,
    ),
    "Join commands bring no keys": (
        "KEY-3",
        joining(lambda one: one.has_ppmid & (release == Release.NOVEMBER_2020)),
        "site 2 migrated from Uplift 1.2 on has its PPMID's keys from the Join commands",
        2,
    ),
    "Join commands bring keys where there is no PPMID": (
        "MOD-21",
        joining(lambda _: ~BEFORE_UPLIFT),
        "without a PPMID the package of site 3 never holds any's keys",
        2,
    ),
    "no update before Uplift 1.2 is all that stops one": (
        "KEY-2",
        asking_when(UPDATE, lambda fails: fails & ~BEFORE_UPLIFT),
        "before Uplift 1.2 the package of site 1 holds no PPMID's keys",
        2,
    ),
    "the updates end with the November release": (
        "MOD-23",
        asking_when(UPDATE, lambda fails: fails | (release == Release.NOVEMBER_2020)),
        "re-designation can always still come",
        3,
    ),
    "sites are updated in order": (
        "KEY-4",
        asking_when(UPDATE, lambda fails: fails | (ASKED.about(site(2)) & (site(1).migrated == Migrated.WITHOUT_KEYS))),
        "from Uplift 1.2 on DCC can update the package of site 2, whatever the others stand at",
        4,
    ),
    "FOC cannot be migrated": ("MOD-22", foc_stays_out(), "site 1 can be migrated at any time, whatever it is", 1),
}


@pytest.fixture(scope="module")
def report() -> Report:
    return check(CLAIMS)


def test_every_claim_holds_and_has_a_witness(report):
    assert report.holds
    assert [finding.claim.name for finding in report.findings if finding.witness is None] == []


@pytest.mark.parametrize(("sites", "dated"), [(1, False), (2, False), (4, False), (1, True), (2, True)])
def test_the_claims_hold_of_other_fleets(sites, dated):
    assert [one.claim.name for one in check(claims_of(fleet(sites, dated=dated))).findings if not one.holds] == []


def test_a_release_that_comes_too_early_is_caught_where_the_date_is_known():
    """MOD-11."""
    faulty = without_check(fleet(2, dated=True), RELEASE_CHECKS[0].label)
    for name in (
        "on no day before the report's is Uplift 1.2 in force",
        "on no day up to 29 October 2020 is the November 2020 maintenance release in force",
    ):
        (finding,) = check(claims_of(faulty), only=[name]).findings
        assert not finding.holds
        assert finding.counterexample is not None


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_claimed_and_declared(rule):
    system = fleet(3)
    declared = {
        *(cited for lifecycle in system.lifecycles for move in lifecycle.transitions for cited in move.rules),
        *(cited for gate in system.gates for check in gate.checks for cited in check.rules),
        *(cited for answer in system.answers for cited in answer.rules),
    }
    assert rule in declared
    assert any(rule in claim.rules for claim in CLAIMS.claims)


@pytest.mark.parametrize("name", FAULTS)
def test_the_fault_is_found(name):
    rule, fault, claim, length = FAULTS[name]
    assert rule in claims_of(fault).named(claim).rules
    (finding,) = check(claims_of(fault), only=[claim]).findings
    assert not finding.holds
    assert len(finding.counterexample.steps if finding.counterexample else ()) == length


def test_a_fault_that_needs_the_last_of_fifty_sites_is_found_on_sets_of_states():
    system = fleet(50)
    claims = claims_of(looking_at(sites_of(system)[:49], system))
    (finding,) = check(claims, only=[NO_RE_DESIGNATION], engine=Engine.SYMBOLIC).findings
    assert not finding.holds
    assert [step.request.type.name for step in finding.counterexample.steps] == [
        "MigrateSite",
        "DeployRelease",
        "ReDesignate",
    ]
