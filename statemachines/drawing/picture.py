"""Pictures: what a drawing of a lifecycle shows, before any drawing language.

A `Picture` is read by `statemachines.drawing.graphviz` (Graphviz) and `statemachines.drawing.mermaid`. It is made of
the same declarations that decide requests, so it cannot say anything else.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, auto
from textwrap import wrap

import attrs

from statemachines.drawing.characters import expect_visible, identifiers
from statemachines.errors import DeclarationError
from statemachines.language.expression import TRUE, All, Among, Expr
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import Field, RequestType
from statemachines.language.rules import Register
from statemachines.language.system import System
from statemachines.language.terms import Term

WIDTH = 46
"""Characters to a line of a label."""


class Shape(Enum):
    """What a node stands for."""

    STATE = auto()
    ANY = auto()  # several states at once, or whatever comes in
    REJECTION = auto()
    TABLE = auto()


class Mark(Enum):
    """A test's result for an arrow. A member's value is its wording."""

    SHOWN = "shown to be right"
    FAILED = "shown to be wrong"
    NOT_SHOWN = "not shown"


@attrs.frozen
class Note:
    """Part of an arrow's label, or a row of a table.

    Parameters
    ----------
    lines: the words, a line or a cell each.
    rules: the ids of the rules that it follows.
    assumed: those of the ids whose rule is, in whole or in part, an assumption.
    tooltip: the statements of the rules; empty where the arrow's tooltip has them.
    """

    lines: tuple[str, ...]
    rules: tuple[str, ...]
    assumed: tuple[str, ...] = ()
    tooltip: str = ""

    @property
    def citation(self) -> str:
        """The rule ids, assumptions starred."""
        return " ".join(f"{rule}*" if rule in self.assumed else rule for rule in self.rules)


@attrs.frozen
class Node:
    """A state, or what stands for several; a table of checks.

    Parameters
    ----------
    id: unique in the picture.
    words: its text.
    shape: what it stands for.
    initial, final: whether the lifecycle may start there; whether nothing need follow it.
    rows: the rows of a table, their cells as lines.
    headings: the headings of its columns.
    """

    id: str
    words: str
    shape: Shape = Shape.STATE
    initial: bool = False
    final: bool = False
    rows: tuple[Note, ...] = ()
    headings: tuple[str, ...] = ()


@attrs.frozen
class Arrow:
    """An arrow between two nodes.

    Parameters
    ----------
    source, target: the nodes' ids.
    notes: the label, in parts that cite rules each.
    tooltip: the rules' statements.
    rejection: whether it shows a rejection instead of a transition.
    mark: a test's result, if it was tested; of several transitions the worst.
    """

    source: str
    target: str
    notes: tuple[Note, ...] = ()
    tooltip: str = ""
    rejection: bool = False
    mark: Mark | None = None

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule id on the arrow."""
        return tuple(dict.fromkeys(rule for note in self.notes for rule in note.rules))

    @property
    def assumed(self) -> bool:
        """Whether it rests, in whole or in part, on an assumption."""
        return any(note.assumed for note in self.notes)

    @property
    def lines(self) -> tuple[str, ...]:
        """The label's lines, rule ids included."""
        return tuple(
            line for note in self.notes for line in (*note.lines, *([f"[{note.citation}]"] if note.rules else []))
        )


@attrs.frozen
class Picture:
    """What a drawing shows.

    Parameters
    ----------
    name: the name of its file.
    title, subtitle: its heading, and what holds of every arrow in it.
    nodes, arrows: its parts, in the order of the declarations.
    """

    name: str
    title: str
    subtitle: tuple[str, ...]
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]

    def __attrs_post_init__(self) -> None:
        for words in self.words:
            expect_visible(words, f"the picture {self.name!r}")

    @property
    def words(self) -> tuple[str, ...]:
        """Every text in it, tooltips included."""
        notes = [*(row for node in self.nodes for row in node.rows), *(note for a in self.arrows for note in a.notes)]
        return (
            self.title,
            *self.subtitle,
            *(words for node in self.nodes for words in (node.words, *node.headings)),
            *(words for note in notes for words in (*note.lines, note.tooltip)),
            *(arrow.tooltip for arrow in self.arrows),
        )

    @property
    def assumed(self) -> bool:
        """Whether anything in it rests on an assumption."""
        return any(arrow.assumed for arrow in self.arrows) or any(
            row.assumed for node in self.nodes for row in node.rows
        )

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule id in it, in order of appearance."""
        notes = [*(row for node in self.nodes for row in node.rows), *(note for a in self.arrows for note in a.notes)]
        return tuple(dict.fromkeys(rule for note in notes for rule in note.rules))


def with_identifiers(picture: Picture, *, prefix: str = "") -> Picture:
    """The picture with ids of ASCII letters, digits and underscores, no two alike: what every drawing language takes.

    Parameters
    ----------
    prefix: what every id begins with.
    """
    ids = identifiers((node.id for node in picture.nodes), prefix=prefix)
    return attrs.evolve(
        picture,
        nodes=tuple(attrs.evolve(node, id=ids[node.id]) for node in picture.nodes),
        arrows=tuple(
            attrs.evolve(arrow, source=ids[arrow.source], target=ids[arrow.target]) for arrow in picture.arrows
        ),
    )


def drawn(system: System) -> tuple[Lifecycle, ...]:
    """The lifecycles of the system that have a picture: fixed facts have none."""
    return tuple(lifecycle for lifecycle in system.lifecycles if lifecycle.transitions)


def lifecycle_picture(
    system: System | None, lifecycle: Lifecycle, marks: Mapping[Transition, Mark] | None = None
) -> Picture:
    """The picture of one lifecycle of the system, without rejections.

    Parameters
    ----------
    system: `None` draws the lifecycle by itself: what its rules say, and whether they are assumptions, is not known.
    marks: a test's result for each transition, if that is to be shown.

    Raises `DeclarationError` for a fixed fact, of which there is nothing to draw.
    """
    if not lifecycle.transitions:
        raise DeclarationError(f"{lifecycle.name!r} never changes: there is nothing to draw")
    common, subtitle = subject(lifecycle)
    arrows: dict[tuple[str, str, RequestType, bool], Arrow] = {}
    groups: dict[str, Node] = {}
    for move in lifecycle.transitions:
        assumed = system.register.assumed(move.rules) if system else ()
        conditions = [part for part in parts(move.when) if not _is_common(part, common)]
        for source in _sources(lifecycle, move):
            if source.shape is Shape.ANY:
                groups[source.id] = source
            key = (source.id, move.target.name, move.on, bool(assumed))
            before = arrows.get(key)
            opening = () if before else labelled(move.on)
            refused = ("even if refused",) if move.even_if_refused else ()
            lines = (*opening, *refused, *_condition_lines(conditions, "or if" if before else "if"))
            note = Note(lines, move.rules, assumed)
            notes = (*(before.notes if before else ()), note)
            rules = tuple(dict.fromkeys(rule for each in notes for rule in each.rules))
            mark = _worst(before.mark if before else None, marks.get(move) if marks else None)
            arrows[key] = Arrow(
                source.id, move.target.name, notes, tooltip(system.register, rules) if system else "", mark=mark
            )
    nodes = (
        *groups.values(),
        *(
            Node(state.name, str(state.value), initial=state in lifecycle.initial, final=state in lifecycle.final)
            for state in lifecycle.variable.domain
        ),
    )
    if system and system.gates:
        unless = ", unless it says otherwise" if any(move.even_if_refused for move in lifecycle.transitions) else ""
        subtitle = (*subtitle, f"an arrow fires only for what every party lets pass{unless}: see request-path")
    return Picture(lifecycle.name, sentence(lifecycle.title), subtitle, nodes, tuple(arrows.values()))


def _worst(*marks: Mark | None) -> Mark | None:
    return next((mark for mark in (Mark.FAILED, Mark.NOT_SHOWN, Mark.SHOWN) if mark in marks), None)


def _sources(lifecycle: Lifecycle, move: Transition) -> Iterator[Node]:
    """The nodes that a transition leaves: one for several states where it leaves all that there are."""
    domain = lifecycle.variable.domain
    moved = {state for other in lifecycle.transitions for state in (*other.source, other.target)}
    unmoved = [state for state in domain if state not in moved]
    others = set(move.source) - {move.target}
    if len(others) > 1 and others | {move.target} == moved:
        whole = move.target in move.source
        but = "".join(f' except "{state.value}"' for state in unmoved)
        yield Node(f"any{'' if whole else '_other'}", f"any{'' if whole else ' other'} state{but}", Shape.ANY)
    else:
        for state in domain:
            if state in move.source:
                yield Node(state.name, str(state.value))


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


def parts(condition: Expr) -> tuple[Expr, ...]:
    """The parts that all have to hold."""
    if condition is TRUE:
        return ()
    return condition.parts if isinstance(condition, All) else (condition,)


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


def _condition_lines(conditions: Iterable[Expr], first: str) -> Iterator[str]:
    for at, part in enumerate(conditions):
        yield from wrap(f"{'and' if at else first} {part.words()}", WIDTH, subsequent_indent="   ")


def condition_lines(condition: Expr) -> tuple[str, ...]:
    """A condition as lines, a part to a line."""
    return tuple(_condition_lines(parts(condition), "if"))


def tooltip(register: Register, rules: Iterable[str]) -> str:
    """The statements of the rules, a line each, with what of them is assumed."""
    return "\n".join(f"{rule}{_assumption(register[rule].assumption)}: {register[rule].statement}" for rule in rules)


def _assumption(assumption: str) -> str:
    if not assumption:
        return ""
    return " (assumption)" if assumption == "all" else f" (assumption in part: {assumption})"


def sentence(words: str) -> str:
    """The words with a capital letter first."""
    return words[:1].upper() + words[1:]
