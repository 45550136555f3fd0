"""The path of a request through a whole system: party by party, check by check."""

from collections.abc import Iterable, Iterator
from functools import partial
from textwrap import fill as textwrap_fill

from statemachines.drawing.picture import Arrow, Node, Note, Picture, Shape, tooltip
from statemachines.language.expression import TRUE
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.semantics.decision import handles

NAME = "request-path"

fill = partial(textwrap_fill, break_on_hyphens=False)


def request_paths(system: System) -> tuple[Picture, ...]:
    """The parties that look at a request, their checks in order, and what is answered to one that passes.

    Request types that share no party take separate paths: each path has a picture of its own. The first is called
    request-path, and every other is named after its first party as well.
    """
    return tuple(_path(system, at, kinds) for at, kinds in enumerate(_families(system)))


def _path(system: System, at: int, kinds: tuple[RequestType, ...]) -> Picture:
    gates = _gates(system, kinds)
    whole = Node("comes_in", _names(kinds), Shape.ANY)
    nodes = [whole, *(_gate_node(system, gate) for gate in gates), _answers_node(system, "answered", kinds)]
    passing: dict[tuple[str, str], list[RequestType]] = {}
    for kind in kinds:
        for source, target in _steps(kind, gates, "comes_in", "answered"):
            passing.setdefault((source, target), []).append(kind)
    arrows = [
        # an arrow that all take says nothing that the node at its beginning does not
        Arrow(source, target, () if _names(taking) == whole.words else (Note(_lines(_names(taking), 34), ()),))
        for (source, target), taking in passing.items()
    ]
    party = gates[0].party if gates else None
    name = f"{NAME}-{party.name.lower()}" if at and party is not None else NAME if not at else f"{NAME}-{at + 1}"
    whose = f" ({party.value})" if at and party is not None else ""
    subtitle = ("each party asks its checks in order: the first that fails decides",)
    return Picture(name, f"The path of a request: {system.name}{whose}", subtitle, tuple(nodes), tuple(arrows))


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


def _gate_node(system: System, gate: Gate) -> Node:
    rows = tuple(_check_row(system, gate, check, at) for at, check in enumerate(gate.checks, start=1))
    whom = "" if gate.when is TRUE else f" (only where {gate.when.words()})"
    headings = ("no.", "what has to be so", "asked of", "otherwise", "rules")
    return Node(gate.party.name, f"{gate.party.value}{whom}", Shape.TABLE, rows=rows, headings=headings)


def _check_row(system: System, gate: Gate, check: Check, at: int) -> Note:
    asked = _names(check.on) if check.on and len(check.on) < len(gate.on) else "every request here"
    cells = (str(at), fill(check.label, 34), fill(asked, 26), fill(_verdict(check), 44))
    return _row(system, cells, check.rules, _condition(check))


def _answers_node(system: System, name: str, kinds: tuple[RequestType, ...]) -> Node:
    """The answers, in order: of those to one type of request the first whose condition holds is given."""
    rules: dict[tuple[str, str, str], list[str]] = {}
    conditional: list[RequestType] = []
    for answer in system.answers:
        on = [kind for kind in kinds if handles(answer, kind)]
        if on:
            to = "every event or request here" if len(on) == len(kinds) else _names(on)
            if answer.when is not TRUE:
                conditional += on
                where = answer.when.words()
            else:
                where = "otherwise" if any(kind is other for kind in on for other in conditional) else "always"
            rules.setdefault((to, where, _verdict(answer)), []).extend(answer.rules)
    shown = 3 if conditional else 2
    rows = tuple(
        _row(
            system,
            tuple(map(fill, cells if conditional else (cells[0], cells[2]), (34, 44, 44)[-shown:])),
            tuple(dict.fromkeys(cited)),
        )
        for cells, cited in rules.items()
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
    left_open = f" (the {' and the '.join(given.unspecified)} is left open)" if given.unspecified else ""
    return f"{given.outcome.value}: {given.reason.value}{response}{left_open}"


def _names(kinds: Iterable[RequestType]) -> str:
    return ", ".join(kind.label for kind in kinds)


def _lines(words: str, width: int) -> tuple[str, ...]:
    return tuple(fill(words, width).split("\n"))
