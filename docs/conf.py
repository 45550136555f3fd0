"""The documentation site: `make docs` builds it, without a network, from the pages that a forge shows as they are."""

import re
from pathlib import Path
from typing import Any

import properties
import statemachines
from examples.parcel_locker import system as parcel_locker
from properties.explorer.page import page_of
from properties.smets1.profile import PROFILE
from statemachines.smets1.installation import INSTALLATION

project = "smets1-lifecycles"
author = "the smets1-lifecycles contributors"
project_copyright = f"2026, {author}"
version = release = "0.1"

# The source is the whole repository, so that links between pages, diagrams and code are the same here and on a forge.
root_doc = "docs/index"
include_patterns = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/**.md",
    "diagrams/**.md",
    "examples/**/README.md",
]
exclude_patterns = ["**/.*", "build", "dist", "demo-output"]
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]

myst_heading_anchors = 4
suppress_warnings = ["ref.python"]  # a word of a docstring that is the name of several things
default_role = "py:obj"
highlight_language = "none"  # an indented block is a shell's, or a file's; Python says that it is Python

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
napoleon_google_docstring = False

html_theme = "furo"
html_title = "smets1-lifecycles"
html_copy_source = False
html_show_sourcelink = False
html_extra_path = ["_site"]

for package in (statemachines, properties):  # what is loaded when it is asked for is documented, too
    for name in package.__all__:
        setattr(package, name, getattr(package, name))


def _anchors(_app: Any, _page: str, source: list[str]) -> None:
    """An HTML anchor in a heading, which forges know, as a target that MyST knows."""
    source[0] = re.sub(r'^(#+) <a id="([^"]+)"></a>', r"(\2)=\n\1 ", source[0], flags=re.MULTILINE)


def _one_line_entries(_app: Any, _kind: str, _name: str, _value: Any, _options: Any, lines: list[str]) -> None:
    """``name: what it is`` in a section, as napoleon wants it: the name, and what it is below."""
    inside, out = False, []
    for at, line in enumerate(lines):
        if set(lines[at + 1 : at + 2]) & {"-" * len(line)} and line:
            inside = line in ("Parameters", "Raises", "Returns", "Attributes")
        entry = re.match(r"([\w.*`, ]+): (.*)", line) if inside else None
        out += [entry[1], f"    {entry[2]}"] if entry else [line]
    lines[:] = out


EXPLORERS = {
    "locker.html": (parcel_locker, "examples.parcel_locker:system"),
    "installation.html": (INSTALLATION, PROFILE.claims),
}
"""Pages of the explorer that the site has."""


def _embedded(_app: Any, page: str, source: list[str]) -> None:
    """The explorer's pages, framed in its page of the site; a forge shows that page without them."""
    if page == "docs/explorer":
        frames = "\n".join(
            f'<h2>{system.name}</h2>\n<p><a href="../explorer/{name}">The page by itself</a></p>\n'
            f'<iframe title="explorer: {system.name}" src="../explorer/{name}" loading="lazy" '
            'style="width: 100%; height: 45rem; border: 1px solid #cbd2d9"></iframe>'
            for name, (system, _) in EXPLORERS.items()
        )
        source[0] += f"\n```{{raw}} html\n{frames}\n```\n"


def _explorers(app: Any, error: Exception | None) -> None:
    """Write the pages that are framed."""
    if error is None and app.builder.format == "html":
        folder = Path(app.outdir) / "explorer"
        folder.mkdir(exist_ok=True)
        for name, (system, spec) in EXPLORERS.items():
            (folder / name).write_text(page_of(system, PROFILE, spec), encoding="utf-8")


def setup(app: Any) -> None:
    """Have Sphinx call these, before napoleon reads docstrings."""
    app.connect("source-read", _anchors)
    app.connect("source-read", _embedded)
    app.connect("build-finished", _explorers)
    app.connect("autodoc-process-docstring", _one_line_entries, priority=400)
