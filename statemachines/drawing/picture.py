"""Pictures: what a drawing of a lifecycle shows, before any drawing language.

A `Picture` is read by `statemachines.drawing.graphviz` (Graphviz) and `statemachines.drawing.mermaid`. It is made of
the same declarations that decide requests, so it cannot say anything else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum, auto
from operator import attrgetter
from types import MappingProxyType

import attrs

from statemachines.drawing.characters import expect_visible, identifiers
from statemachines.language.expression import TRUE, All, Expr, Not, negation
from statemachines.language.requests import RequestType
from statemachines.language.rules import Basis, Register

WIDTH = 46
"""Characters to a line of a label."""


class Shape(Enum):
    """What a node stands for."""

    STATE = auto()
    GROUP = auto()  # a composite state: the states in it
    ANY = auto()  # states that are not named one by one, or whatever comes in
    REJECTION = auto()
    TABLE = auto()
    LANE = auto()  # what one party asks


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
    basis: the basis of the rules together.
    """

    lines: tuple[str, ...]
    rules: tuple[str, ...]
    assumed: tuple[str, ...] = ()
    tooltip: str = ""
    basis: Basis = Basis.REGULATED

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
    members: of a composite state, the ids of the states in it.
    """

    id: str
    words: str
    shape: Shape = Shape.STATE
    initial: bool = False
    final: bool = False
    rows: tuple[Note, ...] = ()
    headings: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@attrs.frozen
class Badge:
    """A sign on an arrow for the checks that a request has to pass first.

    Parameters
    ----------
    words: a word or two.
    assumed: whether every one of the checks is an assumption altogether.
    """

    words: str
    assumed: bool = False


def _cited(note: Note) -> Iterator[str]:
    if note.rules:
        yield f"[{'assumed: ' if note.basis is Basis.ASSUMED else ''}{note.citation}]"


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
    badges: what the request has to pass first.
    on: the name of the type of request or event that it is for; empty where it is for several.
    """

    source: str
    target: str
    notes: tuple[Note, ...] = ()
    tooltip: str = ""
    rejection: bool = False
    mark: Mark | None = None
    badges: tuple[Badge, ...] = ()
    on: str = ""

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule id on the arrow."""
        return tuple(dict.fromkeys(rule for note in self.notes for rule in note.rules))

    @property
    def assumed(self) -> bool:
        """Whether it rests, in whole or in part, on an assumption."""
        return any(note.assumed for note in self.notes)

    @property
    def basis(self) -> Basis:
        """Its basis: assumed where each part of it is an assumption altogether."""
        bases = {note.basis for note in self.notes}
        return bases.pop() if len(bases) == 1 else Basis.BOTH if bases else Basis.REGULATED

    @property
    def lines(self) -> tuple[str, ...]:
        """The label's lines, rule ids included."""
        return tuple(line for note in self.notes for line in (*note.lines, *_cited(note)))


@attrs.frozen
class Picture:
    """What a drawing shows.

    Parameters
    ----------
    name: the name of its file.
    title, subtitle: its heading, and what holds of every arrow in it.
    nodes, arrows: its parts, in the order of the declarations.
    key: what each badge stands for: the badge's words, and a note for each check.
    """

    name: str
    title: str
    subtitle: tuple[str, ...]
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    key: tuple[tuple[str, Note], ...] = ()

    def __attrs_post_init__(self) -> None:
        for words in self.words:
            expect_visible(words, f"the picture {self.name!r}")

    @property
    def words(self) -> tuple[str, ...]:
        """Every text in it, tooltips included."""
        notes = self._notes
        return (
            self.title,
            *self.subtitle,
            *(words for node in self.nodes for words in (node.words, *node.headings)),
            *(words for note in notes for words in (*note.lines, note.tooltip)),
            *(arrow.tooltip for arrow in self.arrows),
            *(words for words, _ in self.key),
        )

    @property
    def _notes(self) -> list[Note]:
        rows = (row for node in self.nodes for row in node.rows)
        return [*rows, *(note for arrow in self.arrows for note in arrow.notes), *(note for _, note in self.key)]

    @property
    def assumed(self) -> bool:
        """Whether anything in it rests on an assumption."""
        return any(note.assumed for note in self._notes)

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule id in it, in order of appearance."""
        return tuple(dict.fromkeys(rule for note in self._notes for rule in note.rules))


@attrs.frozen
class Wording:
    """What pictures call things, where that is not what the declarations call them.

    Parameters
    ----------
    request: the name of a type of request; its label if not given.
    conditions: names of conditions: ``{"the numbers match": MATCHES}``.
    badges: for the id of a rule, the badge of the checks that cite it: ``{"BOX-2": "who may"}``.
    """

    request: Callable[[RequestType], str] = attrgetter("label")
    conditions: Mapping[str, Expr] = MappingProxyType({})
    badges: Mapping[str, str] = MappingProxyType({})

    def of(self, conditions: Iterable[Expr]) -> tuple[str, ...]:
        """The conditions in words; several that have a name together are one."""
        names = {condition.words(): name for name, condition in self.conditions.items()}
        conditions = tuple(conditions)
        words = [_words(condition, names, alone=len(conditions) == 1) for condition in conditions]
        for name, condition in self.conditions.items():
            named = [_words(part, names) for part in parts(condition)]
            if set(named) <= set(words):
                words[words.index(named[0])] = name
                words = [each for each in words if each not in named[1:]]
        return tuple(words)


def _words(condition: Expr, names: Mapping[str, str], *, alone: bool = False) -> str:
    """The condition in words, each part of it by its name where it has one; one alone needs no brackets."""
    words = condition.words()
    if words in names:
        return names[words]
    if isinstance(condition, Not) and isinstance(condition.part, All):
        either = " or ".join(_words(negation(part), names) for part in condition.part.parts)
        return either if alone else f"({either})"
    return " and ".join(_words(part, names) for part in condition.parts) if isinstance(condition, All) else words


PLAIN = Wording()
"""The words of the declarations."""


def with_identifiers(picture: Picture, *, prefix: str = "") -> Picture:
    """The picture with ids of ASCII letters, digits and underscores, no two alike: what every drawing language takes.

    Parameters
    ----------
    prefix: what every id begins with.
    """
    ids = identifiers((node.id for node in picture.nodes), prefix=prefix)
    return attrs.evolve(
        picture,
        nodes=tuple(
            attrs.evolve(node, id=ids[node.id], members=tuple(ids[member] for member in node.members))
            for node in picture.nodes
        ),
        arrows=tuple(
            attrs.evolve(arrow, source=ids[arrow.source], target=ids[arrow.target]) for arrow in picture.arrows
        ),
    )


def parts(condition: Expr) -> tuple[Expr, ...]:
    """The parts that all have to hold."""
    if condition is TRUE:
        return ()
    return condition.parts if isinstance(condition, All) else (condition,)


def tooltip(register: Register, rules: Iterable[str]) -> str:
    """The statements of the rules, a line each, with what of them is assumed."""
    return "\n".join(f"{rule}{_assumption(register[rule].assumption)}: {register[rule].statement}" for rule in rules)


def _assumption(assumption: str) -> str:
    if not assumption:
        return ""
    return " (assumption)" if assumption == "all" else f" (assumption in part: {assumption})"
