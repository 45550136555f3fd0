"""Shortest runs to states that satisfy conditions: of many conditions at once, by several processes.

Conditions that are decided on one slice are one process's, since exploring the slice takes longest.
"""

from collections.abc import Callable, Hashable, Sequence
from math import prod

from properties.mutation.processes import worked_ahead
from properties.mutation.run_codes import Coded, RunCodes
from statemachines.checker.slices import Slices
from statemachines.language.expression import Expr
from statemachines.semantics.preconditions import structural_key, variables_of
from statemachines.semantics.trace import Scenario


def nearest(slices: Slices, conditions: Sequence[Expr], jobs: int) -> Callable[[Expr], Scenario | None]:
    """For each of some conditions on variables a shortest run to a state that satisfies it; ``None`` if none does.

    Parameters
    ----------
    slices: of the system.
    conditions: which are asked for afterwards, by identity.
    jobs: how many processes look for them.
    """
    keys = {id(condition): structural_key(condition) for condition in conditions}
    distinct = dict(zip((keys[id(condition)] for condition in conditions), conditions, strict=True))
    groups: dict[frozenset[str], list[Hashable]] = {}
    for key, condition in distinct.items():
        groups.setdefault(slices.cone(variables_of(condition).keys()), []).append(key)
    sizes = {variable.name: len(variable.domain) for variable in slices.system.variables}
    largest_first = sorted(groups, key=lambda names: -prod(sizes[name] for name in names))
    codes = RunCodes(slices.system)

    def work(number: int) -> list[Coded | None]:
        firsts = (slices.first(distinct[key]) for key in groups[largest_first[number]])
        return [codes.coded(*first.path()) if first else None for first in firsts]

    found: dict[Hashable, Scenario | None] = {}
    with worked_ahead(work, range(len(groups)), jobs) as worked:
        for number in reversed(range(len(groups))):
            for key, coded in zip(groups[largest_first[number]], worked(number), strict=True):
                found[key] = Scenario(*codes.run(coded)) if coded else None
    return lambda condition: found[keys[id(condition)]]
