"""Sequences for a target that supports a part of the system: they show what the suite's own cannot within it.

Of the suite's sequences the target is sent what it supports. What they show only by what it lacks may show otherwise.
So each is taken without what the target lacks, from where it can be put, and what these runs come through, with all
that is one request further, is the pool in which sequences are made anew. The same statement gives the same sequences.
"""

from collections.abc import Iterator

import attrs

from properties.conformance.diagnosis.campaign import RunSection, divided
from properties.conformance.statement import Starts, Statement
from properties.conformance.suite.aims import Aim
from properties.conformance.suite.behaviour_goals import ruled_out
from properties.conformance.suite.cases import cases
from properties.conformance.suite.combinations import is_combined
from properties.conformance.suite.covering import Terrain, Walker
from properties.conformance.suite.every_aim import aims
from properties.conformance.suite.generator import Generator, GoalSequence
from properties.conformance.suite.goals import pair_goal
from properties.conformance.suite.transition_pairs import fired_after, followable
from properties.conformance.suite.vectors import OWN, Goal, GoalKind, Suite, Vector
from properties.mutation.replaying import Layer
from properties.walks.runs import oracle
from statemachines.language.claims import Claims
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State
from statemachines.semantics.trace import Trace, replay

MOST_STATES, MOST_CLOSED = 40_000, 2_000
"""How many states are grown by one request at most, and up to how many this is repeated."""


def suite_within(claims: Claims, suite: Suite, statement: Statement) -> Suite:
    """The suite, with sequences of its own for what it cannot show of a target that supports a part.

    >>> from examples.parcel_locker import claims, system
    >>> from properties.conformance.statement import parse_statement
    >>> from properties.conformance.suite.store import suite_of
    >>> part = parse_statement({"not_supported": {"Wait": "comes next year"}}, system)
    >>> [vector.name for vector in suite_within(claims, suite_of(claims), part).vectors]
    ['V0001', 'V0002', 'V0003', 'V0004', 'V0005', 'V0006', 'V0007', 'P0001', 'P0002']
    """
    able = frozenset(request for request in suite.system.all_requests() if statement.why_not(request) is None)
    values = {variable: statement.values(variable.name) for variable in suite.system.variables}
    everything = all(len(known) == len(variable.domain) for variable, known in values.items())
    if everything and len(able) == sum(1 for _ in suite.system.all_requests()):
        return suite
    decide = oracle(suite.system)
    whole: set[str] = set()
    parts: list[tuple[Vector, RunSection]] = []
    for vector in suite.vectors:
        sections, left = divided(suite.trace(vector, decide), vector, statement)
        first = sections[0] if sections else None
        for step, key in vector.reached:
            if first and first.start == vector.scenario.start and first.steps[: step + 1] == tuple(range(step + 1)):
                whole.add(key)
        if left:
            parts += [(vector, section) for section in sections]
    # of combinations there are too many, most of them of what the target lacks
    missing = {key for vector in suite.vectors for _, key in vector.reached if not is_combined(key)} - whole
    return _Within(claims, suite, statement, able, missing).suite_with(parts) if missing else suite


class _Within(Generator):
    """Computes them.

    Parameters
    ----------
    claims: the system, and what is claimed of it.
    whole: the suite's own sequences.
    statement: what the target supports.
    able: the requests that it can be sent.
    missing: the keys of the goals that they do not show of it.
    """

    def __init__(
        self, claims: Claims, whole: Suite, statement: Statement, able: frozenset[Request], missing: set[str]
    ) -> None:
        super().__init__(claims, able.__contains__)
        self.whole, self.statement, self.missing, self.able = whole, statement, missing, able
        self._values = [statement.values(name) for name in self.system.state_type.names]
        self.starts = [state for state in self.system.initial_states() if statement.why_not_start(state) is None]

    def suite_with(self, parts: list[tuple[Vector, RunSection]]) -> Suite:
        """The suite and the new sequences.

        Parameters
        ----------
        parts: what the target is sent of the suite's sequences that it is not sent as a whole.
        """
        every = [aim for aim in aims(self.system) if aim.goal.key in self.missing]
        self._leave_out_shown(every, parts)
        kinds = {request.type for request in self.able}
        wanted = [
            aim
            for aim in every
            if aim.goal.key in self.missing and (not aim.altered or not kinds.isdisjoint(aim.altered.kinds))
        ]
        runs = [GoalSequence(trace) for trace in self._runs()] if self.missing else []
        for made in runs:
            self.pool.add(made.trace.start, [step.request for step in made.trace.steps])
        if self.statement.starts is Starts.ANY:
            self._put_anywhere()
        self._grow_to_the_end()
        if self.able and len(self.pool):
            terrain = Terrain(self.pool, self.catalogue, closed=True)
            chances = [tuple(terrain.chances(aim)) for aim in wanted]
            self._cover(wanted, chances, Walker(terrain, chances))
        self.made += runs
        self._several_requests_later([aim for aim in wanted if aim.goal.key not in self.goals])
        self._others()
        vectors = tuple(attrs.evolve(vector, name=OWN + vector.name[1:]) for vector in self._vectors())
        return attrs.evolve(self.whole, vectors=(*self.whole.vectors, *vectors), own=len(vectors))

    def _leave_out_shown(self, every: list[Aim], parts: list[tuple[Vector, RunSection]]) -> None:
        """What parts of the suite's sequences show all the same."""
        reaching: dict[str, list[Trace]] = {}
        for vector, section in parts:
            requests = [vector.scenario.requests[step] for step in section.steps]
            trace = replay(self.system, section.start, requests, self.oracle)
            for step, key in vector.reached:
                if key in self.missing and step in section.steps:
                    reaching.setdefault(key, []).append(trace)
        by_key = {aim.goal.key: aim for aim in every}
        mutants = {goal.key: mutant for goal, mutant in ruled_out(self.system)}

        def shows(trace: Trace, goal: Goal) -> bool:
            match goal.kind:
                case GoalKind.PROPERTY:
                    return True
                case GoalKind.PAIR:
                    return any(
                        pair_goal(lifecycle, one, other).key == goal.key
                        for lifecycle in self.system.lifecycles
                        for _, one, other in fired_after(trace, lifecycle)
                    )
                case GoalKind.BEHAVIOUR:
                    return Layer(self.oracle, [trace.scenario]).kills(mutants[goal.key]) is not None
            return self._step(trace, by_key[goal.key]) >= 0

        for key, traces in reaching.items():
            if any(shows(trace, self.whole.goals[key]) for trace in traces):
                self.missing.discard(key)

    def _runs(self) -> Iterator[Trace]:
        """The suite's sequences without what the target does not support, from where it can be put."""
        known: dict[tuple[State, tuple[Request, ...]], None] = {}
        for vector in self.whole.vectors:
            start = self._start(vector.scenario.start)
            if start is None:
                return
            state, sent = start, list[Request]()
            for request in vector.scenario.requests:
                if request in self.able:
                    after, _ = self.oracle.decide(state, request)
                    if self._can_be(after):
                        state = after
                        sent.append(request)
            if sent and (start, tuple(sent)) not in known:
                known[start, tuple(sent)] = None
                yield replay(self.system, start, sent, self.oracle)

    def _start(self, state: State) -> State | None:
        """Where the target can start that is most like a state; ``None`` if nowhere."""
        if self.statement.why_not_start(state) is None:
            return state
        return max(self.starts, key=lambda one: sum(a is b for a, b in zip(one, state, strict=True)), default=None)

    def _can_be(self, state: State) -> bool:
        """Whether the target can be in a state."""
        return all(value in able for value, able in zip(state, self._values, strict=True))

    def _put_anywhere(self) -> None:
        """Put into the pool what the suite's sequences come through and the target can be put into."""
        for vector in self.whole.vectors:
            for step in self.whole.trace(vector, self.oracle).steps:
                if self._can_be(step.after):
                    self.pool.add(step.after, ())

    def _grow_to_the_end(self) -> None:
        """Add what is one request away; of a small system, all that can be reached."""
        grown = 0
        while grown < len(self.pool) and (not grown or len(self.pool) < MOST_CLOSED):
            known = len(self.pool)
            self._grow(grown)
            grown = known

    def _grow(self, grown: int) -> None:
        """Add what is one request away, where the target can be in it."""
        for at in range(grown, min(len(self.pool), MOST_STATES)):
            for one in self.catalogue.movers:
                after, _ = self.oracle.decide(self.pool.states[at], one.request)
                if self._can_be(after):
                    self.pool.step(at, one.request)

    def _several_requests_later(self, left: list[Aim]) -> None:
        """What only several requests distinguish, as far as a sequence that there is happens to do so."""
        by_type: dict[RequestType, list[GoalSequence]] = {}
        for made in self._shortest_first():
            for kind in dict.fromkeys(step.request.type for step in made.trace.steps):
                by_type.setdefault(kind, []).append(made)
        for aim in left:
            known = (made for kind in (aim.altered.kinds if aim.altered else ()) for made in by_type.get(kind, ()))
            any(self._note(made, aim.goal, self._step(made.trace, aim)) for made in known)

    def _others(self) -> None:
        """What is shown of pairs of transitions, of properties, and of faults that no declaration has."""
        made = self._shortest_first()
        for lifecycle in self.system.lifecycles:
            pairs = {
                (id(one), id(other)): goal
                for one, other in followable(lifecycle)
                if (goal := pair_goal(lifecycle, one, other)).key in self.missing
            }
            for run in made if pairs else ():
                for at, one, other in fired_after(run.trace, lifecycle):
                    if (id(one), id(other)) in pairs:
                        goal = pairs.pop((id(one), id(other)))
                        self._note(run, goal, at)
        for case in cases(self.claims):
            if case.goal.key in self.missing:
                any(self._note(run, case.goal, case.met(run.trace)) for run in made)
        left = [(goal, mutant) for goal, mutant in ruled_out(self.system) if goal.key in self.missing]
        layer = Layer(self.oracle, [run.trace.scenario for run in made] if left else [])
        for goal, mutant in left:
            kill = layer.kills(mutant)
            if kill:
                self._note(made[kill.sequence], goal, kill.step)
