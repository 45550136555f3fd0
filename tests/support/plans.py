"""What every plan has to keep, checked on any system: it leads to its goal, and no way is shorter."""

from collections.abc import Sequence
from functools import cache
from random import Random

import attrs

from properties.walks.coverage import gives_verdict
from properties.walks.steering import FireTransition, Goal, MeetCase, Plan, Planner, planner
from statemachines.checker.explicit import Space
from statemachines.errors import TooLargeError
from statemachines.language.claims import Always, Claims
from statemachines.language.expression import conjunction
from statemachines.language.system import State, System
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Step


@attrs.frozen(eq=False)
class Checked:
    """A system whose plans are checked, with some of its reachable states and initial states.

    Parameters
    ----------
    claims: the system, and the claims whose cases are goals too.
    states: as random walks come by them.
    starts: initial states drawn at random.
    """

    claims: Claims
    plans: Planner
    oracle: Oracle
    states: Sequence[State]
    starts: Sequence[State]

    @property
    def system(self) -> System:
        return self.claims.system

    def goals(self, *, each_case: int = 1) -> list[Goal]:
        """Every transition and kind of verdict, and every n-th case of a claim."""
        cases = self.plans.cases(claim for claim in self.claims.claims if isinstance(claim, Always))
        return [*self.plans.transitions(), *self.plans.verdicts(), *cases[::each_case]]

    def leads_to_its_goal(self, goal: Goal) -> None:
        """From a dozen states, any shortest way of a plan reaches the goal in the planned distance."""
        random = Random(1)
        endings = [ending for kind in self.plans.endings(goal) for ending in kind]
        if not endings:  # of states: it may be that they all start like that
            assert isinstance(goal, MeetCase)
            assert not goal.claim.of_steps
            return
        followed = 0
        for _ in range(12):
            plan = self.plans.plan(goal, random.choice(endings))
            state = random.choice(self.states)
            distance = plan.distance(state)
            if distance:
                followed += 1
                steps = self._follow(plan, state, random)
                # a goal may be met on the way by another request than the one that the plan ends with
                assert steps <= distance
                if isinstance(goal, FireTransition) and len(endings) == 1:
                    assert steps == distance
            else:
                assert plan.next(state) == ()
        if not followed:
            assert any(self.plans.plan(goal, ending).distance(start) for start in self.starts for ending in endings)

    def _follow(self, plan: Plan, state: State, random: Random) -> int:
        """After how many steps the goal is reached, taking any of the shortest ways."""
        for steps in range(1, 40):
            request = random.choice(plan.next(state))
            after, verdict = self.oracle.decide(state, request)
            if plan.goal.reached(Step(state, request, verdict, after)):
                return steps
            state = after
        raise AssertionError(f"the plan does not lead to {plan.goal}")

    def has_no_shorter_way(self, goal: Goal, seed: int) -> None:
        """Against a backward search on a larger slice: the other variables make no way shorter."""
        ending = self.plans.endings(goal)[0][-1]
        plan = self.plans.plan(goal, ending)
        asked = self.plans.slices.asked(ending.last)
        space = self._larger(plan.graph.space)
        distance = space.columns.where(conjunction(goal.before(asked), gives_verdict(asked, ending.kind))).astype(int)
        moves = [space.successors(effect) for effect in space.effects]
        level, growing = 1, True
        while growing:
            growing = False
            for successors in moves:
                fresh = (distance[successors] == level) & (distance == 0)
                if fresh.any():
                    distance[fresh] = level + 1
                    growing = True
            level += 1
        assert distance.any()
        for index in Random(seed).choices(range(len(space)), k=200):
            assert plan.distance(space.state(index)) == distance[index]

    def _larger(self, space: Space) -> Space:
        """A slice that has one more variable, if there is one that is not too large."""
        for name in self.system.state_type.names:
            if name not in space.radices.names:
                try:
                    return self.plans.slices.space({*space.radices.names, name}, most=100_000)
                except TooLargeError:
                    continue
        return space


@cache
def checked(claims: Claims) -> Checked:
    """A system with its planner and 4,000 states of random walks."""
    system, random = claims.system, Random(5)
    starts = [system.state(**{each.name: random.choice(each.initial) for each in system.lifecycles}) for _ in range(50)]
    plans, oracle, random = planner(system), Oracle(system), Random(3)
    requests = [asked.request for asked in plans.slices.requests if asked.changes]
    state, states = oracle.initial, []
    for step in range(4000):
        if step % 200 == 0:
            state = random.choice(starts)
        state, _ = oracle.decide(state, random.choice(requests))
        states.append(state)
    return Checked(claims, plans, oracle, states, starts)
