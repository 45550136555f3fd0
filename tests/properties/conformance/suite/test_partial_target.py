"""Sequences for a target that supports a part: what the suite's own sequences cannot show of it."""

import time

import pytest

from examples.parcel_locker import claims, system
from properties import without_check
from properties.conformance.diagnosis import examination
from properties.conformance.diagnosis.campaign import divided
from properties.conformance.diagnosis.examination import Subject, examine
from properties.conformance.diagnosis.standing import Standing
from properties.conformance.report.as_json import as_dict
from properties.conformance.report.caveats import own_sequences
from properties.conformance.report.page import page
from properties.conformance.report.terminal import summary
from properties.conformance.scope import Scope
from properties.conformance.selection import Selection
from properties.conformance.session import Session
from properties.conformance.statement import Statement, parse_statement
from properties.conformance.suite.partial_target import suite_within
from properties.conformance.suite.store import suite_of
from properties.conformance.targets.declared import DeclaredTarget
from properties.conformance.targets.target import Limits

SUITE = suite_of(claims)
NO_WAIT = {"not_supported": {"Wait": "comes next year"}}
INITIAL = {"starts": "initial"}


def message(described):
    return parse_statement(described, system)


def own(suite):
    return suite.vectors[len(SUITE.vectors) :]


def examined(described, target=system, **how):
    statement = message(described)

    class Partial(DeclaredTarget):
        @property
        def statement(self) -> Statement:
            return statement

    return examine(claims, lambda: Partial(target, system), **how)


def shown_of(described):
    findings = examined(described).findings
    return sum(findings.rule(rule).shown for rule in system.register)


def without_own(monkeypatch):
    monkeypatch.setattr(examination, "suite_within", lambda _claims, suite, _statement: suite)


@pytest.mark.parametrize(
    "described",
    [
        NO_WAIT,
        NO_WAIT | INITIAL,
        {"requests": ["Put", "Wait"]},
        {"only": {"box": ["empty", "holds a parcel"]}},
    ],
    ids=str,
)
def test_they_are_within_what_the_target_supports_and_show_more_of_it(described, monkeypatch):
    statement = message(described)
    suite = suite_within(claims, SUITE, statement)
    assert own(suite)
    assert suite.own == len(own(suite))
    for vector in own(suite):
        trace = suite.trace(vector)
        assert statement.why_not_start(trace.start) is None
        sections, left = divided(trace, vector, statement)
        assert ([len(section.steps) for section in sections], left) == ([len(trace.steps)], ())
    shown = shown_of(described)
    without_own(monkeypatch)
    assert shown > shown_of(described)


def test_the_same_statement_gives_the_same_sequences():
    one, other = (
        [(each.name, each.scenario, each.reached) for each in own(suite_within(claims, SUITE, message(NO_WAIT)))]
        for _ in range(2)
    )
    assert one == other


def test_a_target_that_supports_everything_or_nothing_has_none_nor_one_that_the_others_show_whole():
    assert suite_within(claims, SUITE, Statement(system)) is SUITE
    assert suite_within(claims, SUITE, message(INITIAL)) is SUITE
    assert not own(suite_within(claims, SUITE, message({"only": {"code": ["right"]}} | INITIAL)))
    assert not own(suite_within(claims, SUITE, message({"not_supported": {"Put": "", "Take": "", "Wait": ""}})))


def test_a_fault_that_the_suites_own_sequences_cannot_show_is_shown(monkeypatch):
    trusting = without_check(system, "there is a parcel")
    described = NO_WAIT | INITIAL
    account = examined(described, trusting).findings.rule("BOX-1")
    assert (account.standing, account.cause.declaration.label) == (
        Standing.FAILED,
        "the check at the locker: there is a parcel",
    )
    without_own(monkeypatch)
    assert examined(described, trusting).findings.rule("BOX-1").standing is not Standing.FAILED


def test_one_of_them_is_run_by_its_name():
    (name, *_) = [vector.name for vector in own(suite_within(claims, SUITE, message(NO_WAIT)))]
    ran = examined(NO_WAIT, only=(name,)).campaign
    assert ([one.section.vector.name for one in ran.results], ran.suite.own) == ([name], 1)


def test_it_is_named_in_a_run_and_in_its_reports(tmp_path):
    path = tmp_path / "statement.toml"
    path.write_text('[not_supported]\nWait = "comes next year"\n')

    def session(**choice):
        made = Session(
            Scope(Subject("examples.locker:Locker", "examples.parcel_locker:claims", path), Selection(**choice))
        )
        made.check()
        return made

    ran = session()
    assert ran.results
    own_number = ran.examined.campaign.suite.own
    said_of_it = f"({own_number} of them computed for what the target supports)"
    assert (own_number > 0, as_dict(ran)["deterministic"]["own"]) == (True, own_number)
    assert said_of_it in "\n".join(summary(ran))
    assert said_of_it.encode() in page(ran)
    messages = session(vectors=("P0001", "P9999")).results.vectors
    assert [messages[name].standing for name in ("P0001", "P9999")] == [Standing.PASSED, Standing.NOT_TESTED]
    assert messages["P9999"].text == "no sequence for what the target supports has this name"


def test_a_property_has_those_that_it_needs():
    wanted = ((), ("a wrong code opens nothing",))
    whole, part = (examined(NO_WAIT | INITIAL, properties=names).campaign.suite for names in wanted)
    assert 0 < part.own < whole.own


def test_they_are_given_up_where_they_are_not_computed_in_time(monkeypatch):
    monkeypatch.setattr(examination, "suite_within", lambda *_: time.sleep(20))
    monkeypatch.setattr(Limits, "grace", lambda _, seconds: seconds)
    ran = examined(NO_WAIT, limits=Limits(run_seconds=0.2)).campaign
    assert [one.section.vector.name for one in ran.results]
    assert own_sequences(ran.suite) == " (of what the target supports none were computed in time)"
