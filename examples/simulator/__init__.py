"""A simulator of the DSP, the S1SPs and the DCO at one SMETS1 installation, to be tested.

It is written as such systems are written, by hand, and uses nothing of the framework that tests it.
"""

from .target import Target


def factory() -> Target:
    """The simulator without faults, for ``--sut examples.simulator:factory``."""
    return Target()
