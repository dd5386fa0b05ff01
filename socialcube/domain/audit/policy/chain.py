"""How entries are chained: each is signed together with its number, its id and the one before it.

Each row keeps the digest before its own, so that a row can be checked even where its neighbour is gone.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC
from operator import attrgetter
from typing import Any, Final

from socialcube.domain.audit.types import ChainedRow, Point
from socialcube.kernel.signing import Signature, SigningKeys

_VERSION: Final = b"entry 1\n"
_POINT: Final = b"point 1\n"
_CHAIN_DIGITS: Final = 8
# Whole numbers of an entry are no longer than this (kernel/text.py): a longer one was a float.
_INTEGER_BITS: Final = 63

SIGNED: Final = (
    "occurred_at",
    "before",
    "after",
    "event_id",
    "actor",
    "action",
    "subject_kind",
    "subject_id",
    "bot_id",
    "request_id",
    "address_digest",
    "person_id",
    "personal_digest",
)
"""The columns that a signature covers, in this order, beside the number, the id and the digest before."""

_signed: Final = attrgetter(*SIGNED)
_encode: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str).encode
# What may be written in another way after it stood in a database: fractions, exponents and long numbers.
_ODD: Final = re.compile(r"\d[.eE]|\d{19}")


def encode(value: object) -> bytes:
    """Write JSON data the same way whatever a database made of it: keys in order, numbers by their value."""
    text = _encode(value)
    return (_encode(_plain(value)) if _ODD.search(text) else text).encode("ascii")


def body_of(columns: Sequence[Any]) -> bytes:
    """Give what is signed of a row beside its place.

    Args:
        columns: the values of `SIGNED`.
    """
    moment, before, after, *others = columns
    flat = [moment.astimezone(UTC).isoformat(), *others]
    return b"".join((_encode(flat).encode("ascii"), b"\n", encode(before), b"\n", encode(after)))


def link(previous: bytes, number: int, row_id: int, body: bytes) -> bytes:
    """Give the bytes that are signed for a row in its place."""
    return b"".join((_VERSION, previous, b"%d %d\n" % (number, row_id), body))


def is_signed(keys: SigningKeys, row: ChainedRow, place: tuple[int, int] | None = None) -> bool:
    """Tell whether a row is as it was written.

    Args:
        keys: that may have signed.
        row: of the chain, or with a part of its place missing, which nobody signed.
        place: number and id under which it may have been written, its own when None.
    """
    number, row_id = place or (row.number, row.id)
    if number is None or row.previous is None or row.digest is None:
        return False
    return keys.check(row.key_id or "", row.digest, link(row.previous, number, row_id, body_of(_signed(row))))


def seal(keys: SigningKeys, point: Mapping[str, Any]) -> Signature:
    """Sign a point, so that nobody without a key moves one."""
    return keys.sign(_point_bytes(point))


def is_sealed(keys: SigningKeys, point: Point) -> bool:
    """Tell whether a point is as it was made."""
    values = {name: getattr(point, name) for name in ("kind", "first", "last", "row_id", "digest", "made_at")}
    return keys.check(point.key_id, point.seal, _point_bytes(values))


def name_chain(start: bytes) -> str:
    """Give the name of a chain from the digest that it started with."""
    return start.hex()[:_CHAIN_DIGITS]


def _point_bytes(point: Mapping[str, Any]) -> bytes:
    place = [point[name] for name in ("kind", "first", "last", "row_id")]
    moment = point["made_at"].astimezone(UTC).isoformat()
    return b"".join((_POINT, point["digest"], encode([*place, moment])))


def _plain(value: object) -> object:
    """Give data as both databases give them back: PostgreSQL makes a whole number of 1e22."""
    match value:
        case bool():
            return value
        case int() | float():
            return _plain_number(value)
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    return value


def _plain_number(value: float) -> float:
    if isinstance(value, int):
        return value if value.bit_length() <= _INTEGER_BITS else float(value)
    return int(value) if value.is_integer() and abs(value) < 1 << _INTEGER_BITS else value
