"""The deviations of a log: the report leads to them in the explorer, where one steps through them."""

import json

import pytest
from click.testing import CliRunner

from properties.cli.main import main
from properties.explorer.page import explorer_page
from tests.support.browser import opened

LOG = """\
case,request,code,outcome
A,Put,,yes
A,Take,right,yes
B,Put,,yes
B,Take,wrong,yes
C,Put,,yes
C,Wait,,yes
C,Put,,yes
"""
WRONG_CODE = "The file gives another verdict: outcome yes, and no here."


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("log")
    (folder / "box.csv").write_text(LOG)
    arguments = [str(folder / "box.csv"), "--system", "examples.parcel_locker:claims", "--out", str(folder / "out")]
    result = CliRunner().invoke(main, ["replay", *arguments])
    assert result.exit_code == 1, result.output
    return folder / "out"


def test_the_report_leads_to_the_deviations(browser, findings):
    with opened(browser, findings / "report.html") as page:
        page.get_by_role("link", name="the explorer").click()
        page.locator(".message", has_text="a deviation from BOX-1: case B").wait_for()
        assert page.locator(".points li").count() == 3
        assert page.locator(".differs").inner_text().endswith(WRONG_CODE)
        page.get_by_role("button", name="Step back").click()
        assert "The file gives the same verdict." in page.locator(".step").inner_text()


def test_the_findings_are_dropped_on_the_page(browser, findings, parcel_locker, tmp_path):
    (tmp_path / "locker.html").write_text(explorer_page(parcel_locker.system))
    with opened(browser, tmp_path / "locker.html") as page:
        page.locator("input[type=file]").set_input_files(findings / "findings.json")
        assert page.locator(".differs").inner_text().endswith(WRONG_CODE)


def test_a_value_that_the_log_leaves_open_is_one_of_several(browser, findings, parcel_locker, tmp_path):
    steps = [{"request": {"type": "Put"}, "verdict": {"outcome": ["no", "yes"], "response": None}}]
    steps.append({"request": {"type": "Put"}, "verdict": {"reason": ["wrong code", "done"]}})
    (tmp_path / "run.json").write_text(json.dumps({"name": "open", "start": {}, "steps": steps}))
    (tmp_path / "locker.html").write_text(explorer_page(parcel_locker.system))
    with opened(browser, tmp_path / "locker.html") as page:
        page.locator("input[type=file]").set_input_files(tmp_path / "run.json")
        assert "reason wrong code or done, and wrong box here" in page.locator(".differs").inner_text()
        page.get_by_role("button", name="Step back").click()
        assert "The file gives the same verdict." in page.locator(".step").inner_text()


def test_a_log_without_deviations_has_no_page_to_explore(tmp_path):
    (tmp_path / "box.csv").write_text("\n".join(LOG.splitlines()[:3]) + "\n")
    arguments = [str(tmp_path / "box.csv"), "--system", "examples.parcel_locker:claims", "--out", str(tmp_path / "out")]
    assert CliRunner().invoke(main, ["replay", *arguments]).exit_code == 0
    assert not (tmp_path / "out" / "explorer.html").exists()
    assert "explorer" not in (tmp_path / "out" / "report.html").read_text()
