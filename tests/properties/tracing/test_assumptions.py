"""What would be otherwise without an assumption."""

import json

import attrs
import pytest
from click.testing import CliRunner

from properties.cli import assumptions as cli_assumptions
from properties.cli.main import main
from properties.tracing.assumptions import assumption_as_dict, assumptions_of, consequences
from statemachines import Claims, Register, Rule
from statemachines.checker.check import check
from statemachines.semantics.regulated import without
from statemachines.semantics.trace import Scenario
from tests.support.pin_safe import Code, Owner, Say, make_safe


@pytest.fixture(scope="module")
def safe():
    return make_safe()


def assuming(safe, first="all", second="", *more):
    """The safe's claims, where its rules are assumptions as said."""
    rules = [Rule("S-1", "Two wrong codes lock it.", "none", first), Rule("S-2", "A code opens.", "manual, 2", second)]
    return Claims(attrs.evolve(safe.claims.system, register=Register([*rules, *more])), safe.claims.claims)


def scenario(safe, claims):
    wrong, right = (safe.Enter(code=code, by=Owner.ANN) for code in (Code.WRONG, Code.RIGHT))
    start = next(state for state in claims.system.initial_states() if state.owner is Owner.ANN)
    return Scenario(start, (wrong, wrong, right))


def test_how_much_cites_an_assumption(safe):
    grey = Rule("T-1", "It is grey.", "none", "all")
    one, other, third = assumptions_of(assuming(safe, "all", "its colour", grey))
    assert (one.rule.id, one.alone, one.together, one.claims, one.decides) == ("S-1", 3, 0, 1, True)
    assert (other.rule.id, other.alone, other.together, other.claims) == ("S-2", 0, 6, 1)
    assert (third.rule.id, third.decides) == ("T-1", False)
    assert [one.rule.id for one in assumptions_of(assuming(safe, "all", "its colour"), ["S-2"])] == ["S-2"]
    assert assumptions_of(assuming(safe, "")) == ()


def test_claims_and_verdicts_that_are_otherwise_without_it(safe):
    claims = assuming(safe)
    (found,) = consequences(claims, assumptions_of(claims), [scenario(safe, claims)])
    # Without the lock two wrong codes never happen, and a claim whose case never happens does not hold.
    assert found.holds == {"a locked safe stays shut": False}
    (changed,) = found.requests
    assert (changed.type, changed.steps) == ("Enter", 1)
    assert changed.example == (
        "Enter (code right, by Ann)",
        "no at the safe: it is locked for good [S-1*]",
        "yes at the safe: done [S-2]",
    )
    reported = assumption_as_dict(found)["without_it"]
    assert reported["claims"] == [{"name": "a locked safe stays shut", "holds": False}]
    assert reported["requests"][0]["example"]["without"] == "yes at the safe: done [S-2]"


def test_all_at_once_decides_as_one_after_the_other(safe):
    """Each assumption's claims, against the checker of states one by one on the system without it."""
    claims = assuming(safe, "all", "all")
    one, other = consequences(claims, assumptions_of(claims), [scenario(safe, claims)])
    declared = {finding.claim.name: finding.holds for finding in check(claims).findings}
    for result in (one, other):
        bare = attrs.evolve(claims, system=without(claims.system, [result.rule.id]))
        alone = {finding.claim.name: finding.holds for finding in check(bare).findings}
        assert result.holds == {name: holds for name, holds in alone.items() if holds is not declared[name]}
    assert one.holds
    assert not other.holds


def test_progress_covers_claims_and_assumptions(safe):
    claims, seen = assuming(safe), []
    consequences(claims, assumptions_of(claims), [], progress=lambda done, total: seen.append((done, total)))
    steps = len(claims.claims) + 1
    assert seen == [(done, steps) for done in range(1, steps + 1)]


def test_where_rules_say_the_same_nothing_is_otherwise(safe):
    claims = assuming(safe, "how many")
    (found,) = consequences(claims, assumptions_of(claims), [scenario(safe, claims)])
    assert (found.alone, found.holds, found.requests) == (0, {}, ())


@pytest.mark.parametrize(("assumed", "steps"), [("all", [("Enter", 1)]), ("", []), ("how", [])])
def test_in_another_order_another_check_refuses(safe, assumed, steps):
    order = Rule("T-1", "It is asked of the lock first.", "none", assumed)
    claims = assuming(safe, "", "how", order)
    gate = claims.system.gates[0]
    code = attrs.evolve(gate.checks[0], label="the code is known", reason=Say.BAD_CODE)
    gates = [attrs.evolve(gate, checks=[*gate.checks, code], order="T-1")]
    claims = attrs.evolve(claims, system=attrs.evolve(claims.system, gates=gates))
    results = consequences(claims, assumptions_of(claims), [scenario(safe, claims)])
    changed = [one for result in results for one in result.requests]
    assert [(one.type, one.steps) for one in changed] == steps
    for one in changed:
        assert one.example[1:] == (
            "no at the safe: it is locked for good [S-1]",
            "no at the safe: the code is wrong [S-1]",
        )


@pytest.mark.slow
def test_the_command(safe, monkeypatch):
    monkeypatch.setattr(cli_assumptions, "load_claims", lambda _: assuming(safe))
    briefly = CliRunner().invoke(main, ["assumptions", "--system", "safe"])
    assert "  without it 1 claim no longer true, 1 type of request may have another verdict\n" in briefly.stdout
    ran = CliRunner().invoke(main, ["assumptions", "S-1", "--system", "safe"])
    assert ran.exit_code == 0, ran.output
    assert (
        "S-1: Two wrong codes lock it.\n  decides alone in 3 declarations, with rules in 0; 1 claim cites it"
        in ran.stdout
    )
    assert "    with it:    no at the safe: it is locked for good [S-1*]\n" in ran.stdout
    assert "1 assumption, 1 decides something alone\n" in ran.stdout
    reported = json.loads(CliRunner().invoke(main, ["assumptions", "--system", "safe", "--json", "--no-check"]).stdout)
    assert [(one["id"], one["without_it"]) for one in reported["assumptions"]] == [("S-1", None)]
    unknown = CliRunner().invoke(main, ["assumptions", "X-1", "--system", "safe"])
    assert unknown.exit_code == 2
    assert "the register has no rule 'X-1'" in unknown.stderr
