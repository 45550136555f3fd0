"""The Service Request Variants (SRVs) of DUIS: what each is called, how it may be sent, and by whom.

Rule SYS-6; basis: SRM, the DUIS service request matrix of DCC's own open-source tools.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from types import MappingProxyType

import attrs


class Role(Enum):
    """A role in which a DCC User sends Service Requests (SYS-6)."""

    IMPORT_SUPPLIER = "IS"
    EXPORT_SUPPLIER = "ES"
    GAS_SUPPLIER = "GS"
    ELECTRICITY_DISTRIBUTOR = "ED"
    GAS_TRANSPORTER = "GT"
    REGISTERED_SUPPLIER_AGENT = "RSA"
    OTHER_USER = "OU"


class FutureDating(Enum):
    """Who holds a future-dated request until its moment comes (SYS-6)."""

    DSP = "DSP"
    DEVICE = "Device"


@attrs.frozen
class ServiceRequestVariant:
    """One Service Request Variant and what the matrix says of it (SYS-6).

    Parameters
    ----------
    srv: the Service Reference Variant, such as "6.20.1".
    name: the name of the Service Request.
    critical: whether it is a Critical Command.
    on_demand: whether a User may send it to be carried out at once.
    future_dated: who can hold it for a later moment; empty if it cannot be future-dated.
    dcc_scheduled: whether the DCC can send it on a schedule.
    non_device: whether it is answered without a command to a device.
    roles: the roles it is open to; empty if the matrix names none.

    >>> SERVICE_REQUESTS["6.20.1"].reference
    '6.20'
    """

    srv: str
    name: str
    critical: bool
    on_demand: bool
    future_dated: frozenset[FutureDating]
    dcc_scheduled: bool
    non_device: bool
    roles: frozenset[Role]

    @property
    def reference(self) -> str:
        """The Service Reference the variant belongs to: its first two numbers."""
        # Not taken from the matrix, whose JSON holds the number 6.20 as "6.2".
        return ".".join(self.srv.split(".")[:2])


# C critical, O on demand, P future-dated by the DSP, D future-dated by the device, S DCC-scheduled, N non-device.
_TABLE = """
1.1.1  | COD | IS GS                 | Update Import Tariff (Primary Element)
1.1.2  | COD | IS                    | Update Import Tariff (Secondary Element)
1.2.1  | COD | IS GS                 | Update Price (Primary Element)
1.2.2  | COD | IS                    | Update Price (Secondary Element)
1.5    | CO  | IS GS                 | Update Meter Balance
1.6    | COD | IS GS                 | Update Payment Mode
1.7    | CO  | IS                    | Reset Tariff Block Counter Matrix
2.1    | COD | IS GS                 | Update Prepay Configuration
2.2    | O   | IS GS                 | Top Up Device
2.3    | CO  | IS GS                 | Update Debt
2.5    | CO  | IS GS                 | Activate Emergency Credit
3.1    | OP  | IS GS                 | Display Message
3.2    | OP  | IS GS                 | Restrict Access For Change Of Tenancy
3.3    | O   | IS GS                 | Clear Event Log
3.4    | OP  | IS GS                 | Update Supplier Name
3.5    | O   | IS GS                 | Disable Privacy PIN
4.1.1  | OP  | IS GS ED GT           | Read Instantaneous Import Registers
4.1.2  | OP  | IS GS ED GT           | Read Instantaneous Import TOU Matrices
4.1.3  | OP  | IS ED                 | Read Instantaneous Import TOU With Blocks Matrices
4.1.4  | OP  | GS                    | Read Instantaneous Import Block Counters
4.2    | OP  | ES ED                 | Read Instantaneous Export Registers
4.3    | OP  | IS GS                 | Read Instantaneous Prepay Values
4.4.2  | OP  | IS GS                 | Retrieve Change Of Mode / Tariff Triggered Billing Data Log
4.4.3  | OP  | IS GS                 | Retrieve Billing Calendar Triggered Billing Data Log
4.4.4  | OP  | IS GS                 | Retrieve Billing Data Log (Payment Based Debt Payments)
4.4.5  | OP  | IS GS                 | Retrieve Billing Data Log (Prepayment Credits)
4.6.1  | OPS | IS GS                 | Retrieve Import Daily Read Log
4.6.2  | OPS | ES                    | Retrieve Export Daily Read Log
4.8.1  | OPS | IS GS ED GT OU        | Read Active Import Profile Data
4.8.2  | OPS | IS ED OU              | Read Reactive Import Profile Data
4.8.3  | OPS | ES ED OU              | Read Export Profile Data
4.10   | OPS | IS GS ED GT           | Read Network Data
4.11.1 | O   | IS GS OU              | Read Tariff (Primary Element)
4.11.2 | O   | IS OU                 | Read Tariff (Secondary Element)
4.12.1 | OPS | IS ED                 | Read Maximum Demand Import Registers
4.12.2 | OPS | ES ED                 | Read Maximum Demand Export Registers
4.13   | OP  | IS GS                 | Read Prepayment Configuration
4.14   | OPS | IS GS                 | Read Prepayment Daily Read Log
4.15   | OPS | IS ED                 | Read Load Limit Data
4.16   | OS  | IS ED                 | Read Active Power Import
4.17   | OPS | IS GS ED GT OU        | Retrieve Daily Consumption Log
4.18   | OP  | IS GS                 | Read Meter Balance
5.1    | N   | IS ES GS ED GT OU     | Create Schedule
5.2    | N   | IS ES GS ED GT OU     | Read Schedule
5.3    | N   | IS ES GS ED GT OU     | Delete Schedule
6.2.1  | O   | IS ED RSA             | Read Device Configuration (Voltage)
6.2.2  | O   | IS ED RSA             | Read Device Configuration (Randomisation)
6.2.3  | O   | IS GS RSA             | Read Device Configuration (Billing Calendar)
6.2.4  | O   | IS ES GS ED GT RSA OU | Read Device Configuration (Identity Exc MPxN)
6.2.5  | O   | IS RSA                | Read Device Configuration (Instantaneous Power Thresholds)
6.2.7  | O   | IS ES GS ED GT RSA OU | Read Device Configuration (MPxN)
6.2.8  | O   | GS GT RSA             | Read Device Configuration (Gas)
6.2.9  | O   | IS GS RSA             | Read Device Configuration (Payment Mode)
6.2.10 | O   | IS GS ED              | Read Device Configuration (Event and Alert Behaviours)
6.4.1  | COD | IS                    | Update Device Configuration (Load Limiting General Settings)
6.4.2  | OP  | IS                    | Update Device Configuration (Load Limiting Counter Reset)
6.5    | OP  | ED                    | Update Device Configuration (Voltage)
6.6    | CO  | GS                    | Update Device Configuration (Gas Conversion)
6.7    | CO  | GS                    | Update Device Configuration (Gas Flow)
6.8    | CO  | IS GS                 | Update Device Configuration (Billing Calendar)
6.11   | CO  | IS GS                 | Synchronise Clock
6.12   | OP  | IS                    | Update Device Configuration (Instantaneous Power Threshold)
6.13   | O   | IS GS ED GT RSA       | Read Event Or Security Log
6.14.1 | CO  | IS                    | Update Device Configuration (Auxiliary Load Control Description)
6.14.2 | COD | IS                    | Update Device Configuration (Auxiliary Load Control Scheduler)
6.14.3 | COD | IS                    | Update Device Configuration (Auxiliary Controller Scheduler)
6.15.1 | COD | IS GS ED GT           | Update Security Credentials (KRP)
6.15.2 | CO  | IS GS                 | Update Security Credentials (Device)
6.17   | CO  | IS GS                 | Issue Security Credentials
6.18.1 | OP  | ED                    | Set Maximum Demand Configurable Time Period
6.18.2 | OP  | ED                    | Reset Maximum Demand Registers
6.20.1 | OP  | IS GS                 | Set Device Configuration (Import MPxN)
6.20.2 | OP  | ES                    | Set Device Configuration (Export MPAN)
6.21   | OP  | IS GS                 | Request Handover Of DCC Controlled Device
6.22   | O   | IS GS ED              | Configure Alert Behaviour
6.23   | OPD | IS GS                 | Update Security Credentials (CoS)
6.24.1 | O   | IS GS ED GT           | Retrieve Device Security Credentials (KRP)
6.24.2 | CO  | IS GS                 | Retrieve Device Security Credentials (Device)
6.25   | CO  | IS                    | Set Electricity Supply Tamper State
6.26   | CO  | IS                    | Update Device Configuration (daily resetting of Tariff Block Counter Matrix)
6.27   | OP  | ED                    | Update Device Configuration (RMS Voltage Counter Reset)
6.28   | O   | IS GS                 | Set CHF Sub GHz Configuration
6.29   | O   | IS GS                 | Request CHF Sub GHz Channel Scan
6.30   | O   | IS GS RSA             | Read CHF Sub GHz Configuration
6.31   | O   | IS GS RSA             | Read CHF Sub GHz Channel
6.32   | O   | IS GS RSA             | Read CHF Sub GHz Channel Log
7.1    | CO  | IS                    | Enable Supply
7.2    | CO  | IS GS                 | Disable Supply
7.3    | CO  | IS GS                 | Arm Supply
7.4    | O   | IS ES GS ED GT RSA    | Read Supply Status
7.5    | CO  | IS                    | Activate Auxiliary Load
7.6    | CO  | IS                    | Deactivate Auxiliary Load
7.7    | OP  | IS ED OU              | Read Auxiliary Load Switch Data
7.8    | CO  | IS                    | Reset Auxiliary Load
7.9    | OP  | IS                    | Add Auxiliary Load To Boost Button
7.10   | OP  | IS                    | Remove Auxiliary Load From Boost Button
7.11   | OP  | IS OU                 | Read Boost Button Details
7.12   | CO  | IS                    | Set Randomised Offset Limit
7.13   | CO  | IS                    | Set Auxiliary Controller State
7.14   | OP  | IS ED OU              | Read Auxiliary Controller Configuration Data
7.15   | OP  | IS ED OU              | Read Auxiliary Controller Operational Data
7.16   | CO  | -                     | Limit APC Level
8.1.1  | CO  | IS GS                 | Commission Device
8.2    | N   | IS ES GS ED GT RSA OU | Read Inventory
8.3    | N   | IS GS                 | Decommission Device
8.4    | N   | IS ES GS ED GT RSA OU | Update Inventory
8.5    | P   | -                     | Service Opt Out
8.6    | N   | -                     | Service Opt In
8.7.1  | CO  | IS GS                 | Join Service (Critical)
8.7.2  | O   | IS GS OU              | Join Service (Non-Critical)
8.8.1  | CO  | IS GS                 | Unjoin Service (Critical)
8.8.2  | O   | IS GS OU              | Unjoin Service (Non-Critical)
8.9    | OP  | IS GS OU              | Read Device Log
8.11   | OP  | IS GS OU              | Update HAN Device Log
8.12.1 | O   | IS GS                 | Restore HAN Device Log
8.12.2 | O   | IS GS                 | Restore Gas Proxy Function Device Log
8.13   | N   | IS GS                 | Return Local Command Response
8.14.1 | N   | IS GS                 | Communications Hub Status Update - Install Success
8.14.2 | N   | IS GS                 | Communications Hub Status Update - Install No SM WAN
8.14.3 | N   | IS GS                 | Communications Hub Status Update - Fault Return
8.14.4 | N   | IS GS                 | Communications Hub Status Update - No Fault Return
9.1    | O   | OU                    | Request Customer Identification Number
11.1   | N   | IS GS                 | Update Firmware
11.2   | OP  | IS ES GS ED GT RSA OU | Read Firmware Version
11.3   | COD | IS GS                 | Activate Firmware
11.4   | N   | IS GS                 | Update PPMID Firmware
12.1   | N   | IS ES GS ED GT RSA OU | Request WAN Matrix
12.2   | N   | IS ES GS ED GT RSA OU | Device Pre-notification
14.1   | OS  | GT                    | Record Network Data (GAS)
"""


def _rows() -> Iterator[ServiceRequestVariant]:
    for row in _TABLE.strip().splitlines():
        srv, handling, roles, name = (cell.strip() for cell in row.split(" | "))
        yield ServiceRequestVariant(
            srv=srv,
            name=name,
            critical="C" in handling,
            on_demand="O" in handling,
            future_dated=frozenset(
                holder for letter, holder in (("P", FutureDating.DSP), ("D", FutureDating.DEVICE)) if letter in handling
            ),
            dcc_scheduled="S" in handling,
            non_device="N" in handling,
            roles=frozenset(Role(role) for role in roles.split() if role != "-"),
        )


SERVICE_REQUESTS: Mapping[str, ServiceRequestVariant] = MappingProxyType({row.srv: row for row in _rows()})
