"""A goal counts as shown only if the aspects that the target showed can tell."""

from enum import Enum

import attrs
import pytest

from properties.conformance.diagnosis.campaign import Campaign, CampaignResult, Ending, Status, divided
from properties.conformance.diagnosis.examination import examine
from properties.conformance.diagnosis.standing import Standing
from properties.conformance.diagnosis.visibility import Visibility
from properties.conformance.observation import Observation
from properties.conformance.statement import parse_statement
from properties.conformance.suite.regulated_suite import regulated_suite
from properties.conformance.suite.store import suite_of
from properties.conformance.targets.declared import DeclaredTarget
from properties.smets1.installation import CLAIMS
from properties.smets1.profile import PROFILE
from statemachines import (
    Answer,
    Check,
    Claims,
    Gate,
    Lifecycle,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
    always,
    always_possible,
)
from statemachines.language.expression import IsA
from statemachines.language.terms import ASPECTS, Observed, after


class Lamp(Enum):
    OFF = "off"
    ON = "on"


class Bell(Enum):
    SILENT = "silent"
    RINGING = "ringing"


class Say(Enum):
    DESK = "desk"
    YES = "yes"
    NO = "no"
    DONE = "done"
    IS_ON = "it is on"
    NO_CARD = "there is no card"


def desk():
    """A desk with a lamp that a check reads, and a bell of which nothing depends."""
    lamp, bell = Variable("lamp", Lamp), Variable("bell", Bell)
    press, ring = RequestType("Press"), RequestType("Ring")
    system = System(
        "a desk",
        Register([Rule(f"D-{number}", "It is so.", "manual") for number in (1, 2, 3, 4)]),
        lifecycles=[
            Lifecycle(lamp, Lamp.OFF, [Transition(Lamp.OFF, press, Lamp.ON, rules="D-1")]),
            Lifecycle(bell, Bell.SILENT, [Transition(Bell.SILENT, ring, Bell.RINGING, rules="D-2")]),
        ],
        requests=[press, ring],
        gates=[
            Gate(
                Say.DESK,
                [
                    Check("it is off", fails_when=lamp == Lamp.ON, outcome=Say.NO, reason=Say.IS_ON, rules="D-3"),
                    Check("card", fails_when=lamp == Lamp.ON, outcome=Say.NO, reason=Say.NO_CARD, rules="D-4"),
                ],
                on=[press],
            )
        ],
        answers=[Answer([press, ring], outcome=Say.YES, reason=Say.DONE, at=Say.DESK, rules="D-1")],
    )
    reason = Observed("reason", Say)
    claims = [
        always("on, it says so", when=IsA((press,)) & (lamp == Lamp.ON), then=reason == Say.IS_ON, rules="D-3"),
        always("a press lights it", when=IsA((press,)), then=after(lamp) == Lamp.ON, rules="D-1"),
        always("a ring rings", when=IsA((ring,)), then=after(bell) == Bell.RINGING, rules="D-2"),
        always("only a ring rings", when=after(bell) != bell, then=IsA((ring,)), rules="D-2"),
        always_possible("it can be on", goal=lamp == Lamp.ON, rules="D-1"),
    ]
    return Claims(system, claims)


class Shows(DeclaredTarget):
    """A target that shows these aspects only, perhaps its state, and of which one variable never changes."""

    def __init__(self, system, aspects, stays="", *, looks=False):
        super().__init__(system, system)
        self.aspects, self.stays, self.looks = aspects, stays, looks

    def send(self, request):
        before = self._state
        seen = super().send(request)
        if self.stays:
            self._state = self.system.replace(self._state, **{self.stays: before.as_dict()[self.stays]})
        shown = {aspect: seen.shown[aspect] for aspect in self.aspects}
        return Observation(shown, after=self._state.as_dict() if self.looks else {})


ALL = ("outcome", "at", "reason", "response")


@pytest.fixture(scope="module")
def claims():
    return desk()


@pytest.fixture
def standing(claims):
    def examined(*aspects, stays="", looks=False):
        findings = examine(claims, lambda: Shows(claims.system, aspects, stays, looks=looks)).findings
        return findings, {rule: findings.rule(rule) for rule in claims.system.register}

    return examined


def test_what_no_answer_depends_on_cannot_be_seen_though_everything_is_shown(standing):
    findings, rules = standing(*ALL)
    assert rules["D-2"].standing is Standing.UNSEEN
    assert (rules["D-2"].shown, rules["D-2"].goals) == (0, 3)
    assert rules["D-2"].reason == "no answer in the sequences depends on it"
    assert findings.visibility.transition_hidden("bell/0")
    assert not findings.visibility.transition_hidden("lamp/0")


def test_a_target_that_lacks_it_altogether_gets_no_other_result(standing):
    _, without = standing(*ALL, stays="bell")
    assert without["D-2"].standing is Standing.UNSEEN
    _, dark = standing(*ALL, stays="lamp")
    assert dark["D-1"].standing is Standing.FAILED


def test_everything_shown_everything_else_passes(standing):
    _, rules = standing(*ALL)
    assert rules["D-1"].standing is rules["D-3"].standing is Standing.PASSED


def test_of_a_reason_that_is_not_shown_nothing_counts_as_shown(standing):
    """Which of two checks comes first shows in the reason alone; that it is refused, in the outcome."""
    _, whole = standing(*ALL)
    _, rules = standing("outcome")
    assert (whole["D-4"].standing, whole["D-4"].shown) == (Standing.PASSED, whole["D-4"].goals)
    assert (rules["D-4"].standing, rules["D-4"].shown) == (Standing.PARTLY, 1)
    assert rules["D-4"].reason == "it would show in the reason, which the target does not show"
    assert rules["D-1"].standing is Standing.PASSED
    assert rules["D-3"].standing is Standing.PARTLY
    assert 0 < rules["D-3"].shown < rules["D-3"].goals


def test_a_claim_on_a_reason_that_is_not_shown_cannot_be_seen(claims, standing):
    findings, _ = standing("outcome")
    by_name = {claim.name: findings.property(claim) for claim in claims.claims}
    assert by_name["on, it says so"].standing is Standing.UNSEEN
    assert by_name["a press lights it"].standing is Standing.PASSED
    assert by_name["it can be on"].standing is Standing.UNSEEN
    whole, _ = standing(*ALL)
    assert whole.property(claims.named("on, it says so")).standing is Standing.PASSED


def test_what_was_compared_is_counted(standing):
    findings, _ = standing("outcome", "at")
    steps = sum(len(result.shown) for result in findings.campaign.results)
    assert findings.visibility.compared == {"outcome": steps, "at": steps}


def test_what_no_answer_depends_on_is_seen_where_the_state_is_shown(standing):
    findings, rules = standing(*ALL, looks=True)
    assert (rules["D-2"].standing, rules["D-2"].shown) == (Standing.PASSED, rules["D-2"].goals)
    assert not findings.visibility.transition_hidden("bell/0")
    findings, rules = standing(*ALL, stays="bell", looks=True)
    assert rules["D-2"].standing is Standing.FAILED
    assert [len(run.run) for run in rules["D-2"].cause.explains][:1] == [1]


@pytest.mark.parametrize("aspects", [(), ("outcome",), ("response",)])
def test_an_answer_that_a_later_one_repeats_is_shown_by_whatever_is_shown_of_it(aspects):
    """Nothing tells which of the two was given, so no aspect of them can tell more than another."""
    ring, lamp = RequestType("Ring"), Variable("lamp", Lamp)
    said = {"outcome": Say.YES, "reason": Say.DONE, "at": Say.DESK, "rules": "D-1"}
    system = System(
        "a desk that says the same twice",
        Register([Rule("D-1", "It is so.", "manual")]),
        lifecycles=[Lifecycle(lamp, Lamp.OFF, [Transition(Lamp.OFF, ring, Lamp.ON, rules="D-1")])],
        requests=[ring],
        answers=[Answer([ring], when=lamp == Lamp.OFF, **said), Answer([ring], **said)],
    )
    visibility = examine(Claims(system, ()), lambda: Shows(system, aspects)).findings.visibility
    campaign = visibility.campaign
    (goal,) = (goal for goal in campaign.suite.goals.values() if goal.key.endswith("/same"))
    (result, at) = next(
        (result, at) for result in campaign.results for at, key in result.section.vector.reached if key == goal.key
    )
    nothing = "it would show in the outcome, at, reason or response, which the target does not show"
    assert visibility.hidden(goal, result, at) == ("" if aspects else nothing)


@pytest.mark.slow
def test_with_rules_alone_nothing_is_shown_that_was_not_compared():
    """Where a target is put into a state on the way, what was open before was taken to be compared from there on."""
    whole = suite_of(CLAIMS)
    statement = parse_statement({"not_supported": {"UpdateFirmware": "next year"}}, CLAIMS.system, PROFILE)
    restarted = {one: divided(whole.trace(one), one, statement)[0][1:] for one in whole.vectors}
    vectors = [one for one, sections in restarted.items() if sections]
    suite = regulated_suite(attrs.evolve(whole, vectors=tuple(vectors[::3])))
    sections = [section for one in vectors[::3] for section in restarted[one]]
    results = [
        CampaignResult(section, Ending(Status.PASSED, aspects=(frozenset(ASPECTS),) * len(section.steps)))
        for section in sections
    ]
    assert results
    visibility = Visibility(CLAIMS, Campaign(suite, statement, tuple(results), {}, 0, 0.0))
    for result in results:
        compared = suite.trace(result.section.vector).steps
        for at, step in zip(result.shown, visibility.shown(result).trace.steps, strict=True):
            assert step.verdict.unspecified == compared[at].verdict.unspecified
