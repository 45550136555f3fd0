"""CUDD, by way of `dd`, in the place of OxiDD: the same encoding and the same algorithm on another library."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from statemachines.checker import symbolic_encoding

try:
    from dd import cudd

    MISSING = ""
except ImportError:  # its wheels for Linux alone have CUDD
    MISSING = "CUDD is left out: no `dd` with `dd.cudd` is installed (pip install dd)"


class Function:
    """A set of `dd`, with the names that OxiDD's has."""

    def __init__(self, manager: "Manager", of: Any) -> None:
        self.manager, self.of = manager, of

    def _made(self, of: Any) -> "Function":
        return Function(self.manager, of)

    def __and__(self, other: "Function") -> "Function":
        return self._made(self.of & other.of)

    def __or__(self, other: "Function") -> "Function":
        return self._made(self.of | other.of)

    def __invert__(self) -> "Function":
        return self._made(~self.of)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Function) and cast(bool, self.of == other.of)

    __hash__ = None  # type: ignore[assignment]  # nobody keeps sets by their value

    def equiv(self, other: "Function") -> "Function":
        """Where both are so or neither is."""
        return self._made(self.of.equiv(other.of))

    def ite(self, then: "Function", otherwise: "Function") -> "Function":
        """The one where it is so, and the other where it is not."""
        return self._made(self.manager.of.ite(self.of, then.of, otherwise.of))

    def apply_exists(self, _: object, other: "Function", cube: "Function") -> "Function":
        """Both at once, without the variables of a cube."""
        return self._made(cudd.and_exists(self.of, other.of, cube.of.support))

    def substitute(self, names: dict[str, str]) -> "Function":
        """With other variables in the place of some."""
        return self._made(self.manager.of.let(names, self.of))

    def satisfiable(self) -> bool:
        """Whether it has any member."""
        return cast(bool, self.of != self.manager.of.false)

    def sat_count(self, bits: int) -> int:
        """How many members it has; CUDD counts with 53 bits."""
        return int(self.of.count(bits))

    def node_count(self) -> int:
        """How many nodes its diagram has."""
        return int(self.of.dag_size)


class Manager:
    """What keeps the sets of `dd`."""

    def __init__(self, nodes: int, remembered: int, threads: int) -> None:  # noqa: ARG002
        self.of = cudd.BDD()
        self.of.configure(reordering=False)

    def true(self) -> Function:
        """Everything."""
        return Function(self, self.of.true)

    def false(self) -> Function:
        """Nothing."""
        return Function(self, self.of.false)

    def add_vars(self, count: int) -> range:
        """So many variables after the others."""
        first = len(self.of.vars)
        for number in range(first, first + count):
            self.of.add_var(f"x{number}")
        return range(first, first + count)

    def var(self, number: int) -> Function:
        """Where a variable is true."""
        return Function(self, self.of.var(f"x{number}"))


def _renaming(pairs: Iterable[tuple[int, Function]]) -> dict[str, str]:
    return {f"x{number}": bit.of.var for number, bit in pairs}


@contextmanager
def in_place_of_oxidd() -> Iterator[None]:
    """Sets of states that are made meanwhile are CUDD's."""
    names: dict[str, Any] = {"BCDDManager": Manager, "Renaming": _renaming}
    before = {name: getattr(symbolic_encoding, name) for name in names}
    for name, value in names.items():
        setattr(symbolic_encoding, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(symbolic_encoding, name, value)
