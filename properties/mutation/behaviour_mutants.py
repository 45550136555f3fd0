"""Mutants of behaviour, which no single declaration has wrong: effects not due, in part, once, or late.

Each is a system in the language of declarations, so that it is run and compared as any other. What has to be
remembered for it, that a change was made or is still to come, is a variable more; the original then has it, too, and
never sets it. One kind is no system: a target that keeps a variable when it is put into a state.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache, partial
from itertools import chain

import attrs

from properties.mutation.mutants import Mutant
from properties.mutation.operators import Operator
from statemachines.language.expression import FALSE, TRUE, Expr, among, conjunction, negation
from statemachines.language.gates import Check
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.language.terms import Variable
from statemachines.semantics.decision import refusals


class Memory(Enum):
    """What a mutant remembers besides the state."""

    CLEAR = "clear"
    SET = "set"


def behaviours_of(system: System) -> tuple[Mutant, ...]:
    """Every mutant of what a system does, in the order of the declarations; each system is made when it is needed.

    >>> from examples.parcel_locker import system
    >>> for mutant in behaviours_of(system)[:2]:
    ...     print(mutant)
    APPLIED-0001 Put refused by 'there is room': all that it changes is changed
    APPLIED-0002 Take refused by 'the code is right': all that it changes is changed
    """
    return tuple(chain(*(behaviours(system, operator) for operator in _MADE)))


def behaviours(system: System, operator: Operator) -> Iterator[Mutant]:
    """Those of one kind; none, if it is a kind of mistake in declarations."""
    for number, draft in enumerate(_MADE[operator](system) if operator in _MADE else (), 1):
        yield attrs.evolve(draft, name=f"{operator.name}-{number:04}")


def stray_count(system: System) -> int:
    """How many changes more there could be, at the most: how many mutants of that kind."""
    values = sum(len(variable.domain) for variable in system.variables)
    arrows = sum(len(lifecycle.transitions) for lifecycle in system.lifecycles)
    return values * (arrows + len(system.requests) + sum(1 for _ in _refused(system)))


@lru_cache(maxsize=8)
def remembering(system: System) -> System:
    """The system with a variable more, the last one, which nothing sets or reads."""
    name = "memory"
    while name in system.state_type.names:
        name += "_"
    rule = next(iter(system.register))
    never = Transition(Memory.CLEAR, system.requests[0], Memory.SET, when=FALSE, rules=rule)
    return attrs.evolve(
        system, lifecycles=[*system.lifecycles, Lifecycle(Variable(name, Memory), Memory.CLEAR, [never])]
    )


def _mutant(
    system: System,
    operator: Operator,
    where: str,
    what: str,
    kinds: Iterable[RequestType],
    make: Callable[[], System],
    *moves: Transition | Check,
) -> Mutant:
    rules = tuple(dict.fromkeys(rule for move in moves for rule in move.rules))
    return Mutant("", operator, where, what, tuple(kinds), make, system, exclusive=True, rules=rules)


def _moves(lifecycle: Lifecycle, kind: RequestType) -> list[Transition]:
    return [move for move in lifecycle.transitions if move.on is kind]


def _moved(system: System, kind: RequestType) -> list[Lifecycle]:
    """The lifecycles that requests of a type can move."""
    return [lifecycle for lifecycle in system.lifecycles if _moves(lifecycle, kind)]


def _fires(lifecycle: Lifecycle, move: Transition) -> Expr:
    return conjunction(among(lifecycle.variable, frozenset(move.source)), move.when)


def _still(lifecycle: Lifecycle, kind: RequestType, *, refused: bool = False) -> Iterator[Expr]:
    """That no transition of the lifecycle fires on a request, or of those that fire even if it is refused."""
    for move in _moves(lifecycle, kind):
        if move.even_if_refused or not refused:
            yield negation(_fires(lifecycle, move))


def _varied(system: System, changed: Iterable[tuple[Lifecycle, Iterable[Transition]]]) -> System:
    """The system with other transitions of some lifecycles; what is put together here never overlaps."""
    new = {lifecycle: attrs.evolve(lifecycle, transitions=moves) for lifecycle, moves in changed}
    return system.varied(lifecycles=[new.get(one, one) for one in system.lifecycles], checked=False)


def _refused(system: System) -> Iterator[tuple[RequestType, Check, Expr]]:
    """Each check that requests of a type meet, and the condition that it is the one that refuses."""
    for kind in system.requests:
        for check, when in refusals(system, kind):
            yield kind, check, when


def _applied(system: System) -> Iterator[Mutant]:
    """What a check refuses is carried out all the same: all of it, or what it changes of one variable."""
    for kind, check, when in _refused(system):
        able = [
            lifecycle
            for lifecycle in _moved(system, kind)
            if any(not move.even_if_refused for move in _moves(lifecycle, kind))
        ]
        for group in (able, *([one] for one in able if len(able) > 1)):
            if group:
                what = "all that it changes is changed" if group is able else f"{group[0].variable.label} is changed"
                where = f"{kind.label} refused by {check.label!r}"
                make = partial(_applying, system, tuple(group), kind, when)
                moves = (move for one in group for move in _moves(one, kind))
                yield _mutant(system, Operator.APPLIED, where, what, [kind], make, check, *moves)


def _applying(system: System, lifecycles: Sequence[Lifecycle], kind: RequestType, refused: Expr) -> System:
    def moves(lifecycle: Lifecycle) -> Iterator[Transition]:
        yield from lifecycle.transitions
        still = tuple(_still(lifecycle, kind, refused=True))
        for move in _moves(lifecycle, kind):
            if not move.even_if_refused:
                yield attrs.evolve(move, when=conjunction(refused, move.when, *still), even_if_refused=True)

    return _varied(system, ((lifecycle, moves(lifecycle)) for lifecycle in lifecycles))


def _in_part(system: System) -> Iterator[Mutant]:
    """A request that changes several variables leaves one as it is, or all from one on."""
    for kind in system.requests:
        able = _moved(system, kind)
        left_out = [[lifecycle] for lifecycle in able if len(able) > 1]
        left_out += [able[at:] for at in range(1, len(able) - 1)]
        for group in left_out:
            labels = ", ".join(lifecycle.variable.label for lifecycle in group)
            make, moves = (
                partial(_leaving, system, tuple(group), kind),
                (move for one in group for move in _moves(one, kind)),
            )
            yield _mutant(system, Operator.IN_PART, kind.label, f"it leaves {labels} as it is", [kind], make, *moves)


def _leaving(system: System, lifecycles: Sequence[Lifecycle], kind: RequestType) -> System:
    return _varied(
        system,
        (
            (one, [attrs.evolve(move, when=FALSE) if move.on is kind else move for move in one.transitions])
            for one in lifecycles
        ),
    )


def _movers(system: System) -> Iterator[tuple[int, int, Transition, str]]:
    """The transitions that change anything, where they are declared, in numbers and in words."""
    for index, lifecycle in enumerate(system.lifecycles):
        for at, move in enumerate(lifecycle.transitions):
            if move.source != (move.target,):
                yield index, at, move, f"lifecycle {lifecycle.name}, {move}"


def _once(system: System) -> Iterator[Mutant]:
    """A transition fires once and never again."""
    original = remembering(system)
    for index, at, move, where in _movers(system):
        make = partial(_firing_once, original, index, at)
        one = _mutant(original, Operator.ONCE, where, "once, and never again", [move.on], make, move)
        yield attrs.evolve(one, after=move)


def _late(system: System) -> Iterator[Mutant]:
    """What a transition changes is changed only after the next request."""
    original = remembering(system)
    for index, at, move, where in _movers(system):
        make = partial(_firing_late, original, index, at)
        one = _mutant(original, Operator.LATE, where, "after the next request", system.requests, make, move)
        yield attrs.evolve(one, after=move)


def _firing_once(original: System, index: int, at: int) -> System:
    lifecycle, memory = original.lifecycles[index], original.lifecycles[-1]
    move = lifecycle.transitions[at]
    clear = attrs.evolve(move, when=conjunction(move.when, memory.variable == Memory.CLEAR))
    set_ = attrs.evolve(move, source=Memory.CLEAR, target=Memory.SET, when=_fires(lifecycle, move))
    moves = [clear if one is move else one for one in lifecycle.transitions]
    return _varied(original, [(lifecycle, moves), (memory, [set_])])


def _firing_late(original: System, index: int, at: int) -> System:
    lifecycle, memory = original.lifecycles[index], original.lifecycles[-1]
    move, variable = lifecycle.transitions[at], lifecycle.variable
    waits = memory.variable == Memory.SET
    others = [
        attrs.evolve(one, when=FALSE if one is move else conjunction(one.when, negation(waits)))
        for one in lifecycle.transitions
    ]
    away = [value for value in variable.domain if value is not move.target]
    late = [
        Transition(away, kind, move.target, when=waits, rules=move.rules, even_if_refused=True)
        for kind in original.requests
    ]
    set_ = attrs.evolve(move, source=Memory.CLEAR, target=Memory.SET, when=_fires(lifecycle, move))
    clear = [
        Transition(Memory.SET, kind, Memory.CLEAR, rules=move.rules, even_if_refused=True) for kind in original.requests
    ]
    return _varied(original, [(lifecycle, [*others, *late]), (memory, [set_, *clear])])


def _kept(system: System) -> Iterator[Mutant]:
    """A variable is not reset between two sequences."""
    for lifecycle in system.lifecycles:
        where, what = f"putting {lifecycle.variable.label} into a state", "it is as the sequence before left it"
        same = _mutant(system, Operator.KEPT, where, what, (), lambda: system, *lifecycle.transitions)
        yield attrs.evolve(same, kept=lifecycle.name)


def _strays(system: System) -> Iterator[Mutant]:
    """One change more: with a transition that fires, with a request that passes, or with what a check refuses."""
    for kind in system.requests:
        for lifecycle in _moved(system, kind):
            for move in _moves(lifecycle, kind):
                yield from _stray(system, kind, f"{lifecycle.name}, {move}", _fires(lifecycle, move), move)
        yield from _stray(system, kind, f"{kind.label} that passes", TRUE)
    for kind, check, when in _refused(system):
        yield from _stray(system, kind, f"{kind.label} refused by {check.label!r}", when, check)


def _stray(
    system: System, kind: RequestType, where: str, when: Expr, beside: Transition | Check | None = None
) -> Iterator[Mutant]:
    """Each value that each variable could have after this, which leaves it as it is."""
    refused = isinstance(beside, Check) or (beside is not None and beside.even_if_refused)
    for lifecycle in system.lifecycles:
        if len(lifecycle.variable.domain) > 1 and beside not in lifecycle.transitions:
            for value in lifecycle.variable.domain:
                what = f"{lifecycle.variable.label} is {value.value} then"
                make = partial(_straying, system, lifecycle, value, kind, when, refused)
                also = (beside,) if isinstance(beside, Check) else ()
                yield _mutant(system, Operator.STRAY, where, what, [kind], make, *also, *_moves(lifecycle, kind))


def _straying(
    system: System, lifecycle: Lifecycle, value: Enum, kind: RequestType, when: Expr, refused: bool
) -> System:
    away = [other for other in lifecycle.variable.domain if other is not value]
    rules = next(iter(system.register))
    also = Transition(
        away, kind, value, when=conjunction(when, *_still(lifecycle, kind)), rules=rules, even_if_refused=refused
    )
    return _varied(system, [(lifecycle, [*lifecycle.transitions, also])])


_MADE: Mapping[Operator, Callable[[System], Iterator[Mutant]]] = {
    Operator.APPLIED: _applied,
    Operator.IN_PART: _in_part,
    Operator.ONCE: _once,
    Operator.LATE: _late,
    Operator.KEPT: _kept,
    Operator.STRAY: _strays,
}
