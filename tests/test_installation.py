"""The installation as a whole: sound, and described exactly by its constraints."""

import subprocess
import sys

import numpy as np
import pytest

from statemachines.core.explore import Columns, Space, explore
from statemachines.core.expression import conjunction
from statemachines.core.survey import survey
from statemachines.installation import INSTALLATION


@pytest.fixture(scope="module")
def space() -> Space:
    return explore(INSTALLATION)


def test_every_request_has_exactly_one_verdict_and_nothing_is_dead():
    found = survey(INSTALLATION)
    assert found.problems == ()
    assert found.pairs == len(found.space) * 1073


def test_the_reachable_states_are_exactly_those_that_satisfy_the_constraints(space):
    """So an installation file is refused if, and only if, it describes a state that cannot come about."""
    allowed = conjunction(*(rule.when.implies(rule.then) for rule in INSTALLATION.constraints))
    variables = INSTALLATION.variables
    radices = [len(variable.domain) for variable in variables]
    total = int(np.prod(radices))
    satisfying = 0
    for chunk in np.array_split(np.arange(total), 12):
        places = np.unravel_index(chunk, radices)
        columns = Columns(space.columns.names, tuple(place.astype(np.uint8) for place in places))
        where = columns.where(allowed)
        satisfying += int(where.sum())
        assert (space.lookup[chunk[where]] >= 0).all()
    assert satisfying == len(space)


def test_importing_the_installation_loads_no_numpy():
    code = "import sys, statemachines.judging; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
