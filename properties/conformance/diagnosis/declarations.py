"""Declarations: which parts of the reference a step depends on, each under a name that is the same in every process.

A step depends on the transitions that it fires and on those that it could have fired and did not, on the check that
decided it and on those that it passed, on the answer that was given, and on the order in which it is asked what.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from itertools import combinations

import attrs

from statemachines.language.expression import FALSE, TRUE, Expr, Moment
from statemachines.language.gates import Answer, Check, Gate, Verdict
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State, System
from statemachines.semantics.decision import decision_order


class DeclarationRole(Enum):
    """What a declaration did in a step. A member's value is its wording."""

    FIRED = "fired"
    HELD = "was held back"
    DECIDED = "decided"
    BEFORE = "was kept to"
    PASSED = "was passed"
    AWAY = "was not asked"
    ANSWERED = "was given"


@attrs.frozen
class Declaration:
    """One transition, check or answer of the reference, or an order in which it is asked what.

    Parameters
    ----------
    key: a name that no other declaration has, the same in every process.
    label: it, in words.
    rules: the ids of the rules that it follows, the primary one first.
    reads: the names of the variables and fields in its condition.
    """

    key: str
    label: str
    rules: tuple[str, ...]
    reads: frozenset[str] = frozenset()


@attrs.frozen
class Use:
    """What one declaration did in a step.

    Parameters
    ----------
    declaration: its key.
    role: what it did.
    """

    declaration: str
    role: DeclarationRole

    @property
    def key(self) -> str:
        """Its name, the same in every process."""
        return f"{self.declaration}:{self.role.name.lower()}"


@attrs.frozen(eq=False)
class KeyedEntry:
    """One check or answer that may decide a request: its declaration's key, and when it decides what."""

    key: str
    when: Expr
    verdict: Verdict


class Declarations:
    """The declarations of one system.

    Parameters
    ----------
    system: the reference.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.by_key: dict[str, Declaration] = {}
        self._keys: dict[int, str] = {}
        self._variables: dict[str, str] = {}
        self._decision_lists: dict[Request, tuple[KeyedEntry, ...]] = {}
        self._moves: dict[RequestType, dict[str, list[str]]] = {}
        self._shared: dict[str, int] = {}
        for gate in system.gates:
            reasons = Counter(check.reason for check in gate.checks)
            for at, check in enumerate(gate.checks):
                key = f"check:{gate.party.name}/{at}"
                self._add(check, key, _check_words(gate, check))
                self._shared[key] = reasons[check.reason]
        self._add_orders()
        for at, answer in enumerate(system.answers):
            self._add(answer, f"answer:{at}", _answer_words(answer))
        for lifecycle in system.lifecycles:
            for at, move in enumerate(lifecycle.transitions):
                key = f"transition:{lifecycle.name}/{at}"
                self._add(move, key, _transition_words(lifecycle, move))
                self._variables[key] = lifecycle.name
            self._add_frames(lifecycle)
        self._tell_apart()

    def _add(self, part: Check | Answer | Transition, key: str, label: str) -> None:
        condition = part.fails_when if isinstance(part, Check) else part.when
        reads = frozenset(term.name for term in condition.terms())
        self.by_key[key] = Declaration(key, label, part.rules, reads)
        self._keys[id(part)] = key

    def _tell_apart(self) -> None:
        """What has the label of another gets its condition."""
        labels = Counter(one.label for one in self.by_key.values())
        parts: list[Answer | Transition] = list(self.system.answers)
        parts += [move for own in self.system.lifecycles for move in own.transitions]
        for part in parts:
            one = self.by_key[key := self.key_of(part)]
            if labels[one.label] > 1:
                when = "in all other cases" if part.when is TRUE else f"where {part.when.words()}"
                self.by_key[key] = attrs.evolve(one, label=f"{one.label}, {when}")

    def _add_orders(self) -> None:
        """In which order a party asks what, and in which order the parties do."""
        for at, gate in enumerate(self.system.gates):
            reasons = list(dict.fromkeys(check.reason for check in gate.checks))
            for one, other in combinations(reasons, 2):
                key = f"order:{gate.party.name}/{one.name}/{other.name}"
                label = f"the order at the {gate.party.value}: {one.value!r} comes before {other.value!r}"
                self.by_key[key] = Declaration(key, label, gate.order)
            for later in self.system.gates[at + 1 :]:
                key = f"order:{gate.party.name}/{later.party.name}"
                label = f"the order of the parties: the {gate.party.value} comes before the {later.party.value}"
                self.by_key[key] = Declaration(key, label, later.party_order)

    @staticmethod
    def order(one: Verdict, other: Verdict) -> str:
        """The key of what says that a request is refused with one verdict where it could be with another, too."""
        if one.at is other.at:
            return f"order:{one.at.name}/{one.reason.name}/{other.reason.name}"
        return f"order:{one.at.name}/{other.at.name}"

    def _add_frames(self, lifecycle: Lifecycle) -> None:
        """That a request on which no transition fires leaves the variable as it is."""
        for kind in self.system.requests:
            if lifecycle.transitions and not any(move.on is kind for move in lifecycle.transitions):
                key = self.frame(lifecycle.name, kind)
                self.by_key[key] = Declaration(key, f"{kind.label} leaves {lifecycle.variable.label} as it is", ())
                self._variables[key] = lifecycle.name

    def __getitem__(self, key: str) -> Declaration:
        return self.by_key[key]

    def key_of(self, part: Check | Answer | Transition) -> str:
        """The key of a part of the system."""
        return self._keys[id(part)]

    def of_every_type(self, key: str) -> bool:
        """Whether a check is one of several of a party that refuse for the same reason, each some types of request."""
        return self._shared.get(key, 0) > 1

    @staticmethod
    def frame(variable: str, kind: RequestType) -> str:
        """The key of what says that a type of request leaves a variable as it is."""
        return f"frame:{variable}/{kind.name}"

    def variable_of(self, key: str) -> str:
        """The variable that a transition changes, or that is left as it is."""
        return self._variables[key]

    def decision_list(self, request: Request) -> tuple[KeyedEntry, ...]:
        """The checks and answers that may decide a request, in order."""
        if request not in self._decision_lists:
            self._decision_lists[request] = tuple(self._entries(request))
        return self._decision_lists[request]

    def _entries(self, request: Request) -> Iterator[KeyedEntry]:
        known = request.bindings()
        for decider in decision_order(self.system, request):
            when = decider.condition.given(known, request.type)
            if when is not FALSE:
                yield KeyedEntry(self.key_of(decider.declaration), when, decider.verdict)

    def away(self, request: Request) -> Iterator[KeyedEntry]:
        """The checks of the parties that a request comes to which are not asked of it, and what they would say."""
        asked = {entry.key for entry in self.decision_list(request)}
        for decider in decision_order(self.system, request, all_checks=True):
            key = self.key_of(decider.declaration)
            if isinstance(decider.declaration, Check) and key not in asked:
                yield KeyedEntry(key, FALSE, decider.verdict)

    def decided(self, values: Mapping[str, Enum], request: Request, without: str = "") -> KeyedEntry | None:
        """What decides a request where variables have these values, reachable or not; ``None`` if nothing does.

        Parameters
        ----------
        without: the key of a check or answer that is left out.
        """
        moment = Moment(values)
        for entry in self.decision_list(request):
            if entry.key != without and entry.when.holds(moment):
                return entry
        return None

    def uses(self, before: State, request: Request, verdict: Verdict) -> Iterator[Use]:
        """What a step depends on: what decided it, what that came after, and then what it changed and left."""
        yield from self.deciding(before, request, verdict)
        if verdict.passed or verdict.fired:
            fired = [self.key_of(move) for move in verdict.fired]
            yield from (Use(key, DeclarationRole.FIRED) for key in fired)
            moving = (key for keys in self.moving(request.type).values() for key in keys if key not in fired)
            yield from (Use(key, DeclarationRole.HELD) for key in moving)

    def deciding(self, before: State, request: Request, verdict: Verdict) -> Iterator[Use]:
        """What decided a step, and what that came after."""
        entry = self.decided(before.as_dict(), request)
        assert entry
        yield Use(entry.key, DeclarationRole.ANSWERED if verdict.passed else DeclarationRole.DECIDED)
        following = self.decided(before.as_dict(), request, without=entry.key)
        if following is not None and not following.verdict.passed:
            yield Use(self.order(entry.verdict, following.verdict), DeclarationRole.BEFORE)
        for earlier in self.decision_list(request):
            if earlier is entry:
                break
            yield Use(earlier.key, DeclarationRole.PASSED)

    def moving(self, kind: RequestType) -> Mapping[str, Sequence[str]]:
        """What says what a type of request changes and leaves, by variable: first of those that it can change."""
        if kind not in self._moves:
            moves = [self.key_of(m) for own in self.system.lifecycles for m in own.transitions if m.on is kind]
            frames = [self.frame(own.name, kind) for own in self.system.lifecycles]
            by_variable = self._moves[kind] = {}
            for key in (*moves, *(key for key in frames if key in self.by_key)):
                by_variable.setdefault(self.variable_of(key), []).append(key)
        return self._moves[kind]


def _check_words(gate: Gate, check: Check) -> str:
    return f"the check at the {gate.party.value}: {check.label}"


def _transition_words(lifecycle: Lifecycle, move: Transition) -> str:
    sources = " or ".join(str(state.value) for state in move.source)
    return f"{lifecycle.variable.label}: {sources} -> {move.target.value}, on {move.on.label}"


def _answer_words(answer: Answer) -> str:
    kinds = " or ".join(kind.label for kind in answer.on)
    return f"the answer to {kinds}: {answer.outcome.value}: {answer.reason.value}"


@lru_cache(maxsize=8)
def declarations(system: System) -> Declarations:
    """The declarations of a system, which all in this process share."""
    return Declarations(system)
