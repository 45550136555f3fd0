"""Claims about reading firmware, SRV 11.2. Sources: READ-1 to READ-3, SYS-2 and the assumption MOD-1."""

from properties.smets1.claims.requests import (
    ACCEPTED,
    COMMISSIONED,
    ENTITLED,
    KNOWN,
    NOTHING_CHANGES,
    REACHED_BY_THE_HUB,
)
from statemachines import Reached, always, is_a
from statemachines.smets1.commissioning import SmiStatus, chf_status
from statemachines.smets1.firmware import FIRMWARE_OF, Firmware, FirmwareReason
from statemachines.smets1.migration import Migration, migration
from statemachines.smets1.reasons import reason
from statemachines.smets1.releases import Release, release
from statemachines.smets1.vocabulary import (
    IOC,
    Device,
    Group,
    Outcome,
    Party,
    ReadFirmwareVersion,
    RequestIdUse,
    Response,
    Screening,
    decided_at,
    group,
    outcome,
    request_id,
    response,
    screening,
    target,
)

READ = is_a(ReadFirmwareVersion)
READ_PPMID = READ & (target == Device.PPMID)

CLAIMS = (
    always(
        "the GPF's firmware can be read",
        when=READ
        & (target == Device.GPF)
        & ENTITLED[ReadFirmwareVersion]
        & (request_id == RequestIdUse.NEW)
        & (screening == Screening.PASSED)
        & (migration == Migration.MIGRATED)
        & (chf_status == SmiStatus.COMMISSIONED),
        then=ACCEPTED,
        rules="READ-1 COM-3",
    ),
    always(
        "with Uplift 1.2, before the November 2020 release, reading an IOC PPMID's firmware returns an alert",
        when=READ_PPMID & group.is_in(*IOC) & (release == Release.UPLIFT_1_2) & Reached(Party.S1SP),
        then=(outcome == Outcome.ALERT) & (reason == FirmwareReason.PPMID_READ_DEFECT),
        rules="READ-2",
    ),
    always(
        "before Uplift 1.2, too, reading an IOC PPMID's firmware returns an alert",
        when=READ_PPMID & group.is_in(*IOC) & (release < Release.UPLIFT_1_2) & Reached(Party.S1SP),
        then=(outcome == Outcome.ALERT) & (reason == FirmwareReason.PPMID_READ_DEFECT),
        rules="MOD-53",
    ),
    always(
        "an alert is raised at the S1SP",
        when=outcome == Outcome.ALERT,
        then=decided_at == Party.S1SP,
        rules="MOD-1",
    ),
    always(
        "from the November 2020 release on, reading an IOC PPMID's firmware returns the response",
        when=READ_PPMID
        & group.is_in(*IOC)
        & (release >= Release.NOVEMBER_2020)
        & Reached(Party.S1SP)
        & (screening == Screening.PASSED),
        then=ACCEPTED,
        rules="READ-2",
    ),
    always(
        "nothing else returns an alert",
        when=outcome == Outcome.ALERT,
        then=READ_PPMID & group.is_in(*IOC) & (release < Release.NOVEMBER_2020),
        rules="READ-2 READ-3",
    ),
    *(
        always(
            f"reading the {device.value}'s firmware returns the version that is running",
            when=READ & (target == device) & ACCEPTED,
            then=((firmware == Firmware.UPGRADED) & (response == Response.DELIVERED_VERSION))
            | ((firmware != Firmware.UPGRADED) & (response == Response.PRESENT_VERSION)),
            rules="MOD-54",
        )
        for device, firmware in FIRMWARE_OF.items()
    ),
    always(
        "every other read of a commissioned device's firmware is answered",
        when=KNOWN
        & READ
        & ENTITLED[ReadFirmwareVersion]
        & COMMISSIONED
        & REACHED_BY_THE_HUB
        & (screening == Screening.PASSED)
        & ~((target == Device.PPMID) & group.is_in(Group.CA, Group.OTHER_IOC) & (release != Release.NOVEMBER_2020)),
        then=ACCEPTED & (reason == FirmwareReason.VERSION_READ),
        rules="READ-3 SYS-2",
    ),
    *(
        always(
            f"only a read returns {returned.value}",
            when=response == returned,
            then=READ & ACCEPTED,
            rules="MOD-54",
        )
        for returned in Response
    ),
    always("reading firmware changes nothing", when=READ, then=NOTHING_CHANGES, rules="READ-3"),
)
