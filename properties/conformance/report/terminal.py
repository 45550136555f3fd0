"""The summary on the terminal: rule by rule, and what else there is to know of a run."""

from collections import Counter
from collections.abc import Iterator

from properties.conformance.session import Session
from properties.conformance.standing import Account, Standing
from properties.coverage import Coverage


def summary(session: Session) -> Iterator[str]:
    """The lines of the summary."""
    examined = session.examined
    assert examined is not None
    findings, campaign = examined.findings, examined.campaign
    accounts = [findings.rule(rule) for rule in session.rules]
    if not session.of_itself:
        yield from _rules(accounts)
    yield from _misbehaviour(session)
    unspecified: Counter[tuple[str, ...]] = Counter()
    for step in findings.unspecified():
        unspecified[(*step.rules[:1], *step.aspects)] += 1
    for (rule, *aspects), count in unspecified.items():
        yield f"unspecified: {rule} leaves open the {', '.join(aspects)}: {count} steps, anything is accepted"
    yield (
        f"deterministic layer: {len(campaign.suite.vectors)} sequences, {campaign.requests:,} requests sent, "
        f"{campaign.seconds:.1f} s"
    )
    yield from _random(session)


def _rules(accounts: list[Account]) -> Iterator[str]:
    counts = Counter(account.standing for account in accounts)
    for standing in (Standing.FAILED, Standing.NOT_TESTED, Standing.BLOCKED, Standing.NOT_APPLICABLE):
        for account in accounts:
            if account.standing is standing:
                yield f"{account.subject:<9} {standing.value:<15} {_shown(account)}{_why(account)}"
    for account in accounts:
        if account.standing is Standing.PASSED:
            yield f"{account.subject:<9} {account.standing.value:<15} {_shown(account)}{_why(account)}"
    yield "rules: " + ", ".join(f"{counts[standing]} {standing.value}" for standing in Standing if counts[standing])


def _shown(account: Account) -> str:
    return f"{account.shown:>4} of {account.goals:>4} shown"


def _why(account: Account) -> str:
    if account.cause is not None:
        others = f"; perhaps {' '.join(account.cause.rules[1:3])}" if account.cause.rules[1:] else ""
        return f": {account.cause.declaration.label}{others}"
    if account.standing is Standing.PASSED:
        return f"; the rest is not applicable: {account.reason}" if account.reason else ""
    by = "by " if account.standing is Standing.BLOCKED else ": "
    return f"{' ' if by == 'by ' else ''}{by}{account.reason}" if account.reason else ""


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
        f"{sum(not found['known'] for found in walked.failures)} failures, "
        f"{walked.blocked} steps gone round as blocked, {walked.unsupported} as not supported, {walked.seconds:.1f} s"
    )
    coverage = Coverage(session.claims.system, walked.requests, walked.hits)
    arrows, kinds = coverage.reached
    yield f"  it reached {arrows} transitions and {kinds} kinds of verdict"
