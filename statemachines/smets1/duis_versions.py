"""DUIS versions side by side: nobody is forced to adopt the revised one, except for PPMID firmware functionality.

One Supplier may still be on the version before; the others have adopted the revised one. The schema is the same.
Sources: SRP-4 and the assumption MOD-36.
"""

from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.terms import Variable
from statemachines.smets1.verdicts import cannot_happen, happens
from statemachines.smets1.vocabulary import AdoptDuis, Reason, User

older_duis = Variable(
    "older_duis", User, among=(User.NOBODY, User.SUPPLIER_A), label="Supplier on the older DUIS version"
)

lifecycle = Lifecycle(
    older_duis,
    initial=[User.NOBODY, User.SUPPLIER_A],
    transitions=[Transition(User.SUPPLIER_A, AdoptDuis, User.NOBODY, rules="SRP-4")],
    title="adoption of the revised DUIS",
)

CHECKS = (
    cannot_happen(
        AdoptDuis,
        "a Supplier is on the older DUIS version",
        older_duis == User.NOBODY,
        Reason.ADOPTED_ALREADY,
        "SRP-4",
    ),
)

ANSWERS = (happens(AdoptDuis, "SRP-4 MOD-36"),)
