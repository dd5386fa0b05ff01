"""Writes of ownership: runners and their leases, what they spend, and the sessions they leave behind."""

from socialcube.domain.placements.service.invalid_answers import (
    forget_old_invalid_answers,
    report_invalid_answers,
)
from socialcube.domain.placements.service.leases import (
    claim_shards,
    confirm_lease,
    register_runner,
    release,
    renew,
    retire_runner,
    step_back,
)
from socialcube.domain.placements.service.sessions import forget_session, save_sessions
from socialcube.domain.placements.service.starts import (
    carry_wish_over,
    count_start,
    forget_old_starts,
    take_start_slot,
)

__all__ = [
    "carry_wish_over",
    "claim_shards",
    "confirm_lease",
    "count_start",
    "forget_old_invalid_answers",
    "forget_old_starts",
    "forget_session",
    "register_runner",
    "release",
    "renew",
    "report_invalid_answers",
    "retire_runner",
    "save_sessions",
    "step_back",
    "take_start_slot",
]
