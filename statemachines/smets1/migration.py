"""Migration: an installation leaves its SMSO for the DCC as a whole, or stays with its SMSO as a whole.

It is authorised and scheduled, its data are validated, its devices tested, and it is commissioned; a failure on the
way leaves it with its SMSO. What the last step does to devices, keys and PIN is said where those are.
Sources: MIG-1 to MIG-5, MPRN-1 to MPRN-3 and the assumptions MOD-34, MOD-35, MOD-39, MOD-40 and MOD-57.
"""

from enum import Enum

from statemachines.language.component import Component, Constraint
from statemachines.language.expression import Expr
from statemachines.language.gates import Check
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import RequestType
from statemachines.language.terms import Variable
from statemachines.smets1.mprn import (
    INVALID,
    MATCHES,
    OTHER,
    SAME,
    ZEROS_COUNTED_BEFORE_UPLIFT,
    ZEROS_COUNTED_ELSEWHERE,
    ZEROS_IGNORED,
)
from statemachines.smets1.supply import NO_GAS
from statemachines.smets1.verdicts import happens, happens_only
from statemachines.smets1.vocabulary import (
    AuthoriseMigration,
    CompleteMigration,
    ExcludeInstallation,
    FailMigration,
    Party,
    StartCommissioning,
    TestDevices,
    ValidateData,
)


class Migration(Enum):
    """How far the installation has come."""

    WITH_SMSO = "with its SMSO"
    SCHEDULED = "authorised and scheduled"
    VALIDATED = "data validated"
    TESTED = "devices tested"
    COMMISSIONING = "being commissioned"
    MIGRATED = "migrated to the DCC"
    EXCLUDED = "excluded from migration"


class MigrationReason(Enum):
    """Why a migration stops, or does not take a step."""

    NOT_THE_NEXT_STEP = "it is not the migration's next step"
    MPRN_DIFFERS = "the MPRNs do not match"
    MPRN_INVALID = "an MPRN has to be 1 to 10 digits"
    NOT_UNDER_WAY = "no migration is under way"
    TOO_FEW_FAILURES = "the installation is not with its SMSO after five failed attempts that count"


UNDER_WAY = (Migration.SCHEDULED, Migration.VALIDATED, Migration.TESTED, Migration.COMMISSIONING)

migration = Variable("migration", Migration)

MIGRATED: Expr = migration == Migration.MIGRATED


class Operation(Enum):
    """Whether a system operates the installation."""

    OPERATES = "operates it"
    DOES_NOT = "does not operate it"


smso = Variable("smso", Operation, label="SMSO")
dcc = Variable("dcc", Operation, label="DCC")


class Failures(Enum):
    """How many attempts to migrate the installation have failed, where that counts."""

    NOT_COUNTED = "not counted"
    NONE = "none"
    ONE = "one"
    TWO = "two"
    THREE = "three"
    FOUR = "four"
    FIVE = "five or more"


COUNTED = [failures for failures in Failures if failures is not Failures.NOT_COUNTED]

failures = Variable("failures", Failures, label="failed attempts")


def _one_more(fewer: Failures, more: Failures) -> list[Transition[Failures]]:
    """Two ways for an attempt to fail."""
    return [
        Transition(fewer, ValidateData, more, when=~MATCHES, rules="MIG-5 MOD-35"),
        Transition(fewer, FailMigration, more, rules="MIG-5"),
    ]


def _stopped(where: Expr, rules: str) -> Transition[Migration]:
    """The validation of data finds what it does not accept, and the installation stays with its SMSO."""
    return Transition(Migration.SCHEDULED, ValidateData, Migration.WITH_SMSO, when=where, rules=rules)


def _step(kind: RequestType, *, after: Migration) -> Check:
    """A step of a migration comes after the stage before it, and after no other."""
    return happens_only(
        kind,
        f"the installation is {after.value}",
        migration == after,
        otherwise=MigrationReason.NOT_THE_NEXT_STEP,
        rules="MIG-1",
    )


component = Component(
    "migration",
    lifecycles=[
        Lifecycle(
            migration,
            initial=Migration.WITH_SMSO,
            transitions=[
                Transition(Migration.WITH_SMSO, AuthoriseMigration, Migration.SCHEDULED, rules="MIG-1"),
                Transition(Migration.SCHEDULED, ValidateData, Migration.VALIDATED, when=NO_GAS, rules="MIG-1 MOD-40"),
                Transition(Migration.SCHEDULED, ValidateData, Migration.VALIDATED, when=SAME, rules="MIG-1 MIG-2"),
                Transition(
                    Migration.SCHEDULED,
                    ValidateData,
                    Migration.VALIDATED,
                    when=ZEROS_IGNORED,
                    rules="MIG-1 MIG-2 MPRN-1 MOD-39",
                ),
                _stopped(ZEROS_COUNTED_BEFORE_UPLIFT, "MOD-35 MOD-39"),
                _stopped(ZEROS_COUNTED_ELSEWHERE, "MOD-35 MPRN-2"),
                _stopped(OTHER, "MOD-35"),
                _stopped(INVALID, "MOD-35 MPRN-3"),
                Transition(Migration.VALIDATED, TestDevices, Migration.TESTED, rules="MIG-1"),
                Transition(Migration.TESTED, StartCommissioning, Migration.COMMISSIONING, rules="MIG-1 MIG-3"),
                Transition(Migration.COMMISSIONING, CompleteMigration, Migration.MIGRATED, rules="MIG-1 MIG-3"),
                Transition(UNDER_WAY, FailMigration, Migration.WITH_SMSO, rules="MIG-4"),
                Transition(Migration.WITH_SMSO, ExcludeInstallation, Migration.EXCLUDED, rules="MIG-5"),
            ],
        ),
        Lifecycle(
            failures,
            initial=[Failures.NOT_COUNTED, Failures.NONE],
            transitions=[
                *_one_more(Failures.NONE, Failures.ONE),
                *_one_more(Failures.ONE, Failures.TWO),
                *_one_more(Failures.TWO, Failures.THREE),
                *_one_more(Failures.THREE, Failures.FOUR),
                *_one_more(Failures.FOUR, Failures.FIVE),
                Transition(COUNTED, CompleteMigration, Failures.NOT_COUNTED, rules="MOD-34"),
            ],
            title="failed attempts to migrate",
        ),
        Lifecycle(
            smso,
            initial=Operation.OPERATES,
            transitions=[Transition(Operation.OPERATES, CompleteMigration, Operation.DOES_NOT, rules="MIG-1")],
            title="operation by the SMSO",
        ),
        Lifecycle(
            dcc,
            initial=Operation.DOES_NOT,
            transitions=[Transition(Operation.DOES_NOT, CompleteMigration, Operation.OPERATES, rules="MIG-1")],
            title="operation by the DCC",
        ),
    ],
    checks={
        Party.PREMISES: [
            _step(AuthoriseMigration, after=Migration.WITH_SMSO),
            _step(ValidateData, after=Migration.SCHEDULED),
            _step(TestDevices, after=Migration.VALIDATED),
            _step(StartCommissioning, after=Migration.TESTED),
            _step(CompleteMigration, after=Migration.COMMISSIONING),
            happens_only(
                FailMigration,
                "a migration is under way",
                migration.is_in(*UNDER_WAY),
                otherwise=MigrationReason.NOT_UNDER_WAY,
                rules="MIG-4",
            ),
            happens_only(
                ExcludeInstallation,
                "the installation is with its SMSO after five failed attempts",
                (migration == Migration.WITH_SMSO) & (failures == Failures.FIVE),
                otherwise=MigrationReason.TOO_FEW_FAILURES,
                rules="MIG-5",
            ),
        ]
    },
    answers=[
        happens(AuthoriseMigration, "MIG-1"),
        happens(ValidateData, "MOD-40", when=NO_GAS),
        happens(ValidateData, "MIG-2", when=SAME),
        happens(ValidateData, "MIG-2 MPRN-1 MOD-39", when=ZEROS_IGNORED),
        happens(ValidateData, "MOD-35 MPRN-3", when=INVALID, stops_for=MigrationReason.MPRN_INVALID),
        happens(ValidateData, "MOD-35 MPRN-2", when=ZEROS_COUNTED_ELSEWHERE, stops_for=MigrationReason.MPRN_DIFFERS),
        happens(
            ValidateData,
            "MOD-35 MOD-39",
            when=ZEROS_COUNTED_BEFORE_UPLIFT,
            stops_for=MigrationReason.MPRN_DIFFERS,
        ),
        happens(ValidateData, "MOD-35", stops_for=MigrationReason.MPRN_DIFFERS),
        happens(TestDevices, "MIG-1"),
        happens(StartCommissioning, "MIG-1 MIG-3"),
        happens(CompleteMigration, "MIG-1 MIG-3"),
        happens(FailMigration, "MIG-4"),
        happens(ExcludeInstallation, "MIG-5"),
    ],
    constraints=[
        Constraint(
            "until the installation is migrated, its SMSO operates it and the DCC does not",
            when=~MIGRATED,
            then=(smso == Operation.OPERATES) & (dcc == Operation.DOES_NOT),
            rules="MOD-57",
        ),
        Constraint(
            "once the installation is migrated, the DCC operates it and its SMSO does not",
            when=MIGRATED,
            then=(dcc == Operation.OPERATES) & (smso == Operation.DOES_NOT),
            rules="MIG-1",
        ),
        Constraint(
            "failed attempts no longer count once the installation is migrated",
            when=MIGRATED,
            then=failures == Failures.NOT_COUNTED,
            rules="MOD-34",
        ),
        Constraint(
            "an installation is excluded only after five failed attempts",
            when=migration == Migration.EXCLUDED,
            then=failures == Failures.FIVE,
            rules="MIG-5",
        ),
    ],
)
