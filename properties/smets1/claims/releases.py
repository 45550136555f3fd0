"""Claims about the release in force: behaviour follows it, and it only goes forward. Sources: DES-5, MOD-6."""

from properties.smets1.claims.firmware import UPGRADE_PPMID
from properties.smets1.claims.requests import ACCEPTED, NOTHING_CHANGES
from statemachines import after, always, always_possible, is_a, sometimes
from statemachines.smets1.reasons import reason
from statemachines.smets1.releases import Release, ReleaseReason, release
from statemachines.smets1.verdicts import EventReason
from statemachines.smets1.vocabulary import CompleteMigration, DeployRelease, Outcome, outcome

CLAIMS = (
    *(
        sometimes(
            f"an installation may be migrated while the release in force is {now.value}",
            of=is_a(CompleteMigration) & (outcome == Outcome.HAPPENED) & (release == now),
            rules="MIG-1",
        )
        for now in Release
    ),
    *(
        always(
            f"what is deployed next after {now.value} is {following.value}",
            when=is_a(DeployRelease) & (release == now),
            then=(outcome == Outcome.HAPPENED) & (reason == EventReason.HAPPENED) & (after(release) == following),
            rules="DES-5",
        )
        for now, following in (
            (Release.BEFORE_UPLIFT_1_2, Release.UPLIFT_1_2),
            (Release.UPLIFT_1_2, Release.NOVEMBER_2020),
        )
    ),
    always(
        "nothing is deployed after the November 2020 maintenance release",
        when=is_a(DeployRelease) & (release == Release.NOVEMBER_2020),
        then=(outcome == Outcome.CANNOT_HAPPEN) & (reason == ReleaseReason.LAST_RELEASE) & NOTHING_CHANGES,
        rules="DES-5",
    ),
    always(
        "only a deployment changes the release in force",
        when=after(release) != release,
        then=is_a(DeployRelease),
        rules="DES-5",
    ),
    *(
        always(
            f"once {since.value} is in force, no earlier release is",
            when=release >= since,
            then=after(release) >= since,
            rules="DES-5",
        )
        for since in (Release.UPLIFT_1_2, Release.NOVEMBER_2020)
    ),
    always_possible(
        "the November 2020 maintenance release can always still come",
        goal=release == Release.NOVEMBER_2020,
        rules="DES-5",
    ),
    always(
        "before Uplift 1.2 no PPMID upgrade is accepted",
        when=UPGRADE_PPMID & (release < Release.UPLIFT_1_2),
        then=~ACCEPTED,
        rules="MOD-6",
    ),
)
