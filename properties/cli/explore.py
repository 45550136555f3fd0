"""`explore`: how many states a system can reach, or an exact slice of it."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from properties.cli.profiled import ProfiledCommand, engine_option, system_option
from properties.console.condition import parse_condition
from properties.console.output import expect_writable, write
from properties.console.size import size
from properties.console.spec import load_claims
from properties.console.terminal import exploring, number_of
from statemachines.errors import TooLargeError
from statemachines.extras import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from statemachines.checker.explicit import Needs
    from statemachines.checker.slices import Slices
    from statemachines.language.expression import Expr
    from statemachines.language.terms import Variable

EXAMPLES = """\
  {command} explore --system parcel_locker:system               every state
  {command} explore --system parcel_locker:system --where "box == FULL"   of these, how many are so
  {command} explore --system parcel_locker:system --slice box   of what decides one variable
  {command} explore --system parcel_locker:system --layers      how many are how far from the start
  {command} explore --system parcel_locker:system --dot states.dot   the graph of its states, of at most 200
  {command} explore --system parcel_locker:system --json
"""
NOTES = """\
A condition compares variables with their values by name, or numbers: "lamp == ON and level >= 3", "lamp in (ON, DIM)".

The memory needed is printed on standard error before it starts. Sets of states are decision diagrams, which may be
small however many states there are; where they are not, states are explored one by one, as far as memory goes.

Exit codes: 0 every state was counted, 2 there are too many to count or to draw, or wrong options.
"""
WIDTH = 40
"""The characters of the longest bar of a histogram."""


@click.command("explore", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES)
@system_option("What to explore")
@click.option(
    "--slice", "names", multiple=True, metavar="VARIABLE",
    help="Keep this variable and what decides it; may be repeated. By default all are kept.",
)  # fmt: skip
@click.option("--where", "text", metavar="CONDITION", help="Count the states, too, that satisfy it.")
@click.option("--layers/--no-layers", default=None, help="Show how many states are how many requests from the start.")
@engine_option("auto")
@click.option(
    "--dot", type=click.Path(path_type=Path), help="Write the graph of a small system's states in DOT to this file."
)
@click.option(
    "--memory", type=size,
    help="The most that diagrams, or states, may take, such as 4G; by default 512M, and 3/4 of what is available.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def explore_command(
    spec: str,
    names: tuple[str, ...],
    text: str | None,
    layers: bool | None,
    engine: str,
    dot: Path | None,
    memory: int | None,
    as_json: bool,
) -> None:
    """Count every reachable state of a system, or of the smallest exact slice with some of its variables.

    --no-layers leaves out how many requests lead to a state, which may take far longer than to count them.
    """
    from statemachines.checker.slices import Slices  # noqa: PLC0415  # --help needs none of it

    if dot:
        expect_writable(dot)
    started = time.perf_counter()
    system = load_claims(spec).system
    condition = None if text is None else parse_condition(text, system)
    slices = Slices(system, memory)
    kept = slices.cone({system.lifecycle(name).name for name in names or system.state_type.names})
    variables = [variable for variable in system.variables if variable.name in kept]
    for term in () if condition is None else condition.terms():
        if term.name not in kept:
            raise click.UsageError(f"--where reads {term.name!r}, which the slice does not keep")
    counts = _explored(slices, variables, condition, engine, layers is not False)
    if dot:
        write(dot, _graph(slices, variables, counts["states"]))
    result = {
        "system": system.name,
        "variables": [variable.name for variable in variables],
        **counts,
        "seconds": round(time.perf_counter() - started, 3),
    }
    if as_json:
        click.echo(json.dumps(result, indent=2))
    else:
        _print(result, condition, histogram=bool(layers))


def _explored(
    slices: "Slices", variables: "Sequence[Variable]", condition: "Expr | None", engine: str, layers: bool
) -> dict[str, Any]:
    if engine != "explicit":
        try:
            return _symbolic(slices, variables, condition, layers)
        except (TooLargeError, MissingExtraError) as error:
            if engine == "symbolic":
                raise
            click.echo(f"{error}; states are explored one by one", err=True)
    return _explicit(slices, variables, condition)


def _symbolic(
    slices: "Slices", variables: "Sequence[Variable]", condition: "Expr | None", layers: bool
) -> dict[str, Any]:
    from statemachines.checker.symbolic import SymbolicSpace  # noqa: PLC0415
    from statemachines.checker.symbolic_encoding import OF_LAYERS, OF_STATES  # noqa: PLC0415

    remembered = OF_LAYERS if layers else OF_STATES
    space = SymbolicSpace(slices.system, slices.requests, variables, slices.memory, remembered=remembered)
    click.echo(space.needs(), err=True)
    with exploring() as space.progress:
        sizes = [space.encoding.count(layer) for layer in space.layers] if layers else None
        states = space.count()
    return {
        "combinations": space.combinations,
        "engine": "symbolic",
        "states": states,
        **({} if condition is None else {"satisfying": space.count(condition)}),
        "changing": space.changing(),
        "depth": None if sizes is None else len(sizes) - 1,
        "layers": sizes,
        "nodes": space.states.node_count(),
    }


def _explicit(slices: "Slices", variables: "Sequence[Variable]", condition: "Expr | None") -> dict[str, Any]:
    from numpy import bincount  # noqa: PLC0415

    from statemachines.checker.explicit import explore  # noqa: PLC0415

    with exploring() as progress:
        space = explore(
            slices.system,
            variables=variables,
            requests=slices.requests,
            memory=slices.memory,
            needs=_say,
            progress=progress,
        )
    return {
        "combinations": space.radices.product,
        "engine": "explicit",
        "states": len(space),
        **({} if condition is None else {"satisfying": int(space.columns.where(condition).sum())}),
        "changing": space.changing(),
        "depth": int(space.depth.max()),
        "layers": bincount(space.depth).tolist(),
    }


def _graph(slices: "Slices", variables: "Sequence[Variable]", states: int) -> bytes:
    from statemachines.checker.explicit import explore  # noqa: PLC0415
    from statemachines.drawing.draw import drawing  # noqa: PLC0415
    from statemachines.drawing.state_graph import expect_drawable, state_graph  # noqa: PLC0415

    expect_drawable(slices.system, states)
    space = explore(slices.system, variables=variables, requests=slices.requests, memory=slices.memory)
    return drawing(state_graph(space), "dot")


def _print(result: dict[str, Any], condition: "Expr | None", *, histogram: bool) -> None:
    states, variables = number_of(result["states"], "state"), number_of(len(result["variables"]), "variable")
    click.echo(f"{result['system']}: {states} of {variables} in {result['seconds']:.1f} s")
    if condition is not None:
        click.echo(f"{result['satisfying']:,} of them satisfy: {condition.words()}")
    farthest = "" if result["depth"] is None else f"every state within {number_of(result['depth'], 'request')}; "
    click.echo(f"{farthest}{result['changing']:,} pairs of a state and a request change the state")
    if histogram:
        largest = max(result["layers"])
        click.echo(f"{'requests':>8}  {'states':>{len(f'{largest:,}')}}")
        for depth, states in enumerate(result["layers"]):
            bar = "#" * -(-WIDTH * states // largest)
            click.echo(f"{depth:8}  {states:>{len(f'{largest:,}')},}  {bar}")


def _say(needs: "Needs") -> None:
    click.echo(needs.words(), err=True)
