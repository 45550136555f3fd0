"""The summary on the terminal: the rules, and the totals of a run."""

from collections import Counter
from collections.abc import Iterator

from properties.conformance.diagnosis.examination import Examination
from properties.conformance.diagnosis.standing import Account, Standing
from properties.conformance.failure_text import suspect
from properties.conformance.report.caveats import (
    about,
    caveats,
    compared,
    failures_of_walks,
    own_sequences,
    unknown_words,
)
from properties.conformance.session import Session
from properties.conformance.suite.regulated_suite import ALONE
from properties.console.terminal import in_colour
from properties.walks.coverage import Coverage


def summary(session: Session) -> Iterator[str]:
    """The lines of the summary."""
    examined = session.examined
    assert examined is not None
    findings, campaign = examined.findings, examined.campaign
    accounts = [] if session.of_itself else [session.account_of_rule(rule) for rule in session.scope.rules]
    yield about(session)
    yield compared(session)
    yield from unknown_words(session)
    yield from _suspects(examined)
    if accounts:
        yield from _rules(accounts)
    yield from _misbehaviour(session)
    unspecified: Counter[tuple[str, ...]] = Counter()
    for step in findings.unspecified:
        unspecified[(*step.rules[:1], *step.aspects)] += 1
    for (rule, *aspects), count in unspecified.items():
        yield f"unspecified: {rule} leaves open the {', '.join(aspects)}: {count} steps, anything is accepted"
    yield (
        f"deterministic layer: {len(campaign.suite.vectors)} sequences{own_sequences(campaign.suite)}, "
        f"{campaign.requests:,} requests sent, {campaign.seconds:.1f} s"
    )
    if apart := sum(one.reason == ALONE for one in campaign.suite.unreachable):
        yield f"unspecified: an assumption alone decides {apart:,} of what is to be shown; it is compared with nothing"
    if broken := session.broken_assumptions:
        yield f"assumptions that the target does not keep, and no rule is broken by that: {' '.join(broken)}"
    yield from _random(session)
    for line in caveats(session, accounts):
        yield in_colour(f"ATTENTION: {line}", "red")


def _suspects(examined: Examination) -> Iterator[str]:
    """What explains the failures, the likeliest first, where that is more than one."""
    if len(examined.causes) > 1:
        yield "suspects, the likeliest first:"
        for at, cause in enumerate(examined.causes, 1):
            yield f"  {at}. {cause.rule}: {suspect(cause)}, in {len(cause.explains)} sequences"


ORDER = (
    Standing.FAILED,
    Standing.WARNED,
    Standing.NOT_TESTED,
    Standing.EXPECTED,
    Standing.BLOCKED,
    Standing.SKIPPED,
    Standing.UNSPECIFIED,
    Standing.NOT_APPLICABLE,
    Standing.UNSEEN,
    Standing.PARTLY,
    Standing.PASSED,
)


def _rules(accounts: list[Account]) -> Iterator[str]:
    for account in sorted(accounts, key=lambda one: ORDER.index(one.standing)):
        shown = f"{account.shown:>4} of {account.goals:>4} shown"
        yield f"{account.subject:<9} {_result(account):<20} {shown}{_why(account)}"
    counts = Counter(account.standing for account in accounts)
    yield "rules: " + ", ".join(f"{counts[standing]} {standing.value}" for standing in Standing if counts[standing])


def _result(account: Account) -> str:
    if account.standing is Standing.BLOCKED:
        return f"blocked by {account.reason or 'a failure that no rule explains'}"
    return str(account.standing.value)


def _why(account: Account) -> str:
    aside = (Standing.EXPECTED, Standing.SKIPPED, Standing.FAILED)
    listed = f" ({account.reason})" if account.standing in aside and account.reason else ""
    if account.cause is not None:
        return f"{listed}: suspect {suspect(account.cause)}"
    if account.standing is Standing.PARTLY:
        return f"; of the rest: {account.reason}"
    if account.standing in (Standing.NOT_APPLICABLE, Standing.NOT_TESTED, Standing.UNSEEN) and account.reason:
        return f": {account.reason}"
    return listed


def _misbehaviour(session: Session) -> Iterator[str]:
    assert session.examined is not None
    for kind, count in session.examined.findings.misbehaviours().items():
        first = next(one for one in session.examined.campaign.results if one.ending.misbehaviour is kind)
        where = (
            f"{first.section.vector.name}, step {first.ending.step + 1}"
            if first.ending.step >= 0
            else (f"{first.section.vector.name}, when it was reset")
        )
        detail = first.ending.detail.splitlines()[0] if first.ending.detail else ""
        yield f"misbehaviour: the target {kind.value} in {count} sequences, first in {where}: {detail}"


def _random(session: Session) -> Iterator[str]:
    walked = session.walked
    if not walked.walks:
        return
    yield (
        f"random layer: {walked.walks} walks, {walked.requests:,} requests sent, "
        f"{failures_of_walks(session)}, "
        f"{walked.blocked} steps gone round as blocked, {walked.unsupported} as not supported, {walked.seconds:.1f} s"
    )
    coverage = Coverage(session.claims.system, walked.requests, walked.hits)
    arrows, kinds = coverage.reached
    yield f"  it reached {arrows} transitions and {kinds} kinds of verdict"
