"""The page of checks: for each check its party, its order, the requests that it is asked of, and its verdict."""

from collections.abc import Iterable, Iterator

from properties.domain import NEUTRAL, Profile
from statemachines.drawing.page import Block, Heading, Page, Paragraph, Table, Words
from statemachines.language.gates import Check, Gate
from statemachines.language.system import System
from statemachines.semantics.decision import checks_of, handles


def page(system: System, profile: Profile = NEUTRAL, made_by: str = "", more: Iterable[Block] = ()) -> Page:
    """The page.

    Parameters
    ----------
    system: whose checks they are.
    profile: knows the codes of requests.
    made_by: the command that prints the page, if there is one.
    more: what the domain has to add at the end.
    """
    return Page(f"The checks of the {system.name}", (*_blocks(system, profile, made_by), *more))


def _blocks(system: System, profile: Profile, made_by: str) -> Iterator[Block]:
    parties = ", then ".join(f"the {gate.party.value}" for gate in system.gates)
    yield Paragraph(
        (
            f"A request comes to {parties}, as far as it goes. Each party asks its checks in the order of its table. "
            "The first that fails decides, and nothing after it is asked. This page is made from the declarations"
            + (f": {made_by} prints it." if made_by else "."),
        )
    )
    number = 0
    for gate in system.gates:
        yield Heading(2, f"At the {gate.party.value}", f"at-{str(gate.party.value).lower().replace(' ', '-')}")
        if gate.order:
            yield Paragraph((f"The order: {' '.join(gate.order)}.",))
        rows = []
        for check in gate.checks:
            number += 1
            rows.append(_row(system, profile, gate, check, number))
        yield Table(("", "what has to be so", "asked of", "otherwise", "rules"), tuple(rows))


def _row(system: System, profile: Profile, gate: Gate, check: Check, number: int) -> tuple[Words, ...]:
    coming = [kind for kind in system.requests if handles(gate, kind)]
    asked = [kind for kind in coming if check in checks_of(gate, kind)]
    of = f"all {len(coming)} that come here" if asked == coming else ", ".join(map(profile.in_words, asked))
    says = f"{check.outcome.value}: {check.reason.value}"
    left_open = f" (left open: {', '.join(check.unspecified)})" if check.unspecified else ""
    return (str(number),), (check.label,), (of,), (says + left_open,), (" ".join(check.rules),)
