"""What is sent back for a judgement: an acknowledgement, a response, both, or neither."""

from collections.abc import Sequence
from typing import NamedTuple

import attrs

from properties.smets1.mock_dcc.behaviour import Behaviour, Unspecified
from statemachines.language.terms import ASPECTS
from statemachines.smets1.edge.judging import ACKNOWLEDGED, COMPLETED, Judgement
from statemachines.smets1.vocabulary import Outcome, Party


class NoAnswerConfigured(Exception):  # noqa: N818
    """The answer is configured nowhere; the message names what is missing."""


class DccAnswer(NamedTuple):
    """What is sent back: whether the request is acknowledged first, and the code of its response, if one comes."""

    acknowledged: bool
    code: str | None

    @property
    def first_code(self) -> str:
        """The code of what is sent back at once."""
        return ACKNOWLEDGED if self.acknowledged or self.code is None else self.code


def deciding(judgements: Sequence[Judgement]) -> Judgement:
    """Of the judgements at each device that a request names, the one that it is answered by: the first accepted."""
    accepted = (
        one for one in judgements if "outcome" not in one.unspecified and one.verdict.outcome is Outcome.ACCEPTED
    )
    return next(accepted, judgements[0])


def beyond_quarantine(judgement: Judgement) -> Judgement:
    """The judgement on a request that its User has released, from one on the same request that nothing caught.

    It goes on to the DCO and the device (SRP-1). Where it would fail now what it had passed before it was caught, no
    source says whether that is looked at again.
    """
    verdict = judgement.verdict
    if verdict.passed or verdict.at not in (Party.DSP, Party.S1SP) or "outcome" in verdict.unspecified:
        return judgement
    why = f"it passed the checks of the DSP and the S1SP before it was held, and would not now: {verdict.reason.value}"
    return attrs.evolve(judgement, verdict=attrs.evolve(verdict, unspecified=ASPECTS), open_because=(why,))


def answer(judgement: Judgement, behaviour: Behaviour) -> DccAnswer:
    """What is sent back.

    Parameters
    ----------
    judgement: on the request.
    behaviour: what the user has set, where no source says it.

    Raises
    ------
    NoAnswerConfigured: where it is not set, either.
    """
    verdict, srv = judgement.verdict, judgement.duis.variant.srv
    reason = str(verdict.reason.value)
    if "outcome" in verdict.unspecified:
        return _unspecified(judgement, behaviour)
    match verdict.outcome:
        case Outcome.ACCEPTED:
            ends_at_dsp = verdict.at is Party.DSP and not verdict.unspecified
            return DccAnswer(not ends_at_dsp or behaviour.acknowledges_at_dsp, COMPLETED)
        case Outcome.REJECTED:
            code = behaviour.code(verdict.outcome, reason)
            if code is None:
                raise NoAnswerConfigured(
                    f"SRV {srv} is rejected at the {verdict.at.value}: {reason}; no source names its ResponseCode: set "
                    "codes.rejected in the file of --behaviour"
                )
            return DccAnswer(verdict.at is not Party.DSP, code)
        case Outcome.HELD:
            return DccAnswer(True, None)
    return DccAnswer(True, behaviour.code(verdict.outcome, reason))


def _unspecified(judgement: Judgement, behaviour: Behaviour) -> DccAnswer:
    srv = judgement.duis.variant.srv
    why = "; ".join(judgement.open_because)
    match behaviour.where_unspecified(srv):
        case Unspecified.ACCEPTED:
            return DccAnswer(True, COMPLETED)
        case Unspecified.NO_RESPONSE:
            return DccAnswer(True, None)
        case Unspecified.REJECTED:
            code = behaviour.code(Outcome.REJECTED, "")
            if code is not None:
                return DccAnswer(False, code)
            why += "; and codes.rejected is not set"
    raise NoAnswerConfigured(
        f"what becomes of SRV {srv} is unspecified: {why}; set [unspecified] in the file of --behaviour"
    )
