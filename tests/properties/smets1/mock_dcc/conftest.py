"""A mock DCC, called in this process."""

from contextlib import contextmanager

import attrs
import pytest
from litestar.testing import TestClient

from properties.service.application import application
from properties.service.store import Store
from properties.smets1.mock_dcc.behaviour import Behaviour
from properties.smets1.mock_dcc.service import routes
from statemachines.smets1.duis.response import parse_response
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import Outcome
from tests.support.paths import ROOT

EXAMPLES = ROOT / "examples"
FILE = (EXAMPLES / "installation.toml").read_bytes()
HOME = "/instances/home/duis"
REJECTED = Behaviour(codes={Outcome.REJECTED: "E65"})


@attrs.frozen
class Dcc:
    """A client of it."""

    http: TestClient
    store: Store

    def send(self, document, **headers):
        return self.http.post(HOME, content=document, headers={"Content-Type": "application/xml", **headers})

    def final(self, document, **headers):
        """The last that is said of a request."""
        reply = self.send(document, **headers)
        return self.http.get(reply.headers["Location"]) if reply.status_code == 202 else reply

    def codes(self, document):
        """The codes of what is said of a request, in order."""
        replies = [self.send(document)]
        if replies[0].status_code == 202:
            replies.append(self.http.get(replies[0].headers["Location"]))
        assert all(reply.status_code in (200, 202) for reply in replies), replies[-1].text
        return [parse_response(reply.content).code for reply in replies]

    def control(self, **message):
        return self.http.post(f"{HOME}/control", json=message)

    def quarantine(self, request_id, action):
        return self.http.post(f"{HOME}/quarantine", json={"request_id": str(request_id), "action": action})

    def shown(self):
        return self.http.get(HOME).json()


@pytest.fixture
def dcc(tmp_path):
    """Opens a mock DCC with the example's installation, or with what its database keeps."""

    @contextmanager
    def opened(behaviour=REJECTED):
        new = not (tmp_path / "kept.sqlite").exists()
        store = Store(tmp_path / "kept.sqlite", "", 3)
        with TestClient(application(INSTALLATION, store, most=3, more=routes(store, behaviour))) as http:
            if new:
                started = http.put(HOME, content=FILE, headers={"Content-Type": "application/toml"})
                assert started.status_code == 200, started.text
            yield Dcc(http, store)

    return opened
