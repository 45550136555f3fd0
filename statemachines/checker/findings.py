"""The results of a check: for each claim, and for the system that they are made of."""

from collections.abc import Callable
from functools import cached_property

import attrs

from statemachines.checker.engine import Engine
from statemachines.checker.slices import SliceSize
from statemachines.checker.wellformed import WellFormedness
from statemachines.language.claims import Always, AlwaysPossible, Claim, Indistinguishable, LeadsTo, Sometimes
from statemachines.language.display import Displayed
from statemachines.language.expression import TRUE
from statemachines.language.system import System
from statemachines.semantics.trace import Trace


@attrs.frozen(eq=False, repr=False)
class Finding:
    """The result of checking one claim.

    Parameters
    ----------
    claim: which.
    holds: whether it does.
    states, transitions: how many states, and how many (state, request) pairs, were looked at, over all its slices.
    seconds: how long it took, without what others before it had explored.
    slices: the parts of the system that decided it, those with the fewest states first.
    counterexample: a shortest run that breaks it; for a claim on pairs of runs, the run with the first value.
    other_run: for a claim on pairs of runs, the run with the second value.
    witness: a shortest run to a case of it; where sets of states decided, it is looked for when it is asked for.
    vacuous: why it says nothing, where its case never happens.
    broken: what is so at the end of the counterexample and should not be, in words.
    engine: what decided it.
    loop: for a claim that something comes of something, how many of the counterexample's last requests go on for ever.
    """

    claim: Claim
    holds: bool
    states: int
    transitions: int
    seconds: float
    slices: tuple[SliceSize, ...]
    counterexample: Trace | None = None
    other_run: Trace | None = None
    _witness: Trace | Callable[[], Trace | None] | None = attrs.field(default=None, alias="witness")
    vacuous: str = ""
    broken: str = ""
    engine: Engine = Engine.EXPLICIT
    loop: int = 0

    def __repr__(self) -> str:
        return f"<finding: {self.claim.name!r} {'holds' if self.holds else 'fails'}>"

    @cached_property
    def witness(self) -> Trace | None:
        """A shortest run to a case of it."""
        return self._witness() if callable(self._witness) else self._witness

    @property
    def condition(self) -> str:
        """What is claimed, in words."""
        match self.claim:
            case Always(when=when, then=then):
                return then.words() if when is TRUE else f"wherever {when.words()}: {then.words()}"
            case Sometimes(of=of):
                return f"some time {of.words()}"
            case AlwaysPossible(when=when, goal=goal):
                start = "every state" if when is TRUE else f"every state where {when.words()}"
                return f"from {start} some way leads to where {goal.words()}"
            case LeadsTo(when=when, then=then, given=given):
                fair = " and ".join(one.words() for one in given)
                kept = f", as long as there is again and again a step of which it is so that {fair}" if fair else ""
                return f"wherever {when.words()}, then or later {then.words()}{kept}"
            case Indistinguishable(secret=secret, sees=sees, observes=observes):
                seen = "every step" if sees is TRUE else f"every step where {sees.words()}"
                aspects = ", ".join(term.label for term in observes)
                return f"{seen} shows the same {aspects}, whatever is the {secret.label}"
        raise NotImplementedError(self.claim)


@attrs.frozen(eq=False, repr=False)
class Report(Displayed):
    """The results of checking a system and the claims made of it.

    Parameters
    ----------
    system: what they are made of.
    requests: how many requests it has.
    combinations: how many combinations of values its variables have.
    wellformedness: of the system; ``None`` where only some claims were asked for and it can be explored.
    findings: the result of each claim; none of them holds where two transitions can fire at once.
    slices: every part of the system that was explored for it, those with the fewest states first.
    """

    system: System
    requests: int
    combinations: int
    wellformedness: WellFormedness | None
    findings: tuple[Finding, ...]
    slices: tuple[SliceSize, ...]

    def __repr__(self) -> str:
        return f"<report of {len(self.findings)} claims: {sum(finding.holds for finding in self.findings)} hold>"

    @property
    def holds(self) -> bool:
        """Whether every claim holds, and the system is sound as far as it was looked at."""
        sound = self.wellformedness is None or not self.wellformedness.problems
        return sound and all(finding.holds for finding in self.findings)
