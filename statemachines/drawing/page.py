"""Pages: a document as blocks, written as Markdown or HTML with all text escaped.

Reports, traceability and the page of words are made of it. lxml writes the HTML.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal
from urllib.parse import quote

import attrs

from statemachines.drawing.characters import visible
from statemachines.extras import optional_imports

with optional_imports():
    from lxml import etree
    from lxml.builder import E

Tone = Literal["", "good", "bad", "assumed"]


@attrs.frozen
class Link:
    """A link: text, and a path on disk, or ``#`` and the anchor of a heading."""

    words: str
    to: str


@attrs.frozen
class StrongText:
    """Words that stand out; their tone is a colour where there are colours."""

    words: str
    tone: Tone = ""


Words = tuple[str | Link | StrongText, ...]


@attrs.frozen
class Heading:
    """A heading of a level, 1 to 6, that links can lead to by its anchor."""

    level: int
    words: str
    anchor: str


@attrs.frozen
class Paragraph:
    """Some sentences; one that is aside stands out from the rest."""

    words: Words
    aside: bool = False


@attrs.frozen
class Item:
    """A point of a list, and the points beneath it."""

    words: Words
    items: tuple["Item", ...] = ()


@attrs.frozen
class Items:
    """A list of points."""

    items: tuple[Item, ...]


@attrs.frozen
class Table:
    """A table with a heading for each column; each row has as many cells, and perhaps a kind, of a `Filter`."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    kinds: tuple[str, ...] = ()


@attrs.frozen
class Figure:
    """A drawing in SVG, and what it shows in words; Markdown has the words only."""

    svg: bytes
    words: str


@attrs.frozen
class Listing:
    """Lines that stand as they are."""

    text: str


@attrs.frozen
class Legend:
    """What colours mean: each colour, as CSS has it, and its meaning."""

    colours: tuple[tuple[str, str], ...]


@attrs.frozen
class Filter:
    """A choice of the kind of rows that tables show, and a field for text that they contain; Markdown has neither.

    The choice needs no script. The field does, and stays hidden without it.

    Parameters
    ----------
    words: what is asked.
    kinds: the kinds that one can choose.
    """

    words: str
    kinds: tuple[str, ...]


Block = Heading | Paragraph | Items | Table | Figure | Listing | Legend | Filter


@attrs.frozen
class Page:
    """A whole document, its title besides.

    Parameters
    ----------
    contents: whether HTML begins with a list of its parts: the headings of the second level.
    """

    title: str
    blocks: tuple[Block, ...]
    contents: bool = False


STYLE = """
:root { color-scheme: light dark; --line: #8886; --good: #17713a; --bad: #b3261e; --assumed: #8a5a00; --faint: #8881; }
@media (prefers-color-scheme: dark) { :root { --good: #6fce91; --bad: #ff8a80; --assumed: #f0b44c; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; } h2 { border-bottom: 1px solid var(--line); margin-top: 3rem; } h3 { margin-top: 2rem; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: .25rem .6rem; text-align: left; vertical-align: top; }
th { background: var(--faint); }
ul { padding-left: 1.4rem; } li { margin: .15rem 0; overflow-wrap: anywhere; }
blockquote { margin: 1rem 0; padding: .4rem 1rem; border-left: .3rem solid var(--assumed); background: var(--faint); }
figure { margin: 1rem 0; overflow-x: auto; background: white; border: 1px solid var(--line); padding: .5rem; }
figcaption { color: #444; font-size: .85rem; }
pre { overflow-x: auto; background: var(--faint); padding: .6rem 1rem; font-size: .85rem; white-space: pre-wrap; }
.legend span { display: inline-block; width: 1.6rem; height: .3rem; margin: 0 .4rem .2rem 1rem; }
nav { columns: 14rem; } nav a { display: block; }
label { margin-right: 1rem; }
.good { color: var(--good); } .bad { color: var(--bad); } .assumed { color: var(--assumed); }
"""


SCRIPT = """
for (const field of document.querySelectorAll("input[type=search]")) {
  const rows = [...document.querySelectorAll("tbody tr[class]")];
  const count = document.querySelector("output");
  const filter = () => {
    const words = field.value.toLowerCase().split(" ").filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    count.textContent = words.length ? `${shown} of ${rows.length} rows contain it` : "";
  };
  field.addEventListener("input", filter);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { field.value = ""; filter(); }
  });
  field.closest("p").hidden = false;
  filter();
}
"""
"""Filters the rows by text: each word has to occur in a row; case does not count."""


def markdown(page: Page) -> str:
    """The page as Markdown, as GitHub reads it."""
    blocks = ("\n".join(block_lines(block)) for block in page.blocks if not isinstance(block, Filter))
    return "\n\n".join([f"# {literal(page.title)}", *blocks]) + "\n"


def block_lines(block: Block) -> Iterator[str]:
    """A block as lines of Markdown."""
    match block:
        case Heading():
            yield f'{"#" * block.level} <a id="{_address(block.anchor)}"></a>{literal(block.words)}'
        case Paragraph():
            yield f"{'> ' if block.aside else ''}{_at_start(_inline(block.words))}"
        case Items():
            yield from _points(block.items, "")
        case Table():
            yield _row(literal(words) for words in block.headings)
            yield _row("---" for _ in block.headings)
            for cells in block.rows:
                yield _row(_inline(words) for words in cells)
        case Figure():
            yield _at_start(literal(block.words))
        case Listing():
            yield from (f"    {line}" for line in visible(block.text).splitlines())
        case Legend():
            yield from (f"- {literal(meaning)}" for _, meaning in block.colours)


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _points(items: tuple[Item, ...], indent: str) -> Iterator[str]:
    for item in items:
        yield f"{indent}- {_at_start(_inline(item.words))}"
        yield from _points(item.items, f"{indent}  ")


def _inline(words: Words) -> str:
    return "".join(_span(part) for part in words)


def _span(part: str | Link | StrongText) -> str:
    match part:
        case Link():
            return f"[{literal(part.words)}]({_address(part.to)})"
        case StrongText():
            return f"**{literal(part.words).strip()}**"
        case _:
            return literal(part)


def literal(words: str) -> str:
    """The words in one line, with nothing in them that Markdown reads as more than words."""
    return re.sub(r"([\\`*_\[\]<&|~$#])", r"\\\1", re.sub(r"\s+", " ", visible(words)))


def _at_start(line: str) -> str:
    """The line without anything at its start that would make it code, a list, a heading or a quotation."""
    return re.sub(r"^(\d*)([-+>=.)])", r"\1\\\2", line.lstrip())


def _address(path: str) -> str:
    """The path as a link has it; it stays a path, whatever is in it."""
    return quote(path, safe="/#")


def html(page: Page) -> str:
    """The page as one HTML file that needs nothing else."""
    head = E.head(
        E.meta(charset="utf-8"),
        E.meta(name="viewport", content="width=device-width, initial-scale=1"),
        E.title(visible(page.title)),
        E.style(STYLE + "".join(_shown_alone(page))),
    )
    body = E.body(E.h1(visible(page.title)), *_contents(page), *(_element(block) for block in page.blocks))
    if any(isinstance(block, Filter) for block in page.blocks):
        body.append(E.script(SCRIPT))
    for element in body:
        element.tail = "\n"
    root = E.html(head, body, lang="en")
    return f"<!DOCTYPE html>\n{etree.tostring(root, encoding='unicode', method='html')}\n"


def _contents(page: Page) -> Iterator[etree._Element]:
    if page.contents:
        parts = (block for block in page.blocks if isinstance(block, Heading) and block.level == 2)
        yield E.nav(*(E.a(visible(part.words), href=f"#{_address(part.anchor)}") for part in parts))


def _shown_alone(page: Page) -> Iterator[str]:
    """The style that hides the rows of other kinds than the one that was chosen."""
    for kind in (kind for block in page.blocks if isinstance(block, Filter) for kind in block.kinds):
        name = _class_of(kind)
        yield f"body:has(#show-{name}:checked) tr[class]:not(.{name}) {{ display: none; }}\n"


def _class_of(kind: str) -> str:
    return re.sub(r"\W+", "-", kind.lower())


def html_fragment(blocks: Iterable[Block]) -> str:
    """Blocks as HTML to put in a page that is there, as a notebook is."""
    made: str = etree.tostring(E.div(*map(_element, blocks)), encoding="unicode", method="html")
    return made


def _element(block: Block) -> etree._Element:
    match block:
        case Heading():
            made: etree._Element = E(f"h{block.level}", visible(block.words), id=block.anchor)
        case Paragraph():
            made = E("blockquote" if block.aside else "p", *_spans(block.words))
        case Items():
            made = _list(block.items)
        case Table():
            head = E.tr(*(E.th(visible(words), scope="col") for words in block.headings))
            rows = [E.tr(*(E.td(*_spans(words)) for words in cells)) for cells in block.rows]
            for row, kind in zip(rows, block.kinds, strict=False):
                row.set("class", _class_of(kind))
            made = E.table(E.thead(head), E.tbody(*rows))
        case Figure():
            made = _figure(block)
        case Listing():
            made = E.pre(visible(block.text))
        case Filter():
            choices = (("all", {"checked": "checked"}), *((kind, {}) for kind in block.kinds))
            radios = (
                E.label(E.input({"type": "radio", "name": "show", "id": f"show-{_class_of(kind)}", **more}), kind)
                for kind, more in choices
            )
            field = E.p({"hidden": "hidden"}, E.label("Rows that contain: ", E.input(type="search")), E.output())
            made = E.div({"role": "search"}, E.p(visible(block.words), *radios), field)
        case Legend():
            swatches = (
                part for colour, words in block.colours for part in (E.span(style=f"background: {colour}"), words)
            )
            made = E.p({"class": "legend"}, *swatches)
    return made


def _list(items: tuple[Item, ...]) -> etree._Element:
    made: etree._Element = E.ul(
        *(E.li(*_spans(item.words), *([_list(item.items)] if item.items else [])) for item in items)
    )
    return made


def _spans(words: Words) -> Iterator[etree._Element | str]:
    for part in words:
        match part:
            case Link():
                yield E.a(visible(part.words), href=_address(part.to))
            case StrongText():
                yield E.strong({"class": part.tone} if part.tone else {}, visible(part.words))
            case _:
                yield visible(part)


def _figure(block: Figure) -> etree._Element:
    drawing = etree.fromstring(block.svg)
    for element in drawing.iter(etree.Element):
        element.tag = etree.QName(element).localname
        # HTML knows these names without their namespaces; ids would be those of other drawings, too.
        named = {etree.QName(name).localname: value for name, value in element.attrib.items()}
        element.attrib.clear()
        element.attrib.update({name: value for name, value in named.items() if name not in {"id", "space"}})
    etree.strip_tags(drawing, etree.Comment)
    etree.cleanup_namespaces(drawing)
    drawing.set("role", "img")
    drawing.set("style", "max-width: 100%; height: auto")
    drawing.set("aria-label", visible(block.words))
    figure: etree._Element = E.figure(drawing, E.figcaption(visible(block.words)))
    return figure
