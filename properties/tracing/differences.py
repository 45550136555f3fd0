"""Which requests change their verdict, or what they change, between two values of a variable or without assumptions."""

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any

import attrs

from statemachines.errors import UnknownNameError
from statemachines.files.nearest import expected_words
from statemachines.language.expression import Moment
from statemachines.language.gates import Verdict
from statemachines.language.requests import Request
from statemachines.language.system import State, System
from statemachines.language.terms import ASPECTS
from statemachines.semantics.comparison import differences
from statemachines.semantics.grounding import ground
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.regulated import WITHOUT, without


@attrs.frozen
class Side:
    """One of the two that are compared.

    Parameters
    ----------
    words: as the user has it, or as the value is worded.
    system: which decides.
    variable, value: what is set in each state, if anything.
    """

    words: str
    system: System
    variable: str = ""
    value: Any = None

    def of(self, state: State) -> State:
        """The state of this side."""
        kind = self.system.state_type
        return kind(
            self.value if name == self.variable else value for name, value in zip(kind.names, state, strict=True)
        )

    def allows(self, state: State) -> bool:
        """Whether no constraint forbids the state."""
        moment = Moment(state.as_dict())
        return not any(rule.when.holds(moment) and not rule.then.holds(moment) for rule in self.system.constraints)


@attrs.frozen
class Difference:
    """Requests whose verdict is another, or the same and what they change is not.

    Parameters
    ----------
    request: the type, in words.
    sender: what the sender is, in words; ``""`` if nobody sends it.
    subject: whom it concerns.
    facts: the values of what never changes, as far as it is read to decide the request, where it is so.
    before, after: the two verdicts in words, without their rules; of verdicts that are the same, with what is changed.
    rules: the ids of the rules that decide either, assumptions with a star.
    states: in how many of the states that were looked at, and that differ in what is read to decide the request.
    """

    request: str
    sender: str
    subject: str
    facts: tuple[str, ...]
    before: str
    after: str
    rules: tuple[str, ...]
    states: int


def sides(system: System, first: str, second: str) -> tuple[Side, Side]:
    """The two sides that these words name.

    Parameters
    ----------
    first, second: each a value of one variable, or its beginning, in any case; or ``without`` and ids of assumptions,
        and then the other may be ``""``, the system as it is declared.

    Raises
    ------
    UnknownNameError: for words that name no value, and values of two variables.
    """
    result = [_values(system, words) for words in (first, second)]
    common = [name for name in result[0] if name in result[1]]
    if not any(words.startswith(WITHOUT) or not words for words in (first, second)):
        if not common:
            known = dict.fromkeys(str(value.value) for value in _changing(system))
            alien = next((words for words, named in zip((first, second), result, strict=True) if not named), first)
            raise UnknownNameError(
                f"{first!r} and {second!r} are not values of one variable; expected two of "
                f"{expected_words(alien, known, chr(39))}"
            )
        name = common[0]
        one, two = (Side(str(each[name].value), system, name, each[name]) for each in result)
        return one, two
    one, two = (_assuming(system, words) for words in (first, second))
    return one, two


def _changing(system: System) -> list[Any]:
    return [
        value
        for lifecycle in system.lifecycles
        if lifecycle.transitions and len(lifecycle.variable.domain) <= len(lifecycle.transitions) + 1
        for value in lifecycle.variable.domain
    ]


def _values(system: System, words: str) -> dict[str, Any]:
    """For each variable the value that the words name: the one that is worded so, or the only one that begins so."""
    result: dict[str, Any] = {}
    for variable in system.variables:
        worded = {str(value.value).lower(): value for value in variable.domain}
        near = [value for word, value in worded.items() if words and word.startswith(words.lower())]
        if words.lower() in worded:
            result[variable.name] = worded[words.lower()]
        elif len(near) == 1:
            result[variable.name] = near[0]
    return result


def _assuming(system: System, words: str) -> Side:
    if not words:
        return Side("as declared", system)
    ids = words.removeprefix(WITHOUT).split()
    unknown = [rule for rule in ids if rule not in system.register]
    if not words.startswith(WITHOUT) or unknown or not ids:
        raise UnknownNameError(
            f"{words!r} names no assumptions; expected 'without' and ids, such as those that `assumptions` lists"
        )
    return Side(words, without(system, ids))


def verdicts_that_differ(
    one: Side,
    two: Side,
    states: Iterable[State],
    requests: Sequence[Request],
    *,
    describe: Callable[[State, Request], tuple[str, str, str]],
) -> tuple[Difference, ...]:
    """The requests whose verdict is another on the second side, alike ones together, in order of declaration.

    Parameters
    ----------
    states: where to ask; each is put on either side, and left out if a constraint forbids it there.
    requests: what to ask.
    describe: of a request in a state: its type, what its sender is, and whom it concerns, in words.
    """
    first = Oracle(one.system)
    second = first if two.system is one.system else Oracle(two.system)
    pairs = _pairs(one, two, states)
    domains = [variable.domain for variable in one.system.variables]
    coded = [[*map(tuple.index, domains, here)] for here, _ in pairs]  # members of enumerations are slow to hash
    of_reading: dict[frozenset[str], list[tuple[State, State]]] = {}
    fixed = [lifecycle.name for lifecycle in one.system.lifecycles if not lifecycle.transitions]
    result: dict[tuple[str, ...], tuple[dict[str, None], dict[str, None], set[State]]] = {}
    for request in requests:
        # Of states that differ only in what no one reads to decide the request, one is enough.
        grounded = [ground(system, request) for system in {one.system, two.system}]
        reads = frozenset(variable.name for each in grounded for variable in each.reads()) | {one.variable}
        if reads not in of_reading:
            positions = [at for at, name in enumerate(one.system.state_type.names) if name in reads]
            apart = {tuple(codes[at] for at in positions): pair for codes, pair in zip(coded, pairs, strict=True)}
            of_reading[reads] = list(apart.values())
        for here, there in of_reading[reads]:
            here_after, before = first.decide(here, request)
            there_after, after = second.decide(there, request)
            effects: tuple[str, str] | None = "", ""
            left_open = _left_open(before, after), _left_open(after, before)
            if not (differences(before, after) or any(left_open)):
                nothing_changes = here_after == here and there_after == there
                effects = None if nothing_changes else _effects(one, (here, here_after), (there, there_after))
            if effects is not None:
                words = (
                    f"{_verdict_in_words(verdict)}{left}{effect}"
                    for verdict, left, effect in zip((before, after), left_open, effects, strict=True)
                )
                key = (*describe(here, request), *words)
                facts, rules, seen = result.setdefault(key, ({}, {}, set()))
                facts.update((str(getattr(here, name).value), None) for name in fixed if name in reads)
                for verdict in (before, after):
                    cited = verdict.rules if any(effects) else verdict.deciding
                    rules.update((rule, None) for rule in verdict.register.citation(cited).split())
                seen.add(here)
    return tuple(
        Difference(request, sender, subject, tuple(facts), before, after, tuple(rules), len(seen))
        for (request, sender, subject, before, after), (facts, rules, seen) in result.items()
    )


def _left_open(verdict: Verdict, other: Verdict) -> str:
    """The aspects that the verdict leaves open and the other does not, in words that follow it."""
    aspects = [aspect for aspect in ASPECTS if aspect in verdict.unspecified and aspect not in other.unspecified]
    if len(aspects) > 1:
        aspects = [f"{', '.join(aspects[:-1])} and {aspects[-1]}"]
    return f" ({aspects[0]} left open)" if aspects else ""


def _effects(side: Side, *steps: tuple[State, State]) -> tuple[str, str] | None:
    """What either step changes, in words that follow a verdict; ``None`` if it is the same."""
    names = [name for name in side.system.state_type.names if name != side.variable]  # on each side what it is
    one, two = (
        {name: getattr(after, name) for name in names if getattr(before, name) is not getattr(after, name)}
        for before, after in steps
    )
    if one == two:
        return None
    labels = {variable.name: variable.label for variable in side.system.variables}
    in_words = (
        ", ".join(f"{labels[name]} -> {value.value}" for name, value in each.items()) or "nothing changes"
        for each in (one, two)
    )
    first, second = (f"; {words}" for words in in_words)
    return first, second


def _pairs(one: Side, two: Side, states: Iterable[State]) -> list[tuple[State, State]]:
    """Each state on either side, in every combination of the facts that never change, in an order of its own."""
    variables, kind = one.system.variables, one.system.state_type
    fixed = {lifecycle.name for lifecycle in one.system.lifecycles if not lifecycle.transitions}
    kept = {tuple(None if name in fixed else value for name, value in state.as_dict().items()) for state in states}
    varied = {
        values
        for state in kept
        for values in product(
            *(variable.domain if value is None else (value,) for variable, value in zip(variables, state, strict=True))
        )
    }
    domains = [variable.domain for variable in variables]
    ordered = sorted(varied, key=lambda state: [*map(tuple.index, domains, state)])
    pairs = dict.fromkeys((one.of(state), two.of(state)) for state in map(kind, ordered))
    steps = _steps_to(two)
    led_to = (
        (here, there if two.allows(there) else _led_to(here, two, *steps)) for here, there in pairs if one.allows(here)
    )
    return [(here, there) for here, there in led_to if there is not None]


def _steps_to(side: Side) -> tuple[Oracle, tuple[Request, ...]]:
    """What brings the side's variable to its value, which may change others with it."""
    kinds = {
        move.on
        for lifecycle in side.system.lifecycles
        if lifecycle.name == side.variable
        for move in lifecycle.transitions
        if move.target is side.value
    }
    return Oracle(side.system), tuple(one for one in side.system.all_requests() if one.type in kinds)


def _led_to(state: State, side: Side, oracle: Oracle, steps: Iterable[Request]) -> State | None:
    """The state of the side that one step leads to; ``None`` if none does."""
    after = (oracle.decide(state, step)[0] for step in steps)
    return next((one for one in after if getattr(one, side.variable) is side.value), None)


def _verdict_in_words(verdict: Verdict) -> str:
    response = f": {verdict.response.value}" if verdict.response is not None else ""
    return f"{verdict.outcome.value} at the {verdict.at.value}{response}: {verdict.reason.value}"
