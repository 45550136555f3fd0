"""ABC, a model checker of circuits that shares no code with ours: what it says of each output of a circuit."""

import re
import shutil
import subprocess
from pathlib import Path

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


def _run(script: str) -> str:
    command = ["berkeley-abc", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
