"""The text of a failure: the rule, the shortest sequence, expected and observed, and how to repeat it."""

from collections.abc import Iterator, Sequence

from properties.conformance.diagnosis.attribution import Cause
from properties.conformance.diagnosis.declarations import DeclarationRole, declarations
from properties.conformance.diagnosis.failing import FailingRun
from properties.conformance.diagnosis.standing import Account, Standing
from properties.conformance.observation import differs, otherwise
from properties.walks.runs import oracle
from statemachines.language.requests import Request
from statemachines.language.rules import Register, Rule
from statemachines.language.system import State, System
from statemachines.semantics.trace import replay


def rule_in_words(rule: Rule) -> str:
    """The rule with its source, and what of it is assumed."""
    if rule.assumption == "all":
        return f"{rule.id}: {rule.statement} (assumption: no source makes this a rule)"
    assumed = f"; assumed: {rule.assumption}" if rule.assumption else ""
    return f"{rule.id}: {rule.statement} ({rule.source}{assumed})"


def failure(system: System, cause: Cause, shortest: FailingRun, again: str) -> str:
    """The whole message of a rule that failed."""
    return "\n".join(_failure(system, cause, shortest, again))


def _failure(system: System, cause: Cause, shortest: FailingRun, again: str) -> Iterator[str]:
    register = system.register
    yield f"suspect: {suspect(cause)}"
    yield from (f"     and: {suspect(other)}" for other in cause.others[:3])
    yield f"the rule: {rule_in_words(register[cause.rule])}"
    if len(cause.rules) > 1:
        yield f"if it is not that rule, it is one of: {' '.join(cause.rules[1:4])}"
    yield from run_in_words(system, shortest)
    yield f"shown by: {_names(cause.explains)}"
    yield f"again: {again}"


def suspect(cause: Cause) -> str:
    """The declaration that is wrong, how, and the rules that it cites, as a verdict has its rules."""
    cited = f" [{' '.join(cause.declaration.rules)}]" if cause.declaration.rules else ""
    return f"{wrong(cause)}{cited}"


HOW = {
    DeclarationRole.FIRED: "did not happen, or led elsewhere",
    DeclarationRole.HELD: "happened where it should not",
    DeclarationRole.PASSED: "refuses what it should let pass",
}
"""How a declaration is wrong, by what it does where the reference has it right; where it decides, it does not."""


def wrong(cause: Cause) -> str:
    """The declaration that is wrong, and how."""
    how = HOW.get(cause.use.role, "")
    if cause.use.role is DeclarationRole.DECIDED and not cause.here[0]:
        how = "what it refuses has an effect all the same"
    elif cause.use.role is DeclarationRole.HELD and cause.declaration.key.startswith("frame:"):
        how = "it does not"
    elif cause.use.role is DeclarationRole.AWAY:
        how = f"is asked where it should not be: of {cause.explains[0].run[-1].request.type.label}"
    return f"{cause.declaration.label} ({how})" if how else cause.declaration.label


def run_in_words(system: System, run: FailingRun) -> Iterator[str]:
    """A failing run step by step, and at its end what was expected and what was observed."""
    last = run.run[-1]
    trace = replay(system, run.run[0].before, [step.request for step in run.run], oracle(system))
    lines = trace.text().split("\n")
    number = f"{len(run.run):>3}. "
    at = max(index for index, line in enumerate(lines) if line.startswith(number))
    for line in lines[: at + 1]:
        yield line
        if run.wrong is not None and run.wrong < len(run.run) - 1 and line.startswith(f"{run.wrong + 1:>3}. "):
            yield "     ^ here it goes wrong; it shows later"
    read = ", ".join(values_read(system, last.before, last.request))
    if read:
        yield f"     there:    {read}"
    yield f"     expected: {last.verdict}"
    if run.seen is not None:
        yield f"     seen:     {run.seen}"
        if differing := deviating(system, run):
            yield f"     it differs in: {', '.join(differing)}"
    if run.misbehaviour is not None:
        yield f"     the target {run.misbehaviour.value}: {run.detail}"


def deviating(system: System, run: FailingRun) -> list[str]:
    """In what the last step differs: aspects, and variables with the value that they have and that they should have."""
    last, seen = run.run[-1], run.seen
    if seen is None:
        return []
    words = list(differs(last.verdict, seen))
    for name in otherwise(last.after, seen):
        has, expected = seen.after[name], last.after.as_dict()[name]
        words.append(f"{system.lifecycle(name).variable.label} afterwards ({has.value}, and not {expected.value})")
    return words


def values_read(system: System, state: State, request: Request) -> Iterator[str]:
    """The value of each variable that decides the request: first those that the deciding condition reads, then those
    that the conditions before it do, which let it pass.
    """
    values, known = state.as_dict(), declarations(system)
    entries = list(known.decision_list(request))
    decided = known.decided(values, request)
    at = next(index for index, entry in enumerate(entries) if entry is decided)
    names = {term.name: None for entry in reversed(entries[: at + 1]) for term in entry.when.terms()}
    for name in names:
        yield f"{system.lifecycle(name).variable.label} {values[name].value}"


def _names(runs: Sequence[FailingRun]) -> str:
    names = list(dict.fromkeys(run.name for run in runs))
    return ", ".join(names[:5]) + (f", and {len(names) - 5} more" if len(names) > 5 else "")


def not_passed(register: Register, account: Account) -> str:
    """Why a rule or property did not pass and has not failed either, in a line."""
    match account.standing:
        case Standing.BLOCKED:
            return f"blocked by {account.reason or 'a failure that no rule explains'}"
        case Standing.NOT_APPLICABLE:
            return f"not applicable: {account.reason}"
        case Standing.NOT_TESTED:
            return f"not tested: {account.reason}"
        case Standing.UNSPECIFIED | Standing.UNSEEN | Standing.PARTLY:
            return account.reason
        case _:
            return ", ".join(rule for rule in account.rules if rule in register)
