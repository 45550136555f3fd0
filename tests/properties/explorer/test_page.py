"""The page, and what one does in it: of systems of any domain, in a real browser."""

import json
import re
import shutil
import subprocess
from base64 import b64encode
from enum import Enum
from hashlib import sha256

import pytest

from benchmarks.rings import rings
from benchmarks.sets import tanks
from properties.explorer.notebook import Explorer
from properties.explorer.page import explorer_page
from statemachines import (
    Answer,
    Check,
    Constraint,
    Gate,
    Lifecycle,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
    check,
    replay,
)
from statemachines.errors import DeclarationError, UnknownNameError
from statemachines.exports.itf import export_itf
from tests.support.browser import disagreements, opened, overlaps, random_steps
from tests.support.paths import ROOT
from tests.support.words import CHINESE, claims_of

HOSTILE = "</script><script>document.title='taken'</script><!-- <img src=x onerror=document.title='taken'> ${1} `&amp;"


class Door(Enum):
    SHUT = f"shut {HOSTILE}"
    OPEN = "open"


class Said(Enum):
    OPENED = f"opened {HOSTILE}"
    REFUSED = f"refused {HOSTILE}"
    DOOR = f"the door {HOSTILE}"


def hostile_system() -> System:
    """A door whose every word would be a program, were it not text."""
    door, opening = Variable("door", Door, label=f"door {HOSTILE}"), RequestType("Open", label=f"Open {HOSTILE}")
    return System(
        f"a door {HOSTILE}",
        Register([Rule("DOOR-1", f"It opens once {HOSTILE}.", HOSTILE)], words={"DOOR": "a word", "opens": HOSTILE}),
        lifecycles=[Lifecycle(door, Door.SHUT, [Transition(Door.SHUT, opening, Door.OPEN, rules="DOOR-1")])],
        requests=[opening],
        gates=[
            Gate(
                Said.DOOR,
                [
                    Check(
                        f"it is shut {HOSTILE}", fails_when=door == Door.OPEN, outcome=Said.REFUSED,
                        reason=Said.REFUSED, rules="DOOR-1",
                    )
                ],
                on=[opening],
            )
        ],
        answers=[Answer([opening], outcome=Said.OPENED, reason=Said.OPENED, rules="DOOR-1")],
        constraints=[Constraint(f"a door {HOSTILE}", when=door.is_in(*Door), then=door.is_in(*Door), rules="DOOR-1")],
    )  # fmt: skip


@pytest.fixture(scope="session")
def locker_page(tmp_path_factory, parcel_locker):
    path = tmp_path_factory.mktemp("explorer") / "locker.html"
    path.write_text(explorer_page(parcel_locker.system))
    return path


def test_the_policy_allows_the_scripts_and_the_style_by_their_hashes_and_nothing_else(parcel_locker):
    page = explorer_page(parcel_locker.system)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1].replace("&#x27;", "'")
    bodies = re.findall(r"<(script|style)(?: type=\"module\")?>(.*?)</\1>", page, re.DOTALL)
    hashes = {f"'sha256-{b64encode(sha256(body.encode()).digest()).decode()}'" for _, body in bodies}
    assert [kind for kind, _ in bodies] == ["style", "script", "script", "script"]
    assert policy.startswith("default-src 'none';")
    assert set(re.findall(r"'sha256-[^']*'", policy)) == hashes
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_page_has_the_same_bytes_each_time(parcel_locker):
    assert explorer_page(parcel_locker.system) == explorer_page(parcel_locker.system)


def test_a_parcel_is_put_and_taken_by_clicks(browser, locker_page):
    with opened(browser, locker_page) as page:
        page.get_by_text("Put", exact=False).first.click()
        page.locator("button.request").first.click()
        assert page.locator(".verdict").inner_text() == "✓ yes at the locker: done"
        assert page.locator(".drawing .now").count() == 1
        assert "holds a parcel" in page.locator(".drawing .now").text_content()
        page.get_by_role("button", name="Step back").click()
        assert "empty" in page.locator(".drawing .now").text_content()


def test_the_picture_of_what_a_refused_request_might_have_changed_is_shown(browser, house_system, tmp_path):
    path = tmp_path / "house.html"
    path.write_text(Explorer(house_system, lifecycle="lamp").html)
    with opened(browser, path) as page:
        assert page.locator(".pictures select").input_value() == "lamp"
        page.get_by_label("Search").fill("turn")
        page.locator("button.request:not(.passed)").first.click()
        assert page.locator(".changes").count() == 0
        assert page.locator(".pictures select").input_value() == "door"


def test_the_whole_of_a_picture_is_seen_and_its_legend_is_beneath_it(browser, locker_page):
    with opened(browser, locker_page, width=1000, height=500) as page:
        box = "[...document.querySelectorAll('.drawing')].map((one) => [one.scrollHeight, one.clientHeight])[0]"
        high, shown = page.evaluate(box)
        assert high > shown
        page.get_by_role("button", name="Whole picture").click()
        high, shown = page.evaluate(box)
        assert high <= shown
        assert "filled dot" not in page.locator(".drawing").text_content()
        page.get_by_text("Legend").click()
        assert "filled dot: it may start here" in page.locator(".legend p").inner_text()


def test_a_search_leaves_open_what_was_open_and_no_more(browser, house_system, tmp_path):
    path = tmp_path / "house.html"
    path.write_text(explorer_page(house_system))
    with opened(browser, path) as page:
        groups = page.locator(".requests > details")
        groups.first.locator("summary").first.click()
        before = [group.get_attribute("open") for group in groups.all()]
        page.get_by_label("Search").fill("press")
        page.locator("button.request").first.wait_for()
        page.get_by_label("Search").fill("")
        assert before.count("") == 1
        assert before.count(None) >= 1
        assert [group.get_attribute("open") for group in groups.all()] == before


def test_two_branches_are_compared(browser, locker_page):
    with opened(browser, locker_page) as page:
        page.get_by_label("Search").fill("put")
        page.locator("button.request").first.click()
        page.get_by_role("button", name="Step back").click()
        page.get_by_label("Search").fill("take")
        page.locator("button.request").first.click()
        page.get_by_role("tab", name="Compare").click()
        assert "holds a parcel" in page.get_by_role("tabpanel").inner_text()
        assert "empty" in page.get_by_role("tabpanel").inner_text()


def test_hostile_words_are_text(browser, tmp_path):
    path = tmp_path / "hostile.html"
    path.write_text(explorer_page(hostile_system()))
    with opened(browser, path) as page:
        page.locator("summary").first.click()
        page.locator("button.request").first.click()
        assert page.title() != "taken"
        assert page.locator("img").count() == 0
        for words in (Said.OPENED.value, Door.SHUT.value):
            assert words in page.get_by_role("tabpanel").inner_text()
        assert page.locator("h1").inner_text() == f"a door {HOSTILE}"


def test_short_words_have_their_meaning_by_pointer_and_by_keyboard(browser, tmp_path, locker_page):
    path = tmp_path / "words.html"
    path.write_text(explorer_page(hostile_system()))
    with opened(browser, path) as page:
        page.locator("summary").first.click()
        page.locator("button.request").first.click()
        assert page.locator(".rules abbr").all_text_contents() == ["opens"]  # in DOOR-1 there is no short word
        assert page.locator(".rules abbr").get_attribute("title") == HOSTILE
        page.get_by_role("button", name="Short words").focus()
        page.keyboard.press("Enter")
        assert HOSTILE in page.get_by_role("dialog", name="Short words").inner_text()
        page.keyboard.press("Escape")
        assert page.get_by_role("dialog").count() == 0
    with opened(browser, locker_page) as page:
        assert page.get_by_role("button", name="Short words").count() == page.locator("abbr").count() == 0


def test_random_requests_are_decided_as_in_python(browser, locker_page, parcel_locker):
    with opened(browser, locker_page) as page:
        steps = random_steps(page, 300, 11)
    assert len(steps) == 300
    assert list(disagreements(parcel_locker.system, steps)) == []


def test_a_run_is_shared_as_a_link(browser, locker_page):
    with opened(browser, locker_page) as page:
        page.get_by_label("Search").fill("put")
        page.locator("button.request").first.click()
        page.get_by_role("button", name="Copy link").click()
        page.wait_for_function("location.hash.startsWith('#run=')")
        link = page.evaluate("location.hash")
    with opened(browser, locker_page, fragment=link) as page:
        assert page.locator(".points li").count() == 2
        assert page.locator(".verdict").inner_text() == "✓ yes at the locker: done"
    with opened(browser, locker_page, fragment="#run=another/0") as page:
        assert "another version" in page.locator(".message").inner_text()


def test_a_page_390_pixels_wide_is_not_scrolled_sideways(browser, locker_page):
    with opened(browser, locker_page, width=390, height=800) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.fixture(scope="session")
def npm_packages(tmp_path_factory):
    """The explorer's sources with the packages that it is made and tested with."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    made, folder = tmp_path_factory.mktemp("npm"), ROOT / "properties" / "explorer"
    shutil.copy(folder / "package.json", made)
    shutil.copytree(folder / "src", made / "src")
    install = ["npm", "install", "--silent", "--no-package-lock", "--no-audit", "--prefer-offline"]
    if subprocess.run(install, cwd=made, timeout=120, check=False).returncode:
        pytest.skip("npm reaches no registry")
    return made


@pytest.mark.slow
def test_the_bundle_is_what_its_sources_make(npm_packages):
    for script in ("types", "build"):
        subprocess.run(["npm", "run", "--silent", script], cwd=npm_packages, check=True, capture_output=True)
    for name in ("explorer.js", "explorer.css"):
        assert (npm_packages / name).read_bytes() == (ROOT / "properties" / "explorer" / name).read_bytes(), name


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scheme", "tabs"), [("light", ["Step", "What if", "Ask", "Compare", "Coverage"]), ("dark", ["What if"])]
)
def test_axe_has_nothing_to_complain_of(browser, locker_page, npm_packages, scheme, tabs):
    axe = (npm_packages / "node_modules" / "axe-core" / "axe.min.js").read_text()
    with opened(browser, locker_page, color_scheme=scheme) as page:
        page.evaluate(axe)

        def violations():
            # what moves has its colours at the end
            page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
            result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
            return [(one["id"], [node["target"] for node in one["nodes"]]) for one in result["violations"]]

        page.get_by_label("Search").fill("take")
        page.locator("button.request").first.click()
        for tab in tabs:
            page.get_by_role("tab", name=tab).click()
            assert violations() == [], tab
        page.get_by_role("button", name="Choose another start").click()
        assert violations() == []


def test_the_keyboard_alone_is_enough(browser, locker_page):
    with opened(browser, locker_page) as page:

        def go_to(selector):
            for _ in range(60):
                page.keyboard.press("Tab")
                if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                    return
            raise AssertionError(f"the keyboard does not lead to {selector}")

        go_to("input[type=search]")
        page.keyboard.type("put")
        go_to("button.request")
        page.keyboard.press("Enter")
        assert page.locator(".message").inner_text() == "Put: yes at the locker, done"
        assert page.locator(".message").get_attribute("aria-live") == "polite"
        go_to("[role=tab]")
        page.keyboard.press("ArrowRight")
        assert page.get_by_role("tab", name="What if").get_attribute("aria-selected") == "true"
        go_to(".drawing")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda request: request.getfixturevalue("parcel_locker").system, id="parcel locker"),
        pytest.param(lambda request: request.getfixturevalue("house_system"), id="house"),
        pytest.param(lambda request: request.getfixturevalue("safe").claims.system, id="safe"),
        pytest.param(lambda _: tanks(6), id="counters"),
        pytest.param(lambda _: rings(2, 6, together=False), id="rings"),
        pytest.param(lambda _: claims_of(*CHINESE).system, id="words"),
    ],
)
def test_nothing_overlaps_in_pictures_of_systems_of_any_domain(browser, request, made, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(explorer_page(made(request)))
    with opened(browser, path) as page:
        boxes, problems = overlaps(page)
    assert boxes >= 10
    assert problems == []


DAMAGES = {
    "a node on another": """(drawing) => {
        const [one, other] = drawing.querySelectorAll("g.node");
        const [to, from] = [one.getBBox(), other.getBBox()];
        other.setAttribute("transform", `translate(${to.x - from.x}, ${to.y - from.y})`);
    }""",
    "longer words": """(drawing) => {
        for (const text of drawing.querySelectorAll("g.node text")) text.append(" and more");
    }""",
    "a smaller box": """(drawing) => {
        const node = drawing.querySelector("g.node text").closest("g.node");
        for (const shape of node.querySelectorAll("path, polygon, ellipse")) {
            const { x, y, width, height } = shape.getBBox();
            shape.setAttribute("transform", `translate(${x / 2 + width / 4}, ${y / 2 + height / 4}) scale(0.5)`);
        }
    }""",
    "a smaller picture": """(drawing) => {
        const [x, y, width, height] = drawing.getAttribute("viewBox").split(" ");
        drawing.setAttribute("viewBox", [x, y, width / 2, height].join(" "));
    }""",
}


def test_what_is_laid_out_wrongly_is_seen(browser, locker_page):
    with opened(browser, locker_page) as page:
        whole = page.evaluate("machine.declared.pictures.box.svg")
        seen = {}
        for name, damage in DAMAGES.items():
            page.evaluate(
                f"""(svg) => {{
                    const drawing = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
                    const there = document.body.appendChild(document.importNode(drawing, true));
                    ({damage})(there);
                    machine.declared.pictures.box.svg = new XMLSerializer().serializeToString(there);
                    there.remove();
                }}""",
                whole,
            )
            seen[name] = overlaps(page)[1]
    assert [name for name, problems in seen.items() if not problems] == []


def test_traces_vectors_and_reports_are_opened(browser, locker_page, parcel_locker, tmp_path):
    locker = parcel_locker
    trace = replay(locker.system, locker.system.state(), [locker.Put(), locker.Wait()])
    vector = {"name": "V0001", "start": trace.as_dict()["start"], "steps": []}
    vector["steps"] = [{"request": one["request"], "expected": one["verdict"]} for one in trace.as_dict()["steps"]]
    failing = {**trace.as_dict(), "vector": "V0001", "seen": {"outcome": "no"}}
    rules = [
        {"name": "BOX-1", "standing": "passed", "reason": ""},
        {"name": "BOX-2", "standing": "failed", "reason": "", "failure": {"wrong": "it waits", "shortest": failing}},
    ]
    texts = {
        "itf.json": export_itf(trace),
        "vectors.json": json.dumps({"vectors": [vector, {**vector, "name": "V0002"}]}),
        "report.json": json.dumps({"target": {"name": "mine"}, "rules": rules, "properties": []}),
        "no.json": "{",
        "other.json": json.dumps({"start": {"box": "broken"}, "steps": []}),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    with opened(browser, locker_page) as page:

        def choose(name):
            page.locator("input[type=file]").set_input_files(tmp_path / name)
            page.wait_for_function("name => document.querySelector('.message').textContent.includes(name)", arg=name)
            return page.locator(".message").inner_text()

        choose("itf.json")
        assert page.locator(".points li").count() == 3
        assert "The file gives the same verdict" in page.locator(".step").inner_text()
        choose("vectors.json")
        page.get_by_role("button", name="V0002").click()
        assert page.locator(".points li").count() == 3
        choose("report.json")
        assert page.locator(".drawing .edge.covered.passed").count() > 0
        assert page.locator(".drawing .edge.covered.failed").count() > 0
        page.get_by_role("button", name="Open its failing sequence").click()
        assert "outcome no, and yes here" in page.locator(".differs").inner_text()
        assert "neither JSON" in choose("no.json")
        assert 'box is "broken", expected one of: empty' in choose("other.json")


def test_the_present_step_of_a_long_run_is_in_sight(browser, locker_page, tmp_path):
    (tmp_path / "run.json").write_text(json.dumps({"start": {}, "steps": [{"request": {"type": "Wait"}}] * 40}))
    in_sight = """() => {
        const [box, now] = [".points", ".points [aria-current]"].map((one) => document.querySelector(one));
        const [outside, inside] = [box, now].map((one) => one.getBoundingClientRect());
        return outside.top <= inside.top && inside.bottom <= outside.bottom + 1;
    }"""
    with opened(browser, locker_page) as page:
        page.locator("input[type=file]").set_input_files(tmp_path / "run.json")
        page.wait_for_function("document.querySelectorAll('.points li').length === 41")
        assert page.evaluate(in_sight)
        page.get_by_role("button", name="To the start").click()
        assert page.evaluate(in_sight)


def test_a_notebook_shows_a_system_and_a_run_in_a_frame(browser, parcel_locker, tmp_path):
    locker = parcel_locker
    trace = replay(locker.system, locker.system.state(), [locker.Put(), locker.Wait()])
    path = tmp_path / "notebook.html"
    path.write_text(f"<!DOCTYPE html><meta charset=utf-8>{Explorer(trace)._repr_html_()}")
    with opened(browser, path) as page:
        frame = page.frame_locator("iframe")
        frame.get_by_text("What was given: a run").wait_for()
        assert frame.locator(".points li").count() == 3
        assert frame.locator(".drawing .now").bounding_box()["height"] > 20
        frame.get_by_role("button", name="Copy link").click()
        assert "no address to share" in frame.locator(".message").inner_text()


def test_a_notebook_shows_what_a_name_says_and_refuses_what_is_nothing_to_explore(parcel_locker):
    assert Explorer("examples.parcel_locker:claims").html == Explorer(parcel_locker.claims).html
    with pytest.raises(DeclarationError, match="an explorer of 3, expected a system"):
        _ = Explorer(3).html
    with pytest.raises(UnknownNameError, match=r"no lifecycle of '.*' is 'lid'; drawn are: box"):
        _ = Explorer(parcel_locker.claims, lifecycle="lid").html


def test_the_counterexamples_of_a_report_are_opened(forgetful_safe):
    report = check(forgetful_safe.claims)
    failing = [finding for finding in report.findings if finding.counterexample]
    data = re.search(r'id="declarations">(.*?)</script>', Explorer(report).html, re.DOTALL)[1]
    given = json.loads(data)["opened"]["properties"]
    assert [one["property"] for one in given] == [finding.claim.name for finding in failing] != []
