"""Naming what is declared on a command line, and where it is said to be wrong."""

import os

import pytest

from examples.parcel_locker import claims, system
from properties.console.spec import OURS, SpecError, load_claims
from statemachines.errors import DeclarationError

LAMP = """\
from enum import Enum

import statemachines as sm

CALLS = []


def claims():
    CALLS.append(1)
    return make()


def make():
    lamp = sm.Variable("lamp", Enum("Lamp", {"OFF": "off", "ON": "on"}))
    press = sm.RequestType("Press")
    rule = sm.Rule("L-1", "It switches.", "manual")
    on = sm.Transition(lamp.domain[0], press, lamp.domain[1], rules="L-1")
    off = sm.Transition(lamp.domain[1], press, lamp.domain[0], rules="L-1")
    answer = sm.Answer([press], outcome=lamp.domain[0], at=lamp.domain[0], reason=lamp.domain[0], rules="L-1")
    return sm.System(
        "lamp", sm.Register([rule]), lifecycles=[sm.Lifecycle(lamp, lamp.domain[0], [on, off])],
        requests=[press], answers=[answer],
    )
"""
WRONG = {
    "when it is imported": (
        "import statemachines as sm\n\nrules = sm.Register([sm.Rule('', 'x', 'y')])\n",
        "rules",
        "DeclarationError: a rule's id is one word",
        "line 3",
    ),
    "in a function that it calls": (
        "import statemachines as sm\n\n\ndef rule():\n    return sm.Register([sm.Rule('', 'x', 'y')])\n\n\n"
        "def claims():\n    return rule()\n",
        "claims",
        "DeclarationError: a rule's id is one word",
        "line 5",
    ),
    "in the standard library": (
        "from enum import Enum\n\nBox = Enum('Box', {'A': 1})\nbox = Box(2)\n",
        "box",
        "ValueError: 2 is not a valid Box",
        "line 4",
    ),
    "in a message of two lines": ("raise ValueError('one\\ntwo')\n", "claims", "ValueError: one two", "line 1"),
    "in a package that it lacks": (
        "import os\nimport nothing_of_it\n",
        "claims",
        "cannot be imported: No module",
        "line 2",
    ),
    "in an import from no package": (
        "\nfrom . import rules\n",
        "claims",
        "ImportError: attempted relative import with no known parent package",
        "line 2",
    ),
    "in what is missing from a package": ("from enum import Enumm\n", "claims", "ImportError: cannot import", "line 1"),
    "in what is no Exception": ("class Odd(BaseException): pass\n\nraise Odd\n", "claims", "Odd at", "line 3"),
    "in an exception that cannot be shown": (
        "class Odd(Exception):\n    def __str__(self): return 1 / 0\n\nraise Odd\n",
        "claims",
        "Odd: (its message raises",
        "line 4",
    ),
    "in a function that wants something": (
        "\ndef claims(it): pass\n",
        "claims",
        "TypeError: claims() missing 1",
        "line 2",
    ),
    "in a function that makes nothing": ("\ndef claims(): pass\n", "claims", "is NoneType, expected Claims", "line 2"),
    "in a recursion without end": ("def f(): f()\n\nf()\n", "claims", "RecursionError: maximum", "line 1"),
    "in a loop without end": ("while True: pass\n", "claims", "was not made within 0.2 s", "line 1"),
    "in a loop that catches all": (
        "import time\nwhile True:\n    try: time.sleep(9)\n    except Exception: pass\n",
        "claims",
        "was not made",
        "line 3",
    ),
    "in a loop whose end takes longer than the alarm waits": (
        "import time\ntry:\n    while True: time.sleep(0.01)\nfinally: time.sleep(0.3)\n",
        "claims",
        "was not made within 0.2 s",
        "line 3",
    ),
    "in a domain that is too large": (
        "import statemachines as sm\n\nlevel = sm.Variable('level', sm.Count(0, 10**9))\n",
        "level",
        "DeclarationError: a count from 0 to 1000000000 has 1,000,000,001 values, expected at most 65,536",
        "line 3",
    ),
    "in a function without end": (
        "import time\ndef claims():\n    time.sleep(9)\n",
        "claims",
        "was not made within 0.2 s",
        "line 3",
    ),
    "in a script": ("import sys\n\nsys.exit(7)\n", "claims", "SystemExit: 7", "line 3"),
}


def test_claims_are_taken_as_they_are():
    assert load_claims("examples.parcel_locker:claims") is claims


def test_a_system_is_taken_with_nothing_claimed_and_always_the_same():
    loaded = load_claims("examples.parcel_locker:system")
    assert loaded.system is system
    assert loaded.claims == ()
    assert load_claims("examples.parcel_locker:system") is loaded


def test_a_function_is_called_once_however_often_it_is_named(tmp_path, monkeypatch):
    (tmp_path / "lamp_by_function.py").write_text(LAMP)
    monkeypatch.chdir(tmp_path)
    first, second = (load_claims("lamp_by_function:claims") for _ in range(2))
    assert first.system.requests[0] is second.system.requests[0]
    from lamp_by_function import CALLS

    assert len(CALLS) == 1


@pytest.mark.parametrize("case", WRONG)
def test_an_error_names_the_users_line(tmp_path, monkeypatch, case):
    text, attribute, message, line = WRONG[case]
    module = f"wrong_{list(WRONG).index(case)}"
    (tmp_path / f"{module}.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("properties.console.spec.LONGEST", 0.2)
    with pytest.raises(SpecError) as refused:
        load_claims(f"{module}:{attribute}")
    assert "\n" not in str(refused.value)
    assert message in str(refused.value)
    assert str(refused.value).endswith(f" at {module}.py, {line}")


def test_an_error_in_a_declaration_of_ours_names_its_line(tmp_path, monkeypatch):
    (tmp_path / "ours.py").write_text("from enum import Enum\n\nBox = Enum('Box', {'A': 1})\nbox = Box(2)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("properties.console.spec.OURS", (os.path.realpath(tmp_path), *OURS))
    with pytest.raises(SpecError, match=r"ValueError: 2 is not a valid Box at ours\.py, line 4$"):
        load_claims("ours:box")


def test_a_syntax_error_is_reported_as_python_tells_it(tmp_path, monkeypatch):
    (tmp_path / "half.py").write_text("x = (\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SpecError, match=r"SyntaxError: .*\(half\.py, line 1\)$"):
        load_claims("half:x")


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("nowhere:claims", "cannot be imported"),
        (f"{'a' * 300}:claims", "cannot be imported"),
        ("examples.parcel_locker:claim", "has no 'claim'"),
        ("examples.parcel_locker", "is not of the form package.module:attribute"),
        ("examples.parcel_locker:box", "is Variable, expected Claims, a System or a function that makes one"),
    ],
)
def test_what_names_nothing_usable_is_refused(spec, message):
    with pytest.raises(SpecError, match=message):
        load_claims(spec)


@pytest.mark.parametrize("name", ["properties", "statemachines", "json", "json.py"])
def test_a_file_with_the_name_of_a_loaded_package_is_pointed_at(tmp_path, monkeypatch, name):
    own = tmp_path / name
    if own.suffix:
        own.write_text("claims = 1\n")
    else:
        own.mkdir()
        (own / "mine.py").write_text("claims = 1\n")
    monkeypatch.chdir(tmp_path)
    for spec in (f"{own.stem}.mine:claims", f"{own.stem}:claims"):
        with pytest.raises(SpecError, match=f"; {name} has the name of a package that is loaded already: rename it"):
            load_claims(spec)


def test_what_a_module_prints_is_no_result(tmp_path, monkeypatch, capsys):
    (tmp_path / "chatty.py").write_text(f"print('hello')\n{LAMP}")
    monkeypatch.chdir(tmp_path)
    load_claims("chatty:claims")
    assert tuple(capsys.readouterr()) == ("", "hello\n")


def test_an_interrupt_is_no_fault_of_the_module(tmp_path, monkeypatch):
    (tmp_path / "interrupted.py").write_text("raise KeyboardInterrupt\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        load_claims("interrupted:claims")


WORDS = {
    "a value": ('"on"', '"on\\x1b[2J"', "U\\+001B is a control character"),
    "a label": (
        'sm.RequestType("Press")',
        'sm.RequestType("Press", label="a\\udc80")',
        "U\\+DC80 is half of a surrogate",
    ),
    "a rule": ('"It switches."', '"It\\x00"', "U\\+0000 is a control character"),
    "a name": ('"lamp", sm.Register', '"lamp\\x7f", sm.Register', "U\\+007F is a control character"),
}


@pytest.mark.parametrize("case", WORDS)
def test_words_that_nothing_can_show_are_refused(tmp_path, monkeypatch, case):
    old, new, says = WORDS[case]
    module = f"words_{list(WORDS).index(case)}"
    assert old in LAMP
    (tmp_path / f"{module}.py").write_text(LAMP.replace(old, new))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DeclarationError, match=says):
        load_claims(f"{module}:claims")
    (tmp_path / f"fine_{module}.py").write_text(
        LAMP.replace('"on"', '"£ ° é 开 \\U0001f4e6 \\u202e"'), encoding="utf-8"
    )
    assert load_claims(f"fine_{module}:claims").system.name == "lamp"
