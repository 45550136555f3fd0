"""Fleet readiness: counts for each cohort, and the days on which re-designation would be compliant (KEY-7)."""

import random
from datetime import date, timedelta

import pytest

from statemachines.files.toml import TomlFileError
from statemachines.smets1.edge.cohorts import read_groups
from statemachines.smets1.edge.readiness import SiteRow, read_sites, readiness
from statemachines.smets1.vocabulary import FOC, Group

EARLIEST = date(2020, 9, 29)
HEADER = "installation,group,ppmid,migrated,keys\n"


def day(text: str | None) -> date | None:
    return date.fromisoformat(f"2020-{text}") if text else None


def site(group: Group, migrated: str | None, keys: str | None = None, *, ppmid: bool = True) -> SiteRow:
    return SiteRow(f"{group.name} {migrated}", group, day(migrated), ppmid, day(keys))


def compliant(*sites: SiteRow) -> list[tuple[str, str | None]]:
    periods = readiness(sites, EARLIEST).compliant
    return [(f"{first:%m-%d}", end and f"{end:%m-%d}") for first, end in periods]


@pytest.mark.parametrize(
    ("sites", "periods"),
    [
        ([], [("09-29", None)]),
        ([site(Group.MDS, "09-01", "10-12")], [("10-12", None)]),
        ([site(Group.MDS, "09-01", "10-12"), site(Group.CA, "08-01", "10-20")], [("10-20", None)]),
        ([site(Group.MDS, "09-01")], []),
        ([site(Group.MDS, "10-05")], [("09-29", "10-05")]),
        ([site(Group.MDS, "10-05", "10-09")], [("09-29", "10-05"), ("10-09", None)]),
        ([site(Group.MDS, "10-05", "10-05")], [("09-29", None)]),
        ([site(Group.MDS, "09-01", "09-20")], [("09-29", None)]),
        ([site(Group.MDS, None)], [("09-29", None)]),
        ([site(Group.MDS, "09-01", ppmid=False)], [("09-29", None)]),
        ([site(Group.EA, "09-01"), site(Group.EB, "09-01")], [("09-29", None)]),
    ],
)
def test_the_days_on_which_re_designation_would_be_compliant(sites, periods):
    assert compliant(*sites) == periods


@pytest.mark.parametrize("seed", range(20))
def test_a_day_is_in_a_period_if_nobody_lacks_keys_on_it(seed):
    dice = random.Random(seed)
    days = [None, *(EARLIEST + timedelta(n) for n in range(-5, 20))]
    sites = [
        SiteRow(str(n), dice.choice(list(Group)), dice.choice(days), dice.random() < 0.7, dice.choice(days))
        for n in range(dice.randrange(6))
    ]
    periods = readiness(sites, EARLIEST).compliant
    for on in (EARLIEST + timedelta(n) for n in range(30)):
        inside = any(first <= on and (end is None or on < end) for first, end in periods)
        assert inside == (not any(one.lacks_keys(on) for one in sites if one.group not in FOC)), on


def test_installations_are_counted_for_each_cohort():
    sites = [
        site(Group.CA, "09-01", "10-12"),
        site(Group.OTHER_IOC, "09-01"),
        site(Group.OTHER_IOC, "12-01"),
        site(Group.OTHER_IOC, None),
        site(Group.MDS, "09-01", ppmid=False),
        site(Group.EA, "09-01"),
    ]
    result = readiness(sites, date(2020, 10, 1))
    counted = {
        cohort: (one.installations, one.migrated, one.with_ppmid, one.lacking, one.undated)
        for cohort, one in result.cohorts.items()
    }
    assert counted == {
        "IOC": (4, 2, 2, 2, 2),
        "MOC (MDS)": (1, 1, 0, 0, 0),
        "MOC (Secure)": (0, 0, 0, 0, 0),
        "FOC": (1, 1, 1, 1, 1),
    }
    assert result.undated == ("OTHER_IOC 09-01", "OTHER_IOC 12-01")


def written(tmp_path, text, name="fleet.csv"):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_a_table_is_read(tmp_path):
    path = written(tmp_path, HEADER + "a,CA,yes,2020-09-01,2020-10-12\nb,MOC (MDS),no,,\n")
    assert list(read_sites(path)) == [
        SiteRow("a", Group.CA, date(2020, 9, 1), True, date(2020, 10, 12)),
        SiteRow("b", Group.MDS, None, False, None),
    ]


def test_whoever_is_migrated_after_the_uplift_has_keys_by_its_join(tmp_path):
    path = written(tmp_path, HEADER + "a,IOC,yes,2020-10-01,\nb,IOC,yes,2020-09-30,\nc,IOC,no,2020-10-02,\n")
    assert [one.keys for one in read_sites(path, uplift=date(2020, 10, 1))] == [date(2020, 10, 1), None, None]
    assert [one.keys for one in read_sites(path)] == [None, None, None]


def test_a_groupid_of_ones_own_table(tmp_path):
    groups = read_groups(written(tmp_path, "group_id,cohort\nXQ,MOC (Secure)\nCA,IOC\n", "groups.csv"))
    (one,) = read_sites(written(tmp_path, HEADER + "a,XQ,no,,\n"), groups=groups)
    assert one.group is Group.SECURE
    with pytest.raises(TomlFileError, match="group is 'XQ', expected one of"):
        list(read_sites(written(tmp_path, HEADER + "a,XQ,no,,\n")))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,ZZ,yes,,", "line 2: installation.group is 'ZZ', expected one of"),
        ("a,CA,maybe,,", "line 2: installation.ppmid is 'maybe', expected one of"),
        (
            "a,CA,yes,1 October,",
            "line 2: installation.migrated: '1 October' is not a day, expected",
        ),
        ("a,CA,yes,2020-02-30,", "line 2: installation.migrated: '2020-02-30' is not a day"),
        ("a,CA,yes,2020-09-01 03:00:00,", "line 2: installation.migrated: '2020-09-01 03:00:00' is not a day"),
        ("a,CA,yes,,\na,CA,no,,", "line 3: installation.installation is 'a', expected another name: a row above"),
        ("a,CA,no,2020-09-01,2020-10-01", "line 2: installation.keys is '2020-10-01', expected none, for there is no"),
        ("a,CA,yes,2020-09-01,2020-09-30", "expected a day no earlier than Uplift 1.2, 2020-10-01 (KEY-2)"),
        (",CA,yes,,", "line 2: installation.installation is missing"),
    ],
)
def test_what_is_wrong_with_a_row_is_named(tmp_path, row, message):
    with pytest.raises(TomlFileError) as caught:
        list(read_sites(written(tmp_path, f"{HEADER}{row}\n"), uplift=date(2020, 10, 1)))
    assert message in str(caught.value)


def test_a_day_may_be_written_as_its_midnight(tmp_path):
    """As a column of times is, which is what many programs write to Parquet."""
    (read,) = read_sites(written(tmp_path, f"{HEADER}a,CA,yes,2020-09-01 00:00:00,\n"))
    assert read.migrated == date(2020, 9, 1)


@pytest.mark.parametrize("text", [HEADER, "a,b\n", ""])
def test_of_no_installation_nothing_is_reported(tmp_path, text):
    """Or a table that was cut off would make the fleet ready."""
    with pytest.raises(TomlFileError, match=r"fleet\.csv: "):
        list(read_sites(written(tmp_path, text)))
