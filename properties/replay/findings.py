"""Findings: the first entry of each case that no run by the rules explains, and the rule that it breaks."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from itertools import chain

import attrs

from properties.conformance.observation import differs
from properties.replay.entries import EPOCH
from properties.replay.events import Event, PossibleRuling, SeenRequest, Stepping
from properties.replay.value_sets import Sets
from statemachines.language.claims import Always, Claims
from statemachines.language.expression import FALSE, TRUE
from statemachines.language.requests import Request
from statemachines.language.system import State
from statemachines.language.terms import After, Observed, Term, Variable
from statemachines.semantics.decision import decision_order

NOT_IN_ANY_STATE = "the state after it cannot be"


@attrs.frozen
class Finding:
    """The first deviation of a case.

    Parameters
    ----------
    case, file, line, time: where it is; the time in ISO 8601, or ``""``.
    entry: how many entries the case has before it.
    request: what was sent, in words.
    seen: what the log has of the verdict, in words.
    expected: the verdicts that were possible, in words.
    rules: the ids of the rules that the entry breaks; first those of what was most likely wrong.
    basis: what these rules rest on.
    claims: the properties that the entry breaks for certain.
    by: the group that it is counted in.
    """

    case: str
    file: str
    line: int
    time: str
    entry: int
    request: str
    seen: str
    expected: tuple[str, ...]
    rules: tuple[str, ...]
    basis: str
    claims: tuple[str, ...] = ()
    by: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """The rule that it is counted under."""
        return self.rules[0]

    @property
    def week(self) -> str:
        """The week of its time, as ISO 8601 numbers it."""
        if not self.time:
            return ""
        year, week, _ = datetime.fromisoformat(self.time).isocalendar()
        return f"{year}-W{week:02}"

    def as_dict(self) -> dict[str, object]:
        """The finding for machines."""
        return {field.name: _plain(getattr(self, field.name)) for field in attrs.fields(Finding)}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@attrs.frozen(eq=False)
class Blame:
    """What is wrong with an event where it cannot be.

    Parameters
    ----------
    seen: the entry, of several whose order is not known the first that cannot be.
    expected, rules, basis, claims: as of a finding.
    state: the state before it, where all is known that decides it and its verdict is wrong; what is not known of it
        decides nothing.
    """

    seen: SeenRequest
    expected: tuple[str, ...]
    rules: tuple[str, ...]
    basis: str
    claims: tuple[str, ...]
    state: State | None


class Blaming:
    """Says which rules events break.

    Parameters
    ----------
    stepping: the system.
    claims: the properties that are looked at.
    """

    def __init__(self, stepping: Stepping, claims: Claims) -> None:
        self.stepping, self.claims = stepping, claims
        self.always = [claim for claim in claims.claims if isinstance(claim, Always) and claim.of_steps]
        self._known: dict[tuple[Event, bytes], Blame] = {}

    def blame(self, event: Event, column: Sets) -> Blame:
        """What is wrong with an event that cannot be where this is known.

        Parameters
        ----------
        column: one column of sets, as they were before it.
        """
        key = event, column.tobytes()
        if key not in self._known:
            self._known[key] = self._blame(event, column[:, None])
        return self._known[key]

    def _blame(self, event: Event, column: Sets) -> Blame:
        seen = next((one for one in event if self.stepping.step((one,), column).impossible[0]), event[0])
        possible = [
            (request, ruled) for request in seen.requests for ruled, _ in self.stepping.possible(request, column)
        ]
        wrong = [(request, ruled) for request, ruled in possible if differs(ruled.verdict, seen.observation)]
        request, expected = (wrong or possible)[0]
        rules = self._rules_of_state(expected) if not wrong else self._in_order(request, expected, seen)
        words = [str(ruled.verdict) for _, ruled in wrong] or [NOT_IN_ANY_STATE]
        return Blame(
            seen,
            tuple(dict.fromkeys(words)),
            rules,
            self.stepping.system.register.basis(rules).value,
            tuple(self._broken(seen, column)) if len(seen.requests) == 1 else (),
            self._state(event, column) if wrong else None,
        )

    def _rules_of_state(self, expected: PossibleRuling) -> tuple[str, ...]:
        """The rules of what changes the state, where that alone is wrong."""
        moves = [rule for move in expected.moves for rule in move.rules]
        return tuple(dict.fromkeys([*moves, *expected.verdict.deciding]))

    def _state(self, event: Event, column: Sets) -> State | None:
        """The state before an event, if all is known that decides it, and it is one entry, of one request."""
        values, rows = self._values(column), self.stepping.scope(event)
        known = all(name in values for name, row in self.stepping.values.rows.items() if row in rows)
        if only_request(event) is None or not known or self.stepping.only_regulated:
            return None
        system = self.stepping.system
        return system.state(**{one.name: values.get(one.name, one.domain[0]) for one in system.variables})

    def _in_order(self, request: Request, expected: PossibleRuling, seen: SeenRequest) -> tuple[str, ...]:
        """The rules of whichever comes first in the order of decision: what should have decided, or what did."""
        for decider in decision_order(self.stepping.system, request, all_checks=True):
            if decider.declaration is expected.declaration:
                break
            if not differs(decider.verdict, seen.observation) and "reason" in dict(seen.shown):
                return decider.declaration.rules
        return expected.verdict.deciding

    def _broken(self, seen: SeenRequest, column: Sets) -> Iterator[str]:
        """The properties of steps that are broken whatever is not known: only values that are known count."""
        request = seen.requests[0]
        shown, after, before = dict(seen.shown), dict(seen.after), self._values(column)
        for claim in self.always:
            values: dict[Term, Enum] = dict(request.bindings())
            for term in chain.from_iterable(part.terms() for part in claim.parts()):
                known: Mapping[str, Enum | None] = {}
                if isinstance(term, Variable):
                    known = before
                elif isinstance(term, After):
                    known = after
                elif isinstance(term, Observed):
                    known = shown
                if (value := known.get(term.name)) is not None:
                    values[term] = value
            if claim.when.given(values, request.type) is TRUE and claim.then.given(values, request.type) is FALSE:
                yield claim.name

    def _values(self, column: Sets) -> dict[str, Enum]:
        values: dict[str, Enum] = {}
        for variable in self.stepping.system.variables:
            mask = int(column[self.stepping.values.row(variable), 0])
            if mask and not mask & (mask - 1):
                values[variable.name] = variable.domain[mask.bit_length() - 1]
        return values


def only_request(event: Event) -> Request | None:
    """The request of an event that is one entry, of which it is known what was sent."""
    return event[0].requests[0] if len(event) == 1 and len(event[0].requests) == 1 else None


def iso(time: int) -> str:
    """Microseconds since 1970 as ISO 8601, in UTC."""
    return (EPOCH + timedelta(microseconds=time)).isoformat()


def counted(findings: Sequence[Finding], by: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many findings there are for each rule, week and column of the mapping's ``by``."""
    tables: dict[str, dict[str, int]] = {"rule": {}, "basis": {}, "week": {}, **{column: {} for column in by}}
    for finding in findings:
        own: Mapping[str, str] = {"rule": finding.rule, "basis": finding.basis, "week": finding.week}
        for name, word in [*own.items(), *zip(by, finding.by, strict=True)]:
            if word:
                tables[name][word] = tables[name].get(word, 0) + 1
    return {name: dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))) for name, counts in tables.items()}
