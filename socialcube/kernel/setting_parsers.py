"""From the text of one setting to its value. A parser raises ValueError with what was expected."""

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from socialcube.kernel.secrets import Secret

KEY_BYTES: Final = 32
_MIN_SECRET_KEY_LENGTH: Final = 32
_KEY_ENTRY: Final = re.compile(r"[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/=]+")
_SNOWFLAKE: Final = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_MAX_SNOWFLAKE: Final = (1 << 63) - 1
_MIN_METRICS_TOKEN_LENGTH: Final = 16
_MAIL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,189}", re.ASCII)
_POSTGRES: Final = "postgresql+psycopg2://"
# SQLAlchemy's own reading (sqlalchemy/engine/url.py): a password may hold what urlsplit takes for a path.
_POSTGRES_PORT: Final = re.compile(
    r"(?:[^:/]*(?::[^@]*)?@)?(?:\[[^/?]+\]|[^/:?]+)?(?::(?P<port>[^/?]*))?", re.DOTALL
)


def text(value: str) -> str:
    """Take the text as it is."""
    return value


def secret(value: str) -> Secret:
    """Take the text as a secret."""
    return Secret(value)


def folder(value: str) -> Path:
    """Take a path; whoever parses resolves it against the project."""
    return Path(value).expanduser()


def one_of(*choices: str) -> Callable[[str], str]:
    """Make a parser for a closed list of words."""

    def parse(value: str) -> str:
        if value not in choices:
            raise ValueError("one of " + ", ".join(choices))
        return value

    return parse


def whole(low: int, high: int) -> Callable[[str], int]:
    """Make a parser for a whole number from `low` to `high`, both included."""

    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", value) or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return parse


def optional_whole(low: int, high: int) -> Callable[[str], int | None]:
    """Make a parser for a whole number or nothing."""
    parse_number = whole(low, high)
    return lambda value: parse_number(value) if value else None


def seconds(low: float, high: float) -> Callable[[str], float]:
    """Make a parser for a duration in seconds, fractions allowed."""

    def parse(value: str) -> float:
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", value) or not low <= float(value) <= high:
            raise ValueError(f"a number of seconds from {low:g} to {high:g}")
        return float(value)

    return parse


def names(value: str) -> frozenset[str]:
    """Take a comma-separated list of names, in lower case."""
    return frozenset(_items(value.lower()))


def snowflakes(value: str) -> frozenset[int]:
    """Take a comma-separated list of Discord's ids: numbers that fit into 63 bits."""
    items = _items(value)
    if not all(_SNOWFLAKE.fullmatch(item) and int(item) <= _MAX_SNOWFLAKE for item in items):
        raise ValueError("a list of Discord ids, numbers of 17 to 19 digits, with commas between them")
    return frozenset(map(int, items))


def database_url(value: str) -> Secret:
    """Take an SQLite or PostgreSQL URL. Heroku's `postgres://` becomes what SQLAlchemy accepts."""
    scheme, separator, rest = value.partition("://")
    if separator and scheme in {"postgres", "postgresql", "postgresql+psycopg2"} and _has_usable_port(rest):
        return Secret(_POSTGRES + rest)
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return Secret(value)
    raise ValueError("like sqlite:////folder/file.db or postgresql://user:password@host/name")


def redis_url(value: str) -> Secret:
    """Take the URL of a Redis-compatible server."""
    parts = _split(value)
    if parts and parts.scheme == "unix" and parts.path:
        return Secret(value)
    if parts and parts.scheme in {"redis", "rediss"} and parts.hostname:
        return Secret(value)
    raise ValueError("like redis://:password@host:6379/0, rediss://… or unix:///folder/redis.sock")


def smtp_url(value: str) -> Secret:
    """Take the URL of a mail server, or nothing at all."""
    parts = _split(value)
    is_server = parts and parts.scheme in {"smtp", "smtps"} and parts.hostname and not parts.path.strip("/")
    if is_server or not value:
        return Secret(value)
    raise ValueError("like smtp://user:password@host:587 or smtps://user:password@host:465")


def mail_address(value: str) -> str:
    """Take one e-mail address, or nothing at all."""
    if value and not _MAIL.fullmatch(value):
        raise ValueError("an e-mail address like alerts@example.org")
    return value


def metrics_token(value: str) -> Secret:
    """Take a token that nobody can guess and that fits into a header, or nothing at all."""
    if value and not (len(value) >= _MIN_METRICS_TOKEN_LENGTH and re.fullmatch(r"[!-~]+", value)):
        raise ValueError(f"random text of at least {_MIN_METRICS_TOKEN_LENGTH} characters without blanks")
    return Secret(value)


def web_url(value: str) -> str:
    """Take an http(s) address without a slash at its end. Plain http is for this machine only."""
    parts = _split(value)
    if (
        not parts
        or parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.query
        or parts.fragment
    ):
        raise ValueError("an address like https://example.org")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("an https address, since plain http is safe on this machine only")
    return value.rstrip("/")


def secret_keys(value: str) -> tuple[Secret, ...]:
    """Take comma-separated signing keys, the newest first, each long enough not to be guessed."""
    keys = _items(value)
    if not keys or any(len(key) < _MIN_SECRET_KEY_LENGTH for key in keys):
        raise ValueError(f"random text of at least {_MIN_SECRET_KEY_LENGTH} characters; bin/keys makes one")
    return tuple(Secret(key) for key in keys)


def optional_secret_keys(value: str) -> tuple[Secret, ...]:
    """Accept what `secret_keys` does, or nothing at all."""
    return secret_keys(value) if value else ()


def sealing_keys(value: str) -> tuple[str, ...]:
    """Take comma-separated `key id:base64` entries of 32 bytes each, the newest first."""
    entries = _items(value)
    if not entries or not all(map(_is_key_entry, entries)):
        raise ValueError("a list of `key id:base64` with 32 bytes each; bin/keys makes one")
    return tuple(entries)


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address stays on this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(value: str) -> SplitResult | None:
    """Split a URL. The library raises on broken hosts at once, on broken ports only when asked."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _has_usable_port(address: str) -> bool:
    """Tell whether what follows `postgresql://` is there and names no port, or a number."""
    found = _POSTGRES_PORT.match(address)
    port = (found and found["port"]) or ""
    return bool(address) and re.fullmatch(r"[0-9]{0,5}", port) is not None


def _items(value: str) -> list[str]:
    return [item for item in (part.strip() for part in value.split(",")) if item]


def _is_key_entry(entry: str) -> bool:
    if not _KEY_ENTRY.fullmatch(entry):
        return False
    try:
        return len(base64.b64decode(entry.partition(":")[2], validate=True)) == KEY_BYTES
    except binascii.Error:
        return False
