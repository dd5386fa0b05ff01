"""A tiny SMTP server (RFC 5321), as real as a socket, that answers what a test tells it to."""

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default


@dataclass
class MailServer:
    """What was delivered, and what is said to the commands of a client.

    Attributes:
        answers: a reply in place of the usual one, by command, like `{"RCPT": "550 5.1.1 Nobody"}`.
        mails: what was delivered.
        recipients: the envelope's, of each mail.
        commands: the first word of every line that came.
    """

    port: int
    answers: dict[str, str] = field(default_factory=dict)
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Give what SMTP_URL would be."""
        return f"smtp://127.0.0.1:{self.port}"


_USUAL = {
    "EHLO": "250-here\r\n250-AUTH PLAIN\r\n250 8BITMIME",
    "HELO": "250 here",
    "AUTH": "235 2.7.0 Welcome",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 Go on",
    "RSET": "250 OK",
    "QUIT": "221 Bye",
}


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a server on a port of the system's choice."""
    server = _Server(("127.0.0.1", 0), _Session)
    server.said = MailServer(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.said
    server.shutdown()
    thread.join()
    server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    said: MailServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up."""


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        said = self.server.said
        self._say(said.answers.get("", "220 here"))
        recipients: list[str] = []
        for line in self.rfile:
            command = line.split()[0].decode().upper() if line.strip() else ""
            said.commands.append(command)
            reply = said.answers.get(command, _USUAL.get(command, "502 What?"))
            self._say(reply)
            if command == "RCPT":
                recipients.append(line.decode().partition("<")[2].partition(">")[0])
            if command == "DATA" and reply.startswith("354"):
                self._take(recipients)
            if command == "QUIT":
                return

    def _take(self, recipients: list[str]) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        text = b"".join(line.removeprefix(b".") for line in lines)
        reply = self.server.said.answers.get(".", "250 Taken")
        if reply.startswith("2"):
            mail = email.message_from_bytes(text, policy=default)
            self.server.said.mails.append(mail)
            self.server.said.recipients.append(recipients)
        self._say(reply)

    def _say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode())
