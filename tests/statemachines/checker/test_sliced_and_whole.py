"""Every property decided on slices, and again on the whole: the answers are the same, and runs as long."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from properties.smets1.fleet import claims_of
from statemachines import check
from statemachines.checker.slices import Slices
from statemachines.smets1.fleet import fleet
from tests.support.claims import every_kind
from tests.support.thorough import examples


def decided(made):
    return check(made, only=[claim.name for claim in made.claims]).findings


def on_the_whole(made):
    """What `check` finds where every cone of influence is said to be all there is."""
    names = made.system.state_type.names
    with patch.object(Slices, "cone", lambda _self, _wanted: frozenset(names)):
        findings = decided(made)
    assert {part.variables for one in findings for part in one.slices} <= {tuple(names)}
    return findings


def message(finding):
    """What was found of a claim, without how."""
    runs = (finding.witness, finding.counterexample, finding.other_run)
    return (
        finding.claim.name,
        finding.holds,
        finding.vacuous,
        *(None if run is None else len(run.steps) for run in runs),
    )


def agree(made):
    """Decide all both ways; how many of the claims needed slices that forget something, and those alone."""
    sliced, whole = decided(made), on_the_whole(made)
    assert list(map(message, sliced)) == list(map(message, whole))
    size = len(made.system.variables)
    return sum(bool(one.slices) and all(len(part.variables) < size for part in one.slices) for one in sliced)


@pytest.mark.slow
def test_random_systems(strategies, record_property):
    compared, on_less = [], []

    @examples(15)
    @given(st.data())
    def compare(data):
        system = data.draw(strategies.systems())
        made = data.draw(every_kind(strategies, system))
        on_less.append(agree(made))
        compared.append(len(made.claims))

    compare()
    assert sum(on_less) > sum(compared) // 4  # or it is the whole that is compared with itself
    record_property("random systems decided on slices and on the whole", len(compared))
    record_property("random systems: claims decided on slices and on the whole", sum(compared))
    record_property("random systems: claims of these that a part decided", sum(on_less))


@pytest.mark.parametrize(("sites", "dated"), [(2, False), (3, False), (2, True)])
def test_fleets(sites, dated):
    made = claims_of(fleet(sites, dated=dated))
    assert agree(made) > 0


def test_the_parcel_locker(parcel_locker):
    agree(parcel_locker.claims)
