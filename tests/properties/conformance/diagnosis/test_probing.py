"""What a target is asked besides, once it differs: on what it depends, and whether a check is made at all."""

import attrs

from examples.parcel_locker import Box, Code, Put, Take, code, locker, parcel, right_code, system
from properties.conformance.diagnosis.declarations import declarations
from properties.conformance.diagnosis.dependence import NOT_KNOWN, dependence
from properties.conformance.diagnosis.failing import FailingRun, taken
from properties.conformance.diagnosis.masked_checks import MaskedChecks
from properties.conformance.targets.declared import DeclaredTarget
from statemachines.language.expression import FALSE

EMPTY, FULL, OVERDUE = (system.state(box=value) for value in (Box.EMPTY, Box.FULL, Box.OVERDUE))
TAKE, WRONG = Take(code=Code.RIGHT), Take(code=Code.WRONG)


def locker_with(*checks):
    gate = attrs.evolve(locker, checks=checks)
    return DeclaredTarget(system.varied(gates=[gate]), system)


def first_failure(target, start, *requests, wrong=0):
    target.reset(start)
    *_, seen = [target.send(request) for request in requests]
    return FailingRun(taken(system, start, requests), seen, wrong=wrong)


def test_a_condition_too_many_is_found():
    strict = attrs.evolve(right_code, fails_when=(code == Code.WRONG) | (system.variables[0] == Box.OVERDUE))
    target = locker_with(strict, parcel)
    assert dependence(target, system, first_failure(target, OVERDUE, TAKE)).extra == {"box"}


def test_a_condition_that_is_left_out_is_found():
    target = locker_with(attrs.evolve(right_code, fails_when=FALSE), parcel)
    assert dependence(target, system, first_failure(target, OVERDUE, WRONG)).ignored == {"code"}


def test_a_run_of_which_no_step_is_known_to_be_wrong_tells_nothing():
    target = locker_with(parcel)
    assert dependence(target, system, first_failure(target, FULL, WRONG, wrong=None)) is NOT_KNOWN


def unmasked(target, run):
    return MaskedChecks(declarations(system), target, [EMPTY, FULL]).unmasked(run)


def test_a_check_that_is_not_made_is_told_from_one_that_comes_too_late():
    lacking, late = locker_with(parcel), locker_with(parcel, right_code)
    run = first_failure(lacking, EMPTY, WRONG)
    shown = unmasked(lacking, run)
    assert (shown.run[0].before, shown.seen.as_dict()["outcome"], shown.wrong) == (FULL, "yes", 0)
    assert not shown.check_made
    of_late = unmasked(late, run)
    assert (of_late.run, of_late.check_made) == (run.run, True)


def test_what_is_refused_for_its_own_reason_alone_is_not_asked_again():
    target = locker_with(right_code, parcel)
    run = first_failure(target, FULL, Put())
    assert unmasked(target, run) is run


def test_where_the_second_check_refuses_in_every_state_another_request_tells_that_the_first_is_made():
    other = system.varied(gates=[attrs.evolve(locker, checks=[parcel, right_code])])
    code_first = DeclaredTarget(system, other)
    code_first.reset(EMPTY)
    run = FailingRun(taken(other, EMPTY, [WRONG]), code_first.send(WRONG), wrong=0)
    for request, made in ((TAKE, True), (WRONG, False), (Put(), False)):
        masked = MaskedChecks(declarations(other), code_first, [EMPTY, FULL], taken(other, EMPTY, [request]))
        assert masked.unmasked(run).check_made is made
