"""Fleet readiness: how many installations lack their PPMID's keys, and when re-designation would be compliant.

Re-designation while a migrated installation outside FOC lacks its PPMID's keys would make the DCC non-compliant
(KEY-7); an installation without a PPMID lacks none (MOD-21). Of compliance in anything else nothing is said.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from itertools import accumulate
from pathlib import Path

import attrs

from statemachines.files.tables import read_tables
from statemachines.files.toml import TomlTable
from statemachines.smets1.edge.cohorts import COHORT_OF, KNOWN_GROUPS, OTHER_GROUPS
from statemachines.smets1.regime import EARLIEST
from statemachines.smets1.vocabulary import FOC, Group

MOST_NAMED = 10
"""How many installations that no day is known of are named."""

_TRUTHS = {"yes": True, "true": True, "no": False, "false": False}


@attrs.frozen
class SiteRow:
    """One installation of the table.

    Parameters
    ----------
    name: what the table calls it.
    group: its group.
    migrated: the day on which it is migrated; ``None`` if it is not.
    ppmid: whether it has a PPMID.
    keys: the first day on which its key package holds the PPMID's keys; ``None`` if none is known.
    """

    name: str
    group: Group
    migrated: date | None
    ppmid: bool
    keys: date | None

    def lacks_keys(self, on: date) -> bool:
        """Whether it is migrated on a day and lacks the keys of its PPMID."""
        migrated = self.migrated is not None and self.migrated <= on
        return self.ppmid and migrated and (self.keys is None or self.keys > on)


@attrs.frozen
class CohortReadiness:
    """How the installations of a cohort stand on a day.

    Parameters
    ----------
    installations, migrated, with_ppmid: how many there are, are migrated, and of these have a PPMID.
    lacking: how many migrated ones lack their PPMID's keys.
    undated: how many of all lack them for ever, for no day is known on which they come.
    """

    installations: int = 0
    migrated: int = 0
    with_ppmid: int = 0
    lacking: int = 0
    undated: int = 0


@attrs.frozen
class Readiness:
    """How a fleet stands, and when re-designation would be compliant.

    Parameters
    ----------
    on: the day on which installations are counted.
    cohorts: how those of each cohort stand. FOC's lack keys too, and count for nothing in `compliant`.
    compliant: from 29 September 2020 on, the periods in which re-designation would be compliant in what KEY-7 speaks
        of: the first day of each, and the first day after it, if it ends.
    undated: some of the installations outside FOC for which no day is known.
    """

    on: date
    cohorts: Mapping[str, CohortReadiness]
    compliant: tuple[tuple[date, date | None], ...]
    undated: tuple[str, ...]


def read_sites(
    path: Path, *, uplift: date | None = None, groups: Mapping[str, Group] = KNOWN_GROUPS
) -> Iterator[SiteRow]:
    """The installations of a table, one at a time.

    Parameters
    ----------
    path: CSV, TOML (``[[installation]]``) or Parquet with the columns ``installation``, a name; ``group``, a GroupID or
        the cohort of another group; ``ppmid``, yes or no; ``migrated``, a day, empty if it is not; ``keys``, the first
        day on which the key package holds the PPMID's keys, empty if none is known.
    uplift: the first day of Uplift 1.2, if it is known: an installation that is migrated from then on has its PPMID's
        keys from its migration on (KEY-3), and none has them before (KEY-2).
    groups: the GroupIDs that there are.

    Raises
    ------
    TomlFileError: naming the row, the value and what was expected.
    """
    options, names = {**groups, **OTHER_GROUPS}, set[str]()
    for row in read_tables(path, "installation"):
        name, ppmid = row.value("installation", str), row.choice("ppmid", _TRUTHS)
        group, migrated, keys = row.choice("group", options), _day(row, "migrated"), _day(row, "keys")
        row.finish()
        if name in names:
            raise row.error("installation", name, "another name: a row above has this one")
        names.add(name)
        if keys is not None and not ppmid:
            raise row.error("keys", str(keys), "none, for there is no PPMID")
        if keys is not None and uplift is not None and keys < uplift:
            raise row.error("keys", str(keys), f"a day no earlier than Uplift 1.2, {uplift} (KEY-2)")
        if ppmid and keys is None and migrated is not None and uplift is not None and uplift <= migrated:
            keys = migrated
        yield SiteRow(name, group, migrated, ppmid, keys)


def readiness(sites: Iterable[SiteRow], on: date) -> Readiness:
    """How a fleet stands, and when re-designation would be compliant.

    Parameters
    ----------
    sites: the installations; each is looked at once, and none is kept.
    on: the day on which they are counted.

    >>> day = date(2020, 10, 1)
    >>> one = SiteRow("a", Group.MDS, day, ppmid=True, keys=date(2020, 10, 12))
    >>> fleet = [one, SiteRow("b", Group.CA, day, False, None)]
    >>> readiness(fleet, on=day).compliant
    ((datetime.date(2020, 9, 29), datetime.date(2020, 10, 1)), (datetime.date(2020, 10, 12), None))
    """
    counts: dict[str, Counter[str]] = {cohort: Counter() for cohort in COHORT_OF.values()}
    steps: Counter[date] = Counter()
    undated: list[str] = []
    for site in sites:
        migrated = site.migrated is not None and site.migrated <= on
        never = site.ppmid and site.migrated is not None and site.keys is None
        counts[COHORT_OF[site.group]].update(
            installations=1,
            migrated=migrated,
            with_ppmid=migrated and site.ppmid,
            lacking=site.lacks_keys(on),
            undated=never,
        )
        if site.group in FOC or not site.ppmid or site.migrated is None:
            continue
        if site.keys is None or site.keys > site.migrated:
            steps[site.migrated] += 1
            if site.keys is not None:
                steps[max(site.keys, EARLIEST)] -= 1
        if never and len(undated) < MOST_NAMED:
            undated.append(site.name)
    return Readiness(
        on,
        {cohort: CohortReadiness(**count) for cohort, count in counts.items()},
        tuple(_compliant(steps)),
        tuple(undated),
    )


def _compliant(steps: Mapping[date, int]) -> Iterator[tuple[date, date | None]]:
    """The periods in which no installation lacks keys, from the days on which their number changes."""
    days = sorted({EARLIEST, *steps})
    lacking = list(accumulate(steps.get(day, 0) for day in days))
    since: date | None = None
    for day, number in zip(days, lacking, strict=True):
        if number == 0 and since is None:
            since = day
        if number and since is not None:
            yield since, day
            since = None
    if since is not None:
        yield since, None


def _day(row: TomlTable, key: str) -> date | None:
    return row.optional_value(key, _as_day)


def _as_day(text: str) -> date:
    """The day that a text names; a column of times, as Parquet has them, names one by its midnight."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.time() != time():
        raise ValueError(f"{text!r} is not a day, expected one as in 2020-10-15")
    return moment.date()
