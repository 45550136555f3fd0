"""Requests and edits for tests of the edge; parties and devices are those of examples/installation.toml."""

from typing import Any

from statemachines.smets1.duis.reader import DuisRequest, parse_request
from statemachines.smets1.duis.writer import command_variant
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS
from statemachines.smets1.vocabulary import Outcome, Party

A, B, C, NETWORK = (f"90-B3-D5-1F-30-{part}-00-00" for part in ("0A", "0B", "0C", "02"))
DCC = "90-B3-D5-1F-30-00-00-02"
ESME, GSME, CHF, GPF, PPMID = (f"00-DB-12-34-56-78-9A-{part}" for part in ("E0", "60", "C0", "C1", "D0"))


NO = (Outcome.REJECTED, Party.DSP)
NOVEMBER = ('"uplift-1.2" #', '"november-2020" #')
MDS = ('group = "CA"', 'group = "MOC (MDS)"')
NO_PIN = ('pin = "provided"', "")
NO_KEYS = ("ppmid_keys = true", "ppmid_keys = false")


def status(identity: str, new: str) -> tuple[str, str]:
    """The edit that gives a device of the example another status."""
    return f'"{identity}"\nstatus = "commissioned"', f'"{identity}"\nstatus = "{new}"'


def without_keys(new: str) -> list[tuple[str, str]]:
    """The edits that give the PPMID a status in which the DCO holds none of its keys."""
    return [status(PPMID, new), NO_KEYS]


def document(
    srv: str, sender: str, target: str, body: str, counter: int = 1, variant: int | None = None, schema: str = "5.4"
) -> bytes:
    """A request made for a test; with the CommandVariant of DCC's templates, if it names none."""
    known = SERVICE_REQUESTS.get(srv)
    if variant is None:
        variant = command_variant(known) if known else 1
    version = f'schemaVersion="{schema}"' if schema else ""
    return f"""<sr:Request xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway" {version}>
        <sr:Header><sr:RequestID>{sender}:{target}:{counter}</sr:RequestID>
        <sr:CommandVariant>{variant}</sr:CommandVariant>
        <sr:ServiceReference>{".".join(srv.split(".")[:2])}</sr:ServiceReference>
        <sr:ServiceReferenceVariant>{srv}</sr:ServiceReferenceVariant></sr:Header>
        <sr:Body>{body}</sr:Body></sr:Request>""".encode()


def request(srv: str, sender: str, target: str, body: str, counter: int = 1, **more: Any) -> DuisRequest:
    """The same, as it is read."""
    return parse_request(document(srv, sender, target, body, counter, **more))


def response(answered: DuisRequest, code: str, message: str | None = None) -> bytes:
    """A response to a request, with this code; or with another message in its body."""
    srv = answered.variant
    usual = (
        f"<sr:ResponseMessage><sr:ServiceReference>{srv.reference}</sr:ServiceReference>"
        f"<sr:ServiceReferenceVariant>{srv.srv}</sr:ServiceReferenceVariant></sr:ResponseMessage>"
    )
    return f"""<sr:Response xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway" schemaVersion="5.1">
        <sr:Header><sr:RequestID>{answered.request_id}</sr:RequestID><sr:ResponseCode>{code}</sr:ResponseCode>
        <sr:ResponseDateTime>2020-10-15T09:00:00.00Z</sr:ResponseDateTime></sr:Header>
        <sr:Body>{message or usual}</sr:Body></sr:Response>""".encode()


def read_firmware(sender: str, target: str, counter: int = 1):
    return request("11.2", sender, target, "<sr:ReadFirmwareVersion/>", counter)


def update_firmware(sender: str, *targets: str, counter: int = 1):
    devices = " ".join(targets)
    body = (
        "<sr:UpdateFirmware><sr:FirmwareImage>aW1hZ2U=</sr:FirmwareImage><sr:FirmwareVersion>00000009"
        f"</sr:FirmwareVersion><sr:DeviceIDList>{devices}</sr:DeviceIDList></sr:UpdateFirmware>"
    )
    return request("11.1", sender, DCC, body, counter)
