"""The path of a request through a whole system: party by party, check by check."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from textwrap import fill as textwrap_fill

import attrs

from statemachines.drawing.picture import PLAIN, Arrow, Node, Note, Picture, Shape, Wording, parts, tooltip
from statemachines.language.expression import TRUE
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.semantics.decision import asks, checks_of, handles

NAME = "request-path"

ORDER = "each party asks its checks in order: the first that fails decides"

LANES = (32, 36, 40, 46, 52, 60)
"""Characters to a line in a lane, as many as it takes."""

MOST = 640
"""How many points high the tables of one picture may be."""

fill = partial(textwrap_fill, break_on_hyphens=False)


def request_paths(system: System, *, wording: Wording = PLAIN) -> tuple[Picture, ...]:
    """The parties that look at a request, their checks in order, and what is answered to one that passes.

    Request types that share no party take separate paths. A path that fits a page is one picture. Of a longer one there
    is a picture for each type of request, a lane for each party; or, where there is one party, for as many as fit. The
    first is called request-path, and every other is named after its first party or its type of request as well.
    """
    pictures: list[Picture] = []
    for at, kinds in enumerate(_families(system)):
        gates = _gates(system, kinds)
        name = f"{NAME}-{gates[0].party.name.lower()}" if at and gates else NAME if not at else f"{NAME}-{at + 1}"
        of = f"{system.name}{f' ({gates[0].party.value})' if at and gates else ''}"
        if _height(whole := _tables(system, name, of, kinds, wording)) <= MOST:
            pictures.append(whole)
        elif len(gates) > 1:
            pictures += (_lanes(system, kind, wording) for kind in kinds)
        else:
            pages = _pages(system, kinds, wording)
            for number, page in enumerate(pages, 1):
                pictures.append(_tables(system, f"{name}-{number}", f"{of}, {number} of {len(pages)}", page, wording))
    return tuple(pictures)


def _pages(system: System, kinds: tuple[RequestType, ...], wording: Wording) -> list[tuple[RequestType, ...]]:
    """The types of request, in order, as many together as a page has room for."""
    pages: list[tuple[RequestType, ...]] = [kinds[:1]]
    for kind in kinds[1:]:
        more = (*pages[-1], kind)
        if _height(_tables(system, NAME, "", more, wording)) <= MOST:
            pages[-1] = more
        else:
            pages.append((kind,))
    return pages


def _height(picture: Picture) -> int:
    """About how many points high the tables are, one below the other."""
    rows = [row for node in picture.nodes for row in node.rows]
    lines = sum(max(cell.count("\n") + 1 for cell in row.lines) for row in rows)
    opening = len(fill(picture.nodes[0].words, 46).split("\n"))
    return lines * 12 + len(rows) * 11 + len(picture.nodes) * 50 + (opening - 1) * 15


def _tables(system: System, name: str, of: str, kinds: tuple[RequestType, ...], wording: Wording) -> Picture:
    gates = _gates(system, kinds)
    whole = Node("comes_in", _names(kinds, wording), Shape.ANY)
    nodes = [
        whole,
        *(_gate_node(system, gate, kinds, wording) for gate in gates),
        _answers_node(system, "answered", kinds, wording),
    ]
    passing: dict[tuple[str, str], list[RequestType]] = {}
    for kind in kinds:
        for source, target in _steps(kind, gates, "comes_in", "answered"):
            passing.setdefault((source, target), []).append(kind)
    arrows = [
        # an arrow that all take says nothing that the node at its beginning does not
        Arrow(source, target, () if len(taking) == len(kinds) else (Note(_lines(_names(taking, wording), 34), ()),))
        for (source, target), taking in passing.items()
    ]
    return Picture(name, f"The path of a request: {of}", (ORDER,), tuple(nodes), tuple(arrows))


def _lanes(system: System, kind: RequestType, wording: Wording) -> Picture:
    """The path of requests of one type: a lane for each party that they come to."""
    gates = _gates(system, [kind])
    lanes = [
        _lane(
            gate.party.name,
            _heading(gate),
            [
                _row(system, (f"{at}. {check.label}", f"otherwise {_verdict(check)}"), check.rules, _condition(check))
                for at, check in enumerate(checks_of(gate, kind), 1)
            ],
        )
        for gate in gates
    ]
    answers = [
        _row(system, (verdict if where == "always" else f"{where}: {verdict}",), rules)
        for _, where, verdict, rules in _answers(system, [kind], wording)
    ]
    name = wording.request(kind)
    first = Node("comes_in", "request", Shape.LANE, rows=(Note((fill(name, 16),), ()),))
    nodes = (first, *lanes, _lane("answered", "every check has passed", answers))
    arrows = tuple(Arrow(source, target) for source, target in _steps(kind, gates, first.id, "answered"))
    return Picture(f"{NAME}-{kind.name}", f"The path of a request: {name}", (ORDER,), nodes, arrows)


def _lane(name: str, heading: str, rows: list[Note]) -> Node:
    """A lane as wide as it has to be for its height."""
    node = Node(name, heading, Shape.LANE)
    for room in LANES:
        filled = [attrs.evolve(row, lines=tuple(fill(cell, room) for cell in row.lines)) for row in rows]
        node = attrs.evolve(node, rows=tuple(filled))
        lines = sum(cell.count("\n") + 1 for row in filled for cell in (*row.lines, ""))
        if lines * 11 + len(filled) * 7 <= MOST:
            break
    return node


def _families(system: System) -> Iterator[tuple[RequestType, ...]]:
    """The request types by the gates they share: those that share none take separate paths.

    Those that come to no gate at all take one path together.
    """
    left = list(system.requests)
    while left:
        family = [left[0]]
        if not _gates(system, family):
            family = [kind for kind in left if not _gates(system, [kind])]
        grown = True
        while grown:
            near = _gates(system, family)
            more = [
                k for k in left if all(k is not known for known in family) and any(handles(gate, k) for gate in near)
            ]
            family += more
            grown = bool(more)
        left = [kind for kind in left if all(kind is not known for known in family)]
        yield tuple(family)


def _gates(system: System, kinds: Iterable[RequestType]) -> list[Gate]:
    """The gates that requests of any of the types come to."""
    kinds = tuple(kinds)
    return [gate for gate in system.gates if any(handles(gate, kind) for kind in kinds)]


def _steps(kind: RequestType, gates: list[Gate], start: str, answered: str) -> Iterator[tuple[str, str]]:
    """From where to where requests of a type go; a gate that not all of them come to may be passed by."""
    sources = [start]
    for gate in gates:
        if handles(gate, kind):
            for source in sources:
                yield source, gate.party.name
            sources = [gate.party.name] if gate.when is TRUE else [*sources, gate.party.name]
    for source in sources:
        yield source, answered


def _gate_node(system: System, gate: Gate, kinds: tuple[RequestType, ...], wording: Wording) -> Node:
    here = [kind for kind in gate.on if any(kind is other for other in kinds)]
    asked = [check for check in gate.checks if any(asks(check, kind) for kind in here)]
    rows = []
    for at, check in enumerate(asked, start=1):
        of = [kind for kind in here if asks(check, kind)]
        cells = (
            str(at),
            fill(check.label, 34),
            fill("every request here" if 1 < len(here) == len(of) else _names(of, wording), 26),
            fill(_verdict(check), 44),
        )
        rows.append(_row(system, cells, check.rules, _condition(check)))
    headings = ("no.", "what has to be so", "asked of", "otherwise", "rules")
    return Node(gate.party.name, _heading(gate), Shape.TABLE, rows=tuple(rows), headings=headings)


def _heading(gate: Gate) -> str:
    whom = "" if gate.when is TRUE else f" (only where {gate.when.words()})"
    return f"{gate.party.value}{whom}"


def _answers(
    system: System, kinds: Sequence[RequestType], wording: Wording
) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """The answers, in order: to whom, where, what, and the rules; those that are alike are one.

    Of those to one type of request the first whose condition holds is given.
    """
    rules: dict[tuple[str, str, str], list[str]] = {}
    conditional: list[RequestType] = []
    for answer in system.answers:
        on = [kind for kind in kinds if handles(answer, kind)]
        if on:
            to = "every event or request here" if 1 < len(kinds) == len(on) else _names(on, wording)
            if answer.when is not TRUE:
                conditional += on
                where = "if " + " and ".join(wording.of(parts(answer.when)))
            else:
                where = "otherwise" if any(kind is other for kind in on for other in conditional) else "always"
            rules.setdefault((to, where, _verdict(answer)), []).extend(answer.rules)
    return [(*words, tuple(dict.fromkeys(cited))) for words, cited in rules.items()]


def _answers_node(system: System, name: str, kinds: tuple[RequestType, ...], wording: Wording) -> Node:
    answers = _answers(system, kinds, wording)
    conditional = any(where != "always" for _, where, _, _ in answers)
    rows = tuple(
        _row(
            system,
            (fill(to, 34), *([fill(where, 60)] if conditional else []), fill(verdict, 60)),
            cited,
        )
        for to, where, verdict, cited in answers
    )
    headings = ("request or event", *(["where"] if conditional else []), "verdict", "rules")
    return Node(name, "answers: every check has passed", Shape.TABLE, rows=rows, headings=headings)


def _condition(check: Check) -> str:
    """The condition for the tooltip, unless it is a table in itself."""
    words = check.fails_when.words()
    return f"not so when {words}\n" if len(words) <= 400 else ""


def _row(system: System, cells: tuple[str, ...], rules: tuple[str, ...], condition: str = "") -> Note:
    return Note(cells, rules, system.register.assumed(rules), condition + tooltip(system.register, rules))


def _verdict(given: Check | Answer) -> str:
    response = f" ({given.response.value})" if isinstance(given, Answer) and given.response is not None else ""
    left_open = f" (left open: {', '.join(given.unspecified).replace('at,', 'party,')})" if given.unspecified else ""
    return f"{given.outcome.value}: {given.reason.value}{response}{left_open}"


def _names(kinds: Iterable[RequestType], wording: Wording) -> str:
    return ", ".join(map(wording.request, kinds))


def _lines(words: str, width: int) -> tuple[str, ...]:
    return tuple(fill(words, width).split("\n"))
