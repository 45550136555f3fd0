"""What tells causes apart: what follows of a state, which aspects are wrong, what a check reads, and cases nearby."""

import attrs
import pytest

from properties.conformance.diagnosis.assumptions import beyond_assumptions, breaks_no_rule
from properties.conformance.diagnosis.attribution import Attribution
from properties.conformance.diagnosis.declarations import DeclarationRole, declarations
from properties.conformance.diagnosis.dependence import Dependence
from properties.conformance.diagnosis.evidence import FARTHER, FITS, deviations, exercised, leaves_otherwise
from properties.conformance.diagnosis.failing import FailingRun, taken
from properties.conformance.diagnosis.masked_checks import MaskedChecks
from properties.conformance.observation import Observation
from properties.conformance.suite.wire_format import read_request, read_state
from properties.conformance.targets.declared import DeclaredTarget
from properties.smets1.installation import CLAIMS
from statemachines.semantics.trace import Step

SYSTEM = CLAIMS.system
MIGRATED = {
    "migration": "migrated to the DCC",
    "smso": "does not operate it",
    "dcc": "operates it",
    "key_package": "without the PPMID's keys",
    "gas_supplier": "Supplier A",
    **{f"{device}_status": "commissioned" for device in ("chf", "esme", "gsme", "ppmid")},
}
TARIFF = {"type": "UpdateTariff", "sender": "Supplier A", "meter": "ESME", "tariff": "any other tariff"}


def run_of(start, *requests):
    state = read_state(SYSTEM, {name: str(value.value) for name, value in SYSTEM.state().as_dict().items()} | start)
    return taken(SYSTEM, state, [read_request(SYSTEM, usual(request["type"]) | request) for request in requests])


def usual(name):
    """The first value of each field."""
    (kind,) = (kind for kind in SYSTEM.requests if kind.name == name)
    return {field.name: str(field.domain[0].value) for field in kind.fields}


def as_verdict(step: Step) -> Observation:
    return Observation({name: getattr(step.verdict, name) for name in ("outcome", "at", "reason", "response")})


def test_of_all_that_a_step_may_leave_otherwise_that_is_suspected_which_leads_to_what_was_seen():
    """The fifth failure is counted where the fourth was: the installation may be excluded."""
    start = {"migration": "authorised and scheduled", "failures": "three", "gas_supplier": "Supplier A"}
    requests = {"type": "ValidateData", "mprn": "another MPRN"}, {"type": "ExcludeInstallation"}
    run = run_of(start, *requests)
    seen = as_verdict(run_of({**start, "failures": "four"}, *requests)[-1])
    found = list(leaves_otherwise(SYSTEM, run, 0, seen))
    assert {(one.variable, one.value.value) for one in found} == {("failures", "five or more")}


@pytest.fixture(scope="module")
def beyond_a_limit():
    return run_of(MIGRATED, {**TARIFF, "data_values": "beyond a set maximum or minimum"})


@pytest.fixture(scope="module")
def applied():
    return as_verdict(run_of(MIGRATED, TARIFF)[-1])


def first_named(run, seen, **how):
    (cause,) = Attribution(CLAIMS, {}).causes([FailingRun(run, seen, wrong=len(run) - 1)], **how)
    return cause.rules


def test_a_rule_that_decides_by_whom_only_is_named_where_nothing_else_is_wrong(beyond_a_limit, applied):
    by_another = attrs.evolve(as_verdict(beyond_a_limit[-1]), shown={**as_verdict(beyond_a_limit[-1]).shown})
    other = next(at for at in type(by_another.shown["at"]) if at.value == "DSP")
    by_another = attrs.evolve(by_another, shown={**by_another.shown, "at": other})
    assert first_named(beyond_a_limit, by_another)[0] == "MOD-47"
    assert first_named(beyond_a_limit, applied)[-1] == "MOD-47"


def test_a_check_that_goes_wrong_by_what_it_reads_itself_breaks_its_own_rules():
    """The role is asked of who reads, which is open to all: that is no rule on reading."""
    read = {"type": "ReadFirmwareVersion", "sender": "Other User", "target": "ESME"}
    update = {"type": "UpdateFirmware", "sender": "Other User", "target": "ESME"}
    run, refused = run_of(MIGRATED, read), as_verdict(run_of(MIGRATED, update)[-1])
    assert first_named(run, refused, depends=lambda _: Dependence(extra=frozenset({"sender"})))[0] == "SYS-6"
    assert first_named(run, refused)[0] != "SYS-6"


def test_what_breaks_a_rule_nearby_is_no_broken_assumption():
    """No keys for a suspended PPMID: of FOC an assumption decides, of any other group a rule."""
    suspended = {**MIGRATED, "release": "Uplift 1.2", "ppmid_status": "suspended"}
    update = {"type": "UpdateKeyPackage"}
    (step,) = run_of({**suspended, "group": "EA (FOC)"}, update)
    (gate,) = (gate for gate in SYSTEM.gates if gate.party.value == "premises")
    check = next(one for one in gate.checks if one.label.startswith("the keys of a commissioned or suspended PPMID"))
    ppmid_status = SYSTEM.lifecycle("ppmid_status").variable
    strict = attrs.evolve(check, fails_when=check.fails_when | (ppmid_status == step.before.ppmid_status))
    checks = [strict if one is check else one for one in gate.checks]
    faulty = SYSTEM.varied(gates=[attrs.evolve(one, checks=checks) if one is gate else one for one in SYSTEM.gates])
    target = DeclaredTarget(faulty, SYSTEM)
    target.reset(step.before)
    run = FailingRun((step,), target.send(step.request), name="V1", wrong=0)
    assert breaks_no_rule(SYSTEM, run)
    (other,) = beyond_assumptions(target, SYSTEM, [run])
    assert not breaks_no_rule(SYSTEM, other)
    assert (other.name, other.run[0].before.ppmid_status) == ("V1", step.before.ppmid_status)
    assert not SYSTEM.broken_constraints(other.run[0].before)


def test_what_is_right_for_one_type_of_request_exonerates_nothing_for_another():
    """The same check, right for updates and wrong for activations: the key says of which it was right."""
    update = {"type": "UpdateFirmware", "sender": "Supplier B", "target": "ESME"}
    activation = {**update, "type": "ActivateFirmware"}
    of_updates, of_activations = (set(exercised(SYSTEM, run_of(MIGRATED, one))) for one in (update, activation))
    assert any(key.endswith(":decided@UpdateFirmware") for key in of_updates)
    assert of_updates.isdisjoint(of_activations)


def test_what_rules_alone_say_a_step_leaves_is_no_assumption_however_it_shows():
    """An activation that is refused for want of keys leaves all as it is, whatever is answered later."""
    activate = {"type": "ActivateFirmware", "sender": "Supplier A", "target": "PPMID"}
    run = run_of({**MIGRATED, "release": "Uplift 1.2"}, activate, {"type": "UpdateKeyPackage"})
    admitted = as_verdict(run[-1])
    assert breaks_no_rule(SYSTEM, FailingRun(run, admitted))
    assert not breaks_no_rule(SYSTEM, FailingRun(run, admitted, wrong=0))


def test_of_two_checks_that_would_refuse_alike_the_one_is_suspected_whose_condition_is_nearer():
    """In November the release before is nearer than the one before that: the alert on a read outlives its release."""
    start = {**MIGRATED, "release": "November 2020 maintenance", "group": "CA (IOC, Elster gas meters)"}
    read = {"type": "ReadFirmwareVersion", "sender": "Supplier A", "target": "PPMID"}
    run = run_of(start, read)
    alert = as_verdict(run_of({**start, "release": "Uplift 1.2"}, read)[-1])
    assert run[-1].verdict.passed
    assert alert.shown["at"].value == "S1SP"
    passed = [one for one in deviations(SYSTEM, run, alert) if one.use.role is DeclarationRole.PASSED]
    labels = {declarations(SYSTEM)[one.use.declaration].label: one.weight for one in passed}
    assert labels == {
        "the check at the S1SP: the S1SP can read a PPMID's firmware": FITS,
        "the check at the S1SP: the S1SP can read a PPMID's firmware before Uplift 1.2, too": FARTHER,
    }


def test_what_a_target_remembers_that_is_no_variable_is_a_check_that_goes_wrong():
    """Whoever becomes the Gas Supplier is given the PIN: no value of a variable explains that."""
    start = {
        "group": "CA (IOC, Elster gas meters)",
        "release": "Uplift 1.2",
        "gas_supplier": "Supplier A",
        "electricity_supplier": "Supplier A",
        "migration": "being commissioned",
        "chf_status": "commissioned",
        "installing_supplier": "Supplier C",
        "pin": "revised, the Installing Supplier lacks it",
    }
    change = {"type": "ChangeGasSupplier", "to": "Supplier B"}
    run = run_of(start, change, {"type": "ProvidePin", "recipient": "Supplier C"})
    seen = as_verdict(run_of(start, change, {"type": "ProvidePin", "recipient": "Supplier A"})[-1])
    (cause,) = Attribution(CLAIMS, {}).causes([FailingRun(run, seen, wrong=0)])
    assert cause.declaration.label == "the check at the premises: the PIN goes to the Installing Supplier"
    assert cause.rule == "PIN-2"


def test_of_what_a_check_reads_of_a_request_nothing_says_that_it_is_right():
    """An upgrade of a PPMID is refused as not released yet, to a Supplier on the older DUIS version alone."""
    start = {**MIGRATED, "release": "Uplift 1.2", "key_package": "with the PPMID's keys", "older_duis": "Supplier A"}
    update = {"type": "UpdateFirmware", "sender": "Supplier A", "target": "PPMID"}
    run = run_of(start, update)
    refused = as_verdict(run_of({**start, "release": "before Uplift 1.2", "older_duis": "nobody"}, update)[-1])
    by_both = Dependence(extra=frozenset({"older_duis", "target"}))
    assert first_named(run, refused)[0] == "MOD-6"
    assert first_named(run, refused, depends=lambda _: by_both)[0] == "MOD-36"


def test_another_request_says_nothing_of_the_order_of_two_parties():
    """The DCO lets cancellations pass that come before a device with nothing to cancel, and no other activation."""
    start = {**MIGRATED, "release": "Uplift 1.2", "ppmid_firmware": "image delivered", "ppmid_upgrade_by": "Supplier A"}
    activate = {"type": "ActivateFirmware", "sender": "Supplier A", "target": "PPMID", "image": "the delivered image"}
    cancelled = run_of(start, {**activate, "timing": "cancellation"})
    at_once = run_of(start, {**activate, "timing": "immediate"})
    seen = as_verdict(
        run_of({**start, "key_package": "with the PPMID's keys"}, {**activate, "timing": "cancellation"})[0]
    )
    assert [step.verdict.at.value for step in (*cancelled, *at_once)] == ["DCO", "DCO"]
    assert seen.shown["at"].value == "device"
    run = FailingRun(cancelled, seen, wrong=0)
    masked = MaskedChecks(declarations(SYSTEM), DeclaredTarget(SYSTEM, SYSTEM), [], at_once)
    assert masked.unmasked(run) is run
