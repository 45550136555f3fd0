"""Traceability for machines."""

from typing import Any

from properties.tracing.traceability import Tally, Traceability, TracedRule


def trace_as_dict(traced: Traceability) -> dict[str, Any]:
    """Everything that goes back to each rule for machines, as `trace --json` prints it."""
    return {
        "systems": list(traced.systems),
        "rules": [_rule_as_dict(one, several=len(traced.systems) > 1) for one in traced.rules],
        "totals": {
            **_tally_as_dict(traced.tally),
            "by_family": {name: _tally_as_dict(tally) for name, tally in traced.by_family().items()},
            "by_basis": {name: _tally_as_dict(tally) for name, tally in traced.by_basis().items()},
            "by_kind": traced.by_kind(),
            "hanging": traced.hanging,
        },
        "problems": list(traced.problems),
    }


def _rule_as_dict(one: TracedRule, *, several: bool) -> dict[str, Any]:
    def of(system: str) -> dict[str, str]:
        return {"system": system} if several else {}

    return {
        "id": one.rule.id,
        "statement": one.rule.statement,
        "source": one.rule.source,
        "basis": one.rule.basis.value,
        "assumption": one.rule.assumption or None,
        "declarations": [
            {
                "kind": part.kind,
                "where": part.where,
                "words": part.words,
                "basis": part.basis.value,
                **of(part.system),
            }
            for part in one.declarations
        ],
        "properties": [
            {
                "name": part.name,
                "kind": part.kind,
                "basis": part.basis.value,
                "holds": part.holds,
                "exercised": part.exercised,
                **of(part.system),
            }
            for part in one.properties
        ],
        "diagrams": [part.path for part in one.diagrams],
        "exercised": one.exercised,
        "held": one.held,
    }


def _tally_as_dict(tally: Tally) -> dict[str, Any]:
    return {
        "rules": tally.rules,
        "bases": dict(tally.bases),
        "declared": tally.declared,
        "tested": tally.tested,
        "shown": tally.shown,
        "exercised": tally.exercised,
        "held": tally.held,
    }
