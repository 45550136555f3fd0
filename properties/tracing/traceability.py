"""Traceability: for each rule of a register, what declares it, what tests it, what shows it, and the results."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import attrs

from properties.tracing.citations import DECLARATIONS, Citation, citations
from properties.tracing.results import Results, claims_on
from statemachines.drawing.draw import Illustration
from statemachines.drawing.picture import Picture
from statemachines.errors import StatemachinesError
from statemachines.language.claims import Claim, Claims
from statemachines.language.rules import Basis, Register, Rule, Section
from statemachines.language.system import System

BASES = tuple(basis.value for basis in Basis)
"""What rules rest on, in words."""

PROPERTIES = (
    "always, of a state",
    "always, of a step",
    "sometimes",
    "always possible",
    "leads to",
    "indistinguishable",
)
"""The kinds of property that test rules."""


class TraceError(StatemachinesError, ValueError):
    """Rules that cannot be traced as asked, with the reason."""


def family(rule_id: str) -> str:
    """What a rule's id begins with, before the dash.

    >>> family("BOX-10")
    'BOX'
    """
    return rule_id.partition("-")[0]


@attrs.frozen
class TracedProperty:
    """A property that tests a rule.

    Parameters
    ----------
    name: as it is claimed.
    kind: one of `PROPERTIES`.
    system: the name of the system that it is claimed of.
    holds: whether it does; ``None`` where that was not asked.
    exercised: whether its case happens, so that it says something; ``None`` where that was not asked.
    basis: what it rests on.
    """

    name: str
    kind: str
    system: str
    holds: bool | None = None
    exercised: bool | None = None
    basis: Basis = attrs.field(default=Basis.REGULATED, kw_only=True)

    @property
    def standing(self) -> str:
        """The result, in words."""
        if self.holds is None:
            return "not checked"
        return "held" if self.holds else "does not hold" if self.exercised else "not exercised"


@attrs.frozen
class Diagram:
    """A picture that shows a rule: its file, and its title."""

    path: str
    title: str


@attrs.frozen
class TracedRule:
    """One rule with everything that goes back to it.

    Parameters
    ----------
    rule: which.
    declarations, properties, diagrams: what cites it, tests it and shows it.
    checked: whether it was asked if the properties hold.
    """

    rule: Rule
    declarations: tuple[Citation, ...]
    properties: tuple[TracedProperty, ...]
    diagrams: tuple[Diagram, ...]
    checked: bool

    @property
    def exercised(self) -> bool | None:
        """Whether there are properties of it and the case of each happens; ``None`` where that was not asked."""
        return bool(self.properties) and all(one.exercised for one in self.properties) if self.checked else None

    @property
    def held(self) -> bool | None:
        """Whether there are properties of it and each holds; ``None`` where that was not asked."""
        return bool(self.properties) and all(one.holds for one in self.properties) if self.checked else None

    @property
    def standing(self) -> str:
        """The result, in words."""
        if not self.properties:
            return "not modelled" if self.rule.not_modelled else "not tested"
        standings = {one.standing for one in self.properties}
        return next(worst for worst in ("does not hold", "not exercised", "not checked", "held") if worst in standings)


@attrs.frozen
class Tally:
    """How many of a set of rules are what.

    Parameters
    ----------
    rules: how many there are.
    bases: how many rest on each of the `BASES`.
    declared, tested, shown: how many have a declaration, a property, a diagram.
    exercised, held: how many are so; ``None`` where that was not asked.
    """

    rules: int
    bases: Mapping[str, int]
    declared: int
    tested: int
    shown: int
    exercised: int | None
    held: int | None


@attrs.frozen
class Traceability:
    """The rules of a register, each with everything that goes back to it.

    Parameters
    ----------
    register: every rule that there is.
    systems: the names of the systems that were looked at.
    rules: the rules that were asked for, in the register's order.
    checked: whether it was asked if the properties hold.
    problems: what is wrong with the systems themselves.
    hanging: how many declarations and properties there are of each kind, by what they rest on.
    """

    register: Register
    systems: tuple[str, ...]
    rules: tuple[TracedRule, ...]
    checked: bool
    problems: tuple[str, ...]
    hanging: Mapping[str, Mapping[str, int]]

    @property
    def undeclared(self) -> tuple[str, ...]:
        """The ids of the rules that nothing declares, though something should."""
        return tuple(one.rule.id for one in self.rules if not (one.declarations or one.rule.not_modelled))

    @property
    def untested(self) -> tuple[str, ...]:
        """The ids of the rules that no property tests, though one should."""
        return tuple(one.rule.id for one in self.rules if not (one.properties or one.rule.not_modelled))

    @property
    def not_modelled(self) -> tuple[str, ...]:
        """The ids of the rules that nothing declares or tests, and whose register says why."""
        return tuple(one.rule.id for one in self.rules if one.standing == "not modelled")

    @property
    def failing(self) -> tuple[str, ...]:
        """The ids of the rules with a property that does not hold."""
        return tuple(one.rule.id for one in self.rules if one.properties and one.held is False)

    @property
    def complete(self) -> bool:
        """Whether every rule is declared and tested, and no result is bad."""
        return not (self.undeclared or self.untested or self.failing or self.problems)

    @property
    def tally(self) -> Tally:
        """How many of the rules are what."""
        return self._tally(self.rules)

    def by_basis(self) -> dict[str, Tally]:
        """How many of the rules are what, for each of the `BASES`."""
        return {each: self._tally([one for one in self.rules if one.rule.basis.value == each]) for each in BASES}

    def families(self) -> dict[str, tuple[TracedRule, ...]]:
        """The rules by their family, in the register's order."""
        families: dict[str, list[TracedRule]] = {}
        for one in self.rules:
            families.setdefault(family(one.rule.id), []).append(one)
        return {name: tuple(rules) for name, rules in families.items()}

    def by_family(self) -> dict[str, Tally]:
        """How many of the rules are what, for each family."""
        return {name: self._tally(rules) for name, rules in self.families().items()}

    def by_kind(self) -> dict[str, dict[str, int]]:
        """For each kind of declaration and of property, and each basis: how many of the rules have one."""
        citing = [
            (one.rule.basis.value, {*(part.kind for part in one.declarations), *(part.kind for part in one.properties)})
            for one in self.rules
        ]
        return {
            kind: {each: sum(rests_on == each and kind in kinds for rests_on, kinds in citing) for each in BASES}
            for kind in (*DECLARATIONS, *PROPERTIES)
        }

    def _tally(self, rules: Sequence[TracedRule]) -> Tally:
        return Tally(
            len(rules),
            {each: sum(one.rule.basis.value == each for one in rules) for each in BASES},
            declared=sum(bool(one.declarations) for one in rules),
            tested=sum(bool(one.properties) for one in rules),
            shown=sum(bool(one.diagrams) for one in rules),
            exercised=sum(bool(one.exercised) for one in rules) if self.checked else None,
            held=sum(bool(one.held) for one in rules) if self.checked else None,
        )


@attrs.frozen(eq=False)
class TracedSubject:
    """A system to look at.

    Parameters
    ----------
    claims: the system, and what is claimed of it.
    pictures: the pictures of it.
    folder: the directory that they are in.
    results: of its claims; ``None`` where that was not asked.
    """

    claims: Claims
    pictures: tuple[Picture | Illustration, ...]
    folder: str
    results: Results | None = None


def common_register(systems: Iterable[System]) -> Register:
    """One register with the rules of all the systems.

    Raises
    ------
    TraceError: if two systems have one name, or a rule is not the same in two of them.
    """
    rules: dict[str, Rule] = {}
    families: dict[str, str] = {}
    sources: dict[str, str] = {}
    sections: dict[Section, None] = {}
    seen: dict[str, System] = {}
    for system in systems:
        if system.name in seen:
            raise TraceError(f"two systems have the name {system.name!r}; expected names that tell them apart")
        for rule in system.register.rules:
            if rules.setdefault(rule.id, rule) != rule:
                other = next(name for name, earlier in seen.items() if rule.id in earlier.register)
                raise TraceError(f"rule {rule.id} is not the same in {other!r} and {system.name!r}; expected one rule")
        families = {**system.register.families, **families}
        sources = {**system.register.sources, **sources}
        sections |= dict.fromkeys(system.register.sections)
        seen[system.name] = system
    return Register(rules.values(), families=families, sources=sources, sections=sections)


def selected(register: Register, ids: Iterable[str]) -> tuple[str, ...]:
    """The ids, each once and in the register's order; all that there are if none is given.

    Raises
    ------
    TraceError: for an id that the register does not have, with those that come near.
    """
    wanted = set(ids)
    for rule_id in sorted(wanted - set(register)):
        near = get_close_matches(rule_id.upper(), list(register), n=3) or [*register][:3]
        raise TraceError(f"the register has no rule {rule_id!r}; did you mean: {', '.join(near)}?")
    return tuple(rule_id for rule_id in register if rule_id in wanted or not wanted)


def trace(subjects: Sequence[TracedSubject], ids: Iterable[str] = ()) -> Traceability:
    """Everything that goes back to each rule.

    Parameters
    ----------
    subjects: the systems to look at. There are results for all of them, of every claim that tests the rules, or for
        none.
    ids: the rules to trace; by default all.

    Raises
    ------
    TraceError: for systems that do not go together, and for an unknown id.
    """
    register = common_register(subject.claims.system for subject in subjects)
    declared: dict[str, list[Citation]] = {rule_id: [] for rule_id in register}
    tested: dict[str, list[TracedProperty]] = {rule_id: [] for rule_id in register}
    shown: dict[str, list[Diagram]] = {rule_id: [] for rule_id in register}
    drawn: dict[Picture | Illustration, Diagram] = {}  # what two systems have is drawn once
    wanted = selected(register, ids)
    checked = any(subject.results for subject in subjects)
    hanging = {kind: dict.fromkeys(BASES, 0) for kind in (*DECLARATIONS, *PROPERTIES)}
    for subject in subjects:
        system = subject.claims.system
        for rules, citation in citations(system):
            hanging[citation.kind][citation.basis.value] += 1
            for rule_id in rules:
                declared[rule_id].append(citation)
        for claim in claims_on(subject.claims, wanted):
            tests = _property(claim, system, subject.results)
            hanging[tests.kind][tests.basis.value] += 1
            for rule_id in claim.rules:
                tested[rule_id].append(tests)
        for picture in subject.pictures:
            path = Path(subject.folder, f"{picture.name}.svg").as_posix()
            diagram = drawn.setdefault(picture, Diagram(path, picture.title))
            for rule_id in picture.rules:
                shown[rule_id].append(diagram)
    return Traceability(
        register,
        tuple(subject.claims.system.name for subject in subjects),
        tuple(
            TracedRule(
                register[rule_id],
                tuple(dict.fromkeys(declared[rule_id])),
                tuple(tested[rule_id]),
                tuple(dict.fromkeys(shown[rule_id])),
                checked,
            )
            for rule_id in wanted
        ),
        checked,
        (
            *(
                f"{subject.claims.system.name}: {problem}"
                for subject in subjects
                for problem in (subject.results.problems if subject.results else ())
            ),
            *(
                f"the register says why {rule_id} is not modelled, but it is declared or tested"
                for rule_id in wanted
                if register[rule_id].not_modelled and (declared[rule_id] or tested[rule_id])
            ),
        ),
        hanging,
    )


def _property(claim: Claim, system: System, results: Results | None) -> TracedProperty:
    basis = system.register.basis(claim.rules)
    if results is None:
        return TracedProperty(claim.name, claim.kind, system.name, basis=basis)
    result = results.properties[claim.name]
    return TracedProperty(claim.name, claim.kind, system.name, result.holds, result.exercised, basis=basis)
