"""The engines against the oracle on the SMETS1 installation, at any size (``python -m benchmarks.differential``)."""

import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from random import Random

import click

from benchmarks.engines import ENGINES, DiffersError, Question, compare, walk
from statemachines.checker.slices import Slices
from statemachines.smets1.installation import INSTALLATION

AT_ONCE = 10_000
"""How many questions are asked of one process."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("engines", nargs=-1, type=click.Choice(list(ENGINES)))
@click.option("--steps", default=10_000, show_default=True, help="How many random steps.")
@click.option("--slices", "of_slices", is_flag=True, help="Instead, every request in each kind of state of its slice.")
@click.option("--every", default=1, show_default=True, help="Only every n-th of these questions.")
@click.option("--seed", default=1, show_default=True)
def main(engines: tuple[str, ...], steps: int, of_slices: bool, every: int, seed: int) -> None:
    """Ask ENGINES (by default all that are installed) what the oracle is asked; ends at the first difference."""
    for name in engines or ENGINES:
        engine = ENGINES[name]
        if engine.missing or (of_slices and not engine.restarts):
            click.echo(f"{engine.title}: {engine.missing or 'cannot be put into a state'}", err=True)
            continue
        batches = _of_slices(seed, every) if of_slices else _walks(seed, steps)
        _compared(name, batches)


def _compared(name: str, batches: Iterable[list[Question]]) -> None:
    """Compare an engine on all questions; what was compared is said also where that ends early."""
    title, started, asked, seconds, done = ENGINES[name].title, time.perf_counter(), 0, 0.0, False
    try:
        with tempfile.TemporaryDirectory() as folder:
            for batch in batches:
                seconds += compare(name, [INSTALLATION], [batch], Path(folder))
                asked += len(batch)
                click.echo(f"{title}: {asked:,} questions so far", err=True)
        done = True
    except DiffersError as differs:
        raise click.ClickException(str(differs)) from differs
    finally:
        took = time.perf_counter() - started
        early = "" if done else " before this ended"
        click.echo(f"{title}: {asked:,} questions{early}, none differs; {seconds:.1f} s of {took:.0f} s its own")


def _walks(seed: int, steps: int) -> Iterator[list[Question]]:
    for number, start in enumerate(range(0, steps, AT_ONCE)):
        yield walk(INSTALLATION, min(AT_ONCE, steps - start), seed + number)


def _of_slices(seed: int, every: int) -> Iterator[list[Question]]:
    questions = _in_each_state(Random(seed), every)
    while batch := list(islice(questions, AT_ONCE)):
        yield batch


def _in_each_state(random: Random, every: int) -> Iterator[Question]:
    """Each request in a state of every group of its slice's states that agree in what concerns it.

    What the slice forgets is drawn at random.
    """
    slices, number = Slices(INSTALLATION), 0
    for asked in slices.requests:
        concerned = {variable.name for variable in asked.grounded.reads()} | {
            move.lifecycle.name for move in asked.grounded.moves
        }
        space = slices.space(concerned)
        for index in space.view(concerned).indices.tolist():
            number += 1
            if number % every:
                continue
            known = space.state(index).as_dict()
            values = (known.get(one.name) or random.choice(one.domain) for one in INSTALLATION.variables)
            yield INSTALLATION.state_type(values), asked.request


if __name__ == "__main__":
    main()
