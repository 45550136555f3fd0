"""Caveats of a report: little was tested, or something is not known."""

from collections import Counter
from collections.abc import Iterator, Sequence

from properties.conformance.diagnosis.standing import TESTED, Account, Standing
from properties.conformance.mapping import skeleton
from properties.conformance.observation import in_state
from properties.conformance.session import Session
from properties.conformance.skips import PROPERTY_TEST, RULE_TEST
from properties.conformance.suite.vectors import Suite
from statemachines.language.terms import ASPECTS


def caveats(session: Session, accounts: Sequence[Account]) -> Iterator[str]:
    """A sentence for each caveat.

    Parameters
    ----------
    session: that is reported.
    accounts: what is reported of each rule.
    """
    if session.interrupted:
        yield interruption(session)
    untested = [one for one in accounts if one.standing not in TESTED]
    tested = len(accounts) - len(untested)
    if not session.tested_anything:
        what = "nothing was compared" if session.scope.vectors else "no rule was tested"
        yield f"{what}: that is no success"
    elif session.tests_too_little:
        least = f"{session.selection.fail_under:g}%"
        yield f"less than {least} of what there is to show was shown (--fail-under): that is no success"
    if session.examined and (late := session.examined.campaign.late):
        yield (
            "the target acts late: what it does shows only after its answer, first in "
            f"{late.vector}, step {late.step + 1}; since then it was waited for, {late.pause:g} s after each request "
            "that changes something. That is no success; its statement can say how it settles"
        )
    yield from _passed_unexpectedly(session, accounts)
    yield from _not_sent(session)
    if tested < len(untested):
        share = f"{tested / len(accounts):.0%}"
        yield f"only {tested} of {len(accounts)} rules ({share}) were tested{_mostly(untested)}"
    if not any(one.cause for one in accounts):
        blocked = [one for one in accounts if one.standing is Standing.BLOCKED]
        by = sorted({one.reason for one in blocked if one.reason})
        if by:
            names = ", ".join(by)
            yield f"{len(blocked)} of the selected rules cannot be tested before {names}; that is no success"
    if count := sum(map(len, _unknown(session).values())):
        words = "1 word that is" if count == 1 else f"{count} words that are"
        yield f"the target uses {words} not ours: fill in the mapping file that the summary begins with"
    walked = session.walked
    if walked.walks and not walked.requests and not session.interrupted:
        yield f"none of the {walked.walks} walks of the random layer could send a request"


def interruption(session: Session) -> str:
    """What is missing in the report of a run that was interrupted."""
    early = session.examined and session.examined.campaign.interrupted
    what = "most is not tested, and there were no random walks" if early else "the random layer is not complete"
    return f"the run was interrupted: {what}"


def _not_sent(session: Session) -> Iterator[str]:
    """What was not sent of the sequences that the user asked for."""
    if session.examined is None:
        return
    campaign = session.examined.campaign
    for vector in campaign.suite.vectors:
        if vector.name in session.scope.vectors and (left := campaign.left.get(vector.name)):
            whole = len(vector.scenario.requests)
            yield f"{len(left)} of the {whole} requests of {vector.name} were not sent: {left[0].reason}"


def _passed_unexpectedly(session: Session, accounts: Sequence[Account]) -> Iterator[str]:
    others = [] if session.of_itself else [session.account_of_property(name) for name in session.scope.properties]
    for each, test in ((accounts, RULE_TEST), (others, PROPERTY_TEST)):
        for one in each:
            expecting = session.selection.lists.expecting(test.format(one.subject))
            if expecting and one.standing in (Standing.PASSED, Standing.PARTLY):
                yield f"{one.subject} was expected to fail ({expecting.where}), and {one.standing.value}"


def compared(session: Session) -> str:
    """What was compared: of how many verdicts the target showed each aspect."""
    assert session.examined is not None
    counts = session.examined.findings.visibility.compared
    shown = ", ".join(f"{aspect} of {counts[aspect]:,}" for aspect in ASPECTS if counts[aspect])
    system = session.claims.system
    responds = any(answer.response is not None for answer in system.answers)
    lacking = ", ".join(aspect for aspect in ASPECTS if not counts[aspect] and (responds or aspect != "response"))
    never = f"; not shown by the target: {lacking}" if lacking else ""
    after = max((counts[in_state(variable.name)] for variable in system.variables), default=0)
    state = f", and the state after {after:,}" if after else ""
    return f"compared: {shown or 'nothing'}{state}{never}"


def own_sequences(suite: Suite) -> str:
    """How many of the sequences were computed for what the target supports; nothing, if it supports everything."""
    if suite.own is None:
        return " (of what the target supports none were computed in time)"
    return f" ({suite.own} of them computed for what the target supports)" if suite.own else ""


def about(session: Session) -> str:
    """The run: when it was, with which version of the suite, of which declarations, with which seed."""
    facts = session.about
    declarations = str(facts["digest"])[:12]
    parts = [f", class {name}" for name in session.selection.conformance] + [
        ", smoke profile"
    ] * session.selection.smoke
    parts += [f", without {facts['without']}"] if "without" in facts else []
    parts += [", rules only"] if "only" in facts else []
    run = f"run of {facts['date']}, suite {facts['suite']}, declarations {declarations}, seed {facts['seed']}"
    return run + "".join(parts)


def failures_of_walks(session: Session) -> str:
    """How many walks failed, and how many of these met a rule that had failed before."""
    failures = session.walked.failures
    known = sum(failing["known"] for failing in failures)
    return f"{len(failures)} failure{'s' * (len(failures) != 1)}" + (
        f" ({known} of rules that had failed before)" if known else ""
    )


def unknown_words(session: Session) -> Iterator[str]:
    """The words of the target that nobody knows, and a mapping file to fill in and to save."""
    assert session.examined is not None
    unknown = _unknown(session)
    if unknown:
        yield "The target uses words that are not among ours. Fill in what each means; --mapping takes the file:"
        yield ""
        yield from (f"    {line}" for line in skeleton(unknown, session.claims.system))
        yield ""


def _unknown(session: Session) -> dict[str, tuple[str, ...]]:
    """By aspect, the words that nobody knows, those of the deterministic layer first."""
    assert session.examined is not None
    unknown = {aspect: dict.fromkeys(words) for aspect, words in session.examined.findings.unknown_words().items()}
    for aspect, word in session.walked.unknown:
        unknown.setdefault(aspect, {})[word] = None
    return {aspect: tuple(words) for aspect, words in unknown.items()}


def _mostly(untested: Sequence[Account]) -> str:
    """Why most of them were not."""
    standing, reason = Counter((one.standing, one.reason) for one in untested).most_common(1)[0][0]
    if standing is Standing.BLOCKED:
        return f"; most of the others are blocked by {reason}" if reason else ""
    return f"; most of the others are {standing.value}: {reason}" if reason else ""
