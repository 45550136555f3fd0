"""First-order mutants of a system, made from the conditions and the other parts of its declarations.

Initial states are not mutated. A system under test is put into a state that the suite names, so that its own initial
state is never observed.
"""

from collections.abc import Callable, Hashable
from functools import cached_property, partial
from random import Random

import attrs

from properties.mutation.drafts import Draft, drafting
from properties.mutation.operators import Operator
from statemachines.errors import DeclarationError
from statemachines.language.lifecycle import Transition
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.semantics.overlaps import overlaps

MOST_DRAWN = 10
"""How often a second mistake is drawn for each pair that is wanted."""


@attrs.frozen(eq=False)
class Mutant:
    """One mutant.

    Parameters
    ----------
    name: ``"M0001"``; numbered in the order of the declarations.
    operator: which was applied.
    where: the declaration, in words.
    what: the change, in words.
    kinds: the types of request whose declarations differ; all others are processed as before.
    make: makes the mutant.
    original: the system that it is compared with, which has the same variables; they are those of the mutated system,
        and the last one may be what the mutant remembers besides.
    exclusive: whether no two of its transitions can fire at once, though their conditions alone do not show it.
    kept: the variable that is not reset between two sequences; empty if all are.
    rules: the ids of the rules that the declaration follows.
    after: of a mutant that remembers more than the state, the transition until whose firing nothing differs.
    """

    name: str
    operator: Operator
    where: str
    what: str
    kinds: tuple[RequestType, ...]
    make: Callable[[], System]
    original: System
    exclusive: bool = False
    kept: str = ""
    rules: tuple[str, ...] = ()
    after: Transition | None = None

    @cached_property
    def system(self) -> System:
        """The mutant, made when it is first asked for."""
        return self.make()

    def __str__(self) -> str:
        return f"{self.name} {self.where}: {self.what}"


@attrs.frozen(eq=False)
class RefusedMutant:
    """A change that is no mutant: the framework refuses it, or two transitions of one lifecycle can fire at once.

    Parameters
    ----------
    operator, where, what: as of a mutant.
    why: the message of the error.
    """

    operator: Operator
    where: str
    what: str
    why: str


@attrs.frozen(eq=False)
class Mutants:
    """The mutants of a system.

    Parameters
    ----------
    original: the system.
    mutants: in the order of the declarations, each change once.
    refused: the changes that are no mutants.
    """

    original: System
    mutants: tuple[Mutant, ...]
    refused: tuple[RefusedMutant, ...]


def mutants_of(system: System) -> Mutants:
    """Every mutant of a system, each once; the same in every process."""
    made: list[Mutant] = []
    refused: list[RefusedMutant] = []
    known: set[Hashable] = set()
    for draft in (draft for part in drafting(system) for draft in part(system)):
        if draft.key in known:
            continue
        known.add(draft.key)
        try:
            mutant = _made(system, draft)
        except DeclarationError as error:
            refused.append(RefusedMutant(draft.operator, draft.where, draft.what, str(error)))
            continue
        name = f"M{len(made) + 1:04}"
        made.append(
            Mutant(name, draft.operator, draft.where, draft.what, draft.kinds, partial(_itself, mutant), system)
        )
    return Mutants(system, tuple(made), tuple(refused))


def _made(system: System, draft: Draft) -> System:
    mutant = draft.make()
    for new, old in zip(mutant.lifecycles, system.lifecycles, strict=True):
        for problem in overlaps(new) if new is not old else ():
            raise DeclarationError(problem)
    return mutant


def pairs_of(mutants: Mutants, count: int, seeded: int = 0) -> tuple[Mutant, ...]:
    """So many mutants with two mistakes: one of those that were made, with one more change; drawn by the seed.

    >>> from examples.parcel_locker import system
    >>> [mutant.name for mutant in pairs_of(mutants_of(system), 2)]
    ['P0001', 'P0002']
    """
    draw, made, known = Random(seeded), list[Mutant](), set[tuple[str, str, str]]()
    for _ in range(count * MOST_DRAWN if mutants.mutants else 0):
        if len(made) == count:
            break
        first = draw.choice(mutants.mutants)
        parts = list(drafting(first.system))
        drafts = list(draw.choice(parts)(first.system))
        if not drafts:
            continue
        second = draw.choice(drafts)
        if (first.name, second.where, second.what) in known:
            continue
        known.add((first.name, second.where, second.what))
        try:
            system = _made(first.system, second)
        except DeclarationError:
            continue
        name, kinds = f"P{len(made) + 1:04}", tuple(dict.fromkeys((*first.kinds, *second.kinds)))
        what = f"{first.what}; {second.where}: {second.what}"
        made.append(Mutant(name, Operator.TWO, first.where, what, kinds, partial(_itself, system), mutants.original))
    return tuple(made)


def _itself(system: System) -> System:
    return system
