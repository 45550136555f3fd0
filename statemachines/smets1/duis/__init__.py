"""The edge that reads and writes DUIS XML. Needs lxml, which the extra `cli` brings."""

from statemachines.extras import optional_imports

with optional_imports():
    import lxml  # noqa: F401
