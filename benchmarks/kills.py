"""Kill rates beside peers: the sequences that each makes for a small system, run on the same mutants."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module

from benchmarks.options import Options
from benchmarks.table import Cell, Section
from examples import parcel_locker
from properties.conformance.layers import random_walks
from properties.conformance.suite.generator import generated
from properties.conformance.suite.w_method import FiniteMachine, complete_suite, machine
from properties.mutation.mutants import Mutant
from properties.mutation.replaying import Layer
from properties.mutation.strength import every_mutant_of
from statemachines.language.claims import Claims, always
from statemachines.language.expression import TRUE
from statemachines.language.system import State, System
from statemachines.semantics.comparison import differences
from statemachines.semantics.oracle import Oracle, decided
from statemachines.semantics.trace import Scenario
from tests.support import house
from tests.support.pin_safe import make_safe

PEERS = {
    "AALpy, W-method": ("aalpy_peer", "w_method"),
    "AALpy, random W-method": ("aalpy_peer", "random_w_method"),
    "@xstate/graph, shortest paths": ("xstate_peer", "shortest"),
    "@xstate/graph, simple paths": ("xstate_peer", "simple"),
}
"""For each the module of `benchmarks.peers` and the function that makes its sequences."""


Maker = Callable[[FiniteMachine, int, int], Iterable[Sequence[int]]]
"""Makes sequences of inputs of a machine, with so many requests; the last number is a seed."""


def kills(options: Options) -> Section:
    """Of the mutants of small systems that differ, how many each kills."""
    notes: list[str] = []
    systems = parcel_locker.system, make_safe().claims.system, house.house()  # type: ignore[no-untyped-call]  # a test's
    rows = [row for system in systems for row in _of(system, options, notes)]
    return Section(
        "Kill rates: the same mutants, the same budget of requests",
        ("system", "who", "sequences", "requests", "killed", "of", "%"),
        rows,
        tuple(dict.fromkeys(notes)),
    )


def _of(system: System, options: Options, notes: list[str]) -> Iterator[Sequence[Cell]]:
    oracle, starts = Oracle(system), tuple(system.initial_states())
    made = [one for one in every_mutant_of(system, options.at_most(1_000) // 10).mutants if not one.kept]
    mutants = [one for one in made if any(_differs(oracle, one, start) for start in starts)]
    claims = Claims(system, [always("all is as it is", when=TRUE, then=TRUE, rules=next(iter(system.register)))])
    for name, sequences in _made(claims, options, notes):
        layer = Layer(oracle, sequences)
        killed = sum(layer.kills(one) is not None for one in mutants)
        rate = round(100 * killed / len(mutants), 1)
        yield system.name, name, len(sequences), layer.requests, killed, len(mutants), rate


def _made(claims: Claims, options: Options, notes: list[str]) -> Iterator[tuple[str, tuple[Scenario, ...]]]:
    """Who, and the sequences: as many requests as ours have, where several states are initial from each as many."""
    system = claims.system
    ours = tuple(vector.scenario for vector in generated(claims).vectors)
    budget = sum(len(one.requests) for one in ours)
    yield "our deterministic layer", ours
    for name, steered in (("our random layer", True), ("Hypothesis, unsteered", False)):
        yield name, _within(random_walks(claims, steered=steered, walks=budget // 5 + 1, steps=20), budget)
    machines = [machine(system, start) for start in system.initial_states()]
    share = budget // len(machines)
    complete = [complete_suite(system, 0, of.start) for of in machines]
    yield "our W-method", tuple(one for each in complete for one in _within(each, share))
    for name, (module, function) in PEERS.items():
        try:
            make: Maker = getattr(import_module(f"benchmarks.peers.{module}"), function)
        except ImportError as error:
            notes.append(f"{name} is left out: {error}.")
            continue
        yield name, tuple(one for of in machines for one in _within(_scenarios(of, make, share, options), share))
    yield "our W-method, all of it", tuple(one for each in complete for one in each)
    more = (one for of in machines for one in complete_suite(system, 1, of.start))
    yield "our W-method, all of it, one state more", tuple(more)


def _scenarios(of: FiniteMachine, make: Maker, share: int, options: Options) -> Iterator[Scenario]:
    for inputs in make(of, share, options.seed):
        yield Scenario(of.start, tuple(of.requests[at] for at in inputs))


def _within(sequences: Iterable[Scenario], budget: int) -> tuple[Scenario, ...]:
    """The sequences, as far as they have so many requests in all."""
    taken = []
    for one in sequences:
        taken.append(Scenario(one.start, one.requests[:budget]))
        budget -= len(taken[-1].requests)
        if not budget:
            break
    return tuple(one for one in taken if one.requests)


def _differs(oracle: Oracle, mutant: Mutant, start: State) -> bool:
    """Whether any sequence from a state tells the mutant apart: every pair of states that is reached is looked at."""
    other, requests = Oracle(mutant.system), tuple(oracle.system.all_requests())
    first = start, mutant.original.state(**start.as_dict())
    known, left = {first}, deque([first])
    while left:
        one, two = left.popleft()
        for request in requests:
            after, verdict = oracle.decide(one, request)
            after_two, verdict_two = decided(other, two, request)
            if differences(verdict, verdict_two):
                return True
            if (after, after_two) not in known:
                known.add((after, after_two))
                left.append((after, after_two))
    return False
