"""Random claims of a system, one of each kind."""

from hypothesis import strategies as st

from statemachines import Claims, always, always_possible, sometimes
from statemachines.language.expression import TRUE


@st.composite
def every_kind(draw, strategies, system):
    """Claims of a system, one of each kind and of states and of steps."""
    of_states, of_steps = strategies.state_conditions(system), strategies.step_conditions(system)
    made = [
        always("always of a state", when=draw(of_states), then=draw(of_states), rules="R-1"),
        always("always of a step", when=draw(of_steps), then=draw(of_steps), rules="R-1"),
        sometimes("sometimes a state", of=draw(of_states), rules="R-1"),
        sometimes("sometimes a step", of=draw(of_steps), rules="R-1"),
        always_possible("possible", when=draw(st.just(TRUE) | of_states), goal=draw(of_states), rules="R-1"),
    ]
    made.append(draw(strategies.secrets(system)).claim("secret"))
    return Claims(system, made)
