"""Systems that are explored when they are made: what `statemachines.System` is.

Making one explores the slices of the system that decide it, which takes as long as they are large. What is too large
to be explored whenever it is imported is declared with `statemachines.language.system.System`, and explored by its
tests.
"""

import attrs

from statemachines.checker.wellformed import survey
from statemachines.language import system


@attrs.frozen(eq=False)
class System(system.System):
    """As `statemachines.language.system.System`, and explored when it is made.

    Raises
    ------
    DeclarationError: besides, for a request without a verdict, two transitions that can fire at once, a state that
        nothing reaches, a transition that can never fire and a check that never decides, naming the state and request.
    """

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        survey(self).raise_first()
