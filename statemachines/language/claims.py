"""Claims: statements about a system that can be false. They are data, as all declarations are; `check` decides them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from enum import Enum

import attrs

from statemachines.errors import DeclarationError, UnknownNameError, all_expected, expected
from statemachines.files.nearest import expected_words
from statemachines.language.expression import TRUE, All, Expr, IsA, Not, Reached, expect_condition, negation, within
from statemachines.language.identity import Identified
from statemachines.language.requests import Field
from statemachines.language.rules import split_ids
from statemachines.language.system import System
from statemachines.language.terms import After, E, Observed, Variable, members
from statemachines.language.vocabulary import Vocabulary


@attrs.frozen(eq=False)
class Claim(Identified):
    """A named claim with the ids of its rules.

    Parameters
    ----------
    name: a sentence that no other claim of the system has; reports and commands name the claim by it.
    rules: the ids of the rules that it follows from, with blanks between.
    """

    name: str
    rules: tuple[str, ...] = attrs.field(converter=split_ids, kw_only=True)

    def __attrs_post_init__(self) -> None:
        for part in self.parts():
            expect_condition(part, f"a condition of the claim {self.name!r}")

    @property
    def kind(self) -> str:
        """What kind of claim it is, as reports name it."""
        raise NotImplementedError

    def words(self) -> str:
        """What is claimed, in words."""
        raise NotImplementedError

    def parts(self) -> Iterator[Expr]:
        """The conditions it is made of."""
        raise NotImplementedError


@attrs.frozen(eq=False)
class Always(Claim):
    """In every reachable state, or at every step from one: wherever ``when`` holds, ``then`` holds.

    It speaks of steps as soon as it reads a request, a verdict or an afterwards. ``when`` has to hold somewhere:
    a claim whose case never happens is vacuous and fails; a shortest run to its case is its witness.

    Parameters
    ----------
    when, then: conditions on a state or on a step from it.

    >>> from examples.parcel_locker import Box, Code, box, code
    >>> from statemachines import after, always
    >>> always("a wrong code opens nothing", when=code == Code.WRONG, then=after(box) == box, rules="BOX-1").kind
    'always, of a step'
    """

    then: Expr = attrs.field(kw_only=True)
    when: Expr = attrs.field(default=TRUE, kw_only=True)

    @property
    def of_steps(self) -> bool:
        """Whether it speaks of steps, and not of states."""
        return any(speaks_of_step(part) for part in self.parts())

    @property
    def breaches(self) -> tuple[Expr, ...]:
        """Ways for ``then`` not to hold, which do not exclude each other: each needs fewer variables than all."""
        broken = negation(self.then)
        if isinstance(broken, Not) and isinstance(broken.part, All):
            return tuple(negation(part) for part in broken.part.parts)
        return (broken,)

    @property
    def kind(self) -> str:
        return "always, of a step" if self.of_steps else "always, of a state"

    def words(self) -> str:
        then = self.then.words()
        return then if self.when is TRUE else f"wherever {self.when.words()}: {then}"

    def parts(self) -> Iterator[Expr]:
        yield self.when
        yield self.then


@attrs.frozen(eq=False, init=False)
class Invariant(Always):
    """A constraint of the system, claimed of every reachable state; `Claims` makes it, and makes it anew if evolved."""


@attrs.frozen(eq=False)
class Sometimes(Claim):
    """Some reachable state, or step from one, satisfies the condition ``of``: a witness exists."""

    of: Expr = attrs.field(kw_only=True)

    @property
    def of_steps(self) -> bool:
        """Whether it speaks of a step, and not of a state."""
        return speaks_of_step(self.of)

    @property
    def kind(self) -> str:
        return "sometimes"

    def words(self) -> str:
        return f"at some step or in some state: {self.of.words()}"

    def parts(self) -> Iterator[Expr]:
        yield self.of


@attrs.frozen(eq=False)
class AlwaysPossible(Claim):
    """From every reachable state where ``when`` holds, some sequence of requests leads to the goal.

    Parameters
    ----------
    when, goal: conditions on states.
    """

    goal: Expr = attrs.field(kw_only=True)
    when: Expr = attrs.field(default=TRUE, kw_only=True)

    @property
    def kind(self) -> str:
        return "always possible"

    def words(self) -> str:
        start = "every state" if self.when is TRUE else f"every state where {self.when.words()}"
        return f"from {start} a state is reachable where {self.goal.words()}"

    def parts(self) -> Iterator[Expr]:
        yield self.when
        yield self.goal


def _conditions(conditions: Iterable[Expr]) -> tuple[Expr, ...]:
    return tuple(conditions)


@attrs.frozen(eq=False)
class LeadsTo(Claim):
    """Whenever ``when`` holds, ``then`` holds then or later, however requests go on for ever, if they are fair.

    Requests are fair to a condition on steps if such a step is made again and again, unless again and again no request
    would make one (weak fairness). With no condition ``given``, requests may go on in any way, such as without effect.

    Parameters
    ----------
    when, then: conditions on states.
    given: the steps that keep being made.
    """

    when: Expr = attrs.field(kw_only=True)
    then: Expr = attrs.field(kw_only=True)
    given: tuple[Expr, ...] = attrs.field(default=(), converter=_conditions, kw_only=True)

    @property
    def kind(self) -> str:
        return "leads to"

    def words(self) -> str:
        fair = ", and where ".join(one.words() for one in self.given)
        kept = f", if steps keep coming where {fair}" if fair else ""
        return f"wherever {self.when.words()}: at once or later {self.then.words()}{kept}"

    def parts(self) -> Iterator[Expr]:
        yield self.when
        yield self.then
        yield from self.given


def _aspects(aspects: Iterable[Observed]) -> tuple[Observed, ...]:
    return tuple(aspects)


def _values(values: Iterable[Enum]) -> tuple[Enum, ...]:
    return members(values)


def _variables(variables: Iterable[Variable]) -> tuple[Variable, ...]:
    return all_expected(variables, Variable, "what the runs of a claim are apart from")


@attrs.frozen(eq=False)
class Indistinguishable(Claim):
    """Two runs that differ only in a secret look the same to an observer (non-interference).

    For every two values x and y of the secret: two runs start alike but for the secret, x in one and y in the other.
    Where the observer sees a request in both runs, both are asked the same, and every observed aspect of the two
    verdicts has to be the same. What it does not see in both, the second run is asked with x and y exchanged in the
    request's fields, for the holder of the secret acts in its own name.

    Parameters
    ----------
    secret: the variable whose value must not show.
    between: the values that the observer must not distinguish.
    sees: the steps that the observer sees, on the request's fields and variables.
    observes: the aspects of the verdict that it sees.
    apart_from: variables that have neither x nor y where the two runs start, such as who the observer is: runs where
        one of them has are left out. None by default, so that no run is.
    """

    secret: Variable = attrs.field(kw_only=True)
    between: tuple[Enum, ...] = attrs.field(converter=_values, kw_only=True)
    sees: Expr = attrs.field(kw_only=True)
    observes: tuple[Observed, ...] = attrs.field(converter=_aspects, kw_only=True)
    apart_from: tuple[Variable, ...] = attrs.field(default=(), converter=_variables, kw_only=True)

    @property
    def kind(self) -> str:
        return "indistinguishable"

    def words(self) -> str:
        seen = "every step" if self.sees is TRUE else f"every step where {self.sees.words()}"
        aspects = ", ".join(term.label for term in self.observes)
        return f"{seen} shows the same {aspects}, whatever the {self.secret.label} is"

    def parts(self) -> Iterator[Expr]:
        yield self.sees

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        for value in self.between:
            self.secret.checked(value)
        if len(set(self.between)) < len(self.between):
            raise DeclarationError(f"claim {self.name!r} names a value of {self.secret.name!r} twice")
        if len(self.between) < 2:
            raise DeclarationError(f"claim {self.name!r} needs two values of {self.secret.name!r} to tell apart")
        if any(variable is self.secret for variable in self.apart_from):
            raise DeclarationError(f"claim {self.name!r}: the secret {self.secret.name!r} cannot be apart from itself")


def always(name: str, *, then: Expr, when: Expr = TRUE, rules: str) -> Always:
    """Claim by this name that wherever ``when`` holds, ``then`` holds, as rules say: see `Always`."""
    return Always(name, when=when, then=then, rules=rules)


def sometimes(name: str, *, of: Expr, rules: str) -> Sometimes:
    """Claim by this name that a case ``of`` some kind is reachable, as rules say: see `Sometimes`."""
    return Sometimes(name, of=of, rules=rules)


def always_possible(name: str, *, goal: Expr, when: Expr = TRUE, rules: str) -> AlwaysPossible:
    """Claim by this name that the way to a goal never closes, as rules say: see `AlwaysPossible`."""
    return AlwaysPossible(name, when=when, goal=goal, rules=rules)


def leads_to(name: str, *, when: Expr, then: Expr, given: Iterable[Expr] = (), rules: str) -> LeadsTo:
    """Claim that something comes of it, if requests are fair: see `LeadsTo`.

    >>> from examples.parcel_locker import Box, Wait, box
    >>> from statemachines import is_a
    >>> leads_to("it goes back", when=box == Box.FULL, then=box == Box.EMPTY, given=[is_a(Wait)], rules="BOX-2").kind
    'leads to'
    """
    return LeadsTo(name, when=when, then=then, given=given, rules=rules)


def indistinguishable(
    name: str,
    *,
    secret: Variable[E],
    between: Iterable[E],
    sees: Expr,
    observes: Iterable[Observed],
    apart_from: Iterable[Variable] = (),
    rules: str,
) -> Indistinguishable:
    """Claim that an observer cannot tell two values of a secret apart: see `Indistinguishable`."""
    return Indistinguishable(
        name, secret=secret, between=between, sees=sees, observes=observes, apart_from=apart_from, rules=rules
    )


def _of_states(claim: Claim) -> tuple[Expr, ...]:
    """The conditions of a claim that have to be on states."""
    match claim:
        case AlwaysPossible():
            return (claim.when, claim.goal)
        case LeadsTo():
            return (claim.when, claim.then)
    return ()


def _claims(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return all_expected(claims, Claim, "the claims")


@attrs.frozen(eq=False, repr=False)
class Claims(Identified):
    """A system and what is claimed of it.

    Parameters
    ----------
    system: the declarations; its constraints are claimed too, and come first.
    claims: with names that differ.

    Raises
    ------
    DeclarationError: for two claims of one name, an unknown variable or rule, and an `always_possible` or `leads_to`
        that speaks of steps.
    """

    system: System
    claims: tuple[Claim, ...] = attrs.field(converter=_claims)

    def __attrs_post_init__(self) -> None:
        expected(self.system, System, "what the claims are about")
        constraints = [
            Invariant(rule.label, when=rule.when, then=rule.then, rules=rule.rules) for rule in self.system.constraints
        ]
        claimed = (claim for claim in self.claims if not isinstance(claim, Invariant))
        object.__setattr__(self, "claims", (*constraints, *claimed))
        (twice, times), *_ = Counter(claim.name for claim in self.claims).most_common(1) or [("", 0)]
        if times > 1:
            raise DeclarationError(f"two claims have the name {twice!r}")
        vocabulary = Vocabulary(self.system)
        for claim in self.claims:
            where = f"claim {claim.name!r}"
            self.system.register.cite(claim.rules, where=where)
            for part in claim.parts():
                vocabulary.expect(where, part)
            for part in _of_states(claim):
                if speaks_of_step(part):
                    raise DeclarationError(f"claim {claim.name!r} is of states, and {part.words()!r} speaks of a step")
            if isinstance(claim, Indistinguishable):
                for variable in (claim.secret, *claim.apart_from):
                    vocabulary.expect_term(where, variable)
                for observed in claim.observes:
                    vocabulary.expect_known(where, observed)
                self._check_exchange(claim)

    def _check_exchange(self, claim: Indistinguishable) -> None:
        """The holder of the secret acts in its own name in each run, so what one can say of itself the other can."""
        for kind in self.system.requests:
            for field in kind.fields:
                able = [value for value in claim.between if field.admits(value)]
                if able and len(able) < len(claim.between):
                    raise DeclarationError(
                        f"claim {claim.name!r}: the field {field.name!r} of {kind.name} can be {able[0].name} "
                        "and not each of the others that must not be distinguished"
                    )

    def __repr__(self) -> str:
        return f"<{len(self.claims)} claims of {self.system!r}>"

    def named(self, name: str) -> Claim:
        """The claim with that name; `UnknownNameError` if there is none."""
        for claim in self.claims:
            if claim.name == name:
                return claim
        names = [claim.name for claim in self.claims]
        near = get_close_matches(name, names, n=3, cutoff=0.3)
        meant = f"; did you mean: {'; '.join(near)}?" if near else f"; expected {expected_words(name, names)}"
        raise UnknownNameError(f"no property is named {name!r}{meant}")


def speaks_of_step(expr: Expr) -> bool:
    """Whether a condition reads a request, a verdict or an afterwards: it is then of steps, and not of states."""
    return any(isinstance(part, IsA | Reached) for part in within(expr)) or any(
        isinstance(term, Field | After | Observed) for term in expr.terms()
    )
