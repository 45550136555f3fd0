"""What the page decides with: the JavaScript oracle, and what else it asks of the declarations."""

import json
from collections.abc import Iterator
from typing import Any

from statemachines.exports.javascript import Module
from statemachines.language.expression import FALSE
from statemachines.language.gates import Check
from statemachines.language.system import System
from statemachines.semantics.decision import asks, handles

Json = dict[str, Any]


def oracle_script(system: System) -> tuple[str, list[Json]]:
    """The oracle as a module that starts the explorer, and the checks in words, by the numbers that it knows them by.

    Beside `decide` it has `asked`, which gates and checks a request of each type meets, and `constraints`, what a state
    must satisfy.

    Raises
    ------
    DeclarationError: for what `export javascript` refuses, too.
    """
    module = Module(system)
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
                        f"[{number(check)}, {module.condition(check.fails_when.given({}, kind))}]"
                        for check in gate.checks
                        if asks(check, kind)
                    ]
                    parts.append(f"[{json.dumps(gate.party.value)}, {module.condition(when)}, [{', '.join(asked)}]]")
            yield f"  [{json.dumps(kind.name)}, [{', '.join(parts)}]],"

    constraints = [
        f"  [{json.dumps(one.label)}, {json.dumps(list(one.rules))}, {module.condition(one.when)}, "
        f"{module.condition(one.then)}],"
        for one in system.constraints
    ]
    asked = ["const asked = new Map([", *gates(), "]);", "const constraints = [", *constraints, "];"]
    start = "explorer.start({ name, variables, requests, rules, initial, decide, asked, constraints });"
    return "\n".join([module.text(), *asked, start]), said
