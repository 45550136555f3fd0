"""Random small systems, and random conditions on them."""

from enum import Enum, IntEnum

import attrs
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from statemachines import (
    Answer,
    Check,
    Count,
    DeclarationError,
    Field,
    Gate,
    Lifecycle,
    Observed,
    Reached,
    Register,
    RequestType,
    Rule,
    Transition,
    Variable,
    after,
    indistinguishable,
)
from statemachines.language.expression import FALSE, TRUE, Compared, IsA, Relation
from statemachines.language.system import System


class Colour(Enum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"
    GREY = "grey"


class Size(Enum):
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Party(Enum):
    FIRST = "first"
    SECOND = "second"
    HOME = "home"


class Said(IntEnum):
    """What is said: one of the members is false to Python, which no reading may take for "nothing"."""

    YES = 0
    NO = 1
    MAYBE = 2


OBSERVED = (
    Observed("outcome", Said),
    Observed("reason", Said),
    Observed("at", Party),
    Observed("response", Said, among=[Said.YES, Said.NO]),
)
REGISTER = Register([Rule(f"R-{number}", "It is so.", "nowhere") for number in range(4)])
rules = st.lists(st.sampled_from(list(REGISTER)), min_size=1, max_size=2, unique=True).map(tuple)


def subsets(values, *, least=1, most=None):
    """Some of the values, in their order."""
    values = tuple(values)
    indices = st.sets(st.sampled_from(range(len(values))), min_size=least, max_size=most)
    return indices.map(lambda chosen: tuple(values[index] for index in sorted(chosen)))


@st.composite
def terms(draw, make, name):
    """A variable or a field with two or three values."""
    kind = draw(st.sampled_from([Colour, Size, Count(-1, 2), Count(0, 3)]))
    return make(name, kind, among=draw(subsets(kind, least=2, most=3)), ordered=draw(st.booleans()))


@st.composite
def conditions(draw, read, kinds=(), parties=(), depth=2):
    """A condition on some terms, on the request's type, and on how far it came."""
    if depth and draw(st.booleans()):
        left = draw(conditions(read, kinds, parties, depth=depth - 1))
        if draw(st.integers(0, 3)) == 0:
            return ~left
        right = draw(conditions(read, kinds, parties, depth=depth - 1))
        return draw(st.sampled_from([left & right, left | right, left.implies(right)]))
    choices = ["member", "same", "later"] if read else []
    choices += ["kind"] if kinds else []
    choices += ["reached"] if parties else []
    return draw(simple_conditions(draw(st.sampled_from(choices or ["constant"])), read, kinds, parties))


@st.composite
def simple_conditions(draw, choice, read, kinds, parties):
    """A condition of one of the kinds that are made of no others."""
    if choice == "kind":
        return IsA(draw(subsets(kinds)))
    if choice == "reached":
        return Reached(draw(st.sampled_from(parties)))
    if choice == "constant":
        return draw(st.sampled_from([TRUE, FALSE]))
    term = draw(st.sampled_from(read))
    alike = [
        other for other in read if other is not term and (other.kind is term.kind or (other.counts and term.counts))
    ]
    if choice == "same" and alike:
        other = draw(st.sampled_from(alike))
        relation = draw(st.sampled_from(Relation)) if term.ordered and other.ordered else Relation.EQUAL
        return Compared(term, relation, other, draw(st.integers(-2, 2)) if term.counts else 0)
    if choice == "later":
        first = draw(st.sampled_from(term.domain))
        return term >= first if term.ordered else term.is_in(*term.domain[term.domain.index(first) :])
    return term.is_in(*draw(subsets(term.domain)))


def shared_fields(kinds):
    """The fields that all of the request types have."""
    return tuple(
        field for field in kinds[0].fields if all(any(field is other for other in kind.fields) for kind in kinds)
    )


@st.composite
def lifecycles(draw, variable, variables, kinds):
    """A lifecycle of the variable in which no two arrows fire at once."""
    moves = []
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(kinds))
        source, target = draw(subsets(variable.domain)), draw(st.sampled_from(variable.domain))
        when = draw(st.one_of(st.just(TRUE), conditions((*variables, *kind.fields), kinds)))
        for other in moves:
            if other.on is kind and set(other.source) & set(source):
                when = when & ~other.when
        refused = draw(st.integers(0, 3)) == 0
        moves.append(Transition(source, kind, target, when=when, rules=draw(rules), even_if_refused=refused))
    initial = draw(subsets(variable.domain))
    reached = set(initial)
    while new := {move.target for move in moves if reached & set(move.source)} - reached:
        reached |= new
    initial += tuple(value for value in variable.domain if value not in reached)
    return Lifecycle(variable, initial, moves)


@st.composite
def gates(draw, party, variables, kinds):
    """A gate at which one or two things are asked."""
    on = draw(subsets(kinds))
    asked = []
    for number in range(draw(st.integers(1, 2))):
        some = draw(subsets(on))
        asked.append(
            Check(
                f"check {number} at {party.value}",
                fails_when=draw(conditions((*variables, *shared_fields(some)), kinds)),
                outcome=draw(st.sampled_from(Said)),
                reason=draw(st.sampled_from(Said)),
                rules=draw(rules),
                on=draw(st.sampled_from([some, () if some == on else some])),
                unspecified=draw(st.sampled_from(["", "response"])),
            )
        )
    return Gate(party, asked, on=on, when=draw(st.one_of(st.just(TRUE), conditions(shared_fields(on), kinds))))


@st.composite
def answers(draw, variables, kinds):
    """For each request type some answers on condition, and then one on none."""
    made = []
    for kind in kinds:
        for last in [False] * draw(st.integers(0, 2)) + [True]:
            made.append(
                Answer(
                    [kind],
                    outcome=draw(st.sampled_from(Said)),
                    reason=draw(st.sampled_from(Said)),
                    response=draw(st.sampled_from([None, Said.YES, Said.NO])),
                    at=Party.HOME,
                    when=TRUE if last else draw(conditions((*variables, *kind.fields), kinds)),
                    rules=draw(rules),
                )
            )
    return made


@st.composite
def systems(draw):
    """A small system, total and deterministic, in which whatever else there is may be dead.

    It comes in parts that mostly read their own variables, so that one can be told without the others.
    """
    variables = tuple(draw(terms(Variable, f"v{number}")) for number in range(draw(st.integers(2, 5))))
    fields = tuple(draw(terms(Field, f"f{number}")) for number in range(2))
    kinds = tuple(
        RequestType(f"Ask{number}", draw(subsets(fields, least=0, most=2))) for number in range(draw(st.integers(1, 4)))
    )
    parts = draw(st.integers(1, 3))

    def near(at, things):
        """Those of the same part, if there are any; now and then all of them."""
        return (things[at % parts :: parts] or things) if draw(st.integers(0, 7)) else things

    parties = draw(subsets([Party.FIRST, Party.SECOND], least=0))
    try:
        return System(
            "random",
            REGISTER,
            lifecycles=[
                draw(lifecycles(variable, near(at, variables), near(at, kinds)))
                for at, variable in enumerate(variables)
            ],
            requests=kinds,
            gates=[
                draw(gates(party, near(at, variables), near(at, kinds)))
                for party in parties
                for at in range(draw(st.integers(1, parts)))
            ],
            answers=[answer for at, kind in enumerate(kinds) for answer in draw(answers(near(at, variables), [kind]))],
        )
    except DeclarationError as refused:
        assume("nothing reaches" not in str(refused))
        raise


def state_conditions(system):
    """Conditions on states of the system."""
    return conditions(system.variables)


def step_conditions(system):
    """Conditions on steps of the system."""
    fields = {field.name: field for kind in system.requests for field in kind.fields}
    read = (*system.variables, *(after(variable) for variable in system.variables), *fields.values(), *OBSERVED)
    return conditions(read, system.requests, tuple(Party), depth=3)


@attrs.frozen
class Secret:
    """The parts of a claim that a secret does not show."""

    secret: Variable
    between: tuple[Enum, ...]
    sees: object
    observes: tuple[Observed, ...]
    apart_from: tuple[Variable, ...]

    def claim(self, name, rules="R-1"):
        """The claim that it does not show."""
        return indistinguishable(name, rules=rules, **attrs.asdict(self, recurse=False))


@st.composite
def secrets(draw, system):
    """What could be claimed not to show in the system."""
    secret = draw(st.sampled_from(system.variables))
    fields = {field.name: field for kind in system.requests for field in kind.fields}
    between = secret.domain[: draw(st.integers(2, len(secret.domain)))]
    for field in fields.values():  # values that are exchanged have to be values of the field, or none of them
        assume(field.kind is not secret.kind or len({value in field.domain for value in between}) == 1)
    return Secret(
        secret,
        between,
        draw(conditions((*system.variables, *fields.values()), system.requests)),
        draw(subsets(OBSERVED)),
        draw(subsets([variable for variable in system.variables if variable is not secret], least=0)),
    )


def random_systems(number: int) -> list[System]:
    """Random systems, the same at every run."""
    made = []

    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(systems())
    def collect(system):
        made.append(system)

    collect()
    return made
