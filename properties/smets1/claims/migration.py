"""Claims about migration: whole, with one system at any time, and never stuck.

Sources: MIG-1 to MIG-5, MPRN-1 to MPRN-3 and the assumptions MOD-22, MOD-25, MOD-26, MOD-31, MOD-34, MOD-35, MOD-39
and MOD-40.
"""

from properties.smets1.claims.requests import NOTHING_CHANGES
from statemachines import after, always, always_possible, is_a, leads_to, sometimes
from statemachines.language.expression import conjunction, disjunction
from statemachines.smets1.commissioning import SmiStatus, chf_status, esme_status, gsme_status, ppmid_status
from statemachines.smets1.compliance import ComplianceReason
from statemachines.smets1.designation import ReDesignate
from statemachines.smets1.key_package import KeyPackage, key_package
from statemachines.smets1.migration import (
    UNDER_WAY,
    Failures,
    Migration,
    MigrationReason,
    Operation,
    dcc,
    failures,
    migration,
    smso,
)
from statemachines.smets1.reasons import reason
from statemachines.smets1.releases import Release, release
from statemachines.smets1.supply import gas_supplier
from statemachines.smets1.verdicts import EventReason
from statemachines.smets1.vocabulary import (
    FOC,
    IOC,
    AuthoriseMigration,
    CompleteMigration,
    ExcludeInstallation,
    FailMigration,
    MprnComparison,
    Outcome,
    StartCommissioning,
    TestDevices,
    User,
    ValidateData,
    group,
    mprn,
    outcome,
)

HAPPENED = outcome == Outcome.HAPPENED
STAGES = (
    (AuthoriseMigration, Migration.WITH_SMSO, Migration.SCHEDULED),
    (ValidateData, Migration.SCHEDULED, Migration.VALIDATED),
    (TestDevices, Migration.VALIDATED, Migration.TESTED),
    (StartCommissioning, Migration.TESTED, Migration.COMMISSIONING),
    (CompleteMigration, Migration.COMMISSIONING, Migration.MIGRATED),
)
"""The steps of a migration in their order (MIG-1)."""

FAILED = is_a(FailMigration) & HAPPENED
STOPPED = outcome == Outcome.STOPPED
FAILS = FAILED | STOPPED
AT_VALIDATION = is_a(ValidateData) & (migration == Migration.SCHEDULED)
COMPARED = AT_VALIDATION & (gas_supplier != User.NOBODY)
IN_LEADING_ZEROS = COMPARED & (mprn == MprnComparison.LEADING_ZEROS)
STOPS_FOR_ANOTHER = (outcome == Outcome.STOPPED) & (reason == MigrationReason.MPRN_DIFFERS)
DEVICE_STATUSES = (chf_status, esme_status, gsme_status, ppmid_status)
COUNT = (Failures.NONE, Failures.ONE, Failures.TWO, Failures.THREE, Failures.FOUR, Failures.FIVE)

WHOLE = (
    always(
        "either the SMSO or the DCC operates the installation",
        then=(smso == Operation.OPERATES) | (dcc == Operation.OPERATES),
        rules="MOD-57",
    ),
    always(
        "the SMSO and the DCC never both operate the installation",
        then=(smso != Operation.OPERATES) | (dcc != Operation.OPERATES),
        rules="MOD-57",
    ),
    always(
        "a migrated installation stays with the DCC",
        when=migration == Migration.MIGRATED,
        then=(after(migration) == Migration.MIGRATED) & (after(dcc) == Operation.OPERATES),
        rules="MIG-1",
    ),
    *(
        always(
            f"{step.label} leads from {before.value!r} to {stage.value!r}",
            when=is_a(step) & HAPPENED,
            then=(migration == before) & (after(migration) == stage),
            rules="MIG-1",
        )
        for step, before, stage in STAGES
    ),
    *(
        always(
            f"an installation comes to be {stage.value!r} only by {step.label}",
            when=(migration != stage) & (after(migration) == stage),
            then=is_a(step) & (migration == before),
            rules="MIG-1",
        )
        for step, before, stage in STAGES
    ),
    always(
        "when a migration is complete, every device that is there is commissioned",
        when=is_a(CompleteMigration) & HAPPENED,
        then=(after(chf_status) == SmiStatus.COMMISSIONED)
        & (after(esme_status) == SmiStatus.COMMISSIONED)
        & ((gas_supplier == User.NOBODY) | (after(gsme_status) == SmiStatus.COMMISSIONED))
        & ((ppmid_status == SmiStatus.ABSENT) | (after(ppmid_status) == SmiStatus.COMMISSIONED)),
        rules="MIG-1",
    ),
    always(
        "a PPMID that is there is joined in its migration",
        when=is_a(CompleteMigration) & HAPPENED & (ppmid_status == SmiStatus.INSTALLED),
        then=after(ppmid_status) == SmiStatus.COMMISSIONED,
        rules="MIG-3",
    ),
    sometimes(
        "a PPMID that is there may be migrated with its installation",
        of=is_a(CompleteMigration) & HAPPENED & (ppmid_status == SmiStatus.INSTALLED),
        rules="MIG-1",
    ),
    always(
        "where an event happens, it is said that nothing stands in its way, or what it makes of the DCC",
        when=HAPPENED,
        then=(reason == EventReason.HAPPENED) | (is_a(ReDesignate) & (reason == ComplianceReason.NON_COMPLIANT)),
        rules="MIG-1 DES-1",
    ),
    *(
        always(
            f"{step.label} out of turn cannot happen, for that reason, and changes nothing",
            when=is_a(step) & (migration != before),
            then=(outcome == Outcome.CANNOT_HAPPEN) & (reason == MigrationReason.NOT_THE_NEXT_STEP) & NOTHING_CHANGES,
            rules="MIG-1",
        )
        for step, before, _ in STAGES
    ),
    always_possible(
        "an installation that is not excluded can always be migrated",
        when=migration != Migration.EXCLUDED,
        goal=migration == Migration.MIGRATED,
        rules="MIG-1 MIG-4",
    ),
    leads_to(
        "a migration whose next steps keep being taken ends with the DCC, or back with the SMSO",
        when=migration.is_in(*UNDER_WAY),
        then=migration.is_in(Migration.MIGRATED, Migration.WITH_SMSO),
        given=[is_a(step) for step, before, _ in STAGES if before in UNDER_WAY],
        rules="MIG-1 MIG-4",
    ),
)

FAILURE = (
    *(
        always(
            f"{attempt} leaves the installation with its SMSO",
            when=fails,
            then=(after(migration) == Migration.WITH_SMSO)
            & (after(smso) == Operation.OPERATES)
            & (after(dcc) == Operation.DOES_NOT),
            rules=rules,
        )
        for attempt, fails, rules in (
            ("a failed migration", FAILED, "MIG-4"),
            ("a migration that the validation of data stops", STOPPED, "MOD-35"),
        )
    ),
    always(
        "a failed migration leaves the installation whole",
        when=FAILED,
        then=conjunction(*(after(status) != SmiStatus.COMMISSIONED for status in DEVICE_STATUSES))
        & (after(ppmid_status) == ppmid_status),
        rules="MIG-4",
    ),
    always(
        "a failed migration leaves every device that is there installed and not commissioned",
        when=FAILS,
        then=(after(chf_status) == SmiStatus.INSTALLED)
        & (after(esme_status) == SmiStatus.INSTALLED)
        & (after(gsme_status) == SmiStatus.INSTALLED)
        & after(ppmid_status).is_in(SmiStatus.INSTALLED, SmiStatus.ABSENT),
        rules="MOD-25",
    ),
    always(
        "a failed migration leaves the installation without a key package",
        when=FAILS,
        then=after(key_package) == KeyPackage.NONE,
        rules="MOD-9",
    ),
    always(
        "a migration that is under way can fail",
        when=is_a(FailMigration)
        & migration.is_in(Migration.SCHEDULED, Migration.VALIDATED, Migration.TESTED, Migration.COMMISSIONING),
        then=HAPPENED,
        rules="MIG-4",
    ),
    always(
        "an installation that is with its SMSO can be tried, however often that failed",
        when=is_a(AuthoriseMigration) & (migration == Migration.WITH_SMSO) & ~group.is_in(*FOC),
        then=HAPPENED & (after(migration) == Migration.SCHEDULED),
        rules="MIG-4",
    ),
    always(
        "an FOC installation that is with its SMSO can be tried like any other",
        when=is_a(AuthoriseMigration) & (migration == Migration.WITH_SMSO) & group.is_in(*FOC),
        then=HAPPENED & (after(migration) == Migration.SCHEDULED),
        rules="MOD-22",
    ),
    always(
        "excluding an installation takes five failed attempts",
        when=is_a(ExcludeInstallation) & HAPPENED,
        then=(failures == Failures.FIVE) & (migration == Migration.WITH_SMSO),
        rules="MIG-5",
    ),
    always(
        "after five failed attempts an installation may be excluded",
        when=is_a(ExcludeInstallation) & (failures == Failures.FIVE) & (migration == Migration.WITH_SMSO),
        then=HAPPENED & (after(migration) == Migration.EXCLUDED),
        rules="MIG-5",
    ),
    always(
        "an excluded installation stays with its SMSO",
        when=migration == Migration.EXCLUDED,
        then=(after(migration) == Migration.EXCLUDED) & (after(smso) == Operation.OPERATES),
        rules="MIG-5",
    ),
    *(
        always(
            f"a failed attempt after {before.value} makes {now.value}",
            when=FAILS & (failures == before),
            then=after(failures) == now,
            rules="MIG-5 MOD-35",
        )
        for before, now in zip(COUNT, (*COUNT[1:], Failures.FIVE), strict=True)
    ),
    always(
        "nothing but a failure or the migration changes the count of failed attempts",
        when=after(failures) != failures,
        then=FAILS | is_a(CompleteMigration),
        rules="MIG-5 MOD-34",
    ),
    always(
        "where the rule of 2021 does not apply no failures are counted",
        when=failures == Failures.NOT_COUNTED,
        then=after(failures) == Failures.NOT_COUNTED,
        rules="MIG-5 MOD-34",
    ),
    sometimes(
        "a migration may fail where the rule of 2021 does not apply",
        of=FAILS & (failures == Failures.NOT_COUNTED),
        rules="MIG-5 MOD-34",
    ),
)

VALIDATION = (
    always(
        "for IOC, MPRNs that differ only in leading zeros have matched since Uplift 1.2",
        when=IN_LEADING_ZEROS & group.is_in(*IOC) & (release >= Release.UPLIFT_1_2),
        then=HAPPENED & (after(migration) == Migration.VALIDATED),
        rules="MPRN-1 MOD-39",
    ),
    always(
        "for IOC, MPRNs that differ in leading zeros did not match before Uplift 1.2",
        when=IN_LEADING_ZEROS & group.is_in(*IOC) & (release < Release.UPLIFT_1_2),
        then=STOPS_FOR_ANOTHER,
        rules="MOD-35 MOD-39",
    ),
    always(
        "for the other cohorts, MPRNs that differ in leading zeros do not match",
        when=IN_LEADING_ZEROS & ~group.is_in(*IOC),
        then=STOPS_FOR_ANOTHER,
        rules="MPRN-2 MOD-35",
    ),
    always(
        "MPRNs that are the same as given match",
        when=AT_VALIDATION & (mprn == MprnComparison.IDENTICAL),
        then=HAPPENED & (after(migration) == Migration.VALIDATED),
        rules="MIG-2",
    ),
    always(
        "another MPRN stops the migration, for the reason that it does not match",
        when=COMPARED & (mprn == MprnComparison.DIFFERENT),
        then=STOPS_FOR_ANOTHER,
        rules="MOD-35",
    ),
    always(
        "what is no MPRN stops the migration everywhere, for the reason that it is none",
        when=COMPARED & (mprn == MprnComparison.INVALID),
        then=(outcome == Outcome.STOPPED) & (reason == MigrationReason.MPRN_INVALID),
        rules="MPRN-3 MOD-35",
    ),
    always(
        "where there is no gas there is no MPRN that could stop the migration",
        when=AT_VALIDATION & (gas_supplier == User.NOBODY),
        then=HAPPENED & (after(migration) == Migration.VALIDATED),
        rules="MOD-40",
    ),
    always(
        "nothing but the validation of data stops a migration",
        when=outcome == Outcome.STOPPED,
        then=is_a(ValidateData) & (migration == Migration.SCHEDULED),
        rules="MIG-2",
    ),
    sometimes(
        "an installation whose migration failed once may be migrated in the end",
        of=is_a(CompleteMigration) & HAPPENED & (failures == Failures.ONE),
        rules="MIG-4 MIG-2",
    ),
)

REFUSALS = tuple(
    always(
        f'where it is said of the migration that "{why.value}", that is so',
        when=reason == why,
        then=(outcome == Outcome.CANNOT_HAPPEN) & so,
        rules=rules,
    )
    for why, so, rules in (
        (
            MigrationReason.NOT_THE_NEXT_STEP,
            disjunction(*(is_a(step) & (migration != before) for step, before, _ in STAGES)),
            "MIG-1",
        ),
        (
            MigrationReason.NOT_UNDER_WAY,
            is_a(FailMigration) & migration.is_in(Migration.WITH_SMSO, Migration.MIGRATED, Migration.EXCLUDED),
            "MIG-4",
        ),
        (
            MigrationReason.TOO_FEW_FAILURES,
            is_a(ExcludeInstallation) & ((failures != Failures.FIVE) | (migration != Migration.WITH_SMSO)),
            "MIG-5",
        ),
    )
)

CLAIMS = (*WHOLE, *FAILURE, *VALIDATION, *REFUSALS)
