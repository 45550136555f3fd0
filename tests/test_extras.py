"""What works with few packages installed, and what is said where one is missing.

Packages that are installed here are hidden from a new process, which then fails to import them.
"""

import re
import subprocess
import sys
import tomllib

import pytest

from statemachines.extras import DISTRIBUTION, EXTRA_OF
from tests.support.paths import ROOT

HIDE = """
import sys
from importlib.abc import MetaPathFinder

class Hidden(MetaPathFinder):
    names = frozenset({names})
    def find_spec(self, fullname, path=None, target=None):
        if fullname.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {{fullname!r}}", name=fullname)

sys.meta_path.insert(0, Hidden())
"""

DECIDE = """
from statemachines import Oracle
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import Device, UpdateFirmware, User
oracle = Oracle(INSTALLATION)
print(oracle.decide(oracle.initial, UpdateFirmware(sender=User.SUPPLIER_A, target=Device.PPMID))[1])
"""

COMMAND = "import sys; from properties.smets1.entry import smets1; sys.argv[1:] = {}; smets1()"

JUDGED = ["examples/requests/07-read-ppmid-firmware.xml", "--installation", "examples/installation.toml"]

NEEDING = [
    ("numpy", "from statemachines import check"),
    ("numpy", "import statemachines.checker.explicit_product"),
    ("oxidd", "import statemachines.checker.symbolic"),
    ("numpy", "import properties.walks.steering"),
    ("graphviz", "import statemachines.drawing.graphviz"),
    ("lxml", "import statemachines.drawing.sequence_svg"),
    ("lxml", "import statemachines.smets1.duis.reader"),
    ("tomli_w", "import statemachines.smets1.edge.installation_writer"),
    ("transitions", "from statemachines import LiveSystem"),
    ("hypothesis", "import properties.walks.stateful"),
    ("psutil", "import properties.conformance.targets.process"),
]


def run(code: str, hidden: set[str]) -> subprocess.CompletedProcess[str]:
    hide = HIDE.format(names=sorted(hidden))
    return subprocess.run(
        [sys.executable, "-c", hide + code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


def test_deciding_needs_attrs_alone():
    done = run(DECIDE, set(EXTRA_OF))
    assert done.stdout.startswith("rejected at the DSP: the installation is not migrated"), done.stderr


@pytest.mark.parametrize(("package", "code"), NEEDING)
def test_what_is_missing_is_named_with_its_extra(package, code):
    done = run(code, {package})
    last = done.stderr.strip().splitlines()[-1]
    assert last.endswith(
        f"{package} is not installed, which this needs: "
        f"in a clone of {DISTRIBUTION}, pip install -e '.[{EXTRA_OF[package]}]'"
    )


@pytest.mark.parametrize(
    ("package", "arguments"),
    [
        ("click", ["--help"]),
        ("numpy", ["check"]),
        (
            "lxml",
            ["judge", "examples/requests/07-read-ppmid-firmware.xml", "--installation", "examples/installation.toml"],
        ),
        ("graphviz", ["render"]),
        ("hypothesis", ["conform"]),
        ("pytest", ["conform"]),
        ("litestar", ["serve"]),
    ],
)
def test_a_command_that_misses_a_package_says_so_in_one_line(package, arguments):
    done = run(COMMAND.format(arguments), {package})
    assert done.returncode in (1, 2)
    assert done.stderr.strip().splitlines() == [
        f"Error: {package} is not installed, which this needs: "
        f"in a clone of {DISTRIBUTION}, pip install -e '.[{EXTRA_OF[package]}]'"
    ]


def test_a_package_that_cannot_be_loaded_is_as_good_as_missing(tmp_path):
    """As a library of another system is: slices decide, and where sets are asked for one message says why."""
    (tmp_path / "oxidd").mkdir()
    broken = "raise ImportError('libc.so.6: wrong version', name='oxidd._oxidd')"
    (tmp_path / "oxidd" / "__init__.py").write_text(broken)
    code = f"sys.path.insert(0, {str(tmp_path)!r}); " + COMMAND
    explore = ["explore", "--slice", "migration"]
    done = run("import sys; " + code.format([*explore, "--engine", "symbolic"]), set())
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(
        "Error: oxidd is installed and cannot be loaded (libc.so.6: wrong version), which this needs: "
    )
    done = run("import sys; " + code.format(explore), set())
    assert done.returncode == 0, done.stderr
    assert "states are explored one by one" in done.stderr


def test_the_table_says_what_the_metadata_says():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    names = {"tomli_w": "tomli-w", "xdist": "pytest-xdist", "prometheus_client": "prometheus-client"}
    for package, extra in EXTRA_OF.items():
        assert names.get(package, package) in {re.split(r"[><=\[]", one)[0] for one in extras[extra]}


def test_the_core_pulls_attrs_alone():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert [re.split("[><=]", one)[0] for one in project["dependencies"]] == ["attrs"]
