"""Families: similar lifecycles, one for each value of a request's field."""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum

import attrs

from statemachines.errors import expected, expected_name
from statemachines.language.expression import Expr, any_of
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import Field
from statemachines.language.terms import Variable


@attrs.frozen(eq=False)
class Family:
    """Variables that are alike, one for each value of a field: the doors of a house, where a request says which.

    Parameters
    ----------
    name: a Python identifier; the variables are ``name_value``, in lower case.
    kind: the enum that the variables' values belong to.
    over: the field; the family has a variable for each value that it can have.
    ordered: whether "or later" makes sense of the variables' values.
    label: a variable in words, with ``{}`` where the value's words stand; ``name {}`` if not given.

    Examples
    --------
    >>> from statemachines import Field, RequestType
    >>> Side = Enum("Side", {"LEFT": "left", "RIGHT": "right"})
    >>> Door = Enum("Door", {"OPEN": "open", "SHUT": "shut"})
    >>> which = Field("which", Side)
    >>> Shut = RequestType("Shut", [which])
    >>> doors = Family("door", Door, which, label="{} door")
    >>> print(doors[Side.LEFT] == Door.OPEN)
    <condition: left door is open>
    >>> print(doors.requested(lambda door: door == Door.OPEN))
    <condition: (which is left and left door is open or which is right and right door is open)>
    >>> def shutting(door: Variable) -> list[Transition]:
    ...     return [Transition(Door.OPEN, Shut, Door.SHUT, rules="DOOR-1")]
    >>> for lifecycle in doors.lifecycles(Door.OPEN, shutting):
    ...     print(lifecycle.name, lifecycle.transitions[0].when)
    door_left <condition: which is left>
    door_right <condition: which is right>
    """

    name: str
    kind: type[Enum]
    over: Field
    ordered: bool = attrs.field(default=False, kw_only=True)
    label: str = attrs.field(kw_only=True)
    variables: Mapping[Enum, Variable] = attrs.field(init=False, repr=False)

    @label.default
    def _label_from_name(self) -> str:
        return self.name.replace("_", " ") + " {}"

    @variables.default
    def _one_for_each_value(self) -> Mapping[Enum, Variable]:
        expected_name(self.name, "the name")
        expected(self.over, Field, "what a family is over")
        return {
            which: Variable(
                f"{self.name}_{which.name.lower()}",
                self.kind,
                ordered=self.ordered,
                label=self.label.format(which.value),
            )
            for which in self.over.domain
        }

    def __getitem__(self, which: Enum) -> Variable:
        """The variable for a value of the field; `DeclarationError` for a value that the field cannot have."""
        return self.variables[self.over.checked(which)]

    def requested(self, condition: Callable[[Variable], Expr]) -> Expr:
        """Whether a condition holds of the variable that the request's field names.

        Parameters
        ----------
        condition: of a variable, the condition on it.
        """
        return any_of(*((self.over == which) & condition(variable) for which, variable in self.variables.items()))

    def lifecycles(
        self,
        initial: Enum | Iterable[Enum],
        transitions: Callable[[Variable], Iterable[Transition]],
        *,
        final: Enum | Iterable[Enum] | None = None,
    ) -> tuple[Lifecycle, ...]:
        """A lifecycle for each variable, in which requests with the field move the variable that they name.

        Parameters
        ----------
        initial: the state, or the states, that each may start in.
        transitions: of a variable, its transitions.
        final: the states that nothing need follow; by default those that no transition leaves.
        """
        made = (
            Lifecycle(variable, initial, [self._moving(which, move) for move in transitions(variable)])
            for which, variable in self.variables.items()
        )
        return tuple(one if final is None else attrs.evolve(one, final=final) for one in made)

    def _moving(self, which: Enum, move: Transition) -> Transition:
        if not any(self.over is field for field in move.on.fields):
            return move
        return attrs.evolve(move, when=(self.over == which) & move.when)
