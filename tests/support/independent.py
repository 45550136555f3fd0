"""Random systems and claims as plain tuples, decided by a checker that shares no code with the framework.

A system is drawn as plain data: values are pairs of an enum's name and a number, conditions are nested tuples. From the
same data `declared` makes the declaration, by the public names only, and `decide` works out what is so of it: there is
no condition, no state, no request of the framework in it. What both say of every claim has to be the same.

    python -m tests.support.independent 5000 [first seed]
"""

import copy
import operator
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from enum import Enum, IntEnum, StrEnum
from itertools import combinations, product
from random import Random

from statemachines import (
    Answer,
    Check,
    Claims,
    Constraint,
    Count,
    Field,
    Gate,
    Lifecycle,
    Observed,
    Oracle,
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
    check,
    indistinguishable,
    is_a,
    sometimes,
)
from statemachines.checker.equivalence import Comparer
from statemachines.checker.slices import Slices
from statemachines.errors import DeclarationError, NoVerdictError
from statemachines.language.expression import FALSE, TRUE

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
KINDS = ("plain", "same words", "word", "equal word", "number", "equal number", "count", "other count")
COUNTS = {"count": 0, "other count": 1}
SIZES = {name: len(kind) for name, kind in ENUMS.items()}
SIGNS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
HOME = ("party", 2)
ASPECTS = ("outcome", "at", "reason", "response")
REGISTER = Register([Rule("R-1", "It is so.", "nowhere")])


@dataclass
class Plain:
    """A system in plain data.

    variables: kind, domain, whether ordered, initial values, and arrows: sources, type, target, condition, and whether
        they fire even if refused.
    fields: kind, domain, default.
    types: the numbers of their fields.
    gates: party, types, condition, checks: label, types, condition, outcome, reason.
    answers: types, condition, outcome, reason, response, party.
    constraints: two conditions each.
    """

    variables: list = field(default_factory=list)
    fields: list = field(default_factory=list)
    types: list = field(default_factory=list)
    gates: list = field(default_factory=list)
    answers: list = field(default_factory=list)
    constraints: list = field(default_factory=list)
    total: bool = True

    def requests(self):
        for at, names in enumerate(self.types):
            for values in product(*(self.fields[number][1] for _, number in names)):
                yield at, dict(zip(names, values, strict=True))

    def aspects(self):
        """The kinds of the values that each aspect may have."""
        checks = [check for gate in self.gates for check in gate[3]]
        return {
            "outcome": {one[3][0] for one in checks} | {answer[2][0] for answer in self.answers},
            "reason": {one[4][0] for one in checks} | {answer[3][0] for answer in self.answers},
            "response": {answer[4][0] for answer in self.answers if answer[4]},
            "at": {"party"},
        }


# What is so: the interpreter and the search, on plain data alone.


def rank(value):
    kind, at = value
    return at + COUNTS.get(kind, 0)


def read(term, step):
    match term:
        case ("variable", name):
            return step["before"][name]
        case ("after", name):
            return step["after"][name]
        case ("field", name):
            return step["request"][1].get(name)
        case ("shown", aspect, _, _):
            return step["verdict"][aspect]
    raise NotImplementedError(term)


def true(condition, step):  # noqa: PLR0911  # one return for each kind of condition
    match condition:
        case ("constant", value):
            return value
        case ("among", term, values):
            return read(term, step) in values
        case ("is not", term, value):
            return read(term, step) != value
        case ("compared", left, sign, right, by):
            one, other = read(left, step), read(right, step)
            if one is None or other is None or (one[0], other[0]) != (kind_of(left), kind_of(right)):
                return sign == "!="
            one, other = rank(one), rank(other) + by
            return SIGNS[sign](one, other)
        case ("is a", types):
            return step["request"][0] in types
        case ("reached", party):
            return party in step["verdict"]["via"]
        case ("and", one, other):
            return true(one, step) and true(other, step)
        case ("or", one, other):
            return true(one, step) or true(other, step)
        case ("implies", one, other):
            return not true(one, step) or true(other, step)
        case ("not", one):
            return not true(one, step)
    raise NotImplementedError(condition)


def kind_of(term):
    return term[-1] if term[0] == "shown" else term[1][0]


def asked(plain, state, request):
    """The verdict, or ``None``, and the state after the request."""
    step = {"before": state, "request": request}
    verdict, via = None, []
    for party, types, when, checks in plain.gates:
        if verdict is None and request[0] in types and true(when, step):
            via.append(party)
            for _, on, fails, outcome, reason in checks:
                if verdict is None and request[0] in on and true(fails, step):
                    verdict = {"outcome": outcome, "reason": reason, "response": None, "at": party, "passed": False}
    for types, when, outcome, reason, response, at in plain.answers:
        if verdict is None and request[0] in types and true(when, step):
            verdict = {"outcome": outcome, "reason": reason, "response": response, "at": at or via[-1], "passed": True}
    if verdict is None:
        return None, state
    verdict["via"] = via
    new = dict(state)
    for name, (_, _, _, _, arrows) in zip(state, plain.variables, strict=True):
        fires = [
            target
            for sources, on, target, when, even in arrows
            if on == request[0] and state[name] in sources and (verdict["passed"] or even) and true(when, step)
        ]
        assert len(fires) <= 1
        new[name] = fires[0] if fires else state[name]
    return verdict, new


class Searched:
    """Every reachable state of a plain system, and every step from one."""

    def __init__(self, plain):
        self.plain = plain
        self.names = [(variable[0], number) for number, variable in enumerate(plain.variables)]
        self.every = list(plain.requests())
        self.starts = [
            dict(zip(self.names, values, strict=True))
            for values in product(*(variable[3] for variable in plain.variables))
        ]
        self.depth = {self.key(state): 0 for state in self.starts}
        self.states = {self.key(state): state for state in self.starts}
        self.steps = []
        queue = deque(self.states)
        while queue:
            key = queue.popleft()
            for request in self.every:
                verdict, new = asked(plain, self.states[key], request)
                if verdict:
                    self.steps.append(
                        (key, {"before": self.states[key], "request": request, "after": new, "verdict": verdict})
                    )
                if self.key(new) not in self.depth:
                    self.depth[self.key(new)] = self.depth[key] + 1
                    self.states[self.key(new)] = new
                    queue.append(self.key(new))

    @staticmethod
    def key(state):
        return tuple(state.values())

    def shortest(self, condition, of_steps):
        if of_steps:
            lengths = [self.depth[key] + 1 for key, step in self.steps if true(condition, step)]
        else:
            lengths = [self.depth[key] for key, state in self.states.items() if true(condition, {"before": state})]
        return min(lengths, default=None)

    def stuck(self, when, goal):
        """The depths of the nearest state of the case, and of the nearest one that does not lead to the goal."""
        able = {key for key, state in self.states.items() if true(goal, {"before": state})}
        leads = {(key, self.key(step["after"])) for key, step in self.steps}
        while more := {one for one, other in leads if other in able} - able:
            able |= more
        cases = [key for key, state in self.states.items() if true(when, {"before": state})]
        return (
            min((self.depth[key] for key in cases), default=None),
            min((self.depth[key] for key in cases if key not in able), default=None),
        )

    def told_apart(self, secret, between, sees, observes, apart):
        """The length of the shortest two runs that an observer tells apart, and whether it saw any step of two runs."""
        seen, lengths = False, []
        for one, other in combinations(between, 2):
            exchange = {one: other, other: one}
            queue = deque()
            for state in self.starts:
                twin = {**state, secret: other}
                if state[secret] == one and twin in self.starts and not any(state[name] in exchange for name in apart):
                    queue.append((state, twin, 0))
            known = {(self.key(left), self.key(right)) for left, right, _ in queue}
            while queue:
                left, right, depth = queue.popleft()
                for request in self.every:
                    number, values = request
                    twin = number, {name: exchange.get(value, value) for name, value in values.items()}
                    both = all(true(sees, {"before": state, "request": request}) for state in (left, right))
                    first, after_left = asked(self.plain, left, request)
                    second, after_right = asked(self.plain, right, request if both else twin)
                    if both:
                        seen = True
                        if any(first[aspect] != second[aspect] for aspect in observes):
                            lengths.append(depth + 1)
                    pair = self.key(after_left), self.key(after_right)
                    if pair not in known:
                        known.add(pair)
                        queue.append((after_left, after_right, depth + 1))
        return min(lengths, default=None), seen


# The same data as declarations, by the public names.


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


# Drawing systems and claims.


class Drawn:
    """A random system and random claims of it, in plain data."""

    def __init__(self, seed):
        self.random = Random(seed)
        draw = self.random
        self.kinds = draw.sample(KINDS, draw.randint(1, 3))
        self.plain = plain = Plain(total=draw.random() < 0.85)
        plain.fields = [self._field() for _ in range(draw.randint(1, 2))]
        fields = [(kind, number) for number, (kind, _, _) in enumerate(plain.fields)]
        plain.types = [draw.sample(fields, draw.randint(0, len(fields))) for _ in range(draw.randint(1, 3))]
        domains = [self._domain() for _ in range(draw.randint(2, 4))]
        plain.variables = [(kind, domain, draw.random() < 0.5, [], []) for kind, domain in domains]
        self.variables = [("variable", (kind, number)) for number, (kind, *_) in enumerate(plain.variables)]
        shared = draw.choice(self.kinds)
        self.responses = [None, (shared, 0), (shared, 1)]
        plain.variables = [self._lifecycle(variable) for variable in plain.variables]
        plain.gates = [self._gate(party) for party in range(draw.randint(0, 2))]
        plain.answers = self._answers()
        plain.constraints = [
            (self.condition(self.variables), self.condition(self.variables)) for _ in range(draw.randint(0, 1))
        ]
        shown = [
            ("shown", aspect, draw.randint(1, SIZES[kind]), kind)
            for aspect, kinds in plain.aspects().items()
            for kind in sorted(kinds)
        ]
        afterwards = [("after", name) for _, name in self.variables]
        used = sorted({name for names in plain.types for name in names})
        self.of_steps = [*self.variables, *afterwards, *(("field", name) for name in used), *shown]
        self.of_requests = [*self.variables, *(("field", name) for name in used)]

    def some(self, values, least=1):
        values = list(values)
        return sorted(self.random.sample(values, self.random.randint(least, len(values))), key=values.index)

    def _domain(self):
        kind = self.random.choice(self.kinds)
        return kind, self.some([(kind, at) for at in range(3)], least=2)

    def _field(self):
        kind, domain = self._domain()
        return kind, domain, self.random.choice([None, *domain])

    def domain(self, term):
        match term:
            case ("variable" | "after", (_, number)):
                return self.plain.variables[number][1]
            case ("field", (_, number)):
                return self.plain.fields[number][1]
            case ("shown", _, size, kind):
                return [(kind, at) for at in range(size)]
        raise NotImplementedError(term)

    def ordered(self, term):
        return term[0] in ("field", "shown") or term[1][0] in COUNTS or self.plain.variables[term[1][1]][2]

    def condition(self, terms, *, types=(), parties=False, depth=2):  # noqa: PLR0911  # one for each kind
        draw = self.random
        if depth and draw.random() < 0.6:
            sign = draw.choice(["and", "and", "or", "implies", "not"])
            parts = [
                self.condition(terms, types=types, parties=parties, depth=depth - 1)
                for _ in range(1 if sign == "not" else 2)
            ]
            return (sign, *parts)
        choice = draw.random()
        if types and choice < 0.1:
            return "is a", self.some(types)
        if parties and choice < 0.2:
            return "reached", ("party", draw.randint(0, 2))
        if not terms or choice < 0.22:
            return "constant", draw.random() < 0.7
        term = draw.choice(terms)
        kind = kind_of(term)
        alike = [
            other
            for other in terms
            if other != term and (kind_of(other) == kind or (kind in COUNTS and kind_of(other) in COUNTS))
        ]
        if alike and choice < 0.6:
            other = draw.choice(alike)
            signs = ["==", "!=", "<", "<=", ">", ">="] if self.ordered(term) and self.ordered(other) else ["==", "!="]
            return "compared", term, draw.choice(signs), other, draw.randint(-1, 1) if kind in COUNTS else 0
        if choice < 0.75:
            return "is not", term, draw.choice(self.domain(term))
        return "among", term, self.some(self.domain(term))

    def _shared(self, types):
        names = [name for name in self.plain.types[types[0]] if all(name in self.plain.types[one] for one in types)]
        return [("field", name) for name in names]

    def _lifecycle(self, variable):
        kind, domain, ordered, _, _ = variable
        arrows = []
        types = range(len(self.plain.types))
        for _ in range(self.random.randint(0, 4)):
            on, sources = self.random.choice(types), self.some(domain)
            when = self.condition([*self.variables, *self._shared([on])], types=types)
            if self.random.random() < 0.3:
                when = ("constant", True)
            for others, kind_on, _, other, _ in arrows:
                if kind_on == on and set(others) & set(sources):
                    when = ("and", when, ("not", other))
            arrows.append((sources, on, self.random.choice(domain), when, self.random.random() < 0.2))
        initial = self.some(domain)
        reached = set(initial)
        while new := {arrow[2] for arrow in arrows if reached & set(arrow[0])} - reached:
            reached |= new
        return kind, domain, ordered, [*initial, *(value for value in domain if value not in reached)], arrows

    def _outcome(self):
        return "outcome", self.random.randint(0, 1)

    def _reason(self):
        return self.random.choice(["reason", "other reason"]), self.random.randint(0, 1)

    def _gate(self, party):
        types = self.some(range(len(self.plain.types)))
        checks = []
        for number in range(self.random.randint(1, 2)):
            on = self.some(types)
            fails = self.condition([*self.variables, *self._shared(on)], types=types)
            checks.append((f"check {number}", on, fails, self._outcome(), self._reason()))
        when = self.condition(self._shared(types), types=types) if self.random.random() < 0.5 else ("constant", True)
        return ("party", party), types, when, checks

    def _answers(self):
        made = []
        for number in range(len(self.plain.types)):
            for last in [False] * self.random.randint(0, 2) + [True]:
                when = self.condition([*self.variables, *self._shared([number])], types=range(len(self.plain.types)))
                if last and self.plain.total:
                    when = ("constant", True)
                response = self.random.choice(self.responses)
                made.append(([number], when, self._outcome(), self._reason(), response, HOME))
        return made

    def variant(self):
        """The system with one thing otherwise."""
        draw, other = self.random, copy.deepcopy(self.plain)
        arrows = [(variable, at) for variable in other.variables for at in range(len(variable[4]))]
        choice = draw.choice(["target", "no arrow", "even", "no check", "says", "gates", "answers"])
        if choice in ("target", "no arrow", "even") and arrows:
            (_, domain, _, _, moves), at = draw.choice(arrows)
            sources, on, target, when, even = moves[at]
            if choice == "target":
                moves[at] = sources, on, draw.choice(domain), when, even
            elif choice == "even":
                moves[at] = sources, on, target, when, not even
            else:
                del moves[at]
        elif choice in ("no check", "says") and other.gates:
            checks = draw.choice(other.gates)[3]
            at = draw.randrange(len(checks))
            label, on, fails, _, _ = checks.pop(at)
            if choice == "says":
                checks.insert(at, (label, on, fails, self._outcome(), self._reason()))
        elif choice == "gates":
            other.gates.reverse()
        else:
            at = draw.randrange(len(other.answers))
            types, when, *_ = other.answers[at]
            other.answers[at] = types, when, self._outcome(), self._reason(), draw.choice(self.responses), HOME
        return other

    def state_condition(self):
        return self.condition(self.variables)

    def step_condition(self):
        return self.condition(self.of_steps, types=range(len(self.plain.types)), parties=True, depth=3)

    def secret(self):
        """What could be claimed not to show; ``None`` where a field can say only one of two values of itself."""
        _, secret = self.random.choice(self.variables)
        between = self.some(self.plain.variables[secret[1]][1], least=2)
        for names in self.plain.types:
            for _, number in names:
                if len({value in self.plain.fields[number][1] for value in between}) > 1:
                    return None
        return (
            secret,
            between,
            self.condition(self.of_requests, types=range(len(self.plain.types))),
            self.some(["outcome", "reason", "at", *(["response"] if self.plain.aspects()["response"] else [])]),
            self.some([name for _, name in self.variables if name != secret], least=0),
        )


def speaks_of_step(part):
    """Whether something in a condition is known of a step alone."""
    if not isinstance(part, tuple | list) or not part:
        return False
    return part[0] in ("is a", "reached", "after", "field", "shown") or any(map(speaks_of_step, part))


def told_from(plain, variant):
    """The fewest requests at whose last one a variant differs from the system; ``None`` if nothing tells them apart."""
    starts = Searched(plain).starts
    queue = deque((state, state, 1) for state in starts)
    known = {(Searched.key(state), Searched.key(state)) for state in starts}
    while queue:
        left, right, length = queue.popleft()
        for request in plain.requests():
            first, after_left = asked(plain, left, request)
            second, after_right = asked(variant, right, request)
            shown = [verdict and [verdict[aspect] for aspect in ASPECTS] for verdict in (first, second)]
            if shown[0] != shown[1]:
                return length
            pair = Searched.key(after_left), Searched.key(after_right)
            if pair not in known:
                known.add(pair)
                queue.append((after_left, after_right, length + 1))
    return None


# Both, compared.


@dataclass
class Compared:
    """What was compared, and every difference."""

    kinds: Counter = field(default_factory=Counter)
    differences: list = field(default_factory=list)

    def expect(self, what, ours, theirs):
        if ours != theirs:
            self.differences.append(f"{what}: {ours} by the independent checker, {theirs} by the framework")


def length(trace):
    return None if trace is None else len(trace.steps)


def compare(seed, compared):
    """Draw a system and claims of every kind, and decide them both ways."""
    drawn = Drawn(seed)
    plain, declared = drawn.plain, Declared(drawn.plain)
    searched = Searched(plain)
    oracle = Oracle(declared.system)
    for state in searched.states.values():
        for request in searched.every:
            verdict, new = asked(plain, state, request)
            try:
                after_it, said = oracle.decide(declared.state(state), declared.request(request))
            except NoVerdictError:
                compared.expect(f"seed {seed}, {request} in {state}", verdict, None)
                continue
            shown = {aspect: getattr(said, aspect) for aspect in ASPECTS}
            expected = {aspect: verdict and member(verdict[aspect]) for aspect in shown}
            same = all(shown[aspect] is expected[aspect] for aspect in shown) and after_it == declared.state(new)
            compared.expect(f"seed {seed}, {request} in {state}", True, same)
    made = {}
    for number in range(3):
        made[f"always of states {number}"] = "always", drawn.state_condition(), drawn.state_condition()
        made[f"always of steps {number}"] = "always", drawn.step_condition(), drawn.step_condition()
        made[f"sometimes a state {number}"] = "sometimes", drawn.state_condition()
        made[f"sometimes a step {number}"] = "sometimes", drawn.step_condition()
        made[f"possible {number}"] = "possible", drawn.state_condition(), drawn.state_condition()
        secret = drawn.secret() if plain.total else None
        if secret:
            made[f"secret {number}"] = "secret", *secret
    claims = [_claim(declared, name, parts) for name, parts in made.items()]
    made |= {f"constraint {at}": ("always", *parts) for at, parts in enumerate(plain.constraints)}
    report = check(Claims(declared.system, claims))
    silent = any(
        asked(plain, state, request)[0] is None for state in searched.states.values() for request in searched.every
    )
    compared.expect(f"seed {seed}, not total", silent, bool(report.wellformedness.not_total))
    for finding in report.findings:
        _same(searched, f"seed {seed}, {finding.claim.name}", made[finding.claim.name], finding, compared)


def compare_variants(seed, compared, count=5):
    """Draw a system and variants of it, and say of each both ways whether anything tells it from the system."""
    drawn = Drawn(seed)
    declared = Declared(drawn.plain)
    comparer = Comparer(Slices(declared.system))
    for number in range(count):
        variant = drawn.variant()
        try:
            other = Declared(variant, declared)
        except DeclarationError as refused:  # a state that nothing reaches
            compared.kinds[f"left out: {str(refused).rpartition(': ')[2][:16]}"] += 1
            continue
        expected, found = told_from(drawn.plain, variant), comparer.compare(other.system)
        compared.kinds["variant, " + ("equivalent" if found.walk is None else "told apart")] += 1
        length = None if found.walk is None else len(found.walk.requests)
        compared.expect(f"seed {seed}, variant {number}", expected, length)


def _claim(declared, name, parts):
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


def _same(searched, what, parts, finding, compared):
    compared.kinds[parts[0]] += 1
    compared.kinds[f"{parts[0]}, {'holds' if finding.holds else 'vacuous' if finding.vacuous else 'fails'}"] += 1
    of_steps = getattr(finding.claim, "of_steps", False)
    if not of_steps and parts[0] in ("always", "sometimes") and any(map(speaks_of_step, parts[1:])):
        compared.kinds["left out: what it says of steps folded away, so that it is of states"] += 1
        return
    broken = other = None
    match parts:
        case ("always", when, then):
            case = searched.shortest(when, of_steps)
            broken = searched.shortest(("and", when, ("not", then)), of_steps)
        case ("sometimes", of):
            case = searched.shortest(of, of_steps)
        case ("possible", when, goal):
            case, broken = searched.stuck(when, goal)
        case ("secret", *claimed):
            broken, seen = searched.told_apart(*claimed)
            case, other = 0 if seen else None, broken
    compared.expect(f"{what}, holds", case is not None and broken is None, finding.holds)
    compared.expect(f"{what}, vacuous", case is None, bool(finding.vacuous))
    compared.expect(f"{what}, counterexample", broken, length(finding.counterexample))
    compared.expect(f"{what}, other run", other, length(finding.other_run))
    if parts[0] != "secret":
        compared.expect(f"{what}, witness", case, length(finding.witness))


def main():
    count, first = int(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 0
    compared, started = Compared(), time.perf_counter()
    for seed in range(first, first + count):
        compare(seed, compared)
        compare_variants(seed, compared)
    say = sys.stdout.write
    for kind, number in sorted(compared.kinds.items()):
        say(f"{number:>8,} {kind}\n")
    for difference in compared.differences[:20]:
        say(f"{difference}\n")
    say(f"{count} systems, {len(compared.differences)} differences, {time.perf_counter() - started:.0f} s\n")


if __name__ == "__main__":
    main()
