"""Words that are hard to draw, and a small system that is made of any words."""

from enum import Enum

from statemachines import (
    Answer,
    Check,
    Gate,
    Lifecycle,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
    always,
)
from statemachines.language.claims import Claims

POUND = ("£5 of credit", "20 °C", "½ full"), "top up by £5 – now"  # noqa: RUF001  # the dash is meant
CHINESE = ("开", "关", "锁"), "按"
EMOJI = ("😀 glad", "👩‍🔧 at work", "🇬🇧"), "cheer 🎉"
MARKUP = ("<b>&amp;</b>", 'say "hi" \\n\\l', "a %% b; {c} | #35; */ x"), "[*] --> `end` <br/> /* y"
ALL = {"pound": POUND, "chinese": CHINESE, "emoji": EMOJI, "markup": MARKUP}


def words_of(words: tuple[tuple[str, ...], str]) -> tuple[str, ...]:
    """Every text of a case."""
    return (*words[0], words[1])


def claims_of(values: tuple[str, ...], request: str) -> Claims:
    """A machine that goes through states of these values, and names, on one request of that label."""
    kind = Enum("Value", {value: value for value in values})  # type: ignore[misc]  # made of any words
    says = Enum("Says", {"YES": f"yes {request}", "NO": f"no {request}", "PARTY": f"party {request}"})  # type: ignore[misc]
    variable = Variable("v", kind, label=f"v {request}")
    asked = RequestType("K", label=request)
    first, *_, last = states = tuple(kind)
    arrows = [Transition(*states[at : at + 1], asked, states[at + 1], rules="R-1") for at in range(len(states) - 1)]
    system = System(
        f"system {request}",
        Register([Rule("R-1", f"A rule: {request}.", "here")]),
        lifecycles=[Lifecycle(variable, initial=first, transitions=arrows, final=[last])],
        requests=[asked],
        gates=[
            Gate(
                says.PARTY,
                [Check(f"check {request}", fails_when=variable == last, outcome=says.NO, reason=says.NO, rules="R-1")],
                on=[asked],
            )
        ],
        answers=[
            Answer([asked], outcome=says.YES, reason=says.YES, when=variable == first, rules="R-1"),
            Answer([asked], outcome=says.YES, reason=says.NO, rules="R-1"),
        ],
    )
    return Claims(system, [always(f"claim {request}", then=(variable == first) | (variable != first), rules="R-1")])
