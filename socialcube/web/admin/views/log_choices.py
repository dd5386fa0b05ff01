"""What log lists are filtered by, in words."""

from typing import Final

from socialcube.domain.logs.types import Level, Outcome

OUTCOMES: Final = (
    (Outcome.SUCCEEDED.value, "Answered"),
    (Outcome.FAILED.value, "Failed"),
    (Outcome.REFUSED.value, "Refused"),
    (Outcome.TIMED_OUT.value, "Out of time"),
)
LEVELS: Final = tuple((level.value, level.value.capitalize()) for level in Level)
