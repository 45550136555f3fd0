"""A system with a vocabulary of its own, tested by its own claims on walks toward each claim's case.

Each claim has walks of its own. One walk for all claims would stop at the first that fails and would say nothing of
the others; and a claim whose case is rare would depend on luck.
"""

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from properties.conformance.session import Session
from properties.walks import stateful
from properties.walks.runs import Broken
from statemachines.checker.check import check
from statemachines.language.claims import Always, Sometimes

WALKS, STEPS = 50, 20


def property_of_itself(session: Session, name: str) -> str:
    """What breaks a claim, in words; empty if nothing does."""
    claims = session.claims
    claim = claims.named(name)
    if isinstance(claim, Always):
        machine = stateful.state_machine(claims, only=[name])
        base = (
            settings()
            if session.selection.profiled
            else settings(max_examples=WALKS, stateful_step_count=STEPS, derandomize=True)
        )
        try:
            run_state_machine_as_test(machine, settings=stateful.walking(settings(base, database=None)))
        except Broken as broken:
            return str(broken)
        return ""
    (finding,) = check(claims, only=[name]).findings
    if finding.holds:
        return ""
    if isinstance(claim, Sometimes):
        return f"this cannot happen: {name}"
    shown = f"\n{finding.counterexample.text()}" if finding.counterexample else ""
    return f"this does not hold: {name}{shown}"
