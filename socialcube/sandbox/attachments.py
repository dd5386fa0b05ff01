"""Files that came with messages. Kept in memory, the newest few only."""

from dataclasses import dataclass
from typing import Any, Final

_MOST_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file."""

    filename: str
    content_type: str
    content: bytes


class Attachments:
    """Keeps files up to 64 MiB in all; the oldest make room."""

    def __init__(self) -> None:
        self._by_id: dict[int, Attachment] = {}

    def add(self, attachment_id: int, channel_id: int, attachment: Attachment) -> dict[str, Any]:
        """Keep a file. Gives its attachment object, whose address is a path on this server."""
        self._by_id[attachment_id] = attachment
        while sum(len(item.content) for item in self._by_id.values()) > _MOST_BYTES:
            del self._by_id[next(iter(self._by_id))]
        return {
            "id": str(attachment_id),
            "filename": attachment.filename,
            "size": len(attachment.content),
            "content_type": attachment.content_type,
            "url": f"/attachments/{channel_id}/{attachment_id}",
        }

    def find(self, attachment_id: int) -> Attachment | None:
        """Give a file, or None when it is no longer kept."""
        return self._by_id.get(attachment_id)
