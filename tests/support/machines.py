"""Machine files in tests: random systems with claims of every kind, and what their schema says."""

import json
from functools import cache
from importlib.resources import files

from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from statemachines import Claims, always, always_possible, leads_to, sometimes
from tests.support import strategies


@cache
def validator():
    """The validator of the schema that ships."""
    return Draft202012Validator(json.loads((files("statemachines.exports") / "machine.schema.json").read_text()))


@st.composite
def claims(draw):
    """A random system, and a claim of each kind."""
    system = draw(strategies.systems())
    of_states, of_steps = strategies.state_conditions(system), strategies.step_conditions(system)
    secret = draw(strategies.secrets(system))
    return Claims(
        system,
        [
            always("a", when=draw(of_steps), then=draw(of_steps), rules="R-0"),
            sometimes("b", of=draw(of_steps), rules="R-1"),
            always_possible("c", when=draw(of_states), goal=draw(of_states), rules="R-2"),
            leads_to("d", when=draw(of_states), then=draw(of_states), given=[draw(of_steps)], rules="R-3"),
            secret.claim("e", rules="R-0 R-1"),
        ],
    )
