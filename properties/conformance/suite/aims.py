"""Aims: what the sequences have to show, and which requests show it in which states.

Each condition of a declaration is looked at through its `variants`: a part of it matters where a system that has the
variant instead of it answers otherwise. That is observable at once if the declaration is a check or an answer. If it
is a transition, the two systems are in different states, which a later request has to distinguish.
"""

from collections.abc import Iterator
from enum import Enum
from itertools import product

import attrs

from properties.conformance.diagnosis.altered import Alteration, Refusal
from properties.conformance.diagnosis.decision_list import CheckOrAnswer, DecisionList
from properties.conformance.suite.boundaries import boundary_values
from properties.conformance.suite.request_catalogue import Catalogue
from properties.conformance.suite.requirements import Distinction, Requirements, T
from properties.conformance.suite.variants import Variant, variants
from properties.conformance.suite.vectors import Goal, GoalKind
from properties.walks.coverage import Arrow, arrows
from statemachines.language.expression import FALSE, TRUE, Expr, Moment, among, conjunction, disjunction
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.semantics.comparison import differences
from statemachines.semantics.preconditions import fields_of, variables_of
from statemachines.semantics.trace import Step


class Aim:
    """Something to be shown."""

    goal: Goal
    altered: Alteration | None

    def chances(
        self, catalogue: Catalogue, requirements: Requirements[T]
    ) -> Iterator[tuple[DecisionList, T, Distinction | None]]:
        """The requests that show it, when they do, and what has to be distinguished afterwards to observe it."""
        raise NotImplementedError

    def seen_at(self, catalogue: Catalogue, step: Step) -> bool:
        """Whether a step shows it; what alters a declaration is seen in runs beside the reference instead."""
        raise NotImplementedError


@attrs.frozen(eq=False)
class Fires(Aim):
    """A transition fires."""

    goal: Goal
    arrow: Arrow
    altered: None = None

    def chances(
        self, catalogue: Catalogue, requirements: Requirements[T]
    ) -> Iterator[tuple[DecisionList, T, Distinction | None]]:
        """The requests that fire it."""
        for one in catalogue.passing([self.arrow.transition.on], TRUE):
            for move in one.moves:
                if move.transition is self.arrow.transition:
                    yield (
                        one,
                        requirements.on.both(requirements.lets(one, move.transition), requirements.on.of(move.when)),
                        None,
                    )

    def seen_at(self, catalogue: Catalogue, step: Step) -> bool:  # noqa: ARG002
        """Whether the step fired it."""
        return self.arrow.transition in step.verdict.fired


@attrs.frozen(eq=False)
class Says(Aim):
    """A check decides, or an answer is given, on a request of one type."""

    goal: Goal
    declaration: CheckOrAnswer
    kind: RequestType
    seen: bool
    altered: None = None

    def chances(
        self, catalogue: Catalogue, requirements: Requirements[T]
    ) -> Iterator[tuple[DecisionList, T, Distinction | None]]:
        """The requests on which it decides; where it can be seen, so that it is seen that it was this one."""
        for one, index in catalogue.coming(self.declaration, [self.kind], TRUE):
            if one.entries[index].when is not FALSE:
                when = requirements.on.both(requirements.comes(one, index), requirements.on.of(one.entries[index].when))
                if self.seen:
                    when = requirements.on.both(when, requirements.otherwise(one, index, expected=True))
                yield one, when, None

    def seen_at(self, catalogue: Catalogue, step: Step) -> bool:
        """Whether it decided the step."""
        if step.request.type is not self.kind:
            return False
        moment = Moment(step.before.as_dict())
        decides = next(
            (entry for entry in catalogue.of_request[step.request].entries if entry.when.holds(moment)), None
        )
        return decides is not None and decides.declaration is self.declaration


@attrs.frozen(eq=False)
class Matters(Aim):
    """A part of the condition of a check or an answer matters."""

    goal: Goal
    altered: Alteration
    whole: Expr

    @property
    def declaration(self) -> CheckOrAnswer:
        """The check or the answer."""
        declaration = self.altered.declaration
        assert isinstance(declaration, Check | Answer)
        return declaration

    def chances(
        self, catalogue: Catalogue, requirements: Requirements[T]
    ) -> Iterator[tuple[DecisionList, T, Distinction | None]]:
        """The requests whose verdict is another under the variant."""
        declaration, on = self.declaration, requirements.on
        for one, index in catalogue.coming(declaration, self.altered.kinds, self.whole):
            if not self.altered.concerns(one):
                continue
            now, then = one.entries[index].when, catalogue.folding(self.altered.condition, one.asked)
            if now is then:
                continue
            lost = on.without(on.of(now), on.of(then))
            won = on.without(on.of(then), on.of(now))
            seen = on.either(
                on.both(lost, requirements.otherwise(one, index, expected=True)),
                on.both(won, requirements.otherwise(one, index, expected=False)),
            )
            yield one, on.both(requirements.comes(one, index), seen), None


@attrs.frozen(eq=False)
class Before(Aim):
    """One check is asked before the next."""

    goal: Goal
    first: Check
    second: Check
    kinds: tuple[RequestType, ...]
    altered: None = None

    def chances(
        self, catalogue: Catalogue, requirements: Requirements[T]
    ) -> Iterator[tuple[DecisionList, T, Distinction | None]]:
        """The requests that fail both, where their verdicts differ."""
        on = requirements.on
        for one, index in catalogue.coming(self.first, self.kinds, TRUE):
            next_index = one.at(self.second)
            if next_index >= 0:
                entry, other = one.entries[index], one.entries[next_index]
                if entry.when is not FALSE and other.when is not FALSE and differences(entry.verdict, other.verdict):
                    both = on.both(on.of(entry.when), on.of(other.when))
                    yield one, on.both(requirements.comes(one, index), both), None

    def seen_at(self, catalogue: Catalogue, step: Step) -> bool:
        """Whether the first decided, and the second would have."""
        moment = Moment(step.before.as_dict())
        failing = [
            entry.declaration for entry in catalogue.of_request[step.request].entries if entry.when.holds(moment)
        ]
        return bool(failing) and failing[0] is self.first and self.second in failing


@attrs.frozen(eq=False)
class Moves(Aim):
    """What a transition does is seen: that it fires where it does and only there, and which state it enters."""

    goal: Goal
    altered: Alteration
    whole: Expr

    def chances(
        self, catalogue: Catalogue, requirements: Requirements[T]
    ) -> Iterator[tuple[DecisionList, T, Distinction | None]]:
        """The requests after which the altered system is in another state."""
        arrow, on = self.altered.declaration, requirements.on
        assert isinstance(arrow, Arrow)
        assert self.altered.target is not None
        transition, variable = arrow.transition, arrow.lifecycle.variable
        source = frozenset(self.altered.source)
        able = (
            catalogue.asking if transition.even_if_refused else catalogue.passing
        )  # refused, it may move altered only
        for one in able([transition.on], self.whole):
            if not self.altered.concerns(one):
                continue
            others = on.false
            now = on.false
            for move in one.moves:
                if move.transition is transition:
                    now = on.of(move.when)
                elif move.lifecycle is arrow.lifecycle and not source.isdisjoint(move.transition.source):
                    others = on.either(others, on.of(move.when))
            folded = catalogue.folding(self.altered.condition, one.asked)
            now = on.without(now, on.of(among(variable, frozenset(self.altered.kept))))
            then = on.of(conjunction(among(variable, frozenset(self.altered.source)), folded))
            passes = requirements.lets(one, transition)
            if self.altered.target is not transition.target:
                yield (
                    one,
                    on.both(passes, on.both(now, then)),
                    Distinction(variable, transition.target, self.altered.target),
                )
            lost, won = on.without(now, then), on.without(on.without(then, now), others)
            left = source.union(transition.source)
            for value in (each for each in variable.domain if each in left):
                here = on.of(variable == value)
                if value is not transition.target:
                    yield one, on.both(passes, on.both(here, lost)), Distinction(variable, transition.target, value)
                if value is not self.altered.target:
                    yield one, on.both(passes, on.both(here, won)), Distinction(variable, value, self.altered.target)


@attrs.frozen(eq=False)
class Keeps(Aim):
    """A request that a check refuses leaves a lifecycle as it is, though it would have moved it."""

    goal: Goal
    altered: Alteration

    def chances(
        self, catalogue: Catalogue, requirements: Requirements[T]
    ) -> Iterator[tuple[DecisionList, T, Distinction | None]]:
        """The requests that are refused there, where the lifecycle is in the state that it has to keep."""
        refusal, on = self.altered.declaration, requirements.on
        assert isinstance(refusal, Refusal)
        assert self.altered.target is not None
        (value,), variable = self.altered.source, refusal.lifecycle.variable
        for one in catalogue.asking(self.altered.kinds, self.altered.condition):
            index = one.at(refusal.check)
            would = catalogue.folding(self.altered.condition, one.asked)
            if index >= 0 and would is not FALSE:
                refused = on.without(requirements.comes(one, index), requirements.comes(one, index + 1))
                when = on.both(refused, on.both(on.of(variable == value), on.of(would)))
                yield one, when, Distinction(variable, value, self.altered.target)


def aims(system: System) -> Iterator[Aim]:
    """Everything that is to be shown of the declarations, in order."""
    for arrow in arrows(system):
        yield Fires(_goal(GoalKind.TRANSITION, arrow.key, str(arrow), arrow.transition.rules), arrow)
    for gate, check, key in _checks(system):
        on = check.on or gate.on
        for kind in on:
            goal = _goal(GoalKind.VERDICT, f"{key}/{kind.name}", f"{kind.label} fails at: {check.label}", check.rules)
            yield Says(goal, check, kind, True)
        for variant in variants(check.fails_when):
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
        for variant in variants(answer.when):
            goal = _matter(key, f"the answer {answer.reason.value}", variant, answer.rules)
            yield Matters(goal, Alteration(answer, variant.condition, answer.on, variant.values), answer.when)
    yield from _orders(system)
    for arrow in arrows(system):
        yield from _moves(arrow)
    read = _read_anywhere(system)
    for lifecycle in system.lifecycles:
        if lifecycle.name in read:
            yield from _kept(system, lifecycle)


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


def _moves(arrow: Arrow) -> Iterator[Aim]:
    move, variable = arrow.transition, arrow.lifecycle.variable
    same = Alteration(arrow, move.when, (move.on,), source=move.source, target=move.target)
    for variant in variants(move.when):
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
