"""What a log comes to, for people: a text, a page, and tables for other programs."""

import csv
import io
import json
from collections.abc import Iterator, Sequence

from properties.console.terminal import number_of
from properties.replay.findings import Finding, counted
from properties.replay.judging import Example, JudgedLog
from properties.replay.records import NOBODYS, Problems
from statemachines.drawing.page import (
    Block,
    Heading,
    Item,
    Items,
    Link,
    Listing,
    Page,
    Paragraph,
    StrongText,
    Table,
    html,
)
from statemachines.extras import optional_imports
from statemachines.files.shown import printable
from statemachines.language.system import System

with optional_imports():
    import pyarrow as pa
    import pyarrow.parquet as pq

EXPLORER = "explorer.html"
"""The name of the page beside the report's in which one steps through the runs."""
MOST_ROWS = 200
"""The most findings that the page lists; the tables beside it have all."""


def as_text(system: System, judged: JudgedLog, problems: Problems, by: Sequence[str]) -> str:
    """A summary for a terminal: what was judged, what was not, deviations by rule, the shortest example of each."""
    lines = [printable(line) for line in _summary(system, judged, problems)]
    for name, counts in counted(judged.findings, by).items():
        if counts and name != "basis":
            lines += ["", f"deviations by {printable(name)}"]
            width = max(len(f"{count:,}") for count in counts.values())
            lines += [f"  {count:>{width},}  {_labelled(system, name, word)}" for word, count in counts.items()]
    for rule, example in judged.examples.items():
        lines += ["", f"the shortest run to a deviation from {rule}: {_where(example.finding)}"]
        lines += [f"  {line}" for line in _run(example)]
    return "\n".join(lines) + "\n"


def _summary(system: System, judged: JudgedLog, problems: Problems) -> Iterator[str]:
    yield (
        f"{system.name}: {number_of(judged.cases, 'case')}, "
        f"{judged.entries:,} {'entry' if judged.entries == 1 else 'entries'}: {judged.followed:,} as they have to be, "
        f"{judged.undecided:,} undecided, {number_of(len(judged.findings), 'deviation')}, "
        f"{judged.after:,} after a deviation"
    )
    left = {
        "repeated entries": judged.repeated,
        "entries whose order is not known": judged.unordered,
        "cases left out, because a time cannot be read": judged.without_time,
    }
    yield from (f"  {count:,} {words}" for words, count in left.items() if count)
    for kind, count in sorted(problems.counts.items()):
        sample = problems.samples[kind]
        yield f"  {count:,} x {kind}: {'; '.join(sample)}{'; ...' if count > len(sample) else ''}"
    if NOBODYS & set(problems.counts):
        yield "  Deviations are certain as far as no entry that cannot be read belongs to their case."


def _labelled(system: System, table: str, word: str) -> str:
    if table != "rule":
        return printable(word)
    rule = system.register[word]
    return f"{system.register.citation([word])}  {rule.basis.value}  {rule.source}: {rule.statement}"


def _where(finding: Finding) -> str:
    return printable(f"case {finding.case}, {finding.file}:{finding.line}")


def _run(example: Example) -> Iterator[str]:
    for number, (request, seen) in enumerate(example.entries, 1):
        yield printable(f"{number:>3}. {request}: {seen}")
    for expected in example.finding.expected:
        yield f"     expected: {expected}"
    for claim in example.finding.claims:
        yield f"     breaks: {claim}"


def as_json(system: System, judged: JudgedLog, problems: Problems, by: Sequence[str]) -> dict[str, object]:
    """All of it for machines."""
    return {
        "system": system.name,
        "cases": judged.cases,
        "entries": judged.entries,
        "followed": judged.followed,
        "undecided": judged.undecided,
        "deviations": len(judged.findings),
        "after_a_deviation": judged.after,
        "repeated": judged.repeated,
        "order_not_known": judged.unordered,
        "cases_without_time": judged.without_time,
        "problems": {
            kind: {"count": count, "sample": problems.samples[kind]} for kind, count in sorted(problems.counts.items())
        },
        "counts": counted(judged.findings, by),
        "examples": {
            rule: {
                "finding": example.finding.as_dict(),
                "entries": [list(entry) for entry in example.entries],
                "run": dict(example.run),
            }
            for rule, example in judged.examples.items()
        },
        "findings": [finding.as_dict() for finding in judged.findings],
    }


def as_json_text(system: System, judged: JudgedLog, problems: Problems, by: Sequence[str]) -> str:
    """The same as a document."""
    return json.dumps(as_json(system, judged, problems, by), indent=1, ensure_ascii=False) + "\n"


def as_runs(judged: JudgedLog) -> dict[str, object]:
    """The shortest run to a deviation from each rule, for the explorer to open."""
    return {"runs": [example.run for example in judged.examples.values()]}


def as_csv(findings: Sequence[Finding]) -> bytes:
    """The findings as CSV, a row each."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, _columns(), lineterminator="\n")
    writer.writeheader()
    for finding in findings:
        own = finding.as_dict()
        writer.writerow({name: "; ".join(value) if isinstance(value, list) else value for name, value in own.items()})
    return out.getvalue().encode("utf-8", "backslashreplace")


def as_parquet(findings: Sequence[Finding]) -> bytes:
    """The findings as Parquet, a row each, lists as lists."""
    rows = [finding.as_dict() for finding in findings]
    text, texts = pa.string(), pa.list_(pa.string())
    kinds = {"line": pa.int64(), "entry": pa.int64(), **dict.fromkeys(("expected", "rules", "claims", "by"), texts)}
    schema = pa.schema([(name, kinds.get(name, text)) for name in _columns()])
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), sink)
    return bytes(sink.getvalue())


def _columns() -> list[str]:
    import attrs  # noqa: PLC0415

    return [field.name for field in attrs.fields(Finding)]


def as_page(system: System, judged: JudgedLog, problems: Problems, by: Sequence[str]) -> bytes:
    """One page that says it all, with the first findings of all."""
    return html(Page(f"{system.name}: a log against the rules", tuple(_blocks(system, judged, problems, by)))).encode()


def _blocks(system: System, judged: JudgedLog, problems: Problems, by: Sequence[str]) -> Iterator[Block]:
    first, *others = _summary(system, judged, problems)
    yield Paragraph((StrongText(first, "bad" if judged.findings else "good"),))
    if others:
        yield Items(tuple(Item((line.strip(),)) for line in others))
    for name, counts in counted(judged.findings, by).items():
        if counts:
            yield Heading(2, f"Deviations by {name}", f"by-{name}")
            rows = tuple(((f"{count:,}",), (_labelled(system, name, word),)) for word, count in counts.items())
            yield Table(("deviations", name), rows)
    if judged.examples:
        yield Paragraph(("The runs below, to step through: ", Link("the explorer", EXPLORER), "."))
    for rule, example in judged.examples.items():
        yield Heading(2, f"The shortest run to a deviation from {rule}", f"example-{rule}")
        yield Paragraph((_where(example.finding),))
        yield Listing("\n".join(_run(example)))
    if judged.findings:
        yield Heading(2, "Deviations", "deviations")
        if len(judged.findings) > MOST_ROWS:
            yield Paragraph((f"The first {MOST_ROWS} of {len(judged.findings):,}; findings.csv has all.",))
        yield Table(
            ("case", "where", "request", "the log has", "expected", "rules"),
            tuple(
                (
                    (finding.case,),
                    (f"{finding.file}:{finding.line}",),
                    (finding.request,),
                    (finding.seen,),
                    (" or ".join(finding.expected),),
                    (system.register.citation(finding.rules),),
                )
                for finding in judged.findings[:MOST_ROWS]
            ),
        )
