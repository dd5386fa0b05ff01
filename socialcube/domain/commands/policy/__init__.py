"""Rules about commands: when two are the same, and how the platform is brought to what is published."""

from socialcube.domain.commands.policy.planning import CLASH, MAX_COMMANDS, plan
from socialcube.domain.commands.policy.sameness import CHAT_INPUT, digest, normalise

__all__ = ["CHAT_INPUT", "CLASH", "MAX_COMMANDS", "digest", "normalise", "plan"]
