"""Notebook displays: a lifecycle and a run as SVG; a system and a report as HTML with pictures."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from statemachines.drawing.draw import draw, pictures_of
from statemachines.drawing.graphviz import render
from statemachines.drawing.page import Block, Figure, Paragraph, StrongText, Table, html_fragment
from statemachines.drawing.sequence_diagram import sequence_diagram
from statemachines.drawing.sequence_svg import sequence_svg
from statemachines.language.lifecycle import Lifecycle
from statemachines.language.system import System
from statemachines.semantics.trace import Trace

if TYPE_CHECKING:
    from statemachines.checker.findings import Finding, Report


def mimebundle(shown: "Lifecycle | System | Trace | Report") -> dict[str, str]:
    """What to show of a value, by media type: pictures, and a line of text where there can be none.

    Raises
    ------
    DeclarationError: for a lifecycle of which there is nothing to draw.
    DrawingError: where the renderer is missing.
    """
    match shown:
        case Lifecycle():
            text = f"lifecycle {shown.name}: {len(shown.variable.domain)} states, {len(shown.transitions)} transitions"
            return {"image/svg+xml": draw(shown), "text/plain": text}
        case Trace():
            return {"image/svg+xml": draw(shown), "text/plain": shown.text()}
        case System():
            pictures = pictures_of(shown)
            figures = [Figure(render(picture, "svg"), picture.title) for picture in pictures]
            text = f"system {shown.name}: {', '.join(picture.name for picture in pictures)}"
            return {"text/html": html_fragment(figures), "text/plain": text}
        case _:
            return {"text/html": html_fragment(_report(shown)), "text/plain": "".join(_result(shown))}


def _result(report: "Report") -> tuple[str, str]:
    failing = sum(not finding.holds for finding in report.findings)
    return f"{len(report.findings)} claims on {report.system.name}: ", f"{failing} fail" if failing else "all hold"


def _report(report: "Report") -> Iterator[Block]:
    failing = [finding for finding in report.findings if not finding.holds]
    count, result = _result(report)
    yield Paragraph((count, StrongText(result, "bad" if failing else "good")))
    problems = report.wellformedness.problems if report.wellformedness else ()
    yield from (Paragraph((StrongText("Not well-formed", "bad"), f": {problem}")) for problem in problems)
    rows = tuple(
        (
            (finding.claim.name,),
            (finding.claim.kind,),
            (" ".join(finding.claim.rules),),
            (StrongText("holds", "good") if finding.holds else StrongText("fails", "bad"),),
        )
        for finding in report.findings
    )
    yield Table(("claim", "kind", "rules", "result"), rows)
    for finding in failing:
        yield from _failure(finding)


def _failure(finding: "Finding") -> Iterator[Block]:
    if finding.vacuous:
        yield Paragraph((f"{finding.claim.name}: {finding.vacuous}",))
    runs = {"run": finding.counterexample} if finding.counterexample else {}
    if finding.counterexample and finding.other_run:
        runs = {"first run": finding.counterexample, "second run": finding.other_run}
    if runs:
        title = f"Shortest counterexample: {finding.claim.name}"
        diagram = sequence_diagram(title, runs, breach=f"Here this fails: {finding.claim.name}")
        yield Figure(sequence_svg(diagram), title)
