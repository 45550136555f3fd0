"""Words that only the energy domain has, and where the machinery ends."""

import re
from collections.abc import Iterator

from tests.support.paths import ROOT

DISTRIBUTION = "smets1-lifecycles"
"""The one name that the machinery cannot avoid: what a user installs."""

WORDS = re.compile(
    r"\b(smets\w*|dcc\w?|dsp|s1sp|dco|duis\w*|srvs?|ppmids?|esmes?|gsmes?|meter(s|ed|ing)?|suppliers?|installations?|premises|"
    r"tariffs?|firmware|energy|electricity|gas|mp[ar]ns?|foc|ioc|hans?|eui|sec|tenan\w+|eui)\b",
    re.IGNORECASE,
)


def energy_words(text: str) -> list[str]:
    """The words of the domain in a text, within identifiers, too.

    >>> energy_words("a PPMID's meterReading, pip install 'smets1-lifecycles[cli]'")
    ['PPMID', 'meter']
    """
    text = text.replace(DISTRIBUTION, "")
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text).replace("_", " ")
    return [result[0] for result in WORDS.finditer(apart)]


def machinery() -> Iterator[str]:
    """The paths of the files that may know nothing of the domain, from the root of the checkout."""
    for package in ("statemachines", "properties"):
        for path in sorted((ROOT / package).rglob("*")):
            inside = path.relative_to(ROOT)
            if path.is_file() and "__pycache__" not in inside.parts and inside.parts[1] != "smets1":
                yield inside.as_posix()
