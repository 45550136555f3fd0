"""What notebooks show, and what drawing in one call gives."""

import re
import subprocess
import sys

import attrs
import pytest
from lxml import etree
from lxml import html as lxml_html

import statemachines as sm
from examples.parcel_locker import Box, Code, Put, Take, claims, lifecycle, system
from statemachines.drawing import notebook
from statemachines.drawing.draw import SUFFIXES, drawing, pictures_of
from statemachines.extras import MissingExtraError
from statemachines.language import claims as plain_claims

RUN = sm.replay(system, system.state(), [Put(), Take(code=Code.WRONG), Take(code=Code.RIGHT)])


def shown(value):
    return value._repr_mimebundle_()


def words(source):
    return " ".join(element.text or "" for element in etree.fromstring(source.encode()).iter("{*}text"))


def test_a_lifecycle_shows_its_picture_without_a_system():
    source = shown(lifecycle)["image/svg+xml"]
    assert all(str(state.value) in words(source) for state in Box)
    assert "[BOX-1]" in words(source)


def test_a_trace_shows_its_sequence_diagram():
    assert "2. Take (code wrong)" in words(shown(RUN)["image/svg+xml"])


def test_a_system_shows_every_picture():
    page = lxml_html.fromstring(shown(system)["text/html"])
    assert [figure.findtext("figcaption") for figure in page.iter("figure")] == [
        picture.title for picture in pictures_of(system)
    ]


def test_a_report_shows_a_table_and_the_counterexamples():
    broken = sm.always("a box stays empty", then=sm.after(lifecycle.variable) == Box.EMPTY, rules="BOX-1")
    report = sm.check(plain_claims.Claims(system, [*claims.claims, broken]))
    page = lxml_html.fromstring(shown(report)["text/html"])
    rows = [[cell.text_content() for cell in row.iter("td")] for row in page.iter("tr")][1:]
    assert [(row[0], row[3]) for row in rows] == [
        ("a wrong code opens nothing", "holds"),
        ("a box can always come free", "holds"),
        ("a box stays empty", "fails"),
    ]
    [figure] = page.iter("figure")
    assert figure.findtext("figcaption") == "Shortest counterexample: a box stays empty"
    assert "1. Put" in "".join(figure.itertext())
    assert "1 fail" in page.findtext("p/strong")
    assert "all hold" in lxml_html.fromstring(shown(sm.check(claims))["text/html"]).findtext("p/strong")


def test_what_cannot_be_drawn_shows_its_repr(monkeypatch):
    fixed = sm.fixed(lifecycle.variable)
    assert shown(fixed) == {"text/plain": repr(fixed)}

    def missing(_):
        raise MissingExtraError("graphviz is not installed")

    monkeypatch.setattr(notebook, "mimebundle", missing)
    assert shown(lifecycle)["text/plain"].endswith("(graphviz is not installed)")


def test_deciding_loads_nothing_that_draws():
    code = (
        "import sys; from examples.parcel_locker import *; sm.Oracle(system).decide(system.state(), Put());"
        "sys.exit(', '.join({'graphviz', 'lxml', 'statemachines.drawing.draw'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("format", ["svg", "dot", "mermaid"])
def test_drawing_gives_text(format):
    alone, whole = sm.draw(lifecycle, format), sm.draw(lifecycle, format, system=system)
    assert "holds a parcel too long" in alone
    assert "Only the right code opens a box." not in alone
    assert ("Only the right code opens a box." in whole) == (format != "mermaid")
    assert sm.draw(system, format)["box"] == whole
    assert "wrong code" in sm.draw(lifecycle, format, system=system, rejections=True)


def test_drawing_gives_bytes_of_a_png():
    assert sm.draw(lifecycle, "png").startswith(b"\x89PNG")
    assert {type(each) for each in sm.draw(system, "png").values()} == {bytes}


def test_drawing_a_run():
    assert sm.draw(RUN, title="Ann").startswith("<?xml")
    assert "Note over" in sm.draw(RUN, "mermaid")
    assert sm.draw(attrs.evolve(RUN, steps=()), "mermaid").count("Note over") == 1


@pytest.mark.parametrize(
    ("what", "format", "options", "message"),
    [
        (RUN, "dot", {}, "a run cannot be drawn as dot; expected svg or mermaid"),
        (lifecycle, "gif", {}, "'gif' is not a format of a picture; expected one of svg, png, dot, mermaid"),
        (lifecycle, "svg", {"rejections": True}, "the rejections of lifecycle 'box' need its system"),
        ("box", "svg", {}, "'box' cannot be drawn; expected a Lifecycle, a Trace or a System"),
    ],
)
def test_what_cannot_be_drawn_is_reported(what, format, options, message):
    with pytest.raises(sm.DeclarationError, match=re.escape(message)):
        sm.draw(what, format, **options)


def test_every_format_has_files():
    (picture, *_) = pictures_of(system)
    assert all(drawing(picture, kind) for kind in SUFFIXES)


def test_exporting_a_model_in_one_call():
    assert "a wrong code opens nothing" in sm.export_promela(claims)
    assert "a wrong code opens nothing" not in sm.export_promela(claims, only=["a box can always come free"])
