"""Places in the checkout."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
"""The checkout."""

DOCS, EXAMPLES, TESTS = ROOT / "docs", ROOT / "examples", ROOT / "tests"
