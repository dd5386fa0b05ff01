"""Writes of bots: what their owners want, and what runners see."""

from socialcube.domain.bots.service.bulk import change_bots
from socialcube.domain.bots.service.changes import keep_bot, lock_bot
from socialcube.domain.bots.service.creation import create_bot
from socialcube.domain.bots.service.deletion import delete_bot, purge_deleted, restore_bot
from socialcube.domain.bots.service.looks import (
    note_interactions_taken,
    note_interactions_url,
    note_profile,
    note_profile_change,
    set_presence,
)
from socialcube.domain.bots.service.observations import hold, observe, observe_all, observe_commands
from socialcube.domain.bots.service.samples import forget_old_samples, sample_latency
from socialcube.domain.bots.service.shards import set_shard_count
from socialcube.domain.bots.service.tokens import note_token, replace_seal, replace_token, report_leak
from socialcube.domain.bots.service.wishes import (
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
    "forget_old_samples",
    "hold",
    "keep_bot",
    "lock_bot",
    "note_interactions_taken",
    "note_interactions_url",
    "note_profile",
    "note_profile_change",
    "note_token",
    "observe",
    "observe_all",
    "observe_commands",
    "purge_deleted",
    "replace_seal",
    "replace_token",
    "report_leak",
    "restart_bot",
    "restore_bot",
    "sample_latency",
    "set_desired_state",
    "set_intents",
    "set_presence",
    "set_shard_count",
]
