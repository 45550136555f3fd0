"""Every option that the pages name is one of some command's."""

import re

import click
import pytest
from _pytest.config.argparsing import Parser

from properties.conformance import plugin
from properties.smets1.command import main
from properties.smets1.profile import PROFILE
from tests.support.paths import ROOT

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
OF_OTHERS = {
    *("--dist", "--pyargs", "--hypothesis-profile", "--hypothesis-seed", "--junitxml"),
    *("--data-binary", "--master", "--mbt", "--py-files", "--strict"),
}
"""Options of pytest and its plugins, and of other programs that the pages name."""


def _of_commands():
    context = click.Context(main, obj=PROFILE)
    commands = [main, *(main.get_command(context, name) for name in main.known)]
    every = {name for command in commands for param in command.get_params(context) for name in param.opts}
    return {*every, "--help"}


def _of_the_plugin():
    parser = Parser(_ispytest=True)
    plugin.pytest_addoption(parser)
    return {name for group in parser._groups for option in group.options for name in option.names()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_options_that_a_page_names_exist(page):
    text = "\n".join(line for line in page.read_text(encoding="utf-8").splitlines() if "benchmarks" not in line)
    named = set(re.findall(r"(?<![\w/-])--[a-z][a-z-]+", text))
    assert named - _of_commands() - _of_the_plugin() - OF_OTHERS == set()
