"""Migration from the SMSO to the DCC, and the engineering menu PIN that it revises."""

from dataclasses import dataclass

from . import reasons
from .answers import Answer, CannotHappen
from .dcc import Dcc
from .dco import Dco
from .faults import Fault
from .words import CA, At, Outcome, Pin, Release, Stage

ENOUGH_FAILURES = 5
SAME, SAME_BUT_FOR_ZEROS, NO_MPRN = "the same as given", "the same but for leading zeros", "no MPRN"


@dataclass
class MigrationOffice:
    """Takes one installation through its migration, step by step."""

    dcc: Dcc
    dco: Dco

    def _expect(self, *stages: Stage) -> None:
        if self.dcc.installation.stage not in stages:
            raise CannotHappen(reasons.NOT_THE_NEXT_STEP)

    def authorise(self) -> None:
        """It is authorised, and has its date."""
        self._expect(Stage.WITH_SMSO)
        self.dcc.installation.stage = Stage.SCHEDULED

    def validate(self, mprn: str) -> Answer | None:
        """The MPRN that the SMSO gives is compared with the registered one; a difference ends the attempt."""
        self._expect(Stage.SCHEDULED)
        home = self.dcc.installation
        if (home.has_gas or self.dcc.fault is Fault.MPRN_COMPARED_WITHOUT_GAS) and not self._matches(mprn):
            if self.dcc.fault is not Fault.MISMATCH_DOES_NOT_STOP:
                home.stage = Stage.WITH_SMSO
            if self.dcc.fault is not Fault.FAILED_VALIDATION_NOT_COUNTED:
                self._count_failure()
            says_invalid = mprn == NO_MPRN and self.dcc.fault is not Fault.INVALID_MPRN_IS_A_MISMATCH
            why = reasons.MPRN_INVALID if says_invalid else reasons.MPRN_DIFFERS
            return Answer(Outcome.STOPPED, At.PREMISES, why)
        home.stage = Stage.VALIDATED
        return None

    def _matches(self, mprn: str) -> bool:
        home, fault = self.dcc.installation, self.dcc.fault
        if mprn != SAME_BUT_FOR_ZEROS:
            return mprn == SAME
        if fault is Fault.LEADING_ZEROS_COUNT:
            return False
        ioc = home.ioc or fault is Fault.LEADING_ZEROS_NEVER_COUNT
        return ioc and (self.dcc.has(Release.UPLIFT) or fault is Fault.LEADING_ZEROS_BEFORE_UPLIFT)

    def test_devices(self) -> None:
        """The devices are tested."""
        early = [Stage.SCHEDULED] if self.dcc.fault is Fault.TEST_BEFORE_VALIDATION else []
        self._expect(Stage.VALIDATED, *early)
        self.dcc.installation.stage = Stage.TESTED

    def start_commissioning(self) -> None:
        """The Communications Hub is commissioned, and the PIN of a CA gas meter revised."""
        self._expect(Stage.TESTED)
        home = self.dcc.installation
        home.stage = Stage.COMMISSIONING
        home.commission_hub()
        ca = home.group == CA or (self.dcc.fault is Fault.PIN_FOR_EVERY_IOC_GROUP and home.ioc)
        if ca and (home.has_gas or self.dcc.fault is Fault.PIN_REVISED_WITHOUT_GAS):
            home.pin = Pin.REVISED

    def provide_pin(self, recipient: str) -> None:
        """The Installing Supplier is provided with the revised PIN."""
        home = self.dcc.installation
        to_gas = self.dcc.fault is Fault.PIN_TO_THE_GAS_SUPPLIER
        owed = home.gas_supplier if to_gas else home.installing_supplier
        if recipient != owed and self.dcc.fault is not Fault.PIN_TO_ANY_PARTY:
            raise CannotHappen(reasons.PIN_TO_NOBODY_ELSE)
        if not (home.group == CA and home.has_gas) and home.pin is not Pin.REVISED:
            raise CannotHappen(reasons.NOT_OF_A_CA_GAS_METER)
        late = self.dcc.fault is Fault.PIN_NOT_AFTER_MIGRATION and home.stage is Stage.MIGRATED
        if home.pin is not Pin.REVISED or not self.dcc.has(Release.UPLIFT) or late:
            raise CannotHappen(reasons.NO_PIN_TO_PROVIDE)
        if self.dcc.fault is not Fault.PIN_NOT_RECORDED:
            home.pin = Pin.PROVIDED

    def complete(self) -> None:
        """The installation changes hands, as a whole."""
        self._expect(Stage.COMMISSIONING)
        home = self.dcc.installation
        if self.dcc.fault is Fault.MIGRATION_WAITS_FOR_PIN and home.pin is Pin.REVISED:
            raise CannotHappen(reasons.NO_PIN_TO_PROVIDE)
        home.stage = Stage.MIGRATED
        home.smso_operates, home.dcc_operates = False, True
        home.failures = None
        home.commission_the_rest(self.dcc.fault)
        self.dco.start_package()

    def fail(self) -> None:
        """The attempt has failed: all is as it was, with the SMSO."""
        home = self.dcc.installation
        if home.stage in (Stage.WITH_SMSO, Stage.MIGRATED, Stage.EXCLUDED):
            raise CannotHappen(reasons.NOT_UNDER_WAY)
        if self.dcc.fault is Fault.FAILED_MIGRATION_LEAVES_BOTH and home.stage is Stage.COMMISSIONING:
            home.dcc_operates = True
        home.stage = Stage.WITH_SMSO
        home.pin = Pin.HELD
        home.uncommission_hub()
        self._count_failure()

    def _count_failure(self) -> None:
        home = self.dcc.installation
        if home.failures is not None:
            again = self.dcc.fault is Fault.FAILURES_START_AGAIN and home.failures == ENOUGH_FAILURES
            home.failures = 0 if again else min(home.failures + 1, ENOUGH_FAILURES)

    def exclude(self) -> None:
        """It stays with its SMSO for good, after five failed attempts."""
        home = self.dcc.installation
        enough = ENOUGH_FAILURES - (1 if self.dcc.fault is Fault.EXCLUDED_TOO_EARLY else 0)
        if home.stage is not Stage.WITH_SMSO or home.failures is None or home.failures < enough:
            raise CannotHappen(reasons.TOO_FEW_FAILURES)
        home.stage = Stage.EXCLUDED
