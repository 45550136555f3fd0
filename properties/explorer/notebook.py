"""The explorer in a notebook: the page in a frame of its own."""

from html import escape

import attrs

from properties.explorer.oracle import Json
from properties.explorer.page import explorer_page
from statemachines.checker.findings import Report
from statemachines.language.claims import Claims
from statemachines.language.system import System
from statemachines.semantics.trace import Trace


@attrs.frozen(eq=False)
class Explorer:
    """A system as a page that one clicks through; as the last line of a notebook's cell it is shown there.

    Parameters
    ----------
    of: a system or its claims; a run, which is opened; or the report of `check`, whose counterexamples are.
    height: of the frame, in pixels.

    Examples
    --------
    >>> from examples.parcel_locker import system
    >>> Explorer(system).html[:15]
    '<!DOCTYPE html>'
    """

    of: System | Claims | Trace | Report
    height: int = 720

    @property
    def html(self) -> str:
        """The page."""
        match self.of:
            case System():
                return explorer_page(self.of)
            case Trace():
                return explorer_page(self.of.system, opened={"runs": [self.of.as_dict()]})
            case Report():
                return explorer_page(self.of.system, opened=_counterexamples(self.of))
        return explorer_page(self.of.system)

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
