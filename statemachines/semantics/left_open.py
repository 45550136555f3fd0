"""What assumptions decide of verdicts, as two more variables of a system: which check comes first, what an aspect is.

Where the order of a party's checks, or a party's place among the others, is an assumption, each check that fails may be
the one that decides; and an aspect of a verdict that an assumption decides may be otherwise. The variables never
change, and say what is otherwise than declared. They decide no more than verdicts: whether a request is refused at all,
and what it fires, stays as it is.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum

import attrs

from statemachines.language.expression import TRUE, Expr, conjunction
from statemachines.language.gates import Check, Gate, Verdict
from statemachines.language.lifecycle import fixed
from statemachines.language.system import System
from statemachines.language.terms import ASPECTS, Variable
from statemachines.semantics.decision import decision_order
from statemachines.semantics.grounding import GroundedRequest, Ruling, rulings_in_order
from statemachines.semantics.preconditions import Preconditions
from statemachines.semantics.regulated import RegulatedOracle

First = tuple[Gate, Check | None]
"""What is asked first: a check of a gate or, where their order is no assumption, all its checks."""
OpenAspect = tuple[str, Enum | None]
"""An aspect that an assumption decides, and what it is."""


@attrs.frozen(eq=False)
class LeftOpen:
    """A system with two more variables, which say what is otherwise of what assumptions decide of verdicts.

    Parameters
    ----------
    system: the system with the variables, which are its first.
    first: what is asked first; its first value is that the order is as declared.
    aspect: what aspects are that an assumption decides; its first value is that they are as declared.
    """

    system: System
    first: Variable
    aspect: Variable
    _rules: RegulatedOracle
    _assumptions: Collection[str]
    _firsts: Mapping[First, Enum]
    _aspects: Mapping[OpenAspect, Enum]

    @classmethod
    def of(cls, system: System, assumptions: Collection[str] = ()) -> "LeftOpen | None":
        """The system with what its rules leave open; ``None`` where they decide every verdict.

        Parameters
        ----------
        assumptions: only aspects that these decide are left open; by default all, and each order that is an assumption.
        """
        rules = RegulatedOracle(system)
        firsts = {} if assumptions else dict(_orders(rules))
        aspects = dict(_open_aspects(system, assumptions))
        if not (firsts or aspects):
            return None
        first, aspect = _variable("asked_first", firsts.values()), _variable("open_aspect", aspects.values())
        return cls(
            attrs.evolve(system, lifecycles=[fixed(first), fixed(aspect), *system.lifecycles]),
            first,
            aspect,
            rules,
            assumptions,
            dict(zip(firsts, first.domain[1:], strict=True)),
            dict(zip(aspects, aspect.domain[1:], strict=True)),
        )

    @property
    def ways(self) -> tuple[tuple[Variable, Expr], ...]:
        """Each variable where the other is as declared; then both at once."""
        declared = [variable == variable.domain[0] for variable in (self.first, self.aspect)]
        return (self.first, declared[1]), (self.aspect, declared[0]), (self.first, TRUE)

    def asked(self, requests: Iterable[Preconditions]) -> Iterator[Preconditions]:
        """Requests of the system with the variables, decided as they say."""
        made: dict[object, Preconditions] = {}
        for one in requests:
            rulings = rulings_in_order(self.system, one.request)
            key = id(one.grounded.moves), *((id(ruling.when), ruling.declaration, ruling.gate) for ruling in rulings)
            if key not in made:
                made[key] = Preconditions(
                    GroundedRequest(one.request, tuple(self._otherwise(rulings)), one.grounded.moves)
                )
            yield made[key].alike(one.request)

    def _otherwise(self, rulings: Sequence[Ruling]) -> Iterator[Ruling]:
        """The rulings, and before them those that decide where something is otherwise."""
        for ruling in rulings:
            if ruling.gate in self._rules.anywhere:
                yield from self._first(ruling, ruling.verdict.via[-1:])
        met: set[Gate] = set()
        for ruling in rulings:
            if ruling.gate is not None and ruling.gate not in met | self._rules.anywhere:
                met.add(ruling.gate)
                for one in rulings:
                    if one.gate is ruling.gate:
                        yield from self._first(one, one.verdict.via)
            yield from self._with_aspects(ruling)
            if ruling.when is TRUE:
                return

    def _first(self, ruling: Ruling, via: tuple[Enum, ...]) -> Iterator[Ruling]:
        """A check's ruling where the check comes first."""
        for (gate, check), value in self._firsts.items():
            if gate is ruling.gate and check in (ruling.declaration, None):
                when = conjunction(self.first == value, ruling.when)
                verdict = attrs.evolve(ruling.verdict, via=via)
                yield from self._with_aspects(attrs.evolve(ruling, when=when, verdict=verdict))

    def _with_aspects(self, ruling: Ruling) -> Iterator[Ruling]:
        """A ruling, and before it the same where an aspect of its verdict is otherwise."""
        left_open = _left_open(ruling.verdict, self._assumptions)
        for (aspect, value), which in self._aspects.items():
            if aspect in left_open:
                when = conjunction(self.aspect == which, ruling.when)
                verdict = attrs.evolve(ruling.verdict, **{aspect: value})  # type: ignore[arg-type]  # it is an aspect
                yield attrs.evolve(ruling, when=when, verdict=verdict)
        yield ruling


def _variable(name: str, words: Iterable[str]) -> Variable:
    """A variable with a value for that nothing is otherwise, and one for each of these words."""
    values = {f"V{number}": text for number, text in enumerate(["as declared", *words])}
    kind: type[Enum] = Enum("Otherwise", values)  # type: ignore[misc]  # the functional way to make an enum
    return Variable(name, kind)


def _orders(rules: RegulatedOracle) -> Iterator[tuple[First, str]]:
    """What may be asked first, in words that differ."""
    for place, gate in enumerate(rules.system.gates, 1):
        party = f"the {gate.party.value}"
        if gate in rules.in_any_order:
            for number, check in enumerate(gate.checks, 1):
                yield (gate, check), f"{check.label!r} is asked first at {party} (check {number} of gate {place})"
        elif gate in rules.anywhere:
            yield (gate, None), f"{party} is asked first (gate {place})"


def _left_open(verdict: Verdict, assumptions: Collection[str]) -> set[str]:
    """The aspects of a verdict that some assumptions decide; if none are named, any."""
    by_aspect = verdict.register.assumed_aspects(verdict.deciding)
    return {aspect for aspect, by in by_aspect.items() if not assumptions or set(by) & set(assumptions)}


def _open_aspects(system: System, assumptions: Collection[str]) -> Iterator[tuple[OpenAspect, str]]:
    """What the aspects may be that assumptions decide, in words."""
    deciders = (one for kind in system.requests for one in decision_order(system, kind))
    left_open = {aspect for one in deciders for aspect in _left_open(one.verdict, assumptions)}
    for aspect in ASPECTS:
        if aspect in left_open:
            for value in system.values_of(aspect):
                yield (aspect, value), f"the verdict's {aspect!r} is {str(value.value)!r}, which an assumption decides"
    if "response" in left_open:
        yield ("response", None), "there is no response, which an assumption decides"
