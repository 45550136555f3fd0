"""Optional packages, and the extras of the distribution that bring them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from types import MappingProxyType

DISTRIBUTION = "smets1-lifecycles"

EXTRA_OF: Mapping[str, str] = MappingProxyType(
    {
        "numpy": "check",
        "oxidd": "check",
        "graphviz": "draw",
        "transitions": "live",
        "click": "cli",
        "rich": "cli",
        "lxml": "cli",
        "tomli_w": "cli",
        "hypothesis": "test",
        "psutil": "test",
        "pytest": "test",
        "xdist": "test",
        "pyarrow": "parquet",
        "litestar": "service",
        "msgspec": "service",
        "prometheus_client": "service",
        "psycopg": "postgresql",
        "sqlalchemy": "service",
        "uvicorn": "service",
    }
)
"""The extra that brings each package, by the name under which the package is imported."""


class MissingExtraError(ImportError):
    """A package is not installed, or cannot be loaded, that this part needs; the message names the extra with it."""


def missing_extra(error: ImportError) -> MissingExtraError | None:
    """The error that names the extra whose package is missing or broken; ``None`` if this one is about another."""
    if isinstance(error, MissingExtraError):
        return error
    package = (error.name or "").partition(".")[0]
    if package not in EXTRA_OF:
        return None
    why = "not installed" if isinstance(error, ModuleNotFoundError) else f"installed and cannot be loaded ({error})"
    message = f"{package} is {why}, which this needs: {installing(EXTRA_OF[package])}"
    return MissingExtraError(message, name=package)


def installing(extra: str) -> str:
    """The command that installs an extra; the distribution is in no index, only in a clone.

    >>> installing("draw")
    "in a clone of smets1-lifecycles, pip install -e '.[draw]'"
    """
    return f"in a clone of {DISTRIBUTION}, pip install -e '.[{extra}]'"


@contextmanager
def optional_imports() -> Iterator[None]:
    """Import packages that need not be installed.

    >>> with optional_imports():
    ...     import attrs

    Raises
    ------
    MissingExtraError: in place of `ImportError`, if the package is one of `EXTRA_OF`.
    """
    try:
        yield
    except ImportError as error:
        missing = missing_extra(error)
        if missing is None:
            raise
        raise missing from None


def expect_installed(package: str) -> None:
    """Import nothing yet, since that takes time, but fail like `optional_imports` where a package is not installed."""
    with optional_imports():
        if find_spec(package) is None:
            raise ModuleNotFoundError(f"No module named {package!r}", name=package)
