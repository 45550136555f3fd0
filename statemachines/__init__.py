"""Declare a lifecycle once; decide, run, prove, walk and draw it.

This page is the public interface; what is not listed here may change without notice.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from statemachines.errors import DeclarationError
from statemachines.extras import MissingExtraError
from statemachines.language.claims import Claims, always, always_possible, indistinguishable, leads_to, sometimes
from statemachines.language.component import Component, Constraint
from statemachines.language.expression import Expr, Reached, all_of, any_of
from statemachines.language.family import Family
from statemachines.language.gates import Answer, Check, Gate, Verdict
from statemachines.language.lifecycle import Lifecycle, Transition, adding, fixed
from statemachines.language.numbers import Count, Number
from statemachines.language.requests import Field, Request, RequestType, is_a
from statemachines.language.rules import Passage, Register, Rule, Section
from statemachines.language.system import State, System
from statemachines.language.terms import Observed, Variable, after
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Trace, replay

if TYPE_CHECKING:
    from statemachines.checker.check import check
    from statemachines.checker.engine import Engine
    from statemachines.checker.findings import Finding, Report
    from statemachines.checker.wellformed import wellformed
    from statemachines.drawing.draw import draw
    from statemachines.exports.export import export
    from statemachines.exports.machine import export_machine
    from statemachines.exports.machine_reader import MachineFileError, read_machine
    from statemachines.exports.promela import export_promela
    from statemachines.semantics.live import LiveLifecycle, LiveSystem

__all__ = [
    "Answer",
    "Check",
    "Claims",
    "Component",
    "Constraint",
    "Count",
    "DeclarationError",
    "Engine",
    "Expr",
    "Family",
    "Field",
    "Finding",
    "Gate",
    "Lifecycle",
    "LiveLifecycle",
    "LiveSystem",
    "MachineFileError",
    "MissingExtraError",
    "Number",
    "Observed",
    "Oracle",
    "Passage",
    "Reached",
    "Register",
    "Report",
    "Request",
    "RequestType",
    "Rule",
    "Section",
    "State",
    "System",
    "Trace",
    "Transition",
    "Variable",
    "Verdict",
    "adding",
    "after",
    "all_of",
    "always",
    "always_possible",
    "any_of",
    "check",
    "draw",
    "export",
    "export_machine",
    "export_promela",
    "fixed",
    "indistinguishable",
    "is_a",
    "leads_to",
    "read_machine",
    "replay",
    "sometimes",
    "wellformed",
]


_LOADED_WHEN_ASKED_FOR = {
    "Engine": "statemachines.checker.engine",
    "Finding": "statemachines.checker.findings",
    "LiveLifecycle": "statemachines.semantics.live",
    "LiveSystem": "statemachines.semantics.live",
    "Report": "statemachines.checker.findings",
    "check": "statemachines.checker.check",
    "draw": "statemachines.drawing.draw",
    "MachineFileError": "statemachines.exports.machine_reader",
    "export": "statemachines.exports.export",
    "export_machine": "statemachines.exports.machine",
    "export_promela": "statemachines.exports.promela",
    "read_machine": "statemachines.exports.machine_reader",
    "wellformed": "statemachines.checker.wellformed",
}


def __getattr__(name: str) -> Any:
    """NumPy and `transitions` are loaded with what needs them: deciding one request needs neither."""
    if name in _LOADED_WHEN_ASKED_FOR:
        return getattr(import_module(_LOADED_WHEN_ASKED_FOR[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """What is public, whether or not it is loaded yet."""
    return list(__all__)
