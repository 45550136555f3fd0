"""The course of one request, from party to party, as somebody who watches the interfaces sees it."""

from dataclasses import dataclass

from . import reasons
from .answers import CannotHappen
from .faults import Fault

NOT_SENT, RECEIVED, REJECTED = "not sent", "received by the DSP", "rejected"
ACKNOWLEDGED, UNPROCESSED = "acknowledged", "not processed"
HELD, DROPPED, PASSED = "quarantined by Anomaly Detection", "deleted, as the User said", "past Anomaly Detection"
DELETED = "deleted for a value beyond a set limit, and the User notified"
AT_DCO, AT_DEVICE = "at the DCO", "at the device"
RESPONDED, ALERTED = "carried out and responded to", "answered with an alert"
REFUSED = "refused after its acknowledgement"

CRITICAL, NOT_CRITICAL = "Critical Command", "any other command"
NO_EFFECT, TAKEN = "none", "carried out at the device"

STEPS = {
    "AcknowledgeRequest": {RECEIVED: ACKNOWLEDGED},
    "RejectRequest": {RECEIVED: REJECTED},
    "AnswerAtDsp": {RECEIVED: RESPONDED},
    "LeaveUnprocessed": {ACKNOWLEDGED: UNPROCESSED},
    "LetPass": {ACKNOWLEDGED: PASSED},
    "HoldRequest": {ACKNOWLEDGED: HELD},
    "ReleaseRequest": {HELD: PASSED},
    "DropRequest": {HELD: DROPPED},
    "DeleteRequest": {ACKNOWLEDGED: DELETED},
    "RaiseAlert": {ACKNOWLEDGED: ALERTED},
    "RefuseRequest": {ACKNOWLEDGED: REFUSED, AT_DCO: REFUSED, AT_DEVICE: REFUSED},
    "SendThroughDco": {PASSED: AT_DCO},
    "SendToDevice": {PASSED: AT_DEVICE, AT_DCO: AT_DEVICE},
    "CarryOut": {AT_DEVICE: RESPONDED},
}
"""By step, where the request has to stand for it, and where it stands after."""


@dataclass
class Course:
    """Where the request stands."""

    fault: Fault | None = None
    critical: bool = False
    stands: str = NOT_SENT
    took_effect: bool = False

    def receive(self, repeated: bool) -> None:
        """The DSP receives it, and rejects it if its RequestID was used before."""
        if self.stands != NOT_SENT:
            raise CannotHappen(reasons.NOT_WHERE_IT_STANDS)
        self.stands = REJECTED if repeated else RECEIVED

    def take(self, step: str) -> None:
        """A step of STEPS happens to it."""
        ways = dict(STEPS[step])
        if step == "SendThroughDco" and not self.critical:
            ways = {}
        if step == "SendToDevice" and self.critical and self.fault is not Fault.CRITICAL_COMMAND_PAST_DCO:
            ways.pop(PASSED)
        if self.stands not in ways:
            raise CannotHappen(reasons.NOT_WHERE_IT_STANDS)
        self.stands = ways[self.stands]
        if step == "CarryOut":
            self.took_effect = True
