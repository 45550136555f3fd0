"""The same data as declarations of the framework, by its public names only."""

from enum import Enum, IntEnum, StrEnum

from statemachines import (
    Answer,
    Check,
    Constraint,
    Count,
    Field,
    Gate,
    Lifecycle,
    Observed,
    Reached,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
    after,
    always,
    always_possible,
    indistinguishable,
    is_a,
    sometimes,
)
from statemachines.language.expression import FALSE, TRUE
from tests.support.independent.deciding import SIGNS

ENUMS = {
    "plain": Enum("plain", {"A": "one", "B": "two", "C": "three"}),
    "same words": Enum("same_words", {"A": "one", "B": "two", "C": "three"}),
    "word": StrEnum("word", {"A": "one", "B": "two", "C": "three"}),
    "equal word": StrEnum("equal_word", {"A": "one", "B": "two", "C": "three"}),
    "number": IntEnum("number", {"A": 0, "B": 1, "C": 2}),
    "equal number": IntEnum("equal_number", {"A": 0, "B": 1, "C": 2}),
    "count": Count(0, 2),
    "other count": Count(1, 3),
    "outcome": IntEnum("outcome", {"YES": 0, "NO": 1}),
    "reason": StrEnum("reason", {"A": "alpha", "B": "beta"}),
    "other reason": Enum("other_reason", {"C": "gamma", "D": "delta"}),
    "party": Enum("party", {"FIRST": "first", "SECOND": "second", "HOME": "home"}),
}
REGISTER = Register([Rule("R-1", "It is so.", "nowhere")])


def member(value):
    return None if value is None else list(ENUMS[value[0]])[value[1]]


class Declared:
    """The declaration of a plain system."""

    def __init__(self, plain, like=None):
        """Declare it; of the variables and request types of another declaration, if it is a variant of that."""
        self.aspects = plain.aspects()
        self.variables = (
            like.variables
            if like
            else {
                (variable[0], number): Variable(
                    f"v{number}", ENUMS[variable[0]], among=list(map(member, variable[1])), ordered=variable[2]
                )
                for number, variable in enumerate(plain.variables)
            }
        )
        self.fields = (
            like.fields
            if like
            else {
                (kind, number): Field(
                    f"f{number}", ENUMS[kind], among=list(map(member, domain)), ordered=True, default=member(default)
                )
                for number, (kind, domain, default) in enumerate(plain.fields)
            }
        )
        self.types = (
            like.types
            if like
            else [
                RequestType(f"Ask{at}", [self.fields[name] for name in names]) for at, names in enumerate(plain.types)
            ]
        )
        self.system = System(
            "random",
            REGISTER,
            lifecycles=[
                Lifecycle(
                    variable,
                    list(map(member, initial)),
                    [
                        Transition(
                            list(map(member, sources)),
                            self.types[on],
                            member(target),
                            when=self.condition(when),
                            rules="R-1",
                            even_if_refused=even,
                        )
                        for sources, on, target, when, even in arrows
                    ],
                )
                for variable, (_, _, _, initial, arrows) in zip(self.variables.values(), plain.variables, strict=True)
            ],
            requests=self.types,
            gates=[
                Gate(
                    member(party),
                    [
                        Check(
                            label,
                            fails_when=self.condition(fails),
                            outcome=member(outcome),
                            reason=member(reason),
                            rules="R-1",
                            on=[] if on == types else [self.types[one] for one in on],
                        )
                        for label, on, fails, outcome, reason in checks
                    ],
                    on=[self.types[one] for one in types],
                    when=self.condition(when),
                )
                for party, types, when, checks in plain.gates
            ],
            answers=[
                Answer(
                    [self.types[one] for one in types],
                    outcome=member(outcome),
                    reason=member(reason),
                    response=member(response),
                    at=member(at),
                    when=self.condition(when),
                    rules="R-1",
                )
                for types, when, outcome, reason, response, at in plain.answers
            ],
            constraints=[
                Constraint(f"constraint {at}", when=self.condition(when), then=self.condition(then), rules="R-1")
                for at, (when, then) in enumerate(plain.constraints)
            ],
        )

    def term(self, term):
        match term:
            case ("variable", name):
                return self.variables[name]
            case ("after", name):
                return after(self.variables[name])
            case ("field", name):
                return self.fields[name]
            case ("shown", aspect, size, kind):
                return Observed(aspect, ENUMS[kind], among=list(ENUMS[kind])[:size], ordered=True)
        raise NotImplementedError(term)

    def condition(self, condition):  # noqa: PLR0911  # one return for each kind of condition
        match condition:
            case ("constant", value):
                return TRUE if value else FALSE
            case ("among", term, values):
                return self.term(term).is_in(*map(member, values))
            case ("is not", term, value):
                return self.term(term) != member(value)
            case ("compared", left, sign, right, by):
                one, other = self.term(left), self.term(right)
                other = other + by if by else other
                return SIGNS[sign](one, other)
            case ("is a", types):
                return is_a(*(self.types[one] for one in types))
            case ("reached", party):
                return Reached(member(party))
            case ("and", one, other):
                return self.condition(one) & self.condition(other)
            case ("or", one, other):
                return self.condition(one) | self.condition(other)
            case ("implies", one, other):
                return self.condition(one).implies(self.condition(other))
            case ("not", one):
                return ~self.condition(one)
        raise NotImplementedError(condition)

    def request(self, request):
        number, values = request
        kind = self.types[number]
        return kind(**{self.fields[name].name: member(value) for name, value in values.items()})

    def state(self, state):
        return self.system.state(**{self.variables[name].name: member(value) for name, value in state.items()})


def declared_claim(declared, name, parts):
    match parts:
        case ("always", when, then):
            return always(name, when=declared.condition(when), then=declared.condition(then), rules="R-1")
        case ("sometimes", of):
            return sometimes(name, of=declared.condition(of), rules="R-1")
        case ("possible", when, goal):
            return always_possible(name, when=declared.condition(when), goal=declared.condition(goal), rules="R-1")
        case ("secret", secret, between, sees, observes, apart):
            kinds = {"outcome": "outcome", "at": "party", "reason": "reason"}
            used = declared.aspects
            return indistinguishable(
                name,
                secret=declared.variables[secret],
                between=list(map(member, between)),
                sees=declared.condition(sees),
                observes=[
                    Observed(aspect, ENUMS[kinds[aspect] if kinds.get(aspect) in used[aspect] else min(used[aspect])])
                    for aspect in observes
                ],
                apart_from=[declared.variables[each] for each in apart],
                rules="R-1",
            )
    raise NotImplementedError(parts)
