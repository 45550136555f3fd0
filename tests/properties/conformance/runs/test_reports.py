"""Reports: for machines, JUnit, the page, and lists of what is skipped and expected to fail."""

import json
import re
import shutil
import subprocess
import tempfile
from xml.etree import ElementTree

import pytest

from tests.support.suite_runs import counts, report_of

pytestmark = pytest.mark.slow

LEGEND = ["shown to be right", "shown to be wrong", "not shown"]


def test_skips_and_expected_failures(run, place):
    (place / "skips").write_text("# later\nBOX-2  # ours goes back at once\n")
    (place / "xfails").write_text("test_rules.py::test_rule[BOX-2]\n")
    options = ("--report-json", "listed.json", "--report-html", "listed.html")
    skipped = run("-q", "--sut", "locker:WaitDoesNothing", "--skips-file", "skips", *options)
    message = [standings(place), (place / "listed.html").read_text()]
    expected = run("-q", "--sut", "locker:WaitDoesNothing", "--xfails-file", "xfails", *options)
    assert "failed" not in counts(skipped)
    assert counts(skipped)["skipped"] >= 1
    assert counts(expected)["xfailed"] == 1
    assert (skipped.returncode, expected.returncode) == (0, 0)
    assert re.search(r"BOX-2 +skipped .*\(skips, line 2\)", skipped.stdout)
    assert "rules: 1 blocked, 1 skipped" in skipped.stdout
    assert "ATTENTION: only 0 of 2 rules (0%) were tested" in skipped.stdout
    assert "no success" not in skipped.stdout
    assert re.search(r"BOX-2 +failed as expected .*\(xfails, line 1\)", expected.stdout)
    assert message[0]["BOX-2"] == "skipped"
    assert standings(place)["BOX-2"] == "failed as expected"
    assert "These rules failed" not in message[1] + (place / "listed.html").read_text()


def standings(place):
    return {rule["name"]: rule["standing"] for rule in report_of(place / "listed.json")["rules"]}


def test_words_of_its_own_are_reported_once_with_a_mapping_file_to_fill_in(run, place):
    done = run("-q", "--sut", "locker:OwnWords", "--rule", "BOX-2", "--report-html", "own.html")
    section = done.stdout[done.stdout.index("conformance: ") :]
    lines = section.splitlines()
    assert lines[3].startswith("The target uses words that are not among ours.")
    words = '"yes", "no", "locker", "done", "wrong code", "wrong box" or "not shown"'
    assert lines[4:10] == [
        "",
        f"    [outcome]  # {words}",
        '    "OK" = "?"',
        f"    [at]  # {words}",
        '    "front \\"office\\"" = "?"',
        "",
    ]
    assert '"OK" = "?"' in (place / "own.html").read_text()
    filled = "\n".join(lines[5:9]).replace('"OK" = "?"', '"OK" = "yes"').replace('"?"', '"locker"')
    (place / "filled.toml").write_text(filled)
    again = run("-q", "--sut", "locker:OwnWords", "--rule", "BOX-2", "--mapping", "filled.toml")
    assert "words that are not among ours" not in again.stdout
    assert "no verdict" not in again.stdout


def test_an_expected_failure_that_passes_is_reported(run, place):
    (place / "hopeless").write_text("BOX-2\n")
    done = run("-q", "--sut", "locker:Locker", "--xfails-file", "hopeless")
    assert "ATTENTION: BOX-2 was expected to fail (hopeless, line 1), and passed" in done.stdout


@pytest.fixture(scope="module")
def reported(run, place):
    options = ("--report-json", "found.json", "--report-html", "found.html", "--junitxml", "found.xml")
    return run("-q", "--sut", "locker:WaitDoesNothing", "--max-examples", "3", *options)


def test_the_report_for_machines_is_as_its_schema_says(reported, place):
    result = report_of(place / "found.json")
    (failed,) = (rule for rule in result["rules"] if rule["standing"] == "failed")
    assert failed["name"] == "BOX-2"
    assert len(failed["failure"]["shortest"]["steps"]) == 4
    assert result["random"]["walks"] > 0


def test_every_format_names_the_suspected_declaration_first(reported, place):
    declaration = "box: holds a parcel too long -> empty, on Wait"
    result = report_of(place / "found.json")
    (failed,) = (rule for rule in result["rules"] if rule["standing"] == "failed")
    assert result["suspects"] == [{"declaration": declaration, "cites": ["BOX-2"], "rule": "BOX-2"}]
    assert (failed["failure"]["cites"], failed["failure"]["others"]) == (["BOX-2"], [])
    words = f"{failed['failure']['wrong']} [BOX-2]"
    assert re.search(rf"^BOX-2 +failed .*: suspect {re.escape(words)}$", reported.stdout, re.M)
    root = ElementTree.parse(place / "found.xml").getroot()
    (case,) = (each for each in root.iter("testcase") if each.get("name") == "test_rule[BOX-2]")
    message = case.find("failure").get("message")
    assert message.startswith(f"Failed: suspect: {words}\nthe rule: BOX-2: A parcel that waits too long goes back.")
    assert {"name": "suspect", "value": words} in [each.attrib for each in case.iter("property")]
    assert (place / "found.html").read_text().count(f"Suspect</strong>: {words.replace('>', '&gt;')}") == 1


def test_junit_is_written_without_a_warning_for_each_test(reported):
    assert "warnings" not in counts(reported)


def test_junit_has_the_rule_its_source_and_the_sequence(reported, place):
    root = ElementTree.parse(place / "found.xml").getroot()
    (case,) = (each for each in root.iter("testcase") if each.get("name") == "test_rule[BOX-2]")
    recorded = {each.get("name"): each.get("value") for each in case.iter("property")}
    assert recorded["rule"] == "BOX-2"
    assert recorded["source"] == "house rules, 2"
    assert recorded["vector"].startswith("V")
    (suite,) = root.iter("testsuite")
    facts = {each.get("name"): each.get("value") for each in suite.find("properties")}
    assert facts == {name: str(value) for name, value in json.loads((place / "found.json").read_text())["run"].items()}
    assert f"declarations {facts['digest'][:12]}, seed 0" in reported.stdout
    assert f"Run of {facts['date']}, suite {facts['suite']}" in (place / "found.html").read_text()


def test_the_page_needs_nothing_else(reported, place):
    text = (place / "found.html").read_text()
    heads = re.findall(r"<th[^>]*>([^<]*)</th>", text[: text.index("</thead>")])
    assert heads[:3] == ["", "passed", "failed"]
    assert "skipped" not in heads
    references = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"'\s)>]+)""", text)
    assert references
    assert all(reference.startswith("#") for reference in references)
    assert re.findall(r"<script[^>]*>", text) == ["<script>"]  # its own, for the text filter
    anchors = set(re.findall(r'\bid="([^"]+)"', text))
    assert {reference[1:] for reference in references} <= anchors


@pytest.mark.skipif(not shutil.which("chromium"), reason="the browser Chromium is not installed")
def test_a_browser_shows_the_page(reported, place):
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [
                *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
                *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
                *(f"--user-data-dir={profile}", "--virtual-time-budget=2000", "--dump-dom"),
                (place / "found.html").as_uri(),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    dom = ElementTree.fromstring("<all>" + re.sub(r"<(meta|input|!DOCTYPE)[^>]*>", "", done.stdout) + "</all>")
    drawings = list(dom.iter("svg"))
    assert len(drawings) == 2, "the failing sequence and the lifecycle"
    assert all(list(drawing.iter("text")) for drawing in drawings)
    colours = {each.get("stroke") for each in drawings[1].iter() if each.get("stroke")}
    assert "#b42318" in colours, "what failed is red"
    assert [each.tail for each in dom.find(".//p[@class='legend']")] == LEGEND
    assert "BOX-2" in {each.text for each in dom.iter("h3")}
