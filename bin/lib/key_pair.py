"""Key pairs for bot tokens, as text: `key id:base64 of 32 raw bytes` (X25519, RFC 9180)."""

import base64
import secrets
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey


class KeyPair(NamedTuple):
    """Both halves of one pair: the sealing half is public, the opening half is the fleet's secret."""

    sealing: str
    opening: str


def new_key_pair() -> KeyPair:
    """Make a pair with an id of its own."""
    key_id = f"k{secrets.token_hex(4)}"
    private = X25519PrivateKey.generate()
    opening = f"{key_id}:{base64.b64encode(private.private_bytes_raw()).decode()}"
    return KeyPair(sealing_half(opening), opening)


def sealing_half(opening: str) -> str:
    """Give the public half that belongs to an opening key.

    Raises:
        ValueError: the text is no opening key.
    """
    key_id, _, encoded = opening.strip().partition(":")
    private = X25519PrivateKey.from_private_bytes(base64.b64decode(encoded, validate=True))
    return f"{key_id}:{base64.b64encode(private.public_key().public_bytes_raw()).decode()}"
