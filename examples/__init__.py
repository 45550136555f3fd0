"""Examples, to be run from a checkout: nothing here is installed."""
