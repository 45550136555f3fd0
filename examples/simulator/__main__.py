"""The command line: ``python -m simulator --json-lines``, or ``--http PORT``, with ``--fault NAME``."""

import argparse
import sys
from contextlib import suppress

from .answers import MessageError
from .faults import Fault
from .http_server import server
from .json_lines import serve
from .target import Target, fault_called


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="A simulator of DSP, S1SP and DCO at one SMETS1 installation, to be tested.",
        epilog="examples: python -m simulator --json-lines --fault gas-supplier-may-activate; "
        "python -m simulator --http 8080",
    )
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--json-lines", action="store_true", help="speak JSON lines on standard input and output")
    how.add_argument("--http", type=int, metavar="PORT", help="take DUIS XML over HTTP; 0 chooses a free port")
    how.add_argument("--list-faults", action="store_true", help="list the faults, each with the rule that it breaks")
    parser.add_argument("--fault", metavar="NAME", help="have this fault")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the simulator until its input ends, or it is interrupted; returns the exit code."""
    parser = _options()
    options = parser.parse_args(arguments)
    if options.list_faults:
        with suppress(BrokenPipeError):
            lines = (f"{fault.title:<42} {' '.join(fault.rules):<13} {fault.sentence}" for fault in Fault)
            print("\n".join(lines), flush=True)
        return 0
    try:
        target = Target(fault_called(options.fault) if options.fault else None)
    except MessageError as error:
        parser.error(str(error))
    with suppress(KeyboardInterrupt, BrokenPipeError):
        if options.json_lines:
            serve(target, sys.stdin, sys.stdout)
        else:
            _serve_http(parser, target, options.http)
    return 0


def _serve_http(parser: argparse.ArgumentParser, target: Target, port: int) -> None:
    try:
        listening = server(target, port)
    except (OSError, OverflowError) as error:
        parser.error(f"port {port} cannot be used: {error}")
    with listening:
        print(f"listening on http://127.0.0.1:{listening.server_address[1]}/", flush=True)
        listening.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
