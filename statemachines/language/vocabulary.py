"""The vocabulary of a system: what conditions on its states and steps may speak of."""

from enum import Enum
from functools import cached_property

import attrs

from statemachines.errors import DeclarationError, UnknownNameError
from statemachines.language.expression import Expr, Reached, within
from statemachines.language.requests import Field
from statemachines.language.system import System
from statemachines.language.terms import After, Observed, Term, Variable


@attrs.frozen(eq=False)
class Vocabulary:
    """What claims of a system may speak of; every method refuses anything else, in the name of `where` it stands."""

    system: System
    _shown: dict[str, frozenset[type[Enum]]] = attrs.field(init=False, factory=dict)

    @cached_property
    def terms(self) -> frozenset[Term]:
        """The variables, and the fields of the requests."""
        return frozenset((*self.system.variables, *(field for kind in self.system.requests for field in kind.fields)))

    def expect(self, where: str, part: Expr) -> None:
        """Expect a condition on its states and steps."""
        for term in part.terms():
            self.expect_term(where, term)
        for one in within(part):
            if isinstance(one, Reached):
                self._expect_of_enum(where, "at", type(one.party))
        for term in part.terms():
            if isinstance(term, Observed):
                self.expect_known(where, term)

    def expect_term(self, where: str, term: Term) -> None:
        """Expect one of its variables, now or afterwards, one of its fields, or an aspect."""
        variable = term.variable if isinstance(term, After) else term
        if variable in self.terms:
            return
        if isinstance(variable, Variable):
            raise UnknownNameError(
                f"{where}: unknown variable {variable.name!r}; "
                f"the system has {', '.join(other.name for other in self.system.variables)}"
            )
        if isinstance(term, Field):
            raise DeclarationError(f"{where}: no request has the field {term.name!r}")

    def expect_known(self, where: str, term: Observed) -> None:
        """Expect an aspect with values that some verdict shows."""
        for kind in dict.fromkeys(map(type, term.domain)) if term.kind is not Enum else ():
            self._expect_of_enum(where, term.name, kind)

    def _expect_of_enum(self, where: str, aspect: str, kind: type[Enum]) -> None:
        """Refuse what no verdict can show: a value of another enum, which may even compare equal."""
        if aspect not in self._shown:
            self._shown[aspect] = frozenset(map(type, self.system.values_of(aspect)))
        kinds = self._shown[aspect]
        if kinds and kind not in kinds:
            names = ", ".join(sorted(each.__name__ for each in kinds))
            raise DeclarationError(
                f"{where} asks for a {kind.__name__} as the verdict's {aspect!r}, expected one of {names}"
            )
