"""The installation, its planted faults, and SPIN: the same states, and the same answers."""

import attrs
import pytest

from properties.smets1.faults import FAULTS, faulty
from properties.smets1.installation import CLAIMS
from statemachines.checker.check import check
from statemachines.checker.explicit import distinct
from statemachines.checker.slices import Slices
from statemachines.errors import TooLargeError
from statemachines.exports.promela import promela
from statemachines.exports.spin_runner import missing, quickest_compiler, run_spin
from statemachines.exports.state_claims import on_states
from statemachines.language.claims import Always
from statemachines.language.expression import TRUE
from statemachines.semantics.preconditions import variables_of
from tests.support.thorough import every, thorough

pytestmark = pytest.mark.slow

PARTS = ("case", "broken")

LARGE = 200_000
"""From so many states on, the time that optimising takes is won back."""

MOST = 30_000
"""Larger slices are for a night."""

ABSENT = missing() or missing(quickest_compiler())
needs_spin = pytest.mark.skipif(bool(ABSENT), reason=ABSENT or "it is here")

PLANTED = (
    "gas_supplier_may_send_srv_11_4",
    "gas_supplier_may_upgrade_the_hub",
    "cancelling_takes_the_image",
    "pending_activation_survives_a_new_image",
    "gpf_is_upgraded",
    "joins_bring_keys_before_uplift",
    "suspension_takes_the_keys",
    "gas_meter_where_there_is_no_gas",
    "both_suppliers_change_at_once",
    "gas_supplier_may_not_take_over_electricity",
    "gas_supplier_may_not_update_tariffs",
    "dropped_requests_have_an_effect",
    "repeats_are_acknowledged",
    "critical_commands_take_the_short_way",
    "gpf_cannot_be_read",
    "refusals_by_the_device_are_lost",
    "devices_are_not_tested",
    "another_mprn_is_let_pass",
    "smso_lets_go_before_the_dcc_takes_over",
    "four_failures_exclude",
    "leading_zeros_count_outside_ca",
    "leading_zeros_never_count",
    "leading_zeros_never_counted_for_ioc",
    "mprn_is_asked_for_where_there_is_no_gas",
    "foc_is_not_migrated",
    "failures_are_kept",
    "failures_are_counted_everywhere",
    "invalid_data_do_not_count",
)


def run(model, *defines, **options):
    some = {"compiler": quickest_compiler(), "optimisation": "-O0", "hash_bits": 18, "seconds": 300}
    return run_spin(model.text, defines=defines, **{**some, **options})


@needs_spin
def test_spin_counts_and_decides_the_same_on_the_installation_s_slices(record_property):
    """Each condition on the slice that decides it; what is so in every state is not put to SPIN."""
    slices = Slices(CLAIMS.system)
    reported = tuple(on_states(CLAIMS.claims, slices))
    cones = {shown: slices.cone(variables_of(shown.condition)) for one in reported for shown in one.conditions}
    cases, broken = ({one.claim for one in reported if _in_every_state(getattr(one, part))} for part in PARTS)
    left, states = {cone for cone in set(cones.values()) if not thorough() and _large(slices, cone)}, 0
    for cone in sorted({cone for cone in cones.values() if cone} - left, key=sorted):
        space = slices.space(cone)
        here = [
            attrs.evolve(one, **{part: [each for each in getattr(one, part) if cones[each] == cone] for part in PARTS})
            for one in reported
        ]
        model = promela(
            CLAIMS, variables=space.radices.names, slices=slices, state_claims=[one for one in here if one.conditions]
        )
        optimised = {"compiler": "gcc", "optimisation": "-O1"} if len(space) >= LARGE else {}
        looked = run(model, "REPORT_ALL", hash_bits=max(16, len(space).bit_length() + 1), **optimised)
        assert looked.states == len(space) + 1, cone
        moves = sum(len(space.moves(effect)[0]) for effect in distinct(space.effects))
        assert looked.transitions - len(looked.cases) - len(looked.violated) == 1 + model.initial + moves, cone
        claims = {each.number: each.claim for each in model.properties}
        cases |= {claims[number] for number in looked.cases}
        broken |= {claims[number] for number in looked.violated}
        states += len(space)
    assert states > (2_000_000 if thorough() else 300_000)
    decided = [one.claim.name for one in reported if left.isdisjoint(cones[shown] for shown in one.conditions)]
    assert len(decided) > 300
    for finding in check(CLAIMS, only=decided).findings:
        assert (finding.claim in cases) == (finding.witness is not None), finding.claim.name
        assert (finding.claim in broken) == (finding.counterexample is not None), finding.claim.name
    record_property("SPIN stored as many states of the installation's slices", states)
    record_property("SPIN decided alike so many properties of the installation", len(decided))


def _large(slices, cone):
    try:
        slices.space(cone, most=MOST)
    except TooLargeError:
        return True
    return False


def _in_every_state(some):
    return any(shown.condition is TRUE for shown in some)


@pytest.fixture(scope="module")
def sound():
    return Slices(CLAIMS.system)


@needs_spin
@pytest.mark.parametrize("name", every(3, PLANTED))
def test_spin_finds_the_planted_fault_and_not_where_it_is_not_planted(name, sound):
    claim = FAULTS[name].caught_by
    assert isinstance(CLAIMS.named(claim), Always)
    for made, slices, result in ((faulty(FAULTS[name]), None, (1,)), (CLAIMS, sound, ())):
        model = promela(made, only=[claim], slices=slices)
        assert [(each.number, each.whole) for each in model.properties] == [(1, True)]
        assert run(model).violated == result
