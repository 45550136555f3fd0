"""Outcomes: the message with which each test of the suite passes, fails or is skipped."""

from collections.abc import Iterator

from properties.conformance.diagnosis.examination import Examination
from properties.conformance.diagnosis.standing import Account, Standing
from properties.conformance.failure_text import failure, not_passed, rule_in_words, suspect
from properties.conformance.scope import Scope
from properties.conformance.transfer import Message, SentResults, named_values
from statemachines.language.rules import Basis, Register


def results_of(scope: Scope, examined: Examination) -> SentResults:
    """The results of the deterministic layer: a message for each test."""
    system, findings = scope.claims.system, examined.findings
    rules = {rule: _of_rule(scope, examined, findings.rule(rule)) for rule in scope.rules}
    properties = {}
    for name in scope.properties:
        properties[name] = _of_property(scope, examined, findings.property(scope.claims.named(name)))
    known = frozenset(cause.use.key for cause in examined.causes)
    starts: dict[tuple[str, ...], None] = {}
    if examined.campaign.left:
        starts = {named_values(one.section.start): None for one in examined.campaign.results}
    vectors = dict(_of_vectors(scope, examined))
    assert system is examined.campaign.suite.system
    pause = examined.campaign.late.pause if examined.campaign.late else 0.0
    untested = examined.campaign.untested
    return SentResults(
        rules,
        properties,
        vectors,
        examined.right,
        known,
        tuple(starts),
        pause,
        untested,
        len(examined.campaign.suite.goals),
    )


def _of_rule(scope: Scope, examined: Examination, account: Account) -> Message:
    register = scope.claims.system.register
    rule = register[account.subject]
    recorded = (("rule", rule.id), ("source", rule.source or "assumption"))
    if account.cause is None:
        why = not_passed(register, account)
        if account.standing is Standing.BLOCKED and account.reason not in scope.rules:
            why += ", which was not selected: whether the target keeps this rule is not known"
        return Message(_without_cause(register, account), why, recorded)
    shortest = examined.shortest[rule.id]
    repeated = scope.again("--rule", rule.id)
    text = failure(scope.claims.system, account.cause, shortest, repeated)
    return Message(account.standing, text, (*recorded, ("suspect", suspect(account.cause)), ("vector", shortest.name)))


def _without_cause(register: Register, account: Account) -> Standing:
    """How what is not broken stands: what only an assumption that is not kept blocks is a warning, as that is."""
    by_assumption = account.reason in set(register) and register[account.reason].basis is Basis.ASSUMED
    return Standing.WARNED if account.standing is Standing.BLOCKED and by_assumption else account.standing


def _of_property(scope: Scope, examined: Examination, account: Account) -> Message:
    register = scope.claims.system.register
    recorded = tuple(("rule", rule) for rule in account.rules)
    broken = examined.broken.get(account.subject)
    if broken is None:
        return Message(_without_cause(register, account), not_passed(register, account), recorded)
    rules = "\n".join(f"  {rule_in_words(register[rule])}" for rule in account.rules)
    repeated = scope.again("--vector", broken.run.name)
    steps = broken.text(scope.claims.system)
    text = f"this does not hold: {account.subject}\n{rules}\n{steps}\nagain: {repeated}"
    return Message(Standing.FAILED, text, (*recorded, ("vector", broken.run.name)))


def _of_vectors(scope: Scope, examined: Examination) -> Iterator[tuple[str, Message]]:
    explained = {
        run.name: (standing, cause, run)
        for standing, causes in ((Standing.WARNED, examined.warnings), (Standing.FAILED, examined.causes))
        for cause in causes
        for run in cause.explains
    }
    for name in scope.vectors:
        if name in explained:
            standing, cause, run = explained[name]
            text = failure(scope.claims.system, cause, run, scope.again("--vector", name))
            yield name, Message(standing, text, (("rule", cause.rule), ("vector", name)))
        else:
            whole = [one.ending for one in examined.campaign.results if one.section.vector.name == name]
            problem = next((one.detail for one in whole if one.detail), "")
            left = examined.campaign.left.get(name, ())
            standing = Standing.NOT_TESTED if problem else Standing.PASSED
            if left and not whole:
                standing, problem = Standing.NOT_APPLICABLE, left[0].reason
            elif not whole:
                standing, problem = Standing.NOT_TESTED, "no sequence for what the target supports has this name"
            yield name, Message(standing, problem, (("vector", name),))
