"""No assumption of the register decides nothing."""

import attrs
import pytest

from properties.conformance.suite.store import suite_of
from properties.smets1.fleet import CLAIMS as FLEET
from properties.smets1.fleet import DATED
from properties.smets1.installation import CLAIMS
from properties.tracing.assumptions import assumptions_of, consequences


def test_every_assumption_is_cited_by_a_declaration():
    """By an arrow, a check, an answer or a constraint of the installation or of a fleet; a claim is not enough."""
    assumed = assumptions_of(CLAIMS)
    cited = {
        one.rule.id for claims in (CLAIMS, FLEET, DATED) for one in assumptions_of(claims) if one.alone or one.together
    }
    assert len(assumed) > 40
    assert [one.rule.id for one in assumed if one.rule.id not in cited and not one.rule.not_modelled] == []


@pytest.mark.slow
def test_without_an_assumption_that_decides_alone_a_claim_or_a_verdict_is_another():
    by_claims = consequences(CLAIMS, assumptions_of(CLAIMS), [])
    alone = [one for one in by_claims if one.alone]
    assert len(alone) > 20
    others = [attrs.evolve(one, holds=None) for one in alone if not one.holds]
    scenarios = [vector.scenario for vector in suite_of(CLAIMS).vectors]
    claimless = attrs.evolve(CLAIMS, claims=CLAIMS.claims[:1])
    by_verdicts = consequences(claimless, others, scenarios)
    assert [one.rule.id for one in by_verdicts if not one.requests] == []
