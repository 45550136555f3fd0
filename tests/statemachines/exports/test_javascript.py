"""The JavaScript export beside the oracle: the same verdicts and states, in one Node process for all systems."""

import json
import shutil
import subprocess

import pytest
from click.testing import CliRunner

from benchmarks.engines import NODE_MODULES, compare, walk
from examples import parcel_locker
from properties.cli.main import main
from statemachines import Claims
from statemachines.exports.javascript import export_javascript
from tests.support import strategies

needs_node = pytest.mark.skipif(not shutil.which("node"), reason="node is not installed: apt-get install nodejs")


def package(system, folder):
    """The system's package, written."""
    for name, text in export_javascript(Claims(system, [])).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.slow
@needs_node
def test_node_decides_as_the_oracle_does(tmp_path, house_system):
    systems = [house_system, parcel_locker.system, *strategies.random_systems(12)]
    walks = [walk(system, 150, seed, restarts=True) for seed, system in enumerate(systems)]
    compare("javascript", systems, walks, tmp_path)


@pytest.mark.slow
@needs_node
def test_the_package_passes_its_own_test_and_packs(tmp_path):
    done = CliRunner().invoke(
        main, ["export", "javascript", "--system", "examples.parcel_locker:claims", "--out", str(tmp_path / "locker")]
    )
    assert done.output == f"{tmp_path / 'locker'}: 3 request types, 6 files\n"
    tested = subprocess.run(["node", "--test"], cwd=tmp_path / "locker", capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stdout
    manifest = json.loads((tmp_path / "locker" / "package.json").read_text())
    assert manifest["name"] == "parcel-locker"
    if shutil.which("npm"):
        packed = subprocess.run(
            ["npm", "pack", "--dry-run", "--json"], cwd=tmp_path / "locker", capture_output=True, text=True, check=True
        )
        (archive,) = json.loads(packed.stdout)
        kept = {path.relative_to(tmp_path / "locker").as_posix() for path in (tmp_path / "locker").rglob("*.*")}
        assert {file["path"] for file in archive["files"]} == kept


@needs_node
def test_unknown_words_are_refused(tmp_path):
    asked = [
        [{"box": "empty"}, {"type": "Tke"}],
        [{"box": "empty"}, {"type": "Take"}],
        [{"box": "ajar"}, {"type": "Put"}],
    ]
    module = json.dumps(str(package(parcel_locker.system, tmp_path) / "index.js"))
    script = f"""
        import {{ decide }} from {module};
        for (const [state, request] of {json.dumps(asked)})
            try {{ decide(state, request) }} catch (error) {{ console.log(String(error)) }}
    """
    done = subprocess.run(["node", "--input-type=module", "--eval", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        'TypeError: request.type is "Tke", expected one of: "Put", "Take", "Wait"',
        'TypeError: request.code is undefined, expected one of: "right", "wrong"',
        'TypeError: state.box is "ajar", expected one of: "empty", "holds a parcel", "holds a parcel too long"',
    ]


USED_RIGHT = """\
import { decide, initial } from "./index.js";
export const { state, verdict } = decide(initial(), { type: "Take", code: "right" });
export const box: "empty" | "holds a parcel" | "holds a parcel too long" = state.box;
export const refused: boolean = verdict.outcome === "no" && verdict.rules.includes("BOX-1");
decide({ box: "empty" }, { type: "Put" });
"""
USED_WRONG = [
    'decide(initial(), { type: "Take" });',
    'decide(initial(), { type: "Tke", code: "right" });',
    'decide(initial(), { type: "Take", code: "write" });',
    'decide(initial(), { type: "Put", code: "right" });',
    'decide({ box: "ajar" }, { type: "Put" });',
    'decide({ bx: "empty" }, { type: "Put" });',
    "verdict.outcom;",
    'export const never = verdict.outcome === "perhaps";',
]
"""Each of these lines has one mistake, and does not compile."""

OPTIONS = ("--strict", "--noEmit", "--skipLibCheck", "--lib", "es2022", "--module", "nodenext")
PAGE = """<!doctype html><body><script type="module">
import { decide, initial } from "./index.js";
const { state, verdict } = decide(initial(), { type: "Put" });
document.body.textContent = `${state.box}, ${verdict.outcome} by ${verdict.rules}`;
</script>"""


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed: apt-get install chromium")
def test_a_browser_decides(tmp_path):
    page = package(parcel_locker.system, tmp_path / "locker") / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--allow-file-access-from-files",
        "--disable-dev-shm-usage",
    ]
    done = subprocess.run(
        ["chromium", *options, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "holds a parcel, yes by BOX-1,BOX-2" in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(not (NODE_MODULES / "typescript").exists(), reason="typescript is not installed: make npm")
def test_the_types_are_strict(tmp_path):
    folder = package(parcel_locker.system, tmp_path)
    (folder / "right.ts").write_text(USED_RIGHT, encoding="utf-8")
    (folder / "wrong.ts").write_text(USED_RIGHT + "\n".join(USED_WRONG), encoding="utf-8")
    command = ["node", NODE_MODULES / "typescript" / "bin" / "tsc", *OPTIONS]
    done = subprocess.run([*command, "right.ts", "wrong.ts"], cwd=folder, capture_output=True, text=True, check=False)
    errors = [line for line in done.stdout.splitlines() if "error TS" in line]
    first = USED_RIGHT.count("\n") + 1
    lines = [int(error.removeprefix("wrong.ts(").partition(",")[0]) for error in errors]
    assert lines == list(range(first, first + len(USED_WRONG))), done.stdout
