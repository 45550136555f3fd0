"""ABC, a model checker of circuits that shares no code with ours: what it says of each output of a circuit."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from statemachines import Claims, check
from statemachines.exports.aiger import exported
from statemachines.language.claims import Always

MISSING = "" if shutil.which("berkeley-abc") else "berkeley-abc cannot be found (apt-get install berkeley-abc)"


def frames(circuit: bytes, directory: Path) -> dict[int, int]:
    """The outputs that can become true, each with the first frame in which it does; that no other can is proved."""
    file = directory / "circuit.aig"
    file.write_bytes(circuit)
    outputs = int(circuit.split(b"\n", 1)[0].split()[4])
    proved = _run(f"read_aiger {file}; pdr -a; print_status")  # it finds whether, not when: its frames are bounds
    asserted = sorted(map(int, re.findall(r"Output +(\d+) was asserted in frame", proved)))
    status = re.search(r"contains (\d+) SAT, (\d+) UNSAT, and (\d+) UNDEC", proved)
    assert status is not None, proved
    assert tuple(map(int, status.groups())) == (len(asserted), outputs - len(asserted), 0), proved
    if not asserted:
        return {}
    # One by one: `bmc3 -a` of ABC 1.01 crashes where two outputs are the same node.
    bounded = _run("; ".join(f"read_aiger {file}; cone -s -O {at}; bmc3 -F 100" for at in asserted))
    first = re.findall(r"Output 0 of miter .* was asserted in frame (\d+)", bounded)
    return dict(zip(asserted, map(int, first), strict=True))


def agree(claims: Claims, directory: Path, only: Sequence[str] = ()) -> int:
    """Compare what ABC says with the checker, of always claims; returns how many are broken."""
    findings = [one for one in check(claims, only=only).findings if isinstance(one.claim, Always)]
    asserted = frames(exported(claims, only).text, directory)
    for at, finding in enumerate(findings):
        run = finding.counterexample
        # A frame chooses the start, and a step is broken in the state before it.
        expected = None if run is None else len(run.steps) + (not finding.claim.of_steps)
        assert asserted.get(at) == expected, finding.claim.name
    return len(asserted)


def _run(script: str) -> str:
    command = ["berkeley-abc", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
