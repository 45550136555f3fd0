"""Decision tables: the oracle's verdicts on requests, for every combination of fixed values.

Rows that differ in nothing but one value are one row: a table has as few as its order of columns allows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import partial
from textwrap import fill as textwrap_fill

import attrs

from statemachines.drawing.page import Table
from statemachines.drawing.picture import Node, Note, Picture, Shape, tooltip
from statemachines.errors import DeclarationError
from statemachines.language.requests import RequestType
from statemachines.language.rules import Register
from statemachines.language.system import State, System
from statemachines.semantics.oracle import Oracle

ANY = "any"
"""The words of a cell that does not matter."""

fill = partial(textwrap_fill, break_on_hyphens=False)

Values = Mapping[str, Enum]
"""Values of variables and of fields of requests, by name."""


@attrs.frozen
class Option:
    """One choice of a column.

    Parameters
    ----------
    words: what its cell says.
    values: the values of variables and fields; several where one word stands for all of them, and then they have to be
        decided alike.
    """

    words: str
    values: tuple[Values, ...]


def _options(options: Iterable[Option]) -> tuple[Option, ...]:
    return tuple(options)


@attrs.frozen
class Column:
    """A column of choices."""

    heading: str
    options: tuple[Option, ...] = attrs.field(converter=_options)


@attrs.frozen
class Result:
    """What is decided of one type of request: in words, and the ids of the rules."""

    words: str
    rules: tuple[str, ...]


@attrs.frozen
class Row:
    """The cells of the choices, and a result for each type of request."""

    cells: tuple[str, ...]
    results: tuple[Result, ...]


@attrs.frozen
class DecisionTable:
    """What is decided, for every combination of choices that can be.

    Parameters
    ----------
    title, subtitle: what is over it.
    headings: of the choices, then of the results.
    rows: in the order of the choices.
    register: what the rules say.
    """

    title: str
    subtitle: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    register: Register

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule id in it, in order of appearance."""
        return self.picture.rules

    @property
    def picture(self) -> Picture:
        """The table as a picture, in which a cell that repeats the one above it is empty."""
        above: tuple[str, ...] = ()
        notes = []
        for row in self.rows:
            alike = next((at for at, (one, two) in enumerate(zip(row.cells, above, strict=False)) if one != two), 0)
            cells = ("" if at < alike else cell for at, cell in enumerate(row.cells))
            above, rules = row.cells, tuple(dict.fromkeys(rule for result in row.results for rule in result.rules))
            first, *others = (result.words for result in row.results)
            results = (first, *("the same" if words == first else words for words in others))
            lines = (*(fill(cell, 17) for cell in cells), *(fill(words, 41) for words in results))
            notes.append(Note(lines, rules, self.register.assumed(rules), tooltip(self.register, rules)))
        node = Node("table", "", Shape.TABLE, rows=tuple(notes), headings=(*self.headings, "rules"))
        return Picture("decisions", self.title, self.subtitle, (node,), ())

    @property
    def table(self) -> Table:
        """The table as a block of a page, in Markdown or HTML."""
        rows = (
            (*row.cells, *(f"{result.words} [{self._citation(result.rules)}]" for result in row.results))
            for row in self.rows
        )
        return Table(self.headings, tuple(tuple((cell,) for cell in cells) for cells in rows))

    def _citation(self, rules: tuple[str, ...]) -> str:
        return Note((), rules, self.register.assumed(rules)).citation


def decision_table(
    system: System,
    columns: Sequence[Column],
    asked: Mapping[str, RequestType],
    *,
    states: Iterable[Values] = ({},),
    title: str = "",
    subtitle: tuple[str, ...] = (),
) -> DecisionTable:
    """The verdicts of the oracle on requests, for each combination of choices.

    Parameters
    ----------
    system: the declarations.
    columns: the choices, those first that matter most.
    asked: the type of request of each result, by its heading. Fields that no choice names have their defaults.
    states: values of variables that no choice names; of several, the first that no constraint forbids together with the
        choices. A combination that is forbidden with each of them is left out.
    title, subtitle: of the table.

    Raises
    ------
    DeclarationError: where one option stands for values that are decided differently, or no column is given.

    >>> from examples.parcel_locker import Box, Put, system
    >>> empty, full = Option("empty", ({"box": Box.EMPTY},)), Option("full", ({"box": Box.FULL},))
    >>> for row in decision_table(system, [Column("box", (empty, full))], {"Put": Put}).rows:
    ...     print(*row.cells, row.results[0].words, sep=": ")
    empty: yes at the locker: done
    full: no at the locker: wrong box
    """
    if not columns:
        raise DeclarationError("a decision table needs a column of choices, at least one")
    decided = _Decided(Oracle(system), tuple(asked.values()), tuple(states))
    rows = tuple(Row(cells, results) for cells, results in _rows(tuple(columns), (), decided))
    headings = (*(column.heading for column in columns), *asked)
    return DecisionTable(title or system.name, subtitle, headings, rows, system.register)


Rows = tuple[tuple[tuple[str, ...], tuple[Result, ...]], ...]


def _rows(columns: tuple[Column, ...], fixed: tuple[Option, ...], decided: "_Decided") -> Rows:
    """The rows for what is fixed so far: options with the same rows below them are one."""
    if not columns:
        results = decided.results(fixed)
        return (((), results),) if results else ()
    below: dict[Rows, list[str]] = {}
    for option in columns[0].options:
        rows = _rows(columns[1:], (*fixed, option), decided)
        if rows:
            below.setdefault(rows, []).append(option.words)
    return tuple(
        ((ANY if len(below) == 1 else " or ".join(words), *cells), results)
        for rows, words in below.items()
        for cells, results in rows
    )


@attrs.frozen
class _Decided:
    oracle: Oracle
    asked: tuple[RequestType, ...]
    states: tuple[Values, ...]
    allowed: dict[State, bool] = attrs.field(init=False, factory=dict)

    def results(self, fixed: tuple[Option, ...]) -> tuple[Result, ...]:
        """The results for a combination of options; none where it cannot be."""
        known = {result: None for values in _product(fixed) if (result := self._decide(values))}
        if len(known) > 1:
            words = ", ".join(option.words for option in fixed)
            raise DeclarationError(f"{words}: the values of an option are decided differently; make options of them")
        return next(iter(known), ())

    def _decide(self, values: Values) -> tuple[Result, ...]:
        system = self.oracle.system
        variables = {name: value for name, value in values.items() if name in system.state_type.names}
        for others in self.states:
            state = system.state(**{**others, **variables})
            if state not in self.allowed:
                self.allowed[state] = not system.broken_constraints(state)
            if self.allowed[state]:
                break
        else:
            return ()
        results = []
        for kind in self.asked:
            fields = {field.name: values[field.name] for field in kind.fields if field.name in values}
            _, verdict = self.oracle.decide(state, kind(**fields))
            left_open = f" (left open: {', '.join(verdict.unspecified)})" if verdict.unspecified else ""
            words = f"{verdict.outcome.value} at the {verdict.at.value}: {verdict.reason.value}{left_open}"
            results.append(Result(words, verdict.deciding))
        return tuple(results)


def _product(fixed: tuple[Option, ...]) -> Iterator[dict[str, Enum]]:
    """Each combination of the values that the options stand for."""
    if not fixed:
        yield {}
        return
    for rest in _product(fixed[1:]):
        for values in fixed[0].values:
            yield {**rest, **values}
