"""Test systems against declarations, and declarations against themselves: the public names of the testing side.

What is not listed here may change without notice. A name is loaded when it is first asked for: most need the extra
``test``.

**Test an implementation** (pytest)

- `conformance_tests`: a class of tests in one's own test suite, one for each rule and claim.
- `vectors`: the test sequences as a JSON file, for teams that run no Python.

**Look**

- `Explorer`: a system, a run or a report as a page that one clicks through; a notebook shows it.

**Walk** (Hypothesis)

- `state_machine`: a Hypothesis state machine of a system and its claims, steered toward goals.
- `OracleTarget`: a system's oracle as a system under test.
- `Broken`: how a walk fails; its message has the shortest run that shows it.
- `Coverage`: the transitions and the kinds of verdict that walks reached.

**Plant a fault**: a changed copy of a system, to see what notices it

- `without_check`, `changed_check`, `moved_check`: a check left out, changed, made by another party.
- `without_gate`, `changed_gate`, `bypassing`: a party left out, changed, passed by.
- `with_answer`, `changed_answers`: an answer added, changed or left out.
- `with_transition`, `without_transitions`, `changed_transitions`: transitions added, left out, changed.
- `starting`: other initial states.
- `Fault`: a planted fault with the rule that it breaks and the claim that catches it.

**Mutate**: every such change that the operators make

- `mutants_of`: every mutant of a system.
- `strength_of`: which of them a suite kills, which are proved equivalent, which survive.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from properties.conformance.embedded import conformance_tests
    from properties.conformance.suite.vectors_file import vectors
    from properties.explorer.notebook import Explorer
    from properties.mutation.mutants import Mutant, Mutants, mutants_of
    from properties.mutation.planting import (
        Fault,
        bypassing,
        changed_answers,
        changed_check,
        changed_gate,
        changed_transitions,
        moved_check,
        starting,
        with_answer,
        with_transition,
        without_check,
        without_gate,
        without_transitions,
    )
    from properties.mutation.strength import Layers, Strength, strength_of
    from properties.walks.coverage import Coverage
    from properties.walks.runs import Broken, OracleTarget
    from properties.walks.stateful import state_machine

__all__ = [
    "Broken",
    "Coverage",
    "Explorer",
    "Fault",
    "Layers",
    "Mutant",
    "Mutants",
    "OracleTarget",
    "Strength",
    "bypassing",
    "changed_answers",
    "changed_check",
    "changed_gate",
    "changed_transitions",
    "conformance_tests",
    "moved_check",
    "mutants_of",
    "starting",
    "state_machine",
    "strength_of",
    "vectors",
    "with_answer",
    "with_transition",
    "without_check",
    "without_gate",
    "without_transitions",
]

_MODULES = {
    "properties.conformance.embedded": ("conformance_tests",),
    "properties.conformance.suite.vectors_file": ("vectors",),
    "properties.explorer.notebook": ("Explorer",),
    "properties.mutation.mutants": ("Mutant", "Mutants", "mutants_of"),
    "properties.mutation.planting": (
        "Fault",
        "bypassing",
        "changed_answers",
        "changed_check",
        "changed_gate",
        "changed_transitions",
        "moved_check",
        "starting",
        "with_answer",
        "with_transition",
        "without_check",
        "without_gate",
        "without_transitions",
    ),
    "properties.mutation.strength": ("Layers", "Strength", "strength_of"),
    "properties.walks.coverage": ("Coverage",),
    "properties.walks.runs": ("Broken", "OracleTarget"),
    "properties.walks.stateful": ("state_machine",),
}


def __getattr__(name: str) -> Any:
    """Hypothesis and NumPy are loaded with what needs them."""
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
