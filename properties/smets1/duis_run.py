"""A run as files that a gateway, or `smets1 judge`, is sent: DUIS XML requests, and how things stood before each.

An event has no DUIS form, and changes how things stand. So there is an installation file for each request by itself,
of the specimen premises of `statemachines.smets1.edge.specimen`, and each was judged as `smets1 judge` does before it
is shown.
"""

import json
import re
from collections.abc import Iterator

import attrs

from properties.domain import Exporter
from properties.walks.runs import oracle
from statemachines.language.gates import Verdict
from statemachines.language.system import System
from statemachines.semantics.trace import Step, Trace, changes_as_dict, verdict_as_dict
from statemachines.smets1.duis.errors import DuisError, UnwritableError
from statemachines.smets1.duis.reader import parse_request
from statemachines.smets1.edge.installation_file import parse_premises
from statemachines.smets1.edge.installation_writer import installation_toml
from statemachines.smets1.edge.judging import judge
from statemachines.smets1.edge.model_to_duis import OutgoingRequest, write
from statemachines.smets1.edge.specimen import specimen
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import SERVICE_REQUEST_TYPES

README = "README.txt"

_HEAD = """\
The steps of a run, each as a file. Who is who is made up (statemachines/smets1/edge/specimen.py). An installation
file says how things stood before its request; `smets1 judge` says what the rules have happen to the request there.

"""


@attrs.frozen(eq=False)
class _Files:
    """The files of one step, and the words about them."""

    files: dict[str, bytes]
    words: tuple[str, ...]


def has_duis(system: System) -> bool:
    """Whether the system is the installation, or a copy of it, so that its Service Requests have a DUIS form."""
    return set(system.variables) == set(INSTALLATION.variables) and set(SERVICE_REQUEST_TYPES) <= set(system.requests)


def duis_files(trace: Trace) -> Iterator[tuple[str, bytes]]:
    """The files of a run: their names, and what is in them.

    Parameters
    ----------
    trace: of a system of which `has_duis` holds.
    """
    lines = [_HEAD]
    for number, step in enumerate(trace.steps, 1):
        made = _step(number, step)
        yield from made.files.items()
        lines += [f"{number:02} {step.request}\n", *(f"   {line}\n" for line in made.words), "\n"]
    yield README, "".join(lines).encode()


def _step(number: int, step: Step) -> _Files:
    here = f"in this run: {step.verdict}"
    if step.request.type not in SERVICE_REQUEST_TYPES:
        name = f"{number:02}-event.json"
        return _Files({name: _as_json(step)}, (f"an event, which has no DUIS form: {name}", here))
    try:
        written = write(specimen(step.before), step.request, counter=number)
    except UnwritableError as error:
        name = f"{number:02}-not-written.json"
        return _Files({name: _as_json(step, not_written=str(error))}, (f"not written: {error}: {name}", here))
    state = INSTALLATION.state(**step.before.as_dict())
    _, verdict = oracle(INSTALLATION).decide(state, step.request)
    same = _seen(verdict) == _seen(step.verdict)
    by_the_rules = f"by the rules: {'the same' if same else verdict}"
    xml, toml = f"{number:02}-{_kebab(step.request.type.trigger)}.xml", f"{number:02}-installation.toml"
    try:
        described = _described(written, verdict)
    except UnwritableError as error:
        return _Files({xml: written.document}, (xml, f"no installation file: {error}", here, by_the_rules))
    command = f"smets1 judge {xml} --installation {toml}"
    return _Files({xml: written.document, toml: described}, (command, here, by_the_rules))


def _described(written: OutgoingRequest, verdict: Verdict) -> bytes:
    """The installation file under which the document is judged as the oracle decided; `UnwritableError` if none is."""
    described = installation_toml(written.premises)
    try:
        read = parse_premises(described, "the installation file")
        _, judgements = judge(read, parse_request(written.document))
    except DuisError as error:
        raise UnwritableError(str(error)) from None
    if [_seen(judgement.verdict) for judgement in judgements] != [_seen(verdict)]:
        raise UnwritableError(f"under it the request would not be {verdict.outcome.value}, as it is in this state")
    return described


def _seen(verdict: Verdict) -> tuple[object, ...]:
    return verdict.outcome, verdict.at, verdict.reason, verdict.response, verdict.rules, verdict.unspecified


def _as_json(step: Step, **more: str) -> bytes:
    content = {
        "request": step.request.as_dict(),
        "verdict": verdict_as_dict(step.verdict),
        "changes": changes_as_dict(step.changes),
        **more,
    }
    return (json.dumps(content, indent=2) + "\n").encode()


def _kebab(words: str) -> str:
    return re.sub("[^a-z0-9]+", "-", words.lower()).strip("-")


DUIS = Exporter("Service Requests as DUIS XML", suffix=".xml", fits=has_duis, files=duis_files)
"""The wire format of users' gateways."""
