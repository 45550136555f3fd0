"""`explore`: how many states a system can reach, or an exact slice of it."""

import json
import time
from typing import TYPE_CHECKING

import click

from properties.cli.profiled import ProfiledCommand, system_option
from properties.console.size import size
from properties.console.spec import load_claims
from properties.console.terminal import progress_bar

if TYPE_CHECKING:
    from statemachines.checker.explicit import Needs

EXAMPLES = """\
  {command} explore --system parcel_locker:system               every state
  {command} explore --system parcel_locker:system --slice box   of what decides one variable
  {command} explore --system parcel_locker:system --json
"""
NOTES = """\
The memory needed is printed on standard error before it starts; it stops with a message when memory is not enough.

Exit codes: 0 every state was counted, 2 there are too many, or wrong options.
"""


@click.command("explore", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES)
@system_option("What to explore")
@click.option(
    "--slice", "names", multiple=True, metavar="VARIABLE",
    help="Keep this variable and what decides it; may be repeated. By default all are kept.",
)  # fmt: skip
@click.option("--memory", type=size, help="The most that it may take, such as 4G; by default 3/4 of what is available.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def explore_command(spec: str, names: tuple[str, ...], memory: int | None, as_json: bool) -> None:
    """Count every reachable state of a system, or of the smallest exact slice with some of its variables."""
    from statemachines.checker.explicit import explore  # noqa: PLC0415  # --help needs none of it
    from statemachines.checker.slices import Slices  # noqa: PLC0415

    started = time.perf_counter()
    system = load_claims(spec).system
    slices = Slices(system)
    kept = slices.cone({system.lifecycle(name).name for name in names or system.state_type.names})
    variables = [variable for variable in system.variables if variable.name in kept]
    with progress_bar("exploring") as progress:
        space = explore(
            system,
            variables=variables,
            requests=slices.requests,
            memory=memory,
            needs=_say,
            progress=(lambda _, states: progress(states, 0)) if progress else None,
        )
    result = {
        "system": system.name,
        "variables": list(space.radices.names),
        "combinations": space.radices.product,
        "states": len(space),
        "changing": space.changing(),
        "depth": int(space.depth.max()),
        "seconds": round(time.perf_counter() - started, 3),
    }
    if as_json:
        click.echo(json.dumps(result, indent=2))
    else:
        click.echo(f"{system.name}: {len(space):,} states of {len(variables)} variables in {result['seconds']:.1f} s")
        click.echo(
            f"at most {result['depth']} requests lead to any; {result['changing']:,} pairs of a state and a request "
            "change the state"
        )


def _say(needs: "Needs") -> None:
    click.echo(needs.words(), err=True)
