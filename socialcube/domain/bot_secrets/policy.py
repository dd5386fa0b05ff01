"""Rules about the secrets of bots."""

import json
import re
from typing import Final
from uuid import UUID

from socialcube.domain.bot_secrets.errors import (
    InvalidSecretHostError,
    InvalidSecretNameError,
    InvalidSecretValueError,
)
from socialcube.domain.bot_secrets.types import MAX_HOST_LENGTH, MAX_NAME_LENGTH, MAX_VALUE_LENGTH
from socialcube.kernel.secrets import Secret

_NAME: Final = re.compile(rf"[a-z][a-z0-9_]{{0,{MAX_NAME_LENGTH - 1}}}")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The last label holds a letter, so that no address written in numbers passes for a name.
_HOST: Final = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}")
_NUMBER: Final = re.compile(r"0x[0-9a-f]+")
_SHOWN: Final = 80


def check_name(name: str) -> str:
    """Give the name without surrounding blanks.

    Raises:
        InvalidSecretNameError: a step could not ask for it.
    """
    name = name.strip()
    if not _NAME.fullmatch(name):
        raise InvalidSecretNameError(max_length=MAX_NAME_LENGTH)
    return name


def check_host(host: str) -> str:
    """Give the host's name in small letters, as it stands in DNS.

    Raises:
        InvalidSecretHostError: it is no name with a point in it: an address, a URL, or a machine nearby.
    """
    plain = host.strip().rstrip(".").lower()
    try:
        ascii_name = plain.encode("idna").decode() if plain else ""
    except UnicodeError:
        ascii_name = ""
    last = ascii_name.rpartition(".")[2]
    if len(ascii_name) > MAX_HOST_LENGTH or not _HOST.fullmatch(ascii_name) or _NUMBER.fullmatch(last):
        raise InvalidSecretHostError(host=host.strip()[:_SHOWN])
    return ascii_name


def check_value(value: Secret) -> Secret:
    """Give the value as it was typed.

    Raises:
        InvalidSecretValueError: it is empty, too long, or would break the header that it is sent in.
    """
    text = value.reveal()
    if not 1 <= len(text) <= MAX_VALUE_LENGTH or not text.isprintable():
        raise InvalidSecretValueError(max_length=MAX_VALUE_LENGTH)
    return value


def context_of(bot_id: UUID, name: str, host: str) -> str:
    """Say what a value is sealed to besides its cell: whoever changes one of these types it anew.

    Written as JSON, so that no other three read the same.
    """
    return json.dumps([str(bot_id), name, host])
