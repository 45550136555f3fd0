"""A browser for the tests of the explorer: one for a whole run, with a fresh tab for each page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

EXECUTABLE = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def started() -> Iterator:
    """Chromium as the system has it, driven by Playwright; skipped where either is missing."""
    if EXECUTABLE is None:
        pytest.skip("the browser Chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright, which drives the browser, is not here")
    with playwright.sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        browser = driver.chromium.launch(executable_path=EXECUTABLE, args=options)
        yield browser
        browser.close()


ADDRESS = "http://explorer.example/"


@contextmanager
def served(browser, client) -> Iterator:
    """The explorer of a service in a tab of its own; whatever the page asks is answered by a client of the service."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(10_000)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)

    def answer(route):
        path, sent = route.request.url.removeprefix(ADDRESS), route.request.post_data_buffer
        reply = client.request(route.request.method, f"/{path}", content=sent)
        route.fulfill(status=reply.status_code, headers=dict(reply.headers), body=reply.content)

    page.route("**", answer)
    page.goto(f"{ADDRESS}explorer")
    try:
        yield page
        assert [problem for problem in problems if "favicon" not in problem] == []
    finally:
        context.close()


@contextmanager
def opened(browser, path: Path, *, width: int = 1280, height: int = 720, fragment: str = "", **options) -> Iterator:
    """A page in a tab of its own; at the end no error was thrown, and nothing was refused by its policy."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page = context.new_page()
    page.set_default_timeout(10_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{path.as_uri()}{fragment}")
    try:
        yield page
        assert problems == []
        assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []
    finally:
        context.close()


def random_steps(page, number: int, seed: int) -> list[dict]:
    """So many random requests, decided in the page one after the other: each with its verdict and the state after."""
    return page.evaluate(
        """([number, seed]) => {
            const { machine } = window;
            const draw = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
            const kinds = Object.values(Object.groupBy(machine.requests, (request) => request.type));
            const any = (list) => list[Math.floor(draw() * list.length)];
            let state = machine.oracle.initial();
            return Array.from({ length: number }, () => {
                const step = machine.step(state, any(any(kinds)));
                state = step.after;
                const way = machine.path(step).map((one) => one.party);
                return { request: step.request, verdict: step.verdict, state, way };
            });
        }""",
        [number, seed],
    )


def disagreements(system, steps: list[dict]) -> Iterator[str]:
    """Where the steps of a page are not those of the oracle in Python."""
    from properties.conformance.suite.wire_format import read_request, state_in_words
    from statemachines import Oracle
    from statemachines.language.terms import ASPECTS
    from statemachines.semantics.oracle import decided

    oracle = Oracle(system)
    state = oracle.initial
    for step in steps:
        state, verdict = decided(oracle, state, read_request(system, step["request"]))
        theirs = step["verdict"]
        if (verdict is None) != (theirs is None) or state_in_words(state) != step["state"]:
            yield f"{step['request']}: {step['state']}, and {state_in_words(state)} in Python"
        elif verdict is not None:
            words = {name: getattr(getattr(verdict, name), "value", None) for name in ASPECTS}
            if words != {name: theirs[name] for name in ASPECTS} or list(verdict.rules) != theirs["rules"]:
                yield f"{step['request']}: {theirs}, and {verdict} in Python"
            if [party.value for party in verdict.via] != step["way"]:
                yield f"{step['request']}: by way of {step['way']}, and {verdict.via} in Python"


OVERLAPS = """() => {
    const problems = [];
    let boxes = 0;
    for (const [name, { svg }] of Object.entries(machine.declared.pictures)) {
        const parsed = new DOMParser().parseFromString(svg, "image/svg+xml");
        const drawing = document.importNode(parsed.documentElement, true);
        document.body.append(drawing);
        const nodes = [...drawing.querySelectorAll("g.node")];
        const words = [...drawing.querySelectorAll("text")].filter((text) => text.textContent.trim());
        const pairs = [nodes, words].flatMap((all) =>
            all.flatMap((one, at) => all.slice(at + 1).map((other) => [one, other])));
        for (const text of words) for (const node of nodes) if (!node.contains(text)) pairs.push([text, node]);
        const boxOf = new Map([...nodes, ...words].map((one) => [one, one.getBoundingClientRect()]));
        boxes += boxOf.size;
        for (const [one, other] of pairs.map((pair) => pair.map((part) => boxOf.get(part)))) {
            const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
            const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
            if (across > 1 && down > 4) problems.push([name, across, down]);  // lines of a label are close
        }
        const beyond = (box, frames, what) => {
            const by = (side, sign) => Math.min(...frames.map((one) => sign * (box[side] - one[side])));
            const out = [by("left", -1), by("top", -1), by("right", 1), by("bottom", 1)];
            if (Math.max(...out) > 0) problems.push([name, what, ...out]);
        };
        for (const box of boxOf.values()) beyond(box, [drawing.getBoundingClientRect()], "beyond the picture's edge");
        for (const node of nodes) {
            const shapes = [...node.querySelectorAll("path, polygon, ellipse")];
            const frames = shapes.map((one) => one.getBoundingClientRect());
            for (const text of frames.length > 0 ? node.querySelectorAll("text") : []) {
                beyond(text.getBoundingClientRect(), frames, "a label beyond its node");
            }
        }
        drawing.remove();
    }
    return [boxes, problems];
}"""


def overlaps(page) -> tuple[int, list]:
    """How many nodes and labels the pictures of a page have, and which of them overlap, as the browser draws them."""
    return tuple(page.evaluate(OVERLAPS))
