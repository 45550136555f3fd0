"""The explorer in a browser, from a file: its size, how soon one can click, how long from a click to the verdict."""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.options import Options
from benchmarks.table import Cell, Section
from examples import parcel_locker
from properties.explorer.page import page_of
from properties.smets1.profile import PROFILE
from statemachines.smets1.installation import INSTALLATION
from tests.support.browser import started

PAGES = {"parcel locker": (parcel_locker.system, ""), "SMETS1 installation": (INSTALLATION, PROFILE.claims)}

READY = """new MutationObserver((_, observer) => {
    if (!document.querySelector(".requests summary")) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => { window.ready = performance.now(); }));
}).observe(document, { childList: true, subtree: true })"""
"""Notes when requests are there, and painted: two frames later."""

OPEN = "[...document.querySelectorAll('details:not([open]) > summary')][0]?.click()"

CLICK = """(number) => new Promise((done) => {
    const requests = document.querySelectorAll("button.request");
    const from = performance.now();
    requests[(number * 7919) % requests.length].click();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - from)));
})"""


def explorer(options: Options) -> Section:
    """Pages of two systems; each cold start in a tab of its own."""
    rows: list[list[Cell]] = []
    with TemporaryDirectory() as folder:
        for browser in started():
            for name, (system, spec) in PAGES.items():
                path = Path(folder) / f"{name}.html"
                path.write_text(page_of(system, PROFILE, spec), encoding="utf-8")
                cold = [_cold(browser, path) for _ in range(options.rounds)]
                clock, processor = _clicks(browser, path, options.at_most(500))
                figures = [at(values) for values in (clock, processor) for at in (median, _p99)]
                rows.append([name, round(path.stat().st_size / 1000), median(cold), *figures])
    columns = ("page", "kB", "ms to the requests", "ms to a verdict", "p99", "ms of the thread", "p99 of it")
    notes = [
        "From a file, in a tab of its own. A verdict is there two frames after the click, by the page's clock. The "
        "thread's time is what the page works meanwhile; it has the list of what can be sent next, too."
    ]
    return Section("The explorer in Chromium", columns, rows, notes)


def _cold(browser: Any, path: Path) -> float:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(READY)
    page.goto(path.as_uri())
    page.wait_for_function("window.ready")
    ready: float = page.evaluate("window.ready")
    context.close()
    return ready


def _clicks(browser: Any, path: Path, number: int) -> tuple[list[float], list[float]]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto(path.as_uri())
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def worked() -> float:
        metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        return float(metrics["TaskDuration"]) * 1000

    for _ in range(3):  # a group, and what is in it
        page.evaluate(OPEN)
        page.wait_for_timeout(100)
    clock, processor = [], []
    for click in range(1, number + 1):
        before = worked()
        clock.append(page.evaluate(CLICK, click))
        processor.append(worked() - before)
    context.close()
    return clock, processor


def _p99(values: list[float]) -> float:
    return sorted(values)[int(0.99 * len(values))]
