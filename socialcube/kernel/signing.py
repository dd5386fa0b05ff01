"""Keys that show whether something was changed: several at once, the newest signs and each one checks."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from socialcube.kernel.secrets import Secret

_ID_LENGTH: Final = 8


@dataclass(frozen=True, slots=True)
class Signature:
    """What a key says about some bytes.

    Attributes:
        key_id: tells keys apart without giving one away; empty when there was no key.
        value: 32 bytes.
    """

    key_id: str
    value: bytes


class SigningKeys:
    """Keys for one purpose, made from secrets that may serve other purposes too.

    Without any secret it still signs, with a key that everybody knows and the id `""`; whoever holds real
    keys does not believe that id.

    Args:
        secrets: random texts, the newest first.
        purpose: keys of one purpose say nothing about those of another.
    """

    def __init__(self, secrets: Sequence[Secret] = (), purpose: str = "") -> None:
        keys = [_derive(secret.reveal().encode(), purpose) for secret in secrets]
        # A dictionary keeps the order in which its keys came, and each key once.
        self._keys = {_name(key): key for key in keys} or {"": b""}

    @property
    def ids(self) -> tuple[str, ...]:
        """Give the ids, the one that signs first."""
        return tuple(self._keys)

    def sign(self, data: bytes) -> Signature:
        """Sign bytes with the newest key."""
        key_id, key = next(iter(self._keys.items()))
        return Signature(key_id, hmac.digest(key, data, "sha256"))

    def knows(self, key_id: str) -> bool:
        """Tell whether signatures of this key can be checked."""
        return key_id in self._keys

    def check(self, key_id: str, value: bytes, data: bytes) -> bool:
        """Tell whether these bytes were signed so. A key that is not here signed nothing."""
        key = self._keys.get(key_id)
        return key is not None and hmac.compare_digest(hmac.digest(key, data, "sha256"), value)

    def __repr__(self) -> str:
        return f"SigningKeys({', '.join(self.ids)})"


UNSIGNED: Final = SigningKeys()
"""No keys at all: what it signs is in order, and anybody could have made it."""


def _derive(secret: bytes, purpose: str) -> bytes:
    """Make a key as HKDF-SHA256 does, without salt and for one block (RFC 5869, section 2)."""
    extracted = hmac.digest(bytes(hashlib.sha256().digest_size), secret, "sha256")
    return hmac.digest(extracted, f"socialcube {purpose}\x01".encode(), "sha256")


def _name(key: bytes) -> str:
    return hmac.digest(key, b"the name of this key", "sha256").hex()[:_ID_LENGTH]
