"""Cuts TCP connections."""

import asyncio
import socket
import struct


def cut(transport: asyncio.BaseTransport | None) -> None:
    """Cut a connection so that the other side sees a reset (ECONNRESET) and no orderly end."""
    if not isinstance(transport, asyncio.WriteTransport):
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        # To linger for zero seconds makes the kernel send RST instead of FIN (socket(7), SO_LINGER).
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
