"""Door 1: the web. `python wsgi.py` serves; `flask --app wsgi …` is the command line.

The only file that names eventlet. It patches the standard library first, before anything else is
imported, and only when it serves: a command runs unpatched.
"""

if __name__ == "__main__":
    import warnings

    # eventlet says at each import that it only gets fixes; docs/adr tells why it serves here nevertheless.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet

    # Without arguments psycopg2 turns green too; monkey_patch(psycopg=True) would patch nothing else.
    eventlet.monkey_patch()

import socket
import sys
from contextlib import suppress
from typing import Any, Final

from flask import Flask

import config
from socialcube import __version__
from socialcube.infra import console_log
from socialcube.kernel.clock import SystemClock
from socialcube.kernel.errors import SocialCubeError
from socialcube.kernel.settings import Settings
from socialcube.web import app as web
from socialcube.web import context
from socialcube.web.realtime.serving import attach
from socialcube.web.serving.listener import bind
from socialcube.web.serving.prefork import Prefork
from socialcube.web.serving.stopping import Stopping
from socialcube.web.serving.strict_headers import find_problem

KEEPALIVE_SECONDS: Final = 30
SOCKET_TIMEOUT_SECONDS: Final = 60
EXIT_CANNOT_START: Final = 69  # EX_UNAVAILABLE of sysexits.h


def create_app() -> Flask:
    """Make the application for `flask --app wsgi …`."""
    with config.exit_on_bad_settings():
        config.refuse_opening_key(is_serving=False)
        return web.create_app(config.load_settings())


def main() -> int:
    """Serve the panel until a signal comes. Gives the exit code."""
    with config.exit_on_bad_settings():
        config.refuse_opening_key()
        settings = config.load_settings()
    console_log.configure(settings.log_level)
    app = web.create_app(settings)
    try:
        web.check_before_serving(app)
        listener = bind(settings.web.host, settings.web.port)
    except SocialCubeError as error:
        sys.stderr.write(f"{error.message} {error.remedy}\n")
        return EXIT_CANNOT_START
    sys.stdout.write(_start_line(settings, listener))
    sys.stdout.flush()
    return Prefork(
        listener,
        lambda listener, stopping: _serve(app, listener, stopping),
        count=settings.web.concurrency,
        drain_seconds=settings.web.drain_seconds,
        clock=SystemClock(),
    ).run()


def _serve(app: Flask, listener: socket.socket, stopping: Stopping) -> None:
    """Serve in this forked process, then answer what is in flight."""
    import eventlet.wsgi  # noqa: PLC0415 - a command of `flask` never needs it
    from eventlet import hubs  # noqa: PLC0415 - as above
    from eventlet.support.greenlets import GreenletExit  # noqa: PLC0415 - as above

    # The parent's hub belongs to the parent's epoll; two processes on one would steal each other's events.
    hubs.use_hub()
    services = context.services_of(app)
    services.start()
    live = attach(app, async_mode=services.shared.settings.web.socket_mode)
    server = eventlet.spawn(
        eventlet.wsgi.server,
        listener,
        app,
        protocol=_make_strict_protocol(),
        log_output=False,
        debug=False,
        keepalive=KEEPALIVE_SECONDS,
        socket_timeout=SOCKET_TIMEOUT_SECONDS,
    )
    stopping.wait()
    # Ends accepting and closes idle connections; the server then waits for the requests in flight.
    server.kill()
    # A socket is a request that never ends: the pages come back to another process.
    live.close()
    drain_seconds = services.shared.settings.web.drain_seconds
    with eventlet.Timeout(drain_seconds, False), suppress(GreenletExit):  # noqa: FBT003 - eventlet's signature
        server.wait()
    services.close()


def _make_strict_protocol() -> Any:
    """Make the HTTP protocol that answers 400 to what could be read in two ways."""
    from eventlet.wsgi import HttpProtocol  # noqa: PLC0415 - a command of `flask` never needs it

    class StrictProtocol(HttpProtocol):  # type: ignore[misc] # eventlet ships no types
        """eventlet's protocol over checked headers."""

        def parse_request(self) -> bool:
            """Parse, then look at the headers before anybody trusts them."""
            if not super().parse_request():
                return False
            problem = find_problem(self.headers, self.request_version, self.path)
            if problem is None:
                return True
            self.close_connection = True
            body = problem.encode()
            self.wfile.write(
                b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
            )
            return False

    return StrictProtocol


def _start_line(settings: Settings, listener: socket.socket) -> str:
    discord = "the sandbox" if settings.sandbox else settings.discord.origin
    host, port = listener.getsockname()[:2]
    return (
        f"Social Cube {__version__}: panel at {settings.web.public_url} (listening on {host} port {port}, "
        f"processes: {settings.web.concurrency}), bots at {discord}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
