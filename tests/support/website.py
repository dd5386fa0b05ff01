"""The real web process of one installation, and ways to speak to it."""

import socket
import urllib.request
from pathlib import Path

from tests.support.installation import Installation
from tests.support.processes import RunningProcess
from tests.support.system import free_port


class Website:
    """Starts a serving script at once, on a port of its own.

    Attributes:
        port: where it listens.
        process: to watch, signal and kill.
    """

    def __init__(self, installation: Installation, script: str, log: Path, **environment: str) -> None:
        self.installation = installation
        self.port = int(environment.get("PORT") or free_port())
        variables = installation.environment | {"PORT": str(self.port)} | environment
        self.process = RunningProcess([script], variables, log)

    def get(self, path: str = "/healthz") -> str:
        """Ask for a page."""
        address = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(address, timeout=30) as answer:
            return str(answer.read().decode())

    def is_up(self) -> bool:
        """Tell whether it answers."""
        try:
            return "ok" in self.get()
        except OSError:
            return False

    def wait_until_up(self) -> None:
        """Wait for its first answer."""
        self.process.wait_for(self.is_up, "it answered")

    def speak(self, request: bytes) -> bytes:
        """Send raw bytes and give all that comes back until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(request)
            answer = b""
            while part := connection.recv(65536):
                answer += part
        return answer
