"""Who supplies the premises, and who installed its meters.

There is always an Electricity Supplier, and either supplier may change at any time. The Installing Supplier stays who
it is, and may have ceased to supply the premises, or never have been registered there. Sources: SYS-5, PPMID-4 and the
assumptions MOD-45 and MOD-56.
"""

from enum import Enum

from statemachines.language.component import Component
from statemachines.language.expression import Expr
from statemachines.language.lifecycle import Lifecycle, Transition, fixed
from statemachines.language.requests import RequestType
from statemachines.language.terms import Variable
from statemachines.smets1.verdicts import happens, happens_only
from statemachines.smets1.vocabulary import SUPPLIERS, ChangeElectricitySupplier, ChangeGasSupplier, Party, User, to


class SupplyReason(Enum):
    """Why a supplier does not change."""

    NO_NEW_SUPPLIER = "that party is the supplier already"
    NO_GAS = "there is no gas, and so no Gas Supplier"


electricity_supplier = Variable("electricity_supplier", User, among=SUPPLIERS, label="Electricity Supplier")
gas_supplier = Variable("gas_supplier", User, among=(*SUPPLIERS, User.NOBODY), label="Gas Supplier")

installing_supplier = Variable("installing_supplier", User, among=SUPPLIERS, label="Installing Supplier")
"""The Supplier that installed the meters, whoever supplies the premises now (MOD-56)."""

NO_GAS: Expr = gas_supplier == User.NOBODY
"""Where there is no gas, and so no gas meter and no MPRN (MOD-40)."""


def _to_the_party_named(change: RequestType, rules: str) -> list[Transition[User]]:
    """From any other Supplier to the one that the event names."""
    return [
        Transition([other for other in SUPPLIERS if other is not new], change, new, when=to == new, rules=rules)
        for new in SUPPLIERS
    ]


component = Component(
    "supply",
    lifecycles=[
        Lifecycle(electricity_supplier, SUPPLIERS, _to_the_party_named(ChangeElectricitySupplier, "SYS-5 PPMID-4")),
        Lifecycle(gas_supplier, (*SUPPLIERS, User.NOBODY), _to_the_party_named(ChangeGasSupplier, "SYS-5")),
        fixed(installing_supplier),
    ],
    checks={
        Party.PREMISES: [
            happens_only(
                ChangeElectricitySupplier,
                "the Electricity Supplier is another party",
                to != electricity_supplier,
                otherwise=SupplyReason.NO_NEW_SUPPLIER,
                rules="SYS-5",
            ),
            happens_only(
                ChangeGasSupplier,
                "there is gas",
                ~NO_GAS,
                otherwise=SupplyReason.NO_GAS,
                rules="MOD-45",
            ),
            happens_only(
                ChangeGasSupplier,
                "the Gas Supplier is another party",
                to != gas_supplier,
                otherwise=SupplyReason.NO_NEW_SUPPLIER,
                rules="SYS-5",
            ),
        ]
    },
    answers=[happens(ChangeElectricitySupplier, "SYS-5"), happens(ChangeGasSupplier, "SYS-5")],
)
