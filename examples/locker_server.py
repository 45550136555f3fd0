"""The parcel locker behind HTTP, with nothing but the standard library: `python -m examples.locker_server [port]`."""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from examples.locker import Locker

LOCKER = Locker()


class Server(BaseHTTPRequestHandler):
    """Answers each message, a POST, with a JSON object."""

    protocol_version = "HTTP/1.1"  # keeps the connection, which is much quicker

    def do_POST(self) -> None:
        """Answer one message."""
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer: dict[str, object]
        match message["op"]:
            case "describe":
                answer = {"statement": {"name": "a locker at an address"}}
            case "reset":
                LOCKER.reset(message["state"])
                answer = {"ok": True}
            case "send":
                answer = {"verdict": LOCKER.send(message["request"])}
            case other:
                answer = {"error": f"no such message: {other}"}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each message."""


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8080), Server)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
