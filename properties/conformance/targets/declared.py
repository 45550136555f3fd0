"""A declared system as a target: its oracle answers."""

from properties.conformance.observation import Observation
from properties.conformance.statement import Statement
from properties.domain import NEUTRAL, Profile
from properties.walks.runs import oracle
from statemachines.language.requests import Request
from statemachines.language.system import State, System
from statemachines.language.terms import ASPECTS


class DeclaredTarget:
    """A declared system with the vocabulary of the reference, such as a copy of it with a planted fault.

    Parameters
    ----------
    system: what is tested.
    reference: the system whose states and requests it is given.
    profile: the domain's, of which the statement takes its words.
    looks: whether it shows its state, too.
    """

    def __init__(self, system: System, reference: System, profile: Profile = NEUTRAL, *, looks: bool = False) -> None:
        self.system = system
        self._statement = Statement(reference, profile, name=system.name, parallel=True)
        self._state = system.state()
        self._looks = looks

    @property
    def statement(self) -> Statement:
        """It supports everything and shows everything."""
        return self._statement

    def reset(self, state: State) -> None:
        """Be in this state of the reference."""
        self._state = self.system.state(**state.as_dict())

    def send(self, request: Request) -> Observation:
        """The oracle's verdict."""
        self._state, verdict = oracle(self.system).decide(self._state, request)
        shown = {aspect: getattr(verdict, aspect) for aspect in ASPECTS}
        return Observation(shown, after=self._state.as_dict() if self._looks else {})

    def settled(self) -> bool:
        """It acts before it answers."""
        return True

    def close(self) -> None:
        """There is nothing to end."""


def speaks_like(system: System, reference: System) -> bool:
    """Whether a system has the reference's variables and requests, so that it can be compared with it."""
    return {id(variable) for variable in system.variables} == {id(variable) for variable in reference.variables} and {
        id(kind) for kind in system.requests
    } >= {id(kind) for kind in reference.requests}
