"""The README's story by clicks, and the oracle of the page against that in Python."""

import pytest

from properties.explorer.page import explorer_page
from properties.smets1.fleet import CLAIMS as FLEET
from properties.smets1.pictures import WORDING
from properties.smets1.profile import PROFILE
from properties.smets1.situations import situations
from statemachines.smets1.installation import INSTALLATION
from tests.support.browser import disagreements, opened, random_steps

KEYS_LACKING = "migrated before Uplift 1.2, deployed since, split supply, IOC"


@pytest.fixture(scope="session")
def page_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("explorer") / "installation.html"
    known = situations(INSTALLATION)
    path.write_text(explorer_page(INSTALLATION, profile=PROFILE, wording=WORDING, situations=known))
    return path


def send(page, sender, device, request):
    """Click a request of a sender to a device."""
    group = page.locator("details", has=page.locator("summary", has_text=sender)).first
    for opened_one in (group, group.locator("details.part", has=page.locator("summary", has_text=device)).first):
        if opened_one.get_attribute("open") is None:
            opened_one.locator("summary").first.click()
    group.locator("button.request", has_text=request).first.click()
    return page.locator(".verdict").inner_text()


@pytest.mark.parametrize("name", situations(INSTALLATION))
def test_a_situation_breaks_no_constraint(name):
    assert INSTALLATION.broken_constraints(situations(INSTALLATION)[name]) == ()


def test_a_fleet_has_no_situations():
    assert situations(FLEET.system) == {}


def test_the_story_of_the_readme(browser, page_file):
    with opened(browser, page_file) as page:
        page.get_by_role("button", name="Start elsewhere").click()
        page.get_by_role("button", name=KEYS_LACKING).click()
        assert "the image is delivered" in send(page, "(Electricity Supplier", "PPMID", "Update Firmware")
        assert "rejected" in send(page, "(Gas Supplier", "PPMID", "Activate Firmware")
        assert "PPMID-1" in page.locator(".rules").inner_text()
        page.get_by_role("button", name="Step back").click()
        assert "keys" in send(page, "(Electricity Supplier", "PPMID", "Activate Firmware")
        page.get_by_label("Search").fill("update key package")
        page.locator("button.request").first.click()
        page.get_by_label("Search").fill("")
        assert "activated" in send(page, "(Electricity Supplier", "PPMID", "Activate Firmware")


def test_a_state_of_ones_own_that_no_installation_has_is_refused_with_a_reason(browser, page_file):
    with opened(browser, page_file) as page:
        page.get_by_role("button", name="Start elsewhere").click()
        page.get_by_label("DCO key package").select_option("with the PPMID's keys")
        assert "before Uplift 1.2 no key package holds the PPMID's keys" in page.locator(".start").inner_text()
        assert page.get_by_role("button", name="Start here").is_disabled()


def test_a_thousand_random_requests_are_decided_as_in_python(browser, page_file):
    with opened(browser, page_file) as page:
        steps = random_steps(page, 1000, 7)
    assert len({step["request"]["type"] for step in steps}) == len(INSTALLATION.requests)
    assert list(disagreements(INSTALLATION, steps)) == []
