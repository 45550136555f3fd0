"""Claims decided by the rules alone: those that an assumption alone decides are unspecified."""

from collections.abc import Sequence
from math import prod

import attrs

from statemachines.checker.check import check
from statemachines.checker.engine import Engine
from statemachines.checker.explicit import Progress
from statemachines.checker.findings import Report
from statemachines.checker.wellformed import wellformed
from statemachines.language.claims import Claim, Claims
from statemachines.language.rules import Basis
from statemachines.semantics.regulated import without

ALONE = "it rests on assumptions alone"
HOLDS_BY = "it holds only where assumptions apply"
FAILS_BY = "it fails only where assumptions apply"


@attrs.frozen(eq=False)
class UnspecifiedClaim:
    """A claim that an assumption alone decides.

    Parameters
    ----------
    claim: which.
    why: in words.
    """

    claim: Claim
    why: str


def check_regulated(
    claims: Claims,
    *,
    only: Sequence[str] = (),
    progress: Progress | None = None,
    memory: int | None = None,
    engine: Engine = Engine.EXPLICIT,
) -> tuple[Report, tuple[UnspecifiedClaim, ...]]:
    """Decide claims on the rules alone: the report on those that rules decide, and the claims that they do not.

    A claim that cites assumptions alone is not decided. Any other is decided twice: of the system as declared, and of
    the system where nothing applies that cites assumptions alone. Where the two differ, it is unspecified.

    Parameters
    ----------
    claims, only, progress, memory, engine: as `check` takes them.
    """
    system = claims.system
    asked = [claims.named(name) for name in dict.fromkeys(only)] if only else list(claims.claims)
    names = [claim.name for claim in asked if system.register.basis(claim.rules) is not Basis.ASSUMED]
    wellformedness = None if only else wellformed(system)
    if not names:
        combinations = prod(len(variable.domain) for variable in system.variables)
        report = Report(system, sum(1 for _ in system.all_requests()), combinations, wellformedness, (), ())
        return report, tuple(UnspecifiedClaim(claim, ALONE) for claim in asked)
    report, bare = (
        check(each, only=names, progress=progress, memory=memory, engine=engine)
        for each in (claims, attrs.evolve(claims, system=without(system)))
    )
    differs = {
        finding.claim.name: HOLDS_BY if finding.holds else FAILS_BY
        for finding, other in zip(report.findings, bare.findings, strict=True)
        if finding.holds is not other.holds
    }
    kept = tuple(finding for finding in report.findings if finding.claim.name not in differs)
    return (
        attrs.evolve(report, wellformedness=wellformedness or report.wellformedness, findings=kept),
        tuple(
            UnspecifiedClaim(claim, differs.get(claim.name, ALONE))
            for claim in asked
            if claim.name in differs or claim.name not in names
        ),
    )
