"""Declare a lifecycle once; decide, run, prove, walk and draw it.

This page is the public interface; what is not listed here may change without notice.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from statemachines.core.claims import always, always_possible, indistinguishable, sometimes
from statemachines.core.errors import DeclarationError
from statemachines.core.expression import Expr, Reached
from statemachines.core.gates import Answer, Check, Gate, Verdict
from statemachines.core.lifecycle import Lifecycle, Transition, fixed
from statemachines.core.oracle import Oracle
from statemachines.core.requests import Field, Request, RequestType, is_a
from statemachines.core.rules import Register, Rule
from statemachines.core.system import Constraint, State
from statemachines.core.terms import Observed, Variable, after
from statemachines.core.trace import Trace, replay

if TYPE_CHECKING:
    from statemachines.core.check import Finding, Report, check
    from statemachines.core.declare import Claims, System
    from statemachines.core.live import LiveLifecycle, LiveSystem

__all__ = [
    "Answer",
    "Check",
    "Claims",
    "Constraint",
    "DeclarationError",
    "Expr",
    "Field",
    "Finding",
    "Gate",
    "Lifecycle",
    "LiveLifecycle",
    "LiveSystem",
    "Observed",
    "Oracle",
    "Reached",
    "Register",
    "Report",
    "Request",
    "RequestType",
    "Rule",
    "State",
    "System",
    "Trace",
    "Transition",
    "Variable",
    "Verdict",
    "after",
    "always",
    "always_possible",
    "check",
    "fixed",
    "indistinguishable",
    "is_a",
    "replay",
    "sometimes",
]


_LOADED_WHEN_ASKED_FOR = {
    "Claims": "statemachines.core.declare",
    "Finding": "statemachines.core.check",
    "LiveLifecycle": "statemachines.core.live",
    "LiveSystem": "statemachines.core.live",
    "Report": "statemachines.core.check",
    "System": "statemachines.core.declare",
    "check": "statemachines.core.check",
}


def __getattr__(name: str) -> Any:
    """NumPy and `transitions` are loaded with what needs them: deciding one request needs neither."""
    if name in _LOADED_WHEN_ASKED_FOR:
        return getattr(import_module(_LOADED_WHEN_ASKED_FOR[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
