"""Blame names rules that the suspected declaration cites, of what is in the sequence; a flaky target blames none."""

import random
from enum import Enum

import attrs

from properties.conformance.diagnosis.attribution import Attribution, Cause, merged
from properties.conformance.diagnosis.declarations import Declaration, DeclarationRole, Use, declarations
from properties.conformance.diagnosis.examination import examine
from properties.conformance.diagnosis.failing import FailingRun, taken
from properties.conformance.diagnosis.standing import Standing
from properties.conformance.failure_text import suspect
from properties.conformance.observation import Observation
from properties.conformance.targets.declared import DeclaredTarget
from properties.conformance.targets.misbehaviour import Misbehaviour
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
    after,
    always,
)
from statemachines.language.expression import IsA
from statemachines.language.terms import Observed


class Lamp(Enum):
    OFF = "off"
    ON = "on"


class Fuse(Enum):
    WHOLE = "whole"
    BLOWN = "blown"


class Say(Enum):
    WALL = "wall"
    YES = "yes"
    NO = "no"
    DONE = "done"
    NO_POWER = "there is no power"


lamp, fuse = Variable("lamp", Lamp), Variable("fuse", Fuse)
press, blow = RequestType("Press"), RequestType("Blow")
system = System(
    "a lamp",
    Register([Rule(f"L-{number}", "It is so.", "manual") for number in (1, 2, 3)]),
    lifecycles=[
        Lifecycle(lamp, Lamp.OFF, [Transition(Lamp.OFF, press, Lamp.ON, rules="L-1")]),
        Lifecycle(fuse, Fuse.WHOLE, [Transition(Fuse.WHOLE, blow, Fuse.BLOWN, rules="L-2")]),
    ],
    requests=[press, blow],
    gates=[
        Gate(
            Say.WALL,
            [
                Check("power", fails_when=fuse == Fuse.BLOWN, outcome=Say.NO, reason=Say.NO_POWER, rules="L-2"),
                Check("off", fails_when=lamp == Lamp.ON, outcome=Say.NO, reason=Say.DONE, rules="L-1"),
            ],
            on=[press],
        )
    ],
    answers=[Answer([press, blow], outcome=Say.YES, reason=Say.DONE, at=Say.WALL, rules="L-1")],
)
outcome = Observed("outcome", Say)
CLAIMS = Claims(
    system, [always("L-3 says it", when=IsA((press,)) & (fuse == Fuse.BLOWN), then=outcome == Say.NO, rules="L-3")]
)


class Odd(DeclaredTarget):
    def __init__(self, odd):
        super().__init__(system, system)
        self.odd = odd

    def send(self, request):
        return self.odd(request, super().send(request))


def test_only_rules_that_the_declaration_cites_are_named():
    """A claim under L-3 is broken as well; the check that is wrong follows L-2."""

    def odd(request, seen):
        refused = seen.shown["reason"] is Say.NO_POWER
        return Observation({**seen.shown, "outcome": Say.YES, "reason": Say.DONE}) if refused else seen

    causes = examine(CLAIMS, lambda: Odd(odd)).causes
    assert causes
    for cause in causes:
        assert set(cause.rules) <= set(cause.declaration.rules)


def test_every_declaration_has_a_label_of_its_own():
    """Two answers that say the same are told apart by their conditions."""
    (answer,) = system.answers
    besides = Answer([press], when=lamp == Lamp.OFF, outcome=Say.YES, reason=Say.DONE, at=Say.WALL, rules="L-2")
    again = Answer([press], outcome=Say.YES, reason=Say.DONE, at=Say.WALL, rules="L-1")
    blown = Answer([blow], outcome=Say.YES, reason=Say.DONE, at=Say.WALL, rules="L-1")
    assert declarations(system)[declarations(system).key_of(answer)].label == "the answer to Press or Blow: yes: done"
    other = declarations(system.varied(answers=[besides, again, blown]))
    labels = [other[other.key_of(one)].label for one in (besides, again, blown)]
    assert labels == [
        "the answer to Press: yes: done, where lamp is off",
        "the answer to Press: yes: done, in all other cases",
        "the answer to Blow: yes: done",
    ]


def test_what_has_the_same_rule_is_one_cause_that_names_each_declaration():
    runs = (FailingRun((), None), FailingRun((), None))
    first, second = (
        Cause(
            Declaration(f"check:{at}", f"the check {at}", rules),
            Use(f"check:{at}", role),
            ("L-1",),
            (run,),
            (True,),
            0.5,
        )
        for at, (run, rules, role) in enumerate(
            zip(runs, (("L-1", "L-2"), ()), (DeclarationRole.PASSED, DeclarationRole.DECIDED), strict=True)
        )
    )
    (cause,) = merged([first, second])
    assert (cause.declaration, cause.others, cause.explains) == (first.declaration, (second,), runs)
    assert suspect(cause) == "the check 0 (refuses what it should let pass) [L-1 L-2]"
    assert suspect(second) == "the check 1"


def test_a_check_that_is_asked_too_widely_is_named_with_the_request_that_it_is_not_for():
    refused = Observation({"outcome": Say.NO, "at": Say.WALL, "reason": Say.NO_POWER, "response": None})
    (wall,) = system.gates
    power, off = wall.checks
    gate = Gate(wall.party, [attrs.evolve(power, on=(press,)), off], on=[press, blow])
    asked_of_both = system.varied(gates=[gate])
    run = taken(asked_of_both, asked_of_both.state(), [blow()])
    (cause,) = Attribution(Claims(asked_of_both, []), {}).causes([FailingRun(run, refused)])
    assert suspect(cause) == "the check at the wall: power (is asked where it should not be: of Blow) [L-2]"


def test_what_no_request_of_the_sequence_changes_is_not_suspected():
    """A press is refused for want of power where nothing can have blown the fuse: the check itself is wrong."""
    run = taken(system, system.state(), [press()])
    refused = Observation({"outcome": Say.NO, "at": Say.WALL, "reason": Say.NO_POWER, "response": None})
    (cause,) = Attribution(CLAIMS, {}).causes([FailingRun(run, refused)])
    assert cause.declaration.label == "the check at the wall: power"
    pressed = taken(system, system.state(), [press(), press()])
    suspected = Attribution(CLAIMS, {})._suspected(FailingRun(pressed, refused))
    keys = declarations(system)
    assert all(keys[use.declaration].label != "Press leaves fuse as it is" for use in suspected)


def test_a_target_that_is_not_deterministic_is_blamed_for_no_rule():
    chance = random.Random(1)

    def odd(request, seen):
        return Observation({**seen.shown, "outcome": Say.WALL}) if chance.random() < 0.3 else seen

    examined = examine(CLAIMS, lambda: Odd(odd))
    assert examined.causes == ()
    assert examined.findings.misbehaviours()[Misbehaviour.NONDETERMINISTIC]
    rules = [examined.findings.rule(rule) for rule in system.register]
    assert {one.standing for one in rules} <= {Standing.NOT_TESTED, Standing.PASSED, Standing.PARTLY}
    assert "it answers the same sequence differently another time" in {one.reason for one in rules}


def test_what_goes_too_far_breaks_the_rule_of_the_transition_that_fires():
    """Blowing the fuse puts the lamp out, too; L-2 says of what blows that it leaves the lamp, and L-1 says nothing."""
    leaves = always(
        "what blows leaves the lamp",
        when=IsA((blow,)) & (lamp == Lamp.ON),
        then=after(lamp) == Lamp.ON,
        rules="L-2",
    )
    off = Transition(Lamp.ON, blow, Lamp.OFF, when=fuse == Fuse.BLOWN, rules="L-1")
    own = system.lifecycle("lamp")
    lamps = Lifecycle(lamp, Lamp.OFF, [*own.transitions, off])
    (wall,) = system.gates
    unpowered = Gate(wall.party, [check for check in wall.checks if check.label == "off"], on=[press])
    other = system.varied(lifecycles=[lamps, system.lifecycle("fuse")], gates=[unpowered])
    run = taken(other, other.state(), [press(), blow(), press()])
    seen = Observation({"outcome": Say.YES, "at": Say.WALL, "reason": Say.DONE, "response": None})
    (cause,) = Attribution(Claims(other, [leaves]), {}).causes([FailingRun(run, seen, wrong=1)])
    assert cause.use.role is DeclarationRole.HELD
    assert cause.rule == "L-2"


def test_a_property_has_not_passed_whose_rule_fails_in_its_case():
    """What the lamp is like afterwards, no answer says; another step of the case is as it should be."""
    stays = always("the lamp stays on", when=lamp == Lamp.ON, then=after(lamp) == Lamp.ON, rules="L-2")

    def odd(request, seen):
        refused = seen.shown["reason"] is Say.NO_POWER
        return Observation({**seen.shown, "outcome": Say.YES, "reason": Say.DONE}) if refused else seen

    claims = Claims(system, [stays])
    findings = examine(claims, lambda: Odd(odd)).findings
    assert findings.rule("L-2").standing is Standing.FAILED
    account = findings.property(stays)
    assert (account.standing, account.reason) == (Standing.BLOCKED, "L-2")
    right = examine(claims, lambda: DeclaredTarget(system, system)).findings.property(stays)
    assert right.standing is Standing.PASSED
