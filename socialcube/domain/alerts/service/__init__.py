"""Writes of alerts: looking at the bots, telling of them, and the channels that people make."""

from socialcube.domain.alerts.service.channels import (
    ask_test,
    create_channel,
    delete_channel,
    edit_channel,
    replace_seal,
)
from socialcube.domain.alerts.service.looking import look
from socialcube.domain.alerts.service.retention import delete_old
from socialcube.domain.alerts.service.telling import (
    claim_messages,
    list_due_channels,
    note_gone,
    note_later,
    note_lost,
    note_refused,
    note_sent,
)

__all__ = [
    "ask_test",
    "claim_messages",
    "create_channel",
    "delete_channel",
    "delete_old",
    "edit_channel",
    "list_due_channels",
    "look",
    "note_gone",
    "note_later",
    "note_lost",
    "note_refused",
    "note_sent",
    "replace_seal",
]
