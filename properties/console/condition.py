"""Conditions on variables as options give them: ``lamp == ON and level >= 3``."""

import ast
import warnings
from collections.abc import Callable, Sequence
from enum import Enum
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from statemachines.errors import DeclarationError, StatemachinesError
from statemachines.language.expression import Expr, all_of, any_of, ranges
from statemachines.language.system import System
from statemachines.language.terms import Variable

COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: eq,
    ast.NotEq: ne,
    ast.Lt: lt,
    ast.LtE: le,
    ast.Gt: gt,
    ast.GtE: ge,
}


class ConditionError(StatemachinesError, ValueError):
    """A condition that cannot be understood, with the reason."""


def parse_condition(text: str, system: System) -> Expr:
    """The condition on the system's variables.

    Parameters
    ----------
    text: comparisons of a variable with one of its values, by name or number, or with another variable, joined by
        ``and``, ``or``, ``not`` and brackets; ``lamp in (ON, DIM)`` is one, too.

    Raises
    ------
    ConditionError: where it is nothing of this kind.
    UnknownNameError: where the system has no such variable.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # Python's advice on numbers such as 1if
            tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        raise ConditionError(f"the condition {text!r} cannot be understood: {error.msg}") from None
    except (MemoryError, RecursionError):
        raise ConditionError(f"the condition {text!r} cannot be understood: it is nested too deeply") from None
    except ValueError as error:
        raise ConditionError(f"the condition {text!r} cannot be understood: {error}") from None
    try:
        return _condition(tree.body, system)
    except (DeclarationError, ConditionError, RecursionError) as error:
        raise ConditionError(f"the condition {text!r}: {error}") from None


def _condition(node: ast.expr, system: System) -> Expr:
    match node:
        case ast.BoolOp(op=ast.And()):
            return all_of(*(_condition(part, system) for part in node.values))
        case ast.BoolOp(op=ast.Or()):
            return any_of(*(_condition(part, system) for part in node.values))
        case ast.UnaryOp(op=ast.Not()):
            return ~_condition(node.operand, system)
        case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[side]):
            return _comparison(system.lifecycle(name).variable, op, side, system)
    raise ConditionError(f"{ast.unparse(node)!r} is not a condition; expected a comparison such as 'lamp == ON'")


def _comparison(variable: Variable, op: ast.cmpop, side: ast.expr, system: System) -> Expr:
    if isinstance(op, ast.In | ast.NotIn):
        values: Sequence[ast.expr] = side.elts if isinstance(side, ast.Tuple | ast.List | ast.Set) else [side]
        among = variable.is_in(*(_value(variable, value) for value in values))
        return ~among if isinstance(op, ast.NotIn) else among
    compare = COMPARISONS.get(type(op))
    if compare is None:
        raise ConditionError("expected one of ==, !=, <, <=, >, >=, in, not in")
    if isinstance(side, ast.Name) and side.id in system.state_type.names and not _member(variable, side.id):
        result = compare(variable, system.lifecycle(side.id).variable)
    else:
        result = compare(variable, _value(variable, side))
    return result  # type: ignore[no-any-return]  # terms make conditions of comparisons


def _value(variable: Variable, node: ast.expr) -> Enum | int:
    match node:
        case ast.Name(id=name):
            member = _member(variable, name)
            if member is not None:
                return member
        case ast.Constant(value=int() as number) if variable.counts and type(number) is int:
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as number)) if variable.counts:
            return -number
    expected = ranges(variable.domain) if variable.counts else ", ".join(member.name for member in variable.domain)
    raise ConditionError(f"{variable.name!r} cannot be {ast.unparse(node)}; expected one of: {expected}")


def _member(variable: Variable, name: str) -> Enum | None:
    return next((member for member in variable.domain if member.name == name), None)
