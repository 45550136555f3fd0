"""Sequence diagrams: the messages, answers and changes of a run, before any drawing language.

A `SequenceDiagram` is made of traces and is read by `statemachines.drawing.sequence_svg` and
`statemachines.drawing.sequence_mermaid`. Its lifelines are those who send requests, by a field of the requests, and
the parties that look at them. What nobody sends stands in a box.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, auto
from itertools import pairwise

import attrs

from statemachines.drawing.picture import Note, tooltip
from statemachines.language.requests import Request
from statemachines.semantics.trace import Step, Trace

SENDER = "sender"
"""The field that says who sends a request, by its usual name."""

PASSED_ON = "passed on"
"""The words on a request where one party passes it to the next."""


@attrs.frozen
class Lifeline:
    """A party of the diagram: its id, a Python identifier; and its name in words."""

    id: str
    words: str


@attrs.frozen
class Message:
    """An arrow from one lifeline to another.

    Parameters
    ----------
    source, target: the ids of the lifelines.
    note: the words, and the rules.
    answer: whether it is an answer, and not a request.
    refused: whether it is the answer to a request that was not let pass.
    """

    source: str
    target: str
    note: Note
    answer: bool = False
    refused: bool = False


class BoxKind(Enum):
    """What a box shows."""

    RUN = auto()
    START = auto()
    EVENT = auto()
    CHANGE = auto()
    BREACH = auto()


@attrs.frozen
class Box:
    """A note across all lifelines.

    Parameters
    ----------
    kind: what it shows.
    note: the words, and the rules; of an event the first line says what it is.
    changes: what an event changed.
    refused: whether it shows an event that could not happen.
    """

    kind: BoxKind
    note: Note
    changes: tuple[str, ...] = ()
    refused: bool = False


@attrs.frozen
class SequenceDiagram:
    """What a sequence diagram shows.

    Parameters
    ----------
    title, subtitle: what is over it.
    lifelines: from left to right.
    rows: from top to bottom.
    """

    title: str
    subtitle: str
    lifelines: tuple[Lifeline, ...]
    rows: tuple[Message | Box, ...]

    @property
    def assumed(self) -> bool:
        """Whether anything rests, in whole or in part, on an assumption."""
        return any(row.note.assumed for row in self.rows)

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule id in it, in order of appearance."""
        return tuple(dict.fromkeys(rule for row in self.rows for rule in row.note.rules))

    @property
    def refused(self) -> bool:
        """Whether anything was refused."""
        return any(row.refused for row in self.rows)


def note_lines(note: Note) -> tuple[str, ...]:
    """The words of a note with its rules after the last of them, assumptions starred."""
    if not note.rules:
        return note.lines
    return (*note.lines[:-1], f"{note.lines[-1]} [{note.citation}]")


def sequence_diagram(
    title: str,
    runs: Mapping[str, Trace],
    *,
    subtitle: str = "",
    start: str = "",
    breach: str = "",
    sender: str = SENDER,
) -> SequenceDiagram:
    """Runs as one sequence diagram, one below the other.

    Parameters
    ----------
    title, subtitle: what is over it.
    runs: at least one, each by what it is called; the name of a single one is not shown.
    start: how each begins, in words; by default the values that set its start apart from the usual one.
    breach: what is wrong with the end, if anything is.
    sender: the name of the field that says who sends a request; one without it is sent by nobody.
    """
    lifelines: dict[Enum, Lifeline] = {}
    steps = [step for trace in runs.values() for step in trace.steps]
    for step in steps:
        if (acting := _sender(step.request, sender)) is not None:
            lifelines.setdefault(acting, Lifeline(f"sender_{acting.name}", str(acting.value)))
    travelling = [step for step in steps if _sender(step.request, sender) is not None or len(_route(step)) > 1]
    for party in _in_order(travelling or steps):
        lifelines[party] = Lifeline(f"party_{party.name}", str(party.value))
    alone = () if lifelines else tuple(Lifeline("system", trace.system.name) for trace in [*runs.values()][:1])
    rows: list[Message | Box] = [
        row
        for name, trace in runs.items()
        for row in (
            *([Box(BoxKind.RUN, Note((name,), ()))] if len(runs) > 1 else []),
            Box(BoxKind.START, Note((f"start: {start or trace.start_in_words}",), ())),
            *_rows(trace, sender, lifelines),
        )
    ]
    if breach:
        rows.append(Box(BoxKind.BREACH, Note((breach,), ())))
    return SequenceDiagram(title, subtitle, tuple(lifelines.values()) or alone, tuple(rows))


def _sender(request: Request, field: str) -> Enum | None:
    return next(
        (value for known, value in zip(request.type.fields, request.values, strict=True) if known.name == field), None
    )


def _route(step: Step) -> tuple[Enum, ...]:
    """The parties that a request comes to, in order; the last one answers."""
    via, at = step.verdict.via, step.verdict.at
    return via if via and via[-1] is at else (*via, at)


def _in_order(steps: Iterable[Step]) -> list[Enum]:
    """The parties of the steps, each before those that it passes requests to; as far as that is one order."""
    order: list[Enum] = []
    for step in steps:
        route = _route(step)
        index = next((order.index(party) for party in route if party in order), len(order))
        for party in route:
            if party not in order:
                order.insert(index, party)
            index = order.index(party) + 1
    return order


def _rows(trace: Trace, sender: str, lifelines: Mapping[Enum, Lifeline]) -> Iterator[Message | Box]:
    for number, step in enumerate(trace.steps, 1):
        acting = _sender(step.request, sender)
        route = _route(step)
        changed = tuple(trace.changes_in_words(step))
        asked = f"{number}. {step.request}"
        if acting is None and len(route) == 1:
            note = _answer(trace, step, f"{step.verdict.outcome.value} at the {step.verdict.at.value}")
            yield Box(BoxKind.EVENT, attrs.evolve(note, lines=(asked, *note.lines)), changed, not step.verdict.passed)
            continue
        if acting is None:
            yield Box(BoxKind.EVENT, Note((asked,), ()))
        stops = [lifelines[each].id for each in ([acting] if acting is not None else []) + list(route)]
        words = [asked] if acting is not None else []
        for source, target in pairwise(stops):
            yield Message(source, target, Note((words.pop() if words else PASSED_ON,), ()))
        yield Message(
            stops[-1],
            stops[0],
            _answer(trace, step, str(step.verdict.outcome.value)),
            answer=True,
            refused=not step.verdict.passed,
        )
        if changed:
            yield Box(BoxKind.CHANGE, Note(changed, ()))


def _answer(trace: Trace, step: Step, outcome: str) -> Note:
    verdict, register = step.verdict, trace.system.register
    response = f" ({verdict.response.value})" if verdict.response is not None else ""
    unspecified = (f"unspecified: {', '.join(verdict.unspecified)}",) if verdict.unspecified else ()
    return Note(
        (f"{outcome}{response}: {verdict.reason.value}", *unspecified),
        verdict.rules,
        register.assumed(verdict.rules),
        tooltip(register, verdict.rules),
    )
