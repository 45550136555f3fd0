"""Targets that are commands: every way to misbehave is told as what it is, and nothing is left running."""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from properties.conformance.targets.misbehaviour import Misbehaviour, TargetError
from properties.conformance.targets.target import Limits
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import Outcome, Party

STATE = INSTALLATION.state()
QUICK = Limits(answer_seconds=0.5, start_seconds=60, restarts=2)

SPECIAL_SEND = """
def special(message):
    if message["op"] == "send":
        {}
"""


def on_send(does):
    """What is special about a command: what it does with a send, which it then answers unless it has just done so."""
    return SPECIAL_SEND.format(f"{does}; return True" if does.startswith("say(") else does)


def alive(pid):
    """Whether a process runs; one that has ended and that nobody has asked after yet does not."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_it_shows_what_it_says_and_no_more(behaviours, opened, some_request):
    target = opened(behaviours.command())
    target.reset(STATE)
    assert dict(target.send(some_request).shown) == {"outcome": Outcome.REJECTED, "at": Party.DSP}


def test_it_is_sent_words(behaviours, opened, some_request, tmp_path):
    log = tmp_path / "log"
    target = opened(behaviours.command(f"log = open({str(log)!r}, 'ab')\ndef special(m): log.write(line); log.flush()"))
    target.reset(STATE)
    target.send(some_request)
    _, reset, send = log.read_text().splitlines()
    assert reset.startswith('{"id": 2, "op": "reset", "state": {"group": "CA (IOC, Elster gas meters)", ')
    assert send == (
        '{"id": 3, "op": "send", "request": {"type": "ReadFirmwareVersion", "sender": "Supplier A", "target": "ESME", '
        '"request_id": "new", "screening": "passed, or released"}}'
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("does", "kind", "words"),
    [
        (
            "print('last words', file=sys.stderr); sys.exit(3)",
            Misbehaviour.CRASHED,
            "exit code 3\n  stderr: last words",
        ),
        ("raise ValueError('no idea')", Misbehaviour.CRASHED, "stderr: ValueError: no idea"),
        (
            "print('TypeError: no idea', *(f'at {n}' for n in range(40)), sep='\\n', file=sys.stderr); sys.exit(3)",
            Misbehaviour.CRASHED,
            "exit code 3\n  stderr: TypeError: no idea\n  stderr: ...\n  stderr: at 22\n",
        ),
        ("os.kill(os.getpid(), 9)", Misbehaviour.CRASHED, "it was ended by SIGKILL"),
        ("os.close(1); time.sleep(60)", Misbehaviour.CRASHED, "it went on running, and was ended"),
        ("time.sleep(600)", Misbehaviour.HANGS, "had not answered the send (message 3) after 1 s"),
        ("return True", Misbehaviour.HANGS, "had not answered"),
        ("print('hello', flush=True)", Misbehaviour.GARBAGE, "not JSON: 'hello'; standard output is for answers only"),
        ("print('[' * 100000, flush=True)", Misbehaviour.GARBAGE, "not JSON"),
        ("print('[1]', flush=True)", Misbehaviour.GARBAGE, "not a JSON object"),
        ("os.write(1, bytes([0xff, 0xfe, 10]))", Misbehaviour.GARBAGE, "not UTF-8"),
        ("os.write(1, bytes(2_000_000))", Misbehaviour.GARBAGE, "more than 1048576 bytes"),
        ("while True: os.write(1, bytes(65_536))", Misbehaviour.GARBAGE, "more than 1048576 bytes"),
        ("say({'verdict': {}})", Misbehaviour.GARBAGE, 'no "id"'),
        ("say({'id': [3], 'verdict': {}})", Misbehaviour.GARBAGE, 'no "id"'),
        ("say({'id': 99, 'verdict': {}})", Misbehaviour.GARBAGE, "an answer to message 99, expected one to message 3"),
        ("say({'id': 3})", Misbehaviour.GARBAGE, 'no "verdict"'),
        ("say({'id': 3, 'verdict': 'rejected'})", Misbehaviour.GARBAGE, "the verdict is a text, expected an object"),
        ("say({'id': 3, 'verdict': {}})", Misbehaviour.GARBAGE, "the verdict has no outcome"),
        (
            "say({'id': 3, 'verdict': {'outcome': 'foo'}})",
            Misbehaviour.GARBAGE,
            "the target answered outcome 'foo'; expect",
        ),
        ("say({'id': 3, 'verdict': {'outcome': 7}})", Misbehaviour.GARBAGE, "outcome is a number, expected a text"),
        ("say({'id': 3, 'verdict': {'outcome': []}})", Misbehaviour.GARBAGE, "outcome is a list, expected a text"),
        (
            "say({'id': 3, 'verdict': {'verdict': ''}})",
            Misbehaviour.GARBAGE,
            "the verdict has 'verdict', expected only",
        ),
        ("say({'id': 3, 'error': 'not today'})", Misbehaviour.REFUSES, "the error 'not today'"),
        ("say({'id': 2, 'ok': True})", Misbehaviour.ANSWERS_TWICE, "another answer to message 2"),
        (
            'os.write(1, b\'{"id": 3, "verdict": {"outcome": "held"}}\\n\' * 2); return True',
            Misbehaviour.ANSWERS_TWICE,
            "two answers to message 3",
        ),
    ],
)
def test_misbehaviour(behaviours, opened, misbehaviour, some_request, does, kind, words):
    hangs = kind is Misbehaviour.HANGS
    target = opened(behaviours.command(on_send(does)), QUICK if hangs else Limits(answer_seconds=20, start_seconds=60))
    target.reset(STATE)
    result = misbehaviour(lambda: target.send(some_request))
    assert (result.kind, words in result.detail) == (kind, True), result.detail
    target.reset(STATE)  # and after that it is as good as new


@pytest.mark.slow
def test_an_answer_after_its_time_is_late_and_the_target_lives_on(behaviours, opened, misbehaviour, some_request):
    limits = Limits(answer_seconds=2, start_seconds=60)
    target = opened(behaviours.command(on_send("time.sleep(2.5)")), limits)
    target.reset(STATE)
    result = misbehaviour(lambda: target.send(some_request))
    assert result.kind is Misbehaviour.LATE
    assert "expected within 2 s" in result.detail
    target.reset(STATE)


def test_the_answer_to_a_message_that_was_given_up_is_not_taken_for_another(behaviours, opened, misbehaviour):
    requests = iter(INSTALLATION.all_requests())
    target = opened(behaviours.command(on_send("print('debug', flush=True) if message['id'] == 3 else 0")))
    target.reset(STATE)
    assert misbehaviour(lambda: target.send(next(requests))).kind is Misbehaviour.GARBAGE
    target.reset(STATE)
    assert target.send(next(requests)).shown["at"] is Party.DSP


def test_an_answer_that_comes_before_its_question_is_none(behaviours, opened, misbehaviour, some_request):
    early = 'os.write(1, b\'{"id": 3, "verdict": {"outcome": "held"}}\\n{"id": 4, "ok": true}\\n\'); return True'
    target = opened(behaviours.command(on_send(early)))
    target.reset(STATE)
    assert target.send(some_request).shown["outcome"] is Outcome.HELD
    result = misbehaviour(lambda: target.reset(STATE))
    assert result.kind is Misbehaviour.GARBAGE
    assert 'before message 4 was sent came \'{"id": 4, "ok": true}\'' in result.detail
    target.reset(STATE)  # it was started again, and knows nothing of what it said


def test_what_comes_before_a_question_may_have_any_id(behaviours, opened, misbehaviour, some_request):
    early = 'os.write(1, b\'{"id": 3, "verdict": {"outcome": "held"}}\\n{"id": [4]}\\n\'); return True'
    target = opened(behaviours.command(on_send(early)))
    target.reset(STATE)
    assert target.send(some_request).shown["outcome"] is Outcome.HELD
    result = misbehaviour(lambda: target.reset(STATE))
    assert (result.kind, '{"id": [4]}' in result.detail) == (Misbehaviour.GARBAGE, True), result.detail


def test_until_it_is_reset_a_target_that_crashed_is_crashed(behaviours, opened, misbehaviour, some_request):
    target = opened(behaviours.command(on_send("sys.exit(3)")))
    target.reset(STATE)
    misbehaviour(lambda: target.send(some_request))
    again = misbehaviour(lambda: target.send(some_request))
    assert again.kind is Misbehaviour.CRASHED
    assert "it was not reset since" in again.detail


def test_one_that_crashes_too_often_is_gone(behaviours, opened, misbehaviour, some_request):
    target = opened(behaviours.command(on_send("sys.exit(3)")), Limits(start_seconds=60, restarts=1))
    kinds = []
    for _ in range(2):
        target.reset(STATE)
        kinds.append(misbehaviour(lambda: target.send(some_request)).kind)
    gone = misbehaviour(lambda: target.reset(STATE))
    assert kinds == [Misbehaviour.CRASHED, Misbehaviour.CRASHED]
    assert gone.kind is Misbehaviour.GONE
    assert "it crashed or hung 2 times" in gone.detail
    assert misbehaviour(lambda: target.reset(STATE)).kind is Misbehaviour.GONE


def test_a_command_that_is_away_later_is_gone(behaviours, opened, misbehaviour, some_request):
    target = opened(behaviours.command(on_send("sys.exit(3)")))
    target.reset(STATE)
    for file in behaviours.folder.iterdir():
        file.unlink()
    misbehaviour(lambda: target.send(some_request))
    kinds = [misbehaviour(lambda: target.reset(STATE)).kind for _ in range(4)]
    assert kinds[-1] is Misbehaviour.GONE


@pytest.mark.slow
def test_a_flood_of_lines_ends_in_bounded_time(behaviours, opened, misbehaviour, some_request):
    target = opened(behaviours.command(on_send("while True: print(flush=True)")), QUICK)
    target.reset(STATE)
    started = time.monotonic()
    assert misbehaviour(lambda: target.send(some_request)).kind is Misbehaviour.HANGS
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "does",
    [
        "for letter in json.dumps({'id': 3}): os.write(1, letter.encode()); time.sleep(0.05)",
        "while True: os.write(2, bytes(65_536))",
    ],
    ids=["drop by drop", "an endless line of errors"],
)
def test_an_answer_that_does_not_end_has_the_time_of_one(behaviours, opened, misbehaviour, some_request, does):
    target = opened(behaviours.command(on_send(does)), Limits(answer_seconds=0.1, start_seconds=60))
    target.reset(STATE)
    started = time.monotonic()
    assert misbehaviour(lambda: target.send(some_request)).kind is Misbehaviour.HANGS
    assert time.monotonic() - started < 5


def test_what_goes_to_standard_error_never_holds_it_up(behaviours, opened, some_request):
    target = opened(behaviours.command(on_send("print('x' * 300_000, file=sys.stderr, flush=True)")))
    target.reset(STATE)
    assert target.send(some_request).shown["at"] is Party.DSP


@pytest.mark.slow
def test_one_that_does_not_read_is_found_out(behaviours, opened, misbehaviour, some_request):
    target = opened(behaviours.command(on_send("os.close(0); time.sleep(600)")), QUICK)
    target.reset(STATE)
    assert misbehaviour(lambda: target.send(some_request)).kind is Misbehaviour.HANGS


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
@pytest.mark.parametrize("ending", ["os._exit(3)", "time.sleep(600)"])
def test_nothing_that_it_started_is_left(behaviours, opened, misbehaviour, some_request, tmp_path, ending):
    pids = tmp_path / "pids"
    child = "import subprocess; child = subprocess.Popen(['sleep', '600'])\n"
    tell = f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
    target = opened(behaviours.command(child + tell + on_send(ending)), QUICK)
    target.reset(STATE)
    running = [int(pid) for pid in pids.read_text().split()]
    assert all(alive(pid) for pid in running)
    misbehaviour(lambda: target.send(some_request))
    deadline = time.monotonic() + 10
    while any(alive(pid) for pid in running) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(alive(pid) for pid in running)


def test_the_end_of_its_input_is_how_it_is_reported_to_stop(behaviours, opened, tmp_path):
    done = tmp_path / "done"
    target = opened(behaviours.command(f"import atexit, pathlib; atexit.register(pathlib.Path({str(done)!r}).touch)"))
    target.close()
    target.close()
    assert done.exists()


@pytest.mark.slow
def test_one_that_will_not_stop_is_stopped(behaviours, opened):
    stubborn = "import atexit; atexit.register(time.sleep, 600)"
    target = opened(behaviours.command(stubborn))
    started = time.monotonic()
    target.close()
    assert time.monotonic() - started < 10


@pytest.mark.filterwarnings("error")  # or whoever forgets a file leaves its closing to chance, and only a warning tells
def test_file_descriptors_are_closed(behaviours, opened):
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(3):
        opened(behaviours.command()).close()
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_one_that_knows_no_describe_supports_everything(behaviours, opened):
    special = """
def special(message):
    if message["op"] == "describe":
        say({"id": message["id"], "error": "what is that?"})
        return True
"""
    assert opened(behaviours.command(special)).statement.requests == frozenset(INSTALLATION.requests)


@pytest.mark.parametrize(
    ("special", "words"),
    [
        (
            "sys.exit(2)",
            "the target crashed: instead of answering the describe (message 1); it ended with exit code 2",
        ),
        ("print('Listening...', flush=True)", "a line that is not JSON: 'Listening...'"),
    ],
)
def test_one_that_cannot_say_what_it_supports_is_not_opened(behaviours, opened, special, words):
    with pytest.raises(TargetError) as caught:
        opened(behaviours.command(special))
    assert words in str(caught.value)


def test_one_that_never_comes_up_is_not_waited_for_forever(behaviours, opened):
    with pytest.raises(TargetError) as caught:
        opened(behaviours.command("time.sleep(600)"), Limits(start_seconds=0.5))
    assert "the target hangs: it had not answered the describe (message 1) after 0.5 s" in str(caught.value)
