"""What is personal in an entry. The chain holds a salted digest of it, so that it can be erased.

A name or an address has few possible values: a digest without a salt would give it away to whoever tries
them all. With the salt gone, so is the way back.
"""

import hmac
import os
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from socialcube.domain.audit.policy.chain import encode
from socialcube.domain.audit.types import Data
from socialcube.kernel.ids import read_id

PERSONAL_KEYS: Final = frozenset(
    {
        "address",
        "agent",
        "avatar",
        "device",
        "display_name",
        "email",
        "invitee",
        "person",
        "place",
        "user_agent",
        "user_name",
    }
)
"""Keys of `before` and `after` under which something personal may stand, whatever an entry is about."""

_OF_PEOPLE: Final = frozenset({"external_id", "name"})
_PEOPLE: Final = frozenset({"invite", "user"})
_BEFORE, _AFTER = "before", "after"


def is_personal(subject_kind: str, key: str) -> bool:
    """Tell whether what stands under a key is about a person. Bots have names too, which are not."""
    return key in PERSONAL_KEYS or (key in _OF_PEOPLE and subject_kind in _PEOPLE)


def split(
    subject_kind: str, before: Data | None, after: Data | None
) -> tuple[Data | None, Data | None, Data]:
    """Take what is personal out of an entry. Gives what is left, and the rest, empty when nothing is."""
    personal: Data = {}
    left = []
    for side, data in ((_BEFORE, before), (_AFTER, after)):
        taken = {key: value for key, value in (data or {}).items() if is_personal(subject_kind, key)}
        if taken:
            personal[side] = taken
        left.append(data if not taken or data is None else {k: data[k] for k in data if k not in taken})
    return left[0], left[1], personal


def merge(data: Data | None, personal: Data | None, side: str) -> Data | None:
    """Put back what `split` took out of one side."""
    taken = (personal or {}).get(side)
    return {**taken, **(data or {})} if isinstance(taken, Mapping) else data


def person_of(actor: str, subject_kind: str, subject_id: str, data: Data, personal: Data) -> UUID | None:
    """Tell whose personal data stand in an entry: whom it is about, whom it names, or else who acts."""
    if subject_kind == "user":
        return read_id(subject_id)
    named = data.get("user_id")
    if isinstance(named, str):
        return read_id(named)
    kind, _, key = actor.partition(":")
    return read_id(key) if personal and kind == "user" else None


def commit(value: object) -> tuple[str, str]:
    """Give a fresh salt and the digest of a value with it, both in hexadecimal digits."""
    salt = os.urandom(16).hex()
    return salt, digest_of(salt, value)


def digest_of(salt: str, value: object) -> str:
    """Give the digest that `commit` gave with this salt."""
    return hmac.digest(salt.encode(), encode(value), "sha256").hex()
