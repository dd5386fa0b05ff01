"""Writes of bots: what their owners want, and what runners see."""

from socialcube.domain.bots.service.bulk import change_bots
from socialcube.domain.bots.service.creation import create_bot, replace_token
from socialcube.domain.bots.service.observations import hold, observe, observe_commands
from socialcube.domain.bots.service.wishes import (
    delete_bot,
    edit_bot,
    restart_bot,
    set_desired_state,
    set_intents,
)

__all__ = [
    "change_bots",
    "create_bot",
    "delete_bot",
    "edit_bot",
    "hold",
    "observe",
    "observe_commands",
    "replace_token",
    "restart_bot",
    "set_desired_state",
    "set_intents",
]
