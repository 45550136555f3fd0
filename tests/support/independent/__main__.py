"""So many random systems, compared: ``python -m tests.support.independent 5000 [first seed]``."""

import sys
import time

from tests.support.independent import Compared, compare, compare_variants


def main():
    count, first = int(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 0
    compared, started = Compared(), time.perf_counter()
    for seed in range(first, first + count):
        compare(seed, compared)
        compare_variants(seed, compared)
    say = sys.stdout.write
    for kind, number in sorted(compared.kinds.items()):
        say(f"{number:>8,} {kind}\n")
    for difference in compared.differences[:20]:
        say(f"{difference}\n")
    say(f"{count} systems, {len(compared.differences)} differences, {time.perf_counter() - started:.0f} s\n")


if __name__ == "__main__":
    main()
