"""Judging what came back: what a DUIS Service Response means, and whether it fits the request that it answers."""

from collections.abc import Sequence

import attrs

from statemachines.smets1.duis.response import DuisResponse
from statemachines.smets1.edge.judging import ACKNOWLEDGED, COMPLETED, Judgement
from statemachines.smets1.vocabulary import Outcome, Party

_ERROR = "E"
_PRE_COMMAND, _TO_TRANSFORM = "PreCommand", 4
"""What the answer to a request with CommandVariant 4 holds, as DCC's own tools have it."""

_MEANS = {
    ACKNOWLEDGED: "the request is acknowledged, and its final response is still to come (SRP-2)",
    COMPLETED: "the request is carried out: this is its final response (SRP-2)",
}


@attrs.frozen
class AnswerJudgement:
    """What a response means, and whether it fits.

    Parameters
    ----------
    response: the response as it was read.
    means: what it says, as far as the sources explain its code.
    fits: whether it is what has to come back; ``None`` where that is not known.
    why: why it fits, or does not, or why that is not known.
    """

    response: DuisResponse
    means: str
    fits: bool | None
    why: str


def judge_answer(response: DuisResponse, judgements: Sequence[Judgement]) -> AnswerJudgement:
    """What a response means, and whether it fits the request that it answers.

    Parameters
    ----------
    response: the response.
    judgements: on that request, one for each device that it names; none if it was not judged.
    """
    fits, why = _fit(response, judgements)
    return AnswerJudgement(response, _meaning(response), fits, why)


def _meaning(response: DuisResponse) -> str:
    if response.message == "DeviceAlertMessage":
        return "an alert of the device"
    if response.message == "DCCAlertMessage":
        return "an alert of the DCC"
    if _PRE_COMMAND in response.content:
        return "a Pre-Command, which the User signs and sends: the request is not carried out yet"
    if response.code in _MEANS:
        return _MEANS[response.code]
    if response.code.startswith(_ERROR):
        return f"an error, as DCC's own sample of one begins with {_ERROR}; what {response.code} says is not at hand"
    return f"the sources name {ACKNOWLEDGED} and {COMPLETED} only; what {response.code} says is not at hand"


def _fit(response: DuisResponse, judgements: Sequence[Judgement]) -> tuple[bool | None, str]:
    if response.request_id is None:
        return None, "it names no request"
    if not judgements:
        return None, f"no request with its RequestID is judged: {response.request_id}"
    srv = judgements[0].duis.variant.srv
    if response.srv not in (None, srv):
        return False, f"it is of SRV {response.srv}, and the request of SRV {srv}"
    verdicts = [_fits(response, judgement) for judgement in judgements]
    return next((one for one in verdicts if one[0]), None) or next(
        (one for one in verdicts if one[0] is None), verdicts[0]
    )


def _fits(response: DuisResponse, judgement: Judgement) -> tuple[bool | None, str]:
    """Whether it fits the judgement at one device."""
    verdict, code = judgement.verdict, response.code
    outcome = f"the verdict is: {verdict.outcome.value} at the {verdict.at.value}"
    if (unknown := _unknown(response, judgement)) is not None:
        return None, f"{outcome}{unknown}" if unknown.startswith((",", ":")) else unknown
    if response.message != "ResponseMessage":
        return verdict.outcome is Outcome.ALERT, outcome
    if _PRE_COMMAND in response.content:
        transformed = judgement.duis.command_variant == _TO_TRANSFORM and verdict.at is not Party.DSP
        return transformed, f"{outcome}, and its CommandVariant is {judgement.duis.command_variant}"
    fitting = {
        COMPLETED: verdict.outcome is Outcome.ACCEPTED,
        ACKNOWLEDGED: verdict.at is not Party.DSP,
    }
    return fitting.get(code, verdict.outcome is Outcome.REJECTED), outcome


def _unknown(response: DuisResponse, judgement: Judgement) -> str | None:
    """Why it is not known whether the response fits, if it is not."""
    verdict, code = judgement.verdict, response.code
    at_dsp = verdict.at is Party.DSP
    explained = code in _MEANS or (code.startswith(_ERROR) and verdict.outcome is not Outcome.ALERT)
    reasons = (
        ("outcome" in verdict.unspecified, "what becomes of the request is unspecified"),
        (verdict.outcome is Outcome.NOT_PROCESSED, ", and the message that is returned is left open (PPMID-8)"),
        (verdict.outcome is Outcome.DELETED and code != ACKNOWLEDGED, ", and how the User is notified is not said"),
        (verdict.passed and "effect" in verdict.unspecified, ", and its effect is not modelled"),
        (
            code == ACKNOWLEDGED and ("at" in verdict.unspecified or (verdict.passed and at_dsp)),
            ": whether it is acknowledged first no rule says (MOD-37)",
        ),
        (response.message == "ResponseMessage" and not explained, f", and what {code} says is not at hand"),
    )
    return next((why for applies, why in reasons if applies), None)
