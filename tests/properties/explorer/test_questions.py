"""What the page answers by itself: whether it can come to something, and what would be otherwise."""

from collections import deque
from enum import Enum
from itertools import combinations

import pytest
from litestar.testing import TestClient

from properties.explorer.page import explorer_page
from properties.service.application import application
from properties.service.store import Store
from statemachines import Answer, Lifecycle, Register, RequestType, Rule, System, Transition, Variable
from statemachines.semantics.oracle import Oracle, decided
from tests.support.browser import opened, served


class Fuse(Enum):
    OUT = "out"
    IN = "in"


class Lamp(Enum):
    OFF = "off"
    ON = "on"


class Said(Enum):
    LAMP = "lamp"
    DONE = "done"


def fused_lamp() -> System:
    """A lamp that goes on only once its fuse is in: what one asks of the one depends on the other."""
    fuse, lamp = Variable("fuse", Fuse), Variable("lamp", Lamp)
    insert, press = RequestType("Insert"), RequestType("Press")
    return System(
        "a lamp with a fuse",
        Register([Rule("LAMP-1", "It is so.", "the manual")]),
        lifecycles=[
            Lifecycle(fuse, Fuse.OUT, [Transition(Fuse.OUT, insert, Fuse.IN, rules="LAMP-1")]),
            Lifecycle(lamp, Lamp.OFF, [Transition(Lamp.OFF, press, Lamp.ON, when=fuse == Fuse.IN, rules="LAMP-1")]),
        ],
        requests=[insert, press],
        answers=[Answer([insert, press], outcome=Said.DONE, at=Said.LAMP, reason=Said.DONE, rules="LAMP-1")],
    )


ASK = """async (questions) => {
    const { machine, search } = window;
    const answers = [];
    for (const clauses of questions) {
        const answer = await search(machine, machine.oracle.initial(), clauses, 100000, () => true);
        answers.push(answer.result === "run" ? answer.requests.length : answer.result);
    }
    return answers;
}"""


@pytest.fixture(scope="module")
def house_page(tmp_path_factory, house_system):
    path = tmp_path_factory.mktemp("explorer") / "house.html"
    path.write_text(explorer_page(house_system))
    return path


def steps_by_depth(system):
    """Each step that a run from the usual start may end with, and how many requests it takes; nearest first."""
    oracle = Oracle(system)
    depths, queue = {oracle.initial: 0}, deque([oracle.initial])
    while queue:
        state = queue.popleft()
        for request in system.all_requests():
            after, verdict = decided(oracle, state, request)
            yield depths[state] + 1, state, request, verdict, after
            if after not in depths:
                depths[after] = depths[state] + 1
                queue.append(after)


def questions_about(system):
    """Every clause about the system, and each with one of another kind."""
    clauses = [
        {"of": of, "name": one.name, "value": str(value.value)}
        for of in ("is", "becomes")
        for one in system.variables
        for value in one.domain
    ]
    clauses += [{"of": "type", "name": "", "value": kind.name} for kind in system.requests]
    clauses += [{"of": "rule", "name": "", "value": rule} for rule in system.register]
    clauses += [
        {"of": aspect, "name": "", "value": str(value.value)}
        for aspect in ("outcome", "reason")
        for value in system.values_of(aspect)
    ]
    names = dict.fromkeys(
        (field.name, str(v.value)) for k in system.requests for field in k.fields for v in field.domain
    )
    clauses += [{"of": "field", "name": name, "value": value} for name, value in names]
    pairs = [pair for pair in combinations(clauses, 2) if pair[0]["of"] != pair[1]["of"]]
    denied = [[one, {**other, "not": True}] for one, other in pairs[::5]]
    denied += [[{**one, "not": True}] for one in clauses]
    return [[one] for one in clauses] + [list(pair) for pair in pairs] + denied


def satisfied(clause, *step):
    return holds(clause, *step) is not clause.get("not", False)


def holds(clause, state, request, verdict, after):
    of, name, value = clause["of"], clause["name"], clause["value"]
    if of in ("is", "becomes"):
        there = str(after.as_dict()[name].value) == value
        return there and (of == "is" or after.as_dict()[name] is not state.as_dict()[name])
    if of == "type":
        return request.type.name == value
    if of == "field":
        return request.as_dict().get(name) == value
    if verdict is None:
        return False
    return value in verdict.rules if of == "rule" else str(getattr(verdict, of).value) == value


def shortest_runs(system, questions):
    """For each question how many requests a shortest run has, or that there is none."""
    start, steps = system.state(), list(steps_by_depth(system))

    def shortest(clauses):
        if all(one["of"] == "is" and satisfied(one, start, None, None, start) for one in clauses):
            return 0
        return next((depth for depth, *step in steps if all(satisfied(one, *step) for one in clauses)), "never")

    return [shortest(clauses) for clauses in questions]


@pytest.mark.parametrize("name", ["house", "lamp"])
def test_each_question_has_the_answer_of_a_search_in_python(browser, house_system, tmp_path, name):
    system = house_system if name == "house" else fused_lamp()
    path = tmp_path / "page.html"
    path.write_text(explorer_page(system))
    questions = questions_about(system)
    expected = shortest_runs(system, questions)
    with opened(browser, path) as page:
        answers = page.evaluate(ASK, questions)
    assert {"never", 0, 1, 2} <= set(expected)
    wrong = [each for each in zip(questions, answers, expected, strict=True) if each[1] != each[2]]
    assert wrong == []


def test_a_search_stops_at_its_bound_and_says_so(browser, house_page):
    locked = [{"of": "is", "name": "door", "value": "locked"}]
    with opened(browser, house_page) as page:
        for most, expected in ((1, "bound"), (100, "run")):
            result = page.evaluate(
                "([asked, most]) => search(machine, machine.oracle.initial(), asked, most, () => true)", [locked, most]
            )
            assert result["result"] == expected


def test_a_question_is_clicked_together_and_its_run_is_sent(browser, house_page):
    with opened(browser, house_page) as page:
        page.get_by_role("tab", name="Ask").click()
        page.get_by_label("What", exact=True).select_option(label="door is")
        page.get_by_label("Value").select_option("locked")
        page.get_by_role("button", name="Search").click()
        assert "Yes, in 2 requests" in page.get_by_role("tabpanel").inner_text()
        page.get_by_role("button", name="Send these").click()
        assert "door\tlocked" in page.locator(".state").inner_text()
        page.get_by_role("button", name="Choose another start").click()
        page.get_by_role("button", name="the usual start").click()
        page.get_by_role("tab", name="Ask").click()
        page.get_by_role("button", name="Search").click()
        assert "Can it come to: door is locked?" in page.get_by_role("tabpanel").inner_text()


def test_what_makes_a_difference_is_shown(browser, house_page):
    with opened(browser, house_page) as page:
        page.get_by_label("Search").fill("press")
        page.locator("button.request").first.click()
        page.get_by_role("tab", name="What if").click()
        rows = page.locator(".whatif tbody tr").all_inner_texts()
        assert any(row.startswith("fuse: blown") and "the fuse is blown" in row for row in rows)
        assert not any(row.startswith("key holder") for row in rows)
        page.get_by_label("Change:").select_option("key holder")
        assert all("the same" in row for row in page.locator(".whatif tbody tr").all_inner_texts())


ASK_THE_SERVICE = """(questions) => Promise.all(questions.map(async (clauses) => {
    const body = JSON.stringify({ state: machine.oracle.initial(), condition: conditionOf(machine, clauses) });
    const answer = await (await fetch("ask", { method: "POST", body })).json();
    return answer.run ? answer.run.length : answer.run === null ? "never" : answer.error;
}))"""


@pytest.fixture
def house_service(tmp_path, house_system):
    store = Store(str(tmp_path / "service.sqlite"), "digest", 3)
    page = explorer_page(house_system, service="ask")
    with TestClient(application(house_system, store, most=3, explorer=lambda: page)) as client:
        yield client


def test_each_question_has_the_same_answer_from_the_service(browser, house_system, house_service):
    questions = [one for one in questions_about(house_system) if all(part["of"] != "rule" for part in one)][::7]
    with served(browser, house_service) as page:
        answers = page.evaluate(ASK_THE_SERVICE, questions)
    expected = shortest_runs(house_system, questions)
    assert {"never", 0, 1, 2} <= set(expected)
    assert [each for each in zip(questions, answers, expected, strict=True) if each[1] != each[2]] == []


def test_the_service_is_asked_by_clicks_and_says_what_decided(browser, house_service):
    with served(browser, house_service) as page:
        page.get_by_role("tab", name="Ask").click()
        page.get_by_label("What", exact=True).select_option(label="door is")
        page.get_by_label("Value").select_option("locked")
        page.get_by_role("button", name="Ask the service").click()
        page.get_by_text("Yes, in 2 requests").wait_for()
        assert "the symbolic engine" in page.get_by_role("tabpanel").inner_text()
        page.get_by_role("button", name="Send these").click()
        assert "door\tlocked" in page.locator(".state").inner_text()
        page.get_by_role("tab", name="Ask").click()
        page.get_by_label("What", exact=True).select_option(label="door is")
        page.get_by_label("Value").select_option("locked")
        page.get_by_label("not", exact=True).check()
        page.get_by_role("button", name="Ask the service").click()
        page.get_by_text("Yes, in").wait_for()
        page.get_by_label("What", exact=True).select_option(label="it cites the rule")
        assert page.get_by_role("button", name="Ask the service").is_disabled()


def test_a_page_in_a_file_asks_no_service(browser, house_page):
    with opened(browser, house_page) as page:
        page.get_by_role("tab", name="Ask").click()
        assert page.get_by_role("button", name="Ask the service").count() == 0
