"""What a bot may see, as ticks: the three limited gateway intents in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from socialcube.domain.bots.types import GUILDS_INTENT


@dataclass(frozen=True, slots=True)
class Sight:
    """One thing that a bot may be allowed to see.

    Attributes:
        key: in forms.
        intent: the gateway intent bit (Discord docs, Gateway, "Privileged Intents").
        help: what it is for and what it costs.
    """

    key: str
    label: str
    intent: int
    help: str


SIGHTS: Final = (
    Sight(
        "members",
        "Server members",
        1 << 1,
        "Welcome people, give roles on joining. Discord reviews this above 100 servers.",
    ),
    Sight("content", "Message content", 1 << 15, "Read what people write. Slash commands do not need it."),
    Sight("presence", "Presence", 1 << 8, "See who is online. Costs the most memory; rarely needed."),
)


def intents_of(keys: Iterable[str]) -> int:
    """Give the intents of the ticks of these keys. Unknown keys are nothing."""
    chosen = set(keys)
    return GUILDS_INTENT | sum(sight.intent for sight in SIGHTS if sight.key in chosen)
