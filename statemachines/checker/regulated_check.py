"""Claims decided by the rules alone: those that an assumption alone decides are unspecified."""

from collections.abc import Collection, Sequence
from functools import partial
from math import prod

import attrs

from statemachines.checker.check import Progress, check
from statemachines.checker.engine import Engine
from statemachines.checker.findings import Finding, Report
from statemachines.checker.slices import Slices
from statemachines.checker.wellformed import wellformed
from statemachines.errors import TooLargeError
from statemachines.extras import MissingExtraError
from statemachines.language.claims import Claim, Claims, Indistinguishable
from statemachines.language.expression import Reached, within
from statemachines.language.rules import Basis
from statemachines.language.system import System
from statemachines.language.terms import Observed
from statemachines.semantics.left_open import LeftOpen
from statemachines.semantics.preconditions import preconditions
from statemachines.semantics.regulated import without

ALONE = "it rests on assumptions alone"
HOLDS_BY = "it holds only where assumptions apply"
FAILS_BY = "it fails only where assumptions apply"
OTHERWISE = "it rests on an assumption: it is otherwise where "
NOT_KNOWN = "whether it rests on an assumption is not known: "


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

    A claim that cites assumptions alone is not decided. Any other is decided of the system as declared, and of the
    system where nothing applies that cites assumptions alone; where it speaks of verdicts, also where another check
    comes first than an assumption says, and where an aspect is otherwise that an assumption decides. Where the results
    differ, it is unspecified.

    Parameters
    ----------
    claims, only, progress, memory, engine: as `check` takes them. What comes first is decided on sets of states,
        whatever the engine; where these are too large, what rests on it is not known, and the claim is unspecified.
    """
    system = claims.system
    asked = [claims.named(name) for name in dict.fromkeys(only)] if only else list(claims.claims)
    names = [claim.name for claim in asked if system.register.basis(claim.rules) is not Basis.ASSUMED]
    if not names:
        wellformedness = None if only else wellformed(system)
        combinations = prod(len(variable.domain) for variable in system.variables)
        report = Report(system, sum(1 for _ in system.all_requests()), combinations, wellformedness, (), ())
        return report, tuple(UnspecifiedClaim(claim, ALONE) for claim in asked)
    decide = partial(check, only=names, progress=progress, memory=memory, engine=engine)
    report = decide(claims, well_formed=not only)
    bare = decide(attrs.evolve(claims, system=without(system)), runs=False)
    differs = {
        finding.claim.name: HOLDS_BY if finding.holds else FAILS_BY
        for finding, other in zip(report.findings, bare.findings, strict=True)
        if finding.holds is not other.holds
    }
    for each in (report, bare):
        left = [finding for finding in each.findings if finding.claim.name not in differs]
        differs |= _otherwise(each.system, left, progress, memory, engine)
    kept = tuple(finding for finding in report.findings if finding.claim.name not in differs)
    return (
        attrs.evolve(report, findings=kept),
        tuple(
            UnspecifiedClaim(claim, differs.get(claim.name, ALONE))
            for claim in asked
            if claim.name in differs or claim.name not in names
        ),
    )


def left_open_without(
    report: Report,
    assumptions: Collection[str],
    *,
    progress: Progress | None = None,
    memory: int | None = None,
    engine: Engine = Engine.EXPLICIT,
) -> tuple[Report, tuple[UnspecifiedClaim, ...]]:
    """The report on a system without some assumptions, and the claims that rest on an aspect that these decided.

    Parameters
    ----------
    report: on the system that `switched_off` made.
    assumptions: the ids of those that were switched off.
    progress: is told how many claims on verdicts are done, of how many.
    memory, engine: as `check` takes them.
    """
    why = _otherwise(report.system, report.findings, progress, memory, engine, assumptions)
    kept = tuple(finding for finding in report.findings if finding.claim.name not in why)
    apart = (finding.claim for finding in report.findings if finding.claim.name in why)
    return attrs.evolve(report, findings=kept), tuple(UnspecifiedClaim(claim, why[claim.name]) for claim in apart)


def _otherwise(
    system: System,
    findings: Sequence[Finding],
    progress: Progress | None,
    memory: int | None,
    engine: Engine,
    assumptions: Collection[str] = (),
) -> dict[str, str]:
    """Why claims are otherwise where these assumptions, or any, do not decide a verdict; by name."""
    of_verdicts = [finding for finding in findings if _speaks_of_verdicts(finding.claim)]
    left_open = LeftOpen.of(system, assumptions) if of_verdicts else None
    if left_open is None:
        return {}
    why: dict[str, str] = {}
    done = 0
    try:
        from statemachines.checker.symbolic_claims import SymbolicClaims  # noqa: PLC0415  # it takes a package more

        sets = SymbolicClaims(Slices(left_open.system, memory, left_open.asked(preconditions(left_open.system))))
        for done, finding in enumerate(of_verdicts):
            if progress is not None:
                progress(done, len(of_verdicts))
            deciding = sets.deciding(finding.claim)
            for variable, where in left_open.ways:
                decided = deciding(variable, where)
                other = next((value for value, holds in decided.items() if holds is not finding.holds), None)
                if other is not None:
                    why[finding.claim.name] = OTHERWISE + str(other.value)
                    break
    except (TooLargeError, MissingExtraError) as error:
        if engine is Engine.SYMBOLIC:
            raise
        why |= dict.fromkeys((finding.claim.name for finding in of_verdicts[done:]), f"{NOT_KNOWN}{error}")
    return why


def _speaks_of_verdicts(claim: Claim) -> bool:
    """Whether a claim can depend on which check decides, and on what a verdict says."""
    return isinstance(claim, Indistinguishable) or any(
        isinstance(part, Reached) or any(isinstance(term, Observed) for term in part.terms())
        for whole in claim.parts()
        for part in within(whole)
    )
