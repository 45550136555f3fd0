"""The regime of a day: release, designation, versions in the SEC, and whether the DCC would be compliant.

Behaviour follows the release, legal force the designation (DES-5). Each is given for a day, with what the sources leave
open and what would settle it. Re-designation before the key packages are updated can happen: the DCC would then be
non-compliant (KEY-7).
Sources: DES-1 to DES-8, DOC-1, KEY-2, KEY-4, KEY-5, KEY-7, AUX-1, READ-2, MOD-11, MOD-17, MOD-20.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from types import MappingProxyType

import attrs

from statemachines.smets1.compliance import Compliance
from statemachines.smets1.designation import (
    BEGINS,
    JIP_DUE,
    Calendar,
    Designation,
    FocScope,
)
from statemachines.smets1.documents import DOCUMENTS, Document
from statemachines.smets1.releases import REPORT_DAY, Release, in_force

REVISED_FOR_FOC = (Document.DUIS, Document.S1SR)
"""The documents that are revised if PPMID firmware for FOC comes into scope (DES-3)."""

NOTHING_KNOWN: Mapping[Release, date] = MappingProxyType({})

EARLIEST = BEGINS[Calendar.WINDOW].date()
"""The first day of re-designation (DES-2)."""
LATEST = BEGINS[Calendar.AFTER_WINDOW].date() - timedelta(days=1)
"""The last day of re-designation without a further consultation on the date (DES-2)."""


class RegimeError(ValueError):
    """Days that cannot be so together: one message, with the rule that they break."""


@attrs.frozen
class Open:
    """Something that the sources leave open.

    Parameters
    ----------
    question: what.
    settled_by: what would settle it, as `smets1 regime` calls it: ``"uplift"`` or ``"november"``, the first day of that
        release (in ``since``), ``"redesignated"``, ``"keys_updated"``, ``"foc"``; ``""`` where `regime` could do
        nothing with it.
    rules: ids of the rules that it comes from.
    """

    question: str
    settled_by: str
    rules: tuple[str, ...]


@attrs.frozen
class Departure:
    """A behaviour of the DCC's systems that is not what the documents have.

    Parameters
    ----------
    what: in words.
    rules: ids of the rules that it comes from.
    """

    what: str
    rules: tuple[str, ...]


REJECTED_FOR_KEYS = Departure(
    "an Activate Firmware for a PPMID is rejected where the DCO key package has not been updated", ("KEY-5", "KEY-7")
)
CLOSED_BY_IDENTICAL_PRICES = Departure(
    "for IOC, a two-rate tariff with identical prices closes the auxiliary load switch", ("AUX-1",)
)
ALERT_TO_READING = Departure("for IOC, SRV 11.2 to a PPMID is answered with an alert", ("READ-2",))


@attrs.frozen
class Regime:
    """What is in force on a day; several values where the sources leave open which.

    Parameters
    ----------
    on: the day.
    releases: the releases of DCC's systems that may be in force.
    calendar: the phases of the calendar that the day belongs to: two, where one ends in its course.
    designation: how far the changed documents may have come.
    documents: for each document, the versions that may be in the SEC; none where the report names none.
    compliance: whether the DCC is compliant with the SEC in what KEY-7 speaks of; both where it is open.
    breaches: what it is, or may be, in breach of; none where it is compliant.
    disclosed: the behaviours of the day that the Use of DUIS Guidance note discloses, or may have to (DOC-1). Being
        disclosed does not make them compliant.
    open: what is left open.
    notes: remarks on the result.
    rules: ids of the rules that decide.
    """

    on: date
    releases: tuple[Release, ...]
    calendar: tuple[Calendar, ...]
    designation: tuple[Designation, ...]
    documents: Mapping[Document, tuple[str, ...]]
    compliance: tuple[Compliance, ...]
    breaches: tuple[Departure, ...]
    disclosed: tuple[Departure, ...]
    open: tuple[Open, ...]
    notes: tuple[str, ...]
    rules: tuple[str, ...]


def regime(
    on: date,
    *,
    since: Mapping[Release, date] = NOTHING_KNOWN,
    redesignated: date | None = None,
    keys_updated: date | None = None,
    foc: FocScope | None = None,
) -> Regime:
    """The regime of a day.

    Parameters
    ----------
    on: the day.
    since: the first day of each release whose first day is known.
    redesignated: the day of re-designation, where it is known.
    keys_updated: the first day on which the key package of every migrated installation outside FOC holds its PPMID's
        keys, where it is known (KEY-4).
    foc: what the JIP change request concludes of PPMID firmware for FOC, where it is known.

    Raises
    ------
    RegimeError: for an argument of the wrong kind, for a November 2020 maintenance release or updated key packages
        before Uplift 1.2, and for a re-designation before 29 September 2020.

    >>> known = {"redesignated": date(2020, 10, 12), "keys_updated": date(2020, 10, 20), "foc": FocScope.OUT}
    >>> day = regime(date(2020, 10, 15), since={Release.UPLIFT_1_2: date(2020, 10, 1)}, **known)
    >>> [stage.value for stage in day.designation], [one.value for one in day.compliance]
    (['re-designated'], ['non-compliant'])
    >>> [breach.rules for breach in day.breaches], day.documents[Document.S1SR], day.open
    ([('KEY-5', 'KEY-7')], ('AM 5.0',), ())
    """
    _refuse_wrong_kinds(on, since, foc)
    _refuse_impossible(since, redesignated, keys_updated)
    updated = keys_updated is not None and on >= keys_updated
    possible = in_force(on, since)
    releases = tuple(one for one in possible if one is not Release.BEFORE_UPLIFT_1_2) if updated else possible
    phases = tuple(_phases(on))
    stages = tuple(_stages(on, phases, redesignated))
    compliance = tuple(_compliance(on, stages, releases, keys_updated))
    documents = {document: _versions(document, on, stages, foc) for document in Document}
    rules = ["DES-1", "DES-2", "DES-3", "DES-4", "DES-5", "DES-7", "MOD-60"]
    if len(since) < 2:
        rules.append("MOD-11")
    if releases != possible:
        rules.append("KEY-2")
    if Designation.RE_DESIGNATED in stages:
        rules.append("KEY-7")
        if redesignated is None:
            rules.append("MOD-17")
    if Designation.DATE_CONSULTED_ON in stages:
        rules.append("MOD-20")
    return Regime(
        on,
        releases,
        phases,
        stages,
        MappingProxyType(documents),
        compliance,
        (REJECTED_FOR_KEYS,) if Compliance.NON_COMPLIANT in compliance else (),
        tuple(_disclosed(on, releases, updated)),
        tuple(_left_open(on, redesignated, foc, releases, documents, _keys_are_open(stages, releases, keys_updated))),
        (*_notes(on, redesignated, stages, releases != possible), *_against_assumption(since)),
        tuple(rules),
    )


def _refuse_wrong_kinds(on: object, since: Mapping[Release, date], foc: object) -> None:
    if not isinstance(on, date) or isinstance(on, datetime):
        raise RegimeError(f"the day is {on!r}, expected a date")
    for release in since:
        if release not in (Release.UPLIFT_1_2, Release.NOVEMBER_2020):
            raise RegimeError(f"since has a day for {release!r}, expected Release.UPLIFT_1_2 or Release.NOVEMBER_2020")
    if not (foc is None or isinstance(foc, FocScope)):
        raise RegimeError(f"foc is {foc!r}, expected a FocScope or None")


def _refuse_impossible(since: Mapping[Release, date], redesignated: date | None, keys_updated: date | None) -> None:
    uplift, november = since.get(Release.UPLIFT_1_2), since.get(Release.NOVEMBER_2020)
    if uplift and november and november < uplift:
        raise RegimeError(
            f"the November 2020 maintenance release on {november} is before Uplift 1.2 on {uplift}; "
            "expected a day no earlier (DES-5)"
        )
    if redesignated is not None and redesignated < EARLIEST:
        raise RegimeError(f"re-designation on {redesignated} is too early: expected {EARLIEST} or later (DES-2)")
    if uplift and keys_updated is not None and keys_updated < uplift:
        raise RegimeError(
            f"the key packages are updated on {keys_updated}, before Uplift 1.2 on {uplift}; "
            "expected a day no earlier (KEY-2)"
        )


def _phases(on: date) -> Iterator[Calendar]:
    """The phases that have a moment on the day."""
    midnight, last_moment = datetime.combine(on, time.min), datetime.combine(on, time.max)
    for (phase, begins), (_, ends) in pairwise([*BEGINS.items(), (None, datetime.max)]):
        if phase and begins <= last_moment and midnight < ends:
            yield phase


def _stages(on: date, phases: tuple[Calendar, ...], redesignated: date | None) -> Iterator[Designation]:
    """How far the documents may have come: up to the day of the report as it says, and from there as they may."""
    stages = {
        Calendar.BEFORE_CONSULTATION: Designation.IN_PREPARATION,
        Calendar.CONSULTATION: Designation.CONSULTATION_OPEN,
        Calendar.UNTIL_REPORT: Designation.CONSULTATION_CLOSED,
        Calendar.REPORT: Designation.SUBMITTED,
    }
    if phases[-1] in stages:
        yield from (stages[phase] for phase in phases)
        return
    if redesignated is None or on < redesignated:
        yield Designation.SUBMITTED
        if on > LATEST:
            yield Designation.DATE_CONSULTED_ON
    if redesignated is None or on >= redesignated:
        yield Designation.RE_DESIGNATED


def _compliance(
    on: date, stages: tuple[Designation, ...], releases: tuple[Release, ...], keys_updated: date | None
) -> Iterator[Compliance]:
    """By KEY-7: non-compliant from re-designation on, until no key package lacks the PPMID's keys."""
    lacking = (keys_updated is not None and on < keys_updated) or releases == (Release.BEFORE_UPLIFT_1_2,)
    holding = keys_updated is not None and on >= keys_updated
    if not lacking or stages != (Designation.RE_DESIGNATED,):
        yield Compliance.COMPLIANT
    if not holding and Designation.RE_DESIGNATED in stages:
        yield Compliance.NON_COMPLIANT


def _keys_are_open(stages: tuple[Designation, ...], releases: tuple[Release, ...], keys_updated: date | None) -> bool:
    """Whether compliance rests on the key packages, and nothing is known of them."""
    after_uplift = releases != (Release.BEFORE_UPLIFT_1_2,)
    return keys_updated is None and after_uplift and Designation.RE_DESIGNATED in stages


def _disclosed(on: date, releases: tuple[Release, ...], updated: bool) -> Iterator[Departure]:
    """What the report says that the Use of DUIS Guidance note will include (DOC-1)."""
    if on < REPORT_DAY:
        return
    if not updated:
        yield REJECTED_FOR_KEYS
    if releases != (Release.NOVEMBER_2020,):
        yield CLOSED_BY_IDENTICAL_PRICES
        yield ALERT_TO_READING


def _versions(document: Document, on: date, stages: tuple[Designation, ...], foc: FocScope | None) -> tuple[str, ...]:
    versions = DOCUMENTS[document]
    result = []
    if stages != (Designation.RE_DESIGNATED,) and on >= versions.since:
        result.append(versions.current)
    if Designation.RE_DESIGNATED in stages:
        if foc is not FocScope.IN or document not in REVISED_FOR_FOC:
            result.append(versions.concluded)
        if foc is not FocScope.OUT and document in REVISED_FOR_FOC:
            result.append("a revision for FOC")
    return tuple(result)


def _left_open(
    on: date,
    redesignated: date | None,
    foc: FocScope | None,
    releases: tuple[Release, ...],
    documents: Mapping[Document, tuple[str, ...]],
    keys_are_open: bool,
) -> Iterator[Open]:
    if len(releases) > 1:
        for shows, asked_for, settled_by in (
            (Release.BEFORE_UPLIFT_1_2, Release.UPLIFT_1_2, "uplift"),
            (Release.NOVEMBER_2020, Release.NOVEMBER_2020, "november"),
        ):
            if shows in releases:
                yield Open(f"whether {asked_for.value} is in force", settled_by, ("DES-5", "MOD-11"))
    if on >= EARLIEST and redesignated is None:
        yield Open("whether the documents are re-designated, and since when", "redesignated", ("DES-1", "DES-2"))
    if keys_are_open:
        yield Open(
            "whether the key package of every migrated installation outside FOC holds its PPMID's keys",
            "keys_updated",
            ("KEY-4", "KEY-7"),
        )
    if on > LATEST and (redesignated is None or on < redesignated):
        yield Open("whether there was a further consultation on the date", "", ("DES-2",))
    if on >= REPORT_DAY and foc is None:
        yield Open(
            "whether the JIP change request brings PPMID firmware for FOC into scope, so that the DUIS and the S1SR "
            f"are revised before re-designation; it is due on {JIP_DUE}",
            "foc",
            ("DES-3",),
        )
    for document, versions in documents.items():
        if not versions:
            yield Open(f"which version of the {document.value} is in the SEC", "", ("DES-7",))


def _against_assumption(since: Mapping[Release, date]) -> Iterator[str]:
    """A note for each day that was given and that MOD-11 would not have: it decides."""
    for release, day in since.items():
        if release not in in_force(day, {}):
            yield f"{release.value} on {day} is as it was given; MOD-11 assumes that it was not in force on that day"


def _notes(on: date, redesignated: date | None, stages: tuple[Designation, ...], inferred: bool) -> Iterator[str]:
    if len(stages) > 1 and on < REPORT_DAY:
        yield "the consultation closes at 16:00 on this day (DES-1)"
    if Designation.CONSULTATION_OPEN in stages or Designation.CONSULTATION_CLOSED in stages:
        named = "; ".join(f"{one.value} {', '.join(known.consulted_on)}" for one, known in DOCUMENTS.items())
        yield f"consulted on, as the report writes it: {named} (DES-8)"
    if inferred:
        yield "Uplift 1.2 is in force, for before it no key package holds a PPMID's keys (KEY-2)"
    if redesignated is not None and redesignated > LATEST:
        yield f"re-designation on {redesignated} needs a further consultation on the date (DES-2)"
    if on > REPORT_DAY:
        yield f"whether other changes to these documents came after the report of {REPORT_DAY} is not looked at"
