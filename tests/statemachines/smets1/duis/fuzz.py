"""Mutational fuzzing of the whole edge: `python tests/statemachines/smets1/duis/fuzz.py N [--seed S] [--seeds DIR]`.

Every input is a sample request or response with a few mutations. It must be read, and then judged: a request against
the example installation, a response against the request that the samples answer; or it must be refused by a proper
DuisError at either, and quickly. Anything else is a failure, and its input is saved beside this file. The same seed
gives the same inputs.
"""

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from statemachines.smets1.duis.reader import DuisError, read_request
from statemachines.smets1.duis.response import DuisResponse, parse_message
from statemachines.smets1.edge.answers import judge_answer
from statemachines.smets1.edge.installation_file import read_premises
from statemachines.smets1.edge.judging import Judgement, judge
from statemachines.smets1.edge.premises import Premises
from tests.support.paths import ROOT

EXAMPLES = ROOT / "examples"
SAMPLES = EXAMPLES / "requests"
RESULTS = ("judged", "read", "refused")
SECONDS_ALLOWED = 1.0

ELEMENT_START = re.compile(rb"<\w")
ELEMENT = re.compile(rb"<([\w:]+)[^<>]*(?:/>|>.*?</\1>)", re.DOTALL)
CONTENT = re.compile(rb"(?<=>)[^<>]+(?=</)")

# fmt: off
NASTY: list[str | bytes] = [
    b"", b" ", b"\n", b"\r\n", b"\0", b"\x1b[2J", b"\x7f", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xef\xbb\xbf",
    "\u0661", "\u00a0", "\u2028", "\u202e", "\U0001f525", "\ufffe",
    "<", ">", "&", "'", '"', "]]>", "<![CDATA[", "<!--", "-->", "--", "<?x ?>", "<?xml version='1.0'?>", "/>", "<a/>",
    "&lt;", "&amp;", "&a;", "&#0;", "&#x1b;", "&#x85;", "&#x10ffff;", "&#xffffffff;", "%a;",
    "<!DOCTYPE a>", "<!DOCTYPE a [<!ENTITY a 'b'>]>", "<!DOCTYPE a SYSTEM 'file:///etc/hostname'>", "<!ENTITY a 'b'>",
    "<sr:Header/>", "<sr:Body/>", "<sr:Request>", "</sr:Request>", "<Response/>", " xmlns=''", " xml:id='a'", "x:",
    "0", "-1", "+1", "1_0", "1e9", "08", "9", str(2**64 - 1), str(2**64), "9" * 5000, "0" * 5000, "NaN",
    "6.2", "6.20", "6.20.1", "11.4", "11.3", "11.1", "8.1.1", "99.9", "11.1.1.1", "..", "11.",
    "=", "====", "AAA=", "AB==", "AA==", "A" * 64, "a" * 63, "g" * 64, "00000000", "0000000g",
    "3000-12-31T00:00:00Z", "3000-12-31T00:00:00+00:00", "2030-02-30T00:00:00Z", "2030-01-01T24:00:00Z",
    "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2030-01-01T00:00:00",
    f"2030-01-01T00:00:00.{'9' * 5000}Z", "-2030-01-01T00:00:00Z", "2030-01-01T00:00:60Z", "2030-01-01T00:00:00+99:99",
    "1.1.1", "8.3", "8.7.1", "8.7.2", "8.8.1", "8.8.2", "8.11", "12.2", "Add", "Remove", "PPMID",
    "48", "49", "010", "10.0", ".", "-.5", "1" * 24, "1" * 25,
    "<sr:TOUPrice index='1'>1</sr:TOUPrice>", "<sr:TOUTariffAction>3</sr:TOUTariffAction>",
    "<sr:BlockTariffAction>1</sr:BlockTariffAction>", "<sr:ProfileSchedule/>", "<sr:DayProfile/>", "<sr:BlockTariff/>",
    "<sr:DeviceID>00-DB-12-34-56-78-9A-E0</sr:DeviceID>", " index='1'",
    "90-B3-D5-1F-30-0A-00-00", "90:B3:D5:1F:30:0A:00:00", "90-b3-d5-1f-30-0a-00-00", ":", "::", ":::", "-",
    "<a>" * 3000, "<a/>" * 3000, " a='b'" * 50, "x" * 60000,
]
# fmt: on
TOKENS = [token if isinstance(token, bytes) else token.encode() for token in NASTY]

Mutation = Callable[[Random, bytes, Sequence[bytes]], bytes]


def span(rng: Random, data: bytes) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + int(rng.expovariate(1 / 20)))


def flip(rng: Random, data: bytes, _seeds: Sequence[bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def delete(rng: Random, data: bytes, _seeds: Sequence[bytes]) -> bytes:
    start, end = span(rng, data)
    return data[:start] + data[end:]


def duplicate(rng: Random, data: bytes, _seeds: Sequence[bytes]) -> bytes:
    start, end = span(rng, data)
    return data[:end] + data[start:end] * rng.randint(1, 3) + data[end:]


def truncate(rng: Random, data: bytes, _seeds: Sequence[bytes]) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def splice(rng: Random, data: bytes, _seeds: Sequence[bytes]) -> bytes:
    place = rng.randrange(len(data) + 1)
    return data[:place] + rng.choice(TOKENS) + data[place:]


def rewrite(rng: Random, data: bytes, _seeds: Sequence[bytes]) -> bytes:
    """Put a nasty token in the place of an element's text, or before or after it."""
    if not (finding := list(CONTENT.finditer(data))):
        return data
    text = rng.choice(finding)
    token = rng.choice(TOKENS)
    changed = rng.choice([token, token + text[0], text[0] + token])
    return data[: text.start()] + changed + data[text.end() :]


def swap(rng: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    """Put an element, of this sample or of another, in the place of an element or behind it."""
    mine = element(rng, data)
    source = rng.choice([data, *seeds])
    other = element(rng, source)
    if mine is None or other is None:
        return data
    start = rng.choice([mine.start(), mine.end()])
    return data[:start] + other[0] + data[mine.end() :]


def element(rng: Random, data: bytes) -> re.Match[bytes] | None:
    starts = [finding.start() for finding in ELEMENT_START.finditer(data)]
    return ELEMENT.match(data, rng.choice(starts)) if starts else None


MUTATIONS: list[Mutation] = [flip, delete, duplicate, truncate, splice, rewrite, rewrite, swap, swap]


def mutated(rng: Random, seeds: Sequence[bytes]) -> bytes:
    data = rng.choice(seeds)
    for _ in range(rng.choice([1, 1, 2, 3])):
        data = rng.choice(MUTATIONS)(rng, data, seeds)
    return data


def outcome(data: bytes, premises: Premises, answered: Sequence[Judgement]) -> str:
    """One of RESULTS; anything else is a failure, in words. What is only "read" names an unknown party or device."""
    started = time.perf_counter()
    result = "refused"
    try:
        message = parse_message(data)
        result = "read"
        if isinstance(message, DuisResponse):
            judge_answer(message, answered)
        else:
            judge(premises, message)
        result = "judged"
    except DuisError as error:
        message = str(error)
        if len(message) > 300 or not message.isprintable():
            result = f"an unseemly message: {message!r}"
    except Exception as error:  # noqa: BLE001 - any other exception is just what is looked for
        result = f"{type(error).__name__}: {error}"
    seconds = time.perf_counter() - started
    return result if seconds <= SECONDS_ALLOWED else f"{result}, but only after {seconds:.1f} s"


def main() -> int:
    parser = argparse.ArgumentParser(description="Fuzz the reading and judging of requests.")
    parser.add_argument("count", type=int, help="how many inputs to try")
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers")
    parser.add_argument("--seeds", type=Path, help="a directory of further requests to start from")
    options = parser.parse_args()

    samples = [*sorted(SAMPLES.glob("*.xml")), *sorted((EXAMPLES / "responses").glob("*.xml")) * 4]
    if options.seeds:
        samples += sorted(path for path in options.seeds.rglob("*") if path.suffix.lower() == ".xml")
    seeds = [path.read_bytes() for path in samples]
    premises = read_premises(EXAMPLES / "installation.toml")
    _, answered = judge(premises, read_request(SAMPLES / "07-read-ppmid-firmware.xml"))
    rng = Random(options.seed)
    counts: Counter[str] = Counter()
    started = time.perf_counter()
    for number in range(options.count):
        data = mutated(rng, seeds)
        result = outcome(data, premises, answered)
        if result not in RESULTS:
            saved = Path(__file__).with_name(f"fuzz-failure-{options.seed}-{number}.xml")
            saved.write_bytes(data)
            sys.stdout.write(f"{saved}: {result}\n")
            result = "failed"
        counts[result] += 1
    sys.stdout.write(
        f"{options.count} inputs from {len(seeds)} samples in {time.perf_counter() - started:.1f} s: "
        f"{', '.join(f'{counts[result]} {result}' for result in (*RESULTS, 'failed'))}\n"
    )
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
