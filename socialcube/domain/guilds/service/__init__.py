"""Writes of servers: what runners see, and what people set."""

from socialcube.domain.guilds.service.settings import define_fields, edit_settings
from socialcube.domain.guilds.service.sightings import leave_guild, sync_guild, sync_membership

__all__ = ["define_fields", "edit_settings", "leave_guild", "sync_guild", "sync_membership"]
