"""Claims decided by two processes, which take them from both ends of one list."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

import attrs

from statemachines.checker.codes import Coded, Codes
from statemachines.checker.explicit import SHARE
from statemachines.checker.findings import Finding
from statemachines.checker.from_both_ends import beside
from statemachines.checker.memory import available
from statemachines.checker.slices import Slices
from statemachines.errors import StatemachinesError
from statemachines.language.claims import Always, Claim, Sometimes
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Trace, replay


def of_two(
    wanted: Sequence[Claim],
    slices: Slices,
    oracle: Oracle,
    decide: Callable[[Claim], Finding],
    advance: Callable[[], None],
) -> dict[int, Finding]:
    """What this process and another find of claims, by index; not what half of the memory is too little for.

    Parameters
    ----------
    slices: those on which claims are decided; they have half of the memory meanwhile.
    decide: what decides a claim.
    advance: is called for each claim that is decided.
    """
    order = sorted(range(len(wanted)), key=lambda at: not _is_of_steps(wanted[at]))
    codes = Codes(slices.system)
    findings: dict[int, Finding] = {}

    def receive(messages: Iterable[tuple[int, _Message]]) -> None:
        for index, message in messages:
            at = order[index]
            findings[at] = message.finding(wanted[at], codes, oracle)
            advance()

    memory = slices.memory
    slices.memory = (round(SHARE * available()) if memory is None else memory) // 2
    with beside(
        len(order), lambda index: _Message.of(decide(wanted[order[index]]), codes), [StatemachinesError]
    ) as other:
        for index in other.indices():
            with suppress(StatemachinesError):  # it is decided again, and raises again, when all the others are
                findings[order[index]] = decide(wanted[order[index]])
                advance()
            receive(other.received(wait=False))
        receive(other.received(wait=True))
    slices.memory = memory
    return findings


@attrs.frozen
class _Message:
    """A finding as another process sends it.

    Parameters
    ----------
    values: what needs no system to be understood.
    runs: the numbers of its runs.
    """

    values: dict[str, Any]
    runs: dict[str, Coded]

    @classmethod
    def of(cls, finding: Finding, codes: Codes) -> "_Message":
        fields = (field for field in attrs.fields(Finding) if field.name != "claim")
        values = {field.name.removeprefix("_"): getattr(finding, field.name) for field in fields}
        values["witness"] = finding.witness
        runs = {name: values.pop(name) for name in list(values) if isinstance(values[name], Trace)}
        requests = {name: [step.request for step in run.steps] for name, run in runs.items()}
        return cls(values, {name: codes.coded(run.start, requests[name]) for name, run in runs.items()})

    def finding(self, claim: Claim, codes: Codes, oracle: Oracle) -> Finding:
        runs = {name: replay(codes.system, *codes.run(coded), oracle) for name, coded in self.runs.items()}
        return Finding(claim, **{**self.values, **runs})


def _is_of_steps(claim: Claim) -> bool:
    return isinstance(claim, Always | Sometimes) and claim.of_steps
