"""How the whole fleet is: what `flask fleet status` prints and `/metrics` tells."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from socialcube.domain.alerts import queries as alerts
from socialcube.domain.bots import policy as bot_policy
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import DesiredState
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.overview.policy import UNSENT_SECONDS, WAITING_SECONDS
from socialcube.domain.overview.types import FleetStatus
from socialcube.domain.placements import queries as placements
from socialcube.domain.placements.policy import INVALID_LIMIT

STATES: Final = (
    "Online",
    "Starting",
    "Reconnecting",
    "Stopping",
    "Unstable",
    "Needs you",
    "Failed",
    "Stopped",
)
"""Every word for a bot's state, the good ones first."""


def get_fleet_status(session: Session, now: datetime, *, lease_seconds: float, max_bots: int) -> FleetStatus:
    """Get how the fleet is now.

    Args:
        session: any open session.
        now: the present.
        lease_seconds: how long a runner that was not seen still counts as living.
        max_bots: shards that one runner takes at most.
    """
    runners = placements.list_living_runners(session, within=lease_seconds)
    living = {runner.id for runner in runners}
    fleet = bots.list_bots(session)
    words = Counter(bot_policy.describe_bot(bot, living=living, now=now).word for bot in fleet)
    return FleetStatus(
        runners=tuple(runners),
        capacity=len(runners) * max_bots,
        bots=dict.fromkeys(STATES, 0) | words,
        wanted=sum(bot.desired_state is DesiredState.RUNNING for bot in fleet),
        units_wanted=sum(bot.shard_count for bot in bots.list_wanted(session)),
        units_owned=sum(runner.bots for runner in runners),
        starts_today=placements.sum_starts(session),
        invalid_answers=placements.sum_invalid_answers(session),
        invalid_limit=INVALID_LIMIT,
        open_alerts=alerts.count_open(session),
        unsent=alerts.count_unsent(session),
        unsent_long=alerts.count_unsent(session, since=now - timedelta(seconds=UNSENT_SECONDS)),
        jobs_waiting=len(jobs.list_waiting(session, older_than=WAITING_SECONDS)),
        tells_somebody=alerts.has_channel(session),
    )
