"""An application served by threads of the test's own process, for a browser to open."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve for as long as the test lasts.

    Yields:
        The address, without a slash at its end.
    """

    def whole(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        # Werkzeug's server leaves a file open when the browser hangs up in the middle of it.
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            getattr(body, "close", lambda: None)()

    server = make_server("127.0.0.1", 0, whole, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    server.server_close()
    thread.join()
