"""The oracle against its peers: the same lifecycle and the same requests; and how each grows with its work."""

from collections.abc import Iterator
from random import Random

from benchmarks import ppmid, rings
from benchmarks.options import Options
from benchmarks.race import ORACLE, Race, missing
from benchmarks.table import Cell, Section
from benchmarks.timing import side_by_side
from statemachines import State, replay
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.key_package import KeyPackage
from statemachines.smets1.vocabulary import (
    AuthoriseMigration,
    CompleteMigration,
    DecommissionDevice,
    DeployRelease,
    Group,
    MprnComparison,
    StartCommissioning,
    SuspendDevice,
    TestDevices,
    ValidateData,
)


def against_peers(options: Options) -> Section:
    """Everybody on the firmware of a PPMID."""
    race = ppmid.race(options.at_most(5_000), options.seed)
    timed = side_by_side(race.runners(), options.rounds)
    seen = race.agreed(timed.results)
    rows: list[list[Cell]] = [
        [name, len(race.requests) / timed.median(name), timed.times(name, ORACLE)] for name in timed.seconds
    ]
    moved = sum(fired for _, fired in seen) / len(seen)
    return Section(
        "Oracle against peers: the firmware of a PPMID",
        ["who", "requests/s", "times the oracle's time"],
        rows,
        [
            f"{len(race.requests):,} requests; {moved:.0%} of them fire an arrow. Everybody went through the same "
            f"states and said of the same requests that they fire one. Medians of {options.rounds} rounds.",
            *_absent(),
        ],
    )


def whole_installation(options: Options) -> Section:
    """The oracle and the live machines on everything that is declared."""
    rows: list[list[Cell]] = []
    for title, race in _mixes(options):
        everybody = race.runners(peers=False)
        timed = side_by_side(everybody, options.rounds)
        race.agreed(timed.results)
        moved = sum(bool(verdict.fired) for _, verdict in timed.results[ORACLE]) / len(race.requests)
        rows += [
            [title, name, f"{moved:.0%}", len(race.requests) / timed.median(name), timed.times(name, ORACLE)]
            for name in everybody
        ]
    moving = sum(bool(lifecycle.transitions) for lifecycle in INSTALLATION.lifecycles)
    return Section(
        f"Oracle on the whole installation: {moving} lifecycles and all gates",
        ["requests", "who", "fire an arrow", "requests/s", "times the oracle's time"],
        rows,
    )


def growth(options: Options) -> Section:
    """Everybody on more and more."""
    rows: list[list[Cell]] = []
    for title, rings_of in rings.GROWTH:
        times: dict[str, list[float]] = {}
        ratios: dict[str, float] = {}
        for size in rings.SIZES:
            lifecycles, states, together = rings_of(size)
            steps = options.at_most(1_000) // (max(1, lifecycles // 2) if together else 1) or 1
            race = rings.race(lifecycles, states, steps, options.seed, together=together)
            timed = side_by_side(race.runners(live=False), min(5, options.rounds))
            race.agreed(timed.results)
            for name in timed.seconds:
                times.setdefault(name, []).append(1e6 * timed.median(name) / steps)
                ratios[name] = timed.times(name, ORACLE)
        rows += [[title, name, *taken, taken[-1] / taken[0], ratios[name]] for name, taken in times.items()]
    last = rings.SIZES[-1]
    return Section(
        "Growth: microseconds a request",
        ["what grows", "who", *map(str, rings.SIZES), f"{last} against 1", f"times the oracle's time, at {last}"],
        rows,
        [
            "Rings of 4 states: one that has so many times as many states, or so many rings. In the last group every "
            "request moves all of them.",
            *_absent(),
        ],
    )


def _absent() -> Iterator[str]:
    if missing():
        yield f"Not installed, and so left out: {', '.join(missing())}."


def _mixes(options: Options) -> Iterator[tuple[str, Race]]:
    random, steps = Random(options.seed), options.at_most(5_000)
    by_kind = {kind: list(kind.requests()) for kind in INSTALLATION.requests}
    kinds = random.choices(INSTALLATION.requests, k=steps)
    start = next(INSTALLATION.initial_states())
    yield "any, from the start", Race(INSTALLATION, start, [random.choice(by_kind[kind]) for kind in kinds])
    ending = (SuspendDevice, DecommissionDevice)
    upgrade = [request for request in ppmid.race(steps, options.seed).requests if request.type not in ending]
    yield "of a PPMID upgrade, once migrated", Race(INSTALLATION, _migrated(), upgrade)


def _migrated() -> State:
    """Migrated since Uplift 1.2, everything commissioned: an upgrade can go all its way."""
    events = [
        DeployRelease(),
        AuthoriseMigration(),
        ValidateData(mprn=MprnComparison.IDENTICAL),
        TestDevices(),
        StartCommissioning(),
        CompleteMigration(),
    ]
    migrated = replay(INSTALLATION, INSTALLATION.state(group=Group.MDS), events).end
    assert INSTALLATION.replace(migrated, key_package=KeyPackage.WITH_PPMID) == migrated
    return migrated
