"""The picture of imports in CONTRIBUTING is what the code imports."""

import re
import runpy

from tests.support.paths import DOCS

DRAW = runpy.run_path(str(DOCS / "import_graph.py"))


def test_an_arrow_that_follows_from_others_is_left_out():
    assert DRAW["reduced"]({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"a": {"b"}, "b": {"c"}, "c": set()}


def test_rooms_in_a_circle_keep_their_arrows():
    circle = {"a": {"b"}, "b": {"a", "c"}, "c": set()}
    assert DRAW["reduced"](circle) == circle


def test_the_picture_has_every_room():
    rooms = set(re.findall(r"<title>([a-z]+\.[a-z0-9_]+)</title>", (DOCS / "imports.svg").read_text()))
    assert rooms == set(DRAW["rooms"]())
