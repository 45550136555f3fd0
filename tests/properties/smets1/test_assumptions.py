"""No assumption of the register decides nothing."""

from properties.smets1.fleet import CLAIMS as FLEET
from properties.smets1.fleet import DATED
from properties.smets1.installation import CLAIMS
from properties.tracing.assumptions import assumptions_of


def test_every_assumption_is_cited_by_a_declaration():
    """By an arrow, a check, an answer or a constraint of the installation or of a fleet; a claim is not enough."""
    assumed = assumptions_of(CLAIMS)
    cited = {
        one.rule.id for claims in (CLAIMS, FLEET, DATED) for one in assumptions_of(claims) if one.alone or one.together
    }
    assert len(assumed) > 40
    assert [one.rule.id for one in assumed if one.rule.id not in cited and not one.rule.not_modelled] == []
