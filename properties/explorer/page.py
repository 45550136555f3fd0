"""The explorer's page: program, style, oracle and pictures of a system in one HTML file.

It loads nothing: a Content-Security-Policy in it allows its own scripts and its own style, by their hashes.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

from lxml import etree

from properties.domain import NEUTRAL, Profile, named
from properties.explorer.courses import courses
from properties.explorer.oracle import Json, alike, oracle_script, terms
from statemachines.drawing.graphviz import render
from statemachines.drawing.graphviz_labels import BADGES
from statemachines.drawing.picture import PLAIN, Picture, Shape, Wording, with_identifiers
from statemachines.drawing.statechart import about, drawn, lifecycle_picture
from statemachines.errors import UnknownNameError
from statemachines.language.expression import FALSE
from statemachines.language.gates import Check
from statemachines.language.lifecycle import Lifecycle
from statemachines.language.requests import RequestType
from statemachines.language.system import State, System
from statemachines.semantics.decision import decision_order

MARGIN = 6
"""The room around a drawing, in points."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
XLINK = "{http://www.w3.org/1999/xlink}"
POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src data:; base-uri 'none'; form-action 'none'"
)


def explorer_page(
    system: System,
    *,
    profile: Profile = NEUTRAL,
    wording: Wording = PLAIN,
    situations: Mapping[str, State] | None = None,
    changes: Mapping[str, Mapping[str, Enum]] | None = None,
    opened: Json | None = None,
    service: str = "",
    lifecycle: str = "",
) -> str:
    """A system as one self-contained HTML page; the same bytes for the same declarations.

    Parameters
    ----------
    system: the declarations.
    profile: what the domain calls things.
    wording: what its pictures call things.
    situations: states to start in, by what they are called.
    changes: what people ask about as if it were one thing, with the values of variables that it is.
    opened: a document that the page opens at once, as if it was dropped on it: runs, or a report.
    service: where the page is one of a service's, the address that answers questions on all states; the page may then
        send something, to its own server alone.
    lifecycle: the name of the lifecycle whose picture is shown first; ``""`` for the first that is drawn.

    Raises
    ------
    UnknownNameError: for the name of a lifecycle that is not drawn.
    DeclarationError: for a name that JavaScript reserves.
    DrawingError: where the renderer of pictures is missing.
    """
    pictures = dict(_pictures(system, wording))
    if lifecycle and lifecycle not in pictures:
        raise UnknownNameError(f"no lifecycle of {system.name!r} is {lifecycle!r}; drawn are: {', '.join(pictures)}")
    oracle, checks = oracle_script(system, profile.subjects)
    data = {
        "variables": [_variable(system, name) for name in system.state_type.names],
        "requests": [_request(kind, profile) for kind in system.requests],
        "checks": checks,
        "sender": profile.sender,
        "standings": list(profile.standings),
        "subjects": list(profile.subjects),
        "situations": [
            {"name": name, "state": {key: str(value.value) for key, value in state.as_dict().items()}}
            for name, state in (situations or {}).items()
        ],
        "changes": [
            {"name": name, "values": {key: str(value.value) for key, value in values.items()}}
            for name, values in (changes or {}).items()
        ],
        "alike": alike(system),
        "words": {**system.register.sources, **system.register.words},
        "courses": courses(system, named(profile.course)) if profile.course else [],
        "opened": opened,
        "service": service,
        "terms": list(terms(system)) if service else [],
        "pictures": pictures,
        "lifecycle": lifecycle,
    }
    folder = files("properties.explorer")
    program = (folder / "explorer.js").read_text(encoding="utf-8")
    style = (folder / "explorer.css").read_text(encoding="utf-8")
    own = _inert(named(profile.explorer)()) if profile.explorer else ""
    oracle = "\n" + _inert(oracle) + "\n"
    policy = POLICY.format(scripts=" ".join(map(_hash, (program, own, oracle))), styles=_hash(style))
    if service:
        policy += "; connect-src 'self'"
    return "".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="color-scheme" content="light dark">\n',
            f"<title>{escape(system.name)}: explorer</title>\n<style>{style}</style>\n</head>\n<body>\n",
            '<div id="explorer"><noscript>The explorer needs JavaScript.</noscript></div>\n',
            f'<script type="application/json" id="declarations">{_inert(json.dumps(data))}</script>\n',
            f"<script>{program}</script>\n<script>{own}</script>\n",
            f'<script type="module">{oracle}</script>\n</body>\n</html>\n',
        ]
    )


def page_of(
    system: System, profile: Profile, spec: str, *, opened: Json | None = None, service: str = "", lifecycle: str = ""
) -> str:
    """The page of a system that a SPEC names, in the words of a profile where it is the profile's own."""
    return explorer_page(
        system,
        profile=profile if profile.owns(spec) else NEUTRAL,
        wording=profile.wording_of(spec),
        situations=profile.situations_of(spec, system),
        changes=profile.changes_of(spec, system),
        opened=opened,
        service=service,
        lifecycle=lifecycle,
    )


def _inert(script: str) -> str:
    """The script with nothing in it that ends it for HTML: in strings and comments of JavaScript it means the same."""
    return script.replace("</", "<\\/").replace("<!--", "<\\u0021--")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _variable(system: System, name: str) -> Json:
    lifecycle = system.lifecycle(name)
    return {
        "name": name,
        "label": lifecycle.variable.label,
        "fixed": not lifecycle.transitions,
        "initial": [str(value.value) for value in lifecycle.initial],
    }


def _request(kind: RequestType, profile: Profile) -> Json:
    fields = [
        {
            "name": field.name,
            "label": field.label,
            "usual": None if field.default is None else str(field.default.value),
        }
        for field in kind.fields
    ]
    return {"name": kind.name, "label": profile.in_words(kind), "event": profile.is_event(kind), "fields": fields}


def _pictures(system: System, wording: Wording) -> Iterator[tuple[str, Json]]:
    for lifecycle in drawn(system):
        picture = lifecycle_picture(system, lifecycle, wording=wording)
        drawing = etree.fromstring(render(picture, "svg"))
        notes = list(_taken(drawing, picture.title))
        _crop(drawing)
        svg = _svg(drawing, picture, system)
        # which badge is dark depends on the page's colours: its own legend shows them
        notes = [note.replace(BADGES, "badge: what a request has to pass first") for note in notes]
        yield lifecycle.name, {"title": picture.title, "svg": svg, "badges": bool(picture.key), "notes": notes}


def _taken(drawing: Any, title: str) -> Iterator[str]:
    """Take the title and the legend, which people read beside the drawing: in it they make it wide."""
    graph = drawing.find("{*}g")
    for group in graph.xpath("*[local-name()='g'][not(@class)] | *[@class='cluster'][1]"):
        texts = [text.text for text in group.iter("{*}text")]
        if group.get("class") and texts[:1] != [title]:
            continue
        yield from (text for text in texts if text != title)
        graph.remove(group)


def _crop(drawing: Any) -> None:
    """Leave the drawing the room that its shapes take."""
    graph = drawing.find("{*}g")
    numbers = [
        [float(number) for number in _NUMBER.findall(shape.get("points") or shape.get("d") or _corners(shape))]
        for shape in graph.iter("{*}polygon", "{*}path", "{*}polyline", "{*}ellipse")
    ]
    right, down = map(float, _NUMBER.findall(graph.get("transform").partition("translate")[2]))
    left, top = (min(number for each in numbers for number in each[axis::2]) for axis in (0, 1))
    width = max(number for each in numbers for number in each[0::2]) - left
    height = max(number for each in numbers for number in each[1::2]) - top
    box = (left + right - MARGIN, top + down - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN)
    drawing.set("viewBox", " ".join(f"{number:.2f}" for number in box))


def _corners(ellipse: Any) -> str:
    x, y, across, along = (float(ellipse.get(name)) for name in ("cx", "cy", "rx", "ry"))
    return f"{x - across} {y - along} {x + across} {y + along}"


def _rules_of_checks(system: System, lifecycle: Lifecycle, kind: RequestType) -> dict[str, None]:
    """The rules of the checks that a request has to pass to fire an arrow of the lifecycle."""
    known = about(lifecycle, kind)
    checks = [one.declaration for one in decision_order(system, kind, known) if isinstance(one.declaration, Check)]
    return dict.fromkeys(
        rule for check in checks if check.fails_when.given(known, kind) is not FALSE for rule in check.rules
    )


def _svg(drawing: Any, picture: Picture, system: System) -> str:
    """The drawing with the words of states and arrows on its parts, and without what only Graphviz needs."""
    words = {value.name: str(value.value) for value in system.lifecycle(picture.name).variable.domain}
    known = with_identifiers(picture)
    states = {there.id: node for there, node in zip(known.nodes, picture.nodes, strict=True)}
    members = {node.id: node.members or (node.id,) for node in picture.nodes}
    lifecycle = system.lifecycle(picture.name)
    kinds = {kind.name: kind for kind in system.requests}

    @cache
    def checks(on: str) -> tuple[str, ...]:
        return tuple(_rules_of_checks(system, lifecycle, kinds[on]) if on else ())

    etree.strip_tags(drawing, etree.Comment)
    for group in drawing.iterfind(".//{*}g[@class]"):
        title = group.find("{*}title")
        assert title is not None  # every group of Graphviz's has one
        link = group.find("{*}g/{*}a")
        name = (title.text or "").removeprefix("cluster_")
        arrow = next((part for part in name.split("->") if part.startswith("arrow-")), "")
        if arrow:
            drawn_arrow = picture.arrows[int(arrow.removeprefix("arrow-"))]
            group.set("data-from", json.dumps([words[one] for one in members[drawn_arrow.source]]))
            group.set("data-to", words[drawn_arrow.target])
            group.set("data-rules", " ".join(drawn_arrow.rules))
            group.set("data-on", drawn_arrow.on)
            group.set("data-checks", " ".join(checks(drawn_arrow.on)))
            group.set("data-cited", json.dumps([note.rules for note in drawn_arrow.notes]))
        elif name in states and states[name].shape is Shape.STATE:
            group.set("data-state", words[states[name].id])
        title.text = "" if link is None else str(link.get(f"{XLINK}title"))
    for element in drawing.iter(etree.Element):
        for key in [key for key in element.attrib if str(key) == "id" or str(key).startswith("{")]:
            del element.attrib[key]
    etree.strip_tags(drawing, "{*}a")
    etree.cleanup_namespaces(drawing)
    made: str = etree.tostring(drawing, encoding="unicode")
    return made
