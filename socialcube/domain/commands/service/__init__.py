"""Writes of commands: drafts, what is live, and what we made at the platform."""

from socialcube.domain.commands.service.drafts import (
    create_draft,
    delete_command,
    import_commands,
    save_draft,
)
from socialcube.domain.commands.service.plans import ask_apply, note_look
from socialcube.domain.commands.service.publishing import publish, roll_back, set_active
from socialcube.domain.commands.service.registrations import record_intents, record_registrations

__all__ = [
    "ask_apply",
    "create_draft",
    "delete_command",
    "import_commands",
    "note_look",
    "publish",
    "record_intents",
    "record_registrations",
    "roll_back",
    "save_draft",
    "set_active",
]
