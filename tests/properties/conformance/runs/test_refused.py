"""What cannot be used is refused before any test, in one message."""

import pytest

pytestmark = pytest.mark.slow


OVER_HTTP = ("--system", "properties.smets1.installation:CLAIMS", "--sut")
"""A system whose profile takes addresses."""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--sut", "locker:Nobody"), "Nobody"),
        (("--sut", "locker:Locker", "--rule", "BOX-9"), "no rule has the id 'BOX-9'"),
        (("--sut", "locker:Locker", "--vector", "V9999"), "no sequence is named 'V9999'"),
        (("--sut", "locker:Locker", "--skips-file", "nowhere"), "nowhere: cannot be read: No such file"),
        (("--sut", "locker:Locker", "--skips-file", "/dev/zero"), "/dev/zero: not a regular file"),
        (("--sut", "locker:Locker", "--skips-file", "unknown"), "unknown, line 2: no test is called 'BOX-7'"),
        (("--sut", "locker:Locker", "--statement", "nowhere.toml"), "nowhere.toml"),
        (("--sut", ""), "no target given"),
        (("--answer-limit", "abc"), "'abc' is not a time limit, expected a number of seconds"),
        (("--start-limit", "inf"), "'inf' is not a time limit, expected a number of seconds"),
        (("--time-limit", "0"), "'0' is not a time limit, expected a number of seconds"),
        (("--max-examples", "-1"), "'-1' is not a number of walks, expected 0 or more"),
        (("--sut", "http://"), "http:// is not an address of a target"),
        (
            ("--sut", "http://127.0.0.1:1/", "--start-limit", "0.2"),
            "http://127.0.0.1:1/: the target is gone: nobody answers at http://127.0.0.1:1/",
        ),
        ((*OVER_HTTP, "http://127.0.0.1:1/", "--start-limit", "0.2"), "nobody answers at http://127.0.0.1:1/"),
        (("--sut", "cat"), "cat: it cannot be reset to an initial state: the target answered garbage"),
        (("--sut", "locker:Locker", "--report-json", "locker.py/report"), "cannot write locker.py/report"),
        (("--report-json", "both", "--report-html", "./both"), "two reports are to be written to both"),
        (("--sut", "locker:Locker", "--report-html", "-"), "cannot write '-'"),
        (("--sut", "locker:Locker", "--junitxml", "locker.py/report"), "cannot write locker.py/report"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_message(run, place, arguments, message):
    (place / "unknown").write_text("\nBOX-7\n")
    done = run("-q", *arguments)
    assert done.returncode == 4
    assert message in done.stderr
    assert done.stdout == "", "nothing was tested"
    assert "Traceback" not in done.stderr + done.stdout


def test_a_server_that_is_no_target_is_reported_before_any_test(run, serving):
    server = serving(lambda handler, _body: handler.answer(b"no such page", status=404) or True)
    done = run("-q", *OVER_HTTP, server.address)
    assert done.returncode == 4
    assert "cannot be reset to an initial state: the target refused: HTTP status 404" in done.stderr
    assert [path for path, *_ in server.seen] == ["/dsp/control"] * 2
    assert done.stdout == ""


@pytest.mark.parametrize("option", ["--report-json", "--report-html", "--junitxml"])
def test_a_report_that_cannot_be_written_at_the_end_is_reported_and_is_no_success(run, option):
    done = run("-q", "--sut", "locker:Locker", "--rule", "BOX-2", option, "/dev/full")
    assert done.returncode == 4
    assert done.stderr == "ERROR: cannot write /dev/full: No space left on device\n"
    assert "rules: 1 passed" in done.stdout
