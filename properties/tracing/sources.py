"""From source to rule: every section of the sources, what it says, and the rules that come from it."""

from collections.abc import Iterator
from typing import Any

import attrs

from statemachines.drawing.page import Block, Heading, Item, Items, Link, Page, Paragraph, StrongText, Table, Words
from statemachines.language.rules import Passage, Register, Section


def sections_of(register: Register, ids: tuple[str, ...] = ()) -> tuple[Section, ...]:
    """The register's sections, in order; if ids are given, only the passages that lead to these rules."""
    if not ids:
        return register.sections
    kept = (
        (section, tuple(one for one in section.passages if set(one.rules) & set(ids))) for section in register.sections
    )
    return tuple(attrs.evolve(section, passages=passages) for section, passages in kept if passages)


def sources_as_dict(register: Register, sections: tuple[Section, ...]) -> dict[str, Any]:
    """The sections for machines, as `trace --by-source --json` prints them."""
    passages = [passage for section in sections for passage in section.passages]
    return {
        "sections": [
            {
                "source": section.source,
                "number": section.number,
                "title": section.title,
                "passages": [
                    {"says": one.says, "rules": list(one.rules), "not_modelled": one.not_modelled or None}
                    for one in section.passages
                ],
            }
            for section in sections
        ],
        "from_no_section": list(_from_no_section(register)),
        "totals": {
            "sections": len(sections),
            "passages": len(passages),
            "lead_to_rules": sum(bool(one.rules) for one in passages),
            "not_modelled": sum(not one.rules for one in passages),
            "rules": len({rule_id for section in sections for rule_id in section.rules}),
        },
    }


def source_lines(sections: tuple[Section, ...]) -> Iterator[str]:
    """A line for each passage."""
    for section in sections:
        for one in section.passages:
            leads_to = " ".join(one.rules) or f"not modelled ({one.not_modelled})"
            yield f"{section.source} {section.number}  {leads_to}  {one.says}"


def sources_page(register: Register, sections: tuple[Section, ...], *, made_by: str) -> Page:
    """The page, with a table of the rules that its links lead to.

    Parameters
    ----------
    made_by: the command that makes the page.
    """
    return Page(
        "From the sources to the rules",
        (*_preamble(register, sections, made_by), *_sections(sections), *_rules(register)),
    )


def _preamble(register: Register, sections: tuple[Section, ...], made_by: str) -> Iterator[Block]:
    totals = sources_as_dict(register, sections)["totals"]
    yield Paragraph(
        (
            "Every section of the sources in its own order: what it says, in a sentence for each passage, and the "
            "rules that come from it; or why it is not modelled. This page is made by ",
            StrongText(made_by),
            " from the register of rules; do not edit it.",
        )
    )
    yield Paragraph(
        (
            f"{totals['sections']} sections with {totals['passages']} passages: {totals['lead_to_rules']} lead to "
            f"{totals['rules']} rules, {totals['not_modelled']} are not modelled.",
        )
    )
    yield Items(tuple(Item((StrongText(key), f": {meaning}")) for key, meaning in register.sources.items()))


def _sections(sections: tuple[Section, ...]) -> Iterator[Block]:
    for section in sections:
        yield Heading(2, f"{section.source} {section.number}: {section.title}", _anchor(section))
        yield Table(("what it says", "rules"), tuple(((one.says,), tuple(_leads_to(one))) for one in section.passages))


def _leads_to(passage: Passage) -> Iterator[str | Link | StrongText]:
    for index, rule_id in enumerate(passage.rules):
        if index:
            yield " "
        yield Link(rule_id, f"#rule-{rule_id}")
    if passage.not_modelled:
        yield from (("; ",) if passage.rules else ())
        yield StrongText("not modelled")
        yield f": {passage.not_modelled}"


def _rules(register: Register) -> Iterator[Block]:
    yield Heading(2, "The rules", "rules-of-sections")
    yield Paragraph(("Those without a section come from another source, or are assumptions.",))
    for rule in register.values():
        yield Heading(3, rule.id, f"rule-{rule.id}")
        yield Paragraph((rule.statement,))
        back: list[str | Link] = []
        for section in register.sections:
            if rule.id in section.rules:
                back += [", " if back else "", Link(f"{section.source} {section.number}", f"#{_anchor(section)}")]
        words: Words = (f"{rule.source}. Basis: {rule.basis.value}. Sections: ", *(back or ["none"]))
        yield Paragraph(words)


def _anchor(section: Section) -> str:
    return f"{section.source}-{section.number}".replace(" ", "-").replace(".", "-").lower()


def _from_no_section(register: Register) -> Iterator[str]:
    led_to = {rule_id for section in register.sections for rule_id in section.rules}
    return (rule_id for rule_id in register if rule_id not in led_to)
