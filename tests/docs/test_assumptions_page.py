"""The page of assumptions has a row for each that stands beside a rule, and for no other."""

import re
from itertools import chain
from pathlib import Path

from properties.smets1.installation import ALL
from statemachines.language.rules import Basis
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.rulebook import RULEBOOK

PAGE = Path(__file__).parents[2] / "docs" / "assumptions.md"


def explained(text: str) -> list[str]:
    """The assumptions that the page's second table has, in its first column."""
    table = text[text.index("## Where a rule and an assumption stand together") :]
    return [rule_id for cell in re.findall(r"^\| ([A-Z][^|]*) \|", table, re.M) for rule_id in cell.split(", ")]


def test_each_assumption_that_stands_beside_a_rule_is_explained_once():
    cited = chain(
        (move.rules for lifecycle in INSTALLATION.lifecycles for move in lifecycle.transitions),
        (check.rules for gate in INSTALLATION.gates for check in gate.checks),
        (one.rules for one in (*INSTALLATION.answers, *INSTALLATION.constraints, *ALL)),
    )
    mixed = [rules for rules in cited if RULEBOOK.basis(rules) is Basis.BOTH]
    assert sorted(explained(PAGE.read_text("utf-8"))) == sorted(
        {rule_id for rules in mixed for rule_id in rules if RULEBOOK[rule_id].assumed}
    )
