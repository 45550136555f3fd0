"""The interpreter in Java, which knows nothing but the page on machine files, beside the oracle."""

import subprocess

import pytest

from tests.support import engines, house, strategies
from tests.support.paths import EXAMPLES


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("java")
    subprocess.run(
        ["javac", "-Xlint:all", "-Werror", "-d", folder, EXAMPLES / "java-oracle" / "Oracle.java"], check=True
    )
    return folder


@engines.needs_java
@pytest.mark.parametrize("at", range(2))
def test_java_decides_as_the_oracle_does(classes, at):
    system = [house.house(), *strategies.random_systems(4)[-1:]][at]
    questions = engines.walk(system, 200, at)
    engines.agrees(system, questions, engines.java_replies(classes, system, questions))
