"""The oracle beside the `transitions` machines: the same system, the same requests, in one run.

Both decide the same random sequence of requests, each from the state that the last one left: every gate is asked, every
lifecycle moved, a verdict given. ``python benchmarks/oracle.py [STEPS] [--seed N]`` prints one table.
"""

import argparse
import random
import runpy
import time
from collections.abc import Iterable
from pathlib import Path

import attrs

from statemachines import LiveSystem, Oracle, Request, RequestType, State, System
from statemachines.core.gates import Verdict
from statemachines.installation import INSTALLATION
from statemachines.vocabulary import EVENT_TYPES, UPGRADE_REQUESTS

EXAMPLE = Path(__file__).parent.parent / "examples" / "parcel_locker.py"


@attrs.frozen
class Run:
    """How long a reading took, where it ended, and what it said."""

    seconds: float
    state: State
    verdicts: list[Verdict]


def sequence(kinds: Iterable[RequestType], steps: int, seed: int) -> list[Request]:
    """Requests of these types at random."""
    choices = [request for kind in kinds for request in kind.requests()]
    return random.Random(seed).choices(choices, k=steps)


def oracle_run(system: System, requests: list[Request]) -> Run:
    oracle, state, verdicts = Oracle(system), system.state(), []
    for request in dict.fromkeys(requests):
        oracle.decide(state, request)  # each request's decision is compiled once, before it counts
    started = time.perf_counter()
    for request in requests:
        state, verdict = oracle.decide(state, request)
        verdicts.append(verdict)
    return Run(time.perf_counter() - started, state, verdicts)


def live_run(system: System, requests: list[Request]) -> Run:
    live = LiveSystem(system)
    started = time.perf_counter()
    verdicts = [live.send(request) for request in requests]
    return Run(time.perf_counter() - started, live.state, verdicts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("steps", nargs="?", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    locker: System = runpy.run_path(str(EXAMPLE))["system"]
    print(f"{options.steps:,} requests, seed {options.seed}; in each system both readings have to say the same")
    print(f"{'system':<22}{'lifecycles':>10}  {'reading':<22}{'requests/s':>12}{'ratio':>8}")
    for system, kinds in ((INSTALLATION, (*UPGRADE_REQUESTS, *EVENT_TYPES)), (locker, locker.requests)):
        requests = sequence(kinds, options.steps, options.seed)
        oracle, live = oracle_run(system, requests), live_run(system, requests)
        assert (oracle.state, oracle.verdicts) == (live.state, live.verdicts), "the two readings disagree"
        moving = sum(bool(lifecycle.transitions) for lifecycle in system.lifecycles)
        for name, run in (("oracle", oracle), ("transitions machines", live)):
            rate, ratio = options.steps / run.seconds, live.seconds / run.seconds
            print(f"{system.name:<22}{moving:>10}  {name:<22}{rate:>12,.0f}{ratio:>8.1f}")


if __name__ == "__main__":
    main()
