"""How a key is written, and what is kept of it.

`sc_<8 id>_<43 secret>_<6 check>`, all in base 62. The id finds the row, the secret holds 256 random bits,
and the check finds slips of the keyboard without asking the database.
"""

import re
import secrets
from typing import Final
from zlib import crc32

from socialcube.kernel.secrets import Secret
from socialcube.kernel.signing import SigningKeys

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LENGTH: Final = 62

_ID_LENGTH: Final = 8
_SECRET_LENGTH: Final = 43
_CHECK_LENGTH: Final = 6
_SHAPE: Final = re.compile(r"sc_([0-9A-Za-z]{8})_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}")


def make_public_id() -> str:
    """Make the part of a key that may be seen: 47 random bits, unique by the table's own rule."""
    return _random(_ID_LENGTH)


def make_key(public_id: str) -> Secret:
    """Make a whole key with a secret that nobody has seen."""
    body = f"sc_{public_id}_{_random(_SECRET_LENGTH)}"
    return Secret(f"{body}_{_check(body)}")


def read_public_id(text: str) -> str | None:
    """Give the id of what is written like a key. None when it is not, or when its check says otherwise."""
    if len(text) != LENGTH:
        return None
    found = _SHAPE.fullmatch(text)
    body, _, check = text.rpartition("_")
    if found is None or check != _check(body):
        return None
    return found[1]


def digest(peppers: SigningKeys, key: str) -> str:
    """Give what the database keeps of a key, with the name of the pepper that it took.

    Without a pepper nobody can make a row that a key opens, however much of the database they hold.
    """
    signature = peppers.sign(key.encode())
    return f"{signature.key_id}:{signature.value.hex()}"


def matches(peppers: SigningKeys, stored: str, key: str) -> bool:
    """Tell whether a digest is that of this key, in a time that tells nothing of how alike they are."""
    pepper_id, _, value = stored.partition(":")
    return peppers.check(pepper_id, bytes.fromhex(value), key.encode())


def is_current(peppers: SigningKeys, stored: str) -> bool:
    """Tell whether a digest was made with the newest pepper."""
    return stored.startswith(f"{peppers.ids[0]}:")


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _check(body: str) -> str:
    number = crc32(body.encode())
    digits = ""
    for _ in range(_CHECK_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    return digits
