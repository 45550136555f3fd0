"""Migration: an installation leaves its SMSO for the DCC as a whole, or stays with its SMSO as a whole.

It is authorised and scheduled, its data are validated, its devices tested, and it is commissioned; a failure on the
way leaves it with its SMSO. What the last step does to devices, keys and PIN is said where those are.
Sources: MIG-1 to MIG-5, MPRN-1 to MPRN-3 and the assumptions MOD-34 and MOD-35.
"""

from enum import Enum
from itertools import pairwise

from statemachines.language.expression import Expr
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.system import Constraint
from statemachines.language.terms import Variable
from statemachines.smets1.mprn import MATCHES, NO_GAS
from statemachines.smets1.verdicts import cannot_happen, happens
from statemachines.smets1.vocabulary import (
    AuthoriseMigration,
    CompleteMigration,
    ExcludeInstallation,
    FailMigration,
    MprnComparison,
    Reason,
    StartCommissioning,
    TestDevices,
    ValidateData,
    mprn,
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


UNDER_WAY = (Migration.SCHEDULED, Migration.VALIDATED, Migration.TESTED, Migration.COMMISSIONING)

migration = Variable("migration", Migration)

MIGRATED: Expr = migration == Migration.MIGRATED

lifecycle = Lifecycle(
    migration,
    initial=Migration.WITH_SMSO,
    transitions=[
        Transition(Migration.WITH_SMSO, AuthoriseMigration, Migration.SCHEDULED, rules="MIG-1"),
        Transition(
            Migration.SCHEDULED,
            ValidateData,
            Migration.VALIDATED,
            when=MATCHES,
            rules="MIG-1 MIG-2 MPRN-1 MPRN-2 MOD-39 MOD-40",
        ),
        Transition(
            Migration.SCHEDULED,
            ValidateData,
            Migration.WITH_SMSO,
            when=~MATCHES,
            rules="MIG-2 MIG-4 MPRN-3 MOD-35 MOD-39",
        ),
        Transition(Migration.VALIDATED, TestDevices, Migration.TESTED, rules="MIG-1"),
        Transition(Migration.TESTED, StartCommissioning, Migration.COMMISSIONING, rules="MIG-1 MIG-3"),
        Transition(Migration.COMMISSIONING, CompleteMigration, Migration.MIGRATED, rules="MIG-1 MIG-3"),
        Transition(UNDER_WAY, FailMigration, Migration.WITH_SMSO, rules="MIG-4"),
        Transition(Migration.WITH_SMSO, ExcludeInstallation, Migration.EXCLUDED, rules="MIG-5"),
    ],
)


class Operation(Enum):
    """Whether a system operates the installation."""

    OPERATES = "operates it"
    DOES_NOT = "does not operate it"


smso = Variable("smso", Operation, label="SMSO")
dcc = Variable("dcc", Operation, label="DCC")

smso_operation = Lifecycle(
    smso,
    initial=Operation.OPERATES,
    transitions=[Transition(Operation.OPERATES, CompleteMigration, Operation.DOES_NOT, rules="MIG-1 MIG-4")],
    title="operation by the SMSO",
)
dcc_operation = Lifecycle(
    dcc,
    initial=Operation.DOES_NOT,
    transitions=[Transition(Operation.DOES_NOT, CompleteMigration, Operation.OPERATES, rules="MIG-1 MIG-4")],
    title="operation by the DCC",
)


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


def _one_more(before: Failures, after: Failures) -> list[Transition]:
    return [
        Transition(before, ValidateData, after, when=~MATCHES, rules="MIG-5 MOD-35"),
        Transition(before, FailMigration, after, rules="MIG-5"),
    ]


attempts = Lifecycle(
    failures,
    initial=[Failures.NOT_COUNTED, Failures.NONE],
    transitions=[
        *(move for before, after in pairwise(COUNTED) for move in _one_more(before, after)),
        Transition(COUNTED, CompleteMigration, Failures.NOT_COUNTED, rules="MOD-34"),
    ],
    title="failed attempts to migrate",
)

_NEXT = {
    AuthoriseMigration: Migration.WITH_SMSO,
    ValidateData: Migration.SCHEDULED,
    TestDevices: Migration.VALIDATED,
    StartCommissioning: Migration.TESTED,
    CompleteMigration: Migration.COMMISSIONING,
}
"""After which stage each step of a migration comes."""

CHECKS = (
    *(
        cannot_happen(kind, f"the installation is {stage.value}", migration != stage, Reason.NOT_THE_NEXT_STEP, "MIG-1")
        for kind, stage in _NEXT.items()
    ),
    cannot_happen(
        FailMigration, "a migration is under way", ~migration.is_in(*UNDER_WAY), Reason.NOT_UNDER_WAY, "MIG-4"
    ),
    cannot_happen(
        ExcludeInstallation,
        "the installation is with its SMSO after five failed attempts",
        (migration != Migration.WITH_SMSO) | (failures != Failures.FIVE),
        Reason.TOO_FEW_FAILURES,
        "MIG-5",
    ),
)

ANSWERS = (
    happens(AuthoriseMigration, "MIG-1"),
    happens(
        ValidateData, "MIG-2 MPRN-3", when=(mprn == MprnComparison.INVALID) & ~NO_GAS, stops_for=Reason.MPRN_INVALID
    ),
    happens(ValidateData, "MIG-2 MPRN-1 MPRN-2 MOD-39", when=~MATCHES, stops_for=Reason.MPRN_DIFFERS),
    happens(ValidateData, "MIG-2 MPRN-1 MPRN-2 MOD-39 MOD-40"),
    happens(TestDevices, "MIG-1"),
    happens(StartCommissioning, "MIG-1 MIG-3"),
    happens(CompleteMigration, "MIG-1 MIG-3"),
    happens(FailMigration, "MIG-4"),
    happens(ExcludeInstallation, "MIG-5"),
)

CONSTRAINTS = (
    *(
        Constraint(label, when=when, then=then, rules="MIG-1 MIG-4")
        for label, when, then in (
            (
                "the SMSO operates the installation until it is migrated",
                ~MIGRATED,
                smso == Operation.OPERATES,
            ),
            (
                "the SMSO does not operate the installation once it is migrated",
                MIGRATED,
                smso == Operation.DOES_NOT,
            ),
            (
                "the DCC does not operate the installation until it is migrated",
                ~MIGRATED,
                dcc == Operation.DOES_NOT,
            ),
            ("the DCC operates the installation once it is migrated", MIGRATED, dcc == Operation.OPERATES),
        )
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
)
