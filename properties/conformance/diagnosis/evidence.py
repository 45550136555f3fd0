"""Evidence: which declarations a target may have wrong, judged from one step at which it differs.

A verdict is wrong either because what decides it is wrong, or because the target is in another state than the
reference, for what changes that is wrong. Of both kinds those are suspected with which the target would have answered
as it did: each check and answer in the way of the request, and each value of each variable that decides it. The
variable may have that value because the last transition did not fire, or because one fired that should not have.
"""

from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache

import attrs

from properties.conformance.diagnosis.declarations import DeclarationRole, Declarations, KeyedEntry, Use, declarations
from properties.conformance.observation import Observation, contradicts, differs, otherwise
from properties.walks.runs import oracle
from statemachines.language.expression import TRUE, Expr, Moment
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State, System
from statemachines.semantics.comparison import differences
from statemachines.semantics.oracle import decided
from statemachines.semantics.preconditions import variables_of
from statemachines.semantics.trace import Step

FITS, FARTHER, STRAYS = 1.0, 0.75, 0.25
"""How much a suspicion weighs that explains the observation, one with a condition that is farther from holding than
another's, and one that does not explain it.
"""


@attrs.frozen
class Deviation:
    """What a target may have done otherwise.

    Parameters
    ----------
    use: the declaration, and what it did in the reference.
    step: the index of the step in the run.
    variable: the variable that then has another value; empty where a verdict is wrong of itself.
    value: that value.
    weight: how well it explains the observation: 1 wholly.
    """

    use: Use
    step: int
    variable: str = ""
    value: Enum | None = None
    weight: float = FITS


@lru_cache(maxsize=1 << 14)
def reads(system: System, request: Request) -> frozenset[str]:
    """The names of the variables that decide the verdict on a request."""
    return frozenset(name for entry in _decisive(system, request) for name in variables_of(entry.when))


def _decisive(system: System, request: Request) -> Iterator[KeyedEntry]:
    """The checks and answers that may decide a request, up to the one that always does."""
    for entry in declarations(system).decision_list(request):
        yield entry
        if entry.when is TRUE:
            return


def deviations(system: System, run: Sequence[Step], seen: Observation | None) -> Iterator[Deviation]:
    """What a target may have done otherwise that differs at the last step of a run; the strongest first.

    Parameters
    ----------
    run: up to and including the step at which it differs.
    seen: what the target showed there; ``None`` if it showed nothing.
    """
    known = declarations(system)
    if seen is not None and (changed := otherwise(run[-1].after, seen)):
        for name in changed:
            yield from _left_with(known, run[-1], len(run) - 1, name, seen.after[name])
        if not differs(run[-1].verdict, seen):
            return
    yield from _contradicted(known, run, seen)
    if seen is not None:
        yield from _in_another_state(known, run, seen)


def _contradicted(known: Declarations, run: Sequence[Step], seen: Observation | None) -> Iterator[Deviation]:
    """The step's own verdict is wrong."""
    at, last = len(run) - 1, run[-1]
    values = last.before.as_dict()
    decided = known.decided(values, last.request)
    assert decided
    use = Use(decided.key, DeclarationRole.ANSWERED if last.verdict.passed else DeclarationRole.DECIDED)
    if seen is None:
        yield Deviation(use, at)
        return
    decision_list = known.decision_list(last.request)
    earlier = decision_list[: decision_list.index(decided)]
    stricter = [entry for entry in earlier if not contradicts(entry.verdict, seen)]
    far = [_distance(known.system, entry.when, last.before) for entry in stricter]
    for entry, distance in zip(stricter, far, strict=True):
        weight = FITS if distance == min(far) else FARTHER
        yield Deviation(Use(entry.key, DeclarationRole.PASSED), at, weight=weight)
    explained = any(not contradicts(entry.verdict, seen) for entry in decision_list)
    away = [] if explained else [entry for entry in known.away(last.request) if not contradicts(entry.verdict, seen)]
    for entry in away:
        yield Deviation(Use(entry.key, DeclarationRole.AWAY), at)
    following = known.decided(values, last.request, without=decided.key)
    fits = following is not None and not contradicts(following.verdict, seen)
    yield Deviation(use, at, weight=FITS if fits else STRAYS if stricter or away else 2 * STRAYS)
    if not last.verdict.passed:
        for entry in decision_list[decision_list.index(decided) + 1 :]:
            if not entry.verdict.passed and entry.when.holds(Moment(values)) and not contradicts(entry.verdict, seen):
                yield Deviation(
                    Use(known.order(decided.verdict, entry.verdict), DeclarationRole.BEFORE), at, weight=3 * STRAYS
                )
                break


def _distance(system: System, condition: Expr, state: State) -> int:
    """By how many places one variable's value has to be another one, in its domain's order, for a condition to hold.

    Where one variable is not enough, it is farther than any value of one.
    """
    values = state.as_dict()
    best = sum(len(lifecycle.variable.domain) for lifecycle in system.lifecycles)
    for name in variables_of(condition):
        domain = list(system.lifecycle(name).variable.domain)
        here = domain.index(values[name])
        for at, value in enumerate(domain):
            if abs(at - here) < best and condition.holds(Moment({**values, name: value})):
                best = abs(at - here)
    return best


def _in_another_state(known: Declarations, run: Sequence[Step], seen: Observation) -> Iterator[Deviation]:
    """The target is in another state, for what an earlier step changed or left."""
    system, last = known.system, run[-1]
    values = last.before.as_dict()
    changing = {lifecycle.name for lifecycle in system.lifecycles if lifecycle.transitions}
    for name in sorted(reads(system, last.request) & changing):
        for value in system.lifecycle(name).variable.domain:
            if value is values[name]:
                continue
            entry = known.decided({**values, name: value}, last.request)
            if entry is not None and not contradicts(entry.verdict, seen):
                yield from _came_to(known, run, name, value)


def leaves_otherwise(system: System, run: Sequence[Step], at: int, seen: Observation) -> Iterator[Deviation]:
    """How a step may have left one variable, so that all is as expected from there on but what was seen at the end."""
    known, step = declarations(system), run[at]
    for lifecycle in system.lifecycles:
        if not lifecycle.transitions:
            continue
        name = lifecycle.name
        position = step.after.positions[name]
        for value in lifecycle.variable.domain:
            if value is not step.after[position]:
                other = type(step.after)((*step.after[:position], value, *step.after[position + 1 :]))
                if _comes_to(system, other, run[at + 1 :], seen):
                    yield from _left_with(known, step, at, name, value)


def _comes_to(system: System, state: State, steps: Sequence[Step], seen: Observation) -> bool:
    """Whether the reference, in that state, answers as expected but for the last step, and there as was seen."""
    for at, step in enumerate(steps, 1):
        state, verdict = decided(oracle(system), state, step.request)
        if verdict is None:
            return False
        if at < len(steps) and differences(step.verdict, verdict):
            return False
    return verdict is not None and not contradicts(verdict, seen)


def _came_to(known: Declarations, run: Sequence[Step], name: str, value: Enum) -> Iterator[Deviation]:
    """How a variable may have come to another value: since it last changed, or when it did."""
    for at in range(len(run) - 2, -1, -1):
        yield from _left_with(known, run[at], at, name, value)
        if _fired(known.system.lifecycle(name), run[at]):
            return


def _fired(lifecycle: Lifecycle, step: Step) -> list[Transition]:
    return [move for move in step.verdict.fired if any(move is own for own in lifecycle.transitions)]


def _left_with(known: Declarations, step: Step, at: int, name: str, value: Enum) -> Iterator[Deviation]:
    """How a step may have left a variable with another value."""
    lifecycle = known.system.lifecycle(name)
    fired = _fired(lifecycle, step)
    if not step.verdict.passed and not fired:
        yield from _refused_in_vain(known, step, at, name, value)
        return
    here = [move for move in lifecycle.transitions if move.on is step.request.type]
    if fired:
        weight = FITS if step.before.as_dict()[name] is value else 2 * STRAYS
        yield Deviation(Use(known.key_of(fired[0]), DeclarationRole.FIRED), at, name, value, weight)
        for move in here:
            if move is not fired[0] and move.target is value:
                yield Deviation(Use(known.key_of(move), DeclarationRole.HELD), at, name, value, 2 * STRAYS)
        return
    for move in here:
        weight = FITS if move.target is value else STRAYS
        yield Deviation(Use(known.key_of(move), DeclarationRole.HELD), at, name, value, weight)
    if not here and lifecycle.transitions:
        yield Deviation(Use(known.frame(name, step.request.type), DeclarationRole.HELD), at, name, value, 2 * STRAYS)


def _refused_in_vain(known: Declarations, step: Step, at: int, name: str, value: Enum) -> Iterator[Deviation]:
    """A request that could change the variable was refused, and may have changed it all the same."""
    moves = [move for move in known.system.lifecycle(name).transitions if move.on is step.request.type]
    entry = known.decided(step.before.as_dict(), step.request)
    if moves and entry:
        weight = FITS if any(move.target is value for move in moves) else 2 * STRAYS
        yield Deviation(Use(entry.key, DeclarationRole.DECIDED), at, name, value, weight)


def exercised(system: System, run: Sequence[Step]) -> Iterator[str]:
    """The keys of what the steps of a run that is as expected show to be right.

    The verdicts show what decided them, for requests of their type; what changed a variable, or left it, is shown where
    it is read afterwards.
    """
    known = declarations(system)
    shown: dict[str, None] = {}
    changed: dict[str, str] = {}
    # By variable and type of request, which alone of its transitions did not leave it, as each but one of a counter
    # does; empty if none. Until the variable is read, and then.
    unread: dict[str, dict[RequestType, str]] = {}
    left: dict[tuple[str, RequestType], str] = {}
    for step in run:
        kind = step.request.type
        for name in reads(system, step.request):
            if name in changed:
                shown[changed.pop(name)] = None
            for one, but in unread.pop(name, {}).items():
                left[name, one] = but if left.get((name, one), but) == but else ""
        for use in known.deciding(step.before, step.request, step.verdict):
            shown[right_key(use, kind)] = None
        if step.verdict.passed or step.verdict.fired:
            fired = {known.variable_of(key): key for key in map(known.key_of, step.verdict.fired)}
            for name, key in fired.items():
                changed[name] = Use(key, DeclarationRole.FIRED).key
                unread.pop(name, None)
            for name in known.moving(kind):
                own, but = unread.setdefault(name, {}), fired.get(name, "")
                own[kind] = but if own.get(kind, but) == but else ""
    yield from shown
    for (name, kind), but in left.items():
        yield from (Use(key, DeclarationRole.HELD).key for key in known.moving(kind)[name] if key != but)


def right_key(use: Use, kind: RequestType) -> str:
    """The key under which it is counted how often a use is right: of a verdict, for each type of request by itself."""
    return use.key if use.role in (DeclarationRole.FIRED, DeclarationRole.HELD) else f"{use.key}@{kind.name}"
