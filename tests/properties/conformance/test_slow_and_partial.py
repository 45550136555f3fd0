"""A target that is slow, or does a part: an estimate, a smoke run, classes of conformance, a page one can search."""

import re
import time

import pytest
from lxml import html

from examples.locker import Locker
from examples.parcel_locker import claims
from properties.conformance.diagnosis.examination import Subject, examine
from properties.conformance.diagnosis.standing import Standing
from properties.conformance.report.caveats import about
from properties.conformance.report.page import page
from properties.conformance.scope import Scope
from properties.conformance.selection import Selection
from properties.conformance.session import Session
from properties.conformance.suite.store import suite_of
from properties.conformance.suite.subsets import smoke_of
from properties.conformance.targets.declared import DeclaredTarget
from properties.domain import NEUTRAL
from tests.support.browser import opened

SYSTEM = "examples.parcel_locker:claims"


class Slow(Locker):
    """It takes a while to be reset."""

    def reset(self, state):
        time.sleep(0.02)
        super().reset(state)


def session(monkeypatch, sut="examples.locker:Locker", profile=NEUTRAL, **choice):
    monkeypatch.setattr(Subject, "domain", property(lambda _: profile))
    return Session(Scope(Subject(sut, SYSTEM), Selection(**choice)))


def test_a_slow_target_gets_an_estimate_before_any_test(monkeypatch):
    monkeypatch.setattr("examples.locker.Slow", Slow, raising=False)
    slow, quick = session(monkeypatch, "examples.locker:Slow"), session(monkeypatch)
    for one in (slow, quick):
        one.check()
    requests = suite_of(claims).requests
    assert re.match(r"an answer takes \d\d ms: ", slow.estimate)
    assert re.search(f"the {requests:,} requests of the deterministic layer will take about [1-9] s", slow.estimate)
    assert quick.estimate == ""


def test_a_smoke_run_shows_something_of_each_kind_of_every_rule_and_says_what_it_leaves_out(safe):
    suite = suite_of(safe.claims)
    smoke = smoke_of(suite)

    def shows(one):
        goals = [one.goals[key] for vector in one.vectors for _, key in vector.reached if key in one.goals]
        return {(rule, goal.kind) for goal in goals for rule in goal.rules}

    assert shows(smoke) == shows(suite)
    assert 0 < smoke.requests < suite.requests
    system = safe.claims.system
    examined = examine(safe.claims, lambda: DeclaredTarget(system, system), smoke=True)
    accounts = [examined.findings.rule(rule) for rule in system.register]
    assert {one.standing for one in accounts} == {Standing.PARTLY}
    assert {one.reason for one in accounts} == {"the sequences that show it are not run in this profile"}
    assert all(0 < one.shown < one.goals for one in accounts)


def test_no_walks_are_made_in_a_smoke_run_unless_they_are_asked_for():
    assert (Selection(smoke=True).walks(50), Selection(smoke=True, max_examples=9).walks(50)) == (0, 9)


def test_a_system_with_little_to_show_has_few_walks():
    assert [Selection().walks(goals) for goals in (0, 73, 7805)] == [8, 18, 200]


def test_a_class_of_conformance_is_some_rules(monkeypatch):
    profile = NEUTRAL._replace(conformance={"one": ("BOX-1",), "all": ("BOX",)})
    ran = session(monkeypatch, profile=profile, conformance=("one",))
    ran.check()
    assert (ran.scope.rules, ran.scope.properties, ran.scope.chunks) == (("BOX-1",), (), 0)
    assert ran.results.rules["BOX-1"].standing is Standing.PASSED
    assert about(ran).endswith("seed 0, class one")
    assert session(monkeypatch, profile=profile, conformance=("all",)).scope.rules == ("BOX-1", "BOX-2")


@pytest.mark.parametrize(("known", "words"), [({}, "the domain has none"), ({"one": ("BOX",)}, "expected one of: one")])
def test_a_class_that_there_is_not_is_refused(monkeypatch, known, words):
    ran = session(monkeypatch, profile=NEUTRAL._replace(conformance=known), conformance=("two",))
    with pytest.raises(pytest.UsageError, match=f"no class of conformance 'two'; {words}"):
        ran.check()


def test_the_page_has_contents_and_shows_the_rules_of_one_result_alone_without_a_script(monkeypatch):
    ran = session(monkeypatch, "examples.locker:TrustingLocker")
    assert ran.results
    made = html.fromstring(page(ran))
    assert about(ran).removeprefix("run") in made.text_content()
    links = {link.get("href"): link.text for link in made.find(".//nav")}
    assert links.items() >= {"#summary": "Summary", "#rules": "The rules"}.items()
    assert all(made.get_element_by_id(link[1:]).text == words for link, words in links.items())
    kinds = {row.get("class"): row[0].text_content() for row in reversed(made.findall(".//tr[@class]"))}
    assert kinds["failed"] == "BOX-1"
    choices = {choice.get("id") for choice in made.iterfind(".//input[@type='radio']")}
    assert choices == {"show-all", *(f"show-{kind}" for kind in kinds)}
    style = made.find(".//style").text
    assert all(f"body:has(#show-{kind}:checked) tr[class]:not(.{kind}) {{ display: none; }}" in style for kind in kinds)


def test_the_page_shows_the_rows_that_contain_a_text(monkeypatch, tmp_path, browser):
    ran = session(monkeypatch, "examples.locker:TrustingLocker")
    assert ran.results
    made = tmp_path / "report.html"
    made.write_bytes(page(ran))
    with opened(browser, made) as shown:
        rows, field = shown.locator("tbody tr[class]:visible"), shown.get_by_label("Rows that contain")
        every = rows.count()
        shown.locator("#show-all").focus()
        shown.keyboard.press("Tab")
        shown.keyboard.type("box-1 FAILED")
        assert [row.split()[0] for row in rows.all_inner_texts()] == ["BOX-1"]
        assert shown.locator("output").inner_text() == f"1 of {every} rows contain it"
        shown.locator("#show-passed").check()
        assert rows.count() == 0
        shown.locator("#show-all").check()
        field.press("Escape")
        assert rows.count() == every
    with opened(browser, made, java_script_enabled=False) as shown:
        assert not shown.get_by_label("Rows that contain").is_visible()
