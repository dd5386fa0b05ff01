"""Rules about commands: when two are the same, and how the platform is brought to what is published."""

from socialcube.domain.commands.policy.planning import MAX_COMMANDS, plan
from socialcube.domain.commands.policy.sameness import digest, normalise

__all__ = ["MAX_COMMANDS", "digest", "normalise", "plan"]
