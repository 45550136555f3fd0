"""Proofs over every reachable state. Needs NumPy and OxiDD, which the extra `check` brings."""

from statemachines.extras import expect_installed

expect_installed("numpy")
