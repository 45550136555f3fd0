"""The interpreter in Java answers what its README shows; `test_charts` compares it with the oracle."""

import json
import re
import subprocess

import pytest

from benchmarks.engines import ENGINES
from examples.parcel_locker import claims
from statemachines import export_machine
from tests.support.paths import EXAMPLES

FOLDER = EXAMPLES / "java-oracle"


@pytest.mark.slow
@pytest.mark.skipif(
    bool(ENGINES["java"].missing), reason="javac is not installed: apt-get install default-jdk-headless"
)
def test_the_command_answers_as_its_page_shows(tmp_path):
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    question = re.search(r"echo '(.*)' \| java", page)[1]
    shown = re.search(r"```json\n(.*)\n```", page)[1]
    file = tmp_path / "locker.json"
    file.write_text(export_machine(claims), encoding="utf-8")
    command = ["java", "-XX:TieredStopAtLevel=1", FOLDER / "Oracle.java", file]
    done = subprocess.run(command, input=question, capture_output=True, text=True, encoding="utf-8", check=True)
    assert json.loads(done.stdout) == json.loads(shown)
