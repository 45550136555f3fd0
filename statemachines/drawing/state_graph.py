"""The state graph of a small system: its reachable states, and the requests between them."""

from statemachines.checker.explicit import Space
from statemachines.drawing.picture import Arrow, Node, Note, Picture
from statemachines.errors import TooLargeError
from statemachines.language.system import State, System

MOST_STATES = 200
"""The most states that a picture has."""
MOST_ARROWS = 2000
"""The most arrows that it has."""
MOST_LINES = 8
"""The most requests that an arrow names."""


def expect_drawable(system: System, states: int) -> None:
    """Refuse more states than a person can look at, with `TooLargeError`."""
    if states > MOST_STATES:
        raise TooLargeError(
            f"{system.name!r} has {states:,} states, expected at most {MOST_STATES} to draw: draw a slice of it, with "
            "fewer variables"
        )


def state_graph(space: Space) -> Picture:
    """The picture of every reachable state, with an arrow for the requests that lead from one to another.

    Parameters
    ----------
    space: what was explored; a slice shows its own variables.

    Raises
    ------
    TooLargeError: for more states or arrows than a person can look at.
    """
    expect_drawable(space.system, len(space))
    states = [space.state(at) for at in range(len(space))]
    varying = [
        variable for variable in space.variables if len({id(getattr(state, variable.name)) for state in states}) > 1
    ]
    requests: dict[tuple[int, int], list[str]] = {}
    for effect in space.effects:
        for source, target in zip(*space.moves(effect), strict=True):
            if source != target:
                requests.setdefault((int(source), int(target)), []).append(str(effect.request))
    if len(requests) > MOST_ARROWS:
        raise TooLargeError(
            f"the picture of {space.system.name!r} would have {len(requests):,} arrows, expected at most "
            f"{MOST_ARROWS}: draw a slice of it, with fewer variables"
        )

    def words(state: State) -> str:
        named = [(variable.label, str(getattr(state, variable.name).value)) for variable in varying]
        return named[0][1] if len(named) == 1 else "\n".join(f"{label}: {word}" for label, word in named)

    left = {source for source, _ in requests}
    nodes = [
        Node(f"s{at}", words(state) or "the only state", initial=not space.depth[at], final=at not in left)
        for at, state in enumerate(states)
    ]
    arrows = [
        Arrow(f"s{source}", f"s{target}", (Note(_lines(names), ()),)) for (source, target), names in requests.items()
    ]
    subtitle = (f"{len(space)} states; requests that change nothing are left out",)
    return Picture("states", space.system.name, subtitle, tuple(nodes), tuple(arrows))


def _lines(requests: list[str]) -> tuple[str, ...]:
    left = len(requests) - MOST_LINES
    return (*requests[:MOST_LINES], f"and {left} more") if left > 1 else tuple(requests)
