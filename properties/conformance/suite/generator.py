"""The deterministic layer, computed from the declarations.

Whether an aim can be reached at all is decided on slices, exactly; how the sequences go that reach it is then worked
out greedily in a pool of states. What a walk in the pool does not show gets a sequence of its own, a shortest one.
Every sequence is replayed by the oracle, and what it is to show is checked again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import attrs

from properties.conformance.diagnosis.altered import AlteredRuns, Refusal, altered_system
from properties.conformance.suite.ahead import told_apart_ahead
from properties.conformance.suite.aims import Aim, Fires, Matters
from properties.conformance.suite.behaviour_goals import killing, ruled_out
from properties.conformance.suite.boundaries import MOST_VALUES
from properties.conformance.suite.cases import cases
from properties.conformance.suite.combining import Combining
from properties.conformance.suite.corpus import Bits, Pool, indices
from properties.conformance.suite.covering import Chance, Terrain, Walker
from properties.conformance.suite.every_aim import aims
from properties.conformance.suite.filling import Draft, Filler
from properties.conformance.suite.goals import goals_of, pair_goal
from properties.conformance.suite.nearest import nearest
from properties.conformance.suite.request_catalogue import Catalogue
from properties.conformance.suite.requirements import AsConditions, InPool, Requirements
from properties.conformance.suite.still_shown import Shown
from properties.conformance.suite.transition_pairs import fired_after, followable, followings
from properties.conformance.suite.vectors import Goal, Suite, UnreachableGoal, Vector
from properties.mutation.mutants import Mutant
from properties.mutation.proving import compared
from statemachines.checker.equivalence import Proof
from statemachines.checker.slices import slices
from statemachines.language.claims import Claims
from statemachines.language.expression import FALSE
from statemachines.language.requests import Request
from statemachines.language.terms import ASPECTS
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Scenario, Trace, replay

MOST_STATES, MOST_TRIED, MOST_WAYS = 400, 3, 12
"""How many states are looked at for one that a known ending fits, how many are tried for each request, and in all."""


def generated(claims: Claims, jobs: int = 1) -> Suite:
    """The sequences for a system and what is claimed of it, worked out anew; the same in every process.

    Parameters
    ----------
    claims: the system, and what is claimed of it.
    jobs: how many processes work ahead of this one, where they can be forked; the sequences do not depend on it.
    """
    return Generator(claims).suite(jobs)


@attrs.frozen(eq=False)
class GoalSequence:
    """A sequence, and what it shows: the step and the goal's key."""

    trace: Trace
    reached: list[tuple[int, str]] = attrs.field(factory=list)


class Generator:
    """Computes the sequences.

    Parameters
    ----------
    claims: the system, and what is claimed of it.
    allows: whether a request can be sent; every request can, if not given.
    """

    def __init__(self, claims: Claims, allows: Callable[[Request], bool] = lambda _: True) -> None:
        self.claims, self.system = claims, claims.system
        self.slices = slices(claims.system)
        self.catalogue = Catalogue(self.slices, allows)
        self.oracle = Oracle(self.system)
        self.pool = Pool(self.system, self.oracle)
        self.altered_runs = AlteredRuns(self.catalogue.of_request, self.catalogue.folding, self.oracle)
        self.goals: dict[str, Goal] = {}
        self.made: list[GoalSequence] = []
        self.unreachable: list[UnreachableGoal] = []

    def suite(self, jobs: int = 1) -> Suite:
        """The sequences; so many processes work ahead."""
        every = list(aims(self.system))
        wanted = self._reachable(every, jobs)
        terrain = Terrain(self.pool, self.catalogue)
        chances = [tuple(terrain.chances(aim)) for aim in wanted]
        self._cover(wanted, chances, Walker(terrain, chances))
        behaviours = list(ruled_out(self.system))
        known = [made.trace.scenario for made in self._shortest_first()]
        with told_apart_ahead(self.oracle, known, [mutant for _, mutant in behaviours], jobs) as told:
            self._apart([aim for aim in wanted if aim.goal.key not in self.goals])
            self._later(every)
            self._pairs()
            self._cases()
            self._behaviours(behaviours, told)
        self._combinations(every)
        return self._suite()

    def _reachable(self, every: list[Aim], jobs: int) -> list[Aim]:
        """The aims that can be reached; the pool has then a state for each."""
        self._seed([aim for aim in every if isinstance(aim, Fires)], 1)
        self._grow(0)
        self.pool.freeze()
        requirements = Requirements(InPool(self.pool), self.catalogue.distinct)
        far = [aim for aim in every if not any(where for _, where, _ in aim.chances(self.catalogue, requirements))]
        grown = len(self.pool)
        self.unreachable.clear()
        self._seed(far, jobs)
        self._grow(grown)
        never = {entry.goal.key for entry in self.unreachable}
        return [aim for aim in every if aim.goal.key not in never]

    def _seed(self, aims_to_reach: Iterable[Aim], jobs: int) -> None:
        """Put into the pool where an aim can be reached first; what cannot be reached anywhere is set aside."""
        exactly = Requirements(AsConditions(), self.catalogue.distinct)
        chances = [
            (aim, [(one.request, when) for one, when, _ in aim.chances(self.catalogue, exactly) if when is not FALSE])
            for aim in aims_to_reach
        ]
        first = nearest(self.slices, [when for _, own in chances for _, when in own], jobs)
        for aim, own in chances:
            walks = ((walk, request) for request, when in own for walk in (first(when),) if walk)
            walk, request = min(walks, key=lambda near: len(near[0].requests), default=(None, None))
            if walk and request:
                self.pool.add(walk.start, (*walk.requests, request))
            else:
                self.unreachable.append(UnreachableGoal(aim.goal, "no reachable state and request show it"))

    def _grow(self, grown: int) -> None:
        """Add what is one request away from the states that are not grown yet."""
        for at in range(grown, len(self.pool)):
            for one in self.catalogue.movers:
                self.pool.step(at, one.request)

    def _cover(self, wanted: list[Aim], chances: list[tuple[Chance, ...]], walker: Walker) -> None:
        """Sequences until every aim was tried that can be shown in the pool, the most remote ones first."""
        depth = self.pool.depth
        nearest = [min((depth[next(iter(indices(chance.where)))] for chance in own), default=0) for own in chances]
        for number in sorted(range(len(wanted)), key=lambda number: -nearest[number]):
            if walker.left >> number & 1:
                walk = walker.walk(number)
                made = self._sent(Scenario(self.pool.states[walk.start], tuple(walk.requests)))
                for at in indices(walker.aimed):
                    self._note(made, wanted[at].goal, self._step(made.trace, wanted[at]))
                walker.left &= ~walker.aimed & ~(1 << number)

    def _apart(self, hard: list[Aim]) -> None:
        """What leads to a state that only several requests distinguish from another: the checker finds the fewest.

        What distinguished two values of a variable once is tried again wherever they have to be distinguished.
        """
        requirements = Requirements(InPool(self.pool), self.catalogue.distinct)
        ends: dict[str, dict[tuple[Request, ...], None]] = {}
        own: list[GoalSequence] = []
        for aim in hard:
            assert aim.altered
            if any(self._note(made, aim.goal, self._step(made.trace, aim)) for made in own):
                continue
            known = ends.setdefault(aim.altered.variable, {})
            walk = self._ending(aim, requirements, known) or self._shortest(aim, known)
            if walk:
                own.append(self._sent(walk))
                self._note(own[-1], aim.goal, self._step(own[-1].trace, aim))

    def _ending(
        self, aim: Aim, requirements: Requirements[Bits], known: Iterable[tuple[Request, ...]]
    ) -> Scenario | None:
        """The shortest walk to the aim that ends as others did, if there is one."""
        assert aim.altered
        best: Scenario | None = None
        depth = self.pool.depth
        # Counted up to its end, each value is distinguished from the next by the same request, sent once more.
        (domain,) = (one.domain for one in self.system.variables if one.name == aim.altered.variable)
        again = len(domain) if len(domain) > MOST_VALUES else 0
        ways = [
            (index, one.request)
            for one, where, _ in aim.chances(self.catalogue, requirements)
            for index in sorted(islice(indices(where), MOST_STATES), key=lambda index: depth[index])[:MOST_TRIED]
        ]
        for index, request in sorted(ways, key=lambda way: (depth[way[0]], way[0]))[:MOST_WAYS]:
            start, steps = self.pool.path(index)
            for end in known:
                requests = (*(step for step, _ in steps), request, *end, *end[-1:] * again)
                if best is None or len(requests) < len(best.requests):
                    trace = replay(self.system, self.pool.states[start], requests, self.oracle)
                    at = self._step(trace, aim)
                    if at >= 0:
                        best = Scenario(trace.start, requests[: at + 1])
        return best

    def _shortest(self, aim: Aim, known: dict[tuple[Request, ...], None]) -> Scenario | None:
        """The shortest walk to the aim of all, if there is one; how it ends is kept."""
        assert aim.altered
        exclusive = isinstance(aim.altered.declaration, Refusal)  # what a party refuses moves nothing else
        altered = altered_system(self.system, aim.altered)
        comparison = compared(self.system, altered, aim.altered.kinds, exclusive=exclusive)
        if comparison.walk is None:
            assert comparison.proof
            self.unreachable.append(UnreachableGoal(aim.goal, comparison.proof.value))
            return None
        trace = comparison.walk.replay(self.system, self.oracle)
        known[comparison.walk.requests[self.altered_runs.parts(aim.altered, trace) + 1 :]] = None
        return comparison.walk

    def _later(self, every: Iterable[Aim]) -> None:
        """What matters of a check or an answer of which no aspect is compared: it shows later, if at all."""
        open_aims = {
            aim.goal.key: aim
            for aim in every
            if isinstance(aim, Matters) and set(ASPECTS) <= set(aim.declaration.unspecified)
        }
        left = [entry for entry in self.unreachable if entry.goal.key in open_aims]
        self.unreachable = [entry for entry in self.unreachable if entry.goal.key not in open_aims]
        for aim in (open_aims[entry.goal.key] for entry in left):
            if any(self._note(made, aim.goal, self._step(made.trace, aim)) for made in self._shortest_first()):
                continue
            walk = self._shortest(aim, {})
            if walk:
                made = self._sent(walk)
                self._note(made, aim.goal, self._step(made.trace, aim))

    def _pairs(self) -> None:
        """What of each lifecycle's arrows can follow what."""
        for lifecycle in self.system.lifecycles:
            left = {(id(one), id(other)): (one, other) for one, other in followable(lifecycle)}
            for made in self.made:
                for at, one, other in fired_after(made.trace, lifecycle) if left else ():
                    if left.pop((id(one), id(other)), None):
                        self._note(made, pair_goal(lifecycle, one, other), at)
            for pair in followings(self.slices, lifecycle) if left else ():
                if left.pop((id(pair.first), id(pair.second)), None):
                    made = self._sent(Scenario(pair.start, pair.requests))
                    self._note(made, pair_goal(lifecycle, pair.first, pair.second), len(pair.requests) - 1)
            for one, other in left.values():
                self.unreachable.append(
                    UnreachableGoal(
                        pair_goal(lifecycle, one, other), "in no reachable state the one can follow the other"
                    )
                )

    def _cases(self) -> None:
        """The case of each property: in a sequence that there is, or in one of its own."""
        for case in cases(self.claims):
            if any(self._note(made, case.goal, case.met(made.trace)) for made in self._shortest_first()):
                continue
            walk = case.nearest(self.slices)
            if walk:
                made = self._sent(walk)
                self._note(made, case.goal, case.met(made.trace))
            else:
                self.unreachable.append(UnreachableGoal(case.goal, "it never happens"))

    def _behaviours(self, wanted: list[tuple[Goal, Mutant]], told: Callable[[Mutant], Scenario | Proof]) -> None:
        """What no declaration has wrong and is ruled out: by a sequence that there is, or by one of its own."""
        made = {one.trace.scenario: one for one in self._shortest_first()}
        killed = killing(self.oracle, made, (mutant for _, mutant in wanted), told)
        for (goal, _), (shown, at) in zip(wanted, killed, strict=True):
            if isinstance(shown, str):
                self.unreachable.append(UnreachableGoal(goal, shown))
            else:
                if shown not in made:
                    made[shown] = self._sent(shown)
                self._note(made[shown], goal, at)

    def _combinations(self, every: Iterable[Aim]) -> None:
        """Values together: by other requests in the sequences that there are, by more of them, and by new sequences."""
        self.made = [made for made in self._shortest_first() if made.reached]
        for made in self.made:
            self.pool.add(made.trace.start, [step.request for step in made.trace.steps])
        shown = Shown(self.altered_runs, every, cases(self.claims), ruled_out(self.system))
        drafts = [
            Draft(
                made.trace.start,
                [step.request for step in made.trace.steps],
                [self.pool.index_of(step.before) for step in made.trace.steps]
                + [self.pool.index_of(made.trace.steps[-1].after)],
                [shown.of(made.trace, at, key) for at, key in made.reached],
            )
            for made in self.made
        ]
        filled = Filler(Combining(self.pool, self.catalogue), drafts).fill()
        self.made = []
        for draft in filled:
            made = self._sent(Scenario(draft.start, tuple(draft.requests)))
            made.reached.extend((one.at, one.key) for one in draft.shows)
            for at, goal in draft.reached:
                self._note(made, goal, at)

    def _shortest_first(self) -> Sequence[GoalSequence]:
        return sorted(self.made, key=lambda made: len(made.trace.steps))

    def _sent(self, walk: Scenario) -> GoalSequence:
        made = GoalSequence(walk.replay(self.system, self.oracle))
        self.made.append(made)
        return made

    def _note(self, made: GoalSequence, goal: Goal, at: int) -> bool:
        """Note at which step a sequence shows a goal, if at any."""
        if at >= 0:
            made.reached.append((at, goal.key))
            self.goals[goal.key] = goal
        return at >= 0

    def _step(self, trace: Trace, aim: Aim) -> int:
        """The first step of a sequence that shows an aim; -1 if none does."""
        if aim.altered:
            return self.altered_runs.shows(aim.altered, trace)
        for at, step in enumerate(trace.steps):
            if aim.seen_at(self.catalogue, step):
                return at
        return -1

    def _suite(self) -> Suite:
        order = {key: goal for key, goal in goals_of(self.claims, self.goals).items() if key in self.goals}
        return Suite(self.system, order, tuple(self._vectors()), tuple(self.unreachable))

    def _vectors(self) -> Iterator[Vector]:
        useful = [made for made in self._shortest_first() if made.reached]
        for number, made in enumerate(useful, 1):
            yield Vector(f"V{number:04}", made.trace.scenario, tuple(sorted(made.reached)))
