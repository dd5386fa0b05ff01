"""Rules about commands: when two are the same, and how the platform is brought to what is published."""

from socialcube.domain.commands.policy.collisions import find_collisions
from socialcube.domain.commands.policy.planning import (
    CLASH,
    CREATES_A_DAY,
    MAX_COMMANDS,
    digest_of_plan,
    plan,
)
from socialcube.domain.commands.policy.sameness import CHAT_INPUT, digest, normalise

__all__ = [
    "CHAT_INPUT",
    "CLASH",
    "CREATES_A_DAY",
    "MAX_COMMANDS",
    "digest",
    "digest_of_plan",
    "find_collisions",
    "normalise",
    "plan",
]
