"""The whole simulator: a message comes in, is taken to whom it concerns, and is answered."""

from collections.abc import Callable

from . import course, reasons
from .answers import Answer, MessageError, Refusal
from .course import Course
from .dcc import Dcc
from .dco import Dco
from .documents import Documents
from .dsp import Dsp
from .faults import Fault
from .installation import Installation
from .migration import MigrationOffice
from .premises import Premises
from .requests import (
    ACTIVATE_FIRMWARE,
    COMMISSION,
    CRITICAL,
    DONE_BY_DSP,
    HAN_LOG,
    JOIN,
    READ_FIRMWARE,
    SRV_OF,
    UPDATE_FIRMWARE,
    UPDATE_TARIFF,
    ServiceRequest,
    service_request,
)
from .s1sp import S1sp
from .words import DIFFERENT_PRICES, ESME, IDENTICAL_PRICES, At, Outcome, Release, Status

Message = dict[str, str]


class Simulator:
    """One installation, the parties that requests to it come to, and what happens around it."""

    def __init__(self, fault: Fault | None = None, installation: Installation | None = None) -> None:
        self.dcc = Dcc(installation or Installation(), fault=fault)
        self.dco = Dco(self.dcc)
        self.dsp = Dsp(self.dcc, self.dco)
        self.s1sp = S1sp(self.dcc)
        self.migration = MigrationOffice(self.dcc, self.dco)
        self.premises = Premises(self.dcc)
        self.documents = Documents(self.dcc, self.dco)
        self.course = Course(fault)
        self._events: dict[str, Callable[[Message], Answer | None]] = {
            "DeployRelease": lambda _: self.dcc.deploy_release(),
            "AdoptDuis": lambda _: self.dcc.adopt_duis(),
            "AuthoriseMigration": lambda _: self.migration.authorise(),
            "ValidateData": lambda event: self.migration.validate(event["mprn"]),
            "TestDevices": lambda _: self.migration.test_devices(),
            "StartCommissioning": lambda _: self.migration.start_commissioning(),
            "ProvidePin": lambda event: self.migration.provide_pin(event["recipient"]),
            "CompleteMigration": lambda _: self.migration.complete(),
            "FailMigration": lambda _: self.migration.fail(),
            "ExcludeInstallation": lambda _: self.migration.exclude(),
            "UpdateKeyPackage": lambda _: self.dco.update(),
            "InstallDevice": lambda event: self.premises.install(event["han_device"]),
            "SuspendDevice": lambda event: self.premises.suspend(event["device"]),
            "EndSuspension": lambda event: self.premises.end_suspension(event["device"]),
            "ChangeElectricitySupplier": lambda event: self.premises.change_electricity_supplier(event["to"]),
            "ChangeGasSupplier": lambda event: self.premises.change_gas_supplier(event["to"]),
            "ReachActivationDate": lambda event: self.premises.reach_activation_date(event["device"]),
            "PassDate": lambda _: self.documents.pass_date(),
            "ConcludeJip": lambda event: self.documents.conclude_jip(event["foc"]),
            "SubmitRevisedDocuments": lambda _: self.documents.submit_revised(),
            "ConsultOnDate": lambda _: self.documents.consult_on_date(),
            "ReDesignate": lambda _: self.documents.re_designate(),
            "ReceiveRequest": lambda event: self.course.receive(event.get("request_id") == "repeated"),
        }

    def send(self, message: Message) -> Answer:
        """What is answered to a Service Request, or said of an event.

        Raises
        ------
        MessageError: for a message that it cannot make sense of.
        """
        kind = message.get("type", "")
        try:
            if kind in SRV_OF:
                return self._serve(service_request(message))
            if kind in self._events:
                said = self._events[kind](message)
            elif kind in course.STEPS:
                said = None
                self.course.take(kind)
            else:
                raise MessageError(f"no request or event is called {kind!r}")
        except Refusal as refusal:
            return refusal.answer
        except KeyError as error:
            raise MessageError(f"{kind}: nothing is known of {error.args[0]!r}") from None
        return said or Answer(Outcome.HAPPENED, At.PREMISES, reasons.HAPPENED)

    def _serve(self, request: ServiceRequest) -> Answer:
        """Take a Service Request from party to party, until one refuses it or it is carried out."""
        self.dsp.let_in(request)
        if request.srv in DONE_BY_DSP:
            return self.dsp.carry_out(request)
        if self.dcc.fault is Fault.DCO_BEFORE_S1SP and request.srv in CRITICAL:
            self.dco.countersign(request)
        try:
            self.s1sp.process(request)
        except Refusal as refusal:
            if refusal.answer.outcome == Outcome.HELD and self.dcc.fault is Fault.HELD_REQUEST_CARRIED_OUT:
                self._pass_on(request)
            raise
        return self._pass_on(request)

    def _pass_on(self, request: ServiceRequest) -> Answer:
        """The way from the S1SP to the device; Critical Commands go through the DCO."""
        if request.srv in CRITICAL:
            self.dco.countersign(request)
        return self._at_device(request)

    def _at_device(self, request: ServiceRequest) -> Answer:
        home, fault = self.dcc.installation, self.dcc.fault
        device = home.device(request.device)
        response = None
        if request.srv == UPDATE_FIRMWARE:
            device.firmware.receive(request.sender, fault)
            done = reasons.DELIVERED
        elif request.srv == ACTIVATE_FIRMWARE:
            done = device.activate(request.image, request.timing, fault)
        elif request.srv == READ_FIRMWARE:
            response = device.firmware.version(fault)
            done = reasons.VERSION_READ
        elif request.srv == UPDATE_TARIFF:
            if request.device == ESME:
                identical, differ = request.tariff == IDENTICAL_PRICES, request.tariff == DIFFERENT_PRICES
                home.apply_tariff(identical, differ, self.dcc.has(Release.NOVEMBER))
            done = reasons.TARIFF_APPLIED
        elif request.srv == HAN_LOG:
            stays = fault is Fault.REMOVAL_FROM_LOG_LOST
            device.status = Status.WHITELISTED if request.log_change == "add" or stays else Status.PENDING
            done = reasons.LOG_UPDATED
        elif request.srv in (COMMISSION, JOIN):
            device.status = Status.COMMISSIONED
            self.dco.join(device.name)
            done = reasons.COMMISSIONED if request.srv == COMMISSION else reasons.JOINED
        else:
            raise MessageError(f"SRV {request.srv} does not go to a device")
        return Answer(Outcome.ACCEPTED, At.DEVICE, done, response)
