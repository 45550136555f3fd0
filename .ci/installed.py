"""Build the distribution and try it as people get it: installed, in environments of its own, outside the checkout.

    python .ci/installed.py            every Python from 3.11 that is here, then the lowest versions of dependencies
    python .ci/installed.py --quick    the running Python, from the wheel

On each Python: the wheel alone (deciding needs attrs and nothing else), and with everything (the commands, the
conformance suite, and the pytest plugin in a project that has nothing to do with it). Once from the sdist. Then a
selection of the project's tests with the lowest versions that `pyproject.toml` allows. Ends with the first failure.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NEWEST = 15
"""Pythons 3.11 to 3.this are looked for."""

PACKAGED = (
    "statemachines/py.typed",
    "properties/py.typed",
    "properties/smets1/messages.schema.json",
    "properties/conformance/report/report.schema.json",
    "properties/smets1/suites/installation.json",
)

DECIDE = """
import sys
from importlib.metadata import distributions
from statemachines import Oracle
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import Device, UpdateFirmware, User
oracle = Oracle(INSTALLATION)
print(oracle.decide(oracle.initial, UpdateFirmware(sender=User.SUPPLIER_A, target=Device.PPMID))[1])
names = {one.name.lower() for one in distributions()} - {"pip", "setuptools", "wheel"}
assert names == {"attrs", "smets1-lifecycles"}, names
assert "site-packages" in __import__("statemachines").__file__
"""

UNRELATED = {
    "conftest.py": "def pytest_addoption(parser):\n    parser.addoption('--seed')\n    parser.addoption('--rule')\n",
    "test_theirs.py": "def test_theirs(request):\n    assert request.config.getoption('--seed') == '7'\n",
}

LOWEST_TESTS = (
    "tests/statemachines/language",
    "tests/statemachines/semantics",
    "tests/statemachines/drawing",
    "tests/properties/console",
    "tests/properties/conformance/targets",
    "tests/properties/walks",
    "tests/test_extras.py",
)


def main() -> None:
    """Everything, or what `--quick` leaves of it."""
    quick = "--quick" in sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="installed-") as name:
        work = Path(name)
        wheel, sdist = build(work)
        pythons = [Path(sys.executable)] if quick else found_pythons()
        for python in pythons:
            core(python, wheel, work)
            everything(python, wheel, work)
        if not quick:
            everything(pythons[0], sdist, work)
            lowest(pythons[0], work)


def build(work: Path) -> tuple[Path, Path]:
    """The wheel and the sdist, with what has to be in them."""
    run([sys.executable, "-m", "build", "--outdir", work / "dist", ROOT], ROOT)
    (wheel,) = (work / "dist").glob("*.whl")
    (sdist,) = (work / "dist").glob("*.tar.gz")
    names = zipfile.ZipFile(wheel).namelist()
    missing = [name for name in PACKAGED if name not in names]
    tests = [name for name in names if name.startswith(("tests/", "docs/", "examples/"))]
    if missing or tests or not any(name.endswith("licenses/LICENSE") for name in names):
        sys.exit(f"the wheel: {missing} missing, {tests} too many, or no LICENSE")
    return wheel, sdist


def found_pythons() -> list[Path]:
    """The Pythons that are here, each once; says which are not."""
    there = []
    for minor in range(11, NEWEST + 1):
        places = [shutil.which(f"python3.{minor}"), *Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python")]
        for place in filter(None, places):
            check = [place, "-c", f"import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, {minor}))"]
            if subprocess.run(check, capture_output=True, check=False).returncode == 0:
                there.append(Path(place))
                break
        else:
            print(f"Python 3.{minor} is not here: skipped", flush=True)
    return there


def core(python: Path, wheel: Path, work: Path) -> None:
    """The wheel and nothing more."""
    say(python, "the wheel alone")
    binaries = environment(python, work / "core", [wheel])
    elsewhere = fresh(work / "elsewhere")
    (elsewhere / "decide.py").write_text(DECIDE)
    run([binaries / "python", "decide.py"], elsewhere)
    for command in ("smets1", "statemachines"):
        done = subprocess.run([binaries / command, "--help"], capture_output=True, text=True, check=False)
        if done.returncode != 1 or "pip install 'smets1-lifecycles[cli]'" not in done.stderr or "Trace" in done.stderr:
            sys.exit(f"{command} without its extra: {done}")


def everything(python: Path, archive: Path, work: Path) -> None:
    """The commands, the suite on the parcel locker, and the plugin among strangers."""
    say(python, f"all of {archive.name}")
    binaries = environment(python, work / "all", [f"smets1-lifecycles[all] @ {archive.as_uri()}"])
    elsewhere = fresh(work / "elsewhere")
    shutil.copy(ROOT / "examples" / "parcel_locker.py", elsewhere)
    shutil.copy(ROOT / "examples" / "installation.toml", elsewhere)
    request = shutil.copy(ROOT / "examples" / "requests" / "07-read-ppmid-firmware.xml", elsewhere)
    run([binaries / "smets1", "--version"], elsewhere)
    run([binaries / "smets1", "judge", request, "--installation", "installation.toml"], elsewhere)
    run([binaries / "smets1", "check", "--property", "supply may be split"], elsewhere)
    for command in ("check", "render"):
        run([binaries / "statemachines", command, "--system", "parcel_locker:claims"], elsewhere)
    suite = [binaries / "statemachines", "conform", "--system", "parcel_locker:claims", "--max-examples", "20"]
    run(suite, elsewhere)
    strangers = fresh(work / "strangers")
    for name, text in UNRELATED.items():
        (strangers / name).write_text(text)
    run([binaries / "python", "-m", "pytest", "-q", "--seed", "7"], strangers)


def lowest(python: Path, work: Path) -> None:
    """Some of the project's tests, with the lowest versions that its metadata allows."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = [
        *project["dependencies"],
        *(one for name in ("check", "draw", "live", "cli", "test") for one in extras[name]),
    ]
    asked += [one for one in extras["dev"] if one.startswith("jsonschema")]
    pins = sorted({one.replace(">=", "==") for one in asked if not one.startswith(project["name"])})
    say(python, f"the lowest versions: {', '.join(pins)}")
    binaries = environment(python, work / "lowest", [*pins, "--no-deps", ROOT], first=pins)
    run([binaries / "python", "-m", "pytest", "-q", "-n", "2", "-m", "not slow", *LOWEST_TESTS], ROOT)


def environment(python: Path, where: Path, wanted: list[str | Path], first: list[str] | None = None) -> Path:
    """A fresh environment with these packages; the directory of its commands."""
    shutil.rmtree(where, ignore_errors=True)
    run([python, "-m", "venv", where], where.parent)
    pip = [where / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if first:
        run([*pip, *first], where.parent)
    run([*pip, *wanted], where.parent)
    return where / "bin"


def fresh(where: Path) -> Path:
    """An empty directory."""
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir()
    return where


def run(command: list[str | Path], where: Path) -> None:
    """Run, or end with all that was printed."""
    clean = {
        name: value for name, value in os.environ.items() if not re.match("PYTHON|VIRTUAL_ENV|PYENV_VERSION", name)
    }
    done = subprocess.run(
        command,
        cwd=where,
        env=clean,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}\nended with {done.returncode}")


def say(python: Path, what: str) -> None:
    """One line of progress."""
    version = subprocess.run([python, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"{version}: {what}", flush=True)


if __name__ == "__main__":
    main()
