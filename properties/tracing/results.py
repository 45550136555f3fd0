"""The results of a check, property by property: from the checker, as JSON, and read back from it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from statemachines.errors import StatemachinesError
from statemachines.files.content import FileError
from statemachines.files.json_file import read_json
from statemachines.language.claims import Claim, Claims
from statemachines.language.rules import Register
from statemachines.language.system import System

if TYPE_CHECKING:
    from statemachines.checker.explicit import Progress
    from statemachines.checker.findings import Finding, Report
    from statemachines.checker.regulated_check import UnspecifiedClaim
    from statemachines.checker.slices import SliceSize

T = TypeVar("T")


class ReportError(StatemachinesError, ValueError):
    """A report that cannot be used, with the reason."""


@attrs.frozen
class Result:
    """The result of one property.

    Parameters
    ----------
    rules: the ids of the rules that it tests.
    holds: whether it does.
    exercised: whether its case happens, so that it says something.
    """

    rules: tuple[str, ...]
    holds: bool
    exercised: bool


@attrs.frozen
class Results:
    """The results of one system.

    Parameters
    ----------
    system: the system's name.
    properties: the result of each property, by name.
    problems: what is wrong with the system itself: not total, not deterministic, or with something dead in it. None
        are known where not all of its properties were checked.
    """

    system: str
    properties: Mapping[str, Result]
    problems: tuple[str, ...] = ()


def results_of(system: System, report: "Report") -> Results:
    """The results of a check of the system."""
    return Results(
        system.name,
        {
            finding.claim.name: Result(finding.claim.rules, finding.holds, not finding.vacuous)
            for finding in report.findings
        },
        report.wellformedness.problems if report.wellformedness else (),
    )


def report_as_dict(
    report: "Report",
    seconds: float | None = None,
    apart: "tuple[UnspecifiedClaim, ...] | None" = None,
    peak_memory: int | None = None,
) -> dict[str, Any]:
    """The report of a check for machines, as `check --json` prints it.

    Parameters
    ----------
    seconds: how long the check took.
    apart: the claims that an assumption alone decides, where these are set apart.
    peak_memory: the most bytes that the check took.
    """
    wellformedness = report.wellformedness
    whole = wellformedness.whole if wellformedness else None
    return {
        "system": {
            "name": report.system.name,
            "holds": report.holds,
            "requests": report.requests,
            "variables": len(report.system.variables),
            "combinations": report.combinations,
            "states": whole.states if whole else None,
            "pairs": whole.states * report.requests if whole else None,
            "transitions": whole.transitions if whole else None,
            "depth": whole.depth if whole else None,
            "slices": len(report.slices),
            "largest_slice": _slice_as_dict(report.slices[-1]) if report.slices else None,
            "total": not wellformedness.not_total if wellformedness else None,
            "deterministic": not wellformedness.not_deterministic if wellformedness else None,
            "problems": list(wellformedness.problems) if wellformedness else None,
            "without_sets": report.without_sets or None,
            "nodes": report.nodes or None,
            "peak_memory": peak_memory,
            "seconds": None if seconds is None else round(seconds, 3),
            "phases": {name: round(taken, 3) for name, taken in report.phases.items()},
        },
        "properties": [_finding_as_dict(finding, report.system.register) for finding in report.findings],
        **({} if apart is None else {"unspecified": [_unspecified_as_dict(one, report) for one in apart]}),
    }


def _unspecified_as_dict(one: "UnspecifiedClaim", report: "Report") -> dict[str, Any]:
    register = report.system.register
    return {
        "name": one.claim.name,
        "kind": one.claim.kind,
        "rules": list(one.claim.rules),
        "basis": register.basis(one.claim.rules).value,
        "assumptions": list(register.assumed(one.claim.rules)),
        "why": one.why,
    }


def _finding_as_dict(finding: "Finding", register: Register) -> dict[str, Any]:
    return {
        "name": finding.claim.name,
        "kind": finding.claim.kind,
        "rules": list(finding.claim.rules),
        "basis": register.basis(finding.claim.rules).value,
        "assumptions": list(register.assumed(finding.claim.rules)),
        "holds": finding.holds,
        "condition": finding.condition,
        "broken": finding.broken or None,
        "states": finding.states,
        "transitions": finding.transitions,
        "engine": finding.engine.value,
        "slices": [_slice_as_dict(part) for part in finding.slices],
        "seconds": round(finding.seconds, 4),
        "counterexample": finding.counterexample.as_dict() if finding.counterexample else None,
        **({"loop": finding.loop} if finding.loop else {}),
        "other_run": finding.other_run.as_dict() if finding.other_run else None,
        "witness": finding.witness.as_dict() if finding.witness else None,
        "vacuous": finding.vacuous or None,
    }


def _slice_as_dict(part: "SliceSize") -> dict[str, Any]:
    return {"variables": list(part.variables), "combinations": part.combinations, "states": part.states}


def read_results(path: Path) -> Results:
    """What a file says that `check --json` wrote.

    Raises
    ------
    ReportError: if the file cannot be read, is not JSON, or is not such a report.
    """
    try:
        content = read_json(path)
    except FileError as error:
        raise ReportError(f"the report {error}") from None
    report = _of_kind(path, content, dict, "the whole")
    system = _part(path, report, "system", dict, "the whole")
    properties: dict[str, Result] = {}
    for at, entry in enumerate(_part(path, report, "properties", list, "the whole"), 1):
        where = f"property {at}"
        one = _of_kind(path, entry, dict, where)
        name = _part(path, one, "name", str, where)
        if name in properties:
            raise ReportError(f"the report {path} has the property {name!r} twice; expected once")
        rules = _texts(path, _part(path, one, "rules", list, where), f"'rules' of {where}")
        holds = _part(path, one, "holds", bool, where)
        if "vacuous" not in one:
            raise _not_such(path, f"{where} lacks 'vacuous'")
        properties[name] = Result(rules, holds, not one["vacuous"])
    wrong: list[object] = _part(path, system, "problems", list, "'system'") if system.get("problems") else []
    problems = _texts(path, wrong, "'problems' of 'system'")
    return Results(_part(path, system, "name", str, "'system'"), properties, problems)


def checked(claims: Claims, ids: Iterable[str], *, progress: "Progress | None" = None) -> Results:
    """The checker's results of the claims that test these rules; with all claims, of the system itself, too."""
    from statemachines.checker.check import check  # noqa: PLC0415  # reading a report needs no checker
    from statemachines.checker.engine import Engine  # noqa: PLC0415

    names = [claim.name for claim in claims_on(claims, ids)]
    if not names:
        return Results(claims.system.name, {})
    only = names if len(names) < len(claims.claims) else ()
    return results_of(claims.system, check(claims, only=only, progress=progress, engine=Engine.AUTO))


def reported(systems: Iterable[Claims], ids: Iterable[str], paths: Iterable[Path]) -> list[Results]:
    """The results of each system, read from reports.

    Parameters
    ----------
    ids: the rules of which there have to be results.
    paths: a report for each system, in any order.

    Raises
    ------
    ReportError: if a system has no report or two, or a report is of no system, of other claims, or cannot be read.
    """
    known = {claims.system.name: claims for claims in systems}
    results: dict[str, Results] = {}
    for path in paths:
        read = read_results(path)
        if read.system not in known:
            raise ReportError(
                f"the report {path} is of the system {read.system!r}; expected one of {', '.join(map(repr, known))}"
            )
        if read.system in results:
            raise ReportError(f"the report {path} is a second one of the system {read.system!r}; expected one")
        expect(read, claims_on(known[read.system], ids), path)
        results[read.system] = read
    for name in known:
        if name not in results:
            raise ReportError(f"no report is of the system {name!r}; give one --report for each --system")
    return [results[name] for name in known]


def claims_on(claims: Claims, ids: Iterable[str]) -> tuple[Claim, ...]:
    """The claims that test at least one of the rules."""
    wanted = set(ids)
    return tuple(claim for claim in claims.claims if wanted & set(claim.rules))


def expect(results: Results, claims: Iterable[Claim], path: Path) -> None:
    """Refuse a report that does not tell of each of these claims, with the same rules: `ReportError`."""
    for claim in claims:
        result = results.properties.get(claim.name)
        if result is None:
            raise ReportError(
                f"the report {path} lacks the property {claim.name!r} of {results.system!r}; "
                "make it again with `check --json`"
            )
        if set(result.rules) != set(claim.rules):
            raise ReportError(
                f"the report {path} has the property {claim.name!r} under the rules {' '.join(result.rules)}, and it "
                f"is declared under {' '.join(claim.rules)}; make the report again with `check --json`"
            )


def _part(path: Path, whole: Mapping[str, object], name: str, kind: type[T], where: str) -> T:
    if name not in whole:
        raise _not_such(path, f"{where} lacks {name!r}")
    return _of_kind(path, whole[name], kind, f"{name!r} of {where}")


def _texts(path: Path, values: list[object], where: str) -> tuple[str, ...]:
    return tuple(_of_kind(path, value, str, f"an item in {where}") for value in values)


def _of_kind(path: Path, value: object, kind: type[T], where: str) -> T:
    if not isinstance(value, kind):
        names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
        raise _not_such(path, f"{where} is not {names[kind]}")
    return value


def _not_such(path: Path, what: str) -> ReportError:
    return ReportError(f"the report {path} is not one of `check --json`: {what}")
