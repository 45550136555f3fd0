"""In a real browser, with the fonts that it has here, no words leave their frames."""

import json
import re
import shutil
import subprocess
from html import unescape

import pytest

from statemachines import replay
from statemachines.drawing.graphviz import render
from statemachines.drawing.rejections import with_rejections
from statemachines.drawing.request_path import request_paths
from statemachines.drawing.sequence_diagram import sequence_diagram
from statemachines.drawing.sequence_svg import sequence_svg
from statemachines.drawing.statechart import lifecycle_picture
from tests.support.paths import ROOT
from tests.support.words import ALL, claims_of

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
OPTIONS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--virtual-time-budget=20000", "--dump-dom",
]  # fmt: skip
FAMILIES = ("", "Liberation Sans", "DejaVu Sans", "DejaVu Serif")
"""The fonts: of the list that files have, the first that is here; one as wide as Arial; and two that are wide."""

MEASURE = """
const left = [];
let lines = 0;
const style = document.head.appendChild(document.createElement("style"));
const canvas = document.createElement("canvas").getContext("2d");
const width = font => {
  canvas.font = `40px ${font}`;
  return canvas.measureText("mmiiWW").width;
};
const there = FAMILIES.filter(family => !family
  || ["serif", "monospace"].some(usual => width(`"${family}", ${usual}`) !== width(usual)));
for (const family of there) {
  style.textContent = family && `text { font-family: "${family}" !important; }`;
for (const svg of document.querySelectorAll("svg")) {
  const whole = svg.getBoundingClientRect();
  for (const text of svg.querySelectorAll("text")) {
    if (!text.textContent.trim()) continue;
    lines += 1;
    const box = text.getBoundingClientRect();
    const middle = (box.top + box.bottom) / 2;
    const x = text.getAttribute("text-anchor") === "middle" ? (box.left + box.right) / 2 : box.left + 0.5;
    let frame = whole;
    const group = text.closest("g.node") || text.closest("g") || svg;
    for (const shape of group.querySelectorAll("path, polygon, rect")) {
      const around = shape.getBoundingClientRect();
      if (around.left <= x && x <= around.right && around.top <= middle && middle <= around.bottom
          && around.width * around.height < frame.width * frame.height) frame = around;
    }
    if (box.right > frame.right + 0.5 || box.left < frame.left - 0.5
        || box.top < frame.top - 2 || box.bottom > frame.bottom + 2)
      left.push([svg.id, text.textContent, Math.round(box.right - frame.right), family]);
  }
}
}
style.textContent = "";
const crossed = [];
for (const svg of document.querySelectorAll("svg")) {
  const words = [...svg.querySelectorAll("text")].filter(text => text.textContent.trim())
    .map(text => [text.textContent, text.getBoundingClientRect()]);
  for (const path of svg.querySelectorAll("g.edge path")) {
    const matrix = path.getScreenCTM();
    for (let at = 0; at <= path.getTotalLength(); at += 2) {
      const point = path.getPointAtLength(at).matrixTransform(matrix);
      for (const [said, box] of words)
        if (box.left + 1 < point.x && point.x < box.right - 1 && box.top + 3 < point.y && point.y < box.bottom - 3
            && !crossed.some(known => known[0] === svg.id && known[1] === said))
          crossed.push([svg.id, said]);
    }
  }
}
document.body.textContent = JSON.stringify({lines, left, crossed, there});
"""


def looked_at(drawings, folder):
    """What a browser shows: the count of lines of words, those beyond their frames, those that an arrow crosses."""
    page = folder / "page.html"
    shown = "".join(re.sub(r"^.*?<svg ", f'<svg id="{name}" ', svg, flags=re.DOTALL) for name, svg in drawings.items())
    page.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><body>{shown}"
        f"<script>const FAMILIES = {json.dumps(FAMILIES)};{MEASURE}</script>"
    )
    command = [BROWSER, *OPTIONS, f"--user-data-dir={folder / 'profile'}", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return json.loads(unescape(re.search(r"<body>(.*)</body>", done.stdout, flags=re.DOTALL)[1]))


def outside(drawings, folder):
    """How many lines of words there are, and those that a browser shows beyond their frames: which, and by how much."""
    result = looked_at(drawings, folder)
    return result["lines"], result["left"]


needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed")


@needs_browser
@pytest.mark.slow
def test_no_words_leave_their_frames_in_the_committed_diagrams(tmp_path):
    paths = [*(ROOT / "diagrams").rglob("*.svg")]
    result = looked_at({str(path.relative_to(ROOT)): path.read_text() for path in paths}, tmp_path)
    assert result["lines"] > 1000
    assert not result["left"]
    assert not result["crossed"]
    missing = [family for family in FAMILIES if family not in result["there"]]
    if missing:
        pytest.skip(f"every word stays in its frame; {' and '.join(missing)} are not installed, so not looked at")


@needs_browser
@pytest.mark.slow
def test_no_words_of_any_script_leave_their_frames(tmp_path):
    drawings = {}
    for name, words in ALL.items():
        system = claims_of(*words).system
        trace = replay(system, system.state(), [system.requests[0]()] * 3)
        drawings[f"{name}-sequence"] = sequence_svg(sequence_diagram(words[1], {"run": trace})).decode()
        for picture in (
            lifecycle_picture(system, system.lifecycles[0]),
            with_rejections(system, system.lifecycles[0]),
            *request_paths(system),
        ):
            drawings[f"{name}-{picture.name}"] = render(picture, "svg").decode()
    lines, left = outside(drawings, tmp_path)
    assert lines > 100
    assert not left


@needs_browser
@pytest.mark.slow
def test_words_that_leave_are_seen(tmp_path):
    """The test sees what it is for: frames that are measured for a narrower font, and an arrow across words."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="400pt" height="50pt"><g class="graph"><g class="node">'
        '<polygon points="10,10 60,10 60,30 10,30"/><text x="12" y="25" font-size="10">words that are too long</text>'
        '</g><g class="edge"><path d="M 20,0 L 20,50"/></g><g class="edge"><path d="M 300,0 L 300,50"/></g></g></svg>'
    )
    result = looked_at({"x": svg}, tmp_path)
    assert [words for _, words, *_ in result["left"]] == ["words that are too long"] * len(result["there"])
    assert result["crossed"] == [["x", "words that are too long"]]
