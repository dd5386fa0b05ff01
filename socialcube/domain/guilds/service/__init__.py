"""Writes of servers: what runners see, and what people set."""

from socialcube.domain.guilds.service.leaving import ask_leaving
from socialcube.domain.guilds.service.managers import ask_manager_check, note_manager_check, set_manager_rules
from socialcube.domain.guilds.service.settings import define_fields, edit_settings
from socialcube.domain.guilds.service.sightings import (
    leave_guild,
    note_unavailable,
    sync_guild,
    sync_membership,
)

__all__ = [
    "ask_leaving",
    "ask_manager_check",
    "define_fields",
    "edit_settings",
    "leave_guild",
    "note_manager_check",
    "note_unavailable",
    "set_manager_rules",
    "sync_guild",
    "sync_membership",
]
