"""Copies of the installation with one planted fault each, at least one for every rule: what the claims must catch.

Each is claims under a name of its own here, so that ``pytest --pyargs properties.conformance --system
properties.smets1.faults:gas_supplier_may_activate`` runs on it. The simulator in `examples` has faults of its own.
"""

from collections.abc import Callable
from functools import partial

import attrs

from properties.mutation.planting import Fault
from properties.smets1.faults import devices, documents, keys, migration, requests, unstated, upgrades
from properties.smets1.installation import claims_of
from statemachines.language.claims import Claims
from statemachines.smets1.installation import INSTALLATION

FAULTS: dict[str, Fault] = {
    **upgrades.FAULTS,
    **keys.FAULTS,
    **requests.FAULTS,
    **migration.FAULTS,
    **devices.FAULTS,
    **documents.FAULTS,
    **unstated.FAULTS,
}


def faulty(fault: Fault) -> Claims:
    """The installation's claims of a copy with the fault; its name says that it is one."""
    copy = fault.plant(INSTALLATION)
    return claims_of(attrs.evolve(copy, name=f"{copy.name} with a planted fault"))


def __getattr__(name: str) -> Callable[[], Claims]:
    """What makes the claims of a faulty copy, by the fault's name."""
    if name in FAULTS:
        return partial(faulty, FAULTS[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
