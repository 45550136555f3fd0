"""What commands share that depends on the profile: examples in the help, and `--system`."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from properties.domain import NEUTRAL, Profile

SPEC = "package.module:attribute of a Claims or a System, or of a function that makes one; or a machine file (.json)."


def profile_of(context: click.Context) -> Profile:
    """The profile whose command runs; the neutral one for a command that runs by itself."""
    return context.find_object(Profile) or NEUTRAL


class ProfiledCommand(click.Command):
    """A command that any profile can have.

    Parameters
    ----------
    examples: shown in ``--help`` unless the profile has its own; ``{command}`` is the profile's command.
    notes: shown after them, likewise.
    options: the options that depend on the profile.
    """

    def __init__(
        self,
        *args: Any,
        examples: str,
        notes: str,
        options: Callable[[Profile], Sequence[click.Parameter]] = lambda _: (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.examples, self.notes, self.options = examples, notes, options

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The command's own, and those of the profile."""
        own = list(self.options(profile_of(ctx)))
        *params, last = super().get_params(ctx)  # the last is --help
        return [*params, *own, last]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples and the notes."""
        write_examples(ctx, formatter, self.name or "", self.examples, self.notes)


def write_examples(
    context: click.Context, formatter: click.HelpFormatter, name: str, examples: str, notes: str
) -> None:
    """Write the profile's examples, or these by default, and the notes."""
    profile = profile_of(context)
    shown = profile.examples.get(name, examples)
    words = f"\b\nExamples:\n{shown.rstrip()}\n\n{notes}".replace("{command}", profile.command)
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(words)


class SystemOption(click.Option):
    """`--system`: by default the profile's claims; where the profile has none, it has to be given."""

    def get_default(self, ctx: click.Context, call: bool = True) -> Any:  # noqa: ARG002
        profile = profile_of(ctx)
        return (tuple(profile.traced) if self.multiple else profile.claims) or None

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        named = super().process_value(ctx, value)
        if not named and not ctx.resilient_parsing:
            raise click.UsageError(f"no system given: expected --system SPEC, which is {SPEC.rstrip('.')}", ctx)
        return named


def only_option(more: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option `--only regulated`, with more help."""
    return click.option(
        "--only", type=click.Choice(["regulated"]),
        help=f"Rules only: whatever an assumption alone decides counts as unspecified.{more}",
    )  # fmt: skip


def without_option(more: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option `--without ID`, the assumptions that do not apply, with more help."""
    return click.option(
        "--without", "off", metavar="ID", multiple=True, callback=lambda _, __, ids: tuple(dict.fromkeys(ids)),
        help="Drop this assumption: checks and transitions that cite it, and no rule that a source gives, never apply; "
        f"may be repeated.{more}",
    )  # fmt: skip


def engine_option(default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option `--engine`, which says what decides."""
    return click.option(
        "--engine", type=click.Choice(["auto", "symbolic", "explicit"]), default=default, show_default=True,
        help="symbolic: sets of states; explicit: one state at a time; auto: symbolic if it can, or else explicit.",
    )  # fmt: skip


def system_option(what: str, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option `--system`, which says what the command works on."""
    return click.option(
        "--system", "specs" if more.get("multiple") else "spec", cls=SystemOption, metavar="SPEC", show_default=True,
        help=f"{what}: {SPEC}", **more,
    )  # fmt: skip
