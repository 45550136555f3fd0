"""What DCC's published request templates show of each SRV: the element of its body, and the devices it is sent to.

Source: RTDS, DCC's request templates, and the use cases that they are named by. They are of a later DUIS (schema 5.4)
than the report's 3.1, and of devices of every kind: DUIS varies itself for SMETS1 devices, in words that are not at
hand. So a body of another SRV is refused, but a device that no template is for is only not known to be right.
"""

from collections.abc import Mapping
from types import MappingProxyType

import attrs

# E an ESME, G a GSME or a GPF, H a CHF, * any device, - none: the request is answered by the DCC itself.
_TABLE = """
1.1.1  | EG  | UpdateImportTariffPrimaryElement
1.1.2  | E   | UpdateImportTariffSecondaryElement
1.2.1  | EG  | UpdatePricePrimaryElement
1.2.2  | E   | UpdatePriceSecondaryElement
1.5    | EG  | UpdateMeterBalance
1.6    | EG  | UpdatePaymentMode
1.7    | E   | ResetTariffBlockCounterMatrix
2.1    | EG  | UpdatePrepayConfiguration
2.2    | EG  | TopUpDevice
2.3    | EG  | UpdateDebt
2.5    | EG  | ActivateEmergencyCredit
3.1    | EG  | DisplayMessage
3.2    | EG  | RestrictAccessForChangeOfTenancy
3.3    | *   | ClearEventLog
3.4    | EG  | UpdateSupplierName
3.5    | EG  | DisablePrivacyPIN
4.1.1  | EG  | ReadInstantaneousImportRegisters
4.1.2  | EG  | ReadInstantaneousImportTOUMatrices
4.1.3  | E   | ReadInstantaneousImportTOUWithBlocksMatrices
4.1.4  | G   | ReadInstantaneousImportBlockCounters
4.2    | E   | ReadInstantaneousExportRegisters
4.3    | EG  | ReadInstantaneousPrepayValues
4.4.2  | EG  | RetrieveCoMOrTariffTriggeredBillingDataLog
4.4.3  | EG  | RetrieveBillingCalendarTriggeredBillingDataLog
4.4.4  | EG  | RetrieveBillingDataLogDebtPayments
4.4.5  | EG  | RetrieveBillingDataLogPrepaymentCredits
4.6.1  | EG  | RetrieveImportDailyReadLog
4.6.2  | E   | RetrieveExportDailyReadLog
4.8.1  | EG  | ReadActiveImportProfileData
4.8.2  | E   | ReadReactiveImportProfileData
4.8.3  | E   | ReadExportProfileData
4.10   | EG  | ReadNetworkData
4.11.1 | EG  | ReadTariffPrimaryElement
4.11.2 | E   | ReadTariffSecondaryElement
4.12.1 | E   | ReadMaximumDemandImportRegisters
4.12.2 | E   | ReadMaximumDemandExportRegisters
4.13   | EG  | ReadPrepaymentConfiguration
4.14   | EG  | ReadPrepaymentDailyReadLog
4.15   | E   | ReadLoadLimitData
4.16   | E   | ReadActivePowerImport
4.17   | EG  | RetrieveDailyConsumptionLog
4.18   | EG  | ReadMeterBalance
5.1    | -   | CreateSchedule
5.2    | -   | ReadSchedule
5.3    | -   | DeleteSchedule
6.2.1  | E   | ReadDeviceConfigurationVoltage
6.2.2  | E   | ReadDeviceConfigurationRandomisation
6.2.3  | EG  | ReadDeviceConfigurationBillingCalendar
6.2.4  | EGH | ReadDeviceConfigurationIdentityExcMPxN
6.2.5  | E   | ReadDeviceConfigurationInstantaneousPowerThresholds
6.2.7  | EG  | ReadDeviceConfigurationMPxN
6.2.8  | G   | ReadDeviceConfigurationGas
6.2.9  | EG  | ReadDeviceConfigurationPaymentMode
6.2.10 | EG  | ReadDeviceConfigurationEventAndAlertBehaviours
6.4.1  | E   | UpdateDeviceConfigurationLoadLimitingGeneralSettings
6.4.2  | E   | UpdateDeviceConfigurationLoadLimitingCounterReset
6.5    | E   | UpdateDeviceConfigurationVoltage
6.6    | G   | UpdateDeviceConfigurationGasConversion
6.7    | G   | UpdateDeviceConfigurationGasFlow
6.8    | EG  | UpdateDeviceConfigurationBillingCalendar
6.11   | EG  | SynchroniseClock
6.12   | E   | UpdateDeviceConfigurationInstantaneousPowerThreshold
6.13   | *   | ReadEventOrSecurityLog
6.14.1 | E   | UpdateDeviceConfigurationALCDescriptions
6.14.2 | E   | UpdateDeviceConfigurationALCScheduler
6.14.3 | E   | UpdateDeviceConfigurationAuxiliaryControllerScheduler
6.15.1 | *   | UpdateSecurityCredentialsKRP
6.15.2 | *   | UpdateSecurityCredentialsDevice
6.17   | *   | IssueSecurityCredentials
6.18.1 | E   | SetMaximumDemandConfigurableTimePeriod
6.18.2 | E   | ResetMaximumDemandRegisters
6.20.1 | EG  | SetDeviceConfigurationImportMPxN
6.20.2 | E   | SetDeviceConfigurationExportMPAN
6.21   | *   | RequestHandoverOfDCCControlledDevice
6.22   | EG  | ConfigureAlertBehaviour
6.23   | *   | UpdateSecurityCredentialsCoS
6.24.1 | *   | RetrieveDeviceSecurityCredentialsKRP
6.24.2 | *   | RetrieveDeviceSecurityCredentialsDevice
6.25   | E   | SetElectricitySupplyTamperState
6.26   | E   | UpdateDeviceConfigurationDailyResettingOfTariffBlockCounterMatrix
6.27   | E   | UpdateDeviceConfigurationRMSVoltageCounterReset
6.28   | H   | SetCHFSubGHzConfiguration
6.29   | H   | RequestCHFSubGHzChannelScan
6.30   | H   | ReadCHFSubGHzConfiguration
6.31   | H   | ReadCHFSubGHzChannel
6.32   | H   | ReadCHFSubGHzChannelLog
7.1    | E   | EnableSupply
7.2    | EG  | DisableSupply
7.3    | EG  | ArmSupply
7.4    | EG  | ReadSupplyStatus
7.5    | E   | ActivateAuxiliaryLoad
7.6    | E   | DeactivateAuxiliaryLoad
7.7    | E   | ReadALCSData
7.8    | E   | ResetAuxiliaryLoad
7.9    | E   | AddAuxiliaryLoadToBoostButton
7.10   | E   | RemoveAuxiliaryLoadFromBoostButton
7.11   | E   | ReadBoostButtonDetails
7.12   | E   | SetRandomisedOffsetLimit
7.13   | E   | SetAuxiliaryControllerState
7.14   | E   | ReadAuxiliaryControllerConfigurationData
7.15   | E   | ReadAuxiliaryControllerOperationalData
7.16   | E   | LimitAPCLevel
8.1.1  | EG  | CommissionDeviceSynchroniseClock
8.2    | -   | ReadInventory
8.3    | -   | DecommissionDevice
8.4    | -   | UpdateInventory
8.5    | *   | ServiceOptOut
8.6    | -   | ServiceOptIn
8.7.1  | *   | JoinServiceCritical
8.7.2  | *   | JoinServiceNonCritical
8.8.1  | *   | UnjoinServiceCritical
8.8.2  | *   | UnjoinServiceNonCritical
8.9    | *   | ReadDeviceLog
8.11   | H   | UpdateHANDeviceLog
8.12.1 | H   | RestoreHANDeviceLog
8.12.2 | G   | RestoreGPFDeviceLog
8.13   | -   | ReturnLocalCommandResponse
8.14.1 | -   | CHFInstallSuccessSMWAN
8.14.2 | -   | CHFInstallSuccessNoSMWAN
8.14.3 | -   | CHFFaultReturn
8.14.4 | -   | CHFNoFaultReturn
9.1    | EG  | RequestCustomerIdentificationNumber
11.1   | -   | UpdateFirmware
11.2   | *   | ReadFirmwareVersion
11.3   | *   | ActivateFirmware
11.4   | -   | UpdatePPMIDFirmware
12.1   | -   | RequestWANMatrix
12.2   | -   | DevicePrenotification
14.1   | G   | RecordNetworkDataGAS
"""
_DEVICES = {"E": frozenset({"ESME"}), "G": frozenset({"GSME", "GPF"}), "H": frozenset({"CHF"})}


@attrs.frozen
class Template:
    """What the templates show of one SRV.

    Parameters
    ----------
    body: the local name of the one element of the Body.
    devices: the types of the devices it is sent to; ``None`` where that can be any, or none.
    """

    body: str
    devices: frozenset[str] | None


def _rows() -> dict[str, Template]:
    rows = (tuple(cell.strip() for cell in row.split(" | ")) for row in _TABLE.strip().splitlines())
    return {
        srv: Template(body, None if letters in "*-" else frozenset().union(*(_DEVICES[letter] for letter in letters)))
        for srv, letters, body in rows
    }


TEMPLATES: Mapping[str, Template] = MappingProxyType(_rows())
"""By SRV; each SRV of the matrix has one."""

KNOWN_SCHEMA_VERSIONS = frozenset({"3.1", "5.1", "5.4"})
"""The schema versions that the sources name: the report's DUIS, and those of DCC's published samples and templates."""

DEVICE_TYPES = frozenset({"ESME", "GSME", "CHF", "GPF", "PPMID"})
"""The device types that the sources name; DUIS has more, in a list that is not at hand."""
