"""Writes of ownership: runners and their leases, and the sessions that a next runner goes on with."""

from socialcube.domain.placements.service.leases import (
    claim_bots,
    confirm_lease,
    count_identify,
    forget_lost_runners,
    register_runner,
    release,
    renew,
    retire_runner,
)
from socialcube.domain.placements.service.sessions import forget_session, save_sessions

__all__ = [
    "claim_bots",
    "confirm_lease",
    "count_identify",
    "forget_lost_runners",
    "forget_session",
    "register_runner",
    "release",
    "renew",
    "retire_runner",
    "save_sessions",
]
