"""The oracle of the page: JavaScript that decides requests, with its checks and constraints."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from math import prod
from typing import Any

from statemachines.checker.slices import slices
from statemachines.exports.javascript import Module
from statemachines.exports.machine import names_of
from statemachines.language.expression import FALSE, TRUE, All, Expr, Not, conjunction, disjunction, negation
from statemachines.language.gates import Check
from statemachines.language.rules import Basis
from statemachines.language.system import System
from statemachines.language.terms import Term, Variable
from statemachines.semantics.decision import asks, handles
from statemachines.semantics.preconditions import variables_of

Json = dict[str, Any]


MOST_REQUESTS = 5_000
"""Of a system with more, it is not computed which are decided alike: that takes seconds for so many."""

WITHOUT = """\
let off = new Set();
const applies = (rules) => off.size === 0 || !rules.some((id) => off.has(id));
function without(ids) { off = new Set(ids); }
"""


class _Module(Module):
    """An oracle of which assumptions can be left out, as `statemachines.semantics.regulated.without` does."""

    def applied(self, rules: tuple[str, ...], condition: str) -> str:
        if not rules or self.system.register.basis(rules) is not Basis.ASSUMED:
            return condition
        return f"applies({self._constant('a', list(rules))}) && ({condition})"


def oracle_script(system: System, subjects: Collection[str] = ()) -> tuple[str, list[Json]]:
    """The oracle as a module that starts the explorer, and the checks in words, by the numbers that it knows them by.

    Beside `decide` it has `asked`, which gates and checks a request of each type meets, and `constraints`, what a state
    must satisfy.

    Parameters
    ----------
    subjects: the names of the fields that say whom a request concerns.

    Raises
    ------
    DeclarationError: for what `export javascript` refuses, too.
    """
    module = _Module(system)
    checks: dict[Check, int] = {}
    said: list[Json] = []

    def number(check: Check) -> int:
        if check not in checks:
            checks[check] = len(said)
            words = {"outcome": str(check.outcome.value), "reason": str(check.reason.value)}
            said.append({"label": check.label, **words, "rules": list(check.rules)})
        return checks[check]

    def gates() -> Iterator[str]:
        for kind in system.requests:
            parts = []
            for gate in system.gates:
                when = gate.when.given({}, kind)
                if handles(gate, kind) and when is not FALSE:
                    asked = [
                        f"[{number(check)}, {module.condition(check.fails_when.given({}, kind), check.rules)}, "
                        f"{module.condition(concerned(check.fails_when.given({}, kind), subjects))}]"
                        for check in gate.checks
                        if asks(check, kind)
                    ]
                    parts.append(f"[{json.dumps(gate.party.value)}, {module.condition(when)}, [{', '.join(asked)}]]")
            yield f"  [{json.dumps(kind.name)}, [{', '.join(parts)}]],"

    constraints = []
    for one in system.constraints:
        reads = dict.fromkeys(term.name for term in (*one.when.terms(), *one.then.terms()))
        conditions = f"{module.condition(one.when)}, {module.condition(one.then)}"
        constraints.append(
            f"  [{json.dumps(one.label)}, {json.dumps(list(one.rules))}, {conditions}, {json.dumps(list(reads))}],"
        )
    asked = ["const asked = new Map([", *gates(), "]);", "const constraints = [", *constraints, "];"]
    start = "explorer.start({ name, variables, requests, rules, initial, decide, asked, constraints, without });"
    return "\n".join([WITHOUT, module.text(), *asked, start]), said


def concerned(fails: Expr, subjects: Collection[str]) -> Expr:
    """Of which requests a check can fail at all, by their fields; `fails` is when it does.

    A check that reads no variable can fail of any request that concerns the same ones: a request that passed it has
    other values, and passed it by them.
    """
    if any(isinstance(term, Variable) for term in fails.terms()):
        return _possible(fails, lambda term: not isinstance(term, Variable))
    return _possible(fails, lambda term: term.name in subjects)


def _possible(expr: Expr, known: Callable[[Term], bool], *, holds: bool = True) -> Expr:
    """What has to be so of the known terms, for the expression to hold, or not to, for some values of the others."""
    if isinstance(expr, Not):
        return _possible(expr.part, known, holds=not holds)
    if isinstance(expr, All):
        parts = (_possible(part, known, holds=holds) for part in expr.parts)
        return conjunction(*parts) if holds else disjunction(*parts)
    if not all(map(known, expr.terms())):
        return TRUE
    return expr if holds else negation(expr)


def terms(system: System) -> Iterator[Json]:
    """Whatever has a value, with what machine files call it and each of its values, by the words that people read."""
    names = names_of(system)
    known: dict[str, Mapping[str, Term]] = {
        "variable": {variable.name: variable for variable in system.variables},
        "field": names.fields,
        "aspect": names.aspects,
    }
    for of, named in known.items():
        for name, term in named.items():
            words = [str(value.value) for value in term.domain]
            yield {
                "of": of,
                "id": name,
                "name": term.name,
                "values": dict(zip(words, names.of(term.domain), strict=True)),
            }


def alike(system: System) -> Json | None:
    """Which requests are decided alike, for searches; `None` for a system with too many to compute it.

    ``of`` has the class of each request; ``classes`` what those of a class may change, what decides their verdict,
    which verdicts they may get and which rules their transitions cite; ``influences``, for each variable, those that
    decide how it changes. Variables and verdicts are numbers.
    """
    if sum(prod(len(field.domain) for field in kind.fields) for kind in system.requests) > MOST_REQUESTS:
        return None
    known = slices(system)
    numbers = {name: number for number, name in enumerate(system.state_type.names)}
    verdicts: dict[tuple[Any, ...], int] = {}
    influences: dict[str, set[int]] = {name: set() for name in numbers}
    classes = []
    for request in known.distinct:
        grounded = request.grounded
        for change in request.changes:
            influences[change.variable.name] |= {numbers[name] for name in variables_of(change.when)}
        read = {term.name for ruling in grounded.rulings for term in ruling.when.terms() if isinstance(term, Variable)}
        given = [
            (*(str(one.value) if one else None for one in (v.outcome, v.at, v.reason, v.response)), *v.rules)
            for v in (ruling.verdict for ruling in grounded.rulings)
        ]
        classes.append(
            {
                "changes": sorted({numbers[change.variable.name] for change in request.changes}),
                "reads": sorted(numbers[name] for name in read),
                "verdicts": sorted({verdicts.setdefault(verdict, len(verdicts)) for verdict in given}),
                "rules": sorted({rule for move in grounded.moves for rule in move.transition.rules}),
            }
        )
    return {
        "of": list(known.kinds),
        "classes": classes,
        "verdicts": list(verdicts),
        "influences": [sorted(influences[name]) for name in numbers],
    }
