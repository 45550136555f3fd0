"""Claims about many sites, proved for a few.

`CLAIMS` are of three sites. On states one by one the proof grows by a factor of about eight with each further site; on
sets of states fleets of hundreds are proved, too. Sources: KEY-2, KEY-3, KEY-4, KEY-7, MIG-1, MOD-18, MOD-21 to MOD-23.
"""

from collections.abc import Iterator

from statemachines.language.claims import Claim, Claims, always, always_possible, sometimes
from statemachines.language.expression import Expr, conjunction, disjunction
from statemachines.language.requests import is_a
from statemachines.language.system import System
from statemachines.language.terms import after
from statemachines.smets1.designation import Calendar, Designation, ReDesignate, calendar, designation
from statemachines.smets1.fleet import Kind, Migrated, Site, events, fleet, sites_of
from statemachines.smets1.releases import Release, release
from statemachines.smets1.vocabulary import Outcome, outcome

HAPPENED = outcome == Outcome.HAPPENED
CANNOT_HAPPEN = outcome == Outcome.CANNOT_HAPPEN


def needs_keys(one: Site) -> Expr:
    """The site has a PPMID whose firmware is to be upgraded, is with the DCC, and its key package cannot serve it."""
    return one.kind.is_in(Kind.WITH_PPMID) & ~one.migrated.is_in(Migrated.NOT_YET, Migrated.WITH_KEYS)


def some_site_needs_keys(system: System) -> Expr:
    """Whether any site does."""
    return disjunction(*(needs_keys(one) for one in sites_of(system)))


def claims_of(system: System) -> Claims:
    """What is claimed of a fleet of any size, or of a copy with a planted fault."""
    sites = sites_of(system)
    dated = _of_the_dates() if "calendar" in system.state_type.names else ()
    of_sites = (claim for one in sites for claim in _of_site(one, len(sites)))
    return Claims(system, (*_of_the_fleet(system), *of_sites, *dated))


def _of_the_fleet(system: System) -> Iterator[Claim]:
    sites = sites_of(system)
    documents = system.lifecycle("designation").variable
    re_designated = documents == Designation.RE_DESIGNATED
    re_designation = is_a(ReDesignate) & HAPPENED
    yield always(
        "where the documents are re-designated, no migrated site outside FOC lacks its PPMID's keys",
        when=re_designated & disjunction(*((one.kind == Kind.WITH_PPMID) & _with_dcc(one) for one in sites)),
        then=conjunction(*(~needs_keys(one) for one in sites)),
        rules="KEY-7 DES-6 MOD-18",
    )
    yield always(
        "no re-designation while one migrated site outside FOC lacks its PPMID's keys",
        when=is_a(ReDesignate) & some_site_needs_keys(system),
        then=CANNOT_HAPPEN & (after(documents) == documents),
        rules="KEY-7 DES-6",
    )
    yield always(
        "what is re-designated stays so",
        when=re_designated,
        then=after(documents) == Designation.RE_DESIGNATED,
        rules="DES-1",
    )
    yield always(
        "only re-designation brings the documents into force",
        when=(after(documents) == Designation.RE_DESIGNATED) & (documents != Designation.RE_DESIGNATED),
        then=is_a(ReDesignate),
        rules="DES-1",
    )
    yield always(
        "where the documents are re-designated, Uplift 1.2 is in force",
        when=re_designated,
        then=release.is_in(Release.UPLIFT_1_2, Release.NOVEMBER_2020),
        rules="MOD-18",
    )
    yield always_possible("re-designation can always still come", goal=re_designated, rules="KEY-4 KEY-7 MOD-21 MOD-23")
    yield sometimes(
        "re-designation may come once every site is migrated, and each of their packages holds the PPMID's keys",
        of=re_designation & conjunction(*((one.migrated == Migrated.WITH_KEYS) for one in sites)),
        rules="KEY-7",
    )
    yield sometimes(
        "re-designation may come before any site is migrated",
        of=re_designation & conjunction(*(one.migrated == Migrated.NOT_YET for one in sites)),
        rules="KEY-7 MOD-18",
    )
    for kind, why, rules in (
        (Kind.FOC, "of FOC that lack the PPMID's keys", "KEY-7 MOD-22"),
        (Kind.WITHOUT_PPMID, "without a PPMID", "KEY-7 MOD-21"),
    ):
        yield sometimes(
            f"re-designation does not wait for sites {why}",
            of=re_designation
            & conjunction(*((one.kind == kind) & (one.migrated == Migrated.WITHOUT_KEYS) for one in sites)),
            rules=rules,
        )


def _with_dcc(one: Site) -> Expr:
    return one.migrated != Migrated.NOT_YET


def _of_site(one: Site, sites: int) -> Iterator[Claim]:
    asked = events(sites)
    migration = is_a(asked.MigrateSite) & asked.about(one) & HAPPENED
    before_uplift = release == Release.BEFORE_UPLIFT_1_2
    yield always(
        f"site {one.number} migrated from Uplift 1.2 on has its PPMID's keys from the Join commands",
        when=migration & ~before_uplift & (one.kind != Kind.WITHOUT_PPMID),
        then=after(one.migrated) == Migrated.WITH_KEYS,
        rules="KEY-3",
    )
    yield always(
        f"site {one.number} migrated before Uplift 1.2 lacks them",
        when=migration & before_uplift,
        then=after(one.migrated) == Migrated.WITHOUT_KEYS,
        rules="KEY-2",
    )
    yield always(
        f"before Uplift 1.2 the package of site {one.number} holds no PPMID's keys",
        when=before_uplift,
        then=one.migrated != Migrated.WITH_KEYS,
        rules="KEY-2",
    )
    yield always(
        f"without a PPMID the package of site {one.number} never holds any's keys",
        when=one.kind == Kind.WITHOUT_PPMID,
        then=one.migrated != Migrated.WITH_KEYS,
        rules="MOD-21",
    )
    yield always(
        f"from Uplift 1.2 on DCC can update the package of site {one.number}, whatever the others stand at",
        when=is_a(asked.UpdateKeyPackage)
        & asked.about(one)
        & ~before_uplift
        & (one.kind != Kind.WITHOUT_PPMID)
        & (one.migrated == Migrated.WITHOUT_KEYS),
        then=HAPPENED & (after(one.migrated) == Migrated.WITH_KEYS),
        rules="KEY-4 MOD-23",
    )
    yield always(
        f"the package of site {one.number} changes only by its own migration and its own update",
        when=after(one.migrated) != one.migrated,
        then=asked.about(one) & is_a(asked.MigrateSite, asked.UpdateKeyPackage) & HAPPENED,
        rules="KEY-3 KEY-4 MIG-1",
    )
    yield always(
        f"keys that are in the package of site {one.number} stay there",
        when=one.migrated == Migrated.WITH_KEYS,
        then=after(one.migrated) == Migrated.WITH_KEYS,
        rules="KEY-1",
    )
    yield always(
        f"site {one.number} stays with the DCC once it is migrated",
        when=_with_dcc(one),
        then=after(one.migrated) != Migrated.NOT_YET,
        rules="MIG-1",
    )
    yield always(
        f"site {one.number} can be migrated at any time, whatever it is",
        when=is_a(asked.MigrateSite) & asked.about(one) & (one.migrated == Migrated.NOT_YET),
        then=HAPPENED,
        rules="MIG-1 MOD-22",
    )


def _of_the_dates() -> Iterator[Claim]:
    """What MOD-11 says of the releases, where the system knows the date."""
    yield always(
        "on no day before the report's is Uplift 1.2 in force",
        when=calendar < Calendar.REPORT,
        then=release == Release.BEFORE_UPLIFT_1_2,
        rules="MOD-11",
    )
    yield always(
        "on no day up to 29 October 2020 is the November 2020 maintenance release in force",
        when=calendar < Calendar.AFTER_WINDOW,
        then=release < Release.NOVEMBER_2020,
        rules="MOD-11",
    )
    yield sometimes(
        "Uplift 1.2 may be in force before re-designation, in the days that the report gives for it",
        of=(release == Release.UPLIFT_1_2) & (calendar == Calendar.WINDOW) & (designation == Designation.SUBMITTED),
        rules="MOD-11 DES-5",
    )


CLAIMS = claims_of(fleet(3))
DATED = claims_of(fleet(2, dated=True))
"""Of two sites whose documents and releases go by the calendar."""
