"""Logs that are generated: requests that the rules let pass, runs to goals, and where these begin."""

import pytest

from examples.parcel_locker import claims, system
from properties.conformance.suite.store import suite_of
from properties.replay.generator import LogGenerator, LogOptions
from properties.replay.sampling import BETWEEN
from statemachines import Oracle

RUNS = [vector.scenario for vector in suite_of(claims).vectors]
ORACLE = Oracle(system)


def log_of(generator):
    """The requests of each case."""
    kinds = {kind.name: kind for kind in system.requests}
    cases = {}
    for entry in generator.entries():
        kind = kinds[entry["request"]]
        fields = {
            field.name: next(one for one in field.domain if one.value == entry[field.name]) for field in kind.fields
        }
        cases.setdefault(int(entry["case"]), []).append(kind(**fields))
    return cases


def decided(state, requests):
    verdicts = []
    for request in requests:
        state, verdict = ORACLE.decide(state, request)
        verdicts.append(verdict)
    return state, verdicts


@pytest.mark.parametrize("accepted", [0, 0.5, 1])
def test_the_share_of_accepted_requests_is_as_asked(accepted):
    generator = LogGenerator(system, LogOptions(100, seed=1, accepted=accepted))
    yes = [entry["outcome"] == "yes" for entry in generator.entries()]
    assert sum(yes) / len(yes) >= accepted - 0.05
    assert (sum(yes) == len(yes)) is (accepted == 1)


def test_a_case_toward_a_goal_goes_through_a_run_with_refused_requests_between():
    generator = LogGenerator(system, LogOptions(300, seed=1, toward_goals=1), runs=RUNS)
    met, between, total = set(), 0, 0
    for number, requests in log_of(generator).items():
        fitting = []
        for at, run in enumerate(RUNS):
            state, ahead = run.start, list(run.requests)
            for request in requests:
                after = ORACLE.decide(state, request)[0]
                if ahead and request is ahead[0]:
                    del ahead[0]
                elif after != state:
                    break
                state = after
            else:
                fitting += [] if ahead else [at]
        assert fitting, number
        met.update(fitting)
        total += len(requests)
        between += len(requests) - max(len(RUNS[at].requests) for at in fitting)
    assert met == set(range(len(RUNS)))
    assert 0 < between / total < BETWEEN


def test_a_log_toward_goals_that_begins_in_the_middle_has_the_end_of_its_runs():
    ends = {(decided(run.start, run.requests)[0], run.requests[-1]) for run in RUNS}
    generator = LogGenerator(system, LogOptions(100, seed=1, before=9, toward_goals=1), runs=RUNS)
    middle = 0
    for number, requests in log_of(generator).items():
        start = generator.start(number)
        assert (decided(start, requests)[0], requests[-1]) in ends
        middle += start not in {run.start for run in RUNS}
    assert middle > 20
