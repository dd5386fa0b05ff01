"""Words about the keys that secrets are sealed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from socialcube.domain.bots.types import SealedCell


@dataclass(frozen=True, slots=True)
class KeyUse:
    """How much one key pair has closed.

    Attributes:
        key_id: empty for what is no sealed secret at all.
        tokens: bot tokens.
        secrets: secrets of bots for HTTP steps.
        is_newest: whether new secrets are sealed to it.
        is_listed: whether `TOKEN_SEALING_KEYS` names it.
    """

    key_id: str
    tokens: int
    secrets: int
    is_newest: bool
    is_listed: bool

    @property
    def count(self) -> int:
        """Give how many sealed values need this key's other half."""
        return self.tokens + self.secrets

    @property
    def may_go(self) -> bool:
        """Tell whether nothing needs the key any more."""
        return self.count == 0 and not self.is_newest


@dataclass(frozen=True, slots=True)
class Resealed:
    """What one step did.

    Attributes:
        done: sealed to the newest key now.
        moved: somebody changed them in the meantime, so they were left as they are.
        unreadable: cells that no key of this runner opens; they stay as they are.
    """

    done: int = 0
    moved: int = 0
    unreadable: tuple[SealedCell, ...] = ()

    def __add__(self, other: "Resealed") -> "Resealed":
        return Resealed(
            self.done + other.done, self.moved + other.moved, (*self.unreadable, *other.unreadable)
        )


@dataclass(frozen=True, slots=True)
class RotationOutcome:
    """The answer of a rotation.

    Attributes:
        key_id: that everything was sealed to.
        done: values that were sealed anew, by whichever runner did it.
        unreadable: `table/row` of each value that could not be opened.
    """

    key_id: str
    done: int
    unreadable: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave."""
        return cls(
            str(data.get("key_id", "")), int(data.get("done", 0)), tuple(map(str, data.get("unreadable", ())))
        )

    def to_json(self) -> dict[str, object]:
        """Give plain JSON data, as answers of jobs carry it."""
        return {"key_id": self.key_id, "done": self.done, "unreadable": list(self.unreadable)}
