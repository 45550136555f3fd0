"""A Python target as a command: ``python -m properties.conformance.targets.json_lines_server package.module:factory``.

The suite runs a Python target in its own process, which is quick; one that may bring that process down runs better as
this command. It is also the JSON lines protocol from the other side, in as few lines as it takes.
"""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from properties.console.spec import SpecError, load


def answer(target: Any, message: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to one message."""
    if message["op"] == "describe":
        return {"statement": target.statement() if hasattr(target, "statement") else {}}
    if message["op"] == "reset":
        target.reset(message["state"])
        return {"ok": True}
    if message["op"] == "send":
        verdict = target.send(message["request"])
        return {"verdict": verdict, **({"state": target.look()} if hasattr(target, "look") else {})}
    if message["op"] == "settled":
        return {"settled": bool(target.settled())}
    return {"error": f"no such message: {message['op']}"}


def main() -> None:
    """Serve the target that the command line names until the input ends."""
    try:
        _, spec = sys.argv
        target = load(spec)()
    except (ValueError, SpecError) as error:
        sys.exit(f"expected package.module:factory: {error}")
    # What the target prints must not come between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    sys.stdout = sys.stderr
    for line in sys.stdin.buffer:
        message = json.loads(line)
        answers.write(json.dumps({"id": message["id"], **answer(target, message)}) + "\n")
        answers.flush()
    if hasattr(target, "close"):
        target.close()


if __name__ == "__main__":
    main()
