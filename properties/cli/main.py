"""The command `smets1`. Each of its commands is a module of its own, loaded when it is asked for."""

import os
import sys
from importlib import import_module
from typing import Any

import click

from statemachines.extras import MissingExtraError, optional_imports

COMMANDS = {
    "judge": (
        "properties.smets1.commands.judge",
        "judge_command",
        "Say what must happen to DUIS requests, and why.",
    ),
    "check": ("properties.cli.check", "check_command", "Prove every property, or show a shortest counterexample."),
    "explore": ("properties.cli.explore", "explore_command", "Count every reachable state."),
    "conform": ("properties.cli.conform", "conform_command", "Test a metering system against the rules."),
    "vectors": ("properties.cli.vectors", "vectors_command", "Write the sequences that test a system, as files."),
    "strength": ("properties.cli.strength", "strength_command", "Show that the suite catches every mutant."),
    "render": ("properties.cli.render", "render_command", "Draw lifecycles as an analyst reads them."),
    "export": ("properties.cli.export", "export_command", "Write a model of a system for SPIN, with its properties."),
    "trace": ("properties.cli.trace", "trace_command", "Show what declares, tests and draws each rule."),
    "regime": (
        "properties.smets1.commands.regime",
        "regime_command",
        "Say what is in force on a day, what is open.",
    ),
}

EPILOG = """\
\b
Examples:
  smets1 judge request.xml --installation installation.toml
  smets1 check
  smets1 render --out diagrams

Exit codes: 0 all is well, 1 a property does not hold, 2 the input or the options are wrong.
"""


class Commands(click.Group):
    """A group that knows its commands by name, so that ``--help`` starts at once."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run; output that cannot be written is one message, and never looks like a result."""
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                if sys.stdout is not None:
                    sys.stdout.flush()
        except MissingExtraError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(2)
        except OSError as error:
            # What is still buffered cannot be written either, and would be complained of once more at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            click.echo(f"Error: the output cannot be written: {error.strerror}", err=True)
            sys.exit(2)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, name, _ = COMMANDS[cmd_name]
        with optional_imports():
            command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_text) for name, (_, _, help_text) in COMMANDS.items()])


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version  # noqa: PLC0415  # as slow to load as all the rest of --help

        click.echo(f"smets1 {version('smets1-lifecycles')}")
        ctx.exit()


@click.group("smets1", cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
def main() -> None:
    """SMETS1 lifecycles as state machines: judge real requests, prove the rules, draw the diagrams."""
