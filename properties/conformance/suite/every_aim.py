"""Every aim of a system: what the sequences have to show of its declarations, in their order.

Of a declaration each part of its condition has to matter. Besides, it has to hold for each value of each field of the
requests that it is about, whether its condition reads the field or not: a check that is left out for one sender, or
an arrow that does not fire for one device, is wrong in a value that no condition names.
"""

from collections.abc import Iterator
from enum import Enum
from itertools import product

import attrs

from properties.conformance.diagnosis.altered import Alteration, Refusal
from properties.conformance.suite.aims import Aim, Before, Fires, Keeps, Matters, Moves, Says
from properties.conformance.suite.boundaries import boundary_values
from properties.conformance.suite.variants import Variant, variants
from properties.conformance.suite.vectors import Goal, GoalKind
from properties.mutation.drafts import others_of
from properties.mutation.field_values import Held, held_with
from properties.walks.coverage import Arrow, arrows
from statemachines.language.expression import FALSE, All, Among, Expr, disjunction, negation
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.language.terms import Term
from statemachines.semantics.preconditions import fields_of, variables_of


def aims(system: System) -> Iterator[Aim]:
    """Everything that is to be shown of the declarations, in order."""
    for arrow in arrows(system):
        yield Fires(_goal(GoalKind.TRANSITION, arrow.key, str(arrow), arrow.transition.rules), arrow)
    for gate, check, key in _checks(system):
        on = check.on or gate.on
        for kind in on:
            goal = _goal(GoalKind.VERDICT, f"{key}/{kind.name}", f"{kind.label} fails at: {check.label}", check.rules)
            yield Says(goal, check, kind, True)
        for variant in variants(check.fails_when, others_of(system, on)):
            goal = _matter(key, f"{check.label}", variant, check.rules)
            yield Matters(goal, Alteration(check, variant.condition, on, variant.values), check.fails_when)
        for kind in _not_asked(gate, check):
            label = f"{check.label}: that is not asked of {kind.label}"
            goal = _goal(GoalKind.CONDITION, f"{key}/also/{kind.name}", label, check.rules)
            yield Matters(goal, Alteration(check, check.fails_when, (kind,)), check.fails_when)
    for answer, key in _answers(system):
        for kind in answer.on:
            label = f"{kind.label} is answered: {answer.outcome.value}, {answer.reason.value}"
            yield Says(_goal(GoalKind.VERDICT, f"{key}/{kind.name}", label, answer.rules), answer, kind, True)
            if _said_again(system, answer, kind):
                label = f"{label}, where a later answer would say the same"
                # of no rule: the verdict is seen to be right, and not that the answer's rules made it
                yield Says(_goal(GoalKind.VERDICT, f"{key}/{kind.name}/same", label, ()), answer, kind, False)
        for variant in variants(answer.when, others_of(system, answer.on)):
            goal = _matter(key, f"the answer {answer.reason.value}", variant, answer.rules)
            yield Matters(goal, Alteration(answer, variant.condition, answer.on, variant.values), answer.when)
    yield from _orders(system)
    for arrow in arrows(system):
        yield from _moves(system, arrow)
    read = _read_anywhere(system)
    for lifecycle in system.lifecycles:
        if lifecycle.name in read:
            yield from _kept(system, lifecycle)
    yield from _each_value(system)


def _goal(kind: GoalKind, key: str, label: str, rules: tuple[str, ...]) -> Goal:
    return Goal(f"{kind.name.lower()}:{key}", kind, label, rules)


def _matter(key: str, whose: str, variant: Variant, rules: tuple[str, ...]) -> Goal:
    return _goal(GoalKind.CONDITION, f"{key}/{variant.key}", f"{whose}: it matters that {variant.label}", rules)


def _checks(system: System) -> Iterator[tuple[Gate, Check, str]]:
    for number, gate in enumerate(system.gates):
        for at, check in enumerate(gate.checks):
            yield gate, check, f"check/{number}/{at}"


def _not_asked(gate: Gate, check: Check) -> Iterator[RequestType]:
    """The types of request that come to the gate, and of which the check could be asked and is not."""
    fields = fields_of(check.fails_when)
    for kind in gate.on if check.on else ():
        if all(kind is not own for own in check.on) and all(
            any(field is own for own in kind.fields) for field in fields
        ):
            yield kind


def _answers(system: System) -> Iterator[tuple[Answer, str]]:
    for at, answer in enumerate(system.answers):
        yield answer, f"answer/{at}"


def _said_again(system: System, answer: Answer, kind: RequestType) -> bool:
    """Whether a later answer to such a request says the same: perhaps it is never seen which of them is given."""
    later = system.answers[system.answers.index(answer) + 1 :]
    return any(
        kind is on and (other.outcome, other.reason, other.response, other.at)
        == (answer.outcome, answer.reason, answer.response, answer.at)
        for other in later for on in other.on
    )  # fmt: skip


def _orders(system: System) -> Iterator[Aim]:
    """Each check, and the next one that is asked of a request of the same type."""
    asked = [(key, check, check.on or gate.on) for gate, check, key in _checks(system)]
    for at, (key, check, on) in enumerate(asked):
        left = list(on)
        for other_key, other, other_on in asked[at + 1 :]:
            shared = [kind for kind in left if any(kind is one for one in other_on)]
            if shared:
                label = f"{check.label}: it is asked before: {other.label}"
                goal = _goal(GoalKind.ORDER, f"{key}/{other_key}", label, (*check.rules, *other.rules))
                yield Before(goal, check, other, tuple(shared))
                left = [kind for kind in left if all(kind is not one for one in shared)]
            if not left:
                break


def _moves(system: System, arrow: Arrow) -> Iterator[Aim]:
    move, variable = arrow.transition, arrow.lifecycle.variable
    same = Alteration(arrow, move.when, (move.on,), source=move.source, target=move.target)
    for variant in variants(move.when, others_of(system, (move.on,))):
        goal = _goal(
            GoalKind.CONDITION,
            f"{arrow.key}/{variant.key}",
            f"{arrow}: it matters that {variant.label}",
            move.rules,
        )
        yield Moves(goal, attrs.evolve(same, condition=variant.condition, values=variant.values), move.when)
    for value in boundary_values(variable.domain, move.source):
        source = tuple(one for one in variable.domain if (one in move.source) is not (one is value))
        label = f"{arrow}: it matters that {variable.label} was {value.value}"
        goal = _goal(GoalKind.CONDITION, f"{arrow.key}/source/{value.name}", label, move.rules)
        yield Moves(goal, attrs.evolve(same, source=source), move.when)
    left = boundary_values(variable.domain, move.source)
    entered = boundary_values(variable.domain, move.source, [move.target])
    for before, value in product((one for one in move.source if one in left), entered):
        if value is not move.target:
            label = f"{arrow}: {variable.label}, which was {before.value}, is not {value.value} afterwards"
            goal = _goal(GoalKind.STATE, f"{arrow.key}/{before.name}/{value.name}", label, move.rules)
            kept = tuple(other for other in move.source if other is not before)
            yield Moves(goal, attrs.evolve(same, source=(before,), target=value, kept=kept), move.when)


def _read_anywhere(system: System) -> frozenset[str]:
    """The variables that any condition reads; the value of another is never observed."""
    conditions = [check.fails_when for gate in system.gates for check in gate.checks]
    conditions += [answer.when for answer in system.answers]
    conditions += [move.when for lifecycle in system.lifecycles for move in lifecycle.transitions]
    return frozenset(name for condition in conditions for name in variables_of(condition))


def _kept(system: System, lifecycle: Lifecycle) -> Iterator[Aim]:
    """That each check's refusal of what would have moved the lifecycle leaves it where it is.

    It may have been moved all the same, or may be where it was at first, for what there was is lost.
    """
    for kind in system.requests:
        asked = [one for one in _checks(system) if any(kind is on for on in one[1].on or one[0].on)]
        moved = {source for move in lifecycle.transitions if move.on is kind for source in move.source}
        for value in boundary_values(lifecycle.variable.domain, moved):
            moves = [
                move
                for move in lifecycle.transitions
                if move.on is kind and value in move.source and not move.even_if_refused
            ]
            if moves:
                for gate, check, key in asked:
                    yield from _kept_by(Refusal(gate, check, lifecycle), key, kind, value, moves)


def _kept_by(
    refusal: Refusal, check_key: str, kind: RequestType, value: Enum, moves: list[Transition]
) -> Iterator[Aim]:
    lifecycle, gate, check = refusal.lifecycle, refusal.gate, refusal.check
    variable = lifecycle.variable
    would = disjunction(*(move.when for move in moves))
    rules = tuple(dict.fromkeys([*(rule for move in moves for rule in move.rules), *check.rules]))
    targets = {move.target for move in moves}
    entered = {*lifecycle.initial, *targets}
    for other in boundary_values(variable.domain, [value], targets):
        if other is not value and other in entered:
            label = (
                f"{kind.label} that is refused at the {gate.party.value} by the check {check.label!r}: "
                f"{variable.label} is {value.value} afterwards, and not {other.value}"
            )
            key = f"{lifecycle.name}/{kind.name}/{check_key}/{value.name}/{other.name}"
            wrong = Alteration(refusal, would, (kind,), source=(value,), target=other)
            yield Keeps(_goal(GoalKind.REFUSAL, key, label, rules), wrong)


def _each_value(system: System) -> Iterator[Aim]:
    """That a check is made, an answer given and a transition fired for each value of each field of their requests.

    A check that refuses for one value alone what it should let pass is looked for, too.
    """
    for gate, check, key in _checks(system):
        for kind in check.on or gate.on if check.fails_when is not FALSE else ():
            for held, reads in _held(check.fails_when, kind):
                goal = _valued(key, f"{kind.label} with {held.words} fails at: {check.label}", held, check.rules)
                yield Matters(goal, Alteration(check, held.without, (kind,), held.values), reads)
            for held, reads in _held(negation(check.fails_when), kind):
                label = f"{kind.label} with {held.words} passes: {check.label}"
                goal = _valued(f"{key}/passes", label, held, check.rules)
                yield Matters(goal, Alteration(check, negation(held.without), (kind,), held.values), reads)
    for answer, key in _answers(system):
        for kind in answer.on:
            for held, reads in _held(answer.when, kind):
                label = f"{kind.label} with {held.words} is answered: {answer.outcome.value}, {answer.reason.value}"
                goal = _valued(key, label, held, answer.rules)
                yield Matters(goal, Alteration(answer, held.without, (kind,), held.values), reads)
    for arrow in arrows(system):
        move = arrow.transition
        for held, reads in _held(move.when, move.on):
            goal = _valued(arrow.key, f"{arrow}, with {held.words}", held, move.rules)
            wrong = Alteration(arrow, held.without, (move.on,), held.values, source=move.source, target=move.target)
            yield Moves(goal, wrong, reads)


def _held(condition: Expr, kind: RequestType) -> Iterator[tuple[Held, Expr]]:
    """The values with which a condition holds, each with a condition that reads its field besides."""
    of_field: dict[Term, Expr] = {}
    for held in held_with(condition, kind):
        if held.value in boundary_values(held.field.domain):
            reads = of_field.setdefault(held.field, All((condition, Among(held.field, frozenset(held.field.domain)))))
            yield held, reads


def _valued(key: str, label: str, held: Held, rules: tuple[str, ...]) -> Goal:
    return _goal(GoalKind.VALUE, f"{key}/{held.kind.name}/{held.field.name}/{held.value.name}", label, rules)
