"""The report for machines; its JSON Schema ships beside it as `report.schema.json`."""

import json
from typing import Any

from properties.conformance.diagnosis.campaign import ActsLate
from properties.conformance.diagnosis.failing import FailingRun
from properties.conformance.diagnosis.standing import Account
from properties.conformance.failure_text import deviating, suspect, wrong
from properties.conformance.session import Session
from properties.walks.coverage import Coverage
from properties.walks.runs import oracle
from statemachines.language.terms import ASPECTS
from statemachines.semantics.trace import replay


def as_json(session: Session) -> bytes:
    """The report as one JSON object."""
    return (json.dumps(as_dict(session), indent=2, ensure_ascii=False) + "\n").encode()


def as_dict(session: Session) -> dict[str, Any]:
    """The report as plain data."""
    examined = session.examined
    assert examined is not None
    findings, campaign, statement = examined.findings, examined.campaign, examined.campaign.statement
    register = session.claims.system.register
    return {
        "target": {
            "name": session.title,
            "version": statement.version,
            "spec": session.subject.sut or session.subject.system,
            "observes": list(statement.observes),
            "requests": sorted(statement.profile.in_words(kind) for kind in statement.requests),
        },
        "reference": session.claims.system.name,
        "run": session.about,
        "compared": {aspect: findings.visibility.compared[aspect] for aspect in ASPECTS},
        "rules": [
            {
                **_account(session, session.account_of_rule(rule)),
                "statement": register[rule].statement,
                "source": register[rule].source,
                "assumption": register[rule].assumption,
                "basis": register[rule].basis.value,
            }
            for rule in session.scope.rules
        ],
        "properties": [_account(session, session.account_of_property(name)) for name in session.scope.properties],
        "suspects": [
            {"declaration": one.declaration.label, "cites": list(one.declaration.rules), "rule": one.rule}
            for one in examined.causes
        ],
        "unspecified": [
            {"vector": one.vector, "step": one.step + 1, "rules": list(one.rules), "aspects": list(one.aspects)}
            for one in findings.unspecified
        ],
        "misbehaviours": [
            {
                "kind": one.ending.misbehaviour.value,
                "vector": one.section.vector.name,
                "step": one.ending.step + 1,
                "detail": one.ending.detail,
            }
            for one in campaign.results
            if one.ending.misbehaviour
        ],
        "late": _late(campaign.late),
        "interrupted": session.interrupted,
        "deterministic": {
            "vectors": len(campaign.suite.vectors),
            "own": campaign.suite.own,
            "requests": campaign.requests,
            "seconds": round(campaign.seconds, 3),
        },
        "random": _random(session),
    }


def _late(late: ActsLate | None) -> dict[str, Any] | None:
    return None if late is None else {"vector": late.vector, "step": late.step + 1, "pause": late.pause}


def _account(session: Session, account: Account) -> dict[str, Any]:
    report: dict[str, Any] = {
        "name": account.subject,
        "rules": list(account.rules),
        "standing": account.standing.value,
        "reason": account.reason,
        "goals": account.goals,
        "shown": account.shown,
        "vectors": list(account.vectors),
    }
    if account.cause is not None:
        assert session.examined is not None
        report["failure"] = {
            "declaration": account.cause.declaration.label,
            "wrong": wrong(account.cause),
            "cites": list(account.cause.declaration.rules),
            "others": [suspect(other) for other in account.cause.others],
            "may_be": list(account.cause.rules),
            "score": round(account.cause.score, 4),
            "vectors": list(dict.fromkeys(run.name for run in account.cause.explains)),
            "shortest": _run(session, session.examined.shortest[account.subject]),
        }
    return report


def _run(session: Session, run: FailingRun) -> dict[str, Any]:
    system = session.claims.system
    trace = replay(system, run.run[0].before, [step.request for step in run.run], oracle(system))
    return {
        **trace.as_dict(),
        "vector": run.name,
        "seen": run.seen.as_dict() if run.seen else None,
        "differs": deviating(system, run),
        "misbehaviour": run.misbehaviour.value if run.misbehaviour else None,
        "detail": run.detail,
    }


def _random(session: Session) -> dict[str, Any]:
    walked = session.walked
    report: dict[str, Any] = {
        "walks": walked.walks,
        "requests": walked.requests,
        "seconds": round(walked.seconds, 3),
        "blocked": walked.blocked,
        "unsupported": walked.unsupported,
        "assumed": walked.assumed,
        "failures": walked.failures,
    }
    if walked.walks:
        report["transitions"], report["verdicts"] = Coverage(
            session.claims.system, walked.requests, walked.hits
        ).reached
    return report
