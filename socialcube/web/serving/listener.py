"""Opens the panel's port."""

import errno
import socket
from typing import Final

from socialcube.kernel.errors import SocialCubeError

_BACKLOG: Final = 512


class PortInUseError(SocialCubeError):
    """Port {port} on {host} is in use by another program."""

    code = "port_in_use"
    remedy = "Stop that program, or choose another port with PORT."


class AddressUnusableError(SocialCubeError):
    """The panel cannot listen on {host}, port {port}: {reason}."""

    code = "address_unusable"
    remedy = "Set HOST to an address of this machine and PORT to a port that you may open."


def bind(host: str, port: int) -> socket.socket:
    """Bind and listen.

    Raises:
        PortInUseError: somebody else listens there.
        AddressUnusableError: this machine has no such address, or the port needs more rights.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_BACKLOG)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(host=host, port=port) from error
        raise AddressUnusableError(host=host, port=port, reason=error.strerror) from error
    return listener
