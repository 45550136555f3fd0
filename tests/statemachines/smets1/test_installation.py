"""The installation as a whole: sound, and described exactly by its constraints, slice by slice."""

import subprocess
import sys

import numpy as np
import pytest

from statemachines.checker.encoding import Integers, Radices
from statemachines.checker.explicit import Space
from statemachines.checker.slices import Slices
from statemachines.checker.wellformed import wellformed
from statemachines.language.expression import All
from statemachines.semantics.preconditions import variables_of
from statemachines.smets1.installation import INSTALLATION

SERVICE_REQUEST_LIFECYCLES = ("command", "course", "effect")


@pytest.fixture(scope="module")
def slices() -> Slices:
    return Slices(INSTALLATION)


def satisfying(radices: Radices) -> Integers:
    """Every combination of values that breaks none of the constraints which speak of these variables alone.

    Made a variable at a time, so that what is broken already is not gone on with.
    """
    integers, known = np.zeros(1, dtype=np.int64), set()
    for variable in radices.variables:
        known.add(variable.name)
        integers = np.add.outer(integers, np.arange(len(variable.domain)) * radices.weight(variable)).ravel()
        for constraint in INSTALLATION.constraints:
            for part in constraint.then.parts if isinstance(constraint.then, All) else (constraint.then,):
                implied = constraint.when.implies(part)
                read = variables_of(implied).keys()
                if variable.name in read and read <= known:
                    integers = integers[radices.columns(integers).where(implied)]
    return integers


def exact(space: Space) -> tuple[int, int]:
    """How many states the constraints allow on a slice, and how many of these are reachable there."""
    allowed = satisfying(space.radices)
    return len(allowed), int((space.indices(allowed) >= 0).sum())


@pytest.mark.slow
def test_every_request_has_exactly_one_verdict_and_nothing_is_dead(slices):
    assert wellformed(INSTALLATION, slices).problems == ()
    assert len(slices.requests) == 2_540


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [name for name in INSTALLATION.state_type.names if name not in SERVICE_REQUEST_LIFECYCLES]
)
def test_on_every_slice_the_reachable_states_are_those_that_satisfy_the_constraints(slices, name):
    """So an installation file is refused only if, and on each slice whenever, its state cannot come about."""
    space = slices.space([name])
    allowed, reached = exact(space)
    assert allowed == reached == len(space)


def test_importing_the_installation_loads_no_numpy():
    code = "import sys, statemachines.smets1.edge.judging; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
