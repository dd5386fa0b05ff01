"""One action on many bots."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self
from uuid import UUID


class BulkAction(StrEnum):
    """What can be done to many bots at once."""

    START = "start"
    STOP = "stop"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What came of one action on many bots.

    Attributes:
        done: bots that were changed, or that were so already.
        refused: why each of the others was not, in one sentence, by its id.
    """

    done: tuple[UUID, ...] = ()
    refused: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Give how many bots were decided on."""
        return len(self.done) + len(self.refused)

    def __contains__(self, bot_id: UUID) -> bool:
        return bot_id in self.refused or bot_id in self.done

    def __add__(self, other: "BulkOutcome") -> "BulkOutcome":
        return BulkOutcome(self.done + other.done, {**self.refused, **other.refused})

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave; nothing was done when it is empty."""
        refused = {UUID(bot_id): str(sentence) for bot_id, sentence in data.get("refused", {}).items()}
        return cls(tuple(map(UUID, data.get("done", ()))), refused)

    def to_json(self) -> dict[str, object]:
        """Give plain JSON data, as answers of jobs carry it."""
        return {
            "done": [str(bot_id) for bot_id in self.done],
            "refused": {str(bot_id): sentence for bot_id, sentence in self.refused.items()},
        }
