"""The graph of a small system's states: it is what the oracle does."""

import pytest

from statemachines import Oracle
from statemachines.checker.explicit import explore
from statemachines.drawing import state_graph as graph
from statemachines.drawing.draw import drawing
from statemachines.errors import TooLargeError
from tests.support import house


@pytest.fixture(scope="module")
def space(house_system):
    return explore(house_system)


def test_each_arrow_is_what_the_oracle_does(house_system, space):
    picture, oracle = graph.state_graph(space), Oracle(house_system)
    states = [space.state(at) for at in range(len(space))]
    wanted = {}
    for at, state in enumerate(states):
        for request in house_system.all_requests():
            after = states.index(oracle.decide(state, request)[0])
            if after != at:
                wanted.setdefault((f"s{at}", f"s{after}"), []).append(str(request))
    shown = {(arrow.source, arrow.target): list(arrow.notes[0].lines) for arrow in picture.arrows}
    assert shown == wanted
    assert [node.initial for node in picture.nodes] == [state in house_system.initial_states() for state in states]
    assert picture.nodes[0].words == "lamp: off\ndoor: open\nfuse: whole\nkey holder: Ann"


def test_a_slice_shows_its_own_variables_alone(house_system):
    holders = graph.state_graph(explore(house_system, variables=[house.holder]))
    assert [node.words for node in holders.nodes] == ["Ann", "Ben", "Cat"]
    assert all(node.final for node in holders.nodes)


def test_an_arrow_names_no_more_requests_than_can_be_read(space, monkeypatch):
    monkeypatch.setattr(graph, "MOST_LINES", 1)
    lines = {arrow.notes[0].lines for arrow in graph.state_graph(space).arrows}
    assert ("Push Door (by Ann)", "and 2 more") in lines


def test_it_can_be_drawn(space):
    svg = drawing(graph.state_graph(space), "svg").decode()
    assert "27 states; requests that change nothing are left out" in svg
    assert svg.count("Turn Key (by Ann)") == 2 * 3


@pytest.mark.parametrize(("limit", "says"), [("MOST_STATES", "has 27 states"), ("MOST_ARROWS", "would have")])
def test_what_nobody_can_look_at_is_refused(space, monkeypatch, limit, says):
    monkeypatch.setattr(graph, limit, 26)
    with pytest.raises(TooLargeError, match=says):
        graph.state_graph(space)
