"""Systems as plain data, and what is so of them: the interpreter and the search. Nothing here is the framework's.

Values are pairs of an enum's name and a number, conditions are nested tuples.
"""

import operator
from collections import deque
from dataclasses import dataclass, field
from itertools import combinations, product

KINDS = ("plain", "same words", "word", "equal word", "number", "equal number", "count", "other count")
SIZES = {**dict.fromkeys(KINDS, 3), "outcome": 2, "reason": 2, "other reason": 2, "party": 3}
COUNTS = {"count": 0, "other count": 1}
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


def speaks_of_step(part):
    """Whether something in a condition is known of a step alone."""
    if not isinstance(part, tuple | list) or not part:
        return False
    return part[0] in ("is a", "reached", "after", "field", "shown") or any(map(speaks_of_step, part))
