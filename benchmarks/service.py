"""The service over HTTP: how long an answer takes, beside a bare endpoint of Litestar, and how much it keeps."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

from litestar import Litestar, post

from benchmarks.options import Options
from benchmarks.table import Cell, Section
from properties.conformance.suite.wire_format import state_in_words
from statemachines.semantics.oracle import Oracle
from statemachines.smets1.installation import INSTALLATION

CLIENTS, BATCH, EACH = 4, 100, 100
DUIS = Path(__file__).parents[1] / "examples" / "requests" / "04-activate-ppmid-firmware-future-dated.xml"
SERVE = ["-c", "from properties.smets1.entry import smets1; smets1()", "serve", "--port", "0", "--log-level", "warning"]
BARE = ["-c", "from benchmarks.service import serve_bare; serve_bare()"]


@post("/bare", status_code=200, sync_to_thread=False)
def _echo(data: dict[str, Any]) -> dict[str, Any]:
    return data


def serve_bare() -> None:
    """Serve an endpoint that answers what it is sent, as the service is served."""
    import uvicorn  # noqa: PLC0415

    from properties.service.server import _listening, _Server  # noqa: PLC0415

    with _listening("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        config = uvicorn.Config(Litestar([_echo], logging_config=None), access_log=False, log_level="warning")
        _Server(config, lambda: print(f"http://127.0.0.1:{port}/", flush=True)).run([listener])


@contextmanager
def _served(*arguments: str) -> Iterator[str]:
    """The host and port of a server of its own process."""
    command = [sys.executable, *arguments]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip().removeprefix("http://").rstrip("/")
        finally:
            process.terminate()


def _asked(connection: HTTPConnection, method: str, path: str, body: bytes, kind: str = "application/json") -> bytes:
    connection.request(method, path, body, {"Content-Type": kind})
    reply = connection.getresponse()
    answer = reply.read()
    if not 200 <= reply.status < 300:
        raise RuntimeError(f"{method} {path}: {reply.status} {answer[:200]!r}")
    return answer


def latency(options: Options) -> Section:
    """One client, one request after the other."""
    count = options.at_most(2_000)
    request = next(INSTALLATION.all_requests())
    state = state_in_words(Oracle(INSTALLATION).initial)
    question = json.dumps({"state": state, "request": request.as_dict()}).encode()
    sending = json.dumps({"request": request.as_dict()}).encode()
    duis = DUIS.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        database = ("--database", f"{folder}/kept.sqlite", "--behaviour", "examples/mock-dcc.toml")
        with _served(*BARE) as bare, _served(*SERVE, *database) as ours:
            plain, served = HTTPConnection(bare), HTTPConnection(ours)
            installation = (DUIS.parents[1] / "installation.toml").read_bytes()
            _asked(served, "PUT", "/instances/a", b"{}")
            _asked(served, "PUT", "/instances/d/duis", installation, "application/toml")
            kinds: dict[str, tuple[HTTPConnection, str, bytes, str]] = {
                "bare endpoint, the same body": (plain, "/bare", question, "application/json"),
                "decide": (served, "/decide", question, "application/json"),
                "a request to an instance": (served, "/instances/a/requests", sending, "application/json"),
                "a Service Request in DUIS XML": (served, "/instances/d/duis", duis, "application/xml"),
            }
            taken: dict[str, list[float]] = {name: [] for name in kinds}
            for number in range(count):
                for name, (connection, path, body, kind) in kinds.items():
                    sent = body.replace(b":3<", b":%d<" % (number + 1000))
                    started = time.perf_counter()
                    _asked(connection, "POST", path, sent, kind)
                    taken[name].append(1000 * (time.perf_counter() - started))
            rows: list[list[Cell]] = [
                [
                    name,
                    1000 / median(each),
                    median(each),
                    quantiles(each, n=100)[98],
                    _times(each, next(iter(taken.values()))),
                ]
                for name, each in taken.items()
            ]
    return Section(
        "The service: one client, one request after the other",
        ["what", "a second", "p50, ms", "p99, ms", "times the bare endpoint's"],
        rows,
        [
            f"{count:,} of each over loopback, in turn; the SMETS1 installation. The last two are in SQLite's log, "
            "which is flushed, before they are answered; the answer to the last is the acknowledgement."
        ],
    )  # fmt: skip


def _times(slower: Sequence[float], quicker: Sequence[float]) -> float:
    return median(one / other for one, other in zip(slower, quicker, strict=True))


def load(options: Options) -> Section:
    """Many installations, and a million requests in batches."""
    instances, each = options.at_most(10_000), EACH
    random = Random(options.seed)
    requests = [request.as_dict() for request in islice(INSTALLATION.all_requests(), 400)]
    batches = [
        json.dumps({"requests": [{"request": random.choice(requests)} for _ in range(BATCH)]}).encode()
        for _ in range(50)
    ]

    def start(host: str, numbers: Sequence[int]) -> None:
        connection = HTTPConnection(host)
        for number in numbers:
            _asked(connection, "PUT", f"/instances/i{number}", b"{}")

    def send(host: str, numbers: Sequence[int]) -> None:
        connection = HTTPConnection(host)
        for number in numbers:
            for turn in range(each // BATCH):
                _asked(connection, "POST", f"/instances/i{number}/batch", batches[(number + turn) % len(batches)])

    def count(host: str, numbers: Sequence[int]) -> int:
        connection = HTTPConnection(host)
        return sum(json.loads(_asked(connection, "GET", f"/instances/i{number}", b""))["number"] for number in numbers)

    with tempfile.TemporaryDirectory() as folder, _served(*SERVE, "--database", f"{folder}/kept.sqlite") as host:
        parts = [range(first, instances, CLIENTS) for first in range(CLIENTS)]
        with ThreadPoolExecutor(CLIENTS) as pool:
            begun = time.perf_counter()
            list(pool.map(start, [host] * CLIENTS, parts))
            started = time.perf_counter()
            list(pool.map(send, [host] * CLIENTS, parts))
            sent = time.perf_counter()
            kept = sum(pool.map(count, [host] * CLIENTS, parts))
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
    if kept != instances * each:
        raise RuntimeError(f"{kept:,} requests are kept, and {instances * each:,} were answered")
    return Section(
        "The service: many installations",
        ["what", "how many", "seconds", "a second"],
        [
            ["installations started, one PUT each", instances, started - begun, instances / (started - begun)],
            [f"requests, in batches of {BATCH}", kept, sent - started, kept / (sent - started)],
        ],
        [f"{CLIENTS} clients over loopback; all that was answered is there, {size / 1e6:,.0f} MB in SQLite."],
    )
