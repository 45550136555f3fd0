"""A user's own DMVES: the Device Model Variations to Equivalent Steps Matrix, Annex A of S1SR (DOC-2).

S1SR accommodates behaviours that are specific to Device Models, and the matrix is part of what is consulted on and
submitted; its content is not at hand. A user's table is taken as it is: where it has a row for the model of a device
and an SRV, a verdict on such a request at that device says so. Nothing else follows from it.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from statemachines.files.shown import printable
from statemachines.files.tables import read_tables

Variations = Mapping[tuple[str, str], str]
"""For a Device Model and a step, the equivalent step."""


def read_variations(path: Path) -> Variations:
    """The variations of a table.

    Parameters
    ----------
    path: CSV, TOML (``[[variation]]``) or Parquet with the columns ``device_model``, ``step`` and
        ``equivalent_step``, in the user's own words. A step that is an SRV is one that requests are judged by.

    Raises
    ------
    TomlFileError: naming the row, the value and what was expected.
    """
    variations: dict[tuple[str, str], str] = {}
    for row in read_tables(path, "variation"):
        model, step, equivalent = (row.value(key, printable) for key in ("device_model", "step", "equivalent_step"))
        row.finish()
        if (model, step) in variations:
            raise row.error("step", step, f"a step of {model} that no other row has")
        variations[model, step] = equivalent
    return MappingProxyType(variations)
