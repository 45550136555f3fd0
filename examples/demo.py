"""What `make demo` runs: the whole of it in a few minutes, and a short account at the end."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

HERE = Path(__file__).parent.relative_to(Path.cwd())
OUT = Path("demo-output")
DIAGRAMS = OUT / "diagrams"
BIN = Path(sys.executable).parent
FAULT = "gas_supplier_may_activate"
RULES = [f"PPMID-{number}" for number in range(1, 11)]
CLAIM = "only the Electricity Supplier upgrades PPMID firmware"


def run(*command: str | Path, expected: int = 0) -> None:
    """Run one command and let it be seen; stop the demo if it ends otherwise than expected."""
    words = said(command)
    print(flush=True)
    check(subprocess.run(words, check=False).returncode, expected)


def said(command: tuple[str | Path, ...]) -> list[str]:
    """The words of a command, which are shown."""
    words = [str(word) for word in command]
    print(f"$ {' '.join(Path(word).name if word.startswith(str(BIN)) else word for word in words)}", flush=True)
    return words


def asked(*command: str | Path, expected: int = 0) -> dict[str, Any]:
    """The JSON that a command prints, which the account at the end is of."""
    done = subprocess.run(said(command), stdout=subprocess.PIPE, text=True, check=False)
    check(done.returncode, expected)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def check(code: int, expected: int) -> None:
    if code != expected:
        sys.exit(f"that should have ended with exit code {expected}, not {code}")


def title(text: str) -> None:
    print(f"\n=== {text}\n", flush=True)


def suite(name: str, *options: str, expected: int) -> str:
    """Run what the conformance suite has about PPMID upgrades; returns its result in words."""
    report = OUT / f"{name}.xml"
    command: list[str | Path] = [BIN / "smets1", "conform", "--junit", report, "--html", OUT / f"{name}.html"]
    run(*command, *(word for rule in RULES for word in ("--rule", rule)), *options, expected=expected)
    (results,) = ElementTree.parse(report).getroot()
    failed = int(results.attrib["failures"]) + int(results.attrib["errors"])
    passed = int(results.attrib["tests"]) - failed - int(results.attrib["skipped"])
    return f"{passed} tests passed, {failed} failed, in {float(results.attrib['time']):.0f} s"


def closing(judged: dict[str, Any]) -> str:
    """The name of the request that closed the auxiliary load switch."""
    (found,) = (verdict["request"] for verdict in judged["verdicts"] if "load_switch" in verdict["changes"])
    return Path(found).stem


def main() -> None:
    smets1 = BIN / "smets1"
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    requests = sorted((HERE / "requests").glob("*.xml"))

    title("1. Judging real DUIS requests: what must happen to each, and why")
    judge: list[str | Path] = [smets1, "judge", *requests, "--installation", HERE / "installation.toml"]
    run(*judge)
    verdicts = asked(*judge, "--json")["verdicts"]

    title("2. Two tariffs and a load switch: identical prices close it before November 2020, different prices after")
    tariffs: list[str | Path] = [smets1, "judge", *(path for path in requests if "tariff" in path.name)]
    tariffs += ["--installation", HERE / "installation.toml"]
    run(*tariffs)
    run(*tariffs, "--on", "2020-12-01")
    closes = [closing(asked(*tariffs, *on, "--json")) for on in ([], ["--on", "2020-12-01"])]

    title("3. New devices: meters are commissioned, a PPMID comes, and Anomaly Detection holds a request")
    story = [path for number in ("09", "13", "17", "16") for path in requests if path.name.startswith(number)]
    run(smets1, "judge", *story, "--installation", HERE / "new-devices.toml")

    title("4. The conformance suite on the reference system: what it has about PPMID upgrades")
    reference = suite("reference", expected=0)

    title(f"5. The same on a copy with a planted fault: {FAULT}")
    faulty = suite(FAULT, "--system", f"properties.smets1.faults:{FAULT}", expected=1)

    title("6. Proving every property over every reachable state")
    run(smets1, "check")
    proof = asked(smets1, "check", "--json")
    fault = asked(smets1, "check", "--system", f"properties.smets1.faults:{FAULT}", "--json", expected=1)
    broken = [found for found in fault["properties"] if found["counterexample"]]
    shown = next(found for found in broken if found["name"] == CLAIM)

    title("7. Drawing the lifecycles")
    run(smets1, "render", "--out", DIAGRAMS)
    written = list(DIAGRAMS.iterdir())

    outcomes = {verdict["outcome"] for verdict in verdicts}
    counts = ", ".join(f"{sum(v['outcome'] == outcome for v in verdicts)} {outcome}" for outcome in sorted(outcomes))
    system = proof["system"]
    title("What was run, and what came of it")
    print(f"requests    {len(verdicts)} judged: {counts}")
    print(f"load switch closed under Uplift 1.2 by {closes[0]}, and since")
    print(f"            November 2020 only by {closes[1]}")
    print(f"suite       on the reference: {reference}")
    print(f"            with the planted fault: {faulty}")
    print(
        f"proof       {len(proof['properties'])} properties hold in every reachable state, in {system['seconds']:.1f} s"
    )
    print(f"            of the whole installation, {system['states']:,} of them")
    print(f"fault       {len(broken)} properties catch {FAULT}; the shortest sequence against")
    print(f'            "{shown["name"]}":')
    for number, step in enumerate(shown["counterexample"]["steps"], 1):
        fields = ", ".join(
            f"{key} {value}" for key, value in step["request"].items() if key not in {"type", "request_id", "screening"}
        )
        verdict = step["verdict"]
        print(f"            {number}. {step['request']['type']}{f' ({fields})' if fields else ''}")
        print(f"               {verdict['outcome']} at the {verdict['at']}: {verdict['reason']}")
    print(f"diagrams    {len(written)} files in {DIAGRAMS}; begin with {DIAGRAMS / 'README.md'}")


if __name__ == "__main__":
    main()
