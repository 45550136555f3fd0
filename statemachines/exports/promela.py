"""Promela: a system and what is claimed of it, for the model checker SPIN.

The engine shares no code with ours. The model has one global byte
for each variable, and one process, which chooses where the system starts and then makes one move after another; each
move is a `d_step`, so that SPIN stores one state for each that can be reached, and one before the start is chosen.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import Enum
from math import prod

import attrs

from statemachines.checker.slices import Slices
from statemachines.errors import DeclarationError
from statemachines.exports import Exported, Progress
from statemachines.exports.promela_moves import MoveGroup, Option, options_of
from statemachines.exports.promela_text import comment, joined, named, those, wrapped
from statemachines.exports.state_claims import StateClaim, StateCondition, on_states
from statemachines.language.claims import Always, Claim, Claims, Sometimes
from statemachines.language.expression import All, Among, Compared, Constant, Expr, Not, Relation, negation
from statemachines.language.terms import Variable

RESERVED = frozenset(
    ["d_step", "c_code", "c_decl", "c_expr", "c_state", "c_track", "get_priority", "set_priority", "pc_value"]
)
"""Words of Promela that a value's name could come to."""


HOW_TO_RUN = """\
 * SPIN stores one state for each that can be reached, and one before the start is chosen.
 *
 * To count the states:       spin -a -o2 -DNOCHECK MODEL && gcc -O2 -DSAFETY -o pan pan.c && ./pan -m1000000
 *                            (without -o2, SPIN leaves variables that no condition reads out of its states)
 * To look at one property:   the same with `spin -a -o2 -DPROPERTY=N MODEL`
 * To assert every `always`:  the same with `spin -a -o2 MODEL`; a violated assertion (N==0) is that of property N
 * To report all of them:     the same with `spin -a -o2 -DREPORT_ALL MODEL`, and `gcc -DPRINTF`: it prints `case N`
 *                            where the case of property N is first met, without which it shows nothing, and `broken N`
 *
 * With hundreds of properties gcc -O2 takes minutes for the verifier; tcc takes none, and is fast enough.
 *
 * A claim on a step is a condition on the state before it. A `sometimes` is asserted never to be seen, and only where
 * it is asked for: SPIN has to find it violated."""


@attrs.frozen(eq=False)
class ModelProperty:
    """A claim in the model.

    Parameters
    ----------
    number: its number there, from 1, in order of the claims.
    claim: which.
    whole: whether the model decides it; where it is a slice, a case of the property may need other variables.
    """

    number: int
    claim: Always | Sometimes
    whole: bool


@attrs.frozen(eq=False)
class Model:
    """A Promela model.

    Parameters
    ----------
    text: the model.
    variables: the names of the variables that it keeps, in order of declaration.
    initial: how many states it may start in.
    choices: how many steps choose among them, before the first state.
    moves: how many options the process has to move.
    properties: those that can be checked on it.
    left_out: the claims that cannot.
    """

    text: str
    variables: tuple[str, ...]
    initial: int
    choices: int
    moves: int
    properties: tuple[ModelProperty, ...]
    left_out: tuple[Claim, ...]


def promela(
    claims: Claims,
    *,
    variables: Collection[str] | None = None,
    only: Sequence[str] = (),
    slices: Slices | None = None,
    state_claims: Sequence[StateClaim] | None = None,
    progress: Progress | None = None,
) -> Model:
    """A system and its properties as a Promela model.

    Parameters
    ----------
    claims: the system and what is claimed of it.
    variables: the names of those to keep, for an exact slice; by default those that the properties in ``only`` need,
        or all where these are not given either.
    only: the names of the properties to write; by default all.
    slices: of this system, where they are known.
    state_claims: the properties as conditions on states, where they are known; by default they are derived.
    progress: is called with how many of the properties are derived, and of how many.

    Raises
    ------
    DeclarationError: for a name that no variable or property has, and for variables that others influence.
    """
    slices = slices or Slices(claims.system)
    wanted = [claims.named(name) for name in dict.fromkeys(only)] if only else list(claims.claims)
    known = tuple(_state_claims(wanted, slices, progress) if state_claims is None else state_claims)
    kept = _kept(slices, known, variables, only)
    return _Writer(slices, wanted, known, kept).model()


def export_promela(claims: Claims, *, variables: Collection[str] | None = None, only: Sequence[str] = ()) -> str:
    """A system and its properties as the text of a Promela model, which says at its top how SPIN checks it.

    Parameters
    ----------
    claims: the system and what is claimed of it.
    variables: the names of those to keep, for an exact slice; by default those that the properties need.
    only: the names of the properties to write; by default all.

    Raises
    ------
    DeclarationError: for a name that no variable or property has, and for variables that others influence.
    """
    return promela(claims, variables=variables, only=only).text


def exported(claims: Claims, only: Sequence[str] = (), progress: Progress | None = None) -> Exported:
    """The model for the command line: see `promela`."""
    model = promela(claims, only=only, progress=progress)
    counts = f"{len(model.variables)} variables, {model.moves} moves, {len(model.properties)} properties"
    return Exported(model.text, f"{counts}; {len(model.left_out)} have no form in Promela")


def _state_claims(wanted: Sequence[Claim], slices: Slices, progress: Progress | None) -> Iterator[StateClaim]:
    for done, claim in enumerate(wanted, 1):
        yield from on_states([claim], slices)
        if progress:
            progress(done, len(wanted))


def _kept(
    slices: Slices, known: Sequence[StateClaim], variables: Collection[str] | None, only: Sequence[str]
) -> tuple[Variable, ...]:
    system = slices.system
    if variables is None:
        needed = frozenset(name for one in known for name in one.variables) if only else set(system.state_type.names)
        names = slices.cone(needed) or frozenset(system.state_type.names[:1])  # SPIN needs something to look at
    else:
        for name in variables:
            system.lifecycle(name)
        names = frozenset(variables)
        more = [name for name in system.state_type.names if name in slices.cone(names) - names]
        if more or not names:
            raise DeclarationError(
                f"the variables {', '.join(variables)} are no exact slice of system {system.name!r}: "
                f"what changes them reads {', '.join(more)} too"
                if names
                else f"a slice of system {system.name!r} needs at least one variable"
            )
    return tuple(variable for variable in system.variables if variable.name in names)


class _Names:
    """Identifiers that differ from each other; those of variables and of values look different to begin with."""

    def __init__(self, variables: Sequence[Variable], fires: int) -> None:
        self.taken = {*RESERVED, "seen_case", "seen_broken"}
        for variable in variables:
            if not variable.kind.__members__:
                raise DeclarationError(f"{variable.name!r} has values of several enums: a model has an enum for each")
        self.kinds: tuple[type[Enum], ...] = tuple(dict.fromkeys(variable.kind for variable in variables))
        # Nothing that C, its libraries, SPIN or its verifiers reserve begins with v_.
        self.variables = {variable.name: self._new(f"v_{variable.name}") for variable in variables}
        self._values = {  # by identity: members of two enums may compare equal
            id(value): self._new(f"{kind.__name__}_{value.name}") for kind in self.kinds for value in kind
        }
        self.fires = [self._new(f"fires_{number}") for number in range(fires)]

    def value(self, value: Enum) -> str:
        """The name of a value."""
        return self._values[id(value)]

    def _new(self, wanted: str) -> str:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", wanted)
        name, number = plain, 1
        while name in self.taken:
            number += 1
            name = f"{plain}_{number}"
        self.taken.add(name)
        return name


_SIGNS = {Relation.EQUAL: "==", Relation.LESS: "<", Relation.AT_MOST: "<="}


def _first_rank(variable: Variable) -> int:
    return min(variable.rank(value) for value in variable.kind)


class _Writer:
    """One model in the making."""

    def __init__(
        self, slices: Slices, wanted: Sequence[Claim], known: Sequence[StateClaim], kept: Sequence[Variable]
    ) -> None:
        self.system, self.kept = slices.system, kept
        self.kept_names = tuple(variable.name for variable in kept)
        self.requests = len(slices.requests)
        self.options = tuple(options_of(slices, self.kept_names))
        self.names = _Names(kept, max((len(each.groups) for each in self.options if not each.exclusive), default=0))
        self.state_claims: dict[int, StateClaim] = {}
        self.properties: list[ModelProperty] = []
        numbers = {claim: number for number, claim in enumerate(wanted, 1)}
        for one in known:
            inside = [condition for condition in one.conditions if condition.within(self.kept_names)]
            if inside or not one.conditions:  # what no state can show is decided by looking at none
                number = numbers[one.claim]
                self.state_claims[number] = one
                self.properties.append(ModelProperty(number, one.claim, len(inside) == len(one.conditions)))
        decided = {each.claim for each in self.properties}
        self.left_out = tuple(claim for claim in wanted if claim not in decided)

    def model(self) -> Model:
        return Model(
            "\n".join(self._lines()) + "\n",
            self.kept_names,
            prod(len(self._initial(variable)) for variable in self.kept),
            sum(len(self._initial(variable)) > 1 for variable in self.kept) + 1,
            len(self.options),
            tuple(self.properties),
            self.left_out,
        )

    def _lines(self) -> Iterator[str]:
        yield from self._header()
        yield ""
        yield from self._values()
        yield ""
        yield from self._globals()
        yield ""
        yield "active proctype system() {"
        yield from self._start()
        yield "end:"
        yield "  do"
        yield from self._moves()
        yield from self._checks()
        yield "  od"
        yield "}"

    def _header(self) -> Iterator[str]:
        left = len(self.system.variables) - len(self.kept)
        part = f", an exact slice of it: {left} variables are forgotten" if left else ""
        yield f"/* {comment(self.system.name)}{part}"
        yield " *"
        done = f"{self.requests:,} requests do {len(self.options)} things to them"
        yield f" * {len(self.kept)} variables; {done}"
        yield HOW_TO_RUN
        if self.left_out:
            yield " *"
            yield " * Not in this model:"
        for claim in self.left_out:
            here = isinstance(claim, Always | Sometimes)
            why = "; it needs variables that are forgotten here" if here else "; it is no assertion about one state"
            yield from (f" *   {line}" for line in wrapped(f"{named(claim)}{why}", ""))
        yield " */"

    def _values(self) -> Iterator[str]:
        for kind in self.names.kinds:
            yield f"/* {comment(kind.__name__)} */"
            for number, value in enumerate(kind):
                yield f"#define {self.names.value(value)} {number} /* {comment(str(value.value))} */"

    def _globals(self) -> Iterator[str]:
        for variable in self.kept:
            size = "byte" if len(variable.kind.__members__) <= 256 else "int"
            initial = self._initial(variable)
            start = f" = {self.names.value(initial[0])}" if len(initial) == 1 else ""
            yield f"{size} {self.names.variables[variable.name]}{start}; /* {comment(variable.label)} */"
        if self.names.fires:
            yield "/* Which changes a move makes, decided before any is made; 0 between moves. */"
        for name in self.names.fires:
            yield f"bit {name};"
        yield "/* What is asked for, and what else is asserted where nothing is asked for. */"
        yield "#define ASKED(n) (REPORT_ALL || PROPERTY == n)"
        yield "#define ASSERTED(n) (ASKED(n) || !PROPERTY)"
        yield "#ifdef REPORT_ALL"
        for what in ("CASE", "BROKEN"):
            seen = f"seen_{what.lower()}"
            yield f"hidden byte {seen}[{max(self.state_claims, default=0) + 1}];"
            report = f'{seen}[n] = 1; printf("{what.lower()} %d\\n", n)'
            yield f"#define {what}(n, condition) d_step {{ !{seen}[n] && condition -> {report} }}"
        yield "#else"
        for what in ("CASE", "BROKEN"):
            yield f"#define {what}(n, condition) d_step {{ condition -> assert(n == 0) }}"
        yield "#endif"

    def _start(self) -> Iterator[str]:
        yield "  atomic { /* where it starts */"
        for variable in self.kept:
            initial = self._initial(variable)
            if len(initial) > 1:
                yield "    if"
                for value in initial:
                    yield f"    :: {self._assignment(variable, value)}"
                yield "    fi;"
        yield "    skip"
        yield "  }"

    def _initial(self, variable: Variable) -> tuple[Enum, ...]:
        return tuple(dict.fromkeys(self.system.lifecycle(variable.name).initial))

    def _assignment(self, variable: Variable, value: Enum) -> str:
        return f"{self.names.variables[variable.name]} = {self.names.value(value)}"

    def _moves(self) -> Iterator[str]:
        for option in self.options:
            yield from wrapped(f"/* {those(option.requests)} */", "  ")
            if option.exclusive:
                for group in option.groups:
                    moving = self.expression(group.moving)
                    yield from wrapped(f":: d_step {{ {moving} -> {self._made(group)} }}", "  ")
            else:
                yield from self._at_once(option)
        if not self.options:
            yield "  :: false /* nothing changes */"

    def _at_once(self, option: Option) -> Iterator[str]:
        """Several groups of changes, each decided in the state before."""
        moving = " || ".join(self.expression(group.moving) for group in option.groups)
        fired = list(zip(self.names.fires, option.groups, strict=False))
        yield from wrapped(f":: d_step {{ ({moving}) ->", "  ")
        for fires, group in fired:
            yield from wrapped(f"{fires} = {self.expression(group.when)};", "       ")
        for fires, group in fired:
            yield from wrapped(f"if :: {fires} -> {self._made(group)} :: else fi;", "       ")
        yield f"       {'; '.join(f'{fires} = 0' for fires, _ in fired)} }}"

    def _made(self, group: MoveGroup) -> str:
        return "; ".join(self._assignment(change.variable, change.target) for change in group.changes)

    def _checks(self) -> Iterator[str]:
        if not self.properties:
            return
        yield "#ifndef NOCHECK"
        yield "  /* The properties: moves to nowhere, which can be made only where there is something to report. */"
        for each in self.properties:
            part = "" if each.whole else "; in part, for it has cases that need variables that are forgotten here"
            yield from wrapped(f"/* {each.number}. {named(each.claim)}{part} */", "  ")
            derived = self.state_claims[each.number]
            if isinstance(each.claim, Sometimes):
                yield from self._look(f"ASKED({each.number})", "CASE", each.number, derived.case)
            else:
                yield from self._look("REPORT_ALL", "CASE", each.number, derived.case)
                yield from self._look(f"ASSERTED({each.number})", "BROKEN", each.number, derived.broken)
        yield "#endif"

    def _look(self, when: str, what: str, number: int, conditions: Iterable[StateCondition]) -> Iterator[str]:
        inside = [shown for shown in conditions if shown.within(self.kept_names)]
        if not inside:
            return
        yield f"#if {when}"
        for shown in inside:
            about = f" /* on {those(shown.requests)} */" if shown.requests else ""
            yield from wrapped(f":: {what}({number}, {self.expression(shown.condition)}){about}", "  ")
        yield "#endif"

    def expression(self, expr: Expr) -> str:
        """A condition on variables."""
        match expr:
            case Constant():
                return "true" if expr.value else "false"
            case Among(term=Variable() as variable):
                return self._membership(variable, expr.values)
            case Compared(left=Variable() as left, right=Variable() as right):
                # A value's number in the model is its place in its enum, from 0; a number's rank begins at its bound.
                by = expr.by + _first_rank(right) - _first_rank(left)
                sum_ = f" {'+' if by > 0 else '-'} {abs(by)}" if by else ""
                sides = self.names.variables[left.name], self.names.variables[right.name]
                return f"{sides[0]} {_SIGNS[expr.relation]} {sides[1]}{sum_}"
            case All():
                return joined(" && ", list(map(self.expression, expr.parts)))
            case Not(part=All() as every):
                return joined(" || ", [self.expression(negation(part)) for part in every.parts])
            case Not():
                return f"!({self.expression(expr.part)})"
        raise NotImplementedError(expr)

    def _membership(self, variable: Variable, values: frozenset[Enum]) -> str:
        name, domain = self.names.variables[variable.name], variable.domain
        inside = [value for value in domain if value in values]
        outside = [value for value in domain if value not in values]
        if variable.ordered and len(inside) > 1 and inside == list(domain[-len(inside) :]):
            return f"{name} >= {self.names.value(inside[0])}"
        if len(outside) < len(inside):
            return joined(" && ", [f"{name} != {self.names.value(value)}" for value in outside])
        return joined(" || ", [f"{name} == {self.names.value(value)}" for value in inside])
