"""`assumptions`: what is assumed, and what changes without it."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from properties.cli.profiled import ProfiledCommand, system_option
from properties.console.spec import load_claims
from properties.console.terminal import number_of, progress_bar

if TYPE_CHECKING:
    from properties.tracing.assumptions import Assumption

EXAMPLES = """\
  {command} assumptions --system parcel_locker:claims               every one, and how much changes without it
  {command} assumptions BOX-2 --system parcel_locker:claims         one, and what changes without it
  {command} assumptions --system parcel_locker:claims --no-check    how much cites each, at once
"""
NOTES = """\
Without an assumption, checks and transitions that cite it, and no rule that a source gives, never apply. Where it
gives the order of a party's checks, any check that fails may decide. Claims are decided on sets of states; verdicts are
compared on the sequences of `vectors`.

Exit codes: 0 done, 2 wrong options.
"""


@click.command("assumptions", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES)
@click.argument("rules", nargs=-1, metavar="[RULE]...")
@system_option("What to look at")
@click.option("--no-check", is_flag=True, help="Leave out what changes without it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def assumptions_command(rules: tuple[str, ...], spec: str, no_check: bool, as_json: bool) -> None:
    """Show each assumption, what depends on it, and what changes without it."""
    from properties.tracing.assumptions import (  # noqa: PLC0415  # --help needs none of it
        assumption_as_dict,
        assumptions_of,
        consequences,
    )
    from properties.tracing.traceability import selected  # noqa: PLC0415

    claims = load_claims(spec)
    ids = selected(claims.system.register, rules) if rules else ()
    results = assumptions_of(claims, ids)
    if not no_check:
        from properties.conformance.suite.store import suite_of  # noqa: PLC0415

        with progress_bar("computing the sequences"):
            scenarios = [vector.scenario for vector in suite_of(claims).vectors]
        with progress_bar("looking at each assumption") as progress:
            results = consequences(claims, results, scenarios, progress=progress)
    if as_json:
        entries = [assumption_as_dict(one) for one in results]
        click.echo(json.dumps({"system": claims.system.name, "assumptions": entries}, indent=2))
    else:
        for one in results:
            for line in _lines(one, whole=bool(rules)):
                click.echo(line)
        alone = sum(bool(one.alone or one.rule.decides) for one in results)
        decide = "decides" if alone == 1 else "decide"
        click.echo(f"{number_of(len(results), 'assumption')}, {alone} {decide} something alone")
        if not rules and not no_check:
            click.echo("name an assumption by its id to see what changes without it")
    idle = [one.rule.id for one in results if not one.decides and not one.rule.not_modelled]
    if idle:
        click.echo(f"nothing in {claims.system.name!r} cites {' '.join(idle)}", err=True)


def _lines(one: "Assumption", *, whole: bool) -> Iterator[str]:
    part = "" if one.rule.assumption == "all" else f" (assumed: {one.rule.assumption})"
    yield f"{one.rule.id}: {one.rule.statement}{part}"
    declarations, claims = number_of(one.alone, "declaration"), number_of(one.claims, "claim")
    cite = "cites" if one.claims == 1 else "cite"
    if one.rule.decides:
        aspects = " and ".join("party" if aspect == "at" else aspect for aspect in one.rule.decides)
        yield f"  decides the {aspects} of verdicts alone, which rules else decide, in {one.together}"
    yield f"  decides alone in {declarations}, with rules in {one.together}; {claims} {cite} it"
    if one.holds is None:
        return
    if not one.holds and not one.requests:
        why = ": rules are cited with it" if one.together and not one.alone else ""
        yield f"  without it no claim and no verdict changes{why}"
    elif whole:
        yield from _whole(one)
    else:
        fail, hold = (sum(holds is now for holds in one.holds.values()) for now in (False, True))
        changes = [
            f"{number_of(number, 'claim')} {words}"
            for number, words in ((fail, "no longer true"), (hold, "true only then"))
            if number
        ]
        if one.requests:
            changes.append(f"{number_of(len(one.requests), 'type')} of request may have another verdict")
        yield f"  without it {', '.join(changes)}"


def _whole(one: "Assumption") -> Iterator[str]:
    for name, holds in (one.holds or {}).items():
        yield f"  without it {'holds' if holds else 'does not hold'}: {name}"
    for changed in one.requests or ():
        request, declared, bare = changed.example
        steps = number_of(changed.steps, "step")
        yield f"  without it {changed.type} has another verdict, at {steps}; for example {request}:"
        yield f"    with it:    {declared}"
        yield f"    without it: {bare}"
