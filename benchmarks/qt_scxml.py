"""Asks Qt's SCXML engine (PySide6), as `engines.mjs` asks those in Node. It goes on from the initial state."""

import ctypes
import json
import os
import sys
import time
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from PySide6.QtCore import QCoreApplication  # type: ignore[import-not-found,unused-ignore]
from PySide6.QtScxml import QScxmlStateMachine  # type: ignore[import-not-found,unused-ignore]


class Chart:
    """A running machine."""

    def __init__(self, file: str) -> None:
        self.machine = QScxmlStateMachine.fromFile(file)
        errors = [error.toString() for error in self.machine.parseErrors()]
        if errors:
            sys.exit("\n".join(errors))
        self.machine.start()
        QCoreApplication.processEvents()

    def ask(self, request: dict[str, str]) -> list[Any]:
        """The state and the verdict after a request."""
        data = {name: word for name, word in request.items() if name != "type"}
        self.machine.submitEvent(request["type"], data)
        QCoreApplication.processEvents()
        for _ in range(20):  # PySide6 gives nulls of JavaScript without counting them, and each is uncounted later
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(None))
        state = dict(name.split(".") for name in self.machine.activeStateNames())
        del state["verdict"]
        return [state, self.machine.dataModel().scxmlProperty("verdict")]


def main(files: list[str]) -> None:
    """A line of questions in and a line of replies out for each file."""
    _ = QCoreApplication([])
    for file in files:
        chart = Chart(file)
        questions = json.loads(sys.stdin.readline())
        start = time.perf_counter()
        replies = [chart.ask(request) for _, request in questions]
        print(json.dumps({"seconds": time.perf_counter() - start, "replies": replies}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
