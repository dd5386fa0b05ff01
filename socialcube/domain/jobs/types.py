"""Words about jobs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

WORKER: Final = "worker"
"""Target of jobs that any Celery worker does. A bot's runner is `fleet:<bot id>`."""

FLEET: Final = "fleet"
"""Target of jobs that any runner of bots does."""

MAX_ATTEMPTS: Final = 3
"""Claims of one job. What ended that many claimants is not handed to another one."""

MAX_PAYLOAD_BYTES: Final = 512 * 1024
CLAIM_SECONDS: Final = 60.0
"""How long a claimant may stay silent before the job is given to another one."""


def fleet_target(bot_id: UUID) -> str:
    """Give the target of jobs that the runner of one bot does."""
    return f"{FLEET}:{bot_id}"


class JobKind(StrEnum):
    """What can be asked."""

    DRY_RUN = "commands.dry_run"
    COMMAND_PLAN = "commands.plan"
    APPLY_PLAN = "commands.apply"
    REFRESH_BOT = "bot.refresh"
    INSPECT_BOT = "bot.inspect"
    SET_INTENTS = "bot.set_intents"
    RESEAL_TOKEN = "bot.reseal"  # noqa: S105 - a kind of job, not a secret
    EDIT_PROFILE = "bot.edit_profile"
    TAKE_INTERACTIONS = "bot.take_interactions"
    CHANGE_BOTS = "bots.bulk"
    ROTATE_KEYS = "keys.rotate"
    CHECK_MANAGER = "guilds.check_manager"
    LEAVE_GUILD = "guilds.leave"
    RETENTION = "logs.retention"
    EXPORT = "lists.export"
    VERIFY_AUDIT = "audit.verify"
    TEST_ALERT = "alerts.test"


class JobState(StrEnum):
    """A job's life. The last four are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def is_end(self) -> bool:
        """Tell whether nothing more will happen."""
        return self not in {JobState.QUEUED, JobState.RUNNING}


@dataclass(frozen=True, slots=True)
class JobView:
    """A job.

    Attributes:
        progress: percent done.
        result: the answer, once the state is done; before, what was noted for whoever goes on, if anything.
        problem: one sentence for people, once the state is failed or expired.
        asked_by: the actor as text.
        attempts: claims so far.
    """

    id: UUID
    kind: str
    target: str
    state: JobState
    payload: Mapping[str, object]
    progress: int
    result: Mapping[str, object] | None
    problem: str
    asked_by: str
    bot_id: UUID | None
    attempts: int
    claimed_by: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class UnsentJob:
    """A job whose hint seems lost."""

    id: UUID
    kind: str
    target: str
