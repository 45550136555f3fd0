"""The page of words: every variable, request and event, with its values, its fields and its effects."""

from collections.abc import Iterable, Iterator
from enum import Enum

from properties.domain import NEUTRAL, Profile
from statemachines.drawing.page import Block, Heading, Page, Paragraph, Table, Words
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.semantics.decision import checks_of, gates_of


def page(system: System, profile: Profile = NEUTRAL, made_by: str = "") -> Page:
    """The page.

    Parameters
    ----------
    system: whose words they are.
    profile: knows which requests are events, and the codes of the others.
    made_by: the command that prints the page, if there is one.
    """
    return Page("The words", tuple(_blocks(system, profile, made_by)))


def _blocks(system: System, profile: Profile, made_by: str) -> Iterator[Block]:
    events = [kind for kind in system.requests if profile.is_event(kind)]
    requests = [kind for kind in system.requests if not profile.is_event(kind)]
    yield Paragraph(
        (
            "What a target is sent, and answers with. This page is made from the declarations"
            + (f": {made_by} prints it." if made_by else "."),
        )
    )
    yield Heading(2, "The state", "state")
    yield Paragraph(("A reset brings one value of each variable. The last column has those that it may start with.",))
    yield Table(("variable", "what it is", "values", "starts as"), tuple(_variables(system)))
    if events:
        yield Heading(2, "Events", "events")
        yield Paragraph(
            (
                "What happens, and is sent to every target. An event cannot happen unless the third column holds. "
                "The last column has what it may change; what of that, depends on the state.",
            )
        )
        yield Table(
            ("type", "fields", "what has to be so", "what it may change"),
            tuple((_type(kind), _fields(kind), _needed(system, kind), _moved(system, kind)) for kind in events),
        )
    yield Heading(2, "Requests", "requests")
    yield Table(
        ("type", profile.code, "fields"),
        tuple((_type(kind), (profile.code_of(kind),), _fields(kind)) for kind in requests),
    )
    yield Heading(2, "Values of fields", "fields")
    fields = {field.name: field for kind in system.requests for field in kind.fields}
    yield Table(
        ("field", "values"), tuple(((name,), (_listed(field.domain),)) for name, field in sorted(fields.items()))
    )


def _variables(system: System) -> Iterator[tuple[Words, ...]]:
    for lifecycle in system.lifecycles:
        variable = lifecycle.variable
        starts = "any of them" if set(lifecycle.initial) == set(variable.domain) else _listed(lifecycle.initial)
        yield (variable.name,), (variable.label,), (_listed(variable.domain),), (starts,)


def _type(kind: RequestType) -> Words:
    return (kind.name,)


def _fields(kind: RequestType) -> Words:
    return (", ".join(field.name for field in kind.fields),)


def _needed(system: System, kind: RequestType) -> Words:
    met = {gate for request in kind.requests() for gate in gates_of(system, request)}
    gates = (gate for gate in system.gates if gate in met)
    return ("; ".join(check.label for gate in gates for check in checks_of(gate, kind)),)


def _moved(system: System, kind: RequestType) -> Words:
    """The variables that it may change, with the values that they may get."""
    moved: dict[str, dict[str, None]] = {}
    for lifecycle in system.lifecycles:
        for move in lifecycle.transitions:
            if move.on is kind:
                moved.setdefault(lifecycle.variable.label, {})[str(move.target.value)] = None
    return ("; ".join(f"{label}: {' or '.join(values)}" for label, values in moved.items()),)


def _listed(values: Iterable[Enum]) -> str:
    return "; ".join(str(value.value) for value in values)
