"""Judging real requests: a DUIS Service Request against premises, and what must happen to it."""

from collections.abc import Mapping
from enum import Enum

import attrs

from statemachines.files.shown import shown
from statemachines.language.gates import Verdict
from statemachines.language.requests import Request
from statemachines.language.rules import Basis
from statemachines.language.system import State, System
from statemachines.language.terms import ASPECTS
from statemachines.semantics.regulated import PossibleStates, RegulatedOracle
from statemachines.semantics.trace import changes
from statemachines.smets1.admission import AdmissionReason
from statemachines.smets1.duis.errors import DuisError
from statemachines.smets1.duis.reader import DuisRequest
from statemachines.smets1.edge.duis_to_model import RecognisedRequest, recognised_requests, refusal
from statemachines.smets1.edge.premises import DeviceFacts, Premises
from statemachines.smets1.edge.unknown_outcomes import UnknownOutcome, expect_in_force, no_role_named, unknown_outcomes
from statemachines.smets1.firmware import FIRMWARE_OF, Firmware
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.request_course import AcknowledgeRequest, AnswerAtDsp, CarryOut, course_of
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS
from statemachines.smets1.vocabulary import (
    SRV_OF,
    SUPPLIERS,
    ActivateFirmware,
    Device,
    Outcome,
    Party,
    PreNotifyDevice,
    Response,
    UpdateFirmware,
    User,
)

ACKNOWLEDGED, COMPLETED = "I99", "I0"
"""The response codes that SRP-2 names; no other is known from the sources."""

_CODES = {AcknowledgeRequest: ACKNOWLEDGED, AnswerAtDsp: COMPLETED, CarryOut: COMPLETED}
_AS_IF_DONE = "what follows is judged as if its moment of execution had come"
_REGULATED = RegulatedOracle(INSTALLATION)


@attrs.frozen
class Judgement:
    """What must happen to one request at one device.

    Parameters
    ----------
    duis: the request as it was read.
    request: what it comes to in the model.
    target: the device that it is about, where the model looks at it.
    standing: what the sender is at the premises, in words.
    verdict: the verdict, with the ids of the rules that decided it.
    changes: for each variable of the installation that it changes, from what to what.
    codes: the response codes that are sent, as far as the sources name them (SRP-2).
    unspecified: aspects that the sources, or the model so far, leave open.
    open_because: where the outcome itself is unspecified, why.
    response: what the response carries, in real terms where they are known.
    notes: what was recognised in the request, why its effect is unspecified, or what is still to come.

    Where the outcome is unspecified, the request changes nothing of the premises that later requests are judged at.
    """

    duis: DuisRequest
    request: Request
    target: DeviceFacts | None
    standing: str
    verdict: Verdict
    changes: Mapping[str, tuple[Enum, Enum]]
    codes: tuple[str, ...]
    unspecified: tuple[str, ...]
    open_because: tuple[str, ...]
    response: str | None
    notes: tuple[str, ...] = ()

    @property
    def leaves_open(self) -> bool:
        """Whether what is known of devices after it may not be so: its outcome is open, or its moment is to come."""
        return bool(self.open_because) or _AS_IF_DONE in self.notes

    def with_verdict(self, outcome: Outcome, at: Party, *, passed: bool) -> "Judgement":
        """The same, had this been decided there."""
        unspecified = tuple(aspect for aspect in self.verdict.unspecified if aspect not in {"outcome", "at"})
        return attrs.evolve(
            self, verdict=attrs.evolve(self.verdict, outcome=outcome, at=at, passed=passed, unspecified=unspecified)
        )


def judge(
    premises: Premises, duis: DuisRequest, *, only_regulated: bool = False, rules: RegulatedOracle = _REGULATED
) -> tuple[Premises, tuple[Judgement, ...]]:
    """The premises after a request, and the judgement on it, one for each device that it names.

    Parameters
    ----------
    premises: how things stand; they are a value, and stay as they are.
    duis: the request.
    only_regulated: whether what an assumption alone decides is unspecified. The premises after it are those of all
        assumptions even so.
    rules: what decides; by default the installation as declared, otherwise one where assumptions do not apply.

    Raises
    ------
    DuisError: where the request names a party or a device that the premises do not know, or a moment of execution
        that its SRV cannot have.
    """
    if duis.execution is not None and not duis.variant.future_dated:
        raise DuisError(f"an ExecutionDateTime, and SRV {duis.variant.srv} cannot be future-dated (SYS-6)")
    expect_in_force(premises, duis.variant)
    sender = _sender(premises, duis)
    judgements = []
    for recognised in recognised_requests(premises, duis, sender):
        before = rules.system.state_type(premises.state)  # each system has a type of its own
        after, verdict = rules.oracle.decide(before, recognised.request)
        state = INSTALLATION.state_type(after)
        if only_regulated:
            _, verdict = rules.decide(PossibleStates((before,)), recognised.request)
        unknown = _unknown_outcomes(premises, duis, recognised, verdict)
        if unknown:
            cited = tuple(dict.fromkeys(rule for outcome in unknown for rule in outcome.rules))
            verdict = attrs.evolve(verdict, unspecified=ASPECTS, fired=(), rules=cited, deciding=cited)
            state = premises.state
        changed = changes(premises.state, state)
        assumed = _changed_by_assumption(verdict, rules.system) if only_regulated else {}
        changed = {name: change for name, change in changed.items() if name not in assumed}
        waits = not unknown and verdict.outcome is Outcome.ACCEPTED and _future_dated_elsewhere(duis)
        judgements.append(
            Judgement(
                duis,
                recognised.request,
                recognised.device,
                _standing(premises, sender),
                verdict,
                changed,
                _codes(verdict),
                (*verdict.unspecified, *assumed.values(), *(["when it is carried out"] if waits else [])),
                _open_because(verdict, unknown, only_regulated=only_regulated),
                _response_text(verdict, premises, recognised.device),
                (
                    *recognised.notes,
                    *_rests_on(duis, verdict),
                    *_variation(premises, duis, recognised.device),
                    *_still_to_come(premises, duis, verdict),
                    *([_AS_IF_DONE] if waits and changed else []),
                ),
            )
        )
        premises = premises if unknown else _after(premises, duis, recognised, state, verdict)
    return attrs.evolve(premises, used=premises.used | {str(duis.request_id)}), tuple(judgements)


def _unknown_outcomes(
    premises: Premises, duis: DuisRequest, recognised: RecognisedRequest, verdict: Verdict
) -> tuple[UnknownOutcome, ...]:
    """Why the outcome is not known; nothing where the request is rejected whatever the answer would be."""
    if verdict.reason is AdmissionReason.ROLE and (no_role := no_role_named(duis)) is not None:
        return (no_role,)
    if verdict.outcome is Outcome.REJECTED:
        return ()
    return tuple(unknown_outcomes(premises, duis, recognised))


def _open_because(verdict: Verdict, unknown: tuple[UnknownOutcome, ...], *, only_regulated: bool) -> tuple[str, ...]:
    if unknown:
        return tuple(outcome.why for outcome in unknown)
    if "outcome" not in verdict.unspecified:
        return ()
    return ("no rule decides it, an assumption alone does",) if only_regulated else (str(verdict.reason.value),)


def _rests_on(duis: DuisRequest, verdict: Verdict) -> tuple[str, ...]:
    """The note on a verdict that roles decide: whose table has them (SRM-1)."""
    if not {"SYS-6", "MOD-46"} & set(verdict.rules):
        return ()
    if duis.variant is SERVICE_REQUESTS.get(duis.variant.srv):
        return ("it rests on DCC's matrix of a later DUIS (schema 5.x) than the report's 3.1 (SRM-1)",)
    return ("it rests on the table of SRVs that was given",)


def _variation(premises: Premises, duis: DuisRequest, device: DeviceFacts | None) -> tuple[str, ...]:
    """What the user's own DMVES has for the model of the device and the SRV (DOC-2)."""
    if device is None or device.model is None:
        return ()
    model, srv = device.model, duis.variant.srv
    step = premises.variations.get((model, srv))
    return () if step is None else (f"the DMVES that was given has for {shown(model)} and SRV {srv}: {step} (DOC-2)",)


def _changed_by_assumption(verdict: Verdict, system: System) -> dict[str, str]:
    """The variables that an assumption alone changes, each with its label; all of them, if it lets the request pass."""
    register = system.register
    open_outcome = "outcome" in verdict.unspecified
    return {
        lifecycle.name: f"what becomes of the {lifecycle.variable.label}"
        for lifecycle in system.lifecycles
        for move in verdict.fired
        if any(move is one for one in lifecycle.transitions)
        and (open_outcome or register.basis(move.rules) is Basis.ASSUMED)
    }


def _sender(premises: Premises, duis: DuisRequest) -> User:
    """As whom the sender acts: as one to whom the SRV is open, if it can."""
    acts_as = premises.users.get(duis.request_id.originator)
    if acts_as is None:
        raise DuisError(
            f"the sender {duis.request_id.originator} is not among the {len(premises.users)} parties and users "
            "of the installation"
        )
    return next((user for user in acts_as if refusal(duis.variant, user, premises) is None), acts_as[0])


def _standing(premises: Premises, sender: User) -> str:
    """What the sender is at the premises, in words."""
    supplies = {
        "Electricity Supplier": premises.state.electricity_supplier,
        "Gas Supplier": premises.state.gas_supplier,
    }
    roles = [role for role, supplier in supplies.items() if supplier is sender]
    if roles:
        return f"the {' and '.join(roles)}"
    return "a Supplier that is not registered here" if sender in SUPPLIERS else f"the {sender.value}"


def _future_dated_elsewhere(duis: DuisRequest) -> bool:
    """Whether the request is for a later moment, and no activation of firmware: of those the model knows what waits."""
    return duis.execution is not None and not duis.cancels and duis.variant.srv != SRV_OF[ActivateFirmware]


def _codes(verdict: Verdict) -> tuple[str, ...]:
    """The codes of a request that runs its whole course or is held; what is sent otherwise no source says."""
    if verdict.unspecified or not (verdict.passed or verdict.outcome is Outcome.HELD):
        return ()
    return tuple(_CODES[step.type] for step in course_of(verdict) if step.type in _CODES)


def _response_text(verdict: Verdict, premises: Premises, target: DeviceFacts | None) -> str | None:
    """What the response carries: the real version where it is known."""
    if verdict.response is None or target is None:
        return None
    owner = (premises.the(Device.CHF) or target) if target.device is Device.GPF else target
    version = owner.delivered_version if verdict.response is Response.DELIVERED_VERSION else owner.version
    return f"{verdict.response.value}{f' ({version})' if version else ''}"


def _still_to_come(premises: Premises, duis: DuisRequest, verdict: Verdict) -> tuple[str, ...]:
    if verdict.outcome is not Outcome.HELD:
        return ()
    if str(duis.request_id) in premises.dropped:
        return ("it is dropped, and so never has any effect (SRP-1)",)
    return ("its effect and its final response wait for its release (SRP-1)",)


def _after(
    premises: Premises, duis: DuisRequest, recognised: RecognisedRequest, state: State, verdict: Verdict
) -> Premises:
    """The premises after one judgement: what is known of the devices follows what became of the request."""
    devices, others = dict(premises.devices), premises.other_devices
    kind, about = recognised.request.type, recognised.device
    accepted = verdict.outcome is Outcome.ACCEPTED
    if accepted and kind is PreNotifyDevice and about is not None and about.id not in devices:
        replaced = premises.the(about.device)
        if replaced is not None:
            del devices[replaced.id]
            others |= {replaced.id}
        devices[about.id] = about
    before, after = premises.state.as_dict(), state.as_dict()
    devices = {identity: _with_version(facts, before, after) for identity, facts in devices.items()}
    if accepted and kind is UpdateFirmware and about is not None:
        devices[about.id] = attrs.evolve(
            devices[about.id], delivered_version=duis.firmware_version, delivered_hash=duis.image_hash
        )
    return attrs.evolve(premises, state=state, devices=devices, other_devices=others)


def _with_version(facts: DeviceFacts, before: Mapping[str, Enum], after: Mapping[str, Enum]) -> DeviceFacts:
    """What is known of a device's firmware, once its lifecycle has left behind the image that runs."""
    name = FIRMWARE_OF[facts.device].name
    if before[name] is after[name]:
        return facts
    if before[name] is Firmware.UPGRADED:
        facts = attrs.evolve(facts, version=facts.delivered_version)
    if after[name] is Firmware.SETTLED:
        facts = attrs.evolve(facts, delivered_version=None, delivered_hash=None)
    return facts
