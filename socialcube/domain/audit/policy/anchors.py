"""The line that names the newest entry, for places that nobody with the database alone can change."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from socialcube.domain.audit.types import Anchor

_LINE: Final = re.compile(r"\bchain=([0-9a-f]{8}) number=(\d{1,18}) digest=([0-9a-f]{64})\b")


def write_anchor(anchor: Anchor, moment: datetime) -> str:
    """Write an anchor as one line, without its end."""
    at = moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return f"audit-anchor chain={anchor.chain} number={anchor.number} digest={anchor.digest.hex()} at={at}"


def read_anchors(lines: Iterable[str]) -> Iterator[Anchor]:
    """Find the anchors in lines of any log: what stands around one does not matter."""
    for line in lines:
        found = _LINE.search(line)
        if found:
            yield Anchor(found[1], int(found[2]), bytes.fromhex(found[3]))
