"""DUIS XML as a log: Service Requests in order, and the responses to them, at the installations that files describe.

Each installation is a case. What a request is about depends on what is known of its devices, which is kept as
`smets1 judge` keeps it; where that is not certain, the fields of the request are left open.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from enum import Enum
from itertools import combinations, groupby, product
from operator import itemgetter
from pathlib import Path

import attrs

from properties.domain import LogFormat
from properties.replay.judging import Batches, Reader
from properties.replay.mapping import LogMapping, Values
from properties.replay.records import LogError, Problems, Record, batches, opened, read_errors
from statemachines.files.content import is_folder
from statemachines.files.shown import printable
from statemachines.files.toml import TomlFileError
from statemachines.smets1.duis.document import MAX_BYTES
from statemachines.smets1.duis.errors import DuisError
from statemachines.smets1.duis.reader import DuisRequest
from statemachines.smets1.duis.response import DuisResponse, parse_message
from statemachines.smets1.edge.answers import judge_answer
from statemachines.smets1.edge.installation_file import read_premises
from statemachines.smets1.edge.judging import Judgement, judge
from statemachines.smets1.edge.premises import Premises
from statemachines.smets1.vocabulary import Outcome, Party

ANY = "any"
"""The word for a field that may have any value."""
SURE = ("type", "sender", "request_id")
"""What of a request does not depend on what is known of the installation's devices."""

_BEGIN = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?(?:Request|Response))[\s>]")

Starts = MutableMapping[str, Mapping[str, tuple[Enum, ...]]]


@attrs.frozen(eq=False)
class _Sent:
    """A request, and where it is."""

    source: int
    line: int
    request: DuisRequest


def open_duis(mapping: LogMapping, inventory: Path | None, starts: Starts) -> tuple[LogMapping, Reader]:
    """What reads DUIS XML, and the mapping of the entries that it reads.

    Parameters
    ----------
    mapping: what of it is kept: hidden requests, and how findings are counted.
    inventory: an installation file, or a folder of them.
    starts: where the state of each installation is entered.

    Raises
    ------
    LogError: without an installation, or with one that cannot be read.
    """
    installations = _installations(inventory)
    for case, premises in installations.items():
        starts[case] = {name: (value,) for name, value in premises.state.as_dict().items()}
    words: dict[str, dict[str, Values]] = {
        field.name: {ANY: tuple(field.domain)} for kind in mapping.system.requests for field in kind.fields
    }
    words |= {"outcome": _alternatives(Outcome), "at": _alternatives(Party)}

    def read(files: Sequence[Path], columns: LogMapping, problems: Problems) -> Batches:
        records = _DuisLog(dict(installations), columns, problems).records(files)
        for source, own in groupby(records, itemgetter(0)):
            yield source, batches(record for _, record in own)

    return mapping.with_words(words), read


DUIS_LOG = LogFormat(".xml", open_duis)
"""DUIS XML, as a directory of requests and responses has it, or one file of many."""


def _installations(inventory: Path | None) -> dict[str, Premises]:
    if inventory is None:
        raise LogError(
            "DUIS XML is judged at an installation: expected --inventory with an installation file, or with a folder "
            "of them"
        )
    files = sorted(inventory.glob("*.toml")) if is_folder(inventory) else [inventory]
    if not files:
        raise LogError(f"{printable(str(inventory))}: no file whose name ends in .toml")
    try:
        return {path.stem: read_premises(path) for path in files}
    except TomlFileError as error:
        raise LogError(str(error)) from None


def _alternatives(kind: type[Enum]) -> dict[str, Values]:
    """A word for every set of two values or more."""
    return {_word(values): values for count in range(2, len(kind) + 1) for values in combinations(kind, count)}


def _word(values: Iterable[Enum]) -> str:
    return " or ".join(str(value.value) for value in values)


class _DuisLog:
    """The entries of files of DUIS XML.

    Parameters
    ----------
    installations: the premises of each case, as they are before the first request; they are kept up.
    """

    def __init__(self, installations: dict[str, Premises], mapping: LogMapping, problems: Problems) -> None:
        self.premises, self.mapping, self.problems = installations, mapping, problems
        self.cases = {
            identity: case
            for case, premises in installations.items()
            for identity in (*premises.devices, *premises.other_devices)
        }
        # What happens without an entry may change what is known of devices.
        self.uncertain = set(installations) if mapping.hidden else set()

    def records(self, files: Sequence[Path]) -> Iterator[tuple[int, Record]]:
        """The entries in order, each with the index of its file."""
        sent: list[_Sent] = []
        responses: dict[str, DuisResponse] = {}
        for source, path in enumerate(files):
            for line, document in self._documents(path):
                try:
                    message = parse_message(document)
                except DuisError as error:
                    self._cannot_be_read(path, line, str(error))
                    continue
                if isinstance(message, DuisRequest):
                    sent.append(_Sent(source, line, message))
                elif message.request_id is not None:
                    last = responses.setdefault(str(message.request_id), message)
                    if message.moment >= last.moment:
                        responses[str(message.request_id)] = message
        times = Counter(str(one.request.request_id) for one in sent)
        for one in sent:
            identity = str(one.request.request_id)
            # Which of several requests with one RequestID a response is to, it does not say.
            response = responses.get(identity) if times[identity] == 1 else None
            try:
                case = self._case(one.request)
                self.premises[case], judgements = judge(self.premises[case], one.request)
            except DuisError as error:
                self._cannot_be_read(files[one.source], one.line, str(error))
                continue
            for judgement in judgements:
                verdict = _verdict(response, judgement) if response and len(judgements) == 1 else {}
                request = {name: str(word) for name, word in judgement.request.as_dict().items()}
                if judgement.open_because:
                    request, verdict = dict.fromkeys(request, ANY) | {"type": request["type"]}, {}
                elif case in self.uncertain:
                    request = {name: word if name in SURE else ANY for name, word in request.items()}
                if judgement.leaves_open:
                    self.uncertain.add(case)
                yield one.source, (one.line, self.mapping.record(case, request, verdict))

    def _cannot_be_read(self, path: Path, line: int, why: str) -> None:
        self.problems.add("document that cannot be read", f"{printable(path.name)}:{line}", printable(why))

    def _case(self, request: DuisRequest) -> str:
        """The installation that a request is for."""
        if len(self.premises) == 1:
            return next(iter(self.premises))
        named = (*request.targets, request.about or "")
        cases = {self.cases[identity] for identity in named if identity in self.cases}
        if len(cases) != 1:
            raise DuisError(
                f"it names devices of {len(cases)} of the {len(self.premises)} installations, expected of one"
            )
        return cases.pop()

    def _documents(self, path: Path) -> Iterator[tuple[int, bytes]]:
        """The documents in a file, each with the line of its root element."""
        line, rest = 1, b""
        with read_errors(path, self.problems), opened(path) as stream:
            while more := stream.read(1 << 20):
                rest, done = rest + more, 0
                while (begin := _BEGIN.search(rest, done)) and (
                    end := re.compile(rb"</" + re.escape(begin[1]) + rb"\s*>").search(rest, begin.end())
                ):
                    yield line + rest.count(b"\n", done, begin.start()), rest[done : end.end()].lstrip()
                    line += rest.count(b"\n", done, end.end())
                    done = end.end()
                rest = rest[done:]
                if len(rest) > MAX_BYTES:
                    self._cannot_be_read(path, line, f"no end of a document within {MAX_BYTES} bytes")
                    return
        if rest.strip():
            self._cannot_be_read(path, line, "neither a Request nor a Response with an end")


def _verdict(response: DuisResponse, judgement: Judgement) -> dict[str, str | None]:
    """What a response shows: of the outcome and of who decided it, all that it may fit."""
    fitting = [
        (outcome, at)
        for outcome, at, passed in product(Outcome, Party, (True, False))
        if judge_answer(response, [judgement.with_verdict(outcome, at, passed=passed)]).fits is not False
    ]
    shown: dict[str, str | None] = {}
    for aspect, own, every in (
        ("outcome", {outcome for outcome, _ in fitting}, Outcome),
        ("at", {at for _, at in fitting}, Party),
    ):
        values = [one for one in every if one in own]
        if len(values) < len(every):
            shown[aspect] = _word(values)
    return shown
