"""The deterministic layer's run on small targets that do this and that wrong."""

from enum import Enum

import attrs
import pytest

from properties.conformance.diagnosis.campaign import Status, divided
from properties.conformance.diagnosis.runner import RESUMED, Runner
from properties.conformance.observation import Observation
from properties.conformance.statement import Starts, Statement
from properties.conformance.suite.vectors import Suite, Vector
from properties.conformance.targets.declared import DeclaredTarget
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour
from properties.conformance.targets.target import Limits
from statemachines.semantics.trace import Scenario


@pytest.fixture
def vectors(safe):
    """Right code, wrong codes, and a song; each from the first initial state."""
    system = safe.claims.system
    code, by = (field.domain for field in safe.Enter.fields)
    right, wrong = safe.Enter(code=code[0], by=by[0]), safe.Enter(code=code[1], by=by[0])
    start = system.state()
    sequences = {
        "V0001": (safe.Sing(),),
        "V0002": (right, safe.Shut(), right),
        "V0003": (wrong, wrong, right),
    }
    return tuple(Vector(name, Scenario(start, requests), ()) for name, requests in sequences.items())


@pytest.fixture
def suite(safe, vectors):
    return Suite(safe.claims.system, {}, vectors)


class Odd(DeclaredTarget):
    """A target that does something odd at the n-th request of all, whatever that is."""

    def __init__(self, system, odd):
        super().__init__(system, system)
        self.odd = odd

    def send(self, request):
        seen = super().send(request)
        return self.odd(request, seen)


def run(suite, open_anew, seconds=None):
    return Runner(suite, open_anew, Limits(run_seconds=seconds).begun()).campaign()


def endings(campaign):
    return {one.section.vector.name: one.ending for one in campaign.results}


def test_the_reference_passes_and_every_request_is_sent(suite):
    campaign = run(suite, lambda: DeclaredTarget(suite.system, suite.system))
    assert all(ending.status is Status.PASSED for ending in endings(campaign).values())
    assert campaign.requests >= suite.requests == 7


def test_a_difference_is_found_at_its_step_and_what_was_seen_is_kept(suite, forgetful_safe, safe):
    system = forgetful_safe.claims.system

    class Forgetful(DeclaredTarget):
        def reset(self, state):
            self._state = system.state(**{n: _like(system, n, v) for n, v in state.as_dict().items()})

        def send(self, request):
            kind = next(kind for kind in system.requests if kind.name == request.type.name)
            values = {
                mine.name: _member(mine.domain, request[its.name])
                for mine, its in zip(kind.fields, request.type.fields, strict=True)
            }
            return super().send(kind(**values))

    def _member(domain, value):
        return next(member for member in domain if member.name == value.name)

    def _like(system, name, value):
        return _member(system.lifecycle(name).variable.domain, value)

    campaign = run(suite, lambda: Forgetful(system, safe.claims.system))
    result = endings(campaign)
    assert [result[name].status for name in sorted(result)] == [Status.PASSED, Status.PASSED, Status.DIFFERED]
    assert result["V0003"].step == 2
    assert result["V0003"].seen.as_dict()["outcome"] == "yes"


def test_a_target_that_forgets_to_reset_is_reported_from_one_that_is_wrong(suite):
    """It remembers wrong codes over a reset, and so fails where another sequence came before."""

    class Forgets(DeclaredTarget):
        def reset(self, state):
            if getattr(self, "used", False):
                self._state = self.system.replace(state, wrong=self._state.wrong)
            else:
                super().reset(state)
            self.used = True

    again = Suite(suite.system, {}, (suite.vectors[2], suite.vectors[1]))
    campaign = run(again, lambda: Forgets(suite.system, suite.system))
    assert endings(campaign)["V0002"].misbehaviour is Misbehaviour.FORGETS_RESET


def test_a_target_that_answers_now_so_now_so_is_not_deterministic(suite):
    count = iter(range(1000))

    def odd(request, seen):
        if next(count) % 5 == 3:
            outcome = next(value for value in type(seen.shown["outcome"]) if value is not seen.shown["outcome"])
            return Observation({**seen.shown, "outcome": outcome})
        return seen

    campaign = run(suite, lambda: Odd(suite.system, odd))
    kinds = {ending.misbehaviour for ending in endings(campaign).values()}
    assert Misbehaviour.NONDETERMINISTIC in kinds
    assert Misbehaviour.FORGETS_RESET not in kinds


def test_one_that_passes_at_first_and_fails_the_second_time_is_found(suite):
    class Tires(DeclaredTarget):
        runs = 0

        def reset(self, state):
            super().reset(state)
            type(self).runs += 1

        def send(self, request):
            seen = super().send(request)
            if type(self).runs > 3:
                return Observation({**seen.shown, "response": _another(seen)})
            return seen

    def _another(seen):
        return next(iter(type(seen.shown["outcome"])))

    campaign = run(suite, lambda: Tires(suite.system, suite.system))
    assert {ending.misbehaviour for ending in endings(campaign).values()} == {Misbehaviour.NONDETERMINISTIC}


@pytest.mark.parametrize("kind", [Misbehaviour.CRASHED, Misbehaviour.GARBAGE, Misbehaviour.ANSWERS_TWICE])
def test_misbehaviour_ends_a_sequence_and_not_the_run(suite, safe, kind):
    def odd(request, seen):
        if request.type is safe.Shut:
            raise Misbehaved(kind, "no wonder")
        return seen

    result = endings(run(suite, lambda: Odd(suite.system, odd)))
    assert (result["V0002"].status, result["V0002"].step, result["V0002"].misbehaviour) == (Status.MISBEHAVED, 1, kind)
    assert result["V0001"].status is result["V0003"].status is Status.PASSED


def test_after_a_target_is_gone_nothing_is_run_and_it_is_reported(suite):
    def odd(request, seen):
        raise Misbehaved(Misbehaviour.GONE, "it has left")

    result = endings(run(suite, lambda: Odd(suite.system, odd)))
    assert result["V0001"].misbehaviour is Misbehaviour.GONE
    assert result["V0002"].status is result["V0003"].status is Status.NOT_RUN
    assert "it has left" in result["V0003"].detail


def test_the_time_limit_ends_the_run(suite):
    result = endings(run(suite, lambda: DeclaredTarget(suite.system, suite.system), seconds=0.0))
    assert {ending.status for ending in result.values()} == {Status.NOT_RUN}
    assert "time limit" in result["V0001"].detail


@pytest.mark.parametrize(
    ("starts", "sections", "left"),
    [(Starts.ANY, [(0,), (3,)], [1, 2]), (Starts.INITIAL, [(0,)], [1, 2, 3])],
)
def test_a_sequence_is_cut_where_the_target_cannot_be_told_of_a_step(suite, safe, starts, sections, left):
    vector = Vector(
        "V1",
        Scenario(suite.system.state(), (safe.Sing(), *suite.vectors[2].scenario.requests[:2], safe.Sing())),
        (),
    )
    statement = Statement(suite.system, requests=frozenset({safe.Shut, safe.Sing}), starts=starts)
    result, skipped = divided(vector.scenario.replay(suite.system), vector, statement)
    assert [one.steps for one in result] == sections
    assert [one.step for one in skipped] == left
    assert all("does not support Enter" in one.reason for one in skipped)


def test_a_sequence_goes_on_where_it_comes_back_to_the_start(suite, safe):
    vector = suite.vectors[1]
    statement = Statement(suite.system, requests=frozenset({safe.Enter, safe.Sing}), starts=Starts.INITIAL)
    result, skipped = divided(vector.scenario.replay(suite.system), vector, statement)
    assert [one.steps for one in result] == [(0,), (2,)]
    assert [one.step for one in skipped] == [1]


def test_a_step_that_changes_nothing_is_left_out_and_the_sequence_goes_on(suite, safe):
    code, by = (field.domain for field in safe.Enter.fields)
    vector = Vector("V1", Scenario(suite.system.state(), (safe.Sing(), safe.Enter(code=code[0], by=by[0]))), ())
    statement = Statement(suite.system, requests=frozenset({safe.Enter, safe.Shut}), starts=Starts.INITIAL)
    result, skipped = divided(vector.scenario.replay(suite.system), vector, statement)
    assert [one.steps for one in result] == [(1,)]
    assert [one.step for one in skipped] == [0]


def test_enums_are_what_observations_show(suite):
    target = DeclaredTarget(suite.system, suite.system)
    target.reset(suite.vectors[0].scenario.start)
    seen = target.send(suite.vectors[0].scenario.requests[0])
    assert isinstance(seen.shown["outcome"], Enum)


def test_what_the_target_crashes_on_again_and_again_is_sent_no_more(safe, vectors):
    """The rest of the sequences is still run as far as it goes."""
    many = [attrs.evolve(vectors[1], name=f"V{at:04}") for at in range(10)]

    def odd(request, seen):
        if request.type is safe.Shut:
            raise Misbehaved(Misbehaviour.CRASHED, "no wonder")
        return seen

    suite = Suite(safe.claims.system, {}, tuple(many))
    campaign = run(suite, lambda: Odd(suite.system, odd))
    assert campaign.results[0].ending.status is Status.MISBEHAVED
    last = campaign.results[-1]
    assert (last.ending.status, last.ending.step, last.shown) == (Status.NOT_RUN, 1, (0,))
    assert "Shut is sent no more" in last.ending.detail


def test_after_a_difference_a_sequence_goes_on_where_the_reference_is(suite, safe):
    """A song is answered wrongly: what comes after it in the same sequence is tested all the same."""
    code, by = (field.domain for field in safe.Enter.fields)
    right = safe.Enter(code=code[0], by=by[0])
    vector = Vector("V1", Scenario(suite.system.state(), (right, safe.Sing(), safe.Shut(), right)), ())
    other = next(value for value in suite.system.answers[0].outcome.__class__ if value.name == "NO")

    def odd(request, seen):
        return Observation({**seen.shown, "outcome": other}) if request.type is safe.Sing else seen

    campaign = run(Suite(suite.system, {}, (vector,)), lambda: Odd(suite.system, odd))
    assert [(one.section.steps, one.ending.status) for one in campaign.results] == [
        ((0, 1, 2, 3), Status.DIFFERED),
        ((2, 3), Status.PASSED),
    ]
    assert [step for one in campaign.results for step in one.shown] == [0, 2, 3]
    assert campaign.results[1].section.start == vector.scenario.replay(suite.system).steps[1].after


def test_a_sequence_goes_on_a_few_times_only_and_not_where_the_target_cannot_be_put(suite, safe):
    vector = Vector("V1", Scenario(suite.system.state(), (safe.Sing(),) * 9), ())

    def odd(request, seen):
        return Observation({**seen.shown, "outcome": next(iter(type(seen.shown["outcome"])))})

    songs = Suite(suite.system, {}, (vector,))
    assert len(run(songs, lambda: Odd(suite.system, odd)).results) == 1 + RESUMED

    class Initial(Odd):
        @property
        def statement(self):
            return Statement(suite.system, starts=Starts.INITIAL)

    opened = Vector("V1", Scenario(suite.system.state(), (suite.vectors[1].scenario.requests[0], safe.Sing())), ())
    campaign = run(Suite(suite.system, {}, (opened,)), lambda: Initial(suite.system, odd))
    assert len(campaign.results) == 1
