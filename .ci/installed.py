"""Build the distribution and try it as people get it: installed, in environments of its own, outside the checkout.

    python .ci/installed.py            every Python from 3.11 that is here, then the lowest versions of dependencies
    python .ci/installed.py --quick    the running Python, from the wheel

On each Python: the wheel alone (deciding needs attrs and nothing else), and with the newest versions of everything (the
commands, the conformance suite, live machines, and the pytest plugin in a project that has nothing to do with it). Once
from the sdist. Then the same and a selection of the project's tests with the lowest versions that `pyproject.toml`
allows. Says when each step began, and ends with the first failure.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NEWEST = 15
"""Pythons 3.11 to 3.this are looked for."""

PACKAGED = (
    "smets1_lifecycles.py",
    "statemachines/py.typed",
    "properties/py.typed",
    "properties/explorer/explorer.css",
    "properties/explorer/explorer.js",
    "properties/smets1/explorer.js",
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

LIVE = """
import parcel_locker
from statemachines import LiveSystem
assert LiveSystem(parcel_locker.system).send(parcel_locker.Put()).passed
"""

UNRELATED = {
    "conftest.py": "def pytest_addoption(parser):\n    parser.addoption('--seed')\n    parser.addoption('--rule')\n",
    "properties/__init__.py": "",
    "test_theirs.py": (
        "import properties\ndef test_theirs(request):\n    assert request.config.getoption('--seed') == '7'\n"
    ),
}

LOWEST_TESTS = (
    "tests/statemachines/language",
    "tests/statemachines/semantics/test_live.py",
    "tests/statemachines/drawing/test_graphviz.py",
    "tests/properties/console",
    "tests/properties/conformance/test_entry.py",
    "tests/properties/walks/test_stateful.py",
)
"""What meets the packages, and is quick."""

STARTED = time.monotonic()


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
            core(pythons[0], sdist, work)
            lowest(pythons[0], wheel, work)
        print(f"{time.monotonic() - STARTED:4.0f} s  done", flush=True)


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


def core(python: Path, archive: Path, work: Path) -> None:
    """The distribution and nothing more."""
    say(python, f"{archive.name} alone")
    binaries = environment(python, work / "installed", [archive])
    elsewhere = fresh(work / "elsewhere")
    (elsewhere / "decide.py").write_text(DECIDE)
    run([binaries / "python", "decide.py"], elsewhere)
    for command in ("smets1", "statemachines"):
        done = subprocess.run([binaries / command, "--help"], capture_output=True, text=True, check=False)
        if done.returncode != 1 or "pip install -e '.[cli]'" not in done.stderr or "Trace" in done.stderr:
            sys.exit(f"{command} without its extra: {done}")


def everything(python: Path, archive: Path, work: Path) -> None:
    """The commands, the suite on the parcel locker, and the plugin among strangers: where `core` has installed it."""
    say(python, f"{archive.name} with the newest versions of what it needs")
    binaries = install(work / "installed", [f"smets1-lifecycles[all] @ {archive.as_uri()}"])
    elsewhere = fresh(work / "elsewhere")
    shutil.copy(ROOT / "examples" / "installation.toml", elsewhere)
    request = shutil.copy(ROOT / "examples" / "requests" / "07-read-ppmid-firmware.xml", elsewhere)
    run([binaries / "smets1", "--version"], elsewhere)
    run([binaries / "smets1", "judge", request, "--installation", "installation.toml"], elsewhere)
    commands(binaries, work)


def lowest(python: Path, wheel: Path, work: Path) -> None:
    """The commands and some of the project's tests, with the lowest versions that its metadata allows."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = [
        *project["dependencies"],
        *(one for name in ("check", "draw", "live", "cli", "test") for one in extras[name]),
    ]
    asked += [one for one in extras["dev"] if one.startswith("jsonschema")]
    pins = sorted({one.replace(">=", "==") for one in asked if not one.startswith(project["name"])})
    say(python, f"the lowest versions: {', '.join(pins)}")
    environment(python, work / "installed", pins)
    binaries = install(work / "installed", ["--no-deps", wheel])
    commands(binaries, work)
    run([binaries / "python", "-m", "pytest", "-q", "-m", "not slow", *LOWEST_TESTS], ROOT)


def commands(binaries: Path, work: Path) -> None:
    """What needs most of the packages: proving, drawing, testing, live machines, and pytest in another project."""
    elsewhere = fresh(work / "elsewhere")
    shutil.copy(ROOT / "examples" / "parcel_locker.py", elsewhere)
    for command in ("check", "explore", "render"):
        run([binaries / "statemachines", command, "--system", "parcel_locker:claims"], elsewhere)
    suite = [binaries / "statemachines", "conform", "--system", "parcel_locker:claims", "--max-examples", "5"]
    run([*suite, "--html", "report.html"], elsewhere)
    run([binaries / "python", "-c", LIVE], elsewhere)
    strangers = fresh(work / "strangers")
    for name, text in UNRELATED.items():
        (strangers / name).parent.mkdir(exist_ok=True)
        (strangers / name).write_text(text)
    run([binaries / "python", "-m", "pytest", "-q", "--seed", "7"], strangers)


def environment(python: Path, where: Path, wanted: list[str | Path]) -> Path:
    """A fresh environment with these packages, and without pip; the directory of its commands."""
    shutil.rmtree(where, ignore_errors=True)
    run([python, "-m", "venv", "--without-pip", where], where.parent)
    return install(where, wanted)


def install(where: Path, wanted: list[str | Path]) -> Path:
    """Install packages into an environment, by the pip of the running Python; the directory of its commands."""
    binaries = where / "bin"
    pip = [sys.executable, "-m", "pip", "--python", binaries / "python", "install", "--quiet", "--no-compile"]
    run([*pip, "--disable-pip-version-check", *wanted], where.parent)
    return binaries


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
    print(f"{time.monotonic() - STARTED:4.0f} s  {version}: {what}", flush=True)


if __name__ == "__main__":
    main()
