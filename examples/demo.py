"""What `make demo` runs: the whole of it in a minute, and a short account at the end."""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent.relative_to(Path.cwd())
OUT = Path("demo-output")
DIAGRAMS = OUT / "diagrams"
BIN = Path(sys.executable).parent
FAULT = "gas_supplier_may_activate"


def run(*command: str | Path, expected: tuple[int, ...] = (0,), show: bool = True) -> str:
    """Run one command and return what it printed; stop the demo if it ends otherwise than expected."""
    words = [str(word) for word in command]
    print(f"$ {' '.join(Path(word).name if word.startswith(str(BIN)) else word for word in words)}", flush=True)
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if show or done.returncode not in expected:
        print(done.stdout + done.stderr, flush=True)
    if done.returncode not in expected:
        sys.exit(f"that should have ended with exit code {' or '.join(map(str, expected))}, not {done.returncode}")
    return done.stdout


def title(text: str) -> None:
    print(f"\n=== {text}\n", flush=True)


def suite(*options: str, expected: int) -> str:
    """Run the pytest property suite."""
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "--pyargs"]
    return run(*pytest, "properties.conformance", *options, expected=(expected,))


def main() -> None:
    smets1 = BIN / "smets1"
    requests = sorted((HERE / "requests").glob("*.xml"))

    title("1. Judging real DUIS requests: what must happen to each, and why")
    judge = [smets1, "judge", *requests, "--installation", HERE / "installation.toml"]
    run(*judge)
    verdicts = json.loads(run(*judge, "--json", show=False))["verdicts"]

    title("2. The property suite on the reference system")
    reference = suite(expected=0).strip().splitlines()[-1]

    title(f"3. The property suite on a copy with a planted fault: {FAULT}")
    faulty = suite("--system", f"properties.faults:{FAULT}", expected=1).strip().splitlines()[-1]

    title("4. Proving every property over every reachable state")
    run(smets1, "check")
    proof = json.loads(run(smets1, "check", "--json", show=False))
    fault = json.loads(
        run(smets1, "check", "--system", f"properties.faults:{FAULT}", "--json", expected=(1,), show=False)
    )
    broken = [found for found in fault["properties"] if not found["holds"]]
    shortest = min(broken, key=lambda found: len(found["counterexample"]["steps"]))

    title("5. Drawing the lifecycles")
    written = json.loads(run(smets1, "render", "--out", DIAGRAMS, "--json", show=False))["written"]

    outcomes = {verdict["outcome"] for verdict in verdicts}
    counts = ", ".join(f"{sum(v['outcome'] == outcome for v in verdicts)} {outcome}" for outcome in sorted(outcomes))
    system = proof["system"]
    title("What was run, and what came of it")
    print(f"requests    {len(verdicts)} judged: {counts}")
    print(f"suite       on the reference: {reference.strip('= ')}")
    print(f"            with the planted fault: {faulty.strip('= ')}")
    print(f"proof       {len(proof['properties'])} properties hold over {system['states']:,} states and")
    print(f"            {system['pairs']:,} (state, request) pairs, in {system['seconds']:.1f} s")
    print(f"fault       {len(broken)} properties catch {FAULT}; a shortest sequence, for")
    print(f'            "{shortest["name"]}":')
    for number, step in enumerate(shortest["counterexample"]["steps"], 1):
        fields = ", ".join(
            f"{key} {value}" for key, value in step["request"].items() if key not in {"type", "request_id"}
        )
        print(f"            {number}. {step['request']['type']}{f' ({fields})' if fields else ''}")
    print(f"diagrams    {len(written)} files in {DIAGRAMS}; begin with {DIAGRAMS / 'README.md'}")


if __name__ == "__main__":
    main()
