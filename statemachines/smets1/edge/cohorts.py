"""GroupIDs and cohorts: those that the sources know, and those of a user's own table (SYS-2, SYS-3, DOC-3).

A definition of GroupID is included in S1SR and DUIS, and is not at hand. A table may therefore name further GroupIDs of
the cohorts whose groups the sources do not name, and each is then another group of its cohort: nothing else follows
from its name. Of FOC the sources name the groups, EA and EB, and no table adds to them.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from statemachines.files.tables import read_tables
from statemachines.language.system import State
from statemachines.smets1.vocabulary import Group, group

KNOWN_GROUPS: Mapping[str, Group] = MappingProxyType({"CA": Group.CA, "EA": Group.EA, "EB": Group.EB})
"""The GroupIDs that the sources know (SYS-3)."""

OTHER_GROUPS: Mapping[str, Group] = MappingProxyType(
    {"IOC": Group.OTHER_IOC, "MOC (MDS)": Group.MDS, "MOC (Secure)": Group.SECURE}
)
"""For each cohort with groups that the sources do not name, what another group of it comes to (SYS-2, SYS-3)."""

COHORT_OF: Mapping[Group, str] = MappingProxyType(
    {Group.CA: "IOC", **{other: cohort for cohort, other in OTHER_GROUPS.items()}, Group.EA: "FOC", Group.EB: "FOC"}
)
"""The cohort of each group."""


def cohort_of(state: State) -> str:
    """The cohort of the installation that a state is of; nothing of a state without a group.

    >>> from statemachines.smets1.installation import INSTALLATION
    >>> cohort_of(INSTALLATION.state(group=Group.EB))
    'FOC'
    """
    value = state.as_dict().get(group.name)
    return COHORT_OF[value] if isinstance(value, Group) else ""


def read_groups(path: Path) -> Mapping[str, Group]:
    """The GroupIDs of a user's own table, beside those that the sources know.

    Parameters
    ----------
    path: CSV, TOML (``[[group]]``) or Parquet with the columns ``group_id`` and ``cohort``: IOC, MOC (MDS),
        MOC (Secure) or FOC. A GroupID that the sources know may be named with its cohort.

    Raises
    ------
    TomlFileError: naming the row, the value and what was expected.
    """
    groups: dict[str, Group] = {}
    for row in read_tables(path, "group"):
        name = row.value("group_id", str)
        cohort = row.choice("cohort", {known: known for known in COHORT_OF.values()})
        row.finish()
        known = KNOWN_GROUPS.get(name)
        if name in groups:
            raise row.error("group_id", name, "a GroupID that no other row has")
        if name in OTHER_GROUPS:
            raise row.error("group_id", name, "a GroupID, and no cohort")
        if known is not None and COHORT_OF[known] != cohort:
            raise row.error("cohort", cohort, f"{COHORT_OF[known]}, for the cohort of {name} is known (SYS-3)")
        if known is None and cohort not in OTHER_GROUPS:
            raise row.error("group_id", name, f"EA or EB, which are the groups of {cohort} (SYS-3)")
        groups[name] = OTHER_GROUPS[cohort] if known is None else known
    return MappingProxyType({**KNOWN_GROUPS, **groups})
