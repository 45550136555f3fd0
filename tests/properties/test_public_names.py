"""The public names of the testing side are there, documented, and cost nothing until they are asked for."""

import subprocess
import sys

import pytest

import properties


def test_each_name_is_there_and_says_what_it_is():
    for name in properties.__all__:
        thing = getattr(properties, name)
        assert thing.__doc__, name
        assert thing.__module__.startswith("properties."), name
    assert {name for names in properties._MODULES.values() for name in names} == set(properties.__all__)
    assert dir(properties) == sorted(properties.__all__)


def test_the_page_lists_what_one_calls():
    for name in properties.__all__:
        assert f"`{name}`" in properties.__doc__ or name in {"Layers", "Mutant", "Mutants", "Strength"}


def test_asking_for_nothing_loads_nothing():
    code = (
        "import sys, properties; dir(properties); "
        "print(sorted({'hypothesis', 'numpy', 'statemachines', 'pytest'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_another_name_is_an_error_that_names_it():
    with pytest.raises(AttributeError, match="module 'properties' has no attribute 'nonsense'"):
        properties.nonsense  # noqa: B018
