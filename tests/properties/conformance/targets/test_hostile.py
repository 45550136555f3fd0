"""Targets that misbehave as badly as they can: a run ends in time, with a whole report, and leaves nothing behind."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psutil
import pytest

from tests.support.paths import ROOT

LIMIT = 2
"""Seconds for each of the two layers, for a target that uses them up."""

ENOUGH, LASTS = 20, 1000
"""Seconds for each, for one that answers, and for all the walks of one."""

MARGIN = 40
"""Seconds for starting and ending the command, on a machine that does other things."""

MOST_MEMORY = 300 * 2**20

COMMAND = """
import json, os, subprocess, sys, threading, time
sys.path.insert(0, {root!r})
from examples.locker import Locker

locker = Locker()

def say(answer):
    sys.stdout.write(json.dumps(answer) + "\\n")
    sys.stdout.flush()

def flood(size):
    for _ in range(size >> 16):
        os.write(2, b"x" * 65536)

def forever(stream):
    while True:
        os.write(stream, b"x" * 65536)

def send(identity, answer):
    say(answer)

{special}

for line in sys.stdin:
    message = json.loads(line)
    identity = message["id"]
    if message["op"] == "describe":
        say({{"id": identity, "statement": {{}}}})
    elif message["op"] == "reset":
        locker.reset(message["state"])
        say({{"id": identity, "ok": True}})
    else:
        send(identity, {{"id": identity, "verdict": locker.send(message["request"])}})
"""

WEARS_OUT = "it dies after 1,000 requests"
"""More than the deterministic layer sends."""
SPECIAL = {
    "a gigabyte of errors for each answer": "def send(identity, answer): flood(1 << 30); say(answer)",
    "errors without end": "threading.Thread(target=forever, args=[2], daemon=True).start()",
    "an endless line of errors in place of an answer": "def send(identity, answer): forever(2)",
    "an endless line in place of an answer": "def send(identity, answer): forever(1)",
    "lines without end": """
def send(identity, answer):
    while True: os.write(1, b"\\n" * 65536)
""",
    "answers ahead of the question": """
def send(identity, answer): say(answer); say({"id": identity + 1, "verdict": {"outcome": "yes"}})
""",
    "drop by drop": """
def send(identity, answer):
    for letter in json.dumps(answer) + "\\n":
        sys.stdout.write(letter); sys.stdout.flush(); time.sleep(0.1)
""",
    "no answer": "def send(identity, answer): time.sleep(1000)",
    WEARS_OUT: """
answered = 0
def send(identity, answer):
    global answered
    answered += 1
    os._exit(3) if answered > 1000 else say(answer)
""",
    "it will not stop": "import atexit; atexit.register(time.sleep, 1000)",
    "a flood from a session of its own": """
subprocess.Popen([sys.executable, "-c", "import os\\nwhile True: os.write(2, b'x' * 65536)"], start_new_session=True)
""",
    "a child that holds its output open, in a session of its own": """
subprocess.Popen(["sleep", "1000"], start_new_session=True)
def send(identity, answer): os._exit(3)
""",
    "an orphan": """
subprocess.run([sys.executable, "-c", "import subprocess; subprocess.Popen(['sleep', '1000'], start_new_session=True)"])
""",
}
BEHAVES = {"errors without end", "it will not stop", "a flood from a session of its own", "an orphan"}
"""Those whose answers are right, and which therefore pass."""


def conform(sut, folder, limit=LIMIT):
    """Run the command; its exit code, output, report, and how long and with how much memory it ran."""
    report = folder / "report.json"
    code = "from properties.cli.entry import statemachines; statemachines()"
    limits = ["--time-limit", str(limit), "--answer-limit", "0.5", "--start-limit", "4", "--max-examples", "16"]
    reports = ["--json", str(report), "--html", str(folder / "report.html"), "--junit", str(folder / "junit.xml")]
    began, most = time.monotonic(), 0
    with (
        (folder / "output").open("w+") as output,
        subprocess.Popen(
            [
                *(sys.executable, "-c", code, "conform", "--system", "examples.parcel_locker:claims", "--sut", sut),
                *limits,
                *reports,
            ],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "HOSTILE": str(folder)},
        ) as process,
    ):
        while process.poll() is None:
            assert time.monotonic() - began < 2 * limit + MARGIN, "it has not ended in time"
            with suppress(psutil.Error):
                most = max(most, psutil.Process(process.pid).memory_info().rss)
            time.sleep(0.1)
        output.seek(0)
        return process.returncode, output.read(), json.loads(report.read_text()), most


def started_by(folder):
    """The processes that a run started and that are still there."""
    return [
        process
        for process in psutil.process_iter(["environ", "cmdline"])
        if (process.info["environ"] or {}).get("HOSTILE") == str(folder)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("how", SPECIAL)
def test_a_command(how, tmp_path):
    path = tmp_path / "target.py"
    path.write_text(COMMAND.format(root=str(ROOT), special=SPECIAL[how]))
    code, output, report, most = conform(
        f"{sys.executable} {path}", tmp_path, ENOUGH if how in BEHAVES else LASTS if how == WEARS_OUT else LIMIT
    )
    assert code == (0 if how in BEHAVES else 1), output
    assert {rule["name"] for rule in report["rules"]} == {"BOX-1", "BOX-2"}
    assert most < MOST_MEMORY
    assert "Traceback" not in output
    assert how != WEARS_OUT or re.search("passes again; this time it crashed.*exit code 3", output)
    assert (tmp_path / "report.html").stat().st_size > 10_000
    assert (tmp_path / "junit.xml").stat().st_size > 1_000
    left = started_by(tmp_path)
    for process in left:
        process.kill()
    assert left == []


def drops(handler, body):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    for at in range(len(body)):
        handler.wfile.write(body[at : at + 1])
        time.sleep(0.1)


def endless_head(handler, body):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(10**9):
        handler.wfile.write(b"X-%d: %s\r\n" % (number, b"x" * 1000))


def endless_header(handler, body):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        handler.wfile.write(b"x" * 65536)


def endless_body(handler, body):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        handler.wfile.write(b"x" * 65536)


def endless_chunks(handler, body):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        handler.wfile.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def great_length(handler, body):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n" + body)


def continues(handler, body):
    while True:
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def two_answers(handler, body):
    handler.wfile.write((b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body) * 2)


def nothing(handler, body):
    time.sleep(60)


@pytest.mark.slow
@pytest.mark.parametrize(
    "does",
    [drops, endless_head, endless_header, endless_body, endless_chunks, great_length, continues, two_answers, nothing],
)
def test_an_address(does, tmp_path):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answers = {"describe": {"statement": {}}, "reset": {"ok": True}, "send": {"verdict": {"outcome": "yes"}}}
            body = json.dumps(answers[message["op"]]).encode()
            if message["op"] == "send":
                does(self, body)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_):
            pass

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        code, output, report, most = conform(f"http://127.0.0.1:{server.server_port}/", tmp_path)
    finally:
        server.shutdown()
        server.server_close()
    assert code == 1, output
    assert {rule["name"] for rule in report["rules"]} == {"BOX-1", "BOX-2"}
    assert most < MOST_MEMORY
    assert "Traceback" not in output
