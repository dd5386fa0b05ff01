"""What an entry says in words: field by field from what to what, values as people write them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from socialcube.domain.access.types import EFFECTS
from socialcube.domain.audit.types import Data

WHERE: Final = "Where"
"""The field that says where a role holds: `site`, or the id of a bot."""

_HIDDEN: Final = frozenset({"generation"})
"""What only processes go by."""

_NAMES: Final = {
    "allows_managers": "Open to server managers",
    "bot_ids": "Bots",
    "desired_state": "Wanted state",
    "external_id": "Discord id",
    "is_active": "Switched on",
    "is_disabled": "Switched off",
    "key_id": "Sealing key",
    "last4": "Ends with",
    "on": WHERE,
    "permission": "It takes the right to",
    "token_last4": "Token ends with",
}
_EFFECTS: Final[Mapping[str, str]] = {permission.value: words for permission, words in EFFECTS.items()}
_ABSENT: Final = object()
_MAX_DEPTH: Final = 4
_NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an entry.

    Attributes:
        field: its name in words.
        before, after: its values in words; empty where it had none, or where nothing is known.
    """

    field: str
    before: str
    after: str

    def __str__(self) -> str:
        if self.before and self.after:
            return f"{self.field}: {self.before} → {self.after}"
        return f"{self.field}: {self.after}" if self.after else f"{self.field}: {self.before} → {_NOTHING}"


def list_changes(before: Data | None, after: Data | None) -> tuple[Change, ...]:
    """Give the fields that differ. With one side alone, what that side says."""
    old, new = (dict(_flatten(data or {})) for data in (before, after))
    changes = []
    for name in dict.fromkeys((*old, *new)):
        was, becomes = old.get(name, _ABSENT), new.get(name, _ABSENT)
        if was != becomes and not _says_nothing(was, becomes):
            changes.append(Change(name, _words(was), _words(becomes)))
    return tuple(changes)


def _flatten(data: Mapping[str, object], depth: int = _MAX_DEPTH) -> Iterator[tuple[str, object]]:
    """Give the fields with their names in words, those inside of others behind these."""
    for key, value in data.items():
        if key in _HIDDEN:
            continue
        name = _NAMES.get(key) or key.replace("_", " ").capitalize()
        if isinstance(value, Mapping) and value and depth:
            for inner, each in _flatten({str(part): item for part, item in value.items()}, depth - 1):
                yield f"{name}, {inner[:1].lower()}{inner[1:]}", each
        else:
            yield name, _EFFECTS.get(value, value) if isinstance(value, str) else value


def _says_nothing(was: object, becomes: object) -> bool:
    """Tell whether a field is empty on the one side and not there on the other."""
    return all(side is _ABSENT or side in (None, "", [], {}) for side in (was, becomes))


def _words(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case None | "" | []:
            return _NOTHING
        case list():
            return ", ".join(map(_words, value))
        case Mapping():
            return ", ".join(f"{key}: {_words(item)}" for key, item in value.items()) or _NOTHING
    return "" if value is _ABSENT else str(value)
