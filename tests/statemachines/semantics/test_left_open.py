"""What assumptions decide of verdicts is as open here as where requests are decided on the rules alone."""

from enum import Enum
from itertools import product

from statemachines import Answer, Check, Field, Gate, Observed, Register, RequestType, Rule, System, Variable, fixed
from statemachines.language.expression import Moment
from statemachines.language.terms import ASPECTS
from statemachines.semantics.left_open import LeftOpen
from statemachines.semantics.preconditions import preconditions
from statemachines.semantics.regulated import PossibleStates, RegulatedOracle

Flag = Enum("Flag", {"DOWN": "down", "UP": "up"})
Party = Enum("Party", {"FIRST": "first", "SECOND": "second", "THIRD": "third"})
Outcome = Enum("Outcome", {"DONE": "done", "REFUSED": "refused", "STOPPED": "stopped"})
Why = Enum("Why", {"NONE": "none", "A": "a", "B": "b", "C": "c", "D": "d", "E": "e"})

REGISTER = Register(
    [
        Rule("R-1", "It is so.", "the manual"),
        Rule("ORDER-1", "In this order.", "none", "all"),
        Rule("PLACE-1", "At this place.", "none", "all"),
        Rule("PARTY-1", "This party refuses.", "none", "all", decides="at"),
        Rule("PARTY-2", "This party, too.", "none", "all", decides="at"),
    ]
)
flags = {name: Variable(name, Flag) for name in "abcde"}
loud = Field("loud", Flag)
Ask, Tell = RequestType("Ask", [loud]), RequestType("Tell")
at, reason = Observed("at", Party), Observed("reason", Why)


def _check(name, rules="R-1"):
    outcome = Outcome.STOPPED if name == "d" else Outcome.REFUSED
    return Check(name, fails_when=flags[name] == Flag.UP, outcome=outcome, reason=Why[name.upper()], rules=rules)


def system(*, order="ORDER-1", place="PLACE-1", party="R-1 PARTY-1", third="R-1"):
    return System(
        "orders",
        REGISTER,
        lifecycles=[fixed(flag) for flag in flags.values()],
        requests=[Ask, Tell],
        gates=[
            Gate(Party.FIRST, [_check("a"), _check("b", party)], on=[Ask, Tell], order=order),
            Gate(Party.SECOND, [_check("c"), _check("d")], on=[Ask, Tell], party_order=place),
            Gate(Party.THIRD, [_check("e", third)], on=[Ask], when=loud == Flag.UP),
        ],
        answers=[Answer(outcome=Outcome.DONE, reason=Why.NONE, rules="R-1")],
    )


def verdicts(left_open, asked, state):
    """The verdicts on a request, one for each two values of the variables."""
    variables = (left_open.first, left_open.aspect)
    for values in product(*(variable.domain for variable in variables)):
        named = {variable.name: value for variable, value in zip(variables, values, strict=True)}
        moment = Moment({**named, **state.as_dict()})
        yield next(ruling.verdict for ruling in asked.grounded.rulings if ruling.when.holds(moment))


def _compared(declared):
    left_open, rules = LeftOpen.of(declared), RegulatedOracle(declared)
    for asked in left_open.asked(preconditions(left_open.system)):
        for values in product(Flag, repeat=len(flags)):
            state = declared.state(**dict(zip(flags, values, strict=True)))
            _, verdict = rules.decide(PossibleStates((state,)), asked.request)
            as_declared, *others = verdicts(left_open, asked, state)
            assert not any(getattr(as_declared, one) is not getattr(verdict, one) for one in ASPECTS)
            differing = [
                one for one in ASPECTS if any(getattr(as_declared, one) is not getattr(other, one) for other in others)
            ]
            yield differing, [one for one in ASPECTS if one in verdict.unspecified]


def test_what_is_otherwise_is_what_is_unspecified():
    compared = [
        one
        for order, place, party in product(["ORDER-1", ""], ["PLACE-1", ""], ["R-1 PARTY-1", "R-1"])
        if order or place or party != "R-1"
        for one in _compared(system(order=order, place=place, party=party))
    ]
    assert all(differing == unspecified for differing, unspecified in compared)
    assert {tuple(differing) for differing, _ in compared} == {
        (), ("at",), ("reason",), ("at", "reason"), ("outcome", "at", "reason")
    }  # fmt: skip


def test_where_rules_decide_every_verdict_nothing_is_left_open():
    assert LeftOpen.of(system(order="", place="", party="R-1")) is None
