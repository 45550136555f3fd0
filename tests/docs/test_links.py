"""Links of the pages lead to files: one to a directory works on a forge, and fails the site."""

import re

from tests.support.paths import ROOT

CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LINK = re.compile(r"\]\(([^)\s#:]+)(?:#[^)]*)?\)")


def test_every_link_of_a_page_leads_to_a_file():
    pages = [
        *ROOT.glob("*.md"),
        *(page for room in ("docs", "diagrams", "examples") for page in ROOT.glob(f"{room}/**/*.md")),
    ]
    links = [(page, to) for page in pages for to in LINK.findall(CODE.sub("", page.read_text(encoding="utf-8")))]
    assert len(links) > 100
    wrong = [f"{page.relative_to(ROOT)}: {to}" for page, to in links if not (page.parent / to).is_file()]
    assert wrong == []
