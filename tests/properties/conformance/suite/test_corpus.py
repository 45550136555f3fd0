"""Sets of states of a pool as integers."""

from random import Random

from properties.conformance.suite.corpus import transposed


def test_transposed_sets_have_the_numbers_of_those_that_have_an_index():
    random = Random(1)
    for count, sets in ((1, 1), (9, 0), (13, 5_000), (100, 17), (8, 8)):
        rows = [random.getrandbits(count) for _ in range(sets)]
        expected = [sum(1 << number for number, row in enumerate(rows) if row >> at & 1) for at in range(count)]
        assert transposed(rows, count) == expected
