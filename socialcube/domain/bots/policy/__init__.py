"""Rules about bots: what they may carry, how to invite and keep them, and the words for their state."""

from socialcube.domain.bots.policy.invites import Preset, build_invite, permissions_of
from socialcube.domain.bots.policy.keeping import (
    KEPT,
    fingerprint_of,
    is_leaked,
    mark_of_leaked,
    purge_moment,
)
from socialcube.domain.bots.policy.limited_intents import allowed_intents, changed_flags
from socialcube.domain.bots.policy.pace import BULK_PAUSE_SECONDS, estimate_seconds
from socialcube.domain.bots.policy.pictures import MAX_PICTURE_BYTES, check_picture
from socialcube.domain.bots.policy.profiles import MAX_PROFILE_NAME, check_profile_name, say_refusal
from socialcube.domain.bots.policy.shards import MAX_SHARDS, combine, is_reshard_due
from socialcube.domain.bots.policy.texts import (
    check_description,
    check_intents,
    check_name,
    check_tags,
    clean_avatar,
    clean_platform_text,
)
from socialcube.domain.bots.policy.words import (
    CLAIM_SECONDS,
    FEW_STARTS,
    SLOW_HEARTBEAT_MS,
    describe,
    describe_bot,
)

__all__ = [
    "BULK_PAUSE_SECONDS",
    "CLAIM_SECONDS",
    "FEW_STARTS",
    "KEPT",
    "MAX_PICTURE_BYTES",
    "MAX_PROFILE_NAME",
    "MAX_SHARDS",
    "SLOW_HEARTBEAT_MS",
    "Preset",
    "allowed_intents",
    "build_invite",
    "changed_flags",
    "check_description",
    "check_intents",
    "check_name",
    "check_picture",
    "check_profile_name",
    "check_tags",
    "clean_avatar",
    "clean_platform_text",
    "combine",
    "describe",
    "describe_bot",
    "estimate_seconds",
    "fingerprint_of",
    "is_leaked",
    "is_reshard_due",
    "mark_of_leaked",
    "permissions_of",
    "purge_moment",
    "say_refusal",
]
