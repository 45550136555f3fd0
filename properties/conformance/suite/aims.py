"""Aims: what the sequences have to show, and which requests show it in which states.

Each condition of a declaration is looked at through its `variants`: a part of it matters where a system that has the
variant instead of it answers otherwise. That is observable at once if the declaration is a check or an answer. If it
is a transition, the two systems are in different states, which a later request has to distinguish.
"""

from collections.abc import Iterator

import attrs

from properties.conformance.diagnosis.altered import Alteration, Refusal
from properties.conformance.diagnosis.decision_list import CheckOrAnswer, DecisionList
from properties.conformance.suite.request_catalogue import Catalogue
from properties.conformance.suite.requirements import Distinction, Requirements, T
from properties.conformance.suite.vectors import Goal
from properties.walks.coverage import Arrow
from statemachines.language.expression import FALSE, TRUE, Expr, Moment, among, conjunction
from statemachines.language.gates import Answer, Check
from statemachines.language.requests import RequestType
from statemachines.semantics.comparison import differences
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
    """A check decides, or an answer is given, on a request of one type.

    Parameters
    ----------
    apart: whether only where it is seen that it was this one, since without it the verdict would be another.
    """

    goal: Goal
    declaration: CheckOrAnswer
    kind: RequestType
    apart: bool
    altered: None = None

    def chances(
        self, catalogue: Catalogue, requirements: Requirements[T]
    ) -> Iterator[tuple[DecisionList, T, Distinction | None]]:
        """The requests on which it decides."""
        for one, index in catalogue.coming(self.declaration, [self.kind], TRUE):
            if one.entries[index].when is not FALSE:
                when = requirements.on.both(requirements.comes(one, index), requirements.on.of(one.entries[index].when))
                if self.apart:
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
