"""The report as one self-contained page: rules, drawings of the lifecycles, and failing sequences."""

from collections import Counter
from collections.abc import Iterator, Mapping

from properties.conformance.diagnosis.attribution import Cause
from properties.conformance.diagnosis.declarations import declarations
from properties.conformance.diagnosis.failing import FailingRun
from properties.conformance.diagnosis.standing import Account, Standing
from properties.conformance.failure_text import deviating, suspect, values_read
from properties.conformance.report.caveats import (
    about,
    caveats,
    compared,
    failures_of_walks,
    own_sequences,
    unknown_words,
)
from properties.conformance.session import Session
from properties.walks.coverage import Arrow, Coverage
from properties.walks.runs import oracle
from statemachines.drawing.graphviz import render
from statemachines.drawing.page import (
    Block,
    Figure,
    Filter,
    Heading,
    Item,
    Items,
    Legend,
    Link,
    Listing,
    Page,
    Paragraph,
    StrongText,
    Table,
    Tone,
    Words,
    html,
)
from statemachines.drawing.palette import MARKED
from statemachines.drawing.picture import Mark
from statemachines.drawing.sequence_diagram import sequence_diagram
from statemachines.drawing.sequence_svg import sequence_svg
from statemachines.drawing.statechart import drawn, lifecycle_picture
from statemachines.language.lifecycle import Transition
from statemachines.semantics.trace import replay

TONES: Mapping[Standing, Tone] = {
    Standing.PASSED: "good",
    Standing.FAILED: "bad",
    Standing.NOT_TESTED: "bad",
    Standing.EXPECTED: "assumed",
    Standing.WARNED: "assumed",
    Standing.UNSPECIFIED: "",
    Standing.BLOCKED: "assumed",
    Standing.PARTLY: "assumed",
    Standing.UNSEEN: "",
    Standing.NOT_APPLICABLE: "",
    Standing.SKIPPED: "",
}


def page(session: Session) -> bytes:
    """The page as HTML."""
    made = Page(f"Conformance of {session.title}", tuple(_blocks(session)), contents=True)
    return html(made).encode()


def _blocks(session: Session) -> Iterator[Block]:
    assert session.examined is not None
    accounts = [session.account_of_rule(rule) for rule in session.scope.rules]
    properties = [session.account_of_property(name) for name in session.scope.properties]
    yield from _summary(session, accounts, properties)
    yield from _failures(session)
    yield from _random(session)
    yield from _misbehaviour(session)
    if not session.interrupted:  # drawing takes longer than all else, and somebody waits
        yield from _lifecycles(session)
    others = [one for one in properties if one.standing is not Standing.PASSED]
    yield from _rules(session, accounts, others)
    yield from _properties(properties, others)
    yield from _unspecified(session)


def _summary(session: Session, accounts: list[Account], properties: list[Account]) -> Iterator[Block]:
    assert session.examined is not None
    campaign, register = session.examined.campaign, session.claims.system.register
    statement = campaign.statement
    tested = session.subject.sut or session.subject.system
    run = about(session)
    version = f", version {statement.version}" if statement.version else ""
    yield Paragraph(
        (
            f"Tested: {session.title}{version} ({tested}), beside the reference: {session.claims.system.name}. "
            f"The deterministic layer: {len(campaign.suite.vectors)} sequences{own_sequences(campaign.suite)}, "
            f"{campaign.requests:,} requests. "
            f"The random layer: {session.walked.walks:,} walks, {session.walked.requests:,} requests. "
            f"Of the verdicts of the deterministic layer, {compared(session)}. {run[0].upper()}{run[1:]}.",
        )
    )
    counts = [
        (name, Counter(one.standing for one in each))
        for name, each in (("rules", accounts), ("properties", properties))
    ]
    yield Heading(2, "Summary", "summary")
    words = list(unknown_words(session))
    if words:
        yield Paragraph((words[0],))
        yield Listing("\n".join(line.strip() for line in words[2:-1]))
    for line in caveats(session, accounts):
        yield Paragraph((StrongText("Attention", "bad"), f": {line}"), aside=True)
    always = (Standing.PASSED, Standing.FAILED)
    columns = [each for each in Standing if each in always or any(count[each] for _, count in counts)]
    yield Table(
        ("", *(standing.value for standing in columns)),
        tuple(
            ((name,), *((StrongText(str(count[each]), TONES[each]) if count[each] else "0",) for each in columns))
            for name, count in counts
        ),
    )
    failed = [one for one in accounts if one.standing is Standing.FAILED]
    if failed:
        points = [
            Item(
                (
                    Link(one.subject, f"#failure-{one.subject}" if one.cause else "#random"),
                    f": {register[one.subject].statement}",
                    f" Suspect: {suspect(one.cause)}" if one.cause else "",
                )
            )
            for one in failed
        ]
        yield Paragraph((StrongText("These rules failed.", "bad"),))
        yield Items(tuple(points))
    elif not session.walked.failures and not session.examined.findings.misbehaviours():
        yield Paragraph((StrongText("No rule failed.", "good"),))


def _failures(session: Session) -> Iterator[Block]:
    assert session.examined is not None
    if session.examined.causes:
        yield Heading(2, "What failed", "failures")
    for cause in session.examined.causes:
        yield from _failure(session, cause, session.examined.shortest[cause.rule])


def _failure(session: Session, cause: Cause, run: FailingRun) -> Iterator[Block]:
    register = session.claims.system.register
    rule, last = register[cause.rule], run.run[-1]
    yield Heading(3, rule.id, f"failure-{rule.id}")
    yield Paragraph((StrongText("Suspect", "bad"), f": {suspect(cause)}"), aside=True)
    if cause.others:
        yield Paragraph((f"And by the same rule: {'; '.join(suspect(other) for other in cause.others[:3])}",))
    yield Paragraph((rule.statement,))
    yield from _assumed(rule.assumption)
    read = ", ".join(values_read(session.claims.system, last.before, last.request))
    points = [
        Item((f"Source: {rule.source or 'none'}",)),
        Item((f"What decides the last step: {read}",)),
        Item(("Expected at the last step: ", StrongText(str(last.verdict), "good"))),
    ]
    if run.seen is not None:
        points.append(Item(("Seen: ", StrongText(str(run.seen), "bad"))))
        points.append(Item((f"It differs in: {', '.join(deviating(session.claims.system, run))}",)))
    if run.misbehaviour is not None:
        points.append(Item((StrongText(f"The target {run.misbehaviour.value}", "bad"), f": {run.detail}")))
    if cause.rules[1:]:
        links = [part for other in cause.rules[1:4] for part in (", ", Link(other, f"#{other}"))][1:]
        points.append(Item(("If it is not this rule: ", *links)))
    names = list(dict.fromkeys(one.name for one in cause.explains))
    points.append(Item((f"Sequences that show it: {len(names)}, of which the first are {', '.join(names[:5])}",)))
    yield Items(tuple(points))
    yield _sequence(session, run)
    yield Listing(session.scope.again("--rule", rule.id))


def _assumed(assumption: str) -> Iterator[Block]:
    if assumption == "all":
        yield Paragraph((StrongText("Assumption", "assumed"), ": no source makes this a rule."), aside=True)
    elif assumption:
        yield Paragraph((StrongText("Assumed", "assumed"), f": {assumption}."), aside=True)


def _sequence(session: Session, run: FailingRun) -> Figure:
    system = session.claims.system
    trace = replay(system, run.run[0].before, [step.request for step in run.run], oracle(system))
    seen = f"the target: {run.seen}" if run.seen else ""
    misbehaved = f"the target {run.misbehaviour.value}" if run.misbehaviour else ""
    breach = "; ".join(part for part in (seen, misbehaved) if part)
    title = f"{run.name}: the verdict of the reference at each step, and at the end the target's"
    made = sequence_diagram(title, {run.name: trace}, breach=f"instead, {breach}")
    return Figure(sequence_svg(made), title)


def _random(session: Session) -> Iterator[Block]:
    walked = session.walked
    if not walked.walks:
        return
    yield Heading(2, "The random layer", "random")
    arrows, kinds = Coverage(session.claims.system, walked.requests, walked.hits).reached
    yield Paragraph(
        (
            f"{walked.walks:,} walks with {walked.requests:,} requests reached {arrows} transitions and {kinds} kinds "
            f"of verdict, with {failures_of_walks(session)}. "
            f"{walked.blocked:,} steps were gone round because what they need is known to be broken, and "
            f"{walked.unsupported:,} because the target does not support them.",
        )
    )
    for failing in (one for one in walked.failures if not one["known"]):
        yield Listing(failing["text"])


def _misbehaviour(session: Session) -> Iterator[Block]:
    assert session.examined is not None
    wrong = [one for one in session.examined.campaign.results if one.ending.misbehaviour]
    if not wrong:
        return
    yield Heading(2, "Misbehaviour", "misbehaviour")
    yield Table(
        ("sequence", "step", "the target", "detail"),
        tuple(
            (
                (one.section.vector.name,),
                (str(one.ending.step + 1) if one.ending.step >= 0 else "reset",),
                (StrongText(one.ending.misbehaviour.value if one.ending.misbehaviour else "", "bad"),),
                (one.ending.detail,),
            )
            for one in wrong
        ),
    )


def _lifecycles(session: Session) -> Iterator[Block]:
    system = session.claims.system
    marks = _marks(session)
    yield Heading(2, "The lifecycles", "lifecycles")
    yield Legend(tuple((MARKED[mark], f"{mark.value}") for mark in Mark))
    for lifecycle in drawn(system):
        picture = lifecycle_picture(system, lifecycle, marks)
        counts = Counter(marks[move] for move in lifecycle.transitions)
        summary = ", ".join(f"{counts[mark]} {mark.value}" for mark in Mark if counts[mark])
        yield Heading(3, picture.title, f"lifecycle-{lifecycle.name}")
        yield Figure(render(picture, "svg"), f"{len(lifecycle.transitions)} transitions: {summary}")


def _marks(session: Session) -> dict[Transition, Mark]:
    """The result of each transition: it is shown where an answer would have been another without it."""
    assert session.examined is not None
    examined, system = session.examined, session.claims.system
    known = declarations(system)
    broken = {cause.declaration.key for cause in examined.causes}
    marks: dict[Transition, Mark] = {}
    for lifecycle in system.lifecycles:
        for move in lifecycle.transitions:
            hidden = examined.findings.visibility.transition_hidden(Arrow(lifecycle, move).key)
            failed = known.key_of(move) in broken
            marks[move] = Mark.FAILED if failed else Mark.NOT_SHOWN if hidden else Mark.SHOWN
    return marks


def _rules(session: Session, accounts: list[Account], others: list[Account]) -> Iterator[Block]:
    register = session.claims.system.register
    yield Heading(2, "The rules", "rules")
    standings = {account.standing for account in (*accounts, *others)}
    yield Filter("Show: ", tuple(standing.value for standing in Standing if standing in standings))
    families: dict[str, list[Account]] = {}
    for account in accounts:
        families.setdefault(account.subject.split("-")[0], []).append(account)
    for family, members in families.items():
        about = register.families.get(family)
        yield Heading(3, f"{family}: {about}" if about else family, f"family-{family}")
        rows: list[tuple[Words, ...]] = []
        for account in members:
            rule = register[account.subject]
            assumed = (
                "assumption" if rule.assumption == "all" else f"; assumed: {rule.assumption}" if rule.assumed else ""
            )
            name: Words = (StrongText(rule.id),)
            if account.cause is not None:
                name = (Link(rule.id, f"#failure-{rule.id}"),)
            rows.append(
                (
                    name,
                    (StrongText(account.standing.value, TONES[account.standing]), *_reason(account)),
                    (f"{account.shown} of {account.goals}",),
                    (rule.statement,),
                    (f"{rule.source}{assumed}",),
                )
            )
        kinds = tuple(account.standing.value for account in members)
        yield Table(("rule", "result", "shown", "what it says", "source"), tuple(rows), kinds)


def _reason(account: Account) -> Words:
    if not account.reason:
        return ()
    if account.standing is Standing.BLOCKED:
        return (" by ", Link(account.reason, f"#failure-{account.reason}"))
    return (f": {account.reason}",)


def _properties(accounts: list[Account], others: list[Account]) -> Iterator[Block]:
    if not accounts:
        return
    yield Heading(2, "The properties", "properties")
    yield Paragraph(
        (f"{len(accounts) - len(others)} of {len(accounts)} passed. The others:" if others else "All passed.",)
    )
    if others:
        yield Table(
            ("property", "result", "rules"),
            tuple(
                (
                    (one.subject,),
                    (StrongText(one.standing.value, TONES[one.standing]), *_reason(one)),
                    (" ".join(one.rules),),
                )
                for one in others
            ),
            tuple(one.standing.value for one in others),
        )


def _unspecified(session: Session) -> Iterator[Block]:
    assert session.examined is not None
    occurrences: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for one in session.examined.findings.unspecified:
        occurrences.setdefault((one.rules, one.aspects), []).append(f"{one.vector} step {one.step + 1}")
    if not occurrences:
        return
    yield Heading(2, "What the sources leave open", "unspecified")
    yield Paragraph(("Any answer of the target is accepted there.",))
    yield Table(
        ("rules", "left open", "where it occurs"),
        tuple(
            ((" ".join(rules),), (", ".join(aspects),), (f"{len(steps)} steps, the first {', '.join(steps[:3])}",))
            for (rules, aspects), steps in occurrences.items()
        ),
    )
