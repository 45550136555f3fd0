"""SCXML: a system as a statechart of the W3C's standard, with ECMAScript as its data model."""

import json
import re
from collections.abc import Iterator, Sequence
from enum import Enum
from xml.sax.saxutils import quoteattr

from statemachines.errors import DeclarationError
from statemachines.exports import Exported, Progress
from statemachines.exports.chart import VERDICT, ChartArrow, arrows, decisions, expect_chart
from statemachines.language.claims import Claims
from statemachines.language.expression import TRUE, All, Among, Compared, Constant, Expr, Not
from statemachines.language.lifecycle import Lifecycle
from statemachines.language.requests import Field, RequestType
from statemachines.language.system import System
from statemachines.language.terms import Term


def export_scxml(claims: Claims) -> str:
    """A system as an SCXML document.

    Parameters
    ----------
    claims: the system; what is claimed of it is not in the document.

    Raises
    ------
    DeclarationError: for a term that has two values of one name, or a name that JavaScript or the document uses.

    Examples
    --------
    >>> from examples.parcel_locker import claims
    >>> lines = export_scxml(claims).splitlines()
    >>> print(next(line.strip() for line in lines if "In(" in line))
    <transition type="internal" event="Put" cond="(In('box.FULL') || In('box.OVERDUE'))" target="verdict.NO">
    """
    system = claims.system
    expect_chart(system)
    for variable in system.variables:
        names = [value.name for value in variable.domain]
        if len(set(names)) < len(names):
            raise DeclarationError(f"{variable.name!r} has two values of one name: SCXML cannot tell them apart")
    return "\n".join(_document(system)) + "\n"


def exported(claims: Claims, only: Sequence[str] = (), progress: Progress | None = None) -> Exported:  # noqa: ARG001
    """The document for the command line: see `export_scxml`."""
    if only:
        raise DeclarationError("scxml says nothing of properties: leave --property out")
    system = claims.system
    return Exported(export_scxml(claims), f"{len(system.lifecycles) + 1} regions, {len(system.requests)} events")


def _document(system: System) -> Iterator[str]:
    moves = arrows(system)
    raised = {event for each in moves.values() for arrow in each for event in arrow.events}
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield "<!-- Written by `statemachines export scxml`. Do not edit. -->"
    yield (
        '<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript"'
        f' name="{_identifier(system.name)}" initial="machine">'
    )
    yield f' <datamodel><data id="{VERDICT}" expr="null"/><data id="request" expr="null"/></datamodel>'
    yield ' <parallel id="machine">'
    yield f'  <state id="{VERDICT}" initial="{_outcome(None)}">'
    for kind in system.requests:
        yield from _decisions(system, kind, raised)
    for state in dict.fromkeys(_outcome(outcome) for outcome in (None, *system.values_of("outcome"))):
        yield f"   <state id={quoteattr(state)}/>"
    yield "  </state>"
    for lifecycle in system.lifecycles:
        yield from _region(lifecycle, moves[lifecycle.name])
    yield " </parallel>"
    yield "</scxml>"


def _decisions(system: System, kind: RequestType, raised: set[str]) -> Iterator[str]:
    unconditional = False
    for one in decisions(system, kind):
        unconditional = one.when is TRUE
        event = f"{'passed' if one.verdict['passed'] else 'refused'}.{kind.name}"
        target = quoteattr(_outcome(one.declaration.outcome))
        yield f'   <transition type="internal" {_on(kind.name, one.when, "_event.data")} target={target}>'
        yield f"    <assign location={quoteattr(VERDICT)} expr={quoteattr(_json(one.verdict))}/>"
        if event in raised:
            if kind.fields:
                yield '    <assign location="request" expr="_event.data"/>'
            yield f"    <raise event={quoteattr(event)}/>"
        yield "   </transition>"
    if not unconditional:
        yield f'   <transition type="internal" event={quoteattr(kind.name)} target={quoteattr(_outcome(None))}>'
        yield f'    <assign location="{VERDICT}" expr="null"/>'
        yield "   </transition>"


def _region(lifecycle: Lifecycle, moves: Sequence[ChartArrow]) -> Iterator[str]:
    name = lifecycle.name
    yield f"  <state id={quoteattr(name)} initial={quoteattr(_id(lifecycle.variable, lifecycle.initial[0]))}>"
    for value in lifecycle.variable.domain:
        yield f"   <state id={quoteattr(_id(lifecycle.variable, value))}>"
        for arrow in moves:
            if value in arrow.transition.source:
                target = quoteattr(_id(lifecycle.variable, arrow.transition.target))
                yield f"    <transition {_on(' '.join(arrow.events), arrow.when, 'request')} target={target}>"
                rules = _json(list(arrow.transition.rules))
                cited = (
                    f"verdict.rules.concat({rules}.filter(function (one) {{ return verdict.rules.indexOf(one) < 0; }}))"
                )
                whole = quoteattr(f"Object.assign({{}}, verdict, {{rules: {cited}}})")
                yield f'     <assign location="verdict" expr={whole}/>'
                yield "    </transition>"
        yield "   </state>"
    yield "  </state>"


def _on(events: str, when: Expr, request: str) -> str:
    condition = "" if when is TRUE else f" cond={quoteattr(_source(when, request))}"
    return f"event={quoteattr(events)}{condition}"


def _source(expr: Expr, request: str) -> str:
    match expr:
        case Constant():
            return _json(expr.value)
        case Among():
            return _any(_is(expr.term, value, request) for value in expr.term.domain if value in expr.values)
        case Compared():
            sides = (
                (_is(expr.left, value, request), _source(expr.with_left(value), request)) for value in expr.left.domain
            )
            return _any(f"({left} && {right})" for left, right in sides if right != "false")
        case Not():
            return f"!({_source(expr.part, request)})"
        case All():
            return "(" + " && ".join(_source(part, request) for part in expr.parts) + ")"
    raise DeclarationError(f"a declaration cannot ask whether {expr.words()}; only a claim can")


def _any(sources: Iterator[str]) -> str:
    every = list(sources)
    return every[0] if len(every) == 1 else f"({' || '.join(every) or 'false'})"


def _is(term: Term, value: Enum, request: str) -> str:
    if isinstance(term, Field):
        return f"{request}.{term.name} === {_json(str(value.value))}"
    return f"In('{_id(term, value)}')"


def _id(term: Term, value: Enum) -> str:
    return f"{term.name}.{value.name}"


def _outcome(outcome: Enum | None) -> str:
    return f"{VERDICT}.{outcome.name if outcome else 'none'}"


def _identifier(name: str) -> str:
    """The name with all that an identifier cannot have replaced: SCION makes one of it."""
    return "_" + re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")


def _json(value: object) -> str:
    return json.dumps(value)
