"""What SMETS1 lends the machinery: its claims, suites, wire formats and words, and the command `smets1`."""

from properties.domain import Command, Profile

EXAMPLES = {
    "": """\
  smets1 judge request.xml --installation installation.toml
  smets1 check
  smets1 render --out diagrams
""",
    "check": """\
  smets1 check                                      every property of the installation
  smets1 check --property "no activation on a PPMID without its keys"
  smets1 check --system properties.smets1.faults:dco_is_skipped
  smets1 check --json
  smets1 check --system properties.smets1.faults:gas_supplier_may_activate --out counterexamples
  smets1 check --property "supply may be split" --witnesses --out witnesses --format svg

With --out and the format duis, requests/ has each Service Request as DUIS XML, the installation as it stood before, and
a README.txt. Systems other than the SMETS1 installation have no DUIS requests.
""",
    "explore": """\
  smets1 explore --slice ppmid_firmware             what decides PPMID firmware
  smets1 explore --slice designation --slice pin    what decides either
  smets1 explore --system properties.smets1.fleet:CLAIMS   every state of a fleet
  smets1 explore --layers                           the whole installation, by distance from the start
  smets1 explore --no-layers --where "migration == MIGRATED"
""",
    "replay": """\
  smets1 replay log.jsonl --mapping map.toml --inventory installations.csv
  smets1 replay messages/ --inventory installation.toml      DUIS XML at one installation
  smets1 replay messages/ --inventory installations/         DUIS XML, an installation file for each

DUIS XML is Service Requests in the order of their files' names, one or more in a file, and their responses anywhere.
""",
    "conform": """\
  smets1 conform --sut examples.simulator:factory                     a Python factory
  smets1 conform --sut "node examples/node-target/target.mjs"         a command that speaks JSON lines
  smets1 conform --sut http://localhost:8080/ --html report.html      an address that takes DUIS XML
  smets1 conform --sut examples.simulator:factory --rule KEY-5        one rule only
""",
    "vectors": """\
  smets1 vectors --out vectors.json
  smets1 vectors --out tests.csv --format csv
  smets1 vectors --out tests --format gherkin
  smets1 vectors --duis requests
  smets1 vectors --duis requests --vector V0001 --vector V0002
  smets1 vectors --out vectors.json --only regulated
  smets1 vectors --system properties.smets1.fleet:DATED --out fleet.json

--duis writes a directory for each sequence: its Service Requests as DUIS XML, the installation before each of them,
its events as JSON, and a README.txt; index.json lists the files of each step.
""",
    "strength": """\
  smets1 strength                                   every mutant of the installation
  smets1 strength --json > strength.json
  smets1 strength --only CHECKS_SWAPPED             of one operator
  smets1 strength --only "lifecycle ppmid_firmware" those whose name or description has these words
  smets1 strength --sample 200 --seed 7             a few, always the same ones
""",
    "render": """\
  smets1 render                                 every picture, and a page that shows them, in diagrams/
  smets1 render timeline who-may-upgrade-what   days, releases, compliance; device x sender x cohort x keys
  smets1 render key_package --format png        one picture as a PNG
  smets1 render ppmid_firmware --rejections     with the verdicts on requests that fire nothing
  smets1 render --out /tmp/d --format mermaid   every picture as Mermaid text
""",
    "export": """\
  smets1 export promela --out installation.pml
  smets1 export promela --property "no FOC PPMID's firmware is ever upgraded" --out foc.pml
  smets1 export promela --system properties.smets1.fleet:CLAIMS
""",
    "explorer": """\
  smets1 explorer --out page.html
  smets1 explorer --system properties.smets1.faults:gas_supplier_may_activate --out fault.html
""",
    "serve": """\
  smets1 serve
  smets1 serve --port 8080 --database installations.sqlite
  curl -s http://127.0.0.1:8000/initial
  statemachines conform --system properties.smets1.installation:CLAIMS --sut http://127.0.0.1:8000/instances/i/messages
""",
    "assumptions": """\
  smets1 assumptions                                every one, and what changes without it
  smets1 assumptions MOD-3 MOD-12                   two of them
  smets1 assumptions --no-check                     how much cites each, at once
""",
    "diff": """\
  smets1 diff --from "before uplift" --to "uplift 1.2"
  smets1 diff --from "uplift 1.2" --to "november 2020" --json
  smets1 diff --from "without MOD-3 MOD-12"         without two assumptions, and as declared
""",
    "trace": """\
  smets1 trace                                      a line for each rule, with the results of its properties
  smets1 trace KEY-4 KEY-5                          two rules, with all that goes back to them
  smets1 trace --no-check                           the same without results, at once
  smets1 trace --html --out traceability.html       a page for people, with links to diagrams/
  smets1 trace --by-source --html --out report.html  from each section of the report to its rules
  smets1 check --json > report.json
  smets1 trace --system properties.smets1.installation:CLAIMS --report report.json --json
""",
}

CONFORMANCE = {
    "firmware": ("PPMID", "KEY", "READ", *(f"MOD-{n}" for n in (2, 3, 4, 5, 6, 7, 10, 12, 14, 15, 29, 30, 36))),
    "migration": ("MIG", "MPRN", "PIN", "COM", *(f"MOD-{n}" for n in (25, 26, 27, 28, 31, 34, 35, 39, 40, 42, 43))),
    "designation": ("DES", "DOC", *(f"MOD-{n}" for n in (11, 16, 17, 18, 20, 21))),
}
"""What a system has to keep that does one of these, and no more."""

PROFILE = Profile(
    command="smets1",
    title="SMETS1 lifecycles as state machines: judge real requests, prove the rules, draw the diagrams.",
    claims="properties.smets1.installation:CLAIMS",
    traced={"properties.smets1.installation:CLAIMS": "diagrams", "properties.smets1.fleet:DATED": "diagrams/fleet"},
    packages=("properties.smets1", "statemachines.smets1"),
    suites={"properties.smets1.installation:CLAIMS": "properties.smets1:suites/installation.json"},
    schemes=dict.fromkeys(("http", "https"), "properties.smets1.duis_http:DuisHttpTarget"),
    exporters={"duis": "properties.smets1.duis_run:DUIS"},
    logs={"duis": "properties.smets1.duis_log:DUIS_LOG"},
    requests="statemachines.smets1.vocabulary:SERVICE_REQUEST_TYPES",
    sender="sender",
    standings=("electricity_supplier", "gas_supplier"),
    subjects=("target", "device", "meter", "han_device"),
    subject="device",
    wording="properties.smets1.pictures:WORDING",
    illustrations={"properties.smets1.installation:CLAIMS": "properties.smets1.pictures:illustrations"},
    classes="statemachines.smets1.edge.cohorts:cohort_of",
    situations="properties.smets1.situations:situations",
    changes="properties.smets1.situations:changes",
    course="properties.smets1.explorer:course",
    explorer="properties.smets1.explorer:script",
    conformance=CONFORMANCE,
    codes="statemachines.smets1.vocabulary:SRV_OF",
    code="SRV",
    service="properties.smets1.mock_dcc.service:mock_dcc",
    commands={
        "judge": Command(
            "properties.smets1.commands.judge:judge_command", "Say what must happen to DUIS requests, and why."
        ),
        "regime": Command(
            "properties.smets1.commands.regime:regime_command", "Say what is in force on a day, what is open."
        ),
        "readiness": Command(
            "properties.smets1.commands.readiness:readiness_command", "Say how many installations of a fleet lack keys."
        ),
    },
    examples=EXAMPLES,
)
"""SMETS1's profile, registered as an entry point."""
