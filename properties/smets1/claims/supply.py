"""Claims about who supplies the premises, and that a supplier's identity does not show.

Sources: SYS-4, SYS-5, PPMID-4, PPMID-6.
"""

from properties.smets1.claims.requests import NOTHING_CHANGES
from statemachines import after, always, indistinguishable, is_a, sometimes
from statemachines.language.expression import TRUE
from statemachines.smets1.duis_versions import older_duis
from statemachines.smets1.reasons import reason
from statemachines.smets1.supply import SupplyReason, electricity_supplier, gas_supplier
from statemachines.smets1.verdicts import EventReason
from statemachines.smets1.vocabulary import (
    SUPPLIERS,
    ChangeElectricitySupplier,
    ChangeGasSupplier,
    Outcome,
    User,
    decided_at,
    outcome,
    response,
    sender,
    to,
)

HAPPENED = (outcome == Outcome.HAPPENED) & (reason == EventReason.HAPPENED)
NO_CHANGE = (outcome == Outcome.CANNOT_HAPPEN) & NOTHING_CHANGES
NO_NEW_SUPPLIER = NO_CHANGE & (reason == SupplyReason.NO_NEW_SUPPLIER)

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
    always(
        "another party can take over as Electricity Supplier at any time",
        when=is_a(ChangeElectricitySupplier) & (to != electricity_supplier),
        then=HAPPENED & (after(electricity_supplier) == to),
        rules="SYS-5 PPMID-4",
    ),
    always(
        "the Electricity Supplier does not take over from itself",
        when=is_a(ChangeElectricitySupplier) & (to == electricity_supplier),
        then=NO_NEW_SUPPLIER,
        rules="SYS-5",
    ),
    always(
        "another party can take over as Gas Supplier at any time, where there is gas",
        when=is_a(ChangeGasSupplier) & gas_supplier.is_in(*SUPPLIERS) & (to != gas_supplier),
        then=HAPPENED & (after(gas_supplier) == to),
        rules="SYS-5",
    ),
    always(
        "the Gas Supplier does not take over from itself",
        when=is_a(ChangeGasSupplier) & (to == gas_supplier),
        then=NO_NEW_SUPPLIER,
        rules="SYS-5",
    ),
    sometimes("there may be no gas at the premises", of=gas_supplier == User.NOBODY, rules="MOD-45"),
    always(
        "where there is no gas no Gas Supplier takes over",
        when=is_a(ChangeGasSupplier) & (gas_supplier == User.NOBODY),
        then=NO_CHANGE & (reason == SupplyReason.NO_GAS),
        rules="MOD-45",
    ),
    indistinguishable(
        "the Electricity Supplier cannot tell who the Gas Supplier is",
        secret=gas_supplier,
        between=SUPPLIERS,
        sees=sender == electricity_supplier,
        observes=(outcome, decided_at, reason, response),
        apart_from=(electricity_supplier, older_duis),
        rules="PPMID-6 MOD-49",
    ),
)
