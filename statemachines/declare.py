"""Declarations that fail when they are made: what `statemachines.System` and `statemachines.Claims` are.

Making one explores the slices of the system that decide it, which takes as long as they are large. What is too large
to be explored whenever it is imported is declared with the plain classes of `core.system` and `core.claims`, and
explored by its tests.
"""

import attrs

from statemachines.checker.check import check
from statemachines.checker.wellformed import survey
from statemachines.errors import DeclarationError
from statemachines.language import claims, system


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


@attrs.frozen(eq=False)
class Claims(claims.Claims):
    """As `statemachines.language.claims.Claims`, and checked when they are made for claims that say nothing.

    Raises
    ------
    DeclarationError: besides, for a claim that holds only because its case never happens.
    """

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        for finding in check(self, only=[claim.name for claim in self.claims]).findings:
            if finding.vacuous:
                raise DeclarationError(f"claim {finding.claim.name!r} says nothing: {finding.vacuous}")
