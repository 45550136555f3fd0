"""The file with what the user has set."""

import pytest

from properties.smets1.mock_dcc.behaviour import Behaviour, Unspecified, read_behaviour
from properties.smets1.mock_dcc.faults import DccFault, FaultKind
from statemachines.files.toml import TomlFileError
from statemachines.smets1.vocabulary import Outcome
from tests.support.duis_documents import document, parse, update

WHOLE = """
[codes]
rejected = "E65"
deleted = "N1"
reasons = {"the RequestID was used before" = "E1"}
[unspecified]
outcome = "rejected"
acknowledges_at_dsp = true
srv = {"4.1.1" = "no-response"}
[delays]
response = 2
awaits_execution = true
srv = {"11.1" = 0.5}
[callback]
address = "https://example.org:8443/in?x=1"
header = "X-Callback"
anywhere = true
[[faults]]
fault = "http-error"
srv = "11.1"
every = 3
status = 429
[[faults]]
fault = "response-late"
seconds = 60
"""


def read(tmp_path, text):
    path = tmp_path / "behaviour.toml"
    path.write_text(text)
    return read_behaviour(path)


def test_every_key(tmp_path):
    made = read(tmp_path, WHOLE)
    assert made == Behaviour(
        codes={Outcome.REJECTED: "E65", Outcome.DELETED: "N1"},
        codes_of_reasons={"the RequestID was used before": "E1"},
        unspecified=Unspecified.REJECTED,
        unspecified_of_srvs={"4.1.1": Unspecified.NO_RESPONSE},
        delay=2.0,
        awaits_execution=True,
        delays_of_srvs={"11.1": 0.5},
        acknowledges_at_dsp=True,
        callback="https://example.org:8443/in?x=1",
        callback_header="X-Callback",
        anywhere=True,
        faults=(DccFault(FaultKind.HTTP_ERROR, "11.1", 3, 429), DccFault(FaultKind.RESPONSE_LATE, seconds=60.0)),
    )
    requests = parse(update()), parse(document())
    assert [made.due(each, 10.0) for each in requests] == [10.5, 12.0]
    assert read(tmp_path, "") == Behaviour()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[codes]\nrejected = "E 65"', "codes.rejected: 'E 65', expected a code of at most 16 letters and digits"),
        ('[codes]\naccepted = "I1"', "codes.accepted is not a key"),
        ('[codes.reasons]\n"because" = "E1"', "no such key: no verdict has this reason"),
        ('[unspecified]\noutcome = "maybe"', "unspecified.outcome is 'maybe', expected one of: "),
        ('[unspecified.srv]\n"4.1.9" = "accepted"', "no such key: there is no such SRV"),
        ("[delays]\nresponse = -1", "delays.response is '-1', expected a number of seconds"),
        ('[callback]\naddress = "http://example.org/"', "is not on this machine, expected an address on loopback"),
        ('[callback]\naddress = "file:///etc/passwd"', "expected http://host:port/path"),
        ('[callback]\naddress = "http://127.0.0.1:99999/"', "callback.address: Port out of range"),
        ('[callback]\nheader = "X: Y"', "expected the name of a header"),
        ("[more]", "more is not a key"),
        ('[[faults]]\nfault = "lost"', "faults[1].fault is 'lost', expected one of: "),
        ('[[faults]]\nfault = "http-error"\nstatus = 200', "status is '200', expected the status of an HTTP error"),
        ('[[faults]]\nfault = "http-error"\nseconds = 1', "seconds is not a key"),
        ('[[faults]]\nfault = "response-lost"\nevery = 0', "every is '0', expected a whole number, 1 or more"),
        ('[[faults]]\nfault = "response-lost"\nsrv = "1"', "srv: '1', expected an SRV"),
        ('[[faults]]\nfault = "response-late"', "seconds is missing, expected by how much the response is late"),
    ],
)
def test_a_file_that_is_not_as_it_should_be(tmp_path, text, message):
    with pytest.raises(TomlFileError) as raised:
        read(tmp_path, text)
    assert message in str(raised.value)
