"""Traceability: what goes back to each rule, the page that shows it, and that every rule is declared and tested."""

import os
import re
from html import unescape

import attrs
import pytest
from lxml import html as lxml_html

from properties.console.spec import load_claims
from properties.smets1.pictures import WORDING
from properties.smets1.profile import PROFILE
from properties.tracing.results import Result, Results, results_of
from properties.tracing.sources import sources_page
from properties.tracing.trace_page import trace_page
from properties.tracing.traceability import (
    BASES,
    DECLARATIONS,
    PROPERTIES,
    Citation,
    Diagram,
    TracedProperty,
    TracedSubject,
    TraceError,
    citations,
    common_register,
    selected,
    trace,
)
from statemachines import Constraint, Register, Rule, sometimes
from statemachines.checker.check import check
from statemachines.drawing.draw import pictures_of
from statemachines.drawing.page import html, markdown
from statemachines.language.claims import Claims
from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "traceability.md"
LOCKED = "a locked safe stays shut"
OPENS = "only a code opens it"


def all_held(claims: Claims) -> Results:
    """The results of a check in which every property holds."""
    return Results(claims.system.name, {one.name: Result(one.rules, True, True) for one in claims.claims})


def subject(claims: Claims, results: Results | None = None, folder: str = "diagrams") -> TracedSubject:
    return TracedSubject(claims, pictures_of(claims.system, wording=WORDING), folder, results)


def checked(claims: Claims) -> Results:
    return results_of(claims.system, check(claims))


def renamed(claims: Claims, name: str, register: Register | None = None) -> Claims:
    system = attrs.evolve(claims.system, name=name, register=register or claims.system.register)
    return Claims(system, claims.claims)


def the_rule(result, rule_id):
    return next(one for one in result.rules if one.rule.id == rule_id)


def traced_by_default():
    """What the project traces by default, with every property taken to hold: test_claims.py proves that they do."""
    subjects = []
    for spec, folder in PROFILE.traced.items():
        claims = load_claims(spec)
        pictures = (*PROFILE.illustrations_of(spec), *pictures_of(claims.system, wording=WORDING))
        subjects.append(TracedSubject(claims, pictures, folder, all_held(claims)))
    return trace(subjects)


@pytest.fixture(scope="module")
def traced():
    return traced_by_default()


# The project's own rules


def test_every_rule_is_declared_and_tested(traced):
    assert not traced.undeclared, f"nothing declares {' '.join(traced.undeclared)}"
    assert not traced.untested, f"no property tests {' '.join(traced.untested)}"
    assert not traced.problems


def test_the_committed_page_is_that_of_the_declarations(traced):
    remedy = "run `smets1 trace --markdown --out docs/traceability.md` and look at what changed"
    page = markdown(trace_page(traced, lambda path: os.path.relpath(path, "docs"), made_by="smets1 trace"))
    assert PAGE.exists(), remedy
    assert PAGE.read_text() == page, remedy


def test_the_committed_page_of_sources_is_that_of_the_register(traced):
    page = sources_page(traced.register, traced.register.sections, made_by="smets1 trace --by-source")
    remedy = "run `smets1 trace --by-source --markdown --out docs/sources.md` and look at what changed"
    assert (PAGE.parent / "sources.md").read_text() == markdown(page), remedy


@pytest.mark.slow
def test_every_diagram_that_is_linked_is_committed_and_shows_the_rule(traced):
    pictures = {}
    for one in traced.rules:
        for diagram in one.diagrams:
            drawing = pictures.setdefault(diagram.path, unescape((ROOT / diagram.path).read_text()))
            assert re.search(rf"\b{one.rule.id}\b", drawing), (one.rule.id, diagram.path)


def _cited_at(gate):
    return [*(check.rules for check in gate.checks), *filter(None, (gate.order, gate.party_order))]


def test_every_citation_in_the_declarations_is_shown(traced):
    for spec in PROFILE.traced:
        system = load_claims(spec).system
        parts = [
            *(move.rules for lifecycle in system.lifecycles for move in lifecycle.transitions),
            *(rules for gate in system.gates for rules in _cited_at(gate)),
            *(each.rules for each in (*system.answers, *system.constraints)),
        ]
        assert [rules for rules, _ in citations(system)] == parts
        for rules, declaration in citations(system):
            for rule_id in rules:
                assert declaration in the_rule(traced, rule_id).declarations


# A small system


def test_a_rule_has_its_declarations_properties_and_diagrams(safe):
    one = the_rule(trace([subject(safe.claims)]), "S-1")
    words = ('"none" -> "one" on Enter', '"one" -> "two" on Enter')
    condition = ", if (code is wrong or by is not the owner)"
    assert one.declarations == (
        *(Citation("lifecycle", "wrong", f"{each}{condition}", "a safe") for each in words),
        Citation("check", "safe", "not locked; otherwise no: it is locked for good", "a safe"),
    )
    assert one.properties == (TracedProperty(LOCKED, "always, of a step", "a safe"),)
    assert one.diagrams == (
        Diagram("diagrams/wrong.svg", "Wrong"),
        Diagram("diagrams/request-path.svg", "The path of a request: a safe"),
    )
    assert (one.exercised, one.held, one.standing) == (None, None, "not checked")


def test_answers_and_constraints_are_declarations_and_constraints_are_properties_too(safe):
    constraint = Constraint(
        "locked means shut",
        when=safe.wrong == safe.wrong.domain[2],
        then=safe.door == safe.door.domain[0],
        rules="S-1",
    )
    system = attrs.evolve(safe.claims.system, constraints=[constraint])
    result = trace([subject(Claims(system, safe.claims.claims))])
    one, other = the_rule(result, "S-1"), the_rule(result, "S-2")
    assert one.declarations[-1] == Citation("constraint", "", "locked means shut", "a safe")
    assert one.declarations[-1].heading == "constraint"
    assert one.properties[0] == TracedProperty("locked means shut", "always, of a state", "a safe")
    assert [(part.heading, part.words) for part in other.declarations if part.kind == "answer"] == [
        ("answer to Enter", "no: the code is wrong, if (code is wrong or by is not the owner)"),
        ("answer to Enter", "yes: done"),
        ("answer to Shut, Sing", "yes: done"),
    ]
    assert [part.heading for part in other.declarations if part.kind != "answer"] == [
        "lifecycle door",
        "lifecycle door",
        "check at the safe",
    ]


def test_a_rule_is_held_where_the_checker_found_it_so(safe):
    result = trace([subject(safe.claims, checked(safe.claims))])
    assert [(one.exercised, one.held, one.standing) for one in result.rules] == [(True, True, "held")] * 2
    assert result.complete


def test_a_rule_does_not_hold_where_one_of_its_properties_does_not(forgetful_safe):
    result = trace([subject(forgetful_safe.claims, checked(forgetful_safe.claims))])
    one = the_rule(result, "S-1")
    assert (one.exercised, one.held, one.standing) == (True, False, "does not hold")
    assert result.failing == ("S-1",)
    assert not result.complete


def test_a_rule_whose_property_speaks_of_what_never_happens_is_not_exercised(safe):
    claim = sometimes(
        "opened by a song", rules="S-2", of=(safe.wrong == safe.wrong.domain[2]) & (safe.door == safe.door.domain[1])
    )
    claims = Claims(safe.claims.system, [*safe.claims.claims, claim])
    one = the_rule(trace([subject(claims, checked(claims))]), "S-2")
    assert [(part.name, part.standing) for part in one.properties] == [
        (OPENS, "held"),
        ("opened by a song", "not exercised"),
    ]
    assert (one.exercised, one.held, one.standing) == (False, False, "not exercised")


def test_a_rule_without_properties_is_neither_exercised_nor_held(safe):
    claims = Claims(safe.claims.system, safe.claims.claims[:1])
    result = trace([subject(claims, all_held(claims))])
    one = the_rule(result, "S-2")
    assert (one.exercised, one.held, one.standing) == (False, False, "not tested")
    assert (result.untested, result.failing, result.complete) == (("S-2",), (), False)


def test_a_rule_that_nothing_cites_is_not_declared(safe):
    rules = [*safe.claims.system.register.rules, Rule("T-1", "It is grey.", "", assumption="all")]
    result = trace([subject(renamed(safe.claims, "a safe", Register(rules)))])
    assert (result.undeclared, result.untested, result.complete) == (("T-1",), ("T-1",), False)


def test_a_rule_may_be_left_out_of_the_model_for_a_reason(safe):
    rules = [*safe.claims.system.register.rules, Rule("T-1", "It is grey.", "manual, 3", not_modelled="it is paint")]
    result = trace([subject(renamed(safe.claims, "a safe", Register(rules)))])
    assert (result.undeclared, result.untested, result.not_modelled) == ((), (), ("T-1",))
    assert (the_rule(result, "T-1").standing, result.complete) == ("not modelled", True)
    assert "**Not modelled**: it is paint." in markdown(trace_page(result, str, made_by="smets1 trace"))


def test_a_rule_that_is_declared_is_not_left_out(safe):
    first, *others = safe.claims.system.register.rules
    register = Register([attrs.evolve(first, not_modelled="it is paint"), *others])
    result = trace([subject(renamed(safe.claims, "a safe", register))])
    assert result.problems == ("the register says why S-1 is not modelled, but it is declared or tested",)
    assert not result.complete


def test_problems_of_the_system_are_problems_of_the_trace(safe):
    results = attrs.evolve(all_held(safe.claims), problems=("the check 'shut' never decides anything",))
    result = trace([subject(safe.claims, results)])
    assert result.problems == ("a safe: the check 'shut' never decides anything",)
    assert not result.complete


@pytest.mark.parametrize(
    ("assumption", "rests_on"), [("", "regulated"), ("that it is red", "regulated and assumed"), ("all", "assumed")]
)
def test_what_a_rule_rests_on(assumption, rests_on):
    assert Rule("S-1", "It is red.", "manual, 1", assumption).basis.value == rests_on


def test_rules_are_traced_in_the_registers_order_each_once(safe):
    register = safe.claims.system.register
    assert selected(register, ()) == ("S-1", "S-2")
    assert selected(register, ("S-2", "S-1", "S-2")) == ("S-1", "S-2")
    assert [one.rule.id for one in trace([subject(safe.claims)], ["S-2"]).rules] == ["S-2"]


@pytest.mark.parametrize(("asked", "near"), [("s-2", "S-2, S-1"), ("S2", "S-2"), ("nonsense", "S-1, S-2")])
def test_an_unknown_rule_is_refused_with_those_that_come_near(safe, asked, near):
    with pytest.raises(TraceError) as refusal:
        trace([subject(safe.claims)], ["S-1", asked])
    assert str(refusal.value) == f"the register has no rule {asked!r}; did you mean: {near}?"


def test_totals_count_rules_by_basis_family_and_kind(safe):
    rules = [
        *safe.claims.system.register.rules,
        Rule("T-1", "It is grey.", "manual, 3", assumption="that it is"),
        Rule("T-2", "It is heavy.", "none", assumption="all"),
    ]
    claims = renamed(safe.claims, "a safe", Register(rules))
    result = trace([subject(claims, checked(claims))])
    reported = {
        name: (each.rules, each.declared, each.tested, each.shown, each.exercised, each.held)
        for name, each in (("all", result.tally), *result.by_basis().items(), *result.by_family().items())
    }
    assert reported == {
        "all": (4, 2, 2, 2, 2, 2),
        "regulated": (2, 2, 2, 2, 2, 2),
        "regulated and assumed": (1, 0, 0, 0, 0, 0),
        "assumed": (1, 0, 0, 0, 0, 0),
        "S": (2, 2, 2, 2, 2, 2),
        "T": (2, 0, 0, 0, 0, 0),
    }
    assert result.by_family()["T"].bases == {"regulated": 0, "regulated and assumed": 1, "assumed": 1}
    kinds = result.by_kind()
    assert list(kinds) == [*DECLARATIONS, *PROPERTIES]
    assert {kind: counts["regulated"] for kind, counts in kinds.items() if any(counts.values())} == {
        "lifecycle": 2,
        "check": 2,
        "answer": 1,
        "always, of a step": 2,
    }
    assert all(list(counts) == list(BASES) for counts in kinds.values())


def test_there_are_no_counts_of_what_was_not_asked(safe):
    tally = trace([subject(safe.claims)]).tally
    assert (tally.exercised, tally.held) == (None, None)


def test_every_kind_of_claim_has_a_place_in_the_totals(traced):
    assert {part.kind for one in traced.rules for part in one.properties} <= set(PROPERTIES)
    assert {part.kind for one in traced.rules for part in one.declarations} == set(DECLARATIONS)


# Several systems


def test_a_rule_is_tested_if_any_system_tests_it(safe):
    first = Claims(safe.claims.system, safe.claims.claims[:1])
    second = Claims(attrs.evolve(safe.claims.system, name="a strongbox"), safe.claims.claims[1:])
    result = trace([subject(first, all_held(first)), subject(second, all_held(second), "diagrams/strongbox")])
    assert result.systems == ("a safe", "a strongbox")
    assert result.complete
    assert [(part.name, part.system) for one in result.rules for part in one.properties] == [
        (LOCKED, "a safe"),
        (OPENS, "a strongbox"),
    ]
    assert {part.system for part in the_rule(result, "S-1").declarations} == {"a safe", "a strongbox"}
    assert [part.path for part in the_rule(result, "S-1").diagrams] == [
        "diagrams/wrong.svg",
        "diagrams/request-path.svg",
        "diagrams/strongbox/request-path.svg",
    ]


def test_a_rule_has_to_be_the_same_in_all_systems(safe):
    other = Register(
        [Rule("S-1", "Two wrong codes lock it.", "manual, 1"), Rule("S-2", "Anything opens.", "manual, 2")]
    )
    with pytest.raises(TraceError, match="rule S-2 is not the same in 'a safe' and 'a strongbox'; expected one rule"):
        trace([subject(safe.claims), subject(renamed(safe.claims, "a strongbox", other))])


def test_two_systems_of_one_name_are_refused(safe):
    with pytest.raises(TraceError, match="two systems have the name 'a safe'"):
        trace([subject(safe.claims), subject(safe.claims)])


def test_registers_that_agree_are_one():
    one = Register([Rule("S-1", "a", "x")], families={"S": "safes"}, sources={"x": "the X"})
    other = Register([Rule("T-1", "b", "y"), *one.rules], families={"T": "trains"}, sources={"y": "the Y"})

    @attrs.frozen
    class Named:
        name: str
        register: Register

    both = common_register([Named("one", one), Named("other", other)])
    assert list(both) == ["S-1", "T-1"]
    assert both.families == {"S": "safes", "T": "trains"}
    assert both.sources == {"x": "the X", "y": "the Y"}


# The page


@pytest.fixture(scope="module")
def reported(traced):
    """The page of the project's own rules, as HTML that is read again."""
    return lxml_html.fromstring(html(trace_page(traced, str, made_by="smets1 trace")))


def test_every_rule_has_an_anchor_and_every_link_within_the_page_leads_somewhere(traced, reported):
    anchors = reported.xpath("//@id")
    assert len(set(anchors)) == len(anchors)
    assert {one.rule.id for one in traced.rules} <= set(anchors)
    within = {link[1:] for link in reported.xpath("//a/@href") if link.startswith("#")}
    assert {one.rule.id for one in traced.rules} <= within <= set(anchors)


def test_the_page_says_everything_of_every_rule(traced, reported):
    text = " ".join(reported.text_content().split())
    for one in traced.rules:
        for part in (one.rule.statement, one.rule.source, *(each.words for each in one.declarations)):
            assert part in text
        for each in one.properties:
            assert f"{each.name} ({each.kind}, in {each.system})" in text
    links = reported.xpath("//a/@href")
    assert {part.path for one in traced.rules for part in one.diagrams} <= set(links)


def test_assumptions_stand_apart_as_assumptions(traced, reported):
    asides = [aside.text_content() for aside in reported.iter("blockquote")]
    assert asides == [
        "Assumption: no source makes this a rule."
        if one.rule.assumption == "all"
        else f"Assumed: {one.rule.assumption}."
        for rules in traced.families().values()
        for one in rules
        if one.rule.assumed
    ]


def test_the_page_names_what_is_missing(safe, forgetful_safe):
    rules = [*safe.claims.system.register.rules, Rule("T-1", "It is grey.", "manual, 3")]
    claims = renamed(forgetful_safe.claims, "a safe", Register(rules))
    page = markdown(trace_page(trace([subject(claims, checked(claims))]), str, made_by="smets1 trace"))
    assert (
        "- **Nothing declares**: [T-1](#T-1)\n- **No property tests**: [T-1](#T-1)\n- **Not held**: [S-1](#S-1)" in page
    )
    complete = markdown(trace_page(trace([subject(safe.claims, checked(safe.claims))]), str, made_by="smets1 trace"))
    assert "- Nothing: every rule is declared and tested, and every property holds." in complete


def test_the_page_says_so_where_nothing_was_checked(safe):
    page = markdown(trace_page(trace([subject(safe.claims)]), str, made_by="smets1 trace"))
    assert "**The properties were not checked for this page**" in page
    assert "- Nothing: every rule is declared and tested.\n" in page
    assert "- Result: **not checked**" in page
    assert f"  - {LOCKED} (always, of a step)\n" in page


def test_the_page_names_families_sources_and_several_systems(safe):
    register = attrs.evolve(safe.claims.system.register, families={"S": "The safe"}, sources={"manual": "the book"})
    first, second = renamed(safe.claims, "a safe", register), renamed(safe.claims, "a strongbox", register)
    page = markdown(trace_page(trace([subject(first), subject(second)]), str, made_by="smets1 trace"))
    assert '## <a id="family-S"></a>S: The safe' in page
    assert "| [S: The safe](#family-S) |" in page
    assert "In the sources:\n\n- **manual**: the book" in page
    assert "The model is of: a safe, a strongbox." in page
    assert f"{LOCKED} (always, of a step, in a strongbox)" in page


@pytest.mark.slow
def test_results_come_out_the_same_every_time(traced):
    page = trace_page(traced, str, made_by="smets1 trace")
    assert html(page) == html(page)
    again = traced_by_default()
    assert html(trace_page(again, str, made_by="smets1 trace")) == html(page)
