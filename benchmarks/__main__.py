"""The benchmarks (``python -m benchmarks``): one table, each ratio from one run; no figure is a promise."""

import json
import os
import platform
from collections.abc import Callable, Mapping

import click

from benchmarks import (
    by_rules,
    checker,
    explorer,
    faults,
    kills,
    languages,
    oracle,
    replay,
    service,
    sets,
    soundness,
    start_up,
)
from benchmarks.options import Options
from benchmarks.table import Section

SECTIONS: Mapping[str, Callable[[Options], Section]] = {
    "peers": oracle.against_peers,
    "installation": oracle.whole_installation,
    "growth": oracle.growth,
    "start-up": start_up.start_up,
    "slices": checker.slices,
    "family": checker.family,
    "sets": sets.growth,
    "fleets": sets.fleets,
    "circuits": sets.circuits,
    "kills": kills.kills,
    "by-rules": by_rules.by_rules,
    "languages": languages.languages,
    "explorer": explorer.explorer,
    "service": service.latency,
    "load": service.load,
    "replay": replay.replay,
    "faults": faults.faults,
    "soundness": soundness.soundness,
}

EPILOG = """\
\b
Examples:
  python -m benchmarks
  python -m benchmarks peers growth --quick
  python -m benchmarks --json > benchmarks.json

Peers and tools that are not installed are left out, and the table says so. docs/benchmarks.md explains each row.
"""


@click.command(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("sections", nargs=-1, type=click.Choice(list(SECTIONS)), metavar="[SECTION]...")
@click.option("--seed", default=1, show_default=True, help="Of the requests that are drawn.")
@click.option("--quick", is_flag=True, help="A tenth of the work, to see that it runs.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(sections: tuple[str, ...], seed: int, quick: bool, as_json: bool) -> None:
    """Measure: the oracle against its peers, start-up, the checker against SPIN. Prints Markdown.

    Sections: peers, installation, growth, start-up, slices, family, sets, circuits, kills, by-rules, languages,
    explorer, service, load, replay, faults, soundness; by default all.
    """
    options = Options(seed, quick)
    done: dict[str, Section] = {}
    if not as_json:
        click.echo(f"{_machine()}; seed {seed}{', quick' if quick else ''}\n")
    for name in dict.fromkeys(sections or SECTIONS):
        click.echo(f"{name} ...", err=True)
        done[name] = SECTIONS[name](options)
        if not as_json:
            click.echo(done[name].markdown())
    if as_json:
        shown = {name: section.as_dict() for name, section in done.items()}
        click.echo(json.dumps({"machine": _machine(), "seed": seed, "quick": quick, "sections": shown}, indent=2))


def _machine() -> str:
    return f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} processors"


if __name__ == "__main__":
    main()
