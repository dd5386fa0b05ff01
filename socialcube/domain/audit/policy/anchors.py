"""The line that names the newest entry, for places that nobody with the database alone can change."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from socialcube.domain.audit.types import Anchor

# Before the line may stand what log drains put there, like `2026-03-01T12:00:00Z app[worker.1]: `, but no
# message of a process of ours, all of which begin with their level: a logged value is no anchor.
_LINE: Final = re.compile(
    r"(?!.*\b(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) [\w.]+: )(?:[\w.,:;@|+/()\[\]<>-]+[ \t]+){0,8}"
    r"audit-anchor chain=([0-9a-f]{8}) number=(\d{1,18}) digest=([0-9a-f]{64}) at=[\d:TZ-]{20}\s*"
)


def write_anchor(anchor: Anchor, moment: datetime) -> str:
    """Write an anchor as one line, without its end."""
    at = moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return f"audit-anchor chain={anchor.chain} number={anchor.number} digest={anchor.digest.hex()} at={at}"


def read_anchors(lines: Iterable[str]) -> Iterator[Anchor]:
    """Find the anchors in lines of a log: each is all that its line says, but for marks of a log drain."""
    for line in lines:
        found = _LINE.fullmatch(line)
        if found:
            yield Anchor(found[1], int(found[2]), bytes.fromhex(found[3]))
