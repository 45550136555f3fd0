"""What reports say of a run, of walks that fail, and of how a declaration is wrong."""

from types import SimpleNamespace

import pytest

from properties.conformance.diagnosis.examination import examine
from properties.conformance.failure_text import run_in_words, wrong
from properties.conformance.report.caveats import failures_of_walks
from properties.conformance.targets.declared import DeclaredTarget
from properties.conformance.transfer import WalkCounts
from properties.mutation.planting import without_check


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ([], "0 failures"),
        ([False], "1 failure"),
        ([True] * 8, "8 failures (8 of rules that had failed before)"),
        ([True, False], "2 failures (1 of rules that had failed before)"),
    ],
)
def test_failures_of_walks_that_are_known_are_counted(known, words):
    assert failures_of_walks(SimpleNamespace(walked=WalkCounts(failures=[{"known": one} for one in known]))) == words


class Stuck(DeclaredTarget):
    """A safe that counts one wrong code and no more."""

    def send(self, request):
        wrong = self._state.wrong
        seen = super().send(request)
        if self._state.wrong.value == "two" and wrong.value == "one":
            self._state = self.system.replace(self._state, wrong=wrong)
        return seen


def test_a_transition_that_does_not_happen_is_reported_and_the_step_is_marked(safe):
    system = safe.claims.system
    examined = examine(safe.claims, lambda: Stuck(system, system))
    (cause,) = examined.causes
    assert wrong(cause) == "wrong: one -> two, on Enter (did not happen, or led elsewhere)"
    lines = list(run_in_words(system, examined.shortest[cause.rule]))
    at = lines.index("     ^ here it goes wrong; it shows later")
    assert lines[at - 1].startswith("  2. Enter") or lines[at - 1].startswith("  1. Enter")


def test_a_check_that_is_missing_is_reported(safe):
    system = safe.claims.system
    examined = examine(safe.claims, lambda: DeclaredTarget(without_check(system, "shut"), system))
    assert "the check at the safe: shut" in [wrong(cause) for cause in examined.causes]
