"""Words for times and numbers. The browser keeps relative times moving; this is what they say first."""

from datetime import UTC, datetime
from typing import Final

from socialcube.domain.access.policy import can_anywhere
from socialcube.domain.access.types import Actor, Permission
from socialcube.web.context import services

_STEPS: Final = ((60, "s", 1), (3600, "min", 60), (86_400, "h", 3600), (86_400 * 60, "d", 86_400))


def ago(moment: datetime | None) -> str:
    """Say how long ago it was, like `4 min ago`; what lies ahead is `in 4 min`; nothing is a dash."""
    if moment is None:
        return "—"
    seconds = (services().shared.clock.now() - moment).total_seconds()
    words = span(seconds) if seconds >= 0 else span(-seconds, to_nearest=True)
    if words == "now":
        return words
    return f"{words} ago" if seconds >= 0 else f"in {words}"


def span(seconds: float, *, to_nearest: bool = False) -> str:
    """Say a duration in its largest whole unit, like `4 min`.

    What has passed counts when it is complete. What is left goes to the nearest: an invite for seven days
    has `7 d` right after it was made.
    """
    count = round if to_nearest else int
    if seconds < 1:
        return "now"
    for below, unit, length in _STEPS:
        if seconds < below:
            return f"{count(seconds / length)} {unit}"
    return f"{count(seconds / (86_400 * 30))} months"


def exact(moment: datetime | None) -> str:
    """Write a moment in full, in UTC, for hovering."""
    return moment.astimezone(UTC).strftime("%-d %b %Y, %H:%M:%S UTC") if moment else ""


def iso(moment: datetime | None) -> str:
    """Write a moment for programs."""
    return moment.astimezone(UTC).isoformat() if moment else ""


def number(value: float | None) -> str:
    """Write a number with thousands apart; unknown is a dash."""
    if value is None:
        return "—"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def may_see_bots(actor: Actor) -> bool:
    """Tell whether there is any bot that the actor may see."""
    return can_anywhere(actor, Permission.BOT_VIEW)


def initials(name: str) -> str:
    """Give one or two letters for something without a picture."""
    words = [word for word in name.split() if word[0].isalnum()] or [name or "?"]
    return "".join(word[0] for word in words[:2]).upper()
