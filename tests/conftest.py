"""What the tests of the edge and of the commands share."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def requests_dir() -> Path:
    """The project's own sample requests."""
    return ROOT / "examples" / "requests"


@pytest.fixture
def installation_file() -> Path:
    """The commented example of an installation file."""
    return ROOT / "examples" / "installation.toml"


@pytest.fixture
def edited(installation_file, tmp_path):
    """A copy of the example with some text replaced; each text has to be there."""

    def edit(*replacements: tuple[str, str]) -> Path:
        text = installation_file.read_text()
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "installation.toml"
        path.write_text(text)
        return path

    return edit
