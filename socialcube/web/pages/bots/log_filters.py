"""What the address of the Logs tab asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from socialcube.domain.logs.documents import LogFilter
from socialcube.domain.logs.types import Level, Outcome
from socialcube.web.pages.bots.timeline import GROUPS

MAX_WORDS: Final = 200
LEVELS: Final = (
    ("", "All events"),
    (Level.INFO, "Information"),
    (Level.WARNING, "Warnings"),
    (Level.ERROR, "Errors"),
)
KINDS: Final = tuple((key, label) for key, label, _ in GROUPS)
OUTCOMES: Final = (
    ("", "All runs"),
    (Outcome.SUCCEEDED, "Answered"),
    (Outcome.REFUSED, "Refused"),
    (Outcome.FAILED, "Failed"),
    (Outcome.TIMED_OUT, "Out of time"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of events and runs. What is empty, or unknown, leaves nothing out.

    Attributes:
        group: of `timeline.GROUPS`.
    """

    text: str
    level: str
    outcome: str
    group: str

    @property
    def is_anything(self) -> bool:
        """Tell whether nothing is left out."""
        return not (self.text or self.level or self.outcome or self.group)

    @property
    def events(self) -> LogFilter:
        """Give it as a filter of the bot's events."""
        return LogFilter(text=self.text or None, level=self.level or None)

    @property
    def runs(self) -> LogFilter:
        """Give it as a filter of command runs."""
        return LogFilter(text=self.text or None, outcome=self.outcome or None)


def read_asked(given: Mapping[str, str]) -> Asked:
    """Read an address's parameters: `q`, `level`, `outcome`, `kind`."""
    text = given.get("q", "").replace("\x00", "").strip()[:MAX_WORDS]
    return Asked(
        text,
        _known(given.get("level", ""), LEVELS),
        _known(given.get("outcome", ""), OUTCOMES),
        _known(given.get("kind", ""), KINDS),
    )


def _known(value: str, choices: tuple[tuple[str, str], ...]) -> str:
    return value if value in dict(choices) else ""
