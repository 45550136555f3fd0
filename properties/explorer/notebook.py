"""The explorer in a notebook: the page in a frame of its own."""

from html import escape

import attrs

from properties.console.spec import load_claims
from properties.domain import profile_for
from properties.explorer.oracle import Json
from properties.explorer.page import explorer_page, page_of
from statemachines.checker.findings import Report
from statemachines.errors import DeclarationError
from statemachines.language.claims import Claims
from statemachines.language.system import System
from statemachines.semantics.trace import Trace


@attrs.frozen(eq=False)
class Explorer:
    """A system as a page that one clicks through; as the last line of a notebook's cell it is shown there.

    Parameters
    ----------
    of: a system or its claims; a run, which is opened; the report of `check`, whose counterexamples are; or what names
        a system on the command line (``"parcel_locker:claims"``), to have the words of its domain.
    height: of the frame, in pixels.
    lifecycle: the name of the lifecycle that is shown first.

    Raises
    ------
    DeclarationError: when it is shown, for anything else; and SpecError, for a name that names nothing usable;
        and UnknownNameError, for a lifecycle that is not drawn.

    Examples
    --------
    >>> from examples.parcel_locker import system
    >>> Explorer(system).html[:15]
    '<!DOCTYPE html>'
    """

    of: System | Claims | Trace | Report | str
    height: int = 720
    lifecycle: str = ""

    @property
    def html(self) -> str:
        """The page."""
        match self.of:
            case System():
                return explorer_page(self.of, lifecycle=self.lifecycle)
            case Trace():
                return explorer_page(self.of.system, opened={"runs": [self.of.as_dict()]}, lifecycle=self.lifecycle)
            case Report():
                return explorer_page(self.of.system, opened=_counterexamples(self.of), lifecycle=self.lifecycle)
            case Claims():
                return explorer_page(self.of.system, lifecycle=self.lifecycle)
            case str():
                return page_of(load_claims(self.of).system, profile_for(self.of), self.of, lifecycle=self.lifecycle)
        raise DeclarationError(f"an explorer of {self.of!r}, expected a system, claims, a run, a report, or a name")

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="explorer" sandbox="allow-scripts" srcdoc="{escape(self.html)}" '
            f'style="width: 100%; height: {self.height}px; border: 1px solid #cbd2d9"></iframe>'
        )


def _counterexamples(report: Report) -> Json | None:
    runs = [
        {"property": finding.claim.name, "runs": [finding.counterexample.as_dict()]}
        for finding in report.findings
        if finding.counterexample
    ]
    return {"properties": runs} if runs else None
