"""Options of a run of the benchmarks."""

import attrs


@attrs.frozen
class Options:
    """How much is done.

    Parameters
    ----------
    seed: of the requests that are drawn.
    quick: whether a tenth of the work is enough, to see that it runs.
    """

    seed: int = 1
    quick: bool = False

    @property
    def rounds(self) -> int:
        """How often each is timed."""
        return 2 if self.quick else 9

    def at_most(self, steps: int) -> int:
        """How many of so many requests are sent."""
        return max(100, steps // 10) if self.quick else steps
