"""What a run of `smets1 check` found, property by property: as it comes from the checker, or read from its JSON."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import attrs

from statemachines.language.claims import Claim
from statemachines.language.system import System

if TYPE_CHECKING:
    from statemachines.checker.check import Report

T = TypeVar("T")


class ReportError(ValueError):
    """A report that cannot be used, with the reason."""


@attrs.frozen
class Result:
    """What was found of one property.

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
    """What was found of one system.

    Parameters
    ----------
    system: the system's name.
    properties: the result of each property, by name.
    problems: what is wrong with the system itself: not total, not deterministic, or with something dead in it. None
        are known where only some of its properties were checked.
    """

    system: str
    properties: Mapping[str, Result]
    problems: tuple[str, ...] = ()


def results_of(system: System, report: "Report") -> Results:
    """What the checker found of the system."""
    return Results(
        system.name,
        {
            finding.claim.name: Result(finding.claim.rules, finding.holds, not finding.vacuous)
            for finding in report.findings
        },
        report.survey.problems if report.survey else (),
    )


def read_results(path: Path) -> Results:
    """What a file says that `smets1 check --json` wrote.

    Raises
    ------
    ReportError: if the file cannot be read, is not JSON, or is no such report.
    """
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise ReportError(f"cannot read the report {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ReportError(f"the report {path} is not JSON: {error}") from None
    report = _of_kind(path, found, dict, "the whole")
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


def expect(results: Results, claims: Iterable[Claim], path: Path) -> None:
    """Refuse a report that does not tell of each of these claims, with the same rules: `ReportError`."""
    for claim in claims:
        result = results.properties.get(claim.name)
        if result is None:
            raise ReportError(
                f"the report {path} lacks the property {claim.name!r} of {results.system!r}; "
                "make it again with `smets1 check --json`"
            )
        if set(result.rules) != set(claim.rules):
            raise ReportError(
                f"the report {path} has the property {claim.name!r} under the rules {' '.join(result.rules)}, and it "
                f"is declared under {' '.join(claim.rules)}; make the report again with `smets1 check --json`"
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
    return ReportError(f"the report {path} is not one of `smets1 check --json`: {what}")
