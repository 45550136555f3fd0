"""The page that shows each rule's declarations, tests and pictures, for readers who do not know the code."""

from collections.abc import Callable, Iterator, Mapping

from properties.tracing.traceability import BASES, Tally, Traceability, TracedProperty, TracedRule
from statemachines.drawing.page import (
    Block,
    Heading,
    Item,
    Items,
    Link,
    Page,
    Paragraph,
    StrongText,
    Table,
    Tone,
    Words,
)
from statemachines.language.rules import Basis

TERMS: tuple[tuple[str, str], ...] = (
    ("Rule", "one thing that has to be so, with an id. Rules whose ids begin alike make a family."),
    ("Source", "where the rule comes from, by document and section."),
    (
        "Basis",
        'what the rule rests on. "regulated": a source says all of it. "regulated and assumed": a source says part of '
        'it, and the rest had to be assumed. "assumed": no source makes it a rule, and the model had to choose. What '
        "is assumed is set apart and named as an assumption. What cites several rules rests on all of them: it is "
        "assumed only where each of them is.",
    ),
    (
        "Declared by",
        "the parts of the model that follow the rule. A lifecycle is a state machine, and the part is one arrow of it: "
        "from a state, to a state, on a request or event. A check is a question that one party asks of a request, "
        "and its verdict if the answer is no. An answer is the verdict on a request that passes every check. "
        "A constraint is what has to be so in every state.",
    ),
    (
        "Tested by",
        "the properties that are proved or refuted over every state that the model can come to. "
        '"always, of a state" and "always, of a step": wherever its case happens, something holds. "sometimes": '
        'something does happen. "always possible": from every state a path leads to a goal. "leads to": '
        "wherever one thing holds, another comes at once or later, if the named requests keep being sent. "
        '"indistinguishable": two runs that differ only in a secret look the same to an observer.',
    ),
    (
        "Exercised",
        "the case that a property speaks of does happen, so that the property says something. "
        "A rule is exercised if each of its properties is.",
    ),
    ("Held", "no state and no step breaks the property. A rule held if it has properties and each of them did."),
    ("Shown in", "the diagrams that show the rule, drawn from the same declarations."),
)

TONES: Mapping[str, Tone] = {
    "held": "good",
    "does not hold": "bad",
    "not exercised": "bad",
    "not tested": "bad",
    Basis.ASSUMED.value: "assumed",
    Basis.BOTH.value: "assumed",
}


def trace_page(traced: Traceability, locate: Callable[[str], str], *, made_by: str) -> Page:
    """The page.

    Parameters
    ----------
    traced: what it shows.
    locate: the way from the page to a diagram, from the diagram's path.
    made_by: the command that makes the page.
    """
    return Page("Traceability of the rules", (*_preamble(traced, made_by), *_summary(traced), *_rules(traced, locate)))


def _preamble(traced: Traceability, made_by: str) -> Iterator[Block]:
    yield Paragraph(
        (
            "For each rule: where it comes from, what in the model declares it, which properties test it, which "
            f"diagrams show it, and the results. The model is of: {', '.join(traced.systems)}. "
            "This page is made by ",
            StrongText(made_by),
            " from the declarations themselves; do not edit it.",
        )
    )
    if not traced.checked:
        yield Paragraph(
            (StrongText("The properties were not checked for this page"), ": it says what tests each rule only.")
        )
    yield Heading(2, "What the words mean", "words")
    yield Items(tuple(Item((StrongText(term), f": {meaning}")) for term, meaning in TERMS))
    if traced.register.sources:
        yield Paragraph(("In the sources:",))
        yield Items(tuple(Item((StrongText(key), f": {meaning}")) for key, meaning in traced.register.sources.items()))


def _summary(traced: Traceability) -> Iterator[Block]:
    yield Heading(2, "Summary", "summary")
    totals = traced.tally
    headings = ("rules", "declared", "tested", "shown", *(("exercised", "held") if traced.checked else ()))
    yield Paragraph(("By family:",))
    families = tuple(
        ((Link(_titled(traced, name), f"#family-{name}"),), *_based(tally), *_counted(tally))
        for name, tally in traced.by_family().items()
    )
    yield Table(
        ("family", *(f"basis: {each}" for each in BASES), *headings),
        (*families, ((StrongText("all"),), *_based(totals), *_counted(totals))),
    )
    yield Paragraph(("By basis:",))
    bases = tuple(((_marked(each),), *_counted(tally)) for each, tally in traced.by_basis().items())
    yield Table(("basis", *headings), (*bases, ((StrongText("all"),), *_counted(totals))))
    yield Paragraph(("How many rules have at least one declaration or property of a kind, by basis:",))
    yield Table(
        ("kind", *(f"basis: {each}" for each in BASES)),
        tuple(((kind,), *((str(counts[each]),) for each in BASES)) for kind, counts in traced.by_kind().items()),
    )
    yield Paragraph(("How many declarations and properties there are of a kind, by what they rest on:",))
    yield Table(
        ("kind", *(f"basis: {each}" for each in BASES)),
        tuple(((kind,), *((str(counts[each]),) for each in BASES)) for kind, counts in traced.hanging.items()),
    )
    yield Heading(2, "What is missing", "missing")
    yield Items(tuple(_missing(traced)))


def _missing(traced: Traceability) -> Iterator[Item]:
    for label, ids in (
        ("Nothing declares", traced.undeclared),
        ("No property tests", traced.untested),
        ("Not held", traced.failing),
    ):
        if ids:
            yield Item((StrongText(label, "bad"), ": ", *_listed(ids)))
    for problem in traced.problems:
        yield Item((StrongText("Wrong in the model", "bad"), f": {problem}"))
    if traced.not_modelled:
        yield Item((StrongText("Not modelled"), ", and the rule says why: ", *_listed(traced.not_modelled)))
    if traced.complete:
        held = ", and every property holds" if traced.checked else ""
        every = "every other rule" if traced.not_modelled else "every rule"
        yield Item((f"Nothing: {every} is declared and tested{held}.",))


def _listed(ids: tuple[str, ...]) -> Iterator[str | Link]:
    for at, rule_id in enumerate(ids):
        if at:
            yield ", "
        yield Link(rule_id, f"#{rule_id}")


def _based(tally: Tally) -> tuple[Words, ...]:
    return tuple((str(tally.bases[each]),) for each in BASES)


def _counted(tally: Tally) -> tuple[Words, ...]:
    counts = (tally.rules, tally.declared, tally.tested, tally.shown, tally.exercised, tally.held)
    return tuple((str(count),) for count in counts if count is not None)


def _rules(traced: Traceability, locate: Callable[[str], str]) -> Iterator[Block]:
    several = len(traced.systems) > 1
    for name, rules in traced.families().items():
        yield Heading(2, _titled(traced, name), f"family-{name}")
        yield Paragraph(tuple(_listed(tuple(one.rule.id for one in rules))))
        for one in rules:
            yield from _rule(one, locate, several)


def _titled(traced: Traceability, name: str) -> str:
    about = traced.register.families.get(name)
    return f"{name}: {about}" if about else name


def _rule(one: TracedRule, locate: Callable[[str], str], several: bool) -> Iterator[Block]:
    rule = one.rule
    yield Heading(3, rule.id, rule.id)
    yield Paragraph((rule.statement,))
    if rule.basis is Basis.ASSUMED:
        yield Paragraph((StrongText("Assumption", "assumed"), ": no source makes this a rule."), aside=True)
    elif rule.basis is Basis.BOTH:
        yield Paragraph((StrongText("Assumed", "assumed"), f": {rule.assumption}."), aside=True)
    if rule.not_modelled:
        yield Paragraph((StrongText("Not modelled"), f": {rule.not_modelled}."))
    declared = tuple(
        Item((StrongText(part.heading), f": {part.words}{_of(part.system, several)}", *_hanging(part.basis)))
        for part in one.declarations
    )
    tested = tuple(_tested(part, several) for part in one.properties)
    shown = tuple(Item((Link(part.title, locate(part.path)),)) for part in one.diagrams)
    yield Items(
        (
            Item((f"Source: {rule.source}",)),
            Item(("Basis: ", _marked(rule.basis.value))),
            Item(("Result: ", _marked(one.standing))),
            _group("Declared by", declared, "nothing"),
            _group("Tested by", tested, "no property"),
            _group("Shown in", shown, "no diagram"),
        )
    )


def _group(heading: str, items: tuple[Item, ...], none: str) -> Item:
    return Item((f"{heading}:",), items) if items else Item((f"{heading}: {none}",))


def _tested(part: TracedProperty, several: bool) -> Item:
    words = f"{part.name} ({part.kind}{_of(part.system, several)})"
    hanging = _hanging(part.basis)
    return Item((words, *hanging)) if part.holds is None else Item((f"{words}: ", _marked(part.standing), *hanging))


def _hanging(basis: Basis) -> Words:
    return () if basis is Basis.REGULATED else (", ", _marked(basis.value))


def _of(system: str, several: bool) -> str:
    return f", in {system}" if several else ""


def _marked(words: str) -> StrongText:
    return StrongText(words, TONES.get(words, ""))
