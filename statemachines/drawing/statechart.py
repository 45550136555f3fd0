"""Statecharts: the picture of a lifecycle, from its transitions and their conditions."""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from textwrap import wrap

from statemachines.drawing.picture import (
    PLAIN,
    WIDTH,
    Arrow,
    Badge,
    Mark,
    Node,
    Note,
    Picture,
    Shape,
    Wording,
    parts,
    tooltip,
)
from statemachines.errors import DeclarationError
from statemachines.language.expression import FALSE, Among, Expr
from statemachines.language.gates import Check
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import Field, RequestType
from statemachines.language.rules import Basis
from statemachines.language.system import System
from statemachines.language.terms import Term
from statemachines.semantics.decision import decision_order


def drawn(system: System) -> tuple[Lifecycle, ...]:
    """The lifecycles of the system that have a picture: fixed facts have none."""
    return tuple(lifecycle for lifecycle in system.lifecycles if lifecycle.transitions)


def lifecycle_picture(
    system: System | None,
    lifecycle: Lifecycle,
    marks: Mapping[Transition, Mark] | None = None,
    *,
    wording: Wording = PLAIN,
) -> Picture:
    """The picture of one lifecycle of the system, without rejections.

    Parameters
    ----------
    system: `None` draws the lifecycle by itself: what its rules say, and whether they are assumptions, is not known.
    marks: a test's result for each transition, if that is to be shown.
    wording: names of conditions, and the words of badges; badges need the system.

    Raises `DeclarationError` for a fixed fact, of which there is nothing to draw.
    """
    if not lifecycle.transitions:
        raise DeclarationError(f"{lifecycle.name!r} never changes: there is nothing to draw")
    common, subtitle = subject(lifecycle)
    arrows: dict[tuple[str, str, RequestType, Basis], Arrow] = {}
    groups = _groups(lifecycle)
    key: dict[tuple[str, Note], None] = {}
    for move in lifecycle.transitions:
        assumed = system.register.assumed(move.rules) if system else ()
        basis = system.register.basis(move.rules) if system else Basis.REGULATED
        conditions = [part for part in parts(move.when) if not _is_common(part, common)]
        badges = gates_of(system, move.on, about(lifecycle, move.on), wording) if system else {}
        key |= dict.fromkeys(row for rows in badges.values() for row in rows)
        for source in _sources(move, groups):
            between = (source, move.target.name, move.on, basis)
            before = arrows.get(between)
            opening = () if before else labelled(move.on)
            refused = ("even if refused",) if move.even_if_refused else ()
            words = wording.of(conditions)
            lines = (*opening, *refused, *_condition_lines(words, "or if" if before else "if"))
            note = Note(lines, move.rules, assumed, basis=basis)
            notes = (*(before.notes if before else ()), note)
            rules = tuple(dict.fromkeys(rule for each in notes for rule in each.rules))
            mark = _worst(before.mark if before else None, marks.get(move) if marks else None)
            tip = tooltip(system.register, rules) if system else ""
            arrows[between] = Arrow(
                source, move.target.name, notes, tip, mark=mark, badges=tuple(badges), on=move.on.name
            )
    used = {arrow.source for arrow in arrows.values()}
    nodes = (
        *(group for group in groups.values() if group.id in used),
        *(
            Node(state.name, str(state.value), initial=state in lifecycle.initial, final=state in lifecycle.final)
            for state in lifecycle.variable.domain
        ),
    )
    if system and system.gates:
        unless = ", unless it says otherwise" if any(move.even_if_refused for move in lifecycle.transitions) else ""
        subtitle = (*subtitle, f"an arrow fires only for what every party lets pass{unless}: see the path of a request")
    return Picture(lifecycle.name, sentence(lifecycle.title), subtitle, nodes, tuple(arrows.values()), tuple(key))


def gates_of(
    system: System, kind: RequestType, known: Mapping[Term, Enum], wording: Wording
) -> dict[Badge, list[tuple[str, Note]]]:
    """The badges of a request: those of `Wording.badges` whose rules its checks cite; of each, what the checks ask."""
    rows: dict[str, list[tuple[str, Note]]] = {}
    for decider in decision_order(system, kind, known):
        check = decider.declaration
        if isinstance(check, Check) and check.fails_when.given(known, kind) is not FALSE:
            for words in dict.fromkeys(wording.badges[rule] for rule in check.rules if rule in wording.badges):
                assert decider.gate is not None
                line = f"{decider.gate.party.value}: {check.label}; otherwise {check.outcome.value}"
                register = system.register
                note = Note((line,), check.rules, register.assumed(check.rules), basis=register.basis(check.rules))
                rows.setdefault(words, []).append((words, note))
    return {Badge(words, all(note.basis is Basis.ASSUMED for _, note in asked)): asked for words, asked in rows.items()}


def _worst(*marks: Mark | None) -> Mark | None:
    return next((mark for mark in (Mark.FAILED, Mark.NOT_SHOWN, Mark.SHOWN) if mark in marks), None)


def _groups(lifecycle: Lifecycle) -> dict[frozenset[Enum], Node]:
    """The composite states: sources of one transition or more that follow one another in the declaration.

    Each two are apart, or one is within the other: of those that cross, it is the one that more transitions leave; of
    as many, none.
    """
    domain = lifecycle.variable.domain
    wanted: dict[frozenset[Enum], int] = {}
    for move in lifecycle.transitions:
        positions = [domain.index(state) for state in move.source]
        if len(positions) > 1 and max(positions) - min(positions) < len(positions):
            wanted[frozenset(move.source)] = wanted.get(frozenset(move.source), 0) + 1
    groups: dict[frozenset[Enum], Node] = {}
    for states, uses in wanted.items():
        crossing = (other for other in wanted if states & other and states - other and other - states)
        if all(wanted[other] < uses for other in crossing):
            members = tuple(state.name for state in domain if state in states)
            groups[states] = Node(f"any_of_{'_'.join(members)}", "", Shape.GROUP, members=members)
    return groups


def _sources(move: Transition, groups: Mapping[frozenset[Enum], Node]) -> tuple[str, ...]:
    """The nodes that a transition leaves: one for several states where there is such a composite state."""
    group = groups.get(frozenset(move.source))
    return (group.id,) if group else tuple(state.name for state in move.source)


def subject(lifecycle: Lifecycle) -> tuple[dict[Term, Enum], tuple[str, ...]]:
    """What every condition of a lifecycle says of its requests' fields, and the words that say it once for all arrows.

    On the lifecycle of one door, each request's door and each event's is that door. What only one arrow
    says of a field stays with that arrow.
    """
    common: dict[Term, Enum] = {}
    for term in dict.fromkeys(term for move in lifecycle.transitions for term in _pinned(move)):
        concerned = [move for move in lifecycle.transitions if any(term is field for field in move.on.fields)]
        values = {_pinned(move).get(term) for move in concerned}
        (value, *others) = values
        if value is not None and not others and len(concerned) > 1:
            common[term] = value
    by_value: dict[Enum, list[str]] = {}
    for term, value in common.items():
        by_value.setdefault(value, []).append(term.label)
    return common, tuple(
        f'where a request or event has a {" or ".join(names)}, it is "{value.value}"'
        for value, names in by_value.items()
    )


def about(lifecycle: Lifecycle, kind: RequestType) -> dict[Term, Enum]:
    """What the lifecycle's transitions on a type of request all say of its fields."""
    pinned = {
        term: value for term, value in subject(lifecycle)[0].items() if any(term is field for field in kind.fields)
    }
    if pinned:
        return pinned
    common: dict[Term, Enum] | None = None
    for move in lifecycle.transitions:
        if move.on is kind:
            here = _pinned(move)
            common = here if common is None else {term: v for term, v in common.items() if here.get(term) is v}
    return common or {}


def _pinned(move: Transition) -> dict[Term, Enum]:
    """The request's fields that the transition's condition allows one value only."""
    return {
        part.term: next(iter(part.values))
        for part in parts(move.when)
        if isinstance(part, Among) and isinstance(part.term, Field) and len(part.values) == 1
    }


def _is_common(part: Expr, common: dict[Term, Enum]) -> bool:
    return isinstance(part, Among) and part.values == {common.get(part.term)}


def labelled(*kinds: RequestType) -> tuple[str, ...]:
    """The names of request types, as lines."""
    return tuple(wrap(" or ".join(dict.fromkeys(kind.label for kind in kinds)), WIDTH))


def _condition_lines(conditions: Iterable[str], first: str) -> Iterator[str]:
    for at, words in enumerate(conditions):
        yield from wrap(f"{'and' if at else first} {words}", WIDTH, subsequent_indent="   ")


def condition_lines(condition: Expr, wording: Wording) -> tuple[str, ...]:
    """A condition as lines, a part to a line."""
    return tuple(_condition_lines(wording.of(parts(condition)), "if"))


def sentence(words: str) -> str:
    """The words with a capital letter first."""
    return words[:1].upper() + words[1:]
