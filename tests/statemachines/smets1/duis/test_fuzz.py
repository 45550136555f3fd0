"""Whatever the bytes, they are read and judged, or a DuisError says why not."""

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from statemachines.smets1.duis.reader import DuisError, parse_request
from tests.support.paths import ROOT

SAMPLE = (ROOT / "examples" / "requests" / "04-activate-ppmid-firmware-future-dated.xml").read_bytes()


def test_mutated_samples():
    fuzzer = Path(__file__).with_name("fuzz.py")
    run = subprocess.run(
        [sys.executable, fuzzer, "3000"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 judged" not in run.stdout
    assert " 0 read" not in run.stdout
    assert " 0 refused" not in run.stdout


@given(st.binary())
def test_any_bytes(data):
    _read_or_refused(data)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, len(SAMPLE)), st.integers(0, 30))
def test_any_text_anywhere_in_a_sample(text, place, removed):
    _read_or_refused(SAMPLE[:place] + text.encode() + SAMPLE[place + removed :])


def _read_or_refused(data):
    refusal = ""
    try:
        parse_request(data)
    except DuisError as error:
        refusal = str(error)
    assert len(refusal) <= 300
    assert refusal.isprintable()
