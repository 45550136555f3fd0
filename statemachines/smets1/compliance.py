"""Whether the DCC is compliant with the SEC, as far as the upgrade of PPMID firmware goes (KEY-7).

Once the changed documents are re-designated, an upgrade that they promise and that is rejected for want of keys makes
the DCC non-compliant. The DCC expects the Secretary of State to wait for the key packages; that he has to, no source
says. Sources: KEY-5, KEY-7 and the assumptions MOD-21, MOD-52 and MOD-61.

>>> from statemachines.smets1.commissioning import SmiStatus
>>> from statemachines.smets1.installation import INSTALLATION
>>> from statemachines.smets1.key_package import KeyPackage
>>> re_designated = {"designation": Designation.RE_DESIGNATED, "ppmid_status": SmiStatus.COMMISSIONED}
>>> for keys in (KeyPackage.WITHOUT_PPMID, KeyPackage.WITH_PPMID):
...     print(compliance(INSTALLATION.state(key_package=keys, **re_designated)).value)
non-compliant
compliant
"""

from enum import Enum

from statemachines.language.component import Component
from statemachines.language.expression import Expr, Moment
from statemachines.language.system import State
from statemachines.smets1.designation import Designation, designation, re_designation
from statemachines.smets1.key_package import FOC_LACKS_KEYS, LACKS_KEYS
from statemachines.smets1.verdicts import EventReason


class Compliance(Enum):
    """Whether the DCC is compliant with the SEC, as far as the upgrade of PPMID firmware goes (KEY-7)."""

    COMPLIANT = "compliant"
    NON_COMPLIANT = "non-compliant"


class ComplianceReason(Enum):
    """What a re-designation makes of the DCC."""

    NON_COMPLIANT = (
        "the DCC is non-compliant with the SEC: a migrated installation's key package lacks the PPMID's keys, so that "
        "the upgrade of its firmware is rejected"
    )


NON_COMPLIANT: Expr = (designation == Designation.RE_DESIGNATED) & LACKS_KEYS
"""Where the documents are re-designated, and this installation's key package lacks its PPMID's keys (KEY-7)."""

component = Component(
    "compliance",
    answers=[
        *re_designation(ComplianceReason.NON_COMPLIANT, "DES-1 KEY-7 MOD-61", when=LACKS_KEYS),
        *re_designation(EventReason.HAPPENED, "DES-1 MOD-52", when=FOC_LACKS_KEYS),
    ],
)


def compliance(state: State) -> Compliance:
    """Whether the DCC is compliant, as far as one installation shows; an update of its key package makes it so again.

    Parameters
    ----------
    state: of the installation.
    """
    return Compliance.NON_COMPLIANT if NON_COMPLIANT.holds(Moment(state.as_dict())) else Compliance.COMPLIANT
