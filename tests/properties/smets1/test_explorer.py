"""The README's story by clicks, and the oracle of the page against that in Python."""

import json
from itertools import pairwise

import pytest

from properties.conformance.suite.wire_format import read_request, read_state, state_in_words
from properties.explorer.page import page_of
from properties.smets1.faults import gas_supplier_may_activate
from properties.smets1.fleet import CLAIMS as FLEET
from properties.smets1.pictures import ELECTRICITY, GAS
from properties.smets1.profile import PROFILE
from properties.smets1.situations import changes, situations
from statemachines import Oracle, replay
from statemachines.semantics.oracle import decided
from statemachines.semantics.regulated import without
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import ActivateFirmware, Device, UpdateFirmware
from tests.support.browser import disagreements, opened, overlaps, random_steps

KEYS_LACKING = "migrated before Uplift 1.2, deployed since, split supply, IOC"


@pytest.fixture(scope="session")
def page_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("explorer") / "installation.html"
    path.write_text(page_of(INSTALLATION, PROFILE, "properties.smets1.installation:CLAIMS"))
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


def test_a_fleet_has_no_situations_and_changes():
    assert situations(FLEET.system) == changes(FLEET.system) == {}


def test_the_story_of_the_readme(browser, page_file):
    with opened(browser, page_file) as page:
        page.get_by_role("button", name="Choose another start").click()
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
        page.get_by_role("button", name="Choose another start").click()
        page.get_by_label("DCO key package").select_option("with the PPMID's keys")
        assert "before Uplift 1.2 no key package holds the PPMID's keys" in page.locator(".start").inner_text()
        assert page.get_by_role("button", name="Start here").is_disabled()
        for summary in page.locator(".start [role=status] summary").all():
            summary.click()
        assert "Source: CON" in " ".join(page.locator(".start .rules").all_inner_texts())
        page.get_by_label("DCO key package").select_option("no package")
        page.get_by_role("button", name="Start here").click()
        assert "a state of one's own" in page.locator(".points").inner_text()


def test_a_thousand_random_requests_are_decided_as_in_python(browser, page_file):
    with opened(browser, page_file) as page:
        steps = random_steps(page, 1000, 7)
    assert len({step["request"]["type"] for step in steps}) == len(INSTALLATION.requests)
    assert list(disagreements(INSTALLATION, steps)) == []


def test_a_request_in_duis_xml_is_dropped_on_the_page(browser, page_file, requests_dir):
    texts = [path.read_text() for path in sorted(requests_dir.glob("0[12]-*.xml"))]
    with opened(browser, page_file) as page:
        page.get_by_role("button", name="Choose another start").click()
        page.get_by_role("button", name=KEYS_LACKING).click()
        page.evaluate(
            """(texts) => {
                const files = new DataTransfer();
                for (const text of texts) files.items.add(new File([text], "request.xml"));
                dispatchEvent(new DragEvent("drop", { dataTransfer: files, cancelable: true }));
            }""",
            texts,
        )
        page.get_by_label("Who is 90-B3-D5-1F-30-0A-00-00").select_option("Supplier A")
        page.get_by_label("Who is 00-DB-12-34-56-78-9A-D0").select_option("PPMID")
        page.get_by_role("button", name="Send it").click()
        assert page.get_by_label("Who is 00-DB-12-34-56-78-9A-D0").input_value() == "PPMID"
        page.get_by_label("Who is 90-B3-D5-1F-30-0B-00-00").select_option("Supplier B")
        page.get_by_role("button", name="Send it").click()
        assert page.locator(".points li").count() == 3
        assert "rejected" in page.locator(".verdict").inner_text()


def test_the_counterexample_of_a_planted_fault_is_opened(browser, page_file, tmp_path):
    faulty = gas_supplier_may_activate().system
    start = faulty.state(**situations(INSTALLATION)["migrated under Uplift 1.2, split supply, IOC"].as_dict())
    ppmid = {"target": Device.PPMID}
    trace = replay(faulty, start, [UpdateFirmware(sender=ELECTRICITY, **ppmid), ActivateFirmware(sender=GAS, **ppmid)])
    assert trace.steps[-1].verdict.passed
    path = tmp_path / "trace.json"
    path.write_text(json.dumps({"property": "only the Electricity Supplier upgrades", "runs": [trace.as_dict()]}))
    with opened(browser, page_file) as page:
        page.locator("input[type=file]").set_input_files(path)
        assert "outcome accepted, and rejected here" in page.locator(".differs").inner_text()
        page.get_by_role("button", name="Step back").click()
        assert "The file gives the same verdict" in page.locator(".step").inner_text()
        # of a report the arrows are red that a failed check stands before
        failed = {"name": "PPMID-2", "standing": "failed", "reason": ""}
        path.write_text(json.dumps({"target": {"name": "a target"}, "rules": [failed], "properties": []}))
        page.locator("input[type=file]").set_input_files(path)
        page.locator(".coverage").wait_for()
        page.locator(".pictures select").select_option("ppmid_firmware")
        assert "Update Firmware" in page.locator(".node.covered.failed").first.text_content()
        page.locator(".pictures select").select_option("release")
        assert page.locator(".node.covered.failed").count() == 0


def test_a_run_from_where_no_system_is_says_so_and_is_shared(browser, page_file, tmp_path):
    start = state_in_words(INSTALLATION.state()) | {"key_package": "with the PPMID's keys"}
    (tmp_path / "run.json").write_text(json.dumps({"start": start, "steps": []}))
    with opened(browser, page_file) as page:
        page.locator("input[type=file]").set_input_files(tmp_path / "run.json")
        page.get_by_text("No system is where this run starts: the DCO has a key package for no").wait_for()
        page.get_by_role("button", name="Copy link").click()
        page.wait_for_function("location.hash.startsWith('#run=')")
        link = page.evaluate("location.hash")
    with opened(browser, page_file, fragment=link) as page:
        assert "No system is where this run starts" in page.locator(".run").inner_text()


def test_no_gas_supplier_ever_makes_a_ppmid_run_other_firmware(browser, page_file):
    runs = {"of": "becomes", "name": "ppmid_firmware", "value": "delivered image runs"}
    by_gas = [{"of": "standing", "name": name, "value": ""} for name in ("gas_supplier", "electricity_supplier")]
    ask = "([state, asked]) => search(machine, state, asked, 50000, () => true)"
    start = state_in_words(situations(INSTALLATION)["migrated under Uplift 1.2, split supply, IOC"])
    with opened(browser, page_file) as page:
        assert len(page.evaluate(ask, [start, [runs, by_gas[1]]])["requests"]) == 2
        requests = page.evaluate(ask, [start, [runs, by_gas[0]]])["requests"]
    # a Supplier of both is the Gas Supplier, too
    assert [one["type"] for one in requests if one["type"].startswith("Change")] != []


def test_a_step_without_an_assumption_is_that_of_the_system_without_it(browser, page_file):
    assumptions = [one.id for one in INSTALLATION.register.rules if one.assumption == "all"]
    with opened(browser, page_file) as page:
        steps = random_steps(page, 150, 23)
        asked = [[{**step["state"]}, later["request"]] for step, later in pairwise(steps)]
        given = page.evaluate(
            """([ids, asked]) => ids.map((id) => asked.map(([state, request]) => {
                const { verdict, after } = machine.without(id, state, request);
                return [verdict && verdict.outcome, verdict && verdict.reason, after];
            }))""",
            [assumptions, asked],
        )
    usual = [[step["verdict"]["outcome"], step["verdict"]["reason"], step["state"]] for step in steps[1:]]
    mattering = [(rule, results) for rule, results in zip(assumptions, given, strict=True) if results != usual]
    assert len(mattering) >= 3
    for rule, results in mattering[:3]:
        oracle = Oracle(without(INSTALLATION, [rule]))
        for (state, request), (outcome, reason, after) in zip(asked, results, strict=True):
            before, sent = read_state(oracle.system, state), read_request(oracle.system, request)
            there, verdict = decided(oracle, before, sent)
            assert (verdict.outcome.value, verdict.reason.value) == (outcome, reason), (rule, request)
            assert state_in_words(there) == after


def test_another_release_or_cohort_is_a_change_of_one_name(browser, page_file):
    with opened(browser, page_file) as page:
        page.get_by_role("button", name="Choose another start").click()
        page.get_by_role("button", name="a PPMID image delivered").click()
        send(page, "(Electricity Supplier", "PPMID", "Activate Firmware")
        labels = " ".join(page.locator(".way li li").all_text_contents())
        page.get_by_role("button", name="party with a PPMID upgrade in hand").click()
        (fired,) = page.locator(".drawing .node.taken").all_text_contents()
        page.get_by_role("tab", name="What if").click()
        rows = page.locator(".whatif tbody tr").all_inner_texts()
        page.get_by_label("Change:").select_option("release in force")
        assert len(page.locator(".whatif tbody tr").all_inner_texts()) == 2
    assert "Activate Firmware" in fired
    assert "PPMID firmware is the Electricity Supplier's" in labels
    assert "the RequestID is new" in labels
    assert not any(of in labels for of in ("ESME firmware", "GSME firmware", "at the CHF", "to be cancelled"))
    (earlier,) = [row for row in rows if row.startswith("before Uplift 1.2")]
    assert "and so DCO key package: without the PPMID's keys; PPMID firmware: no image in hand" in earlier
    assert "comes with Uplift 1.2" in earlier
    (foc,) = [row for row in rows if row.startswith("in the cohort FOC, group EA, or in the cohort FOC, group EB")]
    assert "out of scope for FOC" in foc
    (gas,) = [row for row in rows if row.startswith("sender: Supplier B (Gas Supplier)")]
    assert "only the Electricity Supplier" in gas
    assert any(row.startswith("without MOD-12:") for row in rows)


def test_a_change_leads_to_a_state_that_no_constraint_forbids_and_is_decided_there_as_in_python(browser, page_file):
    starts = {name: state_in_words(state) for name, state in situations(INSTALLATION).items()}
    request = {"type": "UpdateFirmware", "sender": "Supplier A", "target": "PPMID"}
    ask = """([starts, request]) => starts.map((state) => machine.declared.changes.map(({ values }) => {
        const wanted = Object.entries(request);
        const usual = machine.requests.find((one) => wanted.every(([name, word]) => one[name] === word));
        const there = machine.withValues(state, values);
        return [values, there, usual, machine.step(there, usual).verdict];
    }))"""
    with opened(browser, page_file) as page:
        given = page.evaluate(ask, [list(starts.values()), request])
    oracle, outcomes = Oracle(INSTALLATION), set()
    for start, changed in zip(starts.values(), given, strict=True):
        for values, there, sent, verdict in changed:
            state = read_state(INSTALLATION, there)
            assert INSTALLATION.broken_constraints(state) == ()
            assert values.items() <= there.items()
            assert sum(start[name] != there[name] for name in there) <= 5
            expected = decided(oracle, state, read_request(INSTALLATION, sent))[1]
            assert (expected.outcome.value, expected.reason.value) == (verdict["outcome"], verdict["reason"])
            outcomes.add(expected.reason)
    assert len(given) * len(given[0]) == 72
    assert len(outcomes) >= 3


def test_what_changed_in_november_2020_is_listed_of_all_requests(browser, page_file):
    with opened(browser, page_file) as page:
        page.get_by_role("button", name="Choose another start").click()
        page.get_by_role("button", name="migrated under Uplift 1.2, split supply, IOC", exact=True).click()
        page.get_by_role("tab", name="What if").click()
        page.get_by_label("What would differ").select_option("after the November 2020 maintenance")
        rows = page.locator(".otherwise tbody tr").all_inner_texts()
    changed = {"Deploy Release", "Read Firmware Version (SRV 11.2)", "Update Import Tariff (SRV 1.1.1)"}
    assert {row.split("\n")[0] for row in rows} == changed
    assert all("alert" in row for row in rows if row.startswith("Read"))


def test_nothing_overlaps_and_no_letter_is_under_12_pixels(browser, page_file):
    with opened(browser, page_file, width=390, height=844) as page:
        boxes, problems = overlaps(page)
        sizes = page.evaluate("""() => [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility()
            && [...one.childNodes].some((part) => part.nodeType === 3 && part.textContent.trim()))
            .map((one) => parseFloat(getComputedStyle(one).fontSize) * (one.getScreenCTM?.().a ?? 1))""")
        page.get_by_label("Search").fill("deploy release")
        page.locator("button.request.passed").first.click()
        choices = []
        for part in [*page.get_by_role("tab").all(), page.get_by_role("button", name="Choose another start")]:
            part.click()
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            choices += page.evaluate("""() => [...document.querySelectorAll("select")].map((select) => {
                const shown = select.parentElement.querySelector(".shown");
                const frame = select.parentElement.getBoundingClientRect();
                const text = shown.getBoundingClientRect();
                const inside = frame.left <= text.left && text.right <= frame.right && text.bottom <= frame.bottom;
                return [select.selectedOptions[0].text, shown.innerText, inside];
            })""")
    assert len(choices) > 30
    assert [choice for choice in choices if choice[0] != choice[1] or not choice[2]] == []
    assert boxes > 500
    assert problems == []
    assert min(sizes) >= 12


def test_the_course_of_the_last_request_is_shown_after_it(browser, page_file):
    """The oracle leaves a request's course to events: the page runs those that its verdict comes to."""
    with opened(browser, page_file) as page:
        row = page.locator(".state tr", has_text="course of the request")
        assert "not sent" in row.inner_text()
        page.get_by_role("button", name=KEYS_LACKING).click()
        send(page, "(Electricity Supplier", "PPMID", "Update Firmware")
        assert "carried out and responded to" in row.inner_text()
        assert "of the last request: Update Firmware" in row.inner_text()
        send(page, "(Electricity Supplier", "PPMID", "Activate Firmware")
        assert "refused after its acknowledgement" in row.inner_text()
        way = "received by the DSP → acknowledged → past Anomaly Detection → at the DCO → refused"
        assert way in page.locator(".course").first.inner_text()
        row.get_by_role("button").click()
        assert page.locator(".drawing .node.taken, .drawing .edge.taken").count() >= 5
        assert "refused" in page.locator(".drawing .now").text_content()
        # an event that does not concern the request leaves its course; one that moves it is what counts
        page.get_by_label("Search").fill("deploy release")
        page.locator("button.request.passed").first.click()
        assert "refused after its acknowledgement" in row.inner_text()
        page.get_by_label("Search").fill("receive request")
        page.locator("button.request.passed").first.click()
        assert row.inner_text().split("\t")[1].strip() == "received by the DSP"
