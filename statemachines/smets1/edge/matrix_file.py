"""A user's own table of Service Request Variants, in place of DCC's matrix of a later DUIS (SRM-1)."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from statemachines.files.tables import read_tables
from statemachines.files.toml import TomlTable
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS, FutureDating, Role, ServiceRequestVariant

T = TypeVar("T")

COLUMNS = ("srv", "name", "critical", "on_demand", "future_dated", "dcc_scheduled", "non_device", "roles")
_YES = {"yes": True, "no": False}
_ROLES = {role.value: role for role in Role}
_HOLDERS = {holder.value: holder for holder in FutureDating}


def read_matrix(path: Path) -> Mapping[str, ServiceRequestVariant]:
    """The SRVs of a table, by what each is called.

    Parameters
    ----------
    path: CSV, TOML (``[[service_request]]``) or Parquet with the columns of `COLUMNS`. What is yes or no says so;
        ``future_dated`` names who can hold a request, DSP or Device, or both with a space between; ``roles`` names
        roles likewise, and is empty where the table is silent on them.

    Raises
    ------
    TomlFileError: naming the row, the value and what was expected.
    """
    variants: dict[str, ServiceRequestVariant] = {}
    for row in read_tables(path, "service_request"):
        variant = ServiceRequestVariant(
            srv=row.value("srv", _srv),
            name=row.value("name", str),
            critical=row.choice("critical", _YES),
            on_demand=row.choice("on_demand", _YES),
            future_dated=_words(row, "future_dated", _HOLDERS),
            dcc_scheduled=row.choice("dcc_scheduled", _YES),
            non_device=row.choice("non_device", _YES),
            roles=_words(row, "roles", _ROLES),
        )
        row.finish()
        if variant.srv in variants:
            raise row.error("srv", variant.srv, "an SRV that no other row has")
        variants[variant.srv] = variant
    return MappingProxyType(variants)


def matrix_csv(matrix: Mapping[str, ServiceRequestVariant] = SERVICE_REQUESTS) -> str:
    """The table as CSV, as `read_matrix` reads it.

    >>> print(*matrix_csv().splitlines()[:2], sep="\\n")
    srv,name,critical,on_demand,future_dated,dcc_scheduled,non_device,roles
    1.1.1,Update Import Tariff (Primary Element),yes,yes,Device,no,no,IS GS
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for variant in matrix.values():
        truths = (variant.critical, variant.on_demand, variant.dcc_scheduled, variant.non_device)
        critical, on_demand, scheduled, non_device = ("yes" if true else "no" for true in truths)
        held = " ".join(holder.value for holder in FutureDating if holder in variant.future_dated)
        roles = " ".join(role.value for role in Role if role in variant.roles)
        rows.writerow((variant.srv, variant.name, critical, on_demand, held, scheduled, non_device, roles))
    return text.getvalue()


def _srv(text: str) -> str:
    if not 2 <= len(parts := text.split(".")) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(f"'{text}', expected a Service Reference Variant, such as 6.20.1")
    return text


def _words(row: TomlTable, key: str, options: Mapping[str, T]) -> frozenset[T]:
    """The options that the words of a cell name; none, of an empty cell."""
    words = (row.optional_value(key, str) or "").split()
    for word in words:
        if word not in options:
            raise row.error(key, word, f"any of {', '.join(options)}, with spaces between, or nothing")
    return frozenset(options[word] for word in words)
