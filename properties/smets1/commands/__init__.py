"""The commands that only `smets1` has."""
