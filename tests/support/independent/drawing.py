"""Systems and claims drawn at random, as plain data. Nothing here is the framework's."""

import copy
from random import Random

from tests.support.independent.deciding import COUNTS, HOME, KINDS, SIZES, Plain, kind_of


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
