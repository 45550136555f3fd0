"""The specimen premises: made-up identities, and every request is judged there as the oracle decides it."""

import random

import pytest

from statemachines.semantics.oracle import Oracle
from statemachines.smets1.duis.errors import UnwritableError
from statemachines.smets1.duis.reader import parse_request
from statemachines.smets1.edge.judging import judge
from statemachines.smets1.edge.model_to_duis import write
from statemachines.smets1.edge.specimen import DEVICE_IDS, IMAGES, USER_IDS, specimen
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import (
    SERVICE_REQUEST_TYPES,
    AuthoriseMigration,
    CompleteMigration,
    DeployRelease,
    Device,
    OtherServiceRequest,
    ProvidePin,
    StartCommissioning,
    TestDevices,
    UpdatePpmidFirmware,
    User,
    ValidateData,
)

ORACLE = Oracle(INSTALLATION)
REQUESTS = [request for kind in SERVICE_REQUEST_TYPES for request in kind.requests()]
EVENTS = [request for request in INSTALLATION.all_requests() if request.type not in SERVICE_REQUEST_TYPES]
MIGRATION = (
    AuthoriseMigration,
    ValidateData,
    TestDevices,
    StartCommissioning,
    ProvidePin,
    CompleteMigration,
    DeployRelease,
)


def walk(seed, length):
    """States of a run from a random initial state: the installation is migrated, and then anything happens."""
    dice = random.Random(seed)
    state = INSTALLATION.state(
        **{
            each.name: dice.choice(sorted(each.initial, key=lambda value: value.name))
            for each in INSTALLATION.lifecycles
        }
    )
    migrating = [next(event for event in EVENTS if event.type is kind) for kind in MIGRATION]
    for step in range(length):
        wanted = migrating[step] if step < len(migrating) else dice.choice(dice.choice([EVENTS, REQUESTS, REQUESTS]))
        state, _ = ORACLE.decide(state, wanted)
        yield state


def test_every_identity_is_made_up_and_its_own():
    identities = [*USER_IDS.values(), *DEVICE_IDS.values()]
    assert len(set(identities)) == len(identities)
    assert set(USER_IDS) == set(User) - {User.NOBODY}
    assert set(DEVICE_IDS) == set(IMAGES) == set(Device)
    for identity in identities:
        first = int(identity[:2], 16)
        assert first & 0b10, "administered locally"
        assert not first & 0b01, "of one device, and not of a group"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_requests_are_judged_as_the_oracle_decides(seed):
    dice = random.Random(seed)
    outcomes = set()
    for state in walk(seed, 60):
        for request in dice.sample(REQUESTS, 15):
            try:
                written = write(specimen(state), request, counter=1)
            except UnwritableError:
                continue
            premises, judgements = judge(written.premises, parse_request(written.document))
            after, verdict = ORACLE.decide(state, request)
            if any(judgement.open_because for judgement in judgements):
                assert request.type in (OtherServiceRequest, UpdatePpmidFirmware)  # SRV 11.4 came into force later
                assert premises.state == state
                continue
            assert [judgement.verdict for judgement in judgements] == [verdict]
            assert premises.state == after
            outcomes.add(verdict.outcome)
    assert len(outcomes) > 2
