"""What to run again of an earlier run: everything that its report does not call passed, skipped or out of reach."""

from pathlib import Path

import attrs

from properties.conformance.diagnosis.standing import Standing
from properties.conformance.targets.misbehaviour import TargetError
from statemachines.files.content import FileError
from statemachines.files.json_file import read_json
from statemachines.files.shown import shown
from statemachines.language.claims import Claims

AGAIN = tuple(
    standing.value for standing in (Standing.FAILED, Standing.BLOCKED, Standing.NOT_TESTED, Standing.EXPECTED)
)


@attrs.frozen
class Rerun:
    """The part of an earlier run.

    Parameters
    ----------
    rules: the ids of rules.
    properties: the names of properties.
    walks: whether a random walk failed, or was not made for the run was interrupted: then they are made again.
    seed: of the walks.
    """

    rules: tuple[str, ...]
    properties: tuple[str, ...]
    walks: bool
    seed: int


def read_rerun(path: Path, claims: Claims) -> Rerun:
    """What failed in the run whose report for machines this is, or was blocked, or not tested.

    Raises
    ------
    TargetError: if it cannot be read, is not such a report, is of another system, or everything passed.
    """
    try:
        report = read_json(path)
    except FileError as error:
        raise TargetError(f"--rerun-failed: {error}") from None
    try:
        reference = report["reference"]
        rules, properties = (
            [one["name"] for one in report[part] if one["standing"] in AGAIN] for part in ("rules", "properties")
        )
        walks, interrupted = report["random"]["failures"], report["interrupted"]
        rules += [walk["rule"] for walk in walks if walk["rule"]]
        seed = report["run"]["seed"]
        if not isinstance(seed, int) or not all(isinstance(name, str) for name in (*rules, *properties)):
            raise TypeError
    except (KeyError, TypeError, IndexError):
        raise TargetError(f"--rerun-failed: {path} is not a report that `conform --json` wrote") from None
    if reference != claims.system.name:
        raise TargetError(f"--rerun-failed: {path} is of {shown(repr(reference))}, and not of {claims.system.name!r}")
    made = Rerun(tuple(dict.fromkeys(rules)), tuple(dict.fromkeys(properties)), bool(walks or interrupted), seed)
    named = {claim.name for claim in claims.claims}
    unknown = [rule for rule in made.rules if rule not in claims.system.register]
    unknown += [name for name in made.properties if name not in named]
    if unknown:
        raise TargetError(
            f"--rerun-failed: {path} has {shown(repr(unknown[0]))}, which {claims.system.name!r} does not have: it is "
            "of other declarations; run everything again"
        )
    if not (made.rules or made.properties or made.walks):
        raise TargetError(f"--rerun-failed: nothing failed in the run of {path}, and nothing was left untested")
    return made
