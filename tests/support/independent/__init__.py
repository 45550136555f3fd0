"""Random systems and claims as plain tuples, decided by a checker that shares no code with the framework.

`drawing` draws a system as plain data, `deciding` works out what is so of it, and `declaring` makes the declaration of
the same data, by the public names only: there is no condition, no state, no request of the framework in the first two.
What both say of every claim has to be the same.

    python -m tests.support.independent 5000 [first seed]
"""

from collections import Counter
from dataclasses import dataclass, field

from statemachines import Claims, Oracle, check
from statemachines.checker.equivalence import Comparer
from statemachines.checker.slices import Slices
from statemachines.errors import DeclarationError, NoVerdictError
from tests.support.independent.deciding import ASPECTS, Searched, asked, speaks_of_step, told_from
from tests.support.independent.declaring import Declared, declared_claim, member
from tests.support.independent.drawing import Drawn


@dataclass
class Compared:
    """What was compared, and every difference."""

    kinds: Counter = field(default_factory=Counter)
    differences: list = field(default_factory=list)

    def expect(self, what, ours, theirs):
        if ours != theirs:
            self.differences.append(f"{what}: {ours} by the independent checker, {theirs} by the framework")


def length(trace):
    return None if trace is None else len(trace.steps)


def compare(seed, compared):
    """Draw a system and claims of every kind, and decide them both ways."""
    drawn = Drawn(seed)
    plain, declared = drawn.plain, Declared(drawn.plain)
    searched = Searched(plain)
    oracle = Oracle(declared.system)
    for state in searched.states.values():
        for request in searched.every:
            verdict, new = asked(plain, state, request)
            try:
                after_it, message = oracle.decide(declared.state(state), declared.request(request))
            except NoVerdictError:
                compared.expect(f"seed {seed}, {request} in {state}", verdict, None)
                continue
            shown = {aspect: getattr(message, aspect) for aspect in ASPECTS}
            expected = {aspect: verdict and member(verdict[aspect]) for aspect in shown}
            same = all(shown[aspect] is expected[aspect] for aspect in shown) and after_it == declared.state(new)
            compared.expect(f"seed {seed}, {request} in {state}", True, same)
    made = {}
    for number in range(3):
        made[f"always of states {number}"] = "always", drawn.state_condition(), drawn.state_condition()
        made[f"always of steps {number}"] = "always", drawn.step_condition(), drawn.step_condition()
        made[f"sometimes a state {number}"] = "sometimes", drawn.state_condition()
        made[f"sometimes a step {number}"] = "sometimes", drawn.step_condition()
        made[f"possible {number}"] = "possible", drawn.state_condition(), drawn.state_condition()
        secret = drawn.secret() if plain.total else None
        if secret:
            made[f"secret {number}"] = "secret", *secret
    claims = [declared_claim(declared, name, parts) for name, parts in made.items()]
    made |= {f"constraint {at}": ("always", *parts) for at, parts in enumerate(plain.constraints)}
    report = check(Claims(declared.system, claims))
    silent = any(
        asked(plain, state, request)[0] is None for state in searched.states.values() for request in searched.every
    )
    compared.expect(f"seed {seed}, not total", silent, bool(report.wellformedness.not_total))
    for finding in report.findings:
        _same(searched, f"seed {seed}, {finding.claim.name}", made[finding.claim.name], finding, compared)


def compare_variants(seed, compared, count=5):
    """Draw a system and variants of it, and say of each both ways whether anything tells it from the system."""
    drawn = Drawn(seed)
    declared = Declared(drawn.plain)
    comparer = Comparer(Slices(declared.system))
    for number in range(count):
        variant = drawn.variant()
        try:
            other = Declared(variant, declared)
        except DeclarationError as refused:  # a state that nothing reaches
            compared.kinds[f"left out: {str(refused).rpartition(': ')[2][:16]}"] += 1
            continue
        expected, result = told_from(drawn.plain, variant), comparer.compare(other.system)
        compared.kinds["variant, " + ("equivalent" if result.walk is None else "told apart")] += 1
        length = None if result.walk is None else len(result.walk.requests)
        compared.expect(f"seed {seed}, variant {number}", expected, length)


def _same(searched, what, parts, finding, compared):
    compared.kinds[parts[0]] += 1
    compared.kinds[f"{parts[0]}, {'holds' if finding.holds else 'vacuous' if finding.vacuous else 'fails'}"] += 1
    of_steps = getattr(finding.claim, "of_steps", False)
    if not of_steps and parts[0] in ("always", "sometimes") and any(map(speaks_of_step, parts[1:])):
        compared.kinds["left out: what it says of steps folded away, so that it is of states"] += 1
        return
    broken = other = None
    match parts:
        case ("always", when, then):
            case = searched.shortest(when, of_steps)
            broken = searched.shortest(("and", when, ("not", then)), of_steps)
        case ("sometimes", of):
            case = searched.shortest(of, of_steps)
        case ("possible", when, goal):
            case, broken = searched.stuck(when, goal)
        case ("secret", *claimed):
            broken, seen = searched.told_apart(*claimed)
            case, other = 0 if seen else None, broken
    compared.expect(f"{what}, holds", case is not None and broken is None, finding.holds)
    compared.expect(f"{what}, vacuous", case is None, bool(finding.vacuous))
    compared.expect(f"{what}, counterexample", broken, length(finding.counterexample))
    compared.expect(f"{what}, other run", other, length(finding.other_run))
    if parts[0] != "secret":
        compared.expect(f"{what}, witness", case, length(finding.witness))
