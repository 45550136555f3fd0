"""XState v5: a system as a machine that `xstate` executes and its visualiser draws."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from statemachines.errors import DeclarationError
from statemachines.exports import Exported, Progress
from statemachines.exports.chart import NO_VERDICT, VERDICT, ChartArrow, arrows, decisions, expect_chart, words_of
from statemachines.language.claims import Claims
from statemachines.language.expression import TRUE, All, Among, Compared, Constant, Expr, Not
from statemachines.language.lifecycle import Lifecycle
from statemachines.language.requests import Field, RequestType
from statemachines.language.system import System
from statemachines.language.terms import Term


def export_xstate(claims: Claims) -> str:
    """A system as an ES module that has a machine of XState v5, `machine`.

    Parameters
    ----------
    claims: the system; what is claimed of it is not in the machine.

    Raises
    ------
    DeclarationError: for a name that JavaScript or the machine uses, or a state of empty words or of words that begin
        with ``#``.

    Examples
    --------
    >>> from examples.parcel_locker import claims
    >>> lines = export_xstate(claims).splitlines()
    >>> print(next(line.strip() for line in lines if "stateIn({" in line))
    "fails: there is room": not(stateIn({"box": "empty"})),
    """
    expect_chart(claims.system)
    return _Module(claims.system).text()


def exported(claims: Claims, only: Sequence[str] = (), progress: Progress | None = None) -> Exported:  # noqa: ARG001
    """The module for the command line: see `export_xstate`."""
    if only:
        raise DeclarationError("xstate says nothing of properties: leave --property out")
    system = claims.system
    return Exported(export_xstate(claims), f"{len(system.lifecycles) + 1} regions, {len(system.requests)} events")


class _Module:
    """The module in the making; each condition has one name."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.guards: dict[str, str] = {}
        self.taken: set[str] = set()

    def text(self) -> str:
        moves = arrows(self.system)
        raised = {event for each in moves.values() for arrow in each for event in arrow.events}
        states = {VERDICT: self._decider(raised)}
        states.update((one.name, self._region(one, moves[one.name])) for one in self.system.lifecycles)
        config = {"id": "machine", "type": "parallel", "context": {VERDICT: None}, "states": states}
        guards = [f"    {_json(name)}: {source}," for source, name in self.guards.items()]
        return "\n".join(
            [
                f"// {' '.join(self.system.name.split())}: written by `statemachines export xstate`. Do not edit.",
                'import { and, assign, not, or, raise, setup, stateIn } from "xstate";',
                "",
                "export const machine = setup({",
                "  actions: {",
                "    decide: assign((_, verdict) => ({ verdict })),",
                "    cite: assign(({ context }, { rules }) => ({",
                "      verdict: { ...context.verdict, rules: [...new Set([...context.verdict.rules, ...rules])] },",
                "    })),",
                "    pass: raise(({ event }) => ({ ...event, type: `passed.${event.type}` })),",
                "    refuse: raise(({ event }) => ({ ...event, type: `refused.${event.type}` })),",
                "  },",
                "  guards: {",
                *guards,
                "  },",
                f"}}).createMachine({json.dumps(config, indent=1)});",
                "",
            ]
        )

    def _decider(self, raised: set[str]) -> dict[str, Any]:
        """The region that decides: a state for each outcome, and every decision at the region itself."""
        words = [NO_VERDICT, *dict.fromkeys(str(value.value) for value in self.system.values_of("outcome"))]
        targets = _targets(VERDICT, words, ".")
        on = {kind.name: self._decisions(kind, raised, targets) for kind in self.system.requests}
        return {"initial": NO_VERDICT, "states": {word: _identified(targets[word]) for word in words}, "on": on}

    def _decisions(self, kind: RequestType, raised: set[str], targets: Mapping[str, str]) -> list[dict[str, Any]]:
        made = []
        for one in decisions(self.system, kind):
            actions: list[Any] = [{"type": "decide", "params": one.verdict}]
            name, event = ("pass", "passed") if one.verdict["passed"] else ("refuse", "refused")
            if f"{event}.{kind.name}" in raised:
                actions.append(name)
            target = targets[one.verdict["outcome"]]
            made.append({**self._guard(one.when, one.label), "target": target, "actions": actions})
        if not made or "guard" in made[-1]:
            made.append({"target": targets[NO_VERDICT], "actions": [{"type": "decide", "params": None}]})
        return made

    def _region(self, lifecycle: Lifecycle, moves: Sequence[ChartArrow]) -> dict[str, Any]:
        states: dict[str, Any] = {}
        targets = _targets(lifecycle.variable.name, words_of(lifecycle.variable))
        for value in lifecycle.variable.domain:
            on: dict[str, list[dict[str, Any]]] = {}
            for arrow in moves:
                if value in arrow.transition.source:
                    target, rules = str(arrow.transition.target.value), list(arrow.transition.rules)
                    cite = {"type": "cite", "params": {"rules": rules}}
                    drawn = {
                        **self._guard(arrow.when, arrow.when.words()),
                        "target": targets[target],
                        "actions": [cite],
                    }
                    for event in arrow.events:
                        on.setdefault(event, []).append(drawn)
            word = str(value.value)
            states[word] = _identified(targets[word]) | ({"on": on} if on else {})
        return {"initial": str(lifecycle.initial[0].value), "states": states}

    def _guard(self, when: Expr, words: str) -> dict[str, str]:
        if when is TRUE:
            return {}
        source = _source(when)
        if source not in self.guards:
            name, number = words, 2
            while name in self.taken:
                name, number = f"{words} ({number})", number + 1
            self.taken.add(name)
            self.guards[source] = name
        return {"guard": self.guards[source]}


def _source(expr: Expr) -> str:
    """The condition as a guard of XState."""
    match expr:
        case Constant():
            return f"() => {_json(expr.value)}"
        case Among():
            return _membership(expr)
        case Compared():
            return _comparison(expr)
        case Not():
            return f"not({_source(expr.part)})"
        case All():
            return f"and([{', '.join(_source(part) for part in expr.parts)}])"
    raise DeclarationError(f"a declaration cannot ask whether {expr.words()}; only a claim can")


def _membership(expr: Among) -> str:
    words = [str(value.value) for value in expr.term.domain if value in expr.values]
    if isinstance(expr.term, Field):
        asked = f"event.{expr.term.name} === {_json(words[0])}" if len(words) == 1 else _includes(words, expr.term)
        return f"({{ event }}) => {asked}"
    others = [word for word in words_of(expr.term) if word not in words]
    if len(others) < len(words):
        return f"not({_any(_state_in(expr.term, word) for word in others)})"
    return _any(_state_in(expr.term, word) for word in words)


def _comparison(expr: Compared) -> str:
    pairs = ((Among(expr.left, frozenset([value])), expr.with_left(value)) for value in expr.left.domain)
    return _any(f"and([{_membership(one)}, {_source(other)}])" for one, other in pairs)


def _any(sources: Any) -> str:
    every = list(sources)
    return every[0] if len(every) == 1 else f"or([{', '.join(every)}])"


def _state_in(term: Term, word: str) -> str:
    return f"stateIn({{{_json(term.name)}: {_json(word)}}})"


def _includes(words: Sequence[str], field: Field) -> str:
    return f"{_json(words)}.includes(event.{field.name})"


def _targets(region: str, words: Sequence[str], to: str = "") -> dict[str, str]:
    """The target that each state of a region is: its key, or its id where the key has a letter that targets use.

    XState lets a key escape such a letter; other programs that read its machines do not know that.
    """
    if wrong := [word for word in words if not word or word.startswith("#")]:
        raise DeclarationError(
            f"XState cannot have a state {wrong[0]!r} in {region!r}: expected a key without # at its start"
        )
    return {
        word: f"#{region}-{number}" if set(".\\").intersection(word) else f"{to}{word}"
        for number, word in enumerate(words)
    }


def _identified(target: str) -> dict[str, Any]:
    """What a state says of itself so that a target reaches it."""
    return {"id": target[1:]} if target.startswith("#") else {}


def _json(value: object) -> str:
    return json.dumps(value)
