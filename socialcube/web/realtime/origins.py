"""Which pages may open the socket: a browser sends the cookie along for foreign pages too."""

from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from socialcube.kernel.settings import WebSettings

SOCKET_PATH: Final = "/socket.io/"

_WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_REFUSED: Final = b"This page may not open a live connection."
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def allowed_origins(web: WebSettings) -> frozenset[str]:
    """Give the origins of our own pages: of the public address, and the other host names that we answer to.

    Scheme and port are those of the public address; on plain http the port that we listen on counts too.
    """
    public = urlsplit(web.public_url)
    ports = {public.port or _DEFAULT_PORTS[public.scheme]}
    if public.scheme == "http":
        ports.add(web.port)
    return frozenset(
        f"{public.scheme}://{host}{'' if port == _DEFAULT_PORTS[public.scheme] else f':{port}'}"
        for host in web.allowed_hosts
        for port in ports
    )


class OriginGuard:
    """Answers 403 to whoever asks for the socket without saying that the page is ours (RFC 6455, 10.2).

    Args:
        app: what answers everybody else.
        origins: as `allowed_origins` gives them.
    """

    def __init__(self, app: _WSGIApp, origins: frozenset[str]) -> None:
        self._app = app
        self._origins = origins

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, or let the application answer."""
        path = str(environ.get("PATH_INFO", ""))
        is_ours = environ.get("HTTP_ORIGIN", "").lower() in self._origins
        if not f"{path}/".startswith(SOCKET_PATH):
            return self._app(environ, start_response)
        if is_ours:
            # Browsers offer to compress, which would be done anew for each of them.
            environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
            return self._app(environ, start_response)
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(_REFUSED)))]
        start_response("403 Forbidden", headers)
        return [_REFUSED]
