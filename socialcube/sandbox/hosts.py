"""Which names mean this machine, and the checks that rest on them (loopback only, Host checked)."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


def is_loopback(host: str) -> bool:
    """Tell whether an address to bind reaches this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_own_host(header: str) -> bool:
    """Tell whether a Host header names this machine. Others are refused, against DNS rebinding."""
    try:
        parts = urlsplit(f"//{header}")
        _ = parts.port
    except ValueError:
        return False
    name = parts.netloc.rpartition(":")[0] if parts.port is not None else parts.netloc
    return name.lower() in LOOPBACK_NAMES or is_loopback(name.strip("[]"))


def is_own_origin(origin: str, host: str) -> bool:
    """Tell whether an Origin header is that of the page served under this Host header."""
    return origin == f"http://{host}"
