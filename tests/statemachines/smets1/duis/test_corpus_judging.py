"""Real requests, as published by DCC with its own tools, against an installation file made of what they name.

They are not part of this project (their licence is another): SMETS1_RTDS names a directory that has them.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from statemachines.smets1.duis.reader import DuisError, DuisRequest, read_request
from statemachines.smets1.edge.installation_file import read_premises
from statemachines.smets1.edge.judging import judge
from statemachines.smets1.vocabulary import SRV_OF, Outcome, Party

RTDS = os.environ.get("SMETS1_RTDS")
FILES = sorted(path for path in Path(RTDS).rglob("*") if path.suffix.lower() == ".xml") if RTDS else []
STATUSES = ("pending", "whitelisted", "installed", "commissioned", "suspended", "decommissioned")

pytestmark = pytest.mark.skipif(not RTDS, reason="SMETS1_RTDS is unset: it would name a directory of real requests")


def requests() -> Iterator[tuple[str, DuisRequest]]:
    for path in FILES:
        with suppress(DuisError):  # a response; what else there is, test_corpus.py sees read
            yield path.name, read_request(path)


def device_types(corpus: list[DuisRequest]) -> dict[str, str]:
    """For each type of device, the one that the requests take for one, by the SRVs that they send it."""
    result: dict[str, str] = {}
    for duis in corpus:
        if duis.device_type == "ESME" and duis.about:
            result["ESME"] = duis.about
        if duis.variant.srv == "8.11":
            result["CHF"] = duis.request_id.target
    for duis in corpus:
        target = duis.request_id.target
        if target not in result.values() and duis.variant.srv in {"8.1.1", "14.1"}:
            result["GSME"] = target
    for duis in corpus:
        target = duis.request_id.target
        if target not in result.values() and duis.variant.srv == "8.7.2":
            result["PPMID"] = target
    return result


def installation(corpus: list[DuisRequest], status: str) -> str:
    """An installation file with every party and device that the requests name."""
    senders = [sender for sender, _ in Counter(duis.request_id.originator for duis in corpus).most_common()]
    types = device_types(corpus)
    others = {identity for duis in corpus for identity in duis.targets} - set(types.values())
    listed = ", ".join(f'"{identity}"' for identity in sorted(others))
    lines = ["[installation]", 'group = "MOC (MDS)"', f"other_devices = [{listed}]"]
    lines += ["[parties]", f'import_supplier = "{senders[0]}"', f'gas_supplier = "{senders[0]}"']
    for sender in senders[1:]:
        lines += ["[[users]]", f'id = "{sender}"', 'roles = ["ES", "ED", "GT", "RSA", "OU"]']
    for kind, identity in types.items():
        stands = "commissioned" if kind == "CHF" else status
        lines += ["[[devices]]", f'type = "{kind}"', f'id = "{identity}"', f'status = "{stands}"']
    lines += ["[auxiliary_load]", 'switch = "open"']
    lines += ["[state]", 'migration = "migrated"', "ppmid_keys = false", 'release = "november-2020"']
    return "\n".join(lines)


@pytest.mark.parametrize("status", STATUSES)
def test_every_real_request_is_judged(tmp_path, status):
    corpus = dict(requests())
    path = tmp_path / "installation.toml"
    path.write_text(installation(list(corpus.values()), status))
    premises = read_premises(path)
    looked_into = 0
    for name, duis in corpus.items():
        after, judgements = judge(premises, duis)
        for judgement in judgements:
            verdict, kind = judgement.verdict, judgement.request.type
            assert str(duis.request_id) in after.used, name
            assert verdict.rules, name
            assert ("effect" in verdict.unspecified) <= (verdict.at is Party.DSP), name
            if duis.variant.srv in SRV_OF.values():
                assert kind.name != "OtherServiceRequest" or judgement.notes, name
                looked_into += kind.name != "OtherServiceRequest"
            assert bool(judgement.changes) <= (verdict.outcome is Outcome.ACCEPTED), name
            assert bool(judgement.codes) == (verdict.outcome is Outcome.ACCEPTED and not verdict.unspecified), name
    assert looked_into
