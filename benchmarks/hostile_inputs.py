"""Hostile inputs: the files that every reader is given."""

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from random import Random

import attrs
import pyarrow as pa
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from benchmarks.hostile_changes import Wrap, bytes_changed, changed, unwrapped
from examples.parcel_locker import Code, Put, Take, Wait, claims, system
from properties.conformance.diagnosis.journal import Journal
from properties.conformance.mapping import read_mapping as read_translation
from properties.conformance.rerun import read_rerun
from properties.conformance.skips import Lists
from properties.conformance.statement import read_statement
from properties.conformance.suite.sequence_file import read_sequence, read_sequences
from properties.conformance.targets.access import read_access
from properties.conformance.targets.misbehaviour import TargetError
from properties.console.condition import parse_condition
from properties.console.spec import load_claims
from properties.replay.judging import judge_log
from properties.replay.mapping import default_mapping, read_mapping
from properties.replay.messages import read_messages
from properties.smets1.duis_log import open_duis
from properties.smets1.installation import CLAIMS
from properties.smets1.mock_dcc.behaviour import read_behaviour
from properties.tracing.results import read_results
from statemachines.checker.check import check
from statemachines.checker.engine import Engine
from statemachines.exports.itf import export_itf, read_itf
from statemachines.exports.machine import export_machine
from statemachines.exports.machine_reader import read_machine
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import replay
from statemachines.smets1.duis.errors import DuisError
from statemachines.smets1.duis.reader import DuisRequest
from statemachines.smets1.duis.response import parse_message, read_message
from statemachines.smets1.edge.answers import judge_answer
from statemachines.smets1.edge.cohorts import read_groups
from statemachines.smets1.edge.device_model_variations import read_variations
from statemachines.smets1.edge.installation_file import read_premises
from statemachines.smets1.edge.judging import judge
from statemachines.smets1.edge.matrix_file import matrix_csv, read_matrix
from statemachines.smets1.edge.readiness import read_sites, readiness
from statemachines.smets1.regime import LATEST

EXAMPLES = Path(__file__).parent.parent / "examples"


@attrs.frozen
class Kind:
    """A kind of input.

    Parameters
    ----------
    suffix: how its files are called.
    seeds: inputs that are right.
    read: reads a file, and does what commands do with what it says.
    wrap: what is done with an input after it is changed, such as compression.
    """

    suffix: str
    seeds: Sequence[bytes]
    read: Callable[[Path], object]
    wrap: Wrap = unwrapped

    def made(self, random: Random) -> bytes:
        """A random input."""
        return self.wrap(random, changed(random, self.seeds))


TRACE = replay(system, system.state(), [Put(), Take(code=Code.WRONG), Wait(), Take(code=Code.RIGHT)])
REQUESTS = [file.read_bytes() for file in sorted((EXAMPLES / "requests").glob("*.xml"))]
RESPONSES = [file.read_bytes() for file in sorted((EXAMPLES / "responses").glob("*.xml"))]
PREMISES = read_premises(EXAMPLES / "installation.toml")
SENT = [message for data in REQUESTS if isinstance(message := parse_message(data), DuisRequest)]
SEQUENCE = b'{"start": {"box": "holds a parcel"}, "requests": [{"type": "Take", "code": "right"}, {"type": "Put"}]}'
ENTRIES = [
    {"case": "1", "request": "Put", "time": "2020-01-01T10:00:00Z", "id": "a", "outcome": "yes", "at": "locker"},
    {"case": "1", "request": "Take", "time": "2020-01-01T10:00:01+01:00", "id": "b", "code": "wrong", "outcome": "yes"},
    {"case": "2", "request": "Wait", "time": 1577872800, "id": "c", "reason": "done", "box": "empty"},
]
JSON_LINES = "".join(json.dumps(entry) + "\n" for entry in ENTRIES).encode()
MESSAGES = b"""\
{"id": 1, "op": "describe"}
{"id": 1, "statement": {}}
{"id": 2, "op": "reset", "state": {"box": "empty"}}
{"id": 2, "ok": true}
{"id": 3, "op": "send", "request": {"type": "Take", "code": "wrong"}}
{"id": 3, "verdict": {"outcome": "no", "at": "locker", "reason": "wrong code"}, "state": {"box": "empty"}}
"""
CSV = b"case,request,time,id,code,outcome,at,reason,box\n1,Put,2020-01-01,a,,yes,locker,done,\n1,Take,,b,wrong,no,,,x\n"
XES = b"""\
<?xml version="1.0"?><log xmlns="http://www.xes-standard.org/">
<trace><string key="concept:name" value="1"/>
<event><string key="case" value="1"/><string key="request" value="Put"/><date key="time" value="2020-01-01"/></event>
<event><string key="case" value="1"/><string key="request" value="Take"/><string key="code" value="right"/></event>
</trace></log>
"""
LOG_MAPPING = b"""\
case = "case"
request = "request"
time = "time"
id = "id"
by = ["code"]
start = "unknown"
hidden = ["Wait"]
tolerance_seconds = 5
[requests]
Hold = "Put"
[fields]
code = "code"
[verdict]
outcome = "outcome"
at = "at"
[state]
box = "box"
[words.code]
ok = "right"
[words.outcome]
"*" = "yes"
"""
TRANSLATION = (
    b'[outcome]\n"fine" = "yes"\n"*" = ["no", "yes"]\n[at]\n"front" = "locker"\n[response]\n"x" = "not shown"\n'
)
STATEMENT = (
    b'name = "Ours"\nversion = "1"\nrequests = ["Put", "Take"]\nlifecycles = ["box"]\nobserves = ["outcome"]\n'
    b'settle = 2\nanswers_events = true\nparallel = false\nstarts = "any"\n'
    b'[only]\nbox = ["empty"]\n[not_supported]\nWait = "later"\n'
)
RESULTS = b"""\
{"system": {"name": "parcel locker", "problems": ["none"]},
 "properties": [{"name": "free", "rules": ["BOX-2"], "holds": true, "vacuous": false}]}
"""
FAILED = (
    b'{"reference": "parcel locker", "rules": [{"name": "BOX-1", "standing": "failed"}], "properties": [], '
    b'"random": {"failures": [{"rule": "BOX-2"}]}, "interrupted": false, "run": {"seed": 1}}'
)
RUN = {"digest": "d", "target": "t"}
PASSED = (
    json.dumps(RUN) + '\n{"vector": "one", "steps": [0, 1], "aspects": [["outcome"], []]}\n'
    '{"vector": "two", "steps": [], "aspects": []}\n'
).encode()
SKIPPED = b"BOX-1 # later\n\na box can always come free\ntest_walks.py::test_walks[1]\n"
MOST_MEMORY = 64 * 1024 * 1024
CONDITIONS = [
    text.encode()
    for text in ("box == EMPTY", "box in (EMPTY, FULL) and not box == FULL", "box != OVERDUE or (box == box)")
]
SPECS = [
    b"examples.parcel_locker:claims", b"examples.parcel_locker:system", b"examples.parcel_locker", b"input.json"
]  # fmt: skip


def _table() -> pa.Table:
    return arrow_csv.read_csv(BytesIO(CSV))


def _parquet() -> bytes:
    stream = BytesIO()
    parquet.write_table(_table(), stream)
    return stream.getvalue()


def _compressed(codec: str) -> Wrap:
    def wrap(random: Random, data: bytes) -> bytes:
        whole = gzip.compress(data, 1) if codec == "gzip" else bytes(pa.compress(data, codec, asbytes=True))
        return whole if random.random() < 0.7 else bytes_changed(random, whole)

    return wrap


def _log(path: Path) -> object:
    return judge_log(claims, default_mapping(system), [path])


def _messages(path: Path) -> object:
    starts: dict[str, Mapping[str, tuple[Enum, ...]]] = {}
    reader = partial(read_messages, starts=starts)
    return judge_log(claims, default_mapping(system), [path], reader=reader, starts=starts)


def _duis_log(path: Path) -> object:
    starts: dict[str, Mapping[str, tuple[Enum, ...]]] = {}
    columns, reader = open_duis(default_mapping(CLAIMS.system), EXAMPLES / "installation.toml", starts)
    return judge_log(CLAIMS, columns, [path], reader=reader, starts=starts)


def _log_mapping(path: Path) -> object:
    log = path.parent / "log.jsonl"
    log.write_bytes(JSON_LINES)
    return judge_log(claims, read_mapping(path, system), [log])


def _machine(path: Path) -> object:
    read = read_machine(path)
    return Oracle(read.system).enabled(read.system.state())


def _proved(path: Path) -> object:
    """Decide all claims twice, which has to come to the same."""
    read = read_machine(path)
    few, many = (check(read, engine=engine, memory=MOST_MEMORY) for engine in (Engine.SYMBOLIC, Engine.EXPLICIT))
    differing = [
        one.claim.name for one, other in zip(few.findings, many.findings, strict=True) if one.holds is not other.holds
    ]
    assert not differing, f"the engines disagree on {differing}"
    return many


def _journal(path: Path) -> object:
    journal = Journal(path, RUN)
    journal.close(whole=False)
    return journal


def _lists(path: Path) -> object:
    lists = Lists.read(path, None)
    try:
        lists.check(system.register, [claim.name for claim in claims.claims], 3)
    except ValueError as error:
        raise TargetError(str(error)) from None
    return lists


def _installation(path: Path) -> object:
    premises = read_premises(path)
    for message in SENT[:3]:
        with suppress(DuisError):  # the installation may have no such device
            judge(premises, message)
    return premises


def _message(path: Path) -> object:
    message = read_message(path)
    if not isinstance(message, DuisRequest):
        return judge_answer(message, judge(PREMISES, SENT[6])[1])
    return judge(PREMISES, message, only_regulated=True)


def _fleet(path: Path) -> object:
    return readiness(read_sites(path), LATEST)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


@cache
def files() -> Mapping[str, Kind]:
    """Every kind of file."""
    examples = {path.name: path.read_bytes() for path in EXAMPLES.glob("*.*") if path.is_file()}
    return {
        "machine file": Kind(".json", [export_machine(claims).encode()], _machine),
        "machine file, proved": Kind(".json", [export_machine(claims).encode()], _proved),
        "installation file": Kind(
            ".toml", [examples["installation.toml"], examples["new-devices.toml"]], _installation
        ),
        "DUIS request": Kind(".xml", REQUESTS, _message),
        "DUIS response": Kind(".xml", RESPONSES, _message),
        "log, JSON Lines": Kind(".jsonl", [JSON_LINES], _log),
        "log, CSV": Kind(".csv", [CSV], _log),
        "log, XES": Kind(".xes", [XES], _log),
        "log, Parquet": Kind(".parquet", [_parquet()], _log),
        "log, gzip": Kind(".jsonl.gz", [JSON_LINES], _log, _compressed("gzip")),
        "log, zstd": Kind(".csv.zst", [CSV], _log, _compressed("zstd")),
        "log of messages": Kind(".jsonl", [MESSAGES], _messages),
        "log of DUIS": Kind(".xml", REQUESTS, _duis_log),
        "mapping of a log": Kind(".toml", [LOG_MAPPING], _log_mapping),
        "mapping of a target": Kind(".toml", [TRANSLATION], lambda path: read_translation(path, system)),
        "statement of a target": Kind(".toml", [STATEMENT], lambda path: read_statement(path, system)),
        "connection to a target": Kind(".toml", [examples["mock-dcc-connection.toml"]], read_access),
        "behaviour of the mock DCC": Kind(".toml", [examples["mock-dcc.toml"]], read_behaviour),
        "sequence": Kind(".json", [SEQUENCE], lambda path: read_sequence(path, system)),
        "log as sequences": Kind(".jsonl", [MESSAGES, JSON_LINES], lambda path: read_sequences(path, system)),
        "sequence as text": Kind(".txt", [SEQUENCE], lambda path: read_sequence(_text(path), system)),
        "trace in ITF": Kind(".itf.json", [export_itf(TRACE).encode()], lambda path: read_itf(system, path)),
        "report of check": Kind(".json", [RESULTS], read_results),
        "report of conform": Kind(".json", [FAILED], lambda path: read_rerun(path, claims)),
        "what passed before": Kind(".jsonl", [PASSED], _journal),
        "tests to skip": Kind(".txt", [SKIPPED], _lists),
        "condition": Kind(".txt", CONDITIONS, lambda path: parse_condition(_text(path), system)),
        "SPEC": Kind(".txt", SPECS, lambda path: load_claims(_text(path))),
        "matrix": Kind(".csv", [matrix_csv().encode()], read_matrix),
        "table of groups": Kind(".csv", [b"group_id,cohort\nCA,IOC\nEA,FOC\nEB,FOC\n"], read_groups),
        "table of variations": Kind(
            ".csv", [b"device_model,step,equivalent_step\nA,6.7,6.8\nB,11.1,none\n"], read_variations
        ),
        "fleet": Kind(".csv", [examples["fleet.csv"]], _fleet),
    }
