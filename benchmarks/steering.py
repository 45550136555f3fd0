"""Steered and unsteered walks side by side, with the same budget: ``python benchmarks/steering.py``.

The unsteered machine is the same `RuleBasedStateMachine` without the steering: every rule is open at every step, and
Hypothesis draws the fields. Both check every claim at every step.
"""

import argparse
import time

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from properties.smets1.installation import CLAIMS
from properties.walks.coverage import Coverage, reachable
from properties.walks.stateful import state_machine
from properties.walks.steering import planner
from statemachines.checker.slices import slices

BUDGETS = ((20, 50), (100, 50), (400, 50))


def walked(steered: bool, walks: int, steps: int, number: int) -> tuple[Coverage, float]:
    """What so many walks reach, and how many seconds they take."""
    coverage = Coverage(CLAIMS.system)
    machine = seed(number)(state_machine(CLAIMS, steered=steered, coverage=coverage))
    budget = settings(
        max_examples=walks,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    planner.cache_clear()  # planning is part of what steering costs
    slices.cache_clear()
    started = time.perf_counter()
    run_state_machine_as_test(machine, settings=budget)
    return coverage, time.perf_counter() - started


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    number = parser.parse_args().seed
    can = reachable(CLAIMS.system)
    print(f"{CLAIMS.system.name}: {len(can.arrows)} transitions, {len(can.kinds)} kinds of verdict; seed {number}")
    print(f"{'walks x steps':>14}  {'':10} {'sent':>7} {'transitions':>13} {'verdicts':>13} {'seconds':>8}")
    for walks, steps in BUDGETS:
        for steered in (True, False):
            coverage, seconds = walked(steered, walks, steps, number)
            fired, heard = coverage.reached
            print(
                f"{f'{walks} x {steps}':>14}  {'steered' if steered else 'unsteered':10} {coverage.steps:>7,} "
                f"{f'{fired} ({fired / len(can.arrows):.0%})':>13} {f'{heard} ({heard / len(can.kinds):.0%})':>13} "
                f"{seconds:>8.1f}"
            )


if __name__ == "__main__":
    main()
