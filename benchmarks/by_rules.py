"""What the rules alone show of SMETS1: the deterministic layer whole, and with `--only regulated`."""

from collections.abc import Iterable

from benchmarks.options import Options
from benchmarks.table import Section
from properties.conformance.suite.regulated_suite import regulated_suite
from properties.conformance.suite.store import suite_of
from properties.mutation.mutants import Mutant
from properties.mutation.replaying import Layer
from properties.mutation.strength import every_mutant_of, selecting
from properties.smets1.installation import CLAIMS
from properties.walks.runs import regulated_oracle
from statemachines.language.rules import Basis
from statemachines.semantics.comparison import differences
from statemachines.semantics.oracle import Oracle, decided
from statemachines.semantics.regulated import regulated
from statemachines.semantics.trace import Trace

SAMPLE = 400


def by_rules(options: Options) -> Section:
    """How many mutants the whole suite kills, and how many what is left of it by the rules alone."""
    suite, system = suite_of(CLAIMS), CLAIMS.system
    rules = regulated_oracle(system)
    left = regulated_suite(suite)
    traces = [regulated(one.scenario.replay(system, rules.oracle), rules) for one in left.vectors]
    layer = Layer(rules.oracle, [one.scenario for one in suite.vectors])
    every = [one for one in every_mutant_of(system).mutants if not one.kept]
    mutants = selecting((), options.at_most(SAMPLE), options.seed)(every)
    assumed = {one for one in mutants if one.rules and system.register.basis(one.rules) is Basis.ASSUMED}
    killed = [
        {one for one in mutants if layer.kills(one)},
        {one for one in mutants if _shows(one, traces, rules.oracle)},
    ]
    rows = [
        (
            which,
            len(of.vectors),
            sum(len(one.scenario.requests) for one in of.vectors),
            len(of.goals),
            len(dead),
            len(dead & assumed),
        )
        for which, of, dead in zip(("the whole suite", "by the rules alone"), (suite, left), killed, strict=True)
    ]
    return Section(
        f"SMETS1 by the rules alone: {len(mutants)} mutants, {len(assumed)} of them of assumptions alone",
        ("what", "sequences", "requests", "goals", "killed", "of them of assumptions alone"),
        rows,
    )


def _shows(mutant: Mutant, traces: Iterable[Trace], reference: Oracle) -> bool:
    """Whether a run shows the mutant where the rules alone say what is expected."""
    changed = Oracle(mutant.system)
    others = reference if mutant.original is reference.system else Oracle(mutant.original)
    return any(
        _differs(mutant, trace, changed, others)
        for trace in traces
        if any(step.request.type in mutant.kinds for step in trace.steps)
    )


def _differs(mutant: Mutant, trace: Trace, changed: Oracle, others: Oracle) -> bool:
    state = mutant.original.state(**trace.start.as_dict())
    for step in trace.steps:
        state, verdict = decided(changed if step.request.type in mutant.kinds else others, state, step.request)
        if differences(step.verdict, verdict):
            return True
    return False
