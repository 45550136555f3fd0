"""DUIS versions side by side: nobody is forced to adopt the revised one, except for PPMID firmware functionality.

One Supplier may still be on the version before; the others have adopted the revised one. The schema is the same.
Sources: SRP-4 and the assumption MOD-36.
"""

from enum import Enum

from statemachines.language.component import Component
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.terms import Variable
from statemachines.smets1.verdicts import happens, happens_only
from statemachines.smets1.vocabulary import AdoptDuis, Party, User


class DuisReason(Enum):
    """Why the revised DUIS is not adopted."""

    ADOPTED_ALREADY = "every Supplier has adopted the revised DUIS"


older_duis = Variable(
    "older_duis", User, among=(User.NOBODY, User.SUPPLIER_A), label="Supplier on the older DUIS version"
)

component = Component(
    "DUIS versions",
    lifecycles=[
        Lifecycle(
            older_duis,
            initial=[User.NOBODY, User.SUPPLIER_A],
            transitions=[Transition(User.SUPPLIER_A, AdoptDuis, User.NOBODY, rules="SRP-4")],
            title="adoption of the revised DUIS",
        )
    ],
    checks={
        Party.PREMISES: [
            happens_only(
                AdoptDuis,
                "a Supplier is on the older DUIS version",
                older_duis != User.NOBODY,
                otherwise=DuisReason.ADOPTED_ALREADY,
                rules="SRP-4",
            )
        ]
    },
    answers=[happens(AdoptDuis, "SRP-4 MOD-36")],
)
