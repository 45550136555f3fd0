"""Rejections: the arrows of checks that fail, which a lifecycle's picture shows on demand."""

from collections.abc import Iterator
from enum import Enum
from textwrap import wrap

import attrs

from statemachines.drawing.picture import PLAIN, WIDTH, Arrow, Node, Note, Picture, Shape, Wording, tooltip
from statemachines.drawing.statechart import about, condition_lines, labelled, lifecycle_picture
from statemachines.language.expression import FALSE, TRUE, Expr
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.lifecycle import Lifecycle
from statemachines.language.requests import RequestType
from statemachines.language.rules import Basis
from statemachines.language.system import System
from statemachines.semantics.decision import decision_order

ANY_STATE = Node("any_state", "any state", Shape.ANY)


@attrs.frozen(eq=False)
class _Rejection:
    """One check that can stop a request of one type in states of the lifecycle."""

    kind: RequestType
    gate: Gate
    check: Check
    source: Node
    when: Expr

    @property
    def target(self) -> Node:
        outcome, party = self.check.outcome, self.gate.party
        return Node(f"{outcome.name}_{party.name}", f"{outcome.value} at the {party.value}", Shape.REJECTION)


def with_rejections(system: System, lifecycle: Lifecycle, *, wording: Wording = PLAIN) -> Picture:
    """The picture of a lifecycle, and the rejections of its requests by the gates' checks.

    An arrow leaves particular states where the check depends on the lifecycle's own variable, and any state otherwise.
    """
    picture = lifecycle_picture(system, lifecycle, wording=wording)
    rejections = list(_rejections(system, lifecycle))
    targets = {rejection.target.id: rejection.target for rejection in rejections}
    sources = {r.source.id: r.source for r in rejections if r.source.shape is Shape.ANY}
    merged: dict[tuple[str, str, Basis], dict[tuple[str, ...], list[_Rejection]]] = {}
    for rejection in rejections:
        basis = system.register.basis(rejection.check.rules)
        words = (
            str(rejection.check.reason.value),
            *(condition_lines(rejection.when, wording) if _needs_condition(system, rejection) else ()),
            *rejection.check.rules,
        )
        arrow = merged.setdefault((rejection.source.id, rejection.target.id, basis), {})
        arrow.setdefault(words, []).append(rejection)
    arrows = [
        Arrow(
            source,
            target,
            tuple(_notes(system, list(alike.values()), wording)),
            tooltip(system.register, dict.fromkeys(rule for same in alike.values() for rule in same[0].check.rules)),
            rejection=True,
        )
        for (source, target, _), alike in merged.items()
    ]
    return attrs.evolve(
        picture,
        name=f"{picture.name}-rejections",
        title=f"{picture.title}, with rejections",
        nodes=(*picture.nodes, *sources.values(), *targets.values()),
        arrows=(*picture.arrows, *arrows),
    )


def _rejections(system: System, lifecycle: Lifecycle) -> Iterator[_Rejection]:
    for kind in {id(move.on): move.on for move in lifecycle.transitions}.values():
        known = about(lifecycle, kind)
        for decider in decision_order(system, kind, known):
            check, gate = decider.declaration, decider.gate
            if gate is None or isinstance(check, Answer):
                break
            when = check.fails_when.given(known, kind)
            if when is not FALSE:
                for source, rest in _by_state(lifecycle, when):
                    yield _Rejection(kind, gate, check, source, rest)
            if when is TRUE:
                break


def _by_state(lifecycle: Lifecycle, when: Expr) -> Iterator[tuple[Node, Expr]]:
    """The states that a check can fail in, and what else it takes: one node for several states that are alike."""
    variable = lifecycle.variable
    if not any(term is variable for term in when.terms()):
        yield ANY_STATE, when
        return
    alike: dict[str, list[tuple[Enum, Expr]]] = {}
    for state in variable.domain:
        rest = when.given({variable: state})
        if rest is not FALSE:
            alike.setdefault(rest.words(), []).append((state, rest))
    for same in alike.values():
        yield _one_node([state for state, _ in same], variable.domain), same[0][1]


def _one_node(states: list[Enum], domain: tuple[Enum, ...]) -> Node:
    if len(states) == 1:
        return Node(states[0].name, str(states[0].value))
    others = [state for state in domain if state not in states]
    if not others:
        return ANY_STATE
    named = " or ".join(f'"{state.value}"' for state in (others if len(others) == 1 else states))
    words = f"any state except {named}" if len(others) == 1 else named
    return Node("any_of_" + "_".join(state.name for state in states), words, Shape.ANY)


def _needs_condition(system: System, rejection: _Rejection) -> bool:
    """Whether the reason does not say it all: other checks give the same one."""
    reason: Enum = rejection.check.reason
    return sum(check.reason is reason for gate in system.gates for check in gate.checks) > 1


def _notes(system: System, alike: list[list[_Rejection]], wording: Wording) -> Iterator[Note]:
    """A note for each reason, the types of request named where they change."""
    named: tuple[str, ...] = ()
    for same in alike:
        check = same[0].check
        kinds = labelled(*(rejection.kind for rejection in same))
        opening = () if kinds == named else kinds
        named = kinds
        condition = condition_lines(same[0].when, wording) if _needs_condition(system, same[0]) else ()
        reason = _bulleted(str(check.reason.value))
        assumed, basis = system.register.assumed(check.rules), system.register.basis(check.rules)
        yield Note((*opening, *reason, *condition), check.rules, assumed, basis=basis)


def _bulleted(words: str) -> Iterator[str]:
    yield from wrap(words, WIDTH + 8, initial_indent="- ", subsequent_indent="  ")
