"""Declare a lifecycle once; decide, run, prove, walk and draw it.

This page is the public interface; what is not listed here may change without notice.
"""

from typing import TYPE_CHECKING, Any

from statemachines.core.claims import Claims, always, always_possible, indistinguishable, sometimes
from statemachines.core.errors import DeclarationError
from statemachines.core.expression import Expr, Observed, Reached, Variable, after
from statemachines.core.gates import Answer, Check, Gate, Verdict
from statemachines.core.lifecycle import Lifecycle, Transition, fixed
from statemachines.core.oracle import Oracle
from statemachines.core.requests import Field, Request, RequestType
from statemachines.core.rules import Register, Rule
from statemachines.core.system import Constraint, State, System
from statemachines.core.trace import Trace, replay

if TYPE_CHECKING:
    from statemachines.core.check import Finding, Report, check

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
    "replay",
    "sometimes",
]


def __getattr__(name: str) -> Any:
    """The checker is loaded when it is asked for: NumPy is not needed to decide one request."""
    if name in {"Finding", "Report", "check"}:
        from statemachines.core import check as checker  # noqa: PLC0415

        return getattr(checker, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
