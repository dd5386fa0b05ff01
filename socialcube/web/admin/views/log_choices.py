"""What log lists are filtered by, in words."""

from typing import Any, Final
from uuid import UUID

from socialcube.domain.access.types import Permission
from socialcube.domain.logs.types import Level, Outcome
from socialcube.web.admin.lists.filters import ChoiceFilter
from socialcube.web.admin.views.choices import shown_bot_choices

OUTCOMES: Final = (
    (Outcome.SUCCEEDED.value, "Answered"),
    (Outcome.FAILED.value, "Failed"),
    (Outcome.REFUSED.value, "Refused"),
    (Outcome.TIMED_OUT.value, "Out of time"),
)
LEVELS: Final = tuple((level.value, level.value.capitalize()) for level in Level)


def bot_filter(column: Any) -> ChoiceFilter:
    """Filter by one of the bots whose logs the person may see."""
    return ChoiceFilter(
        "Bot", lambda: shown_bot_choices(Permission.LOG_VIEW), lambda key: column == UUID(key)
    )
