"""Many sites: re-designation waits until the key package of every migrated installation is updated (DES-6).

It does so where the Secretary of State does as he has indicated, and the DCC is compliant (KEY-7): that is assumed of
a fleet, and not of an installation. KEY-7 speaks of all sites, and one installation cannot show it. Each site stands in
one of three ways (with its SMSO, migrated without the PPMID's keys, with them), and what they share is the release in
force and the designation.
Sources: KEY-2, KEY-3, KEY-4, KEY-7, DES-6, MIG-1, MOD-18, MOD-21 to MOD-23.

>>> from statemachines.semantics.oracle import Oracle
>>> from statemachines.smets1.designation import ReDesignate
>>> from statemachines.smets1.releases import Release
>>> two = fleet(2)
>>> without_keys = two.state(release=Release.UPLIFT_1_2, site_2=Migrated.WITHOUT_KEYS)
>>> print(Oracle(two).decide(without_keys, ReDesignate())[1])
cannot happen at the premises: a migrated installation's key package lacks the PPMID's keys [DES-6* MOD-21*]
"""

from collections.abc import Callable
from enum import Enum
from functools import cache
from itertools import count, takewhile

import attrs

from statemachines.errors import DeclarationError
from statemachines.language.component import Component
from statemachines.language.expression import Expr, disjunction
from statemachines.language.gates import Gate
from statemachines.language.lifecycle import Lifecycle, Transition, fixed
from statemachines.language.requests import Field, RequestType
from statemachines.language.system import System
from statemachines.language.terms import Variable
from statemachines.smets1 import designation, releases
from statemachines.smets1.designation import Designation, DesignationReason, ReDesignate
from statemachines.smets1.releases import UPLIFT_1_2_IN_FORCE
from statemachines.smets1.rulebook import RULEBOOK
from statemachines.smets1.verdicts import happens, happens_only
from statemachines.smets1.vocabulary import DeployRelease, Party


class Migrated(Enum):
    """How a site stands."""

    NOT_YET = "with its SMSO"
    WITHOUT_KEYS = "migrated, its key package without a PPMID's keys"
    WITH_KEYS = "migrated, its key package with the PPMID's keys"


class Kind(Enum):
    """What matters of a site, and never changes."""

    WITH_PPMID = "with a PPMID, not FOC"
    WITHOUT_PPMID = "without a PPMID"
    FOC = "FOC, with a PPMID"


class SiteReason(Enum):
    """Why nothing happens to a site, or re-designation waits for one."""

    SITE_MIGRATED = "the site is migrated already"
    UPLIFT_NOT_IN_FORCE = "Uplift 1.2 is not in force, so that no key package can hold a PPMID's keys"
    KEYS_LACKING = "a migrated installation's key package lacks the PPMID's keys"
    SITE_LACKS_NO_KEYS = "the site's key package lacks no PPMID keys, or Uplift 1.2 is not in force"


@attrs.frozen(eq=False)
class Site:
    """One site of a fleet.

    Parameters
    ----------
    number: from 1.
    migrated: how it stands.
    kind: what it is.
    """

    number: int
    migrated: Variable
    kind: Variable

    @property
    def has_ppmid(self) -> Expr:
        """Whether there is a PPMID, whose keys may be lacking."""
        return self.kind != Kind.WITHOUT_PPMID

    @property
    def lacks_keys(self) -> Expr:
        """Whether the site is migrated, outside FOC, and its package lacks its PPMID's keys."""
        return (self.kind == Kind.WITH_PPMID) & (self.migrated == Migrated.WITHOUT_KEYS)


@cache
def site(number: int) -> Site:
    """The site with this number: the same in every fleet that has it."""
    return Site(
        number,
        Variable(f"site_{number}", Migrated, label=f"site {number}"),
        Variable(f"site_{number}_kind", Kind, label=f"kind of site {number}"),
    )


@attrs.frozen(eq=False)
class SiteEvents:
    """The events of a fleet's sites, which name one of so many."""

    which: Field
    MigrateSite: RequestType
    UpdateKeyPackage: RequestType

    def about(self, one: Site) -> Expr:
        """Whether the event is about this site."""
        return self.which == self.name(one)

    def name(self, one: Site) -> Enum:
        """The site as the field ``site`` names it."""
        value: Enum = self.which.domain[one.number - 1]
        return value


@cache
def events(sites: int) -> SiteEvents:
    """The events of the sites of a fleet of this size."""
    names = Enum("Site", {f"SITE_{number}": str(number) for number in range(1, sites + 1)})  # type: ignore[misc]
    which = Field("site", names)
    return SiteEvents(
        which,
        RequestType("MigrateSite", [which]),
        RequestType("UpdateKeyPackage", [which], label="Update DCO Key Package"),
    )


def sites_of(system: System) -> tuple[Site, ...]:
    """The sites of a fleet, or of a changed copy of one."""
    return tuple(
        site(number) for number in takewhile(lambda number: f"site_{number}" in system.state_type.names, count(1))
    )


def fleet(sites: int, *, dated: bool = False) -> System:
    """A system of so many sites, a release in force, and one designation.

    Parameters
    ----------
    sites: how many, at least one.
    dated: whether the changed documents go all their way, by the lifecycles of `statemachines.smets1.designation`, and
        releases come no earlier than they may (MOD-11). Otherwise the documents wait to be re-designated, and only the
        release and the sites' keys stand in the way: more can happen.

    Raises
    ------
    DeclarationError: for a fleet without sites.
    """
    if sites < 1:
        raise DeclarationError(f"a fleet of {sites} sites: expected at least 1")
    asked = events(sites)
    all_sites = [site(number) for number in range(1, sites + 1)]
    kinds = [asked.MigrateSite, asked.UpdateKeyPackage, DeployRelease]
    kinds += designation.EVENT_TYPES if dated else [ReDesignate]
    return System.of(
        f"a fleet of {sites} sites",
        RULEBOOK,
        [
            releases.component,
            designation.component if dated else _WAITING,
            _sites(asked, all_sites),
            _waits(all_sites, dated),
        ],
        requests=kinds,
        gates=[Gate(Party.PREMISES, [], on=kinds)],
    )


def _waits(sites: list[Site], dated: bool) -> Component:
    """The Secretary of State does as he has indicated, and waits for the key packages (DES-6)."""
    return Component(
        "re-designation waits for the sites",
        checks={
            Party.PREMISES: [
                *(designation.RELEASE_CHECKS if dated else ()),
                happens_only(
                    ReDesignate,
                    "Uplift 1.2 is in force",
                    UPLIFT_1_2_IN_FORCE,
                    otherwise=SiteReason.UPLIFT_NOT_IN_FORCE,
                    rules="DES-6 MOD-18",
                ),
                happens_only(
                    ReDesignate,
                    "no migrated installation outside FOC lacks its PPMID's keys",
                    ~disjunction(*(one.lacks_keys for one in sites)),
                    otherwise=SiteReason.KEYS_LACKING,
                    rules="DES-6 MOD-21",
                ),
            ]
        },
    )


def _sites(asked: SiteEvents, sites: list[Site]) -> Component:
    def of_it(condition: Callable[[Site], Expr]) -> Expr:
        """The condition, for whichever site the event is about."""
        return disjunction(*(asked.about(one) & condition(one) for one in sites))

    return Component(
        "sites",
        lifecycles=[lifecycle for one in sites for lifecycle in (fixed(one.kind), _lifecycle(one, asked))],
        checks={
            Party.PREMISES: [
                happens_only(
                    asked.MigrateSite,
                    "the site is with its SMSO",
                    of_it(lambda one: one.migrated == Migrated.NOT_YET),
                    otherwise=SiteReason.SITE_MIGRATED,
                    rules="MIG-1",
                ),
                happens_only(
                    asked.UpdateKeyPackage,
                    "the site's PPMID's keys are lacking, and Uplift 1.2 is in force",
                    UPLIFT_1_2_IN_FORCE & of_it(lambda one: (one.migrated == Migrated.WITHOUT_KEYS) & one.has_ppmid),
                    otherwise=SiteReason.SITE_LACKS_NO_KEYS,
                    rules="KEY-2 KEY-4 MOD-21 MOD-23",
                ),
            ]
        },
        answers=[happens(asked.MigrateSite, "MIG-1"), happens(asked.UpdateKeyPackage, "KEY-4")],
    )


def _lifecycle(one: Site, asked: SiteEvents) -> Lifecycle:
    this, joined = asked.about(one), one.has_ppmid & UPLIFT_1_2_IN_FORCE
    return Lifecycle(
        one.migrated,
        initial=Migrated.NOT_YET,
        transitions=[
            Transition(
                Migrated.NOT_YET,
                asked.MigrateSite,
                Migrated.WITH_KEYS,
                when=this & joined,
                rules="MIG-1 KEY-3 MOD-22",
            ),
            Transition(
                Migrated.NOT_YET,
                asked.MigrateSite,
                Migrated.WITHOUT_KEYS,
                when=this & ~joined,
                rules="MIG-1 KEY-2 MOD-22",
            ),
            Transition(
                Migrated.WITHOUT_KEYS,
                asked.UpdateKeyPackage,
                Migrated.WITH_KEYS,
                when=this,
                rules="KEY-4 MOD-23",
            ),
        ],
    )


_waiting = Variable(
    designation.designation.name,
    Designation,
    among=(Designation.SUBMITTED, Designation.RE_DESIGNATED),
    ordered=True,
    label=designation.designation.label,
)
_WAITING = Component(
    "documents that wait to be re-designated",
    lifecycles=[
        Lifecycle(
            _waiting,
            initial=Designation.SUBMITTED,
            transitions=[
                Transition(Designation.SUBMITTED, ReDesignate, Designation.RE_DESIGNATED, rules="DES-1 KEY-7")
            ],
        )
    ],
    checks={
        Party.PREMISES: [
            happens_only(
                ReDesignate,
                "the documents are not re-designated yet",
                _waiting != Designation.RE_DESIGNATED,
                otherwise=DesignationReason.ALREADY_RE_DESIGNATED,
                rules="DES-1",
            ),
        ]
    },
    answers=[happens(ReDesignate, "DES-1 KEY-7")],
)
