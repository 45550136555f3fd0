"""Every rule about the documents has a planted fault, and a named claim that finds it in a few steps."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, product

import attrs
import pytest

from properties.mutation.planting import without_check
from properties.smets1.claims.designation import CANNOT_HAPPEN, CLAIMS, RE_DESIGNATED
from properties.smets1.fleet import some_site_needs_keys
from statemachines.checker.check import check
from statemachines.checker.findings import Report
from statemachines.errors import DeclarationError
from statemachines.language.claims import Claim, Claims, always
from statemachines.language.expression import FALSE, Expr
from statemachines.language.gates import Check
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import RequestType, is_a
from statemachines.language.system import System
from statemachines.language.terms import Variable, after
from statemachines.smets1.designation import (
    RELEASE_CHECKS,
    Calendar,
    ConcludeJip,
    ConsultOnDate,
    Designation,
    DocumentSet,
    Jip,
    PassDate,
    ReDesignate,
    calendar,
    designation,
    document_set,
    jip,
)
from statemachines.smets1.fleet import fleet
from statemachines.smets1.releases import Release, ReleaseReason, release
from statemachines.smets1.verdicts import happens_only
from statemachines.smets1.vocabulary import DeployRelease

SYSTEM = attrs.evolve(without_check(fleet(1, dated=True), RELEASE_CHECKS[0].label), constraints=())


def claims_of(system: System) -> Claims:
    return Claims(system, (*CLAIMS, *waits_for_keys(some_site_needs_keys(system))))


def waits_for_keys(lacks_keys: Expr) -> tuple[Claim, ...]:
    """The claims that re-designation and lacking keys never meet, where re-designation waits (DES-6)."""
    return (
        always(
            "where the documents are re-designated, no migrated installation outside FOC lacks its PPMID's keys",
            when=RE_DESIGNATED,
            then=~lacks_keys,
            rules="KEY-7 DES-6",
        ),
        always(
            "no re-designation while a migrated installation outside FOC lacks its PPMID's keys",
            when=is_a(ReDesignate) & lacks_keys,
            then=CANNOT_HAPPEN & (after(designation) == designation),
            rules="KEY-7 DES-6",
        ),
        always(
            "where the documents are re-designated, Uplift 1.2 is in force",
            when=RE_DESIGNATED,
            then=release.is_in(Release.UPLIFT_1_2, Release.NOVEMBER_2020),
            rules="DES-6 MOD-18",
        ),
    )


def asking(change: Callable[[Check], Check | None]) -> System:
    """A copy whose gate asks otherwise."""
    gates = [
        attrs.evolve(gate, checks=[changed for check in gate.checks if (changed := change(check))])
        for gate in SYSTEM.gates
    ]
    return attrs.evolve(SYSTEM, gates=gates)


def without(label: str) -> System:
    assert any(check.label == label for gate in SYSTEM.gates for check in gate.checks)
    return asking(lambda check: None if check.label == label else check)


def failing_when(kind: RequestType, fails_when: Expr) -> System:
    """A copy in which one type of event, which one check is asked of, is stopped under another condition."""
    return asking(lambda check: attrs.evolve(check, fails_when=fails_when) if check.on == (kind,) else check)


def replacing(lifecycle: Lifecycle, other: Lifecycle) -> System:
    return attrs.evolve(SYSTEM, lifecycles=[other if one is lifecycle else one for one in SYSTEM.lifecycles])


def moving(variable: Variable, *moves: Transition, instead_of: RequestType | None = None) -> System:
    """A copy with a lifecycle that has further transitions, some of its own left out."""

    def changed(lifecycle: Lifecycle) -> Lifecycle:
        kept = [move for move in lifecycle.transitions if move.on is not instead_of]
        return attrs.evolve(lifecycle, transitions=[*kept, *moves])

    return replacing(SYSTEM.lifecycle(variable.name), changed(SYSTEM.lifecycle(variable.name)))


def november_waits_for_re_designation() -> System:
    """Behaviour follows the designation."""
    (gate,) = SYSTEM.gates
    waits = happens_only(
        DeployRelease,
        "the documents are re-designated",
        (release != Release.UPLIFT_1_2) | (designation == Designation.RE_DESIGNATED),
        otherwise=ReleaseReason.LAST_RELEASE,
        rules="DES-5",
    )
    return attrs.evolve(SYSTEM, gates=[attrs.evolve(gate, checks=[waits, *gate.checks])])


KEYS = "no migrated installation outside FOC lacks its PPMID's keys"

# rule, fault, the claim that finds it, in how many steps
FAULTS = [
    (
        "DES-1",
        asking(lambda check: None if check.on == (ReDesignate,) else check),
        "only what is submitted is re-designated",
        1,
    ),
    (
        "DES-1",
        moving(
            designation,
            Transition(
                Designation.CONSULTATION_CLOSED,
                ConsultOnDate,
                Designation.SUBMITTED,
                rules="DES-1",
                even_if_refused=True,
            ),
        ),
        "the conclusions are submitted on 25 September 2020",
        3,
    ),
    (
        "DES-1",
        without("the documents are not re-designated yet"),
        "what is re-designated stays so, and once is enough",
        8,
    ),
    (
        "DES-2",
        without("29 September 2020 has come"),
        "no re-designation before 29 September 2020",
        6,
    ),
    (
        "DES-2",
        without("29 October 2020 has not passed, or the date was consulted on again"),
        "no re-designation after 29 October 2020 unless the date was consulted on again",
        8,
    ),
    (
        "DES-3",
        without("where FOC comes into scope, revised DUIS and S1SR are submitted"),
        "no re-designation while FOC comes into scope and no revised DUIS and S1SR are submitted",
        7,
    ),
    (
        "DES-4",
        moving(
            document_set,
            Transition(DocumentSet.CURRENT, ConcludeJip, DocumentSet.CONCLUDED, rules="DES-4"),
        ),
        "only re-designation changes the versions in the SEC",
        4,
    ),
    (
        "DES-4",
        moving(
            document_set,
            *(
                Transition(DocumentSet.CURRENT, ReDesignate, brought, when=on_days, rules="DES-4")
                for brought, on_days in (
                    (DocumentSet.CONCLUDED, calendar == Calendar.WINDOW),
                    (DocumentSet.REVISED, calendar != Calendar.WINDOW),
                )
            ),
            instead_of=ReDesignate,
        ),
        f"re-designation brings into the SEC {DocumentSet.REVISED.value}, where FOC comes into scope",
        8,
    ),
    (
        "MOD-60",
        november_waits_for_re_designation(),
        "every release but the last can be followed by the next, whatever the documents have come to",
        2,
    ),
    (
        "MOD-60",
        moving(release, Transition(Release.UPLIFT_1_2, ReDesignate, Release.NOVEMBER_2020, rules="DES-5")),
        "re-designation deploys no release",
        7,
    ),
    (
        "MOD-60",
        moving(designation, Transition(Designation.SUBMITTED, DeployRelease, Designation.RE_DESIGNATED, rules="DES-5")),
        "a release re-designates nothing and changes no version in the SEC",
        4,
    ),
    (
        "DES-2",
        moving(calendar, Transition(Calendar.REPORT, ConcludeJip, Calendar.WINDOW, rules="DES-2")),
        "only time changes the date",
        4,
    ),
    (
        "DES-3",
        moving(
            jip, Transition(Jip.PENDING, PassDate, Jip.FOC_STAYS_OUT, when=calendar == Calendar.WINDOW, rules="DES-3")
        ),
        "only its conclusion concludes the JIP change request",
        5,
    ),
    (
        "DES-6",
        without(KEYS),
        "no re-designation while a migrated installation outside FOC lacks its PPMID's keys",
        8,
    ),
    (
        "KEY-7",
        without(KEYS),
        "where the documents are re-designated, no migrated installation outside FOC lacks its PPMID's keys",
        8,
    ),
    (
        "MOD-16",
        failing_when(ConcludeJip, jip != Jip.PENDING),
        "no JIP conclusion before the day of the report, of which it says that it is to come",
        1,
    ),
    (
        "MOD-16",
        failing_when(ConcludeJip, (jip != Jip.PENDING) | (calendar != Calendar.WINDOW)),
        "the JIP change request may be concluded from the day of the report on",
        4,
    ),
    (
        "MOD-17",
        without("the JIP change request is concluded"),
        "where the documents are re-designated, the JIP change request is concluded",
        6,
    ),
    (
        "MOD-18",
        without("Uplift 1.2 is in force"),
        "where the documents are re-designated, Uplift 1.2 is in force",
        6,
    ),
    (
        "MOD-20",
        failing_when(ConsultOnDate, designation != Designation.SUBMITTED),
        "consulting on the date again has to wait until 29 October 2020 has passed",
        4,
    ),
]


@pytest.fixture(scope="module")
def report() -> Report:
    return check(claims_of(SYSTEM))


def test_every_claim_holds_and_has_a_witness(report):
    assert [finding.claim.name for finding in report.findings if not finding.holds] == []
    assert [finding.claim.name for finding in report.findings if finding.witness is None] == []


@pytest.mark.parametrize(
    "rule",
    [*(f"DES-{n}" for n in (1, 2, 3, 4, 6, 7, 8)), *(f"MOD-{n}" for n in (16, 17, 18, 20, 60))],
)  # DES-5 says which releases there are, and is claimed of the installation
def test_every_rule_is_claimed(rule):
    assert any(rule in claim.rules for claim in claims_of(SYSTEM).claims)


@pytest.mark.parametrize(("rule", "fault", "name", "length"), FAULTS, ids=[f"{one[0]}: {one[2]}" for one in FAULTS])
def test_the_fault_is_found(rule, fault, name, length):
    claims = claims_of(fault)
    assert rule in claims.named(name).rules
    (finding,) = check(claims, only=[name]).findings
    assert not finding.holds
    assert len(finding.counterexample.steps) == length


def with_one_arrow_wrong() -> Iterator[System]:
    """Copies in which one arrow each is never taken, or leads elsewhere."""
    for lifecycle in SYSTEM.lifecycles:
        for wrong in lifecycle.transitions:
            elsewhere = [target for target in lifecycle.variable.domain if target is not wrong.target]
            for instead in (attrs.evolve(wrong, when=FALSE), *(attrs.evolve(wrong, target=one) for one in elsewhere)):
                moves = [instead if move is wrong else move for move in lifecycle.transitions]
                with suppress(DeclarationError):  # it leaves a state that nothing reaches
                    yield replacing(lifecycle, attrs.evolve(lifecycle, transitions=moves))


def with_one_arrow_more() -> Iterator[System]:
    """Copies in which some request or event does something that it should not."""
    for lifecycle in SYSTEM.lifecycles:
        states = lifecycle.variable.domain
        for kind, source, target in product(SYSTEM.requests, states, states):
            if source is not target:
                stray = Transition(source, kind, target, rules="DES-1")
                with suppress(DeclarationError):  # it has such an arrow, to somewhere else
                    yield replacing(lifecycle, attrs.evolve(lifecycle, transitions=[*lifecycle.transitions, stray]))


@pytest.mark.slow
def test_every_claim_fails_of_some_copy(report):
    """A claim that nothing breaks might say nothing."""
    copies = chain(
        (fault for _, fault, _, _ in FAULTS),
        (without(check.label) for gate in SYSTEM.gates for check in gate.checks),
        with_one_arrow_wrong(),
        with_one_arrow_more(),
    )
    unbroken = [finding.claim.name for finding in report.findings]
    while unbroken:
        copy = next(copies, None)
        assert copy is not None, unbroken
        unbroken = [
            finding.claim.name
            for finding in check(claims_of(copy), only=unbroken).findings
            if finding.holds or (finding.vacuous and finding.claim.kind != "sometimes")
        ]
