"""Why: the reasons of every component, each in an enum of its own, and what claims ask of a verdict."""

from enum import Enum

from statemachines.language.terms import Observed
from statemachines.smets1.admission import AdmissionReason
from statemachines.smets1.auxiliary_load import TariffReason
from statemachines.smets1.commissioning import CommissioningReason
from statemachines.smets1.compliance import ComplianceReason
from statemachines.smets1.designation import DesignationReason
from statemachines.smets1.duis_versions import DuisReason
from statemachines.smets1.firmware import FirmwareReason
from statemachines.smets1.fleet import SiteReason
from statemachines.smets1.key_package import KeyReason
from statemachines.smets1.migration import MigrationReason
from statemachines.smets1.pin import PinReason
from statemachines.smets1.releases import ReleaseReason
from statemachines.smets1.request_course import CourseReason
from statemachines.smets1.supply import SupplyReason
from statemachines.smets1.verdicts import EventReason

REASONS: tuple[Enum, ...] = (
    *AdmissionReason,
    *CommissioningReason,
    *FirmwareReason,
    *KeyReason,
    *TariffReason,
    *CourseReason,
    *EventReason,
    *ReleaseReason,
    *SupplyReason,
    *DuisReason,
    *MigrationReason,
    *PinReason,
    *DesignationReason,
    *ComplianceReason,
    *SiteReason,
)

reason = Observed("reason", Enum, among=REASONS)
