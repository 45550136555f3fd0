"""Claims about who supplies the premises (SYS-5), and that a supplier's identity does not show (PPMID-6)."""

from statemachines import after, always, indistinguishable, is_a, sometimes
from statemachines.core.expression import TRUE
from statemachines.supply import electricity_supplier, gas_supplier
from statemachines.vocabulary import (
    SUPPLIERS,
    ChangeElectricitySupplier,
    ChangeGasSupplier,
    User,
    decided_at,
    outcome,
    reason,
    response,
    sender,
)

CLAIMS = (
    sometimes(
        "supply may be split",
        of=(gas_supplier != electricity_supplier) & (gas_supplier != User.NOBODY),
        rules="SYS-5",
    ),
    sometimes("supply may be dual fuel", of=gas_supplier == electricity_supplier, rules="SYS-5"),
    always(
        "there is always an Electricity Supplier",
        when=TRUE,
        then=electricity_supplier.is_in(*SUPPLIERS),
        rules="SYS-5",
    ),
    always(
        "the Electricity Supplier changes only by a change of Electricity Supplier",
        when=after(electricity_supplier) != electricity_supplier,
        then=is_a(ChangeElectricitySupplier),
        rules="SYS-5 PPMID-4",
    ),
    always(
        "the Gas Supplier changes only by a change of Gas Supplier",
        when=after(gas_supplier) != gas_supplier,
        then=is_a(ChangeGasSupplier),
        rules="SYS-5",
    ),
    indistinguishable(
        "the Electricity Supplier cannot tell who the Gas Supplier is",
        secret=gas_supplier,
        between=SUPPLIERS,
        sees=sender == electricity_supplier,
        observes=(outcome, decided_at, reason, response),
        rules="PPMID-6",
    ),
)
