"""Who supplies the premises: there is always an Electricity Supplier, and either supplier may change at any time.

Sources: SYS-5, PPMID-4.
"""

from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.terms import Variable
from statemachines.smets1.verdicts import cannot_happen, happens
from statemachines.smets1.vocabulary import SUPPLIERS, ChangeElectricitySupplier, ChangeGasSupplier, Reason, User, to

electricity_supplier = Variable("electricity_supplier", User, among=SUPPLIERS, label="Electricity Supplier")
gas_supplier = Variable("gas_supplier", User, among=(*SUPPLIERS, User.NOBODY), label="Gas Supplier")

electricity = Lifecycle(
    electricity_supplier,
    initial=SUPPLIERS,
    transitions=[
        Transition(
            [other for other in SUPPLIERS if other is not supplier],
            ChangeElectricitySupplier,
            supplier,
            when=to == supplier,
            rules="SYS-5 PPMID-4",
        )
        for supplier in SUPPLIERS
    ],
)

gas = Lifecycle(
    gas_supplier,
    initial=(*SUPPLIERS, User.NOBODY),
    transitions=[
        Transition(
            [other for other in SUPPLIERS if other is not supplier],
            ChangeGasSupplier,
            supplier,
            when=to == supplier,
            rules="SYS-5",
        )
        for supplier in SUPPLIERS
    ],
)

CHECKS = (
    cannot_happen(
        ChangeElectricitySupplier,
        "the Electricity Supplier is another party",
        to == electricity_supplier,
        Reason.NO_NEW_SUPPLIER,
        "SYS-5",
    ),
    cannot_happen(
        ChangeGasSupplier,
        "there is gas, and the Gas Supplier is another party",
        (to == gas_supplier) | (gas_supplier == User.NOBODY),
        Reason.NO_NEW_SUPPLIER,
        "SYS-4 SYS-5",
    ),
)

ANSWERS = (happens(ChangeElectricitySupplier, "SYS-5"), happens(ChangeGasSupplier, "SYS-5"))
