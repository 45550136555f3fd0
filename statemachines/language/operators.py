"""Python's operators that mean nothing in a declaration: each is refused in words that say what to write instead."""

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from statemachines.errors import DeclarationError

ARITHMETIC = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "matmul": "@",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "divmod": "divmod",
    "pow": "**",
    "lshift": "<<",
    "rshift": ">>",
}
UNARY = {"neg": "-", "pos": "+", "abs": "abs", "round": "round"}
LOGIC = {"and": "&", "or": "|", "xor": "^"}
ORDER = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}

INSTEAD_OF_A_TRUTH_VALUE = (
    "combine conditions with & | ~ instead of and/or/not, write (a < b) & (b < c) instead of a < b < c, "
    "use is_in(...) instead of in, == instead of is, and a.implies(b) & b.implies(a) for conditions that are equal"
)


def both_ways(operators: Iterable[str]) -> list[str]:
    """The names of the binary operators, and of the same with the operands exchanged."""
    return [prefix + name for name in operators for prefix in ("", "r")]


def refuse(kind: type, operators: Iterable[str], message: Callable[[Any], str]) -> None:
    """Let a class refuse operators that it does not define itself.

    Parameters
    ----------
    kind: the class.
    operators: their names without the underscores; a type checker refuses them as it does what does not exist.
    message: of the object, what to write instead.
    """

    def refused(self: object, *_: object) -> NoReturn:
        raise DeclarationError(message(self))

    for operator in operators:
        name = f"__{operator}__"
        if name not in vars(kind):
            setattr(kind, name, refused)
