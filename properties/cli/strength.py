"""`strength`: mutants of the declarations, each run as a target through the conformance suite."""

import json
import signal
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from properties.cli.profiled import ProfiledCommand, system_option
from properties.console.spec import load_claims
from properties.console.terminal import in_colour, is_terminal, progress_bar

if TYPE_CHECKING:
    from properties.mutation.operators import Operator
    from properties.mutation.strength import LayerKind, MutantResult, Strength

EXAMPLES = """\
  {command} strength --system parcel_locker:claims                          every mutant
  {command} strength --system parcel_locker:claims --json > strength.json
  {command} strength --system parcel_locker:claims --only CHECKS_SWAPPED    of one operator
  {command} strength --system parcel_locker:claims --only "lifecycle box"   those whose description has these words
  {command} strength --system parcel_locker:claims --sample 20 --seed 7     a few, always the same ones
"""
NOTES = """\
Interrupted (Ctrl-C) it reports the mutants that are decided by then.

Exit codes: 0 each mutant is killed or proved equivalent, 1 some survive, 2 wrong options, 130 interrupted.
"""


@click.command("strength", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES)
@system_option("What is mutated")
@click.option(
    "--only", "patterns", multiple=True, metavar="TEXT",
    help="Only mutants of this operator, or with these words; may be repeated.",
)  # fmt: skip
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Run a sample of N mutants, drawn by the seed.")
@click.option("--seed", type=int, default=0, show_default=True, metavar="S", help="Seed of the samples.")
@click.option(
    "--pairs", type=click.IntRange(min=0), default=20, show_default=True, metavar="N",
    help="Number of mutants with two mistakes, drawn by the seed.",
)  # fmt: skip
@click.option(
    "--strays", type=click.IntRange(min=0), default=100, show_default=True, metavar="N",
    help="Largest number of mutants with one additional change (STRAY), drawn by the seed.",
)  # fmt: skip
@click.option(
    "--max-examples", type=click.IntRange(min=0), default=0, show_default=True, metavar="N",
    help="Number of walks of the random layer that are run besides, and as many without steering.",
)  # fmt: skip
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes; by default one for each processor.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def strength_command(
    spec: str,
    patterns: tuple[str, ...],
    sample: int | None,
    seed: int,
    pairs: int,
    strays: int,
    max_examples: int,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Show for each mutant whether the suite kills it, it is equivalent, or it survives.

    A mutant has one mistake in one declaration (a condition dropped or negated, a value exchanged, an update lost, two
    checks swapped) or in its behaviour (a refused request is carried out, a change comes late, or one too many). One
    that the deterministic layer does not kill is explored beside the original: it is proved equivalent, or shown with
    the shortest sequence that would kill it.
    """
    from properties.conformance.layers import suite_layers  # noqa: PLC0415  # --help needs none of it
    from properties.console.processors import processors  # noqa: PLC0415
    from properties.mutation.strength import selecting, strength_of  # noqa: PLC0415

    started = time.perf_counter()
    claims = load_claims(spec)
    with progress_bar("running mutants") as progress:
        strength = strength_of(
            claims,
            suite_layers(max_examples),
            selection=selecting(patterns, sample, seed, strays),
            pairs=pairs,
            jobs=jobs or processors(),
            progress=progress,
        )
    seconds = time.perf_counter() - started
    if as_json:
        click.echo(json.dumps(_as_dict(strength, seconds), indent=2))
    else:
        _print(strength, seconds)
    if strength.interrupted:
        raise SystemExit(128 + signal.SIGINT)
    if strength.survivors:
        raise SystemExit(1)


def _as_dict(strength: "Strength", seconds: float) -> dict[str, Any]:
    from properties.mutation.strength import LayerKind  # noqa: PLC0415

    return {
        "system": strength.made.original.name,
        "mutants": len(strength.results),
        "killed": strength.killed_by(LayerKind.DETERMINISTIC),
        "equivalent": strength.equivalent,
        "survivors": [result.mutant.name for result in strength.survivors],
        "made": len(strength.made.mutants),
        "selected": strength.selected,
        "interrupted": strength.interrupted,
        "refused": len(strength.made.refused),
        "layers": {
            way.name.lower(): {
                "sequences": len(layer.scenarios),
                "requests": layer.requests,
                "kills": strength.killed_by(way),
            }
            for way, layer in strength.layers.items()
        },
        "operators": [{"operator": operator.name, **counts} for operator, counts in _by_operator(strength).items()],
        "each": [_result_as_dict(strength, result) for result in strength.results],
        "seconds": round(seconds, 1),
    }


def _result_as_dict(strength: "Strength", result: "MutantResult") -> dict[str, Any]:
    return {
        "name": result.mutant.name,
        "operator": result.mutant.operator.name,
        "where": result.mutant.where,
        "what": result.mutant.what,
        "fate": "killed" if result.killed else "survives" if result.survives else "equivalent",
        "killed_by": {
            way.name.lower(): {
                "sequence": _sequence(way, kill.sequence),
                "step": kill.step + 1,
                "differs": list(kill.aspects),
            }
            for way, kill in result.kills.items()
        },
        "proof": str(result.proof.value) if result.proof else None,
        "undecided": result.undecided or None,
        "killed_by_sequence": strength.trace(result).as_dict() if result.walk else None,
    }


def _sequence(way: "LayerKind", index: int) -> str:
    """The name of a sequence of a layer: vectors have theirs in the order of running."""
    return f"{'V' if way.name == 'DETERMINISTIC' else 'W'}{index + 1:04}"


def _by_operator(strength: "Strength") -> dict["Operator", dict[str, int]]:
    """For each operator how many mutants were run, and what came of them; the random layer's kills if it was run."""
    from properties.mutation.operators import Operator  # noqa: PLC0415
    from properties.mutation.strength import LayerKind  # noqa: PLC0415

    random = {"random": LayerKind.STEERED, "unsteered": LayerKind.UNSTEERED}
    rows = {}
    for operator in Operator:
        results = [result for result in strength.results if result.mutant.operator is operator]
        if results:
            rows[operator] = {
                "mutants": len(results),
                "killed": sum(result.killed for result in results),
                "equivalent": sum(result.proof is not None for result in results),
                "survive": sum(result.survives for result in results),
            } | {
                column: sum(way in result.kills for result in results)
                for column, way in random.items()
                if way in strength.layers
            }
    return rows


def _print(strength: "Strength", seconds: float) -> None:
    from properties.mutation.strength import LayerKind  # noqa: PLC0415

    rows = [(str(operator.value), counts) for operator, counts in _by_operator(strength).items()]
    columns = rows[0][1] if rows else ()
    rows.append(("all", {column: sum(counts[column] for _, counts in rows) for column in columns}))
    if is_terminal(sys.stdout):
        _print_table(rows)
    else:
        for operator, counts in rows:
            click.echo(f"{operator}: {', '.join(f'{count:,} {column}' for column, count in counts.items())}")
    for result in strength.survivors:
        _print_survivor(strength, result)
    for way, layer in strength.layers.items():
        kills = strength.killed_by(way)
        click.echo(f"{way.value}: {layer.requests:,} requests in {len(layer.scenarios):,} sequences kill {kills:,}")
    if strength.interrupted:
        click.echo(f"interrupted: {len(strength.results):,} of the {strength.selected:,} selected mutants are decided")
    real = len(strength.results) - strength.equivalent
    killed, steered, unsteered = map(strength.killed_by, LayerKind)
    random = f", {steered:,} by the random one ({unsteered:,} without steering)"
    refused = len(strength.made.refused)
    click.echo(f"{refused:,} more changes are no mutants: the framework refuses to declare them")
    click.echo(
        f"{len(strength.results):,} of {len(strength.made.mutants):,} mutants: {killed:,} of the {real:,} that are not "
        f"equivalent are killed by the deterministic layer{random if LayerKind.STEERED in strength.layers else ''}; "
        f"{strength.equivalent:,} are proved equivalent; {len(strength.survivors):,} survive; in {seconds:.0f} s"
    )


def _print_table(rows: Sequence[tuple[str, dict[str, int]]]) -> None:
    from rich.console import Console  # noqa: PLC0415  # only for people
    from rich.table import Table  # noqa: PLC0415

    table = Table("what is made wrong")
    for column in rows[-1][1]:
        table.add_column(column, justify="right")
    for at, (operator, counts) in enumerate(rows):
        table.add_row(operator, *(f"{count:,}" for count in counts.values()), end_section=at == len(rows) - 2)
    Console().print(table)


def _print_survivor(strength: "Strength", result: "MutantResult") -> None:
    click.echo(f"\n{in_colour('SURVIVES', 'red')}: {result.mutant}")
    if result.undecided:
        click.echo(f"  whether it is equivalent is undecided: {result.undecided}")
    if result.walk:
        click.echo("the shortest requests that kill it, with the verdicts that are right:")
        click.echo(strength.trace(result).text())
    click.echo()
