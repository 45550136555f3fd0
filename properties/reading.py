"""Claims about reading firmware, SRV 11.2. Sources: READ-1 to READ-3."""

from properties.requests import ACCEPTED, ENTITLED, NOTHING_CHANGES
from statemachines import Reached, always, is_a
from statemachines.commissioning import Commissioning, chf_status
from statemachines.firmware import FIRMWARE_OF, Firmware
from statemachines.migration import Migration, migration
from statemachines.releases import Release, release
from statemachines.vocabulary import (
    IOC,
    Device,
    Outcome,
    Party,
    ReadFirmwareVersion,
    RequestIdUse,
    Response,
    group,
    outcome,
    request_id,
    response,
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
        & (migration == Migration.MIGRATED)
        & (chf_status == Commissioning.COMMISSIONED),
        then=ACCEPTED,
        rules="READ-1",
    ),
    always(
        "before the November 2020 release, reading an IOC PPMID's firmware returns an alert",
        when=READ_PPMID & group.is_in(*IOC) & (release < Release.NOVEMBER_2020) & Reached(Party.S1SP),
        then=outcome == Outcome.ALERT,
        rules="READ-2 MOD-1",
    ),
    always(
        "from the November 2020 release on, reading an IOC PPMID's firmware returns the response",
        when=READ_PPMID & group.is_in(*IOC) & (release >= Release.NOVEMBER_2020) & Reached(Party.S1SP),
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
            rules="READ-1 READ-3" if device is Device.GPF else "READ-3",
        )
        for device, firmware in FIRMWARE_OF.items()
    ),
    always("reading firmware changes nothing", when=READ, then=NOTHING_CHANGES, rules="READ-3"),
)
