"""A factory for each fault: ``--sut examples.simulator.faulty:gas_supplier_may_activate``."""

from collections.abc import Callable
from functools import partial

from .answers import MessageError
from .target import Target, fault_called


def __getattr__(name: str) -> Callable[[], Target]:
    try:
        return partial(Target, fault_called(name))
    except MessageError as error:
        raise AttributeError(str(error)) from None
