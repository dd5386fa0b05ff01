"""What may be a channel's address. Webhooks lead to Discord and nowhere else."""

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from socialcube.domain.alerts.errors import InvalidAddressError, InvalidChannelNameError
from socialcube.domain.alerts.types import MAX_ADDRESS_LENGTH, MAX_NAME_LENGTH, Address, ChannelKind
from socialcube.kernel.secrets import MASK, Secret

DISCORD_API: Final = "https://discord.com/api/v10"
_DISCORD_HOSTS: Final = frozenset({"discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com"})

# Discord's documentation gives no grammar for webhook tokens; real ones have 68 characters of base64url.
_PATH: Final = re.compile(r"/api(?:/v\d{1,2})?/webhooks/(\d{1,20})/([A-Za-z0-9_-]{20,200})", re.ASCII)
_THREAD: Final = re.compile(r"\d{1,20}", re.ASCII)
_SHOWN_END: Final = 4

# RFC 5321 allows more in front of the @; what people have is a dot-atom; quotes would need care in headers.
_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}", re.ASCII)
_MAX_LOCAL: Final = 64
_MAX_MAIL: Final = 254


def check_name(name: str) -> str:
    """Give the name without surrounding blanks.

    Raises:
        InvalidChannelNameError: it is empty, too long, or more than one line.
    """
    name = name.strip()
    if not 1 <= len(name) <= MAX_NAME_LENGTH or not name.isprintable():
        raise InvalidChannelNameError(max_length=MAX_NAME_LENGTH)
    return name


def read_address(typed: Secret, *, api_base_url: str) -> Address:
    """Tell what kind of channel an address is of, and write it in the one form that is stored.

    Args:
        typed: as somebody typed or pasted it.
        api_base_url: of the Discord that this installation uses, whose webhooks are taken beside Discord's.

    Raises:
        InvalidAddressError: it is no webhook of Discord's, and no e-mail address.
    """
    text = typed.reveal().strip()
    if not text.isascii() or not text.isprintable() or len(text) > MAX_ADDRESS_LENGTH:
        return _read_mail(text)
    return _read_webhook(text, api_base_url) if "://" in text else _read_mail(text)


def _read_webhook(text: str, api_base_url: str) -> Address:
    base, path, query = _split(text, api_base_url)
    found = _PATH.fullmatch(path)
    if not base or not found:
        raise InvalidAddressError
    webhook_id, token = found.groups()
    threads = parse_qs(query).get("thread_id", [])
    thread = f"?thread_id={threads[0]}" if len(threads) == 1 and _THREAD.fullmatch(threads[0]) else ""
    target = Secret(f"{base}/webhooks/{webhook_id}/{token}{thread}")
    return Address(ChannelKind.DISCORD, target, f"Webhook {webhook_id}/{MASK}{token[-_SHOWN_END:]}")


def _split(text: str, api_base_url: str) -> tuple[str, str, str]:
    """Give the API that a webhook belongs to, its path and its query; no API when the host is a stranger."""
    own = urlsplit(api_base_url)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return "", "", ""
    if parts.username is not None or parts.password is not None:
        return "", "", ""
    if (parts.scheme, parts.hostname, port) == (own.scheme, own.hostname, own.port):
        return api_base_url, parts.path, parts.query
    if parts.scheme == "https" and port in {None, 443} and parts.hostname in _DISCORD_HOSTS:
        return DISCORD_API, parts.path, parts.query
    return "", "", ""


def _read_mail(text: str) -> Address:
    local, at, domain = text.rpartition("@")
    try:
        host = domain.lower().encode("idna").decode() if domain else ""
    except UnicodeError:
        host = ""
    address = f"{local}@{host}"
    is_sane = at and len(local) <= _MAX_LOCAL and len(address) <= _MAX_MAIL
    if not is_sane or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(host):
        raise InvalidAddressError
    return Address(ChannelKind.MAIL, Secret(address), address)
