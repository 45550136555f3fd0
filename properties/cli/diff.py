"""`diff`: which requests change their verdict between two values of a variable."""

import json
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import attrs
import click

from properties.cli.profiled import ProfiledCommand, profile_of, system_option
from properties.console.spec import load_claims
from properties.console.terminal import is_terminal

if TYPE_CHECKING:
    from properties.domain import Profile
    from properties.tracing.differences import Difference
    from statemachines.language.requests import Request
    from statemachines.language.system import State, System

EXAMPLES = """\
  {command} diff --from empty --to "holds a parcel" --system parcel_locker:claims
  {command} diff --from "without BOX-2" --system parcel_locker:claims      without an assumption, and as declared
"""
NOTES = """\
Verdicts, and what requests change, are compared in every state that the sequences of `vectors` visit, with either
value. Where a constraint forbids such a state, it is the one that a step to the value leads to, or is left out.
Requests that change alike are grouped.

Exit codes: 0 done, 2 wrong options.
"""


@click.command("diff", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES)
@click.option("--from", "first", required=True, metavar="WORDS", help="A value or the start of one; or: without ID...")
@click.option("--to", "second", default="", metavar="WORDS", help="Likewise; by default as declared.")
@system_option("What to look at")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def diff_command(context: click.Context, first: str, second: str, spec: str, as_json: bool) -> None:
    """Show which requests change their verdict from one value of a variable to another, or without assumptions."""
    from properties.conformance.suite.store import suite_of  # noqa: PLC0415  # --help needs none of it
    from properties.tracing.differences import sides, verdicts_that_differ  # noqa: PLC0415
    from statemachines.semantics.oracle import Oracle  # noqa: PLC0415

    claims, profile = load_claims(spec), profile_of(context)
    one, two = sides(claims.system, first, second)
    suite = suite_of(claims)
    oracle = Oracle(claims.system)
    states = {step.before for vector in suite.vectors for step in vector.scenario.replay(claims.system, oracle).steps}
    requests = [request for request in claims.system.all_requests() if not profile.is_event(request.type)]
    differences = verdicts_that_differ(one, two, states, requests, describe=_describer(profile, claims.system))
    if as_json:
        entries = [attrs.asdict(each) for each in differences]
        click.echo(json.dumps({"from": one.words, "to": two.words, "differences": entries}, indent=2))
        return
    rows = _by_sender(differences)
    if is_terminal(sys.stdout):
        _print_table(rows)
    else:
        for each in rows:
            parts = (f"from {each.sender}" if each.sender else "", f"about {each.subject}" if each.subject else "")
            who = "; ".join(part for part in parts if part)
            where = f" [{'; '.join(each.facts)}]" if each.facts else ""
            click.echo(f"{each.request}{f' ({who})' if who else ''}{where}")
            click.echo(f"  {one.words}: {each.before}")
            click.echo(f"  {two.words}: {each.after}  [{' '.join(each.rules)}]")
    click.echo(
        f"{len(rows)} kinds of request change their verdict, or what they change, from {one.words} to {two.words}"
    )


def _by_sender(differences: "Iterable[Difference]") -> "list[Difference]":
    """The same with those in one that differ in nothing but the sender."""
    alike: dict[tuple[object, ...], list[Difference]] = {}
    for each in differences:
        facts = frozenset(each.facts)
        alike.setdefault((each.request, each.subject, facts, each.before, each.after, each.rules), []).append(each)
    return [attrs.evolve(of[0], sender=", or ".join(each.sender for each in of)) for of in alike.values()]


def _describer(profile: "Profile", system: "System") -> "Callable[[State, Request], tuple[str, str, str]]":
    lifecycles = [system.lifecycle(name) for name in profile.standings if name in system.state_type.names]
    labels = {lifecycle.name: lifecycle.variable.label for lifecycle in lifecycles}
    known = {str(value.value) for lifecycle in lifecycles for value in lifecycle.variable.domain}

    def describe(state: "State", request: "Request") -> tuple[str, str, str]:
        values = request.as_dict()
        sender = values.get(profile.sender, "")
        held = [labels[name] for name in labels if str(getattr(state, name).value) == sender]
        standing = " and ".join(held) or (f"neither {' nor '.join(labels.values())}" if sender in known else sender)
        subject = next((values[name] for name in profile.subjects if name in values), "")
        return profile.in_words(request.type), standing, subject

    return describe


def _print_table(differences: "Iterable[Difference]") -> None:
    from rich.console import Console  # noqa: PLC0415  # only for people
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table("request", "sender", "about", "where", "from", "to", "rules")
    for each in differences:
        cells = (each.request, each.sender, each.subject, "; ".join(each.facts), each.before, each.after)
        table.add_row(*(Text(cell) for cell in (*cells, " ".join(each.rules))))
    Console().print(table)
