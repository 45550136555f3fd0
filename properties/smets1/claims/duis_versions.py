"""Claims about DUIS versions: nothing is refused for the older one. Sources: SRP-4, MOD-36."""

from properties.smets1.claims.firmware import IN_ORDER, UPGRADE_PPMID
from properties.smets1.claims.requests import (
    ACCEPTED,
    COMMISSIONED,
    ENTITLED,
    KNOWN,
    NOTHING_CHANGES,
    REACHED_BY_THE_HUB,
    SERVICE_REQUEST,
)
from statemachines import Reached, after, always, always_possible, is_a, sometimes
from statemachines.smets1.duis_versions import DuisReason, older_duis
from statemachines.smets1.reasons import reason
from statemachines.smets1.verdicts import EventReason
from statemachines.smets1.vocabulary import (
    AdoptDuis,
    Device,
    Outcome,
    Party,
    ReadFirmwareVersion,
    User,
    outcome,
    sender,
)

CLAIMS = (
    always(
        "reading firmware that is in order comes to the S1SP from a Supplier on the older DUIS version as well",
        when=KNOWN
        & is_a(ReadFirmwareVersion)
        & ENTITLED[ReadFirmwareVersion]
        & COMMISSIONED
        & REACHED_BY_THE_HUB
        & (sender == older_duis),
        then=Reached(Party.S1SP),
        rules="SRP-4",
    ),
    always(
        "a PPMID upgrade that is in order comes to the S1SP from a Supplier on the older DUIS version as well",
        when=IN_ORDER[Device.PPMID] & (sender == older_duis),
        then=Reached(Party.S1SP),
        rules="MOD-36",
    ),
    sometimes(
        "one Supplier upgrades a PPMID while another is still on the older DUIS version",
        of=UPGRADE_PPMID & ACCEPTED & (older_duis != User.NOBODY),
        rules="SRP-4",
    ),
    sometimes(
        "a Supplier on the older DUIS version has other Service Requests accepted",
        of=SERVICE_REQUEST & ACCEPTED & (sender == older_duis),
        rules="SRP-4",
    ),
    always(
        "nothing but its adoption brings a Supplier to the revised DUIS",
        when=after(older_duis) != older_duis,
        then=is_a(AdoptDuis),
        rules="SRP-4",
    ),
    always(
        "a Supplier on the older DUIS version can adopt the revised one at any time",
        when=is_a(AdoptDuis) & (older_duis != User.NOBODY),
        then=(outcome == Outcome.HAPPENED) & (reason == EventReason.HAPPENED) & (after(older_duis) == User.NOBODY),
        rules="SRP-4",
    ),
    always(
        "nobody adopts the revised DUIS twice",
        when=is_a(AdoptDuis) & (older_duis == User.NOBODY),
        then=(outcome == Outcome.CANNOT_HAPPEN) & (reason == DuisReason.ADOPTED_ALREADY) & NOTHING_CHANGES,
        rules="SRP-4",
    ),
    always_possible(
        "every Supplier can come to the revised DUIS",
        goal=older_duis == User.NOBODY,
        rules="SRP-4",
    ),
)
