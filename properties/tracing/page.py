"""Pages: what a document says, and its two writings, Markdown and HTML. Both write every text literally."""

import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote
from xml.etree import ElementTree

import attrs

Tone = Literal["", "good", "bad", "assumed"]


@attrs.frozen
class Link:
    """Words that lead somewhere: a path as it stands on disk, or ``#`` and the anchor of a heading."""

    words: str
    to: str


@attrs.frozen
class Strong:
    """Words that stand out; their tone is a colour where there are colours."""

    words: str
    tone: Tone = ""


Words = tuple[str | Link | Strong, ...]


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
    """A table with a heading for each column; each row has as many cells."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]


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


Block = Heading | Paragraph | Items | Table | Figure | Listing | Legend


@attrs.frozen
class Page:
    """A whole document, its title besides."""

    title: str
    blocks: tuple[Block, ...]


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
figure svg { max-width: 100%; height: auto; } figcaption { color: #444; font-size: .85rem; }
pre { overflow-x: auto; background: var(--faint); padding: .6rem 1rem; font-size: .85rem; white-space: pre-wrap; }
.legend span { display: inline-block; width: 1.6rem; height: .3rem; margin: 0 .4rem .2rem 1rem; }
.good { color: var(--good); } .bad { color: var(--bad); } .assumed { color: var(--assumed); }
"""


def markdown(page: Page) -> str:
    """The page as Markdown, as GitHub reads it."""
    return "\n\n".join([f"# {_literal(page.title)}", *("\n".join(_markdown(block)) for block in page.blocks)]) + "\n"


def _markdown(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f'{"#" * block.level} <a id="{_address(block.anchor)}"></a>{_literal(block.words)}'
        case Paragraph():
            yield f"{'> ' if block.aside else ''}{_at_start(_inline(block.words))}"
        case Items():
            yield from _points(block.items, "")
        case Table():
            yield _row(_literal(words) for words in block.headings)
            yield _row("---" for _ in block.headings)
            for cells in block.rows:
                yield _row(_inline(words) for words in cells)
        case Figure():
            yield _at_start(_literal(block.words))
        case Listing():
            yield from (f"    {line}" for line in block.text.splitlines())
        case Legend():
            yield from (f"- {_literal(meaning)}" for _, meaning in block.colours)


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _points(items: tuple[Item, ...], indent: str) -> Iterator[str]:
    for item in items:
        yield f"{indent}- {_at_start(_inline(item.words))}"
        yield from _points(item.items, f"{indent}  ")


def _inline(words: Words) -> str:
    return "".join(_span(part) for part in words)


def _span(part: str | Link | Strong) -> str:
    match part:
        case Link():
            return f"[{_literal(part.words)}]({_address(part.to)})"
        case Strong():
            return f"**{_literal(part.words).strip()}**"
        case _:
            return _literal(part)


def _literal(words: str) -> str:
    """The words in one line, with nothing in them that Markdown reads as more than words."""
    return re.sub(r"([\\`*_\[\]<&|~$#])", r"\\\1", re.sub(r"\s+", " ", words))


def _at_start(line: str) -> str:
    """The line without anything at its start that would make it code, a list, a heading or a quotation."""
    return re.sub(r"^(\d*)([-+>=.)])", r"\1\\\2", line.lstrip())


def _address(path: str) -> str:
    """The path as a link has it; it stays a path, whatever is in it."""
    return quote(path, safe="/#")


def html(page: Page) -> str:
    """The page as one HTML file that needs nothing else."""
    root = ElementTree.Element("html", lang="en")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "meta", charset="utf-8")
    ElementTree.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    ElementTree.SubElement(head, "title").text = page.title
    ElementTree.SubElement(head, "style").text = STYLE
    body = ElementTree.SubElement(root, "body")
    ElementTree.SubElement(body, "h1").text = page.title
    for block in page.blocks:
        body.append(_element(block))
    for element in body:
        element.tail = "\n"
    return f"<!DOCTYPE html>\n{ElementTree.tostring(root, encoding='unicode', method='html')}\n"


def _element(block: Block) -> ElementTree.Element:  # noqa: PLR0911  # one return for each kind of block
    match block:
        case Heading():
            heading = ElementTree.Element(f"h{block.level}", id=block.anchor)
            heading.text = block.words
            return heading
        case Paragraph():
            return _filled("blockquote" if block.aside else "p", block.words)
        case Items():
            return _list(block.items)
        case Table():
            return _table(block)
        case Figure():
            return _figure(block)
        case Listing():
            listing = ElementTree.Element("pre")
            listing.text = block.text
            return listing
        case Legend():
            return _legend(block)


def _figure(block: Figure) -> ElementTree.Element:
    figure = ElementTree.Element("figure")
    drawing = ElementTree.fromstring(block.svg)
    for element in drawing.iter():
        element.tag = element.tag.rpartition("}")[2]
        named = {name: value for name, value in element.attrib.items() if name not in {"id", "xml:space"}}
        element.attrib.clear()
        # HTML knows these names without their namespaces; ids would be those of other drawings, too.
        element.attrib.update({name.rpartition("}")[2]: value for name, value in named.items()})
    drawing.set("role", "img")
    drawing.set("aria-label", block.words)
    drawing.tail = None
    figure.append(drawing)
    ElementTree.SubElement(figure, "figcaption").text = block.words
    return figure


def _legend(block: Legend) -> ElementTree.Element:
    legend = ElementTree.Element("p", {"class": "legend"})
    for colour, meaning in block.colours:
        swatch = ElementTree.SubElement(legend, "span", style=f"background: {colour}")
        swatch.tail = meaning
    return legend


def _table(block: Table) -> ElementTree.Element:
    table = ElementTree.Element("table")
    head = ElementTree.SubElement(ElementTree.SubElement(table, "thead"), "tr")
    for words in block.headings:
        ElementTree.SubElement(head, "th", scope="col").text = words
    body = ElementTree.SubElement(table, "tbody")
    for cells in block.rows:
        ElementTree.SubElement(body, "tr").extend(_filled("td", words) for words in cells)
    return table


def _list(items: tuple[Item, ...]) -> ElementTree.Element:
    made = ElementTree.Element("ul")
    for item in items:
        point = _filled("li", item.words)
        if item.items:
            point.append(_list(item.items))
        made.append(point)
    return made


def _filled(tag: str, words: Words) -> ElementTree.Element:
    """An element with these words in it."""
    element = ElementTree.Element(tag)
    for part in words:
        match part:
            case Link():
                ElementTree.SubElement(element, "a", href=_address(part.to)).text = part.words
            case Strong():
                strong = ElementTree.SubElement(element, "strong", {"class": part.tone} if part.tone else {})
                strong.text = part.words
            case _:
                _add_text(element, part)
    return element


def _add_text(element: ElementTree.Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
