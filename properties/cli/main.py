"""The command of a profile; each of its commands is a module that is loaded when it runs."""

import os
import signal
import sys
from typing import Any

import click

from properties.cli.profiled import write_examples
from properties.domain import NEUTRAL, Command, Profile, named

COMMANDS = {
    "check": Command("properties.cli.check:check_command", "Prove every property, or show a shortest counterexample."),
    "explore": Command("properties.cli.explore:explore_command", "Count every reachable state."),
    "conform": Command("properties.cli.conform:conform_command", "Test an implementation against the rules."),
    "vectors": Command("properties.cli.vectors:vectors_command", "Write the sequences that test a system, as files."),
    "strength": Command("properties.cli.strength:strength_command", "Show that the suite catches every mutant."),
    "render": Command("properties.cli.render:render_command", "Draw lifecycles as an analyst reads them."),
    "export": Command("properties.cli.export:export_command", "Write a system in the language of another tool."),
    "replay": Command("properties.cli.replay:replay_command", "Judge logs by the rules, or replay a trace."),
    "log": Command("properties.cli.log:log_command", "Write a log of a system, with or without faults."),
    "explorer": Command("properties.cli.explorer:explorer_command", "Write an interactive page of a system."),
    "serve": Command("properties.cli.serve:serve_command", "Serve the oracle over HTTP."),
    "assumptions": Command(
        "properties.cli.assumptions:assumptions_command", "Show what is assumed, and what changes without it."
    ),
    "diff": Command("properties.cli.diff:diff_command", "Show which requests change their verdict, and how."),
    "trace": Command("properties.cli.trace:trace_command", "Show what declares, tests and draws each rule."),
}
"""The commands that every profile has."""

EXAMPLES = """\
  {command} check --system parcel_locker:claims
  {command} render --system parcel_locker:claims --out diagrams
  {command} conform --system parcel_locker:claims --sut my_locker:Locker
"""
NOTES = "Exit codes: 0 all is well, 1 a finding, 2 the input or the options are wrong, 3 a fault of the tool itself."


class _UnreadError(Exception):
    """Whoever read the output has gone."""


class Commands(click.Group):
    """A profile's commands, known by name so that ``--help`` starts at once."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(
            profile.command,
            help=profile.title,
            context_settings={"help_option_names": ["-h", "--help"], "obj": profile},
            params=[
                click.Option(
                    ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_print_version,
                    help="Show the version.",
                )
            ],
        )  # fmt: skip
        self.known = {**profile.commands, **COMMANDS}

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run; output that cannot be written is one message, and never looks like a result.

        Where its reader has gone, as ``head`` does, it ends in silence with 141, as the signal of it would.
        """
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                if sys.stdout is not None:
                    sys.stdout.flush()
        except ImportError as error:
            from statemachines.extras import missing_extra  # noqa: PLC0415  # loads what --help does without

            missing = missing_extra(error)
            if missing is None:
                raise
            click.echo(f"Error: {missing}", err=True)
            sys.exit(2)
        except (_UnreadError, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            sys.exit(128 + signal.SIGPIPE)
        except OSError as error:
            # What is still buffered cannot be written either, and would be complained of once more at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            click.echo(f"Error: the output cannot be written: {error.strerror}", err=True)
            sys.exit(2)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the arguments, where ``--help`` may be all that is wanted."""
        try:
            return super().make_context(*args, **kwargs)
        except BrokenPipeError:
            raise _UnreadError from None  # click would end with 1, which is a finding

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is asked for; what the user gave wrong is one message."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise _UnreadError from None
        except (click.ClickException, click.exceptions.Exit, click.Abort, OSError):
            raise
        except KeyboardInterrupt:
            click.echo("\ninterrupted", err=True)  # on a line of its own: the terminal shows ^C
            raise SystemExit(128 + signal.SIGINT) from None  # a signal of another number is entry.run's
        except Exception as error:
            from properties.cli.failures import refusal  # noqa: PLC0415  # knows every error, and so loads much

            if (refused := refusal(error)) is None:
                raise
            raise refused from None

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.known)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.known:
            return None
        command = named(self.known[cmd_name].implementation)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.help) for name, command in self.known.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_examples(ctx, formatter, "", EXAMPLES, NOTES)


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version  # noqa: PLC0415  # as slow to load as all the rest of --help

        click.echo(f"{ctx.find_root().command.name} {version('smets1-lifecycles')}")
        ctx.exit()


main = Commands(NEUTRAL)
"""The command `statemachines`."""
