"""With rules alone, an entry deviates only where no order of checks and no aspect that is assumed could explain it."""

from itertools import product

import pytest

from properties.replay.events import SeenRequest, Stepping
from statemachines.checker.explicit import preconditions
from statemachines.language.terms import ASPECTS
from statemachines.semantics.comparison import differences
from statemachines.semantics.left_open import LeftOpen
from tests.statemachines.semantics.test_left_open import Flag, flags, system, verdicts


@pytest.mark.parametrize("order", ["ORDER-1", ""])
@pytest.mark.parametrize("place", ["PLACE-1", ""])
def test_what_an_assumed_order_or_aspect_explains_is_no_deviation(order, place):
    """It was said to break a rule that a source gives."""
    declared = system(order=order, place=place)
    left_open, stepping = LeftOpen.of(declared), Stepping(declared, only_regulated=True)
    explained = 0
    for asked in left_open.asked(preconditions(left_open.system)):
        for values in product(Flag, repeat=len(flags)):
            named = dict(zip(flags, values, strict=True))
            column = stepping.start({name: [value] for name, value in named.items()})
            as_declared, *others = verdicts(left_open, asked, declared.state(**named))
            given = {ruling.verdict for ruling in asked.grounded.rulings}
            for seen in given:
                shown = tuple((aspect, getattr(seen, aspect)) for aspect in ASPECTS)
                step = stepping.step((SeenRequest((asked.request,), shown),), column)
                possible = not all(differences(one, seen) for one in (as_declared, *others))
                assert bool(step.impossible[0]) is not possible, (str(asked.request), named, str(seen))
                explained += possible and bool(differences(as_declared, seen))
    assert explained
