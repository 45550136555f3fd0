"""No assumption of the register decides nothing."""

import re
from pathlib import Path

from properties.smets1.fleet import CLAIMS as FLEET
from properties.smets1.fleet import DATED
from properties.smets1.installation import CLAIMS
from properties.tracing.assumptions import assumptions_of
from statemachines.language.rules import Basis
from statemachines.smets1.rulebook import RULEBOOK


def test_every_assumption_is_cited_by_a_declaration():
    """By an arrow, a check, an answer or a constraint of the installation or of a fleet; a claim is not enough."""
    assumed = assumptions_of(CLAIMS)
    cited = {
        one.rule.id for claims in (CLAIMS, FLEET, DATED) for one in assumptions_of(claims) if one.alone or one.together
    }
    assert len(assumed) > 40
    assert [one.rule.id for one in assumed if one.rule.id not in cited and not one.rule.not_modelled] == []


def test_the_page_says_of_each_assumption_once_why_it_is_needed():
    rows = (Path(__file__).parents[3] / "docs" / "assumptions.md").read_text(encoding="utf-8").split("|---|---|")[1]
    named = re.findall(r"\b[A-Z]+-\d+\b", rows)
    assert sorted(named) == sorted(rule.id for rule in RULEBOOK.values() if rule.basis is Basis.ASSUMED)
