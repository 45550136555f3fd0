"""The framework's answers worked out again, as simply as can be, on the plain interpreter."""

from collections import deque
from functools import lru_cache
from itertools import combinations as choose
from itertools import islice, product

from statemachines.errors import DeclarationError
from statemachines.language.expression import Moment
from statemachines.semantics.decision import interpret


@lru_cache(maxsize=1 << 15)
def step(system, state, request):
    """The state after the request, and the verdict."""
    moment = Moment(state.as_dict(), request)
    verdict = interpret(system, moment.before, request)
    fired = {
        lifecycle.name: move
        for lifecycle in system.lifecycles
        for move in lifecycle.transitions
        if (verdict.passed or move.even_if_refused)
        and move.on is request.type
        and moment.before[lifecycle.name] in move.source
        and move.when.holds(moment)
    }
    after = system.replace(state, **{name: move.target for name, move in fired.items()})
    return after, verdict.firing(fired.values()) if verdict.passed or fired else verdict


def depths(system):
    """Every reachable state, and the fewest requests that lead to it."""
    result = dict.fromkeys(system.initial_states(), 0)
    queue = deque(result)
    while queue:
        state = queue.popleft()
        for request in system.all_requests():
            after, _ = step(system, state, request)
            if after not in result:
                result[after] = result[state] + 1
                queue.append(after)
    return result


def combinations(system, most):
    """Some combinations of values, spread over all of them."""
    count = 1
    for variable in system.variables:
        count *= len(variable.domain)
    every = product(*(variable.domain for variable in system.variables))
    return [system.state_type(values) for values in islice(every, 0, None, max(1, count // most))]


def dead(system, known):
    """What of the system is dead, in the words of a wellformedness; and how many steps change the state."""
    fired, decided, moving = set(), set(), 0
    for state in known:
        for request in system.all_requests():
            after, verdict = step(system, state, request)
            fired.update(verdict.fired)
            decided.add(failing_check(system, state, request) or answer_given(system, state, request))
            moving += after != state
    result = {
        f"lifecycle {variable.name!r}: nothing reaches the state {value.name}"
        for variable in system.variables
        for value in variable.domain
        if all(getattr(state, variable.name) is not value for state in known)
    }
    for lifecycle in system.lifecycles:
        result |= {
            f"lifecycle {lifecycle.name!r}: the transition {move} can never fire"
            for move in lifecycle.transitions
            if move not in fired
        }
    every = [(gate.party, check) for gate in system.gates for check in gate.checks]
    for party, check in every:
        if check not in decided:
            alike = sum((party, check.label) == (other, one.label) for other, one in every)
            which = f" ({check.reason.value})" if alike > 1 else ""
            result.add(f"the check {check.label!r}{which} at {party.name} never decides anything")
    for answer in system.answers:
        if answer not in decided:
            kinds = ", ".join(kind.name for kind in answer.on)
            result.add(f"the answer {answer.reason.value!r} to {kinds} is never given")
    return result, moving


def answer_given(system, state, request):
    """The first answer to the request, if it passes every check; ``None`` if there is none."""
    moment = Moment(state.as_dict(), request)
    return next((one for one in system.answers if request.type in one.on and one.when.holds(moment)), None)


def failing_check(system, state, request):
    """The first check that the request fails, by what each gate and check says; ``None`` if it passes all."""
    moment = Moment(state.as_dict(), request)
    for gate in system.gates:
        if request.type in gate.on and gate.when.holds(moment):
            for check in gate.checks:
                if (not check.on or request.type in check.on) and check.fails_when.holds(moment):
                    return check
    return None


def shortest_state(system, known, expr):
    """The fewest requests to a state that satisfies the condition; ``None`` if no state does."""
    return min((depth for state, depth in known.items() if expr.holds(Moment(state.as_dict()))), default=None)


def shortest_step(system, known, expr):
    """The fewest requests of a run whose last step satisfies the condition; ``None`` if no step does."""
    lengths = []
    for state, depth in known.items():
        for request in system.all_requests():
            after, verdict = step(system, state, request)
            if expr.holds(Moment(state.as_dict(), request, after.as_dict(), verdict)):
                lengths.append(depth + 1)
    return min(lengths, default=None)


def can_reach(system, known, goal):
    """The states from which some requests lead to one that satisfies the goal."""
    after = {state: {step(system, state, request)[0] for request in system.all_requests()} for state in known}
    can = {state for state in known if goal.holds(Moment(state.as_dict()))}
    while new := {state for state in known if state not in can and after[state] & can}:
        can |= new
    return can


def told_apart(system, claim):
    """The length of the shortest two runs that the observer tells apart, or ``None``; and whether it saw any step."""
    seen, lengths = False, []
    for one, other in choose(claim.between, 2):
        starts = []
        for state in system.initial_states():
            twin = system.replace(state, **{claim.secret.name: other})
            apart = all(
                getattr(state, variable.name) is not value for variable in claim.apart_from for value in (one, other)
            )
            if getattr(state, claim.secret.name) is one and apart and twin in set(system.initial_states()):
                starts.append((state, twin))
        result = dict.fromkeys(starts, 0)
        queue = deque(starts)
        while queue:
            left, right = queue.popleft()
            for request in system.all_requests():
                values = {field.name: request[field.name] for field in request.type.fields}
                twin = request.type(
                    **{
                        name: other if value is one else one if value is other else value
                        for name, value in values.items()
                    }
                )
                sees = all(claim.sees.holds(Moment(state.as_dict(), request)) for state in (left, right))
                after_left, said_left = step(system, left, request)
                after_right, said_right = step(system, right, request if sees else twin)
                if sees:
                    seen = True
                    shown = [
                        tuple(getattr(message, term.name) for term in claim.observes)
                        for message in (said_left, said_right)
                    ]
                    if any(left_sees is not right_sees for left_sees, right_sees in zip(*shown, strict=True)):
                        lengths.append(result[left, right] + 1)
                if (after_left, after_right) not in result:
                    result[after_left, after_right] = result[left, right] + 1
                    queue.append((after_left, after_right))
    return min(lengths, default=None), seen


def distinguished(original, mutant):
    """The fewest requests at whose last one a mutant answers otherwise than the original, or ``None``; every pair."""
    result = {(state, mutant.state(**state.as_dict())): 0 for state in original.initial_states()}
    queue = deque(result)
    while queue:
        left, right = queue.popleft()
        for request in original.all_requests():
            after, expected = step(original, left, request)
            try:
                other, message = step(mutant, right, request)
            except DeclarationError:  # the mutant has no verdict
                return result[left, right] + 1
            for aspect in ("outcome", "at", "reason", "response"):
                if aspect not in expected.unspecified and getattr(expected, aspect) is not getattr(message, aspect):
                    return result[left, right] + 1
            if (after, other) not in result:
                result[after, other] = result[left, right] + 1
                queue.append((after, other))
    return None


def goes_on_without(system, known, claim):
    """The fewest requests to a state from which a fair run never comes to the goal of a `leads_to`; ``None`` if none.

    A component of the graph without the goal is fair if, for each condition, a step in it is such a step or a state in
    it is one where no request makes such a step.
    """
    without = [state for state in known if not claim.then.holds(Moment(state.as_dict()))]
    edges, enabled = {state: [] for state in without}, {state: set() for state in without}
    for state in without:
        for request in system.all_requests():
            after, verdict = step(system, state, request)
            moment = Moment(state.as_dict(), request, after.as_dict(), verdict)
            kept = frozenset(at for at, one in enumerate(claim.given) if one.holds(moment))
            enabled[state] |= kept
            if after in edges:
                edges[state].append((after, kept))
    ways = {state: _reached(state, edges) for state in without}
    endless = set()
    for state in without:
        component = {other for other in ways[state] if state in ways[other]}
        inside = [(one, kept) for one in component for after, kept in edges[one] if after in component]
        made = {at for _, kept in inside for at in kept}
        if inside and all(
            at in made or any(at not in enabled[one] for one in component) for at in range(len(claim.given))
        ):
            endless.add(state)
    cases = [
        known[state]
        for state in without
        if claim.when.holds(Moment(state.as_dict())) and (ways[state] & endless or state in endless)
    ]
    return min(cases, default=None)


def _reached(start, edges):
    """The states that some requests lead to, and the state itself."""
    result, queue = {start}, deque([start])
    while queue:
        for after, _ in edges[queue.popleft()]:
            if after not in result:
                result.add(after)
                queue.append(after)
    return result
