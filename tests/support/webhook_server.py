"""A tiny server at which webhooks arrive, as real as a socket, that answers what a test tells it to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class WebhookServer:
    """What arrived, and what is said to it.

    Attributes:
        base_url: what DISCORD_API_BASE_URL would be.
        status: of every answer.
        headers: of every answer.
        seen: path and body of each request, in order.
        stalls: while set, requests wait for the event before they are answered.
        drips: whether the answer comes a byte at a time.
        arrived: set by every request.
    """

    base_url: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seen: list[tuple[str, Any]] = field(default_factory=list)
    stalls: threading.Event | None = None
    drips: bool = False
    arrived: threading.Event = field(default_factory=threading.Event)

    @property
    def titles(self) -> list[str]:
        """Give the titles of all messages that arrived."""
        return [body["embeds"][0]["title"] for _, body in self.seen]

    def webhook(self, token: str, webhook_id: int = 4711) -> str:
        """Give the address of a webhook here."""
        return f"{self.base_url}/webhooks/{webhook_id}/{token}"


@contextmanager
def webhook_server() -> Iterator[WebhookServer]:
    """Run a server on a port of the system's choice."""
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            said.seen.append((self.path, json.loads(body)))
            said.arrived.set()
            if said.stalls is not None:
                said.stalls.wait(60)
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            if said.drips:
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self._drip()
            else:
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

        def _drip(self) -> None:
            while not ended.wait(0.05):
                try:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                except OSError:
                    return

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    said = WebhookServer(f"http://127.0.0.1:{server.server_port}/api/v10")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield said
    ended.set()
    if said.stalls is not None:
        said.stalls.set()
    server.shutdown()
    thread.join()
    server.server_close()
