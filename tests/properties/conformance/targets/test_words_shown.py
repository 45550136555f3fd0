"""What a target says never reaches a terminal, a page or an XML file as it is: controls, marks of direction, markup."""

import json
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET

import pytest

from tests.support.paths import ROOT

TARGET = """
import json
import sys

sys.path.insert(0, {root!r})
from examples.locker import Locker

BAD = {bad!r}
HOW = {how!r}


class Target(Locker):
    def statement(self):
        if HOW == "statement":
            return {{"name": "name" + BAD, "version": "1" + BAD, "not_supported": {{"Wait": "no time" + BAD}}}}
        if HOW == "unknown key":
            return {{"key" + BAD: "x"}}
        if HOW == "unknown request":
            return {{"requests": ["Take" + BAD]}}
        return {{}}

    def send(self, request):
        if HOW == "words":
            return {{"outcome": "yes" + BAD, "reason": "why" + BAD}}
        if HOW == "aspect":
            return {{"outcome": "yes", "asp" + BAD: "x"}}
        if HOW == "exception":
            raise type("Oh" + BAD.replace("\\0", "").replace("\\ud800", ""), (Exception,), {{}})("what" + BAD)
        return super().send(request)


def lines():
    locker = Target()
    for line in sys.stdin:
        message = json.loads(line)
        answer = {{"id": message["id"]}}
        match message["op"]:
            case "describe":
                answer["statement"] = locker.statement()
            case "reset":
                locker.reset(message["state"])
                answer["ok"] = True
            case "send":
                match HOW:
                    case "error":
                        answer["error"] = "no" + BAD
                    case "garbage":
                        sys.stdout.buffer.write(("oops" + BAD + "\\n").encode("utf-8", "surrogatepass"))
                    case "standard error":
                        sys.stderr.buffer.write(("last words" + BAD + "\\n").encode("utf-8", "surrogatepass"))
                        sys.stderr.flush()
                        sys.exit(3)
                    case _:
                        answer["verdict"] = locker.send(message["request"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    lines()
"""
BAD = "\x1b[2J\x1b]0;title\x07\x9b31m\u202e\u2066\u200b\x00\x08\r\ud800<script>alert(1)</script>&\"'"
OBJECT = ["statement", "words", "aspect", "exception", "unknown key", "unknown request"]
LINES = ["statement", "words", "error", "garbage", "standard error"]


def unshown(text):
    """The characters of a text that a terminal or a reader may take for something else."""
    return {
        letter for letter in text if letter not in "\n\t" and unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co"}
    }


@pytest.mark.slow
@pytest.mark.parametrize(("how", "command"), [(how, False) for how in OBJECT] + [(how, True) for how in LINES])
def test_nothing_is_shown_raw(how, command, tmp_path):
    (tmp_path / "bad_target.py").write_text(TARGET.format(root=str(ROOT), bad=BAD, how=how))
    code = "from properties.cli.entry import statemachines; statemachines()"
    files = {name: tmp_path / f"report.{name}" for name in ("html", "json", "junit")}
    done = subprocess.run(
        [
            *(sys.executable, "-c", code, "conform", "--system", "examples.parcel_locker:claims"),
            *("--sut", f"{sys.executable} bad_target.py" if command else "bad_target:Target", "--max-examples", "8"),
            *(word for name, path in files.items() for word in (f"--{name}", str(path))),
        ],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8:surrogatepass"},
        capture_output=True,
        check=False,
        timeout=120,
    )
    output = done.stdout + done.stderr
    shown = output.decode("utf-8")
    refused = how.startswith("unknown ")
    assert done.returncode == (2 if refused else 0 if how == "statement" else 1), shown
    assert unshown(shown) == set()
    assert "Traceback" not in shown
    assert "INTERNALERROR" not in shown
    assert "[2J" in shown, "the words are shown, escaped"
    if refused:
        return
    page, junit = files["html"].read_text("utf-8"), files["junit"].read_text("utf-8")
    assert unshown(page) == set()
    assert "<script>alert" not in page
    assert unshown(junit) == set()
    assert ET.fromstring(junit).tag == "testsuites"
    report = json.loads(files["json"].read_text("utf-8"))
    assert {rule["name"] for rule in report["rules"]} == {"BOX-1", "BOX-2"}
