"""docs/reference/realtime.md names what the live channel says, and the vendored files are those it lists."""

import hashlib
import re
from pathlib import Path

import pytest

from socialcube.web.realtime import hub, messages, sender
from socialcube.web.realtime.figures_feed import GAP_SECONDS

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/reference/realtime.md").read_text(encoding="utf-8")
VENDORED = (PROJECT / "docs/reference/vendored.md").read_text(encoding="utf-8")
WEB = PROJECT / "socialcube/web"


@pytest.mark.parametrize(
    "name",
    [value for key, value in vars(messages).items() if key.isupper() and isinstance(value, str)],
)
def test_every_event_is_described(name: str) -> None:
    assert f"| `{name}` |" in PAGE


def test_the_limits_are_those_of_the_code() -> None:
    limits = f"{sender.MAX_WAITING} messages may wait for one socket, {hub.MAX_WATCHES} topics"
    assert limits in PAGE
    assert f"{hub.MAX_PAGES} pages may be open" in PAGE
    assert GAP_SECONDS == 1.0
    kept = re.search(r"MOST_ROWS = ([\d_]+);", (WEB / "static/js/live/store.js").read_text())
    assert kept
    assert f"newest {int(kept[1]):,} rows" in PAGE


def test_vendored_files_are_the_ones_that_are_listed() -> None:
    listed = dict(re.findall(r"`(static/vendor/\S+)` \| `([0-9a-f]{64})`", VENDORED))
    found = {
        str(path.relative_to(WEB)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (WEB / "static/vendor").rglob("*.js")
    }
    assert found == listed
